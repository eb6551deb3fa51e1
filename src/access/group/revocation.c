#include "access/group/revocation.h"

enum status revocation_list_read(struct bytes input, struct revocation_list *out,
                                 struct deed_fault *fault)
{
    struct deed deed;
    TRY(deed_read(input, DEED_REVOCATIONS, &deed, fault));
    *out = (struct revocation_list){.signer = deed.key,
                                    .made_s = (uint64_t)(deed.made.ns / MOMENT_SECOND_NS)};
    TRY(deed_number(&deed, "number", &out->number));
    size_t index = 0;
    const struct deed_line *line;
    while ((line = deed_next(&deed, "revoked", &index)) != NULL) {
        TRY(sha256_read_hex(line->value, &out->revoked[out->count++]));
    }
    return STATUS_OK;
}

enum status revocation_list_write(const struct identity *identity, struct moment made,
                                  const struct revocation_list *list, struct text *out,
                                  struct deed_fault *fault)
{
    AUTO(deed_done) struct deed_draft draft = deed_begin(DEED_REVOCATIONS, identity, made);
    deed_add_number(&draft, "number", list->number);
    for (size_t i = 0; i < list->count; i++) {
        deed_add_hash(&draft, "revoked", &list->revoked[i]);
    }
    return deed_finish(&draft, out, fault);
}

bool revocation_list_has(const struct revocation_list *list, const struct sha256 *block)
{
    for (size_t i = 0; i < list->count; i++) {
        if (sha256_equal(&list->revoked[i], block)) {
            return true;
        }
    }
    return false;
}

enum status revocation_list_add(struct revocation_list *list, const struct sha256 *block)
{
    if (revocation_list_has(list, block)) {
        return STATUS_OK;
    }
    if (list->count == DEED_REVOKED_MAX) {
        return STATUS_LIMIT;
    }
    list->revoked[list->count++] = *block;
    return STATUS_OK;
}

void revocation_list_drop(struct revocation_list *list, const struct sha256 *block)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!sha256_equal(&list->revoked[i], block)) {
            list->revoked[kept++] = list->revoked[i];
        }
    }
    list->count = kept;
}
