#include "codec/bundle.h"

#include <assert.h>

#include "base/cursor.h"
#include "base/pack.h"

#define MAGIC "BUN1"
#define HEADER_SIZE 8U
#define ROW_SIZE 24U

/* Shell sort (Ciura's gaps): qsort may ask the system how much memory there is, which confined
 * processes cannot. */
static void sort_entries(struct bundle_entry *entries, size_t count)
{
    static const size_t gaps[] = {16001, 4001, 1750, 701, 301, 132, 57, 23, 10, 4, 1};
    for (size_t g = 0; g < sizeof gaps / sizeof *gaps; g++) {
        size_t gap = gaps[g];
        for (size_t i = gap; i < count; i++) {
            struct bundle_entry entry = entries[i];
            size_t at = i;
            while (at >= gap && bytes_compare(entries[at - gap].name, entry.name) > 0) {
                entries[at] = entries[at - gap];
                at -= gap;
            }
            entries[at] = entry;
        }
    }
}

static enum status check_entries(const struct bundle_entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (entries[i].name.size == 0 || entries[i].name.size > BUNDLE_NAME_SIZE_MAX) {
            return STATUS_LIMIT;
        }
        if (i > 0 && bytes_equal(entries[i - 1].name, entries[i].name)) {
            return STATUS_CONFLICT;
        }
    }
    return STATUS_OK;
}

static uint64_t align(uint64_t offset)
{
    return (offset + BUNDLE_ALIGNMENT - 1) / BUNDLE_ALIGNMENT * BUNDLE_ALIGNMENT;
}

static void write_directory(struct text *out, const struct bundle_entry *entries, size_t count)
{
    text_add(out, MAGIC);
    pack_u32(out, (uint32_t)count);
    uint64_t name_offset = HEADER_SIZE + count * ROW_SIZE;
    uint64_t content_offset = name_offset;
    for (size_t i = 0; i < count; i++) {
        content_offset += entries[i].name.size;
    }
    for (size_t i = 0; i < count; i++) {
        content_offset = align(content_offset);
        pack_u32(out, (uint32_t)name_offset);
        pack_u32(out, (uint32_t)entries[i].name.size);
        pack_u64(out, content_offset);
        pack_u64(out, entries[i].content.size);
        name_offset += entries[i].name.size;
        content_offset += entries[i].content.size;
    }
}

enum status bundle_write(struct text *out, struct bundle_entry *entries, size_t count)
{
    assert(text_bytes(out).size == 0);
    if (count > BUNDLE_ENTRIES_MAX) {
        return STATUS_LIMIT;
    }
    sort_entries(entries, count);
    TRY(check_entries(entries, count));
    write_directory(out, entries, count);
    for (size_t i = 0; i < count; i++) {
        text_add_raw(out, entries[i].name);
    }
    for (size_t i = 0; i < count && text_status(out) == STATUS_OK; i++) {
        while (text_status(out) == STATUS_OK && text_bytes(out).size % BUNDLE_ALIGNMENT != 0) {
            text_add_byte(out, '\0');
        }
        text_add_raw(out, entries[i].content);
    }
    return text_status(out);
}

static struct bytes part_of(struct cursor *cursor, uint64_t offset, uint64_t size)
{
    struct cursor part = *cursor;
    cursor_seek(&part, offset);
    struct bytes bytes = cursor_take(&part, size);
    if (cursor_status(&part) != STATUS_OK) {
        cursor_fail(cursor, cursor_status(&part), "a part lies outside the bundle");
    }
    return bytes;
}

static struct bundle_entry read_row(struct cursor *cursor)
{
    uint32_t name_offset = cursor_u32le(cursor);
    uint32_t name_size = cursor_u32le(cursor);
    uint64_t content_offset = cursor_u64le(cursor);
    uint64_t content_size = cursor_u64le(cursor);
    if (name_size == 0 || name_size > BUNDLE_NAME_SIZE_MAX) {
        cursor_fail(cursor, STATUS_LIMIT, "a name is empty or too long: BUNDLE_NAME_SIZE_MAX");
    }
    if (content_offset % BUNDLE_ALIGNMENT != 0) {
        cursor_fail(cursor, STATUS_MALFORMED, "a content is not aligned");
    }
    return (struct bundle_entry){part_of(cursor, name_offset, name_size),
                                 part_of(cursor, content_offset, content_size)};
}

enum status bundle_read(struct bytes image, struct bundle *out, struct fault *fault)
{
    struct cursor cursor = cursor_of(image);
    if (!cursor_accept(&cursor, MAGIC)) {
        cursor_fail(&cursor, STATUS_MALFORMED, "not a bundle");
    }
    uint32_t count =
        (uint32_t)cursor_count(&cursor, cursor_u32le(&cursor), ROW_SIZE, BUNDLE_ENTRIES_MAX);
    struct bytes last = BYTES_NONE;
    for (uint32_t i = 0; i < count && cursor_status(&cursor) == STATUS_OK; i++) {
        struct bundle_entry entry = read_row(&cursor);
        if (bytes_compare(last, entry.name) >= 0) {
            cursor_fail(&cursor, STATUS_MALFORMED, "names are not in ascending order");
        }
        last = entry.name;
    }
    if (cursor_status(&cursor) != STATUS_OK) {
        *fault = cursor.fault;
        return cursor_status(&cursor);
    }
    *out = (struct bundle){image, count};
    return STATUS_OK;
}

struct bundle_entry bundle_at(const struct bundle *bundle, uint32_t index)
{
    assert(index < bundle->count);
    struct cursor cursor = cursor_of(bundle->image);
    cursor_skip(&cursor, HEADER_SIZE + (size_t)index * ROW_SIZE);
    return read_row(&cursor);
}

/* The first entry whose name is not before `name`. */
static uint32_t first_from(const struct bundle *bundle, struct bytes name)
{
    uint32_t low = 0;
    uint32_t high = bundle->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (bytes_compare(bundle_at(bundle, middle).name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

enum status bundle_find(const struct bundle *bundle, const char *name, struct bytes *out)
{
    uint32_t index = first_from(bundle, bytes_of_text(name));
    if (index == bundle->count || !bytes_equal_text(bundle_at(bundle, index).name, name)) {
        return STATUS_NOT_FOUND;
    }
    *out = bundle_at(bundle, index).content;
    return STATUS_OK;
}

bool bundle_next(const struct bundle *bundle, const char *prefix, uint32_t *index,
                 struct bundle_entry *out)
{
    if (*index == 0) {
        *index = first_from(bundle, bytes_of_text(prefix));
    }
    if (*index >= bundle->count || !bytes_starts(bundle_at(bundle, *index).name, prefix)) {
        return false;
    }
    *out = bundle_at(bundle, (*index)++);
    return true;
}
