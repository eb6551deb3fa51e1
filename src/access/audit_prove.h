/* Proves that an entry is in the audit log of this home, and says when the last one was made.
 *
 * Input:  the folder of the log, which anybody may have changed: what is read is checked
 *         against the checkpoint, so that a proof that is given out verifies.
 * Output: in `arena`.
 * Limits: those of access/audit_entry.h and access/merkle_proof.h.
 * Shares no code with what checks proofs but SHA-256 (access/merkle_check.h). */
#pragma once

#include "access/audit.h"
#include "access/merkle_proof.h"
#include "base/arena.h"

#define AUDIT_CHECKPOINT_MAX 1024

struct audit_proof {
    uint64_t sequence;
    struct bytes entry;      /* as it stands in the log */
    struct bytes checkpoint; /* signed: the log it is proved for */
    struct merkle_proof path;
};

/* STATUS_NOT_FOUND where the log has no such entry, STATUS_CONFLICT where its files are not
 * what its checkpoint signed. */
enum status audit_prove(const struct audit *audit, uint64_t sequence, struct arena *arena,
                        struct audit_proof *out, struct fault *fault) MUST_USE;
/* The latest time among the last entries, which in a log of ours is the last one's; 0 for a log
 * of none. */
enum status audit_last_time(const struct audit *audit, struct arena *arena, uint64_t *time_ms,
                            struct fault *fault) MUST_USE;
