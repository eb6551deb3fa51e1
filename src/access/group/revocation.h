/* Which grants hold no longer: a list that whoever issued them signs.
 *
 * Each stands there with the end it had of itself, and is taken off a day after that end and
 * never before: so a list stays short, and whoever has an earlier one sees that the later lacks
 * nothing that would still be good.
 *
 * Input:  untrusted.
 * Limits: DEED_REVOKED_MAX blocks.
 * Fuzzed: fuzz/deed.c.   Format: docs/formats/deed.md, `tocsin/revocations/1`. */
#pragma once

#include "access/group/deed.h"

/* Clocks differ: what has ended by one may have a while left by another. */
#define REVOCATION_REST_S (UINT64_C(24) * 3600)

struct revocation_list {
    struct note_key signer;
    uint64_t number; /* a later list of the same signer has a greater one */
    uint64_t made_s;
    struct sha256 revoked[DEED_REVOKED_MAX];
    uint64_t ends_s[DEED_REVOKED_MAX]; /* of each, had it not been revoked */
    size_t count;
};

/* The signer's name borrows from the input. */
enum status revocation_list_read(struct bytes input, struct revocation_list *out,
                                 struct deed_fault *fault) MUST_USE;
enum status revocation_list_write(const struct identity *identity, struct moment made,
                                  const struct revocation_list *list, struct text *out,
                                  struct deed_fault *fault) MUST_USE;
bool revocation_list_has(const struct revocation_list *list, const struct sha256 *block);
/* `ends_s` is when it would have ended of itself.  STATUS_LIMIT where the list is full; one
 * that is there already is not added again, but never has an earlier end than it was given. */
enum status revocation_list_add(struct revocation_list *list, const struct sha256 *block,
                                uint64_t ends_s) MUST_USE;
/* Takes off what had ended REVOCATION_REST_S before `now_s`. */
void revocation_list_drop_ended(struct revocation_list *list, uint64_t now_s);
/* How many of `before` have not ended by `now_s` and are missing in `list`. */
size_t revocation_list_lacks(const struct revocation_list *list,
                             const struct revocation_list *before, uint64_t now_s);
