/* Claims of record/vigil.h and correlate/watch.h: what was remembered is read within its limits
 * and written again it is read as the same; whatever comes back, what is judged of it stays
 * within its limits and can be remembered in turn. */
#include "fuzz.h"

#include "correlate/watch.h"

#define MEMORY_MAX (160U << 20) /* as src/program/conclude.c gives it */

static void check_vigil(struct bytes message)
{
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct text AUTO(text_done) written = text_of_limit(VIGIL_SIZE_MAX);
    struct vigil vigil;
    struct vigil again;
    if (vigil_read(message, arena, &vigil) != STATUS_OK) {
        return;
    }
    CLAIM(vigil.past_count <= VIGIL_SOURCES_MAX && vigil.matter_count <= VIGIL_MATTERS_MAX);
    for (size_t i = 0; i < vigil.past_count; i++) {
        CLAIM(lies_inside(vigil.past[i].path, message));
        CLAIM(lies_inside(vigil.past[i].examination, message));
    }
    vigil_write(&written, &vigil);
    CLAIM(vigil_read(text_bytes(&written), arena, &again) == STATUS_OK);
    CLAIM(again.past_count == vigil.past_count && again.matter_count == vigil.matter_count);
}

static void check_judged(const struct vigil_show *show, struct arena *arena)
{
    struct vigil vigil;
    struct vigil kept;
    struct report report = {0};
    const struct analysis_options options = {0};
    const struct site site = {0};
    const struct dossier_entry *entries;
    size_t entry_count;
    size_t count = 0;
    struct warning *warnings = arena_take_many(arena, WARNINGS_AT_ONCE_MAX, sizeof *warnings);
    struct text AUTO(text_done) written = text_of_limit(VIGIL_SIZE_MAX);
    if (vigil_read(show->vigil, arena, &vigil) != STATUS_OK ||
        watch_join(show, arena, &vigil, &entries, &entry_count) != STATUS_OK ||
        correlate(entries, entry_count, &options, &site, arena, &report) != STATUS_OK) {
        return;
    }
    CLAIM(entry_count <= 2 * VIGIL_SOURCES_MAX);
    if (watch_judge(&report, arena, &vigil, warnings, &count) != STATUS_OK) {
        return;
    }
    CLAIM(count <= WARNINGS_AT_ONCE_MAX && vigil.matter_count <= VIGIL_MATTERS_MAX);
    for (size_t i = 0; i < count; i++) {
        CLAIM(warnings[i].finding != NULL && warnings[i].stage < STAGE_KIND_COUNT);
    }
    vigil_write(&written, &vigil);
    CLAIM(text_status(&written) != STATUS_OK ||
          vigil_read(text_bytes(&written), arena, &kept) != STATUS_MALFORMED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes message = {data, size};
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct vigil_show show;
    struct vigil_said said;
    check_vigil(message);
    if (vigil_show_read(message, arena, &show) == STATUS_OK) {
        check_judged(&show, arena);
    }
    if (vigil_said_read(message, &said) == STATUS_OK) {
        CLAIM(lies_inside(said.lines, message) && lies_inside(said.vigil, message));
    }
    return 0;
}
