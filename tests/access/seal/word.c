#include "access/seal/word.h"

#include "base/text.h"
#include "check.h"
#include "codec/sha256.h"

static void the_list_is_the_one_that_was_published(void **state)
{
    (void)state;
    AUTO(text_done) struct text list = text_of_limit(16384);
    for (unsigned i = 0; i < WORD_COUNT; i++) {
        text_add(&list, word_at(i));
        text_add_byte(&list, '\n');
    }
    struct sha256 hash = sha256_of(text_bytes(&list));
    AUTO(text_done) struct text hex = text_of_limit(128);
    sha256_add_hex(&hex, &hash);
    assert_string_equal(text_terminated(&hex),
                        "bcc4555340332d169718aed8bf31dd9d5248cb7da6e5d355140ef4f1e601eec3");
}

static void finds_every_word_in_either_case(void **state)
{
    (void)state;
    for (unsigned i = 0; i < WORD_COUNT; i++) {
        unsigned found = WORD_COUNT;
        assert_ok(word_find(bytes_of_text(word_at(i)), &found));
        assert_int_equal(found, i);
        char upper[WORD_SIZE_MAX + 1] = "";
        for (size_t j = 0; word_at(i)[j] != '\0'; j++) {
            upper[j] = (char)(word_at(i)[j] - 'a' + 'A');
        }
        assert_ok(word_find(bytes_of_text(upper), &found));
        assert_int_equal(found, i);
    }
}

static void refuses_what_is_no_word_of_it(void **state)
{
    (void)state;
    static const char *const others[] = {"",     "a",         "acade",           "academicx",
                                         "zzzz", "academic ", "incomprehensible"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        unsigned found = 0;
        assert_status(word_find(bytes_of_text(others[i]), &found), STATUS_NOT_FOUND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_is_the_one_that_was_published),
        cmocka_unit_test(finds_every_word_in_either_case),
        cmocka_unit_test(refuses_what_is_no_word_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
