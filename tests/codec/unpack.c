#include "codec/unpack.h"

#include "check.h"
#include "walls.h"

#include <bzlib.h>
#include <lzma.h>
#include <string.h>
#include <zstd.h>

#include "base/text.h"

#define OUTPUT_SIZE (8U << 20)

static const struct inflate_limits ample = {.output_max = UINT64_MAX,
                                            .ratio_max = UNPACK_RATIO_MAX};
static uint8_t output[OUTPUT_SIZE];
static uint8_t packed_bytes[OUTPUT_SIZE];

/* `text` packed by the library, added to `out`. */
static void pack(struct text *out, enum unpack_format format, struct bytes text)
{
    size_t size = 0;
    unsigned bzip2_size = sizeof packed_bytes;
    switch (format) {
    case UNPACK_XZ:
        assert_int_equal(lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, text.data,
                                                 text.size, packed_bytes, &size,
                                                 sizeof packed_bytes),
                         LZMA_OK);
        break;
    case UNPACK_ZSTD:
        size = ZSTD_compress(packed_bytes, sizeof packed_bytes, text.data, text.size, 3);
        assert_false(ZSTD_isError(size));
        break;
    case UNPACK_BZIP2:
        assert_int_equal(BZ2_bzBuffToBuffCompress((char *)packed_bytes, &bzip2_size,
                                                  (char *)(uintptr_t)text.data,
                                                  (unsigned)text.size, 9, 0, 0),
                         BZ_OK);
        size = bzip2_size;
        break;
    }
    text_add_raw(out, (struct bytes){packed_bytes, size});
}

/* Unpacks `chunk` bytes at a time; what came out is `output`, up to `*size`. */
static enum status unpack(struct bytes packed, enum unpack_format format, size_t chunk,
                          struct inflate_limits limits, size_t *size)
{
    struct arena *arena = arena_new(UNPACK_MEMORY_MAX + (4U << 20));
    struct cursor cursor = cursor_of(packed);
    struct unpack *unpack;
    assert_ok(unpack_open(arena, format, inflate_source_of(&cursor), limits, &unpack));
    enum status status;
    size_t got = 0;
    *size = 0;
    do {
        size_t room = OUTPUT_SIZE - *size < chunk ? OUTPUT_SIZE - *size : chunk;
        status = unpack_read(unpack, &output[*size], room, &got);
        *size += got;
    } while (status == STATUS_OK && got > 0);
    assert_true(status == STATUS_OK || unpack_fault(unpack).what != NULL);
    arena_free(arena);
    return status;
}

static void assert_unpacks(struct bytes packed, enum unpack_format format, enum status status,
                           const char *expected)
{
    static const size_t chunks[] = {1, 7, OUTPUT_SIZE};
    for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
        size_t size;
        assert_status(unpack(packed, format, chunks[i], ample, &size), status);
        assert_bytes((struct bytes){output, size}, expected);
    }
}

static void gives_back_what_was_packed(void **state)
{
    (void)state;
    for (unsigned format = 0; format < UNPACK_FORMAT_COUNT; format++) {
        struct text AUTO(text_done) packed = text_of_limit(OUTPUT_SIZE);
        pack(&packed, format, bytes_of_text("one\n"));
        assert_unpacks(text_bytes(&packed), format, STATUS_OK, "one\n");
        pack(&packed, format, bytes_of_text("two\n"));
        text_add_raw(&packed, (struct bytes){(const uint8_t *)"\0\0\0\0", 4});
        assert_unpacks(text_bytes(&packed), format, STATUS_OK, "one\ntwo\n");
        text_add(&packed, "rest");
        assert_unpacks(text_bytes(&packed), format, STATUS_MALFORMED, "one\ntwo\n");
    }
}

static void keeps_what_comes_before_damage(void **state)
{
    (void)state;
    for (unsigned format = 0; format < UNPACK_FORMAT_COUNT; format++) {
        struct text AUTO(text_done) packed = text_of_limit(OUTPUT_SIZE);
        pack(&packed, format, bytes_of_text("one\n"));
        size_t first = packed.size;
        pack(&packed, format, bytes_of_text("two\n"));
        struct bytes cut = bytes_part(text_bytes(&packed), 0, first + 7);
        assert_unpacks(cut, format, STATUS_TRUNCATED, "one\n");
        packed.data[first + 5] = (char)(packed.data[first + 5] ^ 0x55);
        size_t size;
        assert_true(unpack(text_bytes(&packed), format, 64, ample, &size) != STATUS_OK);
        assert_true(size >= 4);
        assert_unpacks(BYTES_NONE, format, STATUS_TRUNCATED, "");
        assert_unpacks(bytes_of_text("no such stream"), format, STATUS_MALFORMED, "");
    }
}

