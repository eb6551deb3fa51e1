/* Which grants hold no longer: a list that whoever issued them signs, and that only grows.
 *
 * Input:  untrusted.
 * Limits: DEED_REVOKED_MAX blocks.
 * Fuzzed: fuzz/deed.c.   Format: docs/formats/deed.md, `tocsin/revocations/1`. */
#pragma once

#include "access/group/deed.h"

struct revocation_list {
    struct note_key signer;
    uint64_t number; /* a later list of the same signer has a greater one */
    uint64_t made_s;
    struct sha256 revoked[DEED_REVOKED_MAX];
    size_t count;
};

/* The signer's name borrows from the input. */
enum status revocation_list_read(struct bytes input, struct revocation_list *out,
                                 struct deed_fault *fault) MUST_USE;
enum status revocation_list_write(const struct identity *identity, struct moment made,
                                  const struct revocation_list *list, struct text *out,
                                  struct deed_fault *fault) MUST_USE;
bool revocation_list_has(const struct revocation_list *list, const struct sha256 *block);
/* STATUS_LIMIT where the list is full; one that is there already is not added again. */
enum status revocation_list_add(struct revocation_list *list,
                                const struct sha256 *block) MUST_USE;
/* Takes it off, where it is there. */
void revocation_list_drop(struct revocation_list *list, const struct sha256 *block);
