/* Claims of codec/inflate.h: read in small pieces it gives what zlib gives at once, damaged or
 * not, and what was packed comes out as it went in. */
#include "codec/inflate.h"

#include "fuzz.h"

#include <string.h>
#include <zlib.h>

#define OUTPUT_SIZE (1U << 18)

struct whole {
    uint8_t data[OUTPUT_SIZE];
    size_t size;
    enum status status;
};

static void read_all(struct bytes packed, enum inflate_format format, size_t piece,
                     struct whole *whole)
{
    struct arena *AUTO(arena_done) arena = arena_new(INFLATE_MEMORY_MAX);
    struct cursor cursor = cursor_of(packed);
    struct inflate_limits limits = {.output_max = OUTPUT_SIZE, .ratio_max = 2000};
    struct inflate *inflate;
    CLAIM(inflate_open(arena, format, inflate_source_of(&cursor), limits, &inflate) ==
          STATUS_OK);
    whole->size = 0;
    size_t got = 0;
    do {
        size_t room = OUTPUT_SIZE + 1 - whole->size;
        uint8_t buffer[256];
        whole->status = inflate_read(inflate, buffer, room < piece ? room : piece, &got);
        CLAIM(whole->size + got <= OUTPUT_SIZE);
        memcpy(whole->data + whole->size, buffer, got);
        whole->size += got;
    } while (whole->status == STATUS_OK && got > 0);
}

/* zlib's own answer to a stream in one buffer. */
static void read_at_once(const uint8_t *data, size_t size, int window_bits, struct whole *whole)
{
    static uint8_t packed[1U << 20];
    size_t packed_size = size < sizeof packed ? size : sizeof packed;
    memcpy(packed, data, packed_size);
    z_stream stream = {.next_in = packed, .avail_in = (uInt)packed_size};
    CLAIM(inflateInit2(&stream, window_bits) == Z_OK);
    stream.next_out = whole->data;
    stream.avail_out = OUTPUT_SIZE;
    int result = inflate(&stream, Z_SYNC_FLUSH);
    whole->size = OUTPUT_SIZE - stream.avail_out;
    whole->status = result == Z_STREAM_END   ? STATUS_OK
                    : result == Z_NEED_DICT  ? STATUS_UNSUPPORTED
                    : stream.avail_out == 0  ? STATUS_LIMIT
                    : result == Z_DATA_ERROR ? STATUS_MALFORMED
                                             : STATUS_TRUNCATED;
    inflateEnd(&stream);
}

static void check_packed(const uint8_t *data, size_t size, size_t piece)
{
    static struct whole ours;
    static struct whole theirs;
    static const int bits[] = {MAX_WBITS, -MAX_WBITS};
    static const enum inflate_format formats[] = {INFLATE_ZLIB, INFLATE_RAW};
    for (size_t i = 0; i < 2; i++) {
        read_all((struct bytes){data, size}, formats[i], piece, &ours);
        read_at_once(data, size, bits[i], &theirs);
        CLAIM(ours.size == theirs.size && memcmp(ours.data, theirs.data, ours.size) == 0);
        CLAIM(ours.status == theirs.status || theirs.status == STATUS_LIMIT);
    }
    read_all((struct bytes){data, size}, INFLATE_GZIP, piece, &ours);
}

static void check_plain(const uint8_t *data, size_t size, size_t piece)
{
    static struct whole ours;
    static uint8_t plain[1U << 16];
    static uint8_t packed[1U << 17];
    size = size < sizeof plain ? size : sizeof plain;
    memcpy(plain, data, size);
    z_stream stream = {.next_in = plain, .avail_in = (uInt)size};
    CLAIM(deflateInit2(&stream, 1, Z_DEFLATED, MAX_WBITS + 16, 8, 0) == Z_OK);
    stream.next_out = packed;
    stream.avail_out = sizeof packed;
    CLAIM(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    deflateEnd(&stream);
    read_all((struct bytes){packed, sizeof packed - stream.avail_out}, INFLATE_GZIP, piece,
             &ours);
    CLAIM(ours.status == STATUS_OK);
    CLAIM(ours.size == size && memcmp(ours.data, data, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1) {
        return 0;
    }
    size_t piece = 1 + data[0] % 200;
    check_packed(data + 1, size - 1, piece);
    check_plain(data + 1, size - 1, piece);
    return 0;
}
