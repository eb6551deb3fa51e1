#include "access/seal/canonical.h"

#include "check.h"

static bool reads(struct bytes text, bool is_padded)
{
    uint8_t out[CANONICAL_BYTES];
    size_t size = 0;
    return canonical_read(text, is_padded, out, &size);
}

static void reads_what_it_writes_at_every_length(void **state)
{
    (void)state;
    uint8_t bytes[CANONICAL_BYTES];
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(i * 73 + 11);
    }
    for (size_t i = 0; i <= 2 * sizeof bytes; i++) {
        struct bytes part = {bytes, i / 2};
        AUTO(text_done) struct text text = text_of_limit(CANONICAL_COLUMNS + 1);
        uint8_t again[CANONICAL_BYTES];
        size_t size = 0;
        canonical_add(&text, part, i % 2 == 1);
        assert_true(canonical_read(text_bytes(&text), i % 2 == 1, again, &size));
        assert_true(bytes_equal((struct bytes){again, size}, part));
    }
}

/* Bytes above ASCII among them, some of which the library takes for letters. */
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
    uint8_t longer[CANONICAL_COLUMNS + 4];
    memset(longer, 'A', sizeof longer);
    assert_true(reads((struct bytes){longer, CANONICAL_COLUMNS}, true));
    assert_false(reads((struct bytes){longer, sizeof longer}, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_writes_at_every_length),
        cmocka_unit_test(takes_no_byte_but_those_of_the_alphabet),
        cmocka_unit_test(refuses_what_is_not_canonical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
