/* A witness of other people's logs: signs that a log only grew, and remembers how far.
 *
 * Of each log, known by its origin, it keeps the key and the last checkpoint it cosigned, in
 * `witness/` of its home.  What it is asked to cosign must be that log's, signed by that key,
 * no shorter, and proved to begin with what was cosigned last: so nobody who has one log's key
 * can show this witness two histories.
 *
 * Input:  what is asked is untrusted; so is what it remembers, which it signed itself.
 * Output: the checkpoint with the log's signature and the witness's, on the disk before the
 *         call returns.
 * Threads: several programs may ask at once: an exclusive lock on `witness/` orders them.
 * Fuzzed: fuzz/witness.c.   Format: docs/formats/audit.md; C2SP tlog-witness, tlog-cosignature.
 */
#pragma once

#include "access/decide.h"
#include "access/identity.h"
#include "access/log_proof.h"

enum witness_rule {
    WITNESS_KNOWS_THE_LOG,
    WITNESS_LOG_KEEPS_ITS_KEY,
    WITNESS_LOG_SIGNS,
    WITNESS_LOG_DOES_NOT_SHRINK,
    WITNESS_LOG_ONLY_GROWS,
    WITNESS_GROWTH_IS_FROM_THE_LAST,
    WITNESS_CLOCK_GOES_ON,
    WITNESS_MEMORY_IS_WHOLE,
};
#define WITNESS_RULE_COUNT 8

struct witness_question {
    const struct log_request *request;
    const struct note_key *log_key; /* whose log it is, by who holds the witness; or NULL */
    uint64_t now_s;
};

/* As a refusal that is about no log yet. */
struct access_refusal witness_rule_refusal(enum witness_rule rule);
/* One line each. */
void witness_rule_add_all(struct text *out);

/* What verifies the cosignatures of this identity; its name is written to `name`. */
struct note_key witness_key(const struct identity *identity, char name[IDENTITY_NAME_MAX]);

/* STATUS_DENIED where a rule is broken, which is `*rule` then; STATUS_IO where it cannot be
 * remembered.  `*known` is how many entries of that log were cosigned before. */
enum status witness_cosign(int home, const struct identity *identity,
                           const struct witness_question *question, struct text *out,
                           uint64_t *known, enum witness_rule *rule) MUST_USE;