/* Zstandard's blocks are of 128 KB: the first is kept where the second is damaged. */
static void keeps_the_blocks_before_damage(void **state)
{
    (void)state;
    struct text AUTO(text_done) lines = text_of_limit(OUTPUT_SIZE);
    for (unsigned i = 0; i < 20000; i++) {
        text_addf(&lines, "line %06u\n", i * 7919U % 20000U);
    }
    struct text AUTO(text_done) packed = text_of_limit(OUTPUT_SIZE);
    pack(&packed, UNPACK_ZSTD, text_bytes(&lines));
    memset(&packed.data[packed.size - 200], 0xff, 200);
    size_t size;
    assert_true(unpack(text_bytes(&packed), UNPACK_ZSTD, OUTPUT_SIZE, ample, &size) !=
                STATUS_OK);
    assert_true(size >= 100000);
    assert_memory_equal(output, lines.data, size);
}

static void stops_at_its_limits(void **state)
{
    (void)state;
    struct text AUTO(text_done) lines = text_of_limit(OUTPUT_SIZE);
    for (unsigned i = 0; i < 500000; i++) {
        text_addf(&lines, "line %06u\n", i);
    }
    for (unsigned format = 0; format < UNPACK_FORMAT_COUNT; format++) {
        struct text AUTO(text_done) packed = text_of_limit(OUTPUT_SIZE);
        pack(&packed, format, text_bytes(&lines));
        size_t size;
        struct inflate_limits limits = {.output_max = 1000, .ratio_max = UNPACK_RATIO_MAX};
        assert_status(unpack(text_bytes(&packed), format, 300, limits, &size), STATUS_LIMIT);
        assert_int_equal(size, 1000);
        limits = (struct inflate_limits){.output_max = UINT64_MAX, .ratio_max = 2};
        assert_status(unpack(text_bytes(&packed), format, 65536, limits, &size), STATUS_LIMIT);
        assert_true(size >= INFLATE_RATIO_FREE && size < lines.size);
        assert_ok(unpack(text_bytes(&packed), format, 65536, ample, &size));
        assert_int_equal(size, lines.size);
    }
}

/* Each stream asks for megabytes: a thousand must not ask for a thousand times that. */
static void refuses_zstandard_of_before_its_format(void **state)
{
    (void)state;
    static const uint8_t firsts[] = {0x1E, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27};
    for (size_t i = 0; i < sizeof firsts; i++) {
        uint8_t old[] = {firsts[i], 0xB5, 0x2F, 0xFD, 4, 0x58, 0x15, 1, 0, 0xE0, 'M', 'a', 'r'};
        assert_unpacks((struct bytes){old, sizeof old}, UNPACK_ZSTD, STATUS_UNSUPPORTED, "");
    }
}

static void needs_no_more_for_many_streams(void **state)
{
    (void)state;
    for (unsigned format = 0; format < UNPACK_FORMAT_COUNT; format++) {
        struct text AUTO(text_done) packed = text_of_limit(OUTPUT_SIZE);
        for (unsigned i = 0; i < 200; i++) {
            pack(&packed, format, bytes_of_text("x"));
        }
        size_t size;
        assert_ok(unpack(text_bytes(&packed), format, 4096, ample, &size));
        assert_int_equal(size, 200);
    }
}

static void refuses_what_asks_for_too_much(void **state)
{
    (void)state;
    lzma_options_lzma options;
    assert_false(lzma_lzma_preset(&options, 9));
    options.dict_size = 256U << 20;
    lzma_filter filters[] = {{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, NULL}};
    size_t size = 0;
    assert_int_equal(lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, NULL,
                                               (const uint8_t *)"x", 1, packed_bytes, &size,
                                               sizeof packed_bytes),
                     LZMA_OK);
    assert_unpacks((struct bytes){packed_bytes, size}, UNPACK_XZ, STATUS_LIMIT, "");
    /* A Zstandard frame of a window of 128 MB: magic, descriptor, window, one raw block. */
    static const uint8_t frame[] = {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x88, 0x09, 0x00, 0x00, 'x'};
    assert_unpacks((struct bytes){frame, sizeof frame}, UNPACK_ZSTD, STATUS_LIMIT, "");
}

static bool streams_are_unpacked(void)
{
    for (unsigned format = 0; format < UNPACK_FORMAT_COUNT; format++) {
        struct text packed = text_of_limit(OUTPUT_SIZE);
        size_t size;
        pack(&packed, format, bytes_of_text("behind the walls"));
        if (unpack(text_bytes(&packed), format, 5, ample, &size) != STATUS_OK || size != 16) {
            return false;
        }
    }
    return true;
}

static void works_behind_walls(void **state)
{
    (void)state;
    assert_true(walls_hold(streams_are_unpacked));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_was_packed),
        cmocka_unit_test(keeps_what_comes_before_damage),
        cmocka_unit_test(keeps_the_blocks_before_damage),
        cmocka_unit_test(stops_at_its_limits),
        cmocka_unit_test(refuses_zstandard_of_before_its_format),
        cmocka_unit_test(needs_no_more_for_many_streams),
        cmocka_unit_test(refuses_what_asks_for_too_much),
        cmocka_unit_test(works_behind_walls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
