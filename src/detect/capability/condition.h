/* Reads the conditions of a capability rule from its tree.
 *
 * Input: a tree; anything that is not a condition is refused with its line. */
#pragma once

#include "detect/capability/rule.h"

enum status condition_read_pipeline(struct rule_reader *reader, const struct tree_node *node,
                                    const struct pipeline_condition **out) MUST_USE;
/* Says what is wrong with `node`. */
enum status condition_refuse(struct rule_reader *reader, const struct tree_node *node,
                             const char *what) MUST_USE;
/* One scalar or a list of them. */
enum status condition_read_values(struct rule_reader *reader, const struct tree_node *node,
                                  const struct bytes **out, size_t *count) MUST_USE;
/* Fails where the map has a key that is not in `keys`, whose last is NULL. */
enum status condition_check_keys(struct rule_reader *reader, const struct tree_node *map,
                                 const char *const *keys) MUST_USE;
