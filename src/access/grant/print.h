/* Writes Datalog as people read it, in the form access/grant/source.h reads.
 *
 * Input:  anything that was read from a token or a text: strings in it are outside text, so
 *         what comes out is for a terminal only through text_add_quoted.
 * Limits: the limit of `out`. */
#pragma once

#include "access/grant/datalog.h"

void datalog_add_term(struct text *out, const struct term *term, const struct rule *rule);
/* `rule` names the variables; NULL for a fact, which has none. */
void datalog_add_predicate(struct text *out, const struct predicate *predicate,
                           const struct rule *rule);
/* What cannot be written, because its operators do not fit its values, is "<invalid>". */
void datalog_add_expression(struct text *out, const struct expression *expression,
                            const struct rule *rule);
void datalog_add_rule(struct text *out, const struct rule *rule);
void datalog_add_check(struct text *out, const struct check *check);
void datalog_add_policy(struct text *out, const struct policy *policy);
/* Everything a block says, a statement a line. */
void datalog_add_block(struct text *out, const struct datalog_block *block);
