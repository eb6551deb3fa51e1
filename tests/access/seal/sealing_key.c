#include "access/seal/sealing_key.h"

#include "check.h"

#include "../scratch.h"

#define SECRET "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
#define RECIPIENT "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"

static void a_key_has_the_recipient_of_the_specification(void **state)
{
    (void)state;
    struct sealing_key key;
    const char *why = NULL;
    assert_ok(sealing_key_read(bytes_of_text("# made today\n\n" SECRET "\r\n"), &key, &why));
    AUTO(text_done) struct text text = text_of_limit(128);
    recipient_add(&key.recipient, &text);
    assert_string_equal(text_terminated(&text), RECIPIENT);
    struct recipient recipient;
    assert_ok(recipient_read(text_bytes(&text), &recipient, &why));
    assert_true(recipient_equal(&recipient, &key.recipient));
    sealing_key_done(&key);
}

static void says_what_is_wrong_with_the_file_of_a_key(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *why;
    } cases[] = {
        {"", "it does not begin as a key of this kind does"},
        {"# nothing but words\n", "it does not begin as a key of this kind does"},
        {RECIPIENT "\n", "it does not begin as a key of this kind does"},
        {SECRET "\n" SECRET "\n", "the file of the sealing key holds more than one key"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sealing_key key;
        const char *why = NULL;
        assert_status(sealing_key_read(bytes_of_text(cases[i].text), &key, &why),
                      STATUS_MALFORMED);
        assert_string_equal(why, cases[i].why);
    }
}

static void refuses_a_recipient_that_keeps_nothing_secret(void **state)
{
    (void)state;
    static const uint8_t zero[SEALING_KEY_SIZE];
    char text[BECH32_TEXT_MAX + 1];
    bech32_write_key("age", zero, false, text);
    struct recipient recipient;
    const char *why = NULL;
    assert_status(recipient_read(bytes_of_text(text), &recipient, &why), STATUS_MALFORMED);
    assert_string_equal(why, "it is a key that keeps nothing secret (a point of low order)");
}

static int open_folder(struct scratch *scratch)
{
    assert_int_equal(mkdir(scratch->home, 0700), 0);
    int folder = open(scratch->home, O_RDONLY | O_DIRECTORY);
    assert_true(folder >= 0);
    return folder;
}

static void what_is_saved_is_loaded_and_never_overwritten(void **state)
{
    (void)state;
    struct scratch scratch = scratch_new();
    int folder = open_folder(&scratch);
    struct sealing_key key;
    struct sealing_key again = {0};
    const char *why = NULL;
    assert_status(sealing_key_load(folder, "key", &again, &why), STATUS_NOT_FOUND);
    assert_ok(sealing_key_new(&key));
    assert_ok(sealing_key_save(&key, folder, "key"));
    assert_ok(sealing_key_load(folder, "key", &again, &why));
    assert_memory_equal(key.secret, again.secret, SEALING_KEY_SIZE);
    assert_true(recipient_equal(&key.recipient, &again.recipient));
    assert_status(sealing_key_save(&again, folder, "key"), STATUS_CONFLICT);
    sealing_key_done(&key);
    sealing_key_done(&again);
    close(folder);
    scratch_done(&scratch);
}

static void a_key_that_others_may_read_is_not_used(void **state)
{
    (void)state;
    struct scratch scratch = scratch_new();
    int folder = open_folder(&scratch);
    struct sealing_key key;
    const char *why = NULL;
    assert_ok(sealing_key_new(&key));
    assert_ok(sealing_key_save(&key, folder, "key"));
    sealing_key_done(&key);
    assert_int_equal(fchmodat(folder, "key", 0640, 0), 0);
    assert_status(sealing_key_load(folder, "key", &key, &why), STATUS_DENIED);
    assert_string_equal(why,
                        "the sealing key is not a file of the caller's own with mode 0600");
    assert_int_equal(symlinkat("key", folder, "link"), 0);
    assert_int_equal(fchmodat(folder, "key", 0600, 0), 0);
    assert_status(sealing_key_load(folder, "link", &key, &why), STATUS_DENIED);
    char longer[SEALING_KEY_FILE_MAX + 1];
    memset(longer, '#', sizeof longer);
    scratch_write(&scratch, "long", (struct bytes){(const uint8_t *)longer, sizeof longer});
    assert_status(sealing_key_load(folder, "long", &key, &why), STATUS_MALFORMED);
    assert_string_equal(why, "the file of the sealing key is longer than a key");
    close(folder);
    scratch_done(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_has_the_recipient_of_the_specification),
        cmocka_unit_test(says_what_is_wrong_with_the_file_of_a_key),
        cmocka_unit_test(refuses_a_recipient_that_keeps_nothing_secret),
        cmocka_unit_test(what_is_saved_is_loaded_and_never_overwritten),
        cmocka_unit_test(a_key_that_others_may_read_is_not_used),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
