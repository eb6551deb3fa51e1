#include "codec/base64.h"

#include "check.h"

static struct arena *memory;

static int open_memory(void **state)
{
    (void)state;
    memory = arena_new(1U << 20);
    return memory == NULL ? -1 : 0;
}

static int free_memory(void **state)
{
    (void)state;
    arena_free(memory);
    return 0;
}

static void assert_decoded(const char *text, unsigned flags, const char *want)
{
    struct bytes out = BYTES_NONE;
    assert_ok(base64_decode(bytes_of_text(text), flags, memory, &out));
    assert_bytes(out, want);
}

static void assert_refused(const char *text, unsigned flags)
{
    struct bytes out = BYTES_NONE;
    if (base64_decode(bytes_of_text(text), flags, memory, &out) != STATUS_MALFORMED) {
        fail_msg("accepted: %s", text);
    }
    assert_null(out.data);
}

static void agrees_with_the_standard_both_ways(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_decoded(pairs[i][1], 0, pairs[i][0]);
        struct text text = text_of_limit(100);
        base64_add(&text, bytes_of_text(pairs[i][0]), 0);
        assert_string_equal(text_terminated(&text), pairs[i][1]);
        text_done(&text);
    }
}

static void takes_only_the_canonical_form_unless_told(void **state)
{
    (void)state;
    static const char *const forms[] = {"Zg", "Zg=", "Zm8", "Zm 9v", "Zm9v\n", "Zh==", "Zm9="};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        assert_refused(forms[i], 0);
    }
    assert_decoded("Zg", BASE64_TOLERANT, "f");
    assert_decoded("Zg=", BASE64_TOLERANT, "f");
    assert_decoded(" Z m\r\n8 ", BASE64_TOLERANT, "fo");
    assert_decoded("Zh==", BASE64_TOLERANT, "f");
}

static void refuses_what_no_program_would_take(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "Z", "Zm9vY", "Zm9v!", "Zg==Zg==", "Z===", "Zg===", "=Zg"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_refused(wrong[i], 0);
        assert_refused(wrong[i], BASE64_TOLERANT);
    }
}

static void has_two_alphabets(void **state)
{
    (void)state;
    assert_decoded("++//", 0, "\xfb\xef\xff");
    assert_decoded("--__", BASE64_URL, "\xfb\xef\xff");
    assert_refused("--__", 0);
    assert_refused("++//", BASE64_URL);
    struct text text = text_of_limit(100);
    base64_add(&text, bytes_of_text("\xfb\xef\xff"), BASE64_URL);
    assert_string_equal(text_terminated(&text), "--__");
    text_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_standard_both_ways),
        cmocka_unit_test(takes_only_the_canonical_form_unless_told),
        cmocka_unit_test(refuses_what_no_program_would_take),
        cmocka_unit_test(has_two_alphabets),
    };
    return cmocka_run_group_tests(tests, open_memory, free_memory);
}
