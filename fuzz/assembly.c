/* Claims of parse/net/stream/assembly.h: whatever the segments, what is given is what the
 * first to say each byte said, in order, and gaps are exactly the bytes nobody said, as long as
 * nothing had to be given up early.  Two bytes of input make a segment. */
#include "fuzz.h"

#include <string.h>

#include "base/number.h"
#include "parse/net/stream/assembly.h"

#define STREAM_MAX 4096
#define MEMORY_MAX (16U << 20)

struct model {
    uint8_t first[STREAM_MAX]; /* what came first at each place */
    bool has[STREAM_MAX];
    size_t at; /* given so far */
    bool is_finished;
};

static enum status take_bytes(void *context, const struct piece *piece)
{
    struct model *model = context;
    CLAIM(piece->sequence == (uint32_t)model->at);
    for (size_t i = 0; i < piece->bytes.size; i++) {
        CLAIM(model->has[model->at]);
        CLAIM(model->first[model->at] == piece->bytes.data[i]);
        model->at++;
    }
    return STATUS_OK;
}

static enum status take_gap(void *context, uint64_t size)
{
    struct model *model = context;
    CLAIM(model->is_finished);
    for (uint64_t i = 0; i < size; i++) {
        CLAIM(!model->has[model->at++]);
    }
    return STATUS_OK;
}

static void take_conflict(void *context, const struct piece *piece)
{
    const struct model *model = context;
    bool differs = false;
    for (size_t i = 0; i < piece->bytes.size; i++) {
        size_t at = piece->sequence + i;
        differs |= model->has[at] && model->first[at] != piece->bytes.data[i];
    }
    CLAIM(differs);
}

static uint64_t is_indifferent(void *context)
{
    (void)context;
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new(MEMORY_MAX);
    struct assemblies all;
    struct assembly assembly = {.has_begun = true};
    static struct model model;
    memset(&model, 0, sizeof model);
    struct assembly_sink sink = {take_bytes, take_gap, take_conflict, is_indifferent, &model};
    assemblies_init(&all, arena);
    /* Fewer segments than can be held, so that nothing is given up. */
    size_t count = number_least(size / 2, ASSEMBLY_HELD_MAX / 2);
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[16];
        size_t at = (size_t)data[2 * i] * 8;
        size_t length = 1 + data[2 * i + 1] % sizeof bytes;
        for (size_t k = 0; k < length; k++) {
            bytes[k] = (uint8_t)(data[2 * i + 1] / 16 % 2 * i);
        }
        struct piece piece = {
            .sequence = (uint32_t)at, .bytes = {bytes, length}, .size = (uint32_t)length};
        for (size_t k = 0; k < length; k++) {
            if (!model.has[at + k] && at + k >= model.at) {
                model.has[at + k] = true;
                model.first[at + k] = bytes[k];
            }
        }
        CLAIM(assembly_take(&assembly, &all, &piece, &sink) == STATUS_OK);
    }
    model.is_finished = true;
    CLAIM(assembly_finish(&assembly, &all, &sink) == STATUS_OK);
    for (size_t at = model.at; at < STREAM_MAX; at++) {
        CLAIM(!model.has[at]);
    }
    CLAIM(all.starved == 0);
    arena_free(arena);
    return 0;
}
