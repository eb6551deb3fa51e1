#include "correlate/watch.h"

#include <string.h>

#include "base/number.h"
#include "codec/sha256.h"
#include "record/examination.h"
#include "record/follow.h"

/* What is put together, in this order, into one past. */
struct parts {
    struct examination of[3];
    size_t count;
};

static enum status add_part(struct parts *parts, struct bytes message, struct arena *arena)
{
    if (message.size == 0) {
        return STATUS_OK;
    }
    TRY(examination_read(message, arena, &parts->of[parts->count]));
    parts->count++;
    return STATUS_OK;
}

static enum status gather_findings(const struct parts *parts, struct arena *arena,
                                   struct examination *out)
{
    size_t total = 0;
    for (size_t i = 0; i < parts->count; i++) {
        total += parts->of[i].finding_count;
    }
    out->findings = arena_take_many(arena, total, sizeof *out->findings);
    size_t passed = total > WATCH_PAST_FINDINGS_MAX ? total - WATCH_PAST_FINDINGS_MAX : 0;
    for (size_t i = 0; out->findings != NULL && i < parts->count; i++) {
        for (size_t j = 0; j < parts->of[i].finding_count; j++) {
            const struct finding *finding = &parts->of[i].findings[j];
            bool is_past = passed > 0 || moment_is_apart(finding->last, out->coverage.last,
                                                         WATCH_PAST_KEPT_NS);
            passed -= passed > 0;
            if (!is_past) {
                out->findings[out->finding_count++] = *finding;
            }
        }
    }
    return out->findings == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* The newest are kept: they were given last. */
static enum status gather_observations(const struct parts *parts, size_t room,
                                       struct arena *arena, struct examination *out)
{
    size_t total = 0;
    for (size_t i = 0; i < parts->count; i++) {
        total += parts->of[i].observation_count;
    }
    out->observations = arena_take_many(arena, total, sizeof *out->observations);
    size_t passed = total > room ? total - room : 0;
    for (size_t i = 0; out->observations != NULL && i < parts->count; i++) {
        for (size_t j = 0; j < parts->of[i].observation_count; j++) {
            const struct observation *observation = &parts->of[i].observations[j];
            bool is_past = passed > 0 || moment_is_apart(observation->last, out->coverage.last,
                                                         WATCH_PAST_KEPT_NS);
            passed -= passed > 0;
            if (!is_past) {
                out->observations[out->observation_count++] = *observation;
            }
        }
    }
    return out->observations == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status put_together(const struct parts *parts, size_t room, struct arena *arena,
                                struct bytes *out)
{
    struct examination all = {.coverage = parts->of[parts->count - 1].coverage};
    TRY(gather_findings(parts, arena, &all));
    TRY(gather_observations(parts, room, arena, &all));
    *out = BYTES_NONE;
    if (all.finding_count + all.observation_count == 0) {
        return STATUS_OK;
    }
    AUTO(text_done) struct text written = text_of_limit(EXAMINATION_SIZE_MAX);
    examination_write(&written, &all);
    TRY(text_status(&written));
    return arena_copy(arena, text_bytes(&written), out);
}

/* The past of a source by its path; a new one where there is none. */
static struct vigil_past *past_of(struct vigil *vigil, struct bytes path)
{
    for (size_t i = 0; i < vigil->past_count; i++) {
        if (bytes_equal(vigil->past[i].path, path)) {
            return &vigil->past[i];
        }
    }
    if (vigil->past_count == VIGIL_SOURCES_MAX) {
        memmove(vigil->past, vigil->past + 1, (VIGIL_SOURCES_MAX - 1) * sizeof *vigil->past);
        vigil->past_count--;
    }
    struct vigil_past *past = &vigil->past[vigil->past_count++];
    *past = (struct vigil_past){.path = path};
    return past;
}

static enum status join_one(const struct vigil_source *source, size_t room, struct arena *arena,
                            struct vigil_past *past)
{
    struct follow_look look = {0};
    if (source->look.size > 0) {
        TRY(follow_look_read(source->look, &look));
    }
    struct parts parts = {0};
    bool changes = (!source->is_taken && look.given.size > 0) || source->is_over;
    if (!changes) {
        return STATUS_OK;
    }
    TRY(add_part(&parts, past->examination, arena));
    TRY(add_part(&parts, source->is_taken ? BYTES_NONE : look.given, arena));
    TRY(add_part(&parts, source->is_over ? look.standing : BYTES_NONE, arena));
    if (parts.count == 0) {
        return STATUS_OK;
    }
    return put_together(&parts, room, arena, &past->examination);
}

/* Past and present of a source lie at places of the same name: their ids are told apart. */
static struct dossier_entry entry_of(struct bytes path, struct bytes examination,
                                     const char *when)
{
    struct dossier_entry entry = {
        .path = path, .has_hash = true, .outcome = OUTCOME_DONE, .examination = examination};
    struct sha256_state state;
    sha256_init(&state);
    sha256_add(&state, bytes_of_text(when));
    sha256_add(&state, path);
    struct sha256 digest = sha256_finish(&state);
    memcpy(entry.sha256, digest.bytes, sizeof entry.sha256);
    return entry;
}

static enum status make_entries(const struct vigil_show *show, const struct vigil *vigil,
                                struct dossier_entry *entries, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < vigil->past_count; i++) {
        if (vigil->past[i].examination.size > 0) {
            entries[(*count)++] =
                entry_of(vigil->past[i].path, vigil->past[i].examination, "past");
        }
    }
    for (size_t i = 0; i < show->source_count; i++) {
        const struct vigil_source *source = &show->sources[i];
        struct follow_look look;
        if (source->look.size == 0 || source->is_over) {
            continue;
        }
        TRY(follow_look_read(source->look, &look));
        if (look.standing.size > 0) {
            entries[(*count)++] = entry_of(source->path, look.standing, "present");
        }
    }
    return STATUS_OK;
}

enum status watch_join(const struct vigil_show *show, struct arena *arena, struct vigil *vigil,
                       const struct dossier_entry **entries, size_t *count)
{
    struct vigil_past *past = arena_take_many(arena, VIGIL_SOURCES_MAX, sizeof *past);
    struct dossier_entry *made = arena_take_many(arena, 2 * VIGIL_SOURCES_MAX, sizeof *made);
    if (past == NULL || made == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (vigil->past_count > 0) {
        memcpy(past, vigil->past, vigil->past_count * sizeof *past);
    }
    vigil->past = past;
    size_t room = WATCH_PAST_OBSERVATIONS_MAX / number_most(show->source_count, 1);
    for (size_t i = 0; i < show->source_count; i++) {
        const struct vigil_source *source = &show->sources[i];
        TRY(join_one(source, room, arena, past_of(vigil, source->path)));
    }
    TRY(make_entries(show, vigil, made, count));
    *entries = made;
    return STATUS_OK;
}
