#include "record/dossier.h"

#include "base/pack.h"
#include "record/examination.h"
#include "record/report.h"

#include <string.h>

#define MAGIC 0x4f444354U /* "TCDO" */
#define VERSION 1U
#define PATH_SIZE_MAX 65536
#define PROBLEM_SIZE_MAX 512
#define ALSO_COUNT_MAX 100000
#define ENTRY_SIZE_MIN 59

void dossier_begin(struct text *out, uint32_t entry_count)
{
    pack_u32(out, MAGIC);
    pack_u16(out, VERSION);
    pack_u32(out, entry_count);
}

void dossier_add(struct text *out, const struct dossier_entry *entry)
{
    pack_bytes(out, entry->path);
    pack_u8(out, entry->has_hash);
    text_add_raw(out, (struct bytes){entry->sha256, sizeof entry->sha256});
    pack_u64(out, entry->size);
    pack_u32(out, (uint32_t)entry->also_count);
    for (size_t i = 0; i < entry->also_count; i++) {
        pack_bytes(out, entry->also[i]);
    }
    pack_u8(out, (uint8_t)entry->outcome);
    pack_bytes(out, entry->problem);
    pack_bytes(out, entry->examination);
}

static enum status read_entry(struct cursor *cursor, struct arena *arena,
                              struct dossier_entry *out)
{
    out->path = unpack_bytes(cursor, PATH_SIZE_MAX);
    out->has_hash = cursor_u8(cursor) != 0;
    struct bytes hash = cursor_take(cursor, sizeof out->sha256);
    if (hash.size == sizeof out->sha256) {
        memcpy(out->sha256, hash.data, hash.size);
    }
    out->size = cursor_u64le(cursor);
    out->also_count = cursor_count(cursor, cursor_u32le(cursor), 4, ALSO_COUNT_MAX);
    struct bytes *also = arena_take_many(arena, out->also_count, sizeof *also);
    if (also == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < out->also_count; i++) {
        also[i] = unpack_bytes(cursor, PATH_SIZE_MAX);
    }
    out->also = also;
    uint8_t outcome = cursor_u8(cursor);
    out->problem = unpack_bytes(cursor, PROBLEM_SIZE_MAX);
    out->examination = unpack_bytes(cursor, EXAMINATION_SIZE_MAX);
    if (outcome >= OUTCOME_COUNT || out->path.size == 0 || out->size > INT64_MAX) {
        cursor_fail(cursor, STATUS_MALFORMED, "an entry that is none");
        return cursor_status(cursor);
    }
    out->outcome = outcome;
    return cursor_status(cursor);
}

enum status dossier_read(struct bytes image, struct arena *arena,
                         const struct dossier_entry **out, size_t *count)
{
    struct cursor cursor = cursor_of(image);
    if (cursor_u32le(&cursor) != MAGIC || cursor_u16le(&cursor) != VERSION) {
        cursor_fail(&cursor, STATUS_MALFORMED, "not a dossier");
    }
    size_t entry_count =
        cursor_count(&cursor, cursor_u32le(&cursor), ENTRY_SIZE_MIN, REPORT_EVIDENCE_MAX);
    TRY(cursor_status(&cursor));
    struct dossier_entry *entries = arena_take_many(arena, entry_count, sizeof *entries);
    if (entries == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < entry_count; i++) {
        TRY(read_entry(&cursor, arena, &entries[i]));
    }
    if (!cursor_at_end(&cursor)) {
        return STATUS_MALFORMED;
    }
    *out = entries;
    *count = entry_count;
    return STATUS_OK;
}
