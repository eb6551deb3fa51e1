#include "codec/jsonout_restore.h"

#include "check.h"

static void restores_named_bytes_only(void **state)
{
    (void)state;
    struct arena *arena = arena_new(10000);
    struct bytes out = BYTES_NONE;
    struct bytes plain = bytes_of_text("gr\xc3\xbc\xc3\x9f");
    assert_ok(jsonout_restore(plain, arena, &out));
    assert_ptr_equal(out.data, plain.data);
    assert_ok(jsonout_restore(bytes_of_text("a\xef\xbf\xbd"
                                            "ff"
                                            "b\xef\xbf\xbd"
                                            "0a"),
                              arena, &out));
    assert_bytes(out, "a\xff"
                      "b\n");
    /* Not followed by two digits, it names nothing. */
    assert_ok(jsonout_restore(bytes_of_text("\xef\xbf\xbd"
                                            "fg\xef\xbf\xbd"
                                            "f"),
                              arena, &out));
    assert_bytes(out, "\xef\xbf\xbd"
                      "fg\xef\xbf\xbd"
                      "f");
    arena_free(arena);
}

static void says_when_memory_is_used_up(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1);
    struct bytes out = BYTES_NONE;
    assert_status(jsonout_restore(bytes_of_text("\xef\xbf\xbd"
                                                "ff"),
                                  arena, &out),
                  STATUS_NO_MEMORY);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(restores_named_bytes_only),
        cmocka_unit_test(says_when_memory_is_used_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
