/* All capability rules, loaded once, with an index from the programs a pipeline runs to the
 * conditions that could hold for it: most pipelines are judged by none.
 *
 * Input:  trees that compile made; checked again all the same.
 * Output: in `arena`, read-only from then on. */
#pragma once

#include "base/table.h"
#include "codec/bundle.h"
#include "detect/capability/match.h"
#include "detect/capability/rule_pack.h"

#define UNIT_WORDS (CAPABILITY_UNITS_MAX / 64)

enum unit_kind {
    UNIT_INNER, /* what other conditions ask of commands that stand inside */
    UNIT_RULE,  /* meets its rule */
    UNIT_STEP,  /* of a sequence */
};

struct unit {
    enum unit_kind kind;
    const struct pipeline_condition *condition;
    uint32_t rule;
    uint32_t alternative;
    uint32_t step;
    uint32_t inner;
    uint32_t demands; /* bits of enum demand */
};

struct unit_bits {
    uint64_t words[UNIT_WORDS];
};

struct rule_set {
    struct rule *rules;
    size_t rule_count;
    struct unit *units;
    size_t unit_count;
    struct table anchors;       /* program name -> struct unit_bits */
    struct unit_bits always;    /* units that no program name leads to */
    struct unit_bits compounds; /* units a group in a pipe may meet */
};

/* Whether the document of one file is a rule. */
enum status capability_check(const struct tree_node *document,
                             struct tree_fault *fault) MUST_USE;
/* Every section "capabilities/..." of the bundle, none where `content` is NULL, and the rules
 * of the pack, none where `pack` is NULL. */
enum status rule_set_load(const struct bundle *content, const struct rule_pack *pack,
                          struct arena *arena, struct rule_set *out,
                          struct fault *fault) MUST_USE;
/* From documents already in memory. */
enum status rule_set_of_documents(const struct tree_node *const *documents, size_t count,
                                  const struct rule_pack *pack, struct arena *arena,
                                  struct rule_set *out, struct tree_fault *fault) MUST_USE;
/* Sets the bits of the units that could hold for the pipeline; false where there are none. */
bool rule_set_candidates(const struct rule_set *set, const struct subject *subject,
                         struct unit_bits *out);
