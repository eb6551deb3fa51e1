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

/* Into a whole line and no more. */
static bool reads(struct bytes text, bool is_padded)
{
    uint8_t out[BASE64_LINE_BYTES];
    size_t size = 0;
    return base64_read(text, is_padded ? 0 : BASE64_UNPADDED, out, sizeof out, &size) ==
           STATUS_OK;
}

static void reads_what_it_writes_at_every_length(void **state)
{
    (void)state;
    uint8_t bytes[BASE64_LINE_BYTES];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 73 + 11);
    }
    for (size_t i = 0; i <= 2 * sizeof bytes; i++) {
        struct bytes part = {bytes, i / 2};
        AUTO(text_done) struct text text = text_of_limit(BASE64_LINE_COLUMNS + 1);
        uint8_t again[BASE64_LINE_BYTES];
        size_t size = 0;
        unsigned flags = i % 2 == 1 ? 0 : BASE64_UNPADDED;
        base64_add(&text, part, flags);
        assert_ok(base64_read(text_bytes(&text), flags, again, sizeof again, &size));
        assert_true(bytes_equal((struct bytes){again, size}, part));
    }
}

/* Bytes above ASCII among them, some of which other readers take for letters. */
static void takes_no_byte_but_those_of_the_alphabet(void **state)
{
    (void)state;
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (unsigned byte = 0; byte < 256; byte++) {
        uint8_t text[4] = {'A', (uint8_t)byte, 'A', 'A'};
        bool is_letter = byte != 0 && strchr(alphabet, (int)byte) != NULL;
        assert_int_equal(reads((struct bytes){text, sizeof text}, false), is_letter);
        assert_int_equal(reads((struct bytes){text, sizeof text}, true), is_letter);
    }
}

static void refuses_what_is_not_canonical(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_padded;
    } cases[] = {{"A", false},    {"AB", false},   {"AAB", false},     {"AA==", false},
                 {"AAA=", false}, {"AA", true},    {"AAA", true},      {"AAB=", true},
                 {"AB==", true},  {"AAAA=", true}, {"AAAA====", true}, {"AA AA", false},
                 {"AAAA\n", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(reads(bytes_of_text(cases[i].text), cases[i].is_padded));
    }
    uint8_t longer[BASE64_LINE_COLUMNS + 4];
    memset(longer, 'A', sizeof longer);
    assert_true(reads((struct bytes){longer, BASE64_LINE_COLUMNS}, true));
    assert_false(reads((struct bytes){longer, sizeof longer}, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_standard_both_ways),
        cmocka_unit_test(takes_only_the_canonical_form_unless_told),
        cmocka_unit_test(refuses_what_no_program_would_take),
        cmocka_unit_test(has_two_alphabets),
        cmocka_unit_test(reads_what_it_writes_at_every_length),
        cmocka_unit_test(takes_no_byte_but_those_of_the_alphabet),
        cmocka_unit_test(refuses_what_is_not_canonical),
    };
    return cmocka_run_group_tests(tests, open_memory, free_memory);
}
