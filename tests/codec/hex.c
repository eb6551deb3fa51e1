#include "codec/hex.h"

#include "check.h"

static void decodes_digits_of_either_case(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1000);
    struct bytes out = BYTES_NONE;
    assert_ok(hex_decode(bytes_of_text("4a4B6c"), arena, &out));
    assert_bytes(out, "JKl");
    assert_ok(hex_decode(BYTES_NONE, arena, &out));
    assert_int_equal(out.size, 0);
    arena_free(arena);
}

static void refuses_what_is_not_hexadecimal(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1000);
    struct bytes out = BYTES_NONE;
    static const char *const wrong[] = {"4", "4g", "g4", "4 ", "0x41", "@1", "4`", "/0", "0:"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_status(hex_decode(bytes_of_text(wrong[i]), arena, &out), STATUS_MALFORMED);
    }
    assert_null(out.data);
    arena_free(arena);
}

static void leaves_the_output_alone_on_failure(void **state)
{
    (void)state;
    uint8_t out[2] = {7, 7};
    assert_status(hex_read(bytes_of_text("41zz"), out, sizeof out), STATUS_MALFORMED);
    assert_status(hex_read(bytes_of_text("414141"), out, sizeof out), STATUS_MALFORMED);
    assert_int_equal(out[0], 7);
    assert_int_equal(out[1], 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decodes_digits_of_either_case),
        cmocka_unit_test(refuses_what_is_not_hexadecimal),
        cmocka_unit_test(leaves_the_output_alone_on_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
