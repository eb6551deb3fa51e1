/* Claims of parse/net/frames.h: a frame lies inside the capture and is no larger than it says;
 * the size of the windows changes nothing; it ends. */
#include "fuzz.h"

#include <string.h>

#include "base/text.h"
#include "parse/net/frames.h"

#define MEMORY_MAX (8U << 20)

struct slow {
    struct bytes left;
    size_t step;
};

static enum status read_slowly(void *context, uint8_t *buffer, size_t capacity, size_t *out)
{
    struct slow *slow = context;
    struct bytes part =
        bytes_part(slow->left, 0, slow->step < capacity ? slow->step : capacity);
    if (part.size > 0) {
        memcpy(buffer, part.data, part.size);
    }
    slow->left = bytes_from(slow->left, part.size);
    *out = part.size;
    return STATUS_OK;
}

/* Says every frame, and what was passed over, in `said`. */
static void walk(struct bytes input, size_t step, struct text *said)
{
    struct arena *arena = arena_new(MEMORY_MAX);
    struct budget budget = budget_of(64 * input.size + 4096);
    struct slow slow = {input, step};
    struct stream stream;
    struct frames frames;
    CLAIM(stream_of_reader(&stream, read_slowly, &slow, arena) == STATUS_OK);
    enum frames_step next = FRAMES_ENDED;
    if (frames_open(&frames, &stream, arena, &budget) == STATUS_OK) {
        next = FRAMES_DAMAGED;
    }
    uint64_t before = 0;
    while (next != FRAMES_ENDED) {
        struct captured captured;
        next = frames_next(&frames, &captured);
        text_addf(said, "%d %s\n", (int)next,
                  next == FRAMES_GIVEN || frames.what == NULL ? "" : frames.what);
        if (next == FRAMES_GIVEN) {
            CLAIM(captured.size <= captured.wire_size);
            CLAIM(captured.size <= FRAMES_FRAME_SIZE_MAX);
            CLAIM(captured.bytes.size <= captured.size);
            CLAIM(stream.offset > before && stream.offset <= input.size);
            struct bytes there = bytes_part(input, stream.offset, captured.bytes.size);
            CLAIM(bytes_equal(captured.bytes, there));
            before = stream.offset;
            text_addf(said, "%llu %u %u %lld\n", (unsigned long long)stream.offset,
                      captured.size, captured.link_type, (long long)captured.at_ns);
        }
    }
    CLAIM(!budget.is_spent);
    arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct text whole = text_of_limit(64U << 20);
    struct text parts = text_of_limit(64U << 20);
    walk(input, SIZE_MAX, &whole);
    walk(input, 61, &parts);
    CLAIM(bytes_equal(text_bytes(&whole), text_bytes(&parts)));
    text_done(&whole);
    text_done(&parts);
    return 0;
}
