/* The names under which records hold what they say.  The list is field.def. */
#pragma once

#include "base/bytes.h"

enum field {
#define FIELD(constant, name, aliases, meaning) FIELD_##constant,
#include "record/field.def"
#undef FIELD
    FIELD_COUNT,
};

/* The ECS name, static. */
const char *field_name(enum field field);
/* The aliases, separated by spaces, static. */
const char *field_aliases(enum field field);
const char *field_meaning(enum field field);
/* Finds a field by its name or an alias; FIELD_COUNT where there is none. */
enum field field_find(struct bytes name);
