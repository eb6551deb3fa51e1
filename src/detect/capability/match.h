/* Judges one pipeline by the conditions of a rule.
 *
 * Input: untrusted pipelines.   Limits: MATCH_TEXT_MAX bytes of a text are matched; work grows
 * with words times conditions. */
#pragma once

#include "detect/capability/rule.h"
#include "record/record.h"

#define MATCH_TEXT_MAX 4096U /* of a word, by a regular expression */
#define MATCH_BITS_WORDS (CAPABILITY_INNER_MAX / 64)

/* Which inner conditions hold for what stands inside a command. */
struct inner_bits {
    uint64_t substituted[MATCH_BITS_WORDS]; /* in a substitution */
    uint64_t any[MATCH_BITS_WORDS];         /* anywhere */
};

struct subject {
    const struct shell_pipeline *pipeline;
    const struct inner_bits *inner; /* one per command; NULL where nothing stands inside */
    struct bytes file;              /* that a sequence is about; empty before it began */
    struct bytes saved;             /* out: what the command met by `file: saved` writes */
};

bool match_pipeline(const struct pipeline_condition *condition, struct subject *subject);
