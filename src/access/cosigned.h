/* Checkpoints of this home's log that witnesses cosigned: kept for whoever is shown a proof.
 *
 * Input:  untrusted, what is kept too: what is read was signed by the log's key and by the
 *         witness's, and what is kept is a checkpoint of the log as it is.
 * Limits: COSIGNED_MAX witnesses; of each the last checkpoint.
 * Format: docs/formats/audit.md; C2SP tlog-cosignature. */
#pragma once

#include "access/log_proof.h"

#define COSIGNED_MAX 16

/* Keeps `file`, in `home`, as what that witness cosigned last.  STATUS_MALFORMED where it is no
 * checkpoint, STATUS_DENIED where it is not of this log or not cosigned by that witness,
 * STATUS_CONFLICT where it is not what this log was at that size, or older than what is kept.
 */
enum status cosigned_keep(int home, const struct note_key *log, const struct note_key *witness,
                          struct bytes file, struct log_checkpoint *out,
                          struct fault *fault) MUST_USE;
/* How many entries that witness cosigned last; 0 where nothing is kept. */
uint64_t cosigned_size(int home, const struct note_key *log, const struct note_key *witness);
/* Whose cosignatures are looked for. */
struct cosigned_wish {
    uint64_t index;                   /* the entry that is to stand under the checkpoint */
    const struct note_key *witnesses; /* none: anybody's will do */
    size_t witness_count;
};

/* The checkpoint of more than `index` entries that most of those witnesses cosigned, the
 * longest of those, with the signatures of all of them; STATUS_NOT_FOUND where there is none.
 */
enum status cosigned_find(int home, const struct note_key *log,
                          const struct cosigned_wish *wish, struct text *out) MUST_USE;
