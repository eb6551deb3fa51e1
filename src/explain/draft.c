#include "explain/draft.h"

enum status draft_begin(struct draft *draft, struct arena *arena, struct phrase_book *book)
{
    *draft = (struct draft){.arena = arena, .book = book, .capacity = STORY_SENTENCES_MAX};
    draft->sentences = arena_take_many(arena, draft->capacity, sizeof *draft->sentences);
    return draft->sentences == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status copy_cites(struct arena *arena, const struct basis *basis,
                              struct sentence *sentence)
{
    struct citation *cites = arena_take_many(arena, basis->count, sizeof *cites);
    if (cites == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < basis->count; i++) {
        cites[i] = basis->cites[i];
    }
    sentence->cites = cites;
    sentence->cite_count = basis->count;
    return STATUS_OK;
}

enum status draft_say(struct draft *draft, const char *id, const struct slots *slots,
                      const struct basis *basis, bool *said)
{
    if (said != NULL) {
        *said = false;
    }
    if (draft->count == draft->capacity) {
        return STATUS_OK;
    }
    struct text text = text_of_limit(PHRASE_SIZE_MAX * 2);
    enum status status = phrase_add(draft->book, id, slots, &text);
    struct sentence sentence = {.opens_paragraph = draft->opens_paragraph};
    if (status == STATUS_OK) {
        status = arena_copy(draft->arena, text_bytes(&text), &sentence.text);
    }
    text_done(&text);
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    TRY(status);
    TRY(copy_cites(draft->arena, basis, &sentence));
    draft->sentences[draft->count++] = sentence;
    draft->opens_paragraph = false;
    if (said != NULL) {
        *said = true;
    }
    return STATUS_OK;
}

enum status draft_say_of(struct draft *draft, const char *group, const char *name,
                         const struct slots *slots, const struct basis *basis)
{
    struct text id = text_of_limit(128);
    text_addf(&id, "%s.%s", group, name);
    enum status status = draft_say(draft, text_terminated(&id), slots, basis, NULL);
    text_done(&id);
    return status;
}

void basis_add(struct basis *basis, const struct citation *citation)
{
    for (size_t i = 0; i < basis->count; i++) {
        if (citation_equal(&basis->cites[i], citation)) {
            return;
        }
    }
    if (basis->count < SENTENCE_CITES_MAX) {
        basis->cites[basis->count++] = *citation;
    }
}

static bool is_lines(const struct citation *citation)
{
    return citation->kind == CITATION_EVIDENCE && citation->place.kind == PLACE_LINES;
}

/* Lines of one file become one range from the first to the last of them. */
static bool widen(struct basis *basis, const struct citation *citation)
{
    for (size_t i = 0; i < basis->count; i++) {
        struct citation *known = &basis->cites[i];
        if (!is_lines(known) || !is_lines(citation) ||
            !bytes_equal(known->subject, citation->subject)) {
            continue;
        }
        if (citation->place.first < known->place.first) {
            known->place.first = citation->place.first;
        }
        if (citation->place.last > known->place.last) {
            known->place.last = citation->place.last;
        }
        return true;
    }
    return false;
}

void basis_add_finding(struct basis *basis, const struct report_finding *finding)
{
    struct basis own = {0};
    for (size_t i = 0; i < finding->cite_count; i++) {
        const struct citation *citation = &finding->cites[i].citation;
        if (!widen(&own, citation)) {
            basis_add(&own, citation);
        }
    }
    for (size_t i = 0; i < own.count; i++) {
        basis_add(basis, &own.cites[i]);
    }
}

void basis_add_coverage(struct basis *basis, const struct report_evidence *evidence)
{
    const struct citation citation = {.kind = CITATION_COVERAGE, .subject = evidence->path};
    basis_add(basis, &citation);
}
