#include "record/field.h"

struct row {
    const char *name;
    const char *aliases;
    const char *meaning;
};

static const struct row rows[FIELD_COUNT] = {
#define FIELD(constant, name, aliases, meaning) {name, aliases, meaning},
#include "record/field.def"
#undef FIELD
};

const char *field_name(enum field field)
{
    return rows[field].name;
}

const char *field_aliases(enum field field)
{
    return rows[field].aliases;
}

const char *field_meaning(enum field field)
{
    return rows[field].meaning;
}

static bool is_alias(enum field field, struct bytes name)
{
    struct bytes rest = bytes_of_text(rows[field].aliases);
    struct bytes alias;
    while (bytes_split(&rest, ' ', &alias)) {
        if (bytes_equal(alias, name)) {
            return true;
        }
    }
    return false;
}

enum field field_find(struct bytes name)
{
    for (enum field field = 0; field < FIELD_COUNT; field++) {
        if (bytes_equal_text(name, rows[field].name) || is_alias(field, name)) {
            return field;
        }
    }
    return FIELD_COUNT;
}
