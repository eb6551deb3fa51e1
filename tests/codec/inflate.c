#include "codec/inflate.h"

#include "check.h"
#include "walls.h"

#include <string.h>
#include <zlib.h>

#include "base/text.h"

#define OUTPUT_SIZE (1U << 20)

static const struct inflate_limits ample = {.output_max = UINT64_MAX,
                                            .ratio_max = INFLATE_RATIO_MAX};
static struct arena *memory;
static uint8_t output[OUTPUT_SIZE];
static struct fault fault;

static int open_memory(void **state)
{
    (void)state;
    memory = arena_new(INFLATE_MEMORY_MAX);
    return memory == NULL ? -1 : 0;
}

static int free_memory(void **state)
{
    (void)state;
    arena_free(memory);
    return 0;
}

static void pack(struct text *out, struct bytes bytes, int window_bits)
{
    static uint8_t packed[OUTPUT_SIZE];
    z_stream stream = {.zalloc = NULL};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, 0), Z_OK);
    static uint8_t input[OUTPUT_SIZE];
    memcpy(input, bytes.data, bytes.size);
    stream.next_in = input;
    stream.avail_in = (uInt)bytes.size;
    stream.next_out = packed;
    stream.avail_out = sizeof packed;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    text_add_raw(out, (struct bytes){packed, sizeof packed - stream.avail_out});
    deflateEnd(&stream);
}

static void pack_gzip(struct text *out, const char *text)
{
    pack(out, bytes_of_text(text), MAX_WBITS + 16);
}

/* Unpacks `chunk` bytes at a time; what came out is `output`, up to `*size`. */
static enum status unpack(struct bytes packed, enum inflate_format format, size_t chunk,
                          struct inflate_limits limits, size_t *size)
{
    arena_reset(memory);
    struct cursor cursor = cursor_of(packed);
    struct inflate *inflate;
    assert_ok(inflate_open(memory, format, inflate_source_of(&cursor), limits, &inflate));
    *size = 0;
    for (;;) {
        size_t room = OUTPUT_SIZE - *size < chunk ? OUTPUT_SIZE - *size : chunk;
        size_t got = 0;
        enum status status = inflate_read(inflate, output + *size, room, &got);
        *size += got;
        if (status != STATUS_OK || got == 0) {
            assert_int_equal(inflate_total(inflate), *size);
            fault = inflate_fault(inflate);
            size_t again = 1;
            assert_status(inflate_read(inflate, output, 1, &again), status);
            assert_int_equal(again, 0);
            return status;
        }
    }
}

static void assert_output(size_t size, const char *text)
{
    assert_bytes((struct bytes){output, size}, text);
}

static void unpacks_each_format_in_chunks_of_any_size(void **state)
{
    (void)state;
    static const int bits[] = {MAX_WBITS + 16, MAX_WBITS, -MAX_WBITS};
    static const enum inflate_format formats[] = {INFLATE_GZIP, INFLATE_ZLIB, INFLATE_RAW};
    for (size_t i = 0; i < 3; i++) {
        struct text packed = text_of_limit(10000);
        pack(&packed, bytes_of_text("hello hello hello hello"), bits[i]);
        for (size_t chunk = 1; chunk < 30; chunk++) {
            size_t size;
            assert_ok(unpack(text_bytes(&packed), formats[i], chunk, ample, &size));
            assert_output(size, "hello hello hello hello");
        }
        text_done(&packed);
    }
}

static void reads_several_members_and_padding(void **state)
{
    (void)state;
    struct text packed = text_of_limit(10000);
    pack_gzip(&packed, "one,");
    pack_gzip(&packed, "");
    pack_gzip(&packed, "two");
    size_t size;
    assert_ok(unpack(text_bytes(&packed), INFLATE_GZIP, 100, ample, &size));
    assert_output(size, "one,two");
    for (int i = 0; i < 512; i++) {
        text_add_byte(&packed, '\0');
    }
    assert_ok(unpack(text_bytes(&packed), INFLATE_GZIP, 100, ample, &size));
    assert_output(size, "one,two");
    text_add(&packed, "x");
    assert_status(unpack(text_bytes(&packed), INFLATE_GZIP, 100, ample, &size),
                  STATUS_MALFORMED);
    assert_output(size, "one,two");
    text_done(&packed);
}

static void gives_what_stood_before_a_cut(void **state)
{
    (void)state;
    struct text packed = text_of_limit(10000);
    pack_gzip(&packed, "one,");
    size_t first = packed.size;
    pack_gzip(&packed, "two");
    for (size_t cut = 0; cut < packed.size; cut++) {
        size_t size;
        struct bytes part = bytes_part(text_bytes(&packed), 0, cut);
        enum status status = unpack(part, INFLATE_GZIP, 100, ample, &size);
        assert_status(status, cut == first ? STATUS_OK : STATUS_TRUNCATED);
        if (cut >= first) {
            assert_true(size >= 4);
            assert_memory_equal(output, "one,", 4);
        }
    }
    text_done(&packed);
}

static void says_where_the_damage_is(void **state)
{
    (void)state;
    struct text packed = text_of_limit(10000);
    pack_gzip(&packed, "a text of some length");
    size_t size;
    packed.data[packed.size - 8] ^= 1; /* the checksum */
    assert_status(unpack(text_bytes(&packed), INFLATE_GZIP, 100, ample, &size),
                  STATUS_MALFORMED);
    assert_output(size, "a text of some length");
    assert_string_equal(fault.what, "incorrect data check");
    assert_in_range(fault.offset, packed.size - 8, packed.size);
    packed.data[0] = 0;
    assert_status(unpack(text_bytes(&packed), INFLATE_GZIP, 100, ample, &size),
                  STATUS_MALFORMED);
    assert_int_equal(size, 0);
    text_done(&packed);
}

