#include "explain/cite.h"

#include "record/statement.h"

#include <string.h>

void cite_text(struct basis *basis, uint32_t view, uint64_t offset, uint64_t size)
{
    static const struct bytes names[STATEMENT_VIEWS_MAX + 1] = {
        BYTES_LITERAL("text"),
        BYTES_LITERAL("text!/decoded-1"),
        BYTES_LITERAL("text!/decoded-2"),
        BYTES_LITERAL("text!/decoded-3"),
        BYTES_LITERAL("text!/decoded-4"),
        BYTES_LITERAL("text!/decoded-5"),
        BYTES_LITERAL("text!/decoded-6"),
        BYTES_LITERAL("text!/decoded-7"),
        BYTES_LITERAL("text!/decoded-8"),
        BYTES_LITERAL("text!/decoded-9"),
        BYTES_LITERAL("text!/decoded-10"),
        BYTES_LITERAL("text!/decoded-11"),
        BYTES_LITERAL("text!/decoded-12"),
        BYTES_LITERAL("text!/decoded-13"),
        BYTES_LITERAL("text!/decoded-14"),
        BYTES_LITERAL("text!/decoded-15"),
        BYTES_LITERAL("text!/decoded-16"),
    };
    const struct citation citation = {
        .kind = CITATION_EVIDENCE,
        .subject = names[view <= STATEMENT_VIEWS_MAX ? view : 0],
        .place = size > 0 ? place_bytes(0, offset, size) : (struct place){0},
    };
    basis_add(basis, &citation);
}

static bool is_citable(struct bytes name)
{
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] <= ' ' || name.data[i] >= 0x7f ||
            strchr("[]\"'\\", name.data[i]) != NULL) {
            return false;
        }
    }
    return name.size > 0;
}

enum status cite_knowledge(struct basis *basis, struct arena *arena, const char *scheme,
                           struct bytes name)
{
    AUTO(text_done) struct text subject = text_of_limit(512);
    struct citation citation = {.kind = CITATION_KNOWLEDGE};
    text_add(&subject, scheme);
    text_add_raw(&subject, is_citable(name) ? name : bytes_of_text("%"));
    TRY(arena_copy(arena, text_bytes(&subject), &citation.subject));
    basis_add(basis, &citation);
    return STATUS_OK;
}
