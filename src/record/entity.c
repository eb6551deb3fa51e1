#include "record/entity.h"

static const char *const kind_names[ENTITY_KIND_COUNT] = {
    "address", "account", "host", "file", "hash", "name", "url", "process", "key", "service",
};
static const char *const role_names[ROLE_COUNT] = {
    "unknown", "source", "victim", "account", "tool", "controller", "actor",
};

const char *entity_kind_name(enum entity_kind kind)
{
    return kind_names[kind];
}

const char *entity_role_name(enum entity_role role)
{
    return role_names[role];
}

static unsigned find(const char *const *names, unsigned count, struct bytes name)
{
    unsigned i = 0;
    while (i < count && !bytes_equal_text(name, names[i])) {
        i++;
    }
    return i;
}

enum entity_kind entity_kind_find(struct bytes name)
{
    return find(kind_names, ENTITY_KIND_COUNT, name);
}

enum entity_role entity_role_find(struct bytes name)
{
    return find(role_names, ROLE_COUNT, name);
}

bool entity_same(const struct entity *a, const struct entity *b)
{
    return a->kind == b->kind && bytes_equal(a->name, b->name);
}

const struct entity *entity_find(const struct entity *entities, size_t count,
                                 enum entity_kind kind, enum entity_role role)
{
    for (size_t i = 0; i < count; i++) {
        if (entities[i].kind == kind && (role == ROLE_COUNT || entities[i].role == role)) {
            return &entities[i];
        }
    }
    return NULL;
}
