/* Judges one pipeline by the conditions of a rule.
 *
 * Input: untrusted pipelines.   Limits: MATCH_TEXT_MAX bytes of a text are matched; work grows
 * with words times conditions. */
#pragma once

#include "detect/capability/rule.h"
#include "record/record.h"

#define MATCH_TEXT_MAX 4096U   /* of a word, by a regular expression */
#define COMMAND_PROGRAMS_MAX 8 /* wrappers in one another; the last is kept, others are not */
#define MATCH_BITS_WORDS (CAPABILITY_INNER_MAX / 64)

/* Which inner conditions hold for what stands inside a command. */
struct inner_bits {
    uint64_t substituted[MATCH_BITS_WORDS]; /* in a substitution */
    uint64_t any[MATCH_BITS_WORDS];         /* anywhere */
};

/* The programs a command runs: sudo, and what sudo runs. */
struct command_programs {
    size_t count; /* at least 1, also where there is no program */
    size_t at[COMMAND_PROGRAMS_MAX];
    struct bytes names[COMMAND_PROGRAMS_MAX];  /* without folders; of a group, its head */
    struct bytes plains[COMMAND_PROGRAMS_MAX]; /* as rules know them: python for python3.11 */
};

/* What a condition needs of a pipeline before it is worth judging, and what a pipeline has. */
enum demand {
    DEMAND_PIPE = 1,
    DEMAND_REDIRECT = 2,
    DEMAND_COMPOUND = 4,
    DEMAND_INNER = 8, /* something found inside a command */
    DEMAND_LOOP = 16,
};

struct subject {
    const struct shell_pipeline *pipeline;
    const struct command_programs *programs; /* one per command: match_prepare */
    const struct inner_bits *inner; /* one per command; NULL where nothing stands inside */
    struct bytes file;              /* that a sequence is about; empty before it began */
    struct bytes saved;             /* out: what the command met by `file: saved` writes */
};

/* Finds the programs of every command, once for all conditions; `out` has room for each. */
void match_prepare(const struct shell_pipeline *pipeline, struct command_programs *out);
uint32_t match_offers(const struct shell_pipeline *pipeline, bool has_inner);
uint32_t match_demands(const struct pipeline_condition *condition);
bool match_pipeline(const struct pipeline_condition *condition, struct subject *subject);
