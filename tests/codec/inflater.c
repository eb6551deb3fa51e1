#include "codec/inflater.h"

#include "check.h"

#include <stdalign.h>
#include <string.h>
#include <zlib.h>

#include "base/text.h"

static alignas(max_align_t) uint8_t memory[INFLATER_SIZE];
static uint8_t packed[1U << 20];

static struct bytes pack_text(struct text *all, int window_bits)
{
    z_stream stream = {.zalloc = NULL};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, 0), Z_OK);
    stream.next_in = (Bytef *)all->data;
    stream.avail_in = (uInt)all->size;
    stream.next_out = packed;
    stream.avail_out = sizeof packed;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t size = stream.total_out;
    deflateEnd(&stream);
    text_done(all);
    return (struct bytes){packed, size};
}

static struct bytes pack(const char *text, size_t repeats, int window_bits)
{
    struct text all = text_of_limit(64U << 20);
    text_add_repeat(&all, text, repeats);
    return pack_text(&all, window_bits);
}

/* Hands the bytes over in parts of `step`; gives what came out. */
static struct text unpack(struct inflater *inflater, struct bytes input, size_t step,
                          enum status *status)
{
    struct text out = text_of_limit(64U << 20);
    *status = STATUS_OK;
    while (input.size > 0 && *status == STATUS_OK) {
        struct bytes part = bytes_part(input, 0, step);
        input = bytes_from(input, step);
        size_t size = 1;
        while ((size > 0 || part.size > 0) && *status == STATUS_OK) {
            uint8_t buffer[333];
            *status = inflater_push(inflater, &part, buffer, sizeof buffer, &size);
            text_add_raw(&out, (struct bytes){buffer, size});
        }
    }
    return out;
}

static void unpacks_in_parts_of_any_size(void **state)
{
    (void)state;
    static const struct {
        enum inflate_format format;
        int bits;
    } cases[] = {
        {INFLATE_GZIP, MAX_WBITS + 16}, {INFLATE_ZLIB, MAX_WBITS}, {INFLATE_RAW, -MAX_WBITS}};
    for (size_t i = 0; i < 3; i++) {
        for (size_t step = 1; step < 10000; step = step * 7 + 1) {
            struct bytes input = pack("to be found again ", 5000, cases[i].bits);
            struct inflater *inflater = inflater_begin(memory, cases[i].format, UINT64_MAX);
            assert_non_null(inflater);
            enum status status;
            struct text out = unpack(inflater, input, step, &status);
            assert_ok(status);
            assert_int_equal(out.size, 5000 * 18);
            assert_memory_equal(out.data + 18 * 4999, "to be found again ", 18);
            assert_true(inflater_is_finished(inflater));
            text_done(&out);
        }
    }
}

static void gives_what_came_before_damage(void **state)
{
    (void)state;
    struct text numbers = text_of_limit(1U << 20);
    for (uint32_t i = 0; i < 20000; i++) {
        text_addf(&numbers, "%u ", i * 2654435761U);
    }
    struct bytes input = pack_text(&numbers, MAX_WBITS);
    memset(packed + input.size / 2, 0xff, 400);
    struct inflater *inflater = inflater_begin(memory, INFLATE_ZLIB, UINT64_MAX);
    enum status status;
    struct text out = unpack(inflater, input, 100, &status);
    assert_status(status, STATUS_MALFORMED);
    assert_true(out.size > 1000);
    assert_false(inflater_is_finished(inflater));
    text_done(&out);
}

static void stops_at_its_limits(void **state)
{
    (void)state;
    struct bytes input = pack("x", 32U << 20, MAX_WBITS);
    enum status status;
    struct inflater *inflater = inflater_begin(memory, INFLATE_ZLIB, UINT64_MAX);
    struct text out = unpack(inflater, input, 4096, &status);
    assert_status(status, STATUS_LIMIT);
    assert_true(out.size >= INFLATE_RATIO_FREE && out.size < 32U << 20);
    text_done(&out);
    inflater = inflater_begin(memory, INFLATE_ZLIB, 1000);
    out = unpack(inflater, input, 4096, &status);
    assert_status(status, STATUS_LIMIT);
    assert_int_equal(out.size, 1000);
    text_done(&out);
}

static void unpacks_exactly_as_much_as_is_allowed(void **state)
{
    (void)state;
    struct bytes input = pack("0123456789", 100, MAX_WBITS);
    enum status status;
    struct inflater *inflater = inflater_begin(memory, INFLATE_ZLIB, 1000);
    struct text out = unpack(inflater, input, 7, &status);
    assert_ok(status);
    assert_int_equal(out.size, 1000);
    assert_true(inflater_is_finished(inflater));
    text_done(&out);
}

static void does_not_finish_what_is_cut(void **state)
{
    (void)state;
    struct bytes input = pack("0123456789", 20000, MAX_WBITS + 16);
    struct inflater *inflater = inflater_begin(memory, INFLATE_GZIP, UINT64_MAX);
    enum status status;
    struct text out = unpack(inflater, bytes_part(input, 0, input.size - 9), 100, &status);
    assert_ok(status);
    assert_false(inflater_is_finished(inflater));
    text_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unpacks_in_parts_of_any_size),
        cmocka_unit_test(gives_what_came_before_damage),
        cmocka_unit_test(stops_at_its_limits),
        cmocka_unit_test(unpacks_exactly_as_much_as_is_allowed),
        cmocka_unit_test(does_not_finish_what_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
