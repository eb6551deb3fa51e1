/* A restricted rule pack as a report names it: what it calls itself, what its bytes hash to,
 * and under which grant it was opened.
 *
 * Input:  of restricted_read and restricted_check, untrusted: every text has its shape and its
 *         longest size, and nothing that moves a terminal's cursor.
 * Output: borrows from the message.   Fuzzed: fuzz/restricted.c.
 * Layout: bytes name, version, tlp, group, key, description, sha256, grant; u32 rule_count. */
#pragma once

#include "base/cursor.h"
#include "base/text.h"

#define RESTRICTED_NAME_MAX BYTES_LABEL_MAX
#define RESTRICTED_VERSION_MAX 32
#define RESTRICTED_GROUP_MAX 100
#define RESTRICTED_KEY_MAX 320 /* name+hash+key, as signed notes have it */
#define RESTRICTED_DESCRIPTION_MAX 500
#define RESTRICTED_GRANT_MAX 128
#define RESTRICTED_SIZE_MAX 2048 /* of what restricted_write writes */

struct restricted {
    struct bytes name;        /* lower-case letters, digits and hyphens */
    struct bytes version;     /* letters, digits, '.', '_', '-' */
    struct bytes tlp;         /* TLP 2.0: CLEAR, GREEN, AMBER, AMBER+STRICT or RED */
    struct bytes group;       /* who wrote it */
    struct bytes key;         /* of the group that lends it; empty where a report tells of it */
    struct bytes description; /* one sentence or two */
    struct bytes sha256;      /* lower-case hexadecimal; empty until it is known */
    struct bytes grant;       /* its id; empty until there is one */
    uint32_t rule_count;
};

/* A name that a pack may have: base/bytes.h, as requests and grants go by it too. */
bool restricted_is_name(struct bytes text);
/* True where every part has its shape; else `*what` says which has not, in words of ours. */
bool restricted_check(const struct restricted *restricted, const char **what);

/* Below, at or above zero: numbers by their size, whatever stands between them by its bytes. */
int restricted_compare_versions(struct bytes a, struct bytes b);

void restricted_write(struct text *out, const struct restricted *restricted);
/* STATUS_MALFORMED for what restricted_check refuses. */
enum status restricted_read(struct bytes message, struct restricted *out) MUST_USE;

/* The NAME of "capability/NAME/id", the rule of a finding that a restricted pack raised; none
 * for any other rule. */
struct bytes restricted_pack_of_rule(struct bytes rule);
