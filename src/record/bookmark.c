#include "record/bookmark.h"

#include "base/pack.h"
#include "record/follow.h"

#define MAGIC 0x42574354U /* "TCWB" */
#define VERSION 1U
#define SOURCE_SIZE_MIN 28

void bookmark_write(struct text *out, const struct bookmark *bookmark)
{
    pack_u32(out, MAGIC);
    pack_u16(out, VERSION);
    pack_u32(out, (uint32_t)bookmark->source_count);
    for (size_t i = 0; i < bookmark->source_count; i++) {
        const struct bookmark_source *source = &bookmark->sources[i];
        pack_bytes(out, source->path);
        pack_u64(out, source->offset);
        pack_u64(out, source->lines);
        pack_bytes(out, source->tail);
        pack_bytes(out, source->look);
    }
    pack_bytes(out, bookmark->vigil);
}

enum status bookmark_read(struct bytes message, struct arena *arena, struct bookmark *out)
{
    struct cursor cursor = cursor_of(message);
    struct bookmark bookmark = {0};
    if (cursor_u32le(&cursor) != MAGIC || cursor_u16le(&cursor) != VERSION) {
        cursor_fail(&cursor, STATUS_MALFORMED, "not the state of a watch");
    }
    bookmark.source_count =
        cursor_count(&cursor, cursor_u32le(&cursor), SOURCE_SIZE_MIN, VIGIL_SOURCES_MAX);
    bookmark.sources = arena_take_many(arena, bookmark.source_count, sizeof *bookmark.sources);
    if (bookmark.sources == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < bookmark.source_count; i++) {
        struct bookmark_source *source = &bookmark.sources[i];
        source->path = unpack_bytes(&cursor, VIGIL_PATH_MAX);
        source->offset = cursor_u64le(&cursor);
        source->lines = cursor_u64le(&cursor);
        source->tail = unpack_bytes(&cursor, BOOKMARK_TAIL_MAX);
        source->look = unpack_bytes(&cursor, FOLLOW_LOOK_SIZE_MAX);
        if (source->offset > INT64_MAX || source->lines > source->offset) {
            cursor_fail(&cursor, STATUS_MALFORMED, "a place that cannot be");
        }
    }
    bookmark.vigil = unpack_bytes(&cursor, VIGIL_SIZE_MAX);
    TRY(unpack_end(&cursor));
    *out = bookmark;
    return STATUS_OK;
}
