#include "access/seal/bech32.h"

#include "check.h"

/* The key that the specification shows, and its recipient. */
#define SECRET "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
#define RECIPIENT "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"

static void reads_and_writes_the_key_of_the_specification(void **state)
{
    (void)state;
    uint8_t key[BECH32_KEY_SIZE];
    const char *why = NULL;
    assert_ok(bech32_read_key(bytes_of_text(SECRET), "age-secret-key-", key, &why));
    for (size_t i = 0; i < sizeof key; i++) {
        assert_int_equal(key[i], 0x42);
    }
    char again[BECH32_TEXT_MAX + 1];
    assert_int_equal(bech32_write_key("age-secret-key-", key, true, again), strlen(SECRET));
    assert_string_equal(again, SECRET);
    assert_ok(bech32_read_key(bytes_of_text(RECIPIENT), "age", key, &why));
    bech32_write_key("age", key, false, again);
    assert_string_equal(again, RECIPIENT);
}

static void says_what_is_wrong_with_a_key(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *why;
    } cases[] = {
        {"", "it does not begin as a key of this kind does"},
        {"age", "it does not begin as a key of this kind does"},
        {"ag1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
         "it does not begin as a key of this kind does"},
        {"age2zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
         "it does not begin as a key of this kind does"},
        {"age1Zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
         "it has upper and lower case letters"},
        {"age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujw",
         "it is not as long as a key"},
        {"age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwjj",
         "it is not as long as a key"},
        {"age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwb",
         "a character is none that keys are written in"},
        {"age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwq",
         "its checksum is wrong: a character is mistyped"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t key[BECH32_KEY_SIZE];
        const char *why = NULL;
        assert_status(bech32_read_key(bytes_of_text(cases[i].text), "age", key, &why),
                      STATUS_MALFORMED);
        assert_string_equal(why, cases[i].why);
    }
}

static void notices_every_character_that_is_changed(void **state)
{
    (void)state;
    char text[] = RECIPIENT;
    for (size_t i = 0; i < sizeof text - 1; i++) {
        char kept = text[i];
        text[i] = kept == 'q' ? 'p' : 'q';
        uint8_t key[BECH32_KEY_SIZE];
        const char *why = NULL;
        assert_status(bech32_read_key(bytes_of_text(text), "age", key, &why), STATUS_MALFORMED);
        text[i] = kept;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_the_key_of_the_specification),
        cmocka_unit_test(says_what_is_wrong_with_a_key),
        cmocka_unit_test(notices_every_character_that_is_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
