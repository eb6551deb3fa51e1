/* Claims of codec/unpack.h: a whole stream comes out in small pieces as at once, of a damaged
 * one what comes out begins the same, there is no more than the limits allow, and the memory of
 * the arena is enough.  The first byte of the input is the format. */
#include "codec/unpack.h"

#include "fuzz.h"

#include <string.h>

#define OUTPUT_SIZE (1U << 18)

struct whole {
    uint8_t data[OUTPUT_SIZE];
    size_t size;
    enum status status;
};

static void read_all(struct bytes packed, enum unpack_format format, size_t piece,
                     struct whole *whole)
{
    struct arena *AUTO(arena_done) arena = arena_new(UNPACK_MEMORY_MAX + (4U << 20));
    struct cursor cursor = cursor_of(packed);
    struct inflate_limits limits = {.output_max = OUTPUT_SIZE, .ratio_max = UNPACK_RATIO_MAX};
    struct unpack *unpack;
    CLAIM(unpack_open(arena, format, inflate_source_of(&cursor), limits, &unpack) == STATUS_OK);
    whole->size = 0;
    size_t got = 0;
    do {
        uint8_t buffer[4096];
        size_t room = piece < sizeof buffer ? piece : sizeof buffer;
        whole->status = unpack_read(unpack, buffer, room, &got);
        CLAIM(got <= room && whole->size + got <= OUTPUT_SIZE);
        memcpy(&whole->data[whole->size], buffer, got);
        whole->size += got;
    } while (whole->status == STATUS_OK && got > 0);
    CLAIM(whole->status != STATUS_NO_MEMORY);
    CLAIM(whole->status == STATUS_OK || unpack_fault(unpack).offset <= packed.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct whole large;
    static struct whole small;
    if (size == 0) {
        return 0;
    }
    struct bytes packed = bytes_from((struct bytes){data, size}, 1);
    enum unpack_format format = data[0] % UNPACK_FORMAT_COUNT;
    read_all(packed, format, SIZE_MAX, &large);
    read_all(packed, format, 3, &small);
    CLAIM((large.status == STATUS_OK) == (small.status == STATUS_OK));
    CLAIM(large.status != STATUS_OK || large.size == small.size);
    size_t size_both = large.size < small.size ? large.size : small.size;
    CLAIM(memcmp(large.data, small.data, size_both) == 0);
    return 0;
}
