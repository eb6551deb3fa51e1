#include "access/group/revocation.h"

#define LINE_MAX 128

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
        struct bytes parts[DEED_PARTS_MAX];
        struct moment ends;
        deed_field_split(line->field, line->value, parts);
        TRY(sha256_read_hex(parts[0], &out->revoked[out->count]));
        TRY(moment_read(parts[1], &ends));
        out->ends_s[out->count++] = ends.ns < 0 ? 0 : (uint64_t)(ends.ns / MOMENT_SECOND_NS);
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
        AUTO(text_done) struct text line = text_of_limit(LINE_MAX);
        sha256_add_hex(&line, &list->revoked[i]);
        text_add_byte(&line, ' ');
        moment_add_rfc3339(&line, moment_of_unix((int64_t)list->ends_s[i], 0));
        deed_add(&draft, "revoked", text_bytes(&line));
    }
    return deed_finish(&draft, out, fault);
}

/* Its place in the list; the count where it is not there. */
static size_t find(const struct revocation_list *list, const struct sha256 *block)
{
    size_t place = 0;
    while (place < list->count && !sha256_equal(&list->revoked[place], block)) {
        place++;
    }
    return place;
}

bool revocation_list_has(const struct revocation_list *list, const struct sha256 *block)
{
    return find(list, block) < list->count;
}

enum status revocation_list_add(struct revocation_list *list, const struct sha256 *block,
                                uint64_t ends_s)
{
    size_t place = find(list, block);
    if (place < list->count) {
        if (list->ends_s[place] < ends_s) {
            list->ends_s[place] = ends_s;
        }
        return STATUS_OK;
    }
    if (list->count == DEED_REVOKED_MAX) {
        return STATUS_LIMIT;
    }
    list->revoked[list->count] = *block;
    list->ends_s[list->count++] = ends_s;
    return STATUS_OK;
}

void revocation_list_drop_ended(struct revocation_list *list, uint64_t now_s)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (now_s < REVOCATION_REST_S || list->ends_s[i] > now_s - REVOCATION_REST_S) {
            list->revoked[kept] = list->revoked[i];
            list->ends_s[kept++] = list->ends_s[i];
        }
    }
    list->count = kept;
}

size_t revocation_list_lacks(const struct revocation_list *list,
                             const struct revocation_list *before, uint64_t now_s)
{
    size_t count = 0;
    for (size_t i = 0; i < before->count; i++) {
        count += before->ends_s[i] > now_s && !revocation_list_has(list, &before->revoked[i]);
    }
    return count;
}
