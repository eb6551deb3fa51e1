/* Which grants hold no longer: a list that whoever issued them signs.
 *
 * It names blocks one by one; and, by what a grant says or is signed with, all that was issued
 * until a time: for an organisation, with a key (of the group, an officer, a holder, an agent),
 * or at all. What is issued later holds.
 *
 * Each stands there with the end it had of itself, and is taken off a day after that end and
 * never before: so a list stays short, and whoever has an earlier one sees that the later lacks
 * nothing that would still be good.
 *
 * Input:  untrusted.
 * Limits: DEED_REVOKED_MAX blocks, REVOCATION_RULES_MAX of the others.
 * Fuzzed: fuzz/deed.c.   Format: docs/formats/deed.md, `tocsin/revocations/1`. */
#pragma once

#include "access/grant/judge.h"
#include "access/group/deed.h"

#define REVOCATION_OPERATION "group.revoke" /* whose entry names the list as a paper */
/* Clocks differ: what has ended by one may have a while left by another. */
#define REVOCATION_REST_S (UINT64_C(24) * 3600)

#define REVOCATION_RULES_MAX (2 * DEED_REVOKED_RULES_MAX + 1)
#define REVOCATION_KEYS_MAX (GRANT_BLOCKS_MAX + 3)

enum revocation_kind {
    REVOKED_ORGANISATION,
    REVOKED_KEY,
    REVOKED_EPOCH, /* everything */
};
#define REVOCATION_KIND_COUNT 3

struct revocation_rule {
    enum revocation_kind kind;
    uint64_t until_s; /* what was issued until then holds no longer */
    uint64_t ends_s;  /* by then all of that has ended of itself */
    struct bytes organisation;
    struct note_key key;
};

/* What of a grant a list is compared with. */
struct revocation_target {
    const struct sha256 *blocks;
    size_t block_count;
    struct bytes organisation;
    uint64_t issued_s; /* by the group's log; 0 where that is not known */
    uint8_t keys[REVOCATION_KEYS_MAX][NOTE_KEY_SIZE]; /* that signed it, or may present it */
    size_t key_count;
    bool has_agent;
    uint8_t agent[NOTE_KEY_SIZE]; /* of the holder's making, and so the holder's to revoke */
};

struct revocation_list {
    struct note_key signer;
    uint64_t number; /* a later list of the same signer has a greater one */
    uint64_t made_s;
    struct sha256 revoked[DEED_REVOKED_MAX];
    uint64_t ends_s[DEED_REVOKED_MAX]; /* of each, had it not been revoked */
    size_t count;
    struct revocation_rule rules[REVOCATION_RULES_MAX];
    size_t rule_count;
};

/* The names of signer, keys and organisations borrow from the input. */
enum status revocation_list_read(struct bytes input, struct revocation_list *out,
                                 struct deed_fault *fault) MUST_USE;
enum status revocation_list_write(const struct identity *identity, struct moment made,
                                  const struct revocation_list *list, struct text *out,
                                  struct deed_fault *fault) MUST_USE;
bool revocation_list_has(const struct revocation_list *list, const struct sha256 *block);
/* "organisation", "of-key", "epoch" */
const char *revocation_kind_name(enum revocation_kind kind);
/* The keys of a grant of the group with that key. */
void revocation_target_keys(const struct grant_opened *grant, const struct grant_key *root,
                            struct revocation_target *out);
/* Whether the list takes back the grant.  Of one that its holder signed, and not the group,
 * only what the holder left an agent counts. */
bool revocation_list_covers(const struct revocation_list *list,
                            const struct revocation_target *target, bool is_groups);
/* Whether one of the rules names a key of those that signed it, whenever that was: nothing more
 * is issued with such a key. */
bool revocation_list_bars(const struct revocation_list *list,
                          const struct revocation_target *target);
/* STATUS_LIMIT where there are too many; one of the same kind and name is replaced by the
 * later. */
enum status revocation_list_add_rule(struct revocation_list *list,
                                     const struct revocation_rule *rule) MUST_USE;
/* `ends_s` is when it would have ended of itself.  STATUS_LIMIT where the list is full; one
 * that is there already is not added again, but never has an earlier end than it was given. */
enum status revocation_list_add(struct revocation_list *list, const struct sha256 *block,
                                uint64_t ends_s) MUST_USE;
/* Takes off what had ended REVOCATION_REST_S before `now_s`. */
void revocation_list_drop_ended(struct revocation_list *list, uint64_t now_s);
/* How many of `before` have not ended by `now_s` and are missing in `list`. */
size_t revocation_list_lacks(const struct revocation_list *list,
                             const struct revocation_list *before, uint64_t now_s);
