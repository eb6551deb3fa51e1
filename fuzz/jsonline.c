/* Claims of codec/jsonline.h: limits hold, paths are short, text is no longer than the line,
 * and a line read between leaves nothing behind. */
#include "fuzz.h"

#include "base/text.h"
#include "codec/jsonline.h"

#define SIZE_MAX_TRIED 65536U

static uint64_t say(struct jsonline *reader, struct bytes line, struct text *said)
{
    struct arena *arena = arena_new(8U << 20);
    const struct jsonline_value *values = NULL;
    size_t count = 0;
    enum status status = jsonline_read(reader, line, arena, &values, &count);
    CLAIM(status == STATUS_OK || status == STATUS_MALFORMED || status == STATUS_LIMIT);
    CLAIM(count <= JSONLINE_VALUES_MAX);
    for (size_t i = 0; i < count; i++) {
        CLAIM(values[i].path.size <= JSONLINE_PATH_MAX);
        CLAIM(values[i].text.size <= line.size);
        CLAIM(values[i].kind != JSONLINE_NUMBER || values[i].text.size > 0);
        text_add_raw(said, values[i].path);
        text_addf(said, " %d %d ", values[i].kind, values[i].is_item);
        text_add_raw(said, values[i].text);
    }
    text_addf(said, "%d", status);
    arena_free(arena);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes line = {data, size};
    struct text once = text_of_limit(16U << 20);
    struct text again = text_of_limit(16U << 20);
    struct jsonline *reader = NULL;
    CLAIM(jsonline_open(SIZE_MAX_TRIED, &reader) == STATUS_OK);
    uint64_t count = say(reader, line, &once);
    struct bytes cut = bytes_part(line, 0, size / 2);
    struct text other = text_of_limit(16U << 20);
    say(reader, cut, &other); /* another line between leaves nothing behind */
    CLAIM(say(reader, line, &again) == count);
    CLAIM(bytes_equal(text_bytes(&once), text_bytes(&again)));
    jsonline_close(&reader);
    CLAIM(reader == NULL);
    text_done(&once);
    text_done(&again);
    text_done(&other);
    return 0;
}
