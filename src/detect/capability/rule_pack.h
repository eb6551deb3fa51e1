/* A rule pack: capability rules that come by themselves, in the language of
 * content/capabilities/, with a head that says whose they are and who may read them.
 *
 *     format: tocsin rule pack 1
 *     name: sample-pack          also its name among accepted packs
 *     version: 2026-11-28
 *     tlp: AMBER
 *     group: Example Sharing Group
 *     key: name+hash+key         of that group: its grants alone open it
 *     description: What an attacker would not have us look for.
 *     rules:
 *       - id: ...                as in a file of content/capabilities/
 *
 * A rule is judged as a built-in one is, and named "capability/NAME/ID", so that it can
 * neither stand for one nor hide one.
 *
 * Input:  untrusted: who wrote a pack may not be who is trusted, and a group's computer may be
 *         somebody else's.  Read in a confined process only.
 * Output: in `arena`; nothing borrows from the input.
 * Limits: those below, of codec/yaml.h and of detect/capability/rule.h; memory and time of the
 *         process that reads it.
 * Fuzzed: fuzz/rule_pack.c.   Format: docs/formats/rule-pack.md. */
#pragma once

#include "codec/tree.h"
#include "record/restricted.h"

#define RULE_PACK_SIZE_MAX (512U * 1024U)
#define RULE_PACK_RULES_MAX 128
#define RULE_PACK_REGEXES_MAX 64
#define RULE_PACK_PATTERN_SIZE_MAX 1024U
/* What all of its rules may take once they are prepared, their expressions included. */
#define RULE_PACK_MEMORY_MAX (16U << 20)

struct rule_pack {
    struct restricted about;       /* hash and grant are not known here */
    const struct tree_node *rules; /* the list */
};

/* All of it is checked, its rules too; `fault` says what is wrong on which line. */
enum status rule_pack_read(struct bytes text, struct arena *arena, struct rule_pack *out,
                           struct tree_fault *fault) MUST_USE;
