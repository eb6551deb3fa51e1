#include "explain/expectation.h"

#include "explain/phrase.h"

#define ID_LENGTH_MAX 128

enum status expectation_add(const struct tree_node *phrases, struct arena *arena,
                            struct warning *warning)
{
    struct phrase_book book = {.phrases = tree_member(phrases, "phrases")};
    struct slots slots = {.arena = arena};
    AUTO(text_done) struct text id = text_of_limit(ID_LENGTH_MAX);
    text_addf(&id, "expects.%s", stage_kind_name(warning->stage));
    if (warning->finding->technique_count > 0) {
        text_add(&id, ".");
        text_add_raw(&id, warning->finding->techniques[0]);
    }
    TRY(text_status(&id));
    AUTO(text_done) struct text said = text_of_limit(PHRASE_SIZE_MAX);
    enum status status = phrase_add(&book, text_terminated(&id), &slots, &said);
    if (status == STATUS_NOT_FOUND) {
        return STATUS_OK;
    }
    TRY(status);
    TRY(text_status(&said));
    return arena_copy(arena, text_bytes(&said), &warning->expects);
}
