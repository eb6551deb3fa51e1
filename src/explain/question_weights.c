#include "explain/question_weights.h"

#include "base/pack.h"

#define MAGIC "tocsinq1"

static void read_ids(struct cursor *cursor, struct question_weights *out)
{
    out->kind_count = cursor_count(cursor, cursor_u32le(cursor), 4, QUESTION_KINDS_MAX);
    for (size_t i = 0; i < out->kind_count; i++) {
        out->ids[i] = unpack_bytes(cursor, QUESTION_ID_SIZE_MAX);
    }
}

static enum status read_hashes(struct cursor *cursor, struct arena *arena,
                               struct question_weights *out)
{
    out->row_count =
        cursor_count(cursor, cursor_u32le(cursor), 4 + out->kind_count, QUESTION_ROWS_MAX);
    TRY(cursor_status(cursor));
    uint32_t *hashes = arena_take_many(arena, out->row_count + 1, sizeof *hashes);
    if (hashes == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < out->row_count; i++) {
        hashes[i] = cursor_u32le(cursor);
        if (i > 0 && hashes[i] <= hashes[i - 1]) {
            cursor_fail(cursor, STATUS_MALFORMED, "features out of order");
        }
    }
    out->hashes = hashes;
    return cursor_status(cursor);
}

enum status question_weights_read(struct bytes input, struct arena *arena,
                                  struct question_weights *out)
{
    struct cursor cursor = cursor_of(input);
    struct question_weights weights = {.kind_count = 0};
    if (!cursor_accept(&cursor, MAGIC)) {
        return STATUS_MALFORMED;
    }
    weights.digest = cursor_take(&cursor, QUESTION_DIGEST_SIZE);
    read_ids(&cursor, &weights);
    weights.unit = unpack_double(&cursor);
    TRY(read_hashes(&cursor, arena, &weights));
    weights.rows = cursor_take(&cursor, weights.row_count * weights.kind_count);
    TRY(unpack_end(&cursor));
    *out = weights;
    return STATUS_OK;
}

const uint8_t *question_weights_of(const struct question_weights *weights, uint32_t hash)
{
    size_t low = 0;
    size_t high = weights->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (weights->hashes[middle] < hash) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_there = low < weights->row_count && weights->hashes[low] == hash;
    return is_there ? &weights->rows.data[low * weights->kind_count] : NULL;
}

void question_weights_write(struct text *out, const struct question_weights *weights)
{
    text_add(out, MAGIC);
    text_add_raw(out, weights->digest);
    pack_u32(out, (uint32_t)weights->kind_count);
    for (size_t i = 0; i < weights->kind_count; i++) {
        pack_bytes(out, weights->ids[i]);
    }
    pack_double(out, weights->unit);
    pack_u32(out, (uint32_t)weights->row_count);
    for (size_t i = 0; i < weights->row_count; i++) {
        pack_u32(out, weights->hashes[i]);
    }
    text_add_raw(out, weights->rows);
}
