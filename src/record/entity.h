/* Who and what a finding is about: the things by which findings are linked. */
#pragma once

#include "base/bytes.h"

enum entity_kind {
    ENTITY_ADDRESS, /* an IP address in its canonical text form (RFC 5952 for IPv6) */
    ENTITY_ACCOUNT,
    ENTITY_HOST, /* a machine's name as it writes it in its own logs */
    ENTITY_FILE, /* a path or file name */
    ENTITY_HASH, /* SHA-256, lower-case hexadecimal */
    ENTITY_NAME, /* a domain name, lower case, without its last dot */
    ENTITY_URL,
    ENTITY_PROCESS, /* a program's name or command line */
    ENTITY_KEY,     /* a key's fingerprint */
    ENTITY_SERVICE, /* "203.0.113.7:443/tcp" */
};
#define ENTITY_KIND_COUNT 10

enum entity_role {
    ROLE_UNKNOWN,
    ROLE_SOURCE,     /* where the attack came from */
    ROLE_VICTIM,     /* what was attacked */
    ROLE_ACCOUNT,    /* the account used or attacked */
    ROLE_TOOL,       /* what the intruder brought or ran */
    ROLE_CONTROLLER, /* where orders come from or data goes to */
    ROLE_ACTOR,      /* who did it, where that is an ordinary account */
};
#define ROLE_COUNT 7

struct entity {
    enum entity_kind kind;
    enum entity_role role;
    struct bytes name;
};

const char *entity_kind_name(enum entity_kind kind);
const char *entity_role_name(enum entity_role role);
enum entity_kind entity_kind_find(struct bytes name); /* ENTITY_KIND_COUNT if unknown */
enum entity_role entity_role_find(struct bytes name); /* ROLE_COUNT if unknown */
/* The same thing, whatever its role. */
bool entity_same(const struct entity *a, const struct entity *b);
/* The first of that kind and role (ROLE_COUNT: any role), or NULL. */
const struct entity *entity_find(const struct entity *entities, size_t count,
                                 enum entity_kind kind, enum entity_role role);
