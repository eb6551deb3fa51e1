/* Proves to outsiders what an audit log holds and that it only grew, and says when the last
 * entry was made.
 *
 * Input:  the folder of the log, which anybody may have changed, and the key it must be signed
 *         with: what is read is checked against the checkpoint, and what is given out as who
 *         receives it checks it.
 * Output: files of their own, which access/log_proof.h reads.
 * Limits: those of access/audit_entry.h and access/merkle_proof.h; AUDIT_LOCK_MS of waiting.
 * Format: docs/formats/audit.md; C2SP tlog-proof, tlog-witness (add-checkpoint). */
#pragma once

#include "access/audit.h"
#include "access/note.h"
#include "codec/sha256.h"

/* The key that an identity's log is signed with; its name borrows from `identity`. */
struct note_key audit_key(const struct identity *identity);

/* That entry `index` is in the log in `home`, under `checkpoint`, a signed one of this log, or
 * where that is empty under the last one.  STATUS_NOT_FOUND where there is no such log or
 * entry, STATUS_DENIED where the log is another key's, STATUS_CONFLICT where its files are not
 * what its checkpoint signed. */
enum status audit_prove(int home, const struct note_key *key, struct bytes checkpoint,
                        uint64_t index, struct text *out, struct fault *fault) MUST_USE;
/* That the log now begins with its first `older` entries, as a request to a witness. */
enum status audit_prove_growth(int home, const struct note_key *key, uint64_t older,
                               struct text *out, struct fault *fault) MUST_USE;
/* The root of the first `size` entries; STATUS_NOT_FOUND where there are fewer. */
enum status audit_root(int home, const struct note_key *key, uint64_t size, struct sha256 *out,
                       struct fault *fault) MUST_USE;
/* The latest time among the last entries, which in a log of ours is the last one's; 0 for a log
 * of none. */
enum status audit_last_time(const struct audit *audit, uint64_t *time_ms,
                            struct fault *fault) MUST_USE;
