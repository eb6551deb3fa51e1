/* Reads what a log hands to outsiders: the proof of an entry, and a request to a witness.
 *
 *     c2sp.org/tlog-proof@v1       old 41
 *     extra BASE64 of the entry    HASH of the proof that it only grew
 *     index 17                     ...
 *     HASH of the way to the root
 *     ...                          the checkpoint
 *
 *     the checkpoint
 *
 * Input:  untrusted.  Any bytes at all yield a proof or a status with its reason.
 * Output: what is read borrows from `input`, but for the entry.
 * Limits: LOG_PROOF_SIZE_MAX bytes, LOG_PROOF_HASHES_MAX hashes, AUDIT_ENTRY_MAX bytes of
 * entry. Shares no code with what makes them but SHA-256 and libsodium. Fuzzed:
 * fuzz/log_proof.c.   Format: docs/formats/audit.md; C2SP tlog-proof, tlog-witness. */
#pragma once

#include "access/audit_entry.h"
#include "access/checkpoint.h"
#include "access/merkle_check.h"
#include "access/note.h"

#define LOG_PROOF_SIZE_MAX NOTE_SIZE_MAX
#define LOG_PROOF_HASHES_MAX 63

/* A signed checkpoint, and what it says. */
struct log_checkpoint {
    struct bytes file;
    struct note note;
    struct checkpoint says;
};

struct log_proof {
    uint8_t entry[AUDIT_ENTRY_MAX];
    size_t entry_size;
    uint64_t index;
    struct merkle_proof path;
    struct log_checkpoint checkpoint;
};

struct log_request {
    uint64_t older; /* how many entries the witness knows */
    struct merkle_proof path;
    struct log_checkpoint checkpoint;
};

enum status log_checkpoint_read(struct bytes file, struct log_checkpoint *out,
                                struct fault *fault) MUST_USE;
/* True where it is the checkpoint of the log with that key, signed by it. */
bool log_checkpoint_is_of(const struct log_checkpoint *checkpoint, const struct note_key *log);

enum status log_proof_read(struct bytes input, struct log_proof *out,
                           struct fault *fault) MUST_USE;
/* STATUS_OK where the log's key signed a checkpoint under which the entry stands at its index:
 * `entry` then is what it says, borrowed from `proof`.  STATUS_DENIED where the checkpoint is
 * not that key's, STATUS_CONFLICT where the entry is not in that log, STATUS_MALFORMED where it
 * is no entry. */
enum status log_proof_check(const struct log_proof *proof, const struct note_key *log,
                            struct audit_entry *entry, struct fault *fault) MUST_USE;

enum status log_request_read(struct bytes input, struct log_request *out,
                             struct fault *fault) MUST_USE;