static void stops_at_the_output_allowed(void **state)
{
    (void)state;
    struct text packed = text_of_limit(10000);
    pack_gzip(&packed, "0123456789");
    size_t size;
    struct inflate_limits limits = {.output_max = 10, .ratio_max = INFLATE_RATIO_MAX};
    assert_ok(unpack(text_bytes(&packed), INFLATE_GZIP, 100, limits, &size));
    assert_output(size, "0123456789");
    limits.output_max = 9;
    assert_status(unpack(text_bytes(&packed), INFLATE_GZIP, 100, limits, &size), STATUS_LIMIT);
    assert_output(size, "012345678");
    text_done(&packed);
}

/* A source that gives the same gzip member of zeros as often as it is asked to. */
struct bomb {
    struct bytes member;
    size_t at;
    unsigned left;
};

static enum status read_bomb(void *context, uint8_t *buffer, size_t capacity, size_t *size)
{
    struct bomb *bomb = context;
    if (bomb->at == bomb->member.size && bomb->left > 0) {
        bomb->left--;
        bomb->at = 0;
    }
    struct bytes part = bytes_part(bomb->member, bomb->at, capacity);
    if (part.size > 0) {
        memcpy(buffer, part.data, part.size);
    }
    bomb->at += part.size;
    *size = part.size;
    return STATUS_OK;
}

static enum status drain(struct bomb *bomb, uint32_t ratio_max, uint64_t *total)
{
    arena_reset(memory);
    struct inflate *inflate;
    struct inflate_limits limits = {.output_max = UINT64_MAX, .ratio_max = ratio_max};
    assert_ok(inflate_open(memory, INFLATE_GZIP, (struct inflate_source){read_bomb, bomb},
                           limits, &inflate));
    enum status status = STATUS_OK;
    size_t got = 1;
    while (status == STATUS_OK && got > 0) {
        status = inflate_read(inflate, output, OUTPUT_SIZE, &got);
    }
    *total = inflate_total(inflate);
    return status;
}

static void stops_a_bomb_by_its_ratio_and_streams_the_rest_in_fixed_memory(void **state)
{
    (void)state;
    static const uint8_t zeros[1000000];
    struct text packed = text_of_limit(10000);
    pack(&packed, (struct bytes){zeros, sizeof zeros}, MAX_WBITS + 16);
    uint64_t total = 0;
    struct bomb bomb = {text_bytes(&packed), 0, 99};
    assert_status(drain(&bomb, INFLATE_RATIO_MAX, &total), STATUS_LIMIT);
    assert_in_range(total, INFLATE_RATIO_FREE, INFLATE_RATIO_FREE + OUTPUT_SIZE);
    size_t used = arena_used(memory);
    bomb = (struct bomb){text_bytes(&packed), 0, 99};
    assert_ok(drain(&bomb, 2000, &total));
    assert_int_equal(total, 100 * sizeof zeros);
    assert_int_equal(arena_used(memory), used);
    text_done(&packed);
}

static enum status read_nothing(void *context, uint8_t *buffer, size_t capacity, size_t *size)
{
    (void)context;
    (void)buffer;
    (void)capacity;
    (void)size;
    return STATUS_IO;
}

static void passes_on_what_fails_the_source(void **state)
{
    (void)state;
    arena_reset(memory);
    struct inflate *inflate;
    assert_ok(inflate_open(memory, INFLATE_GZIP, (struct inflate_source){read_nothing, NULL},
                           ample, &inflate));
    size_t size = 1;
    assert_status(inflate_read(inflate, output, 10, &size), STATUS_IO);
    assert_int_equal(size, 0);
    struct arena *small = arena_new(1000);
    assert_status(inflate_open(small, INFLATE_GZIP, (struct inflate_source){read_nothing, NULL},
                               ample, &inflate),
                  STATUS_NO_MEMORY);
    arena_free(small);
}

static bool a_stream_is_unpacked(void)
{
    static const uint8_t packed[] = {0x4b, 0x4c, 0x4a, 0x06, 0x00}; /* "abc", bare deflate */
    struct cursor cursor = cursor_of((struct bytes){packed, sizeof packed});
    struct arena *arena = arena_new(INFLATE_MEMORY_MAX);
    struct inflate *inflate;
    size_t size = 0;
    return arena != NULL &&
           inflate_open(arena, INFLATE_RAW, inflate_source_of(&cursor), ample, &inflate) ==
               STATUS_OK &&
           inflate_read(inflate, output, 100, &size) == STATUS_OK && size == 3 &&
           memcmp(output, "abc", 3) == 0;
}

static void works_behind_walls(void **state)
{
    (void)state;
    assert_true(walls_hold(a_stream_is_unpacked));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unpacks_each_format_in_chunks_of_any_size),
        cmocka_unit_test(reads_several_members_and_padding),
        cmocka_unit_test(gives_what_stood_before_a_cut),
        cmocka_unit_test(says_where_the_damage_is),
        cmocka_unit_test(stops_at_the_output_allowed),
        cmocka_unit_test(stops_a_bomb_by_its_ratio_and_streams_the_rest_in_fixed_memory),
        cmocka_unit_test(passes_on_what_fails_the_source),
        cmocka_unit_test(works_behind_walls),
    };
    return cmocka_run_group_tests(tests, open_memory, free_memory);
}
