/* What the readers of Datalog's parts share: the place in the text and the rule being read. */
#pragma once

#include "access/grant/datalog.h"
#include "base/cursor.h"

struct source {
    struct cursor cursor;
    struct arena *arena;
    struct rule *rule; /* whose variables are read; NULL in a fact */
};

/* Fails the source: the first reason stays, and its status is given back. */
enum status source_refuse(struct source *source, enum status status, const char *what);
void source_skip_space(struct source *source);
/* A name: a letter, then letters, digits, `_` and `:`.  None where there is none. */
struct bytes source_name(struct source *source);
enum status source_term(struct source *source, unsigned depth, struct term *out) MUST_USE;
enum status source_variable(struct source *source, uint32_t *out) MUST_USE;
enum status source_expression(struct source *source, unsigned depth,
                              struct expression *out) MUST_USE;
