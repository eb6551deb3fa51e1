#include "record/parcel.h"

#include "base/pack.h"

#define MAGIC 0x41504354U /* "TCPA" */
#define VERSION 1U
#define FILE_SIZE_LEAST 8U

void parcel_begin(struct text *out, uint32_t file_count)
{
    pack_u32(out, MAGIC);
    pack_u16(out, VERSION);
    pack_u32(out, file_count);
}

void parcel_add(struct text *out, const struct parcel_file *file)
{
    pack_bytes(out, file->name);
    pack_bytes(out, file->content);
}

/* Relative, without empty parts and without "." or "..". */
static bool is_plain_name(struct bytes name)
{
    struct bytes rest = name;
    struct bytes part = BYTES_NONE;
    while (bytes_split(&rest, '/', &part)) {
        if (part.size == 0 || bytes_equal_text(part, ".") || bytes_equal_text(part, "..")) {
            return false;
        }
    }
    return name.size > 0 && !bytes_ends(name, "/");
}

enum status parcel_read(struct bytes image, struct arena *arena, const struct parcel_file **out,
                        size_t *count)
{
    struct cursor cursor = cursor_of(image);
    if (cursor_u32le(&cursor) != MAGIC || cursor_u16le(&cursor) != VERSION) {
        cursor_fail(&cursor, STATUS_MALFORMED, "not a parcel");
    }
    size_t file_count =
        cursor_count(&cursor, cursor_u32le(&cursor), FILE_SIZE_LEAST, PARCEL_FILES_MAX);
    TRY(cursor_status(&cursor));
    struct parcel_file *files = arena_take_many(arena, file_count, sizeof *files);
    if (files == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < file_count; i++) {
        files[i].name = unpack_bytes(&cursor, PARCEL_NAME_SIZE_MAX);
        files[i].content = unpack_bytes(&cursor, PARCEL_FILE_SIZE_MAX);
        if (!is_plain_name(files[i].name)) {
            cursor_fail(&cursor, STATUS_MALFORMED, "a name that is no plain path");
        }
        TRY(cursor_status(&cursor));
    }
    if (!cursor_at_end(&cursor)) {
        return STATUS_MALFORMED;
    }
    *out = files;
    *count = file_count;
    return STATUS_OK;
}
