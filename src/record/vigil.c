#include "record/vigil.h"

#include <string.h>

#include "base/pack.h"
#include "record/follow.h"

#define MAGIC 0x47564354U /* "TCVG" */
#define VERSION 1U
#define PAST_SIZE_MIN 8
#define MATTER_SIZE_MIN 28
#define SOURCE_SIZE_MIN 11

/* ---- the vigil ---- */

static void write_tally(struct text *out, const struct vigil_tally *tally)
{
    pack_u64(out, tally->warnings);
    pack_u64(out, tally->held_back);
    pack_u64(out, tally->entries);
    pack_u64(out, tally->entries_foretold);
    pack_moment(out, tally->first);
    pack_moment(out, tally->last);
    pack_u64(out, (uint64_t)tally->day);
    pack_u64(out, tally->day_low);
    pack_u64(out, tally->day_said);
    pack_u64(out, tally->day_most);
}

void vigil_write(struct text *out, const struct vigil *vigil)
{
    pack_u32(out, MAGIC);
    pack_u16(out, VERSION);
    write_tally(out, &vigil->tally);
    pack_u32(out, (uint32_t)vigil->past_count);
    for (size_t i = 0; i < vigil->past_count; i++) {
        pack_bytes(out, vigil->past[i].path);
        pack_bytes(out, vigil->past[i].examination);
    }
    pack_u32(out, (uint32_t)vigil->matter_count);
    for (size_t i = 0; i < vigil->matter_count; i++) {
        const struct vigil_matter *matter = &vigil->matters[i];
        text_add_raw(out, (struct bytes){matter->key, sizeof matter->key});
        pack_u8(out, (uint8_t)matter->severity);
        pack_u64(out, matter->measure);
        pack_moment(out, matter->first);
        pack_moment(out, matter->last);
        pack_moment(out, matter->said);
    }
}

static void read_tally(struct cursor *cursor, struct vigil_tally *out)
{
    out->warnings = examination_read_quantity(cursor);
    out->held_back = examination_read_quantity(cursor);
    out->entries = examination_read_quantity(cursor);
    out->entries_foretold = examination_read_quantity(cursor);
    out->first = unpack_moment(cursor);
    out->last = unpack_moment(cursor);
    out->day = (int64_t)cursor_u64le(cursor);
    out->day_low = examination_read_quantity(cursor);
    out->day_said = examination_read_quantity(cursor);
    out->day_most = examination_read_quantity(cursor);
}

static void read_matter(struct cursor *cursor, struct vigil_matter *out)
{
    struct bytes key = cursor_take(cursor, VIGIL_KEY_SIZE);
    if (key.size == VIGIL_KEY_SIZE) {
        memcpy(out->key, key.data, VIGIL_KEY_SIZE);
    }
    out->severity = unpack_kind(cursor, SEVERITY_COUNT);
    out->measure = examination_read_quantity(cursor);
    out->first = unpack_moment(cursor);
    out->last = unpack_moment(cursor);
    out->said = unpack_moment(cursor);
}

enum status vigil_read(struct bytes message, struct arena *arena, struct vigil *out)
{
    struct vigil vigil = {0};
    if (message.size == 0) {
        *out = vigil;
        return STATUS_OK;
    }
    struct cursor cursor = cursor_of(message);
    if (cursor_u32le(&cursor) != MAGIC || cursor_u16le(&cursor) != VERSION) {
        cursor_fail(&cursor, STATUS_MALFORMED, "not what a watch remembers");
    }
    read_tally(&cursor, &vigil.tally);
    vigil.past_count =
        cursor_count(&cursor, cursor_u32le(&cursor), PAST_SIZE_MIN, VIGIL_SOURCES_MAX);
    vigil.past = arena_take_many(arena, vigil.past_count, sizeof *vigil.past);
    if (vigil.past == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < vigil.past_count; i++) {
        vigil.past[i].path = unpack_bytes(&cursor, VIGIL_PATH_MAX);
        vigil.past[i].examination = unpack_bytes(&cursor, EXAMINATION_SIZE_MAX);
    }
    vigil.matter_count =
        cursor_count(&cursor, cursor_u32le(&cursor), MATTER_SIZE_MIN, VIGIL_MATTERS_MAX);
    vigil.matters = arena_take_many(arena, vigil.matter_count, sizeof *vigil.matters);
    if (vigil.matters == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < vigil.matter_count; i++) {
        read_matter(&cursor, &vigil.matters[i]);
    }
    TRY(unpack_end(&cursor));
    *out = vigil;
    return STATUS_OK;
}

/* ---- what is shown, and what comes back ---- */

void vigil_show_write(struct text *out, const struct vigil_show *show)
{
    pack_u8(out, show->is_last);
    pack_u32(out, (uint32_t)show->source_count);
    for (size_t i = 0; i < show->source_count; i++) {
        const struct vigil_source *source = &show->sources[i];
        pack_bytes(out, source->path);
        pack_u8(out, source->is_taken);
        pack_u8(out, source->is_over);
        pack_u8(out, source->is_ended);
        pack_bytes(out, source->look);
    }
    pack_bytes(out, show->vigil);
}

enum status vigil_show_read(struct bytes message, struct arena *arena, struct vigil_show *out)
{
    struct cursor cursor = cursor_of(message);
    struct vigil_show show = {.is_last = unpack_bool(&cursor)};
    show.source_count =
        cursor_count(&cursor, cursor_u32le(&cursor), SOURCE_SIZE_MIN, VIGIL_SOURCES_MAX);
    show.sources = arena_take_many(arena, show.source_count, sizeof *show.sources);
    if (show.sources == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < show.source_count; i++) {
        struct vigil_source *source = &show.sources[i];
        source->path = unpack_bytes(&cursor, VIGIL_PATH_MAX);
        source->is_taken = unpack_bool(&cursor);
        source->is_over = unpack_bool(&cursor);
        source->is_ended = unpack_bool(&cursor);
        source->look = unpack_bytes(&cursor, FOLLOW_LOOK_SIZE_MAX);
        if (source->path.size == 0) {
            cursor_fail(&cursor, STATUS_MALFORMED, "a source without a name");
        }
    }
    show.vigil = unpack_bytes(&cursor, VIGIL_SIZE_MAX);
    TRY(unpack_end(&cursor));
    *out = show;
    return STATUS_OK;
}

void vigil_said_write(struct text *out, const struct vigil_said *said)
{
    pack_bytes(out, said->lines);
    pack_bytes(out, said->vigil);
}

enum status vigil_said_read(struct bytes message, struct vigil_said *out)
{
    struct cursor cursor = cursor_of(message);
    struct vigil_said said = {.lines = unpack_bytes(&cursor, VIGIL_SIZE_MAX)};
    said.vigil = unpack_bytes(&cursor, VIGIL_SIZE_MAX);
    TRY(unpack_end(&cursor));
    *out = said;
    return STATUS_OK;
}
