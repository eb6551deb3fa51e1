#include "access/seal/share.h"

#include "check.h"

static struct share share_of_size(size_t size)
{
    struct share share = {.identifier = 0x5a5a & 0x7fff,
                          .is_extendable = true,
                          .exponent = 3,
                          .group_index = 4,
                          .group_threshold = 2,
                          .group_count = 5,
                          .member_index = 15,
                          .member_threshold = 16,
                          .value_size = size};
    for (size_t i = 0; i < size; i++) {
        share.value[i] = (uint8_t)(i * 41 + 200);
    }
    return share;
}

static void what_is_written_reads_back_at_every_length(void **state)
{
    (void)state;
    for (size_t size = SHARE_SECRET_MIN; size <= SHARE_SECRET_MAX; size += 2) {
        struct share share = share_of_size(size);
        struct share again = {0};
        char words[SHARE_TEXT_MAX + 1];
        const char *why = NULL;
        size_t written = share_write(&share, words);
        assert_int_equal(written, strlen(words));
        assert_ok(share_read(bytes_of_text(words), &again, &why));
        assert_memory_equal(&again, &share, sizeof share);
    }
}

/* Swaps, losses and other words: what the checksum is there for. */
static void notices_one_or_two_words_that_are_changed(void **state)
{
    (void)state;
    struct share share = share_of_size(32);
    char words[SHARE_TEXT_MAX + 1];
    const char *why = NULL;
    size_t size = share_write(&share, words);
    size_t begin = 0;
    for (size_t i = 0; i <= size; i++) {
        if (i < size && words[i] != ' ') {
            continue;
        }
        AUTO(text_done) struct text changed = text_of_limit(2 * SHARE_TEXT_MAX);
        text_add_raw(&changed, bytes_part(bytes_of_text(words), 0, begin));
        bool is_zero = i - begin == 4 && memcmp(words + begin, "zero", 4) == 0;
        text_add(&changed, is_zero ? "yoga" : "zero");
        text_add_raw(&changed, bytes_from(bytes_of_text(words), i));
        struct share again;
        assert_status(share_read(text_bytes(&changed), &again, &why), STATUS_MALFORMED);
        begin = i + 1;
    }
}

static void says_what_is_wrong_with_a_share(void **state)
{
    (void)state;
    struct share again;
    const char *why = NULL;
    assert_status(share_read(bytes_of_text("academic academic"), &again, &why),
                  STATUS_TRUNCATED);
    assert_string_equal(why, "the share has too few words");
    assert_status(share_read(bytes_of_text("academic nonsense"), &again, &why),
                  STATUS_MALFORMED);
    assert_string_equal(why, "a word of the share is none of the list");
    assert_int_equal(share_find_unknown(bytes_of_text(" academic\nnonsense academic")), 2);
    assert_int_equal(share_find_unknown(bytes_of_text("academic academic ")), 0);
    assert_int_equal(share_count_words(bytes_of_text(" academic\nnonsense academic")), 3);
    assert_int_equal(share_count_words(BYTES_NONE), 0);
    AUTO(text_done) struct text text = text_of_limit(4096);
    text_add_repeat(&text, "academic ", 21);
    assert_status(share_read(text_bytes(&text), &again, &why), STATUS_MALFORMED);
    assert_string_equal(why, "no share has so many words");
    text_add_repeat(&text, "academic ", SHARE_WORDS_MAX);
    assert_status(share_read(text_bytes(&text), &again, &why), STATUS_LIMIT);
    assert_string_equal(why, "the share has more words than any share");
    text_clear(&text);
    text_add_repeat(&text, "zero ", 20);
    assert_status(share_read(text_bytes(&text), &again, &why), STATUS_MALFORMED);
    assert_string_equal(
        why, "the share's checksum is wrong: a word is mistyped, missing or in another place");
}

static void refuses_a_share_that_contradicts_itself(void **state)
{
    (void)state;
    struct share share = share_of_size(32);
    struct share again;
    const char *why = NULL;
    char words[SHARE_TEXT_MAX + 1];
    share.group_count = 1;
    share_write(&share, words);
    assert_status(share_read(bytes_of_text(words), &again, &why), STATUS_MALFORMED);
    assert_string_equal(why, "the share asks for more groups than there are");
    share = share_of_size(32);
    share.exponent = SHARE_EXPONENT_MAX + 1;
    share_write(&share, words);
    assert_status(share_read(bytes_of_text(words), &again, &why), STATUS_LIMIT);
    assert_string_equal(why, "the share asks for more work than is done");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_back_at_every_length),
        cmocka_unit_test(notices_one_or_two_words_that_are_changed),
        cmocka_unit_test(says_what_is_wrong_with_a_share),
        cmocka_unit_test(refuses_a_share_that_contradicts_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
