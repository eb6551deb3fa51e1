#include "record/restricted.h"

#include "check.h"

#include <string.h>

static const struct restricted sample = {
    .name = BYTES_LITERAL("sample-pack"),
    .version = BYTES_LITERAL("2026.1"),
    .tlp = BYTES_LITERAL("AMBER+STRICT"),
    .group = BYTES_LITERAL("Example Sharing Group"),
    .key = BYTES_LITERAL("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
    .description = BYTES_LITERAL("What it is."),
    .sha256 = BYTES_LITERAL("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"),
    .grant = BYTES_LITERAL("grant-1"),
    .rule_count = 3,
};

static void what_was_written_is_read_again(void **state)
{
    (void)state;
    AUTO(text_done) struct text written = text_of_limit(RESTRICTED_SIZE_MAX);
    struct restricted again;
    restricted_write(&written, &sample);
    assert_ok(restricted_read(text_bytes(&written), &again));
    assert_bytes(again.name, "sample-pack");
    assert_bytes(again.version, "2026.1");
    assert_bytes(again.tlp, "AMBER+STRICT");
    assert_bytes(again.group, "Example Sharing Group");
    assert_true(bytes_equal(again.key, sample.key));
    assert_bytes(again.description, "What it is.");
    assert_true(bytes_equal(again.sha256, sample.sha256));
    assert_bytes(again.grant, "grant-1");
    assert_int_equal(again.rule_count, 3);
}

static void every_part_has_its_shape(void **state)
{
    (void)state;
    const char *what = NULL;
    struct restricted wrong[9];
    for (size_t i = 0; i < 9; i++) {
        wrong[i] = sample;
    }
    wrong[0].name = bytes_of_text("../sample");
    wrong[1].version = bytes_of_text("1 2");
    wrong[2].tlp = bytes_of_text("PINK");
    wrong[3].group = bytes_of_text("two\nlines");
    wrong[4].description = bytes_of_text("");
    wrong[5].sha256 = bytes_of_text("0123");
    wrong[6].grant = bytes_of_text("two words");
    wrong[7].rule_count = 0;
    wrong[8].key = bytes_of_text("two words");
    assert_true(restricted_check(&sample, &what));
    for (size_t i = 0; i < 9; i++) {
        AUTO(text_done) struct text written = text_of_limit(RESTRICTED_SIZE_MAX);
        struct restricted again;
        assert_false(restricted_check(&wrong[i], &what));
        assert_non_null(what);
        restricted_write(&written, &wrong[i]);
        assert_status(restricted_read(text_bytes(&written), &again), STATUS_MALFORMED);
    }
}

static void words_hold_nothing_that_is_not_seen(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "a\x1b[2Jb", /* C0 */
        "a\x7f"
        "b", /* DEL */
        "a\xc2\x85"
        "b", /* C1: a new line to some */
        "a\xc2\x9b"
        "2Jb", /* C1: what begins a command to a terminal */
        "a\xe2\x80\xae"
        "b", /* turns the reading direction */
        "a\xe2\x81\xa6"
        "b", /* isolates what follows */
        "a\xe2\x80\x8b"
        "b", /* takes no room */
        "a\xff"
        "b", /* no UTF-8 */
        "a\xc0\x80"
        "b",         /* overlong */
        "a\xe2\x80", /* cut off */
    };
    const char *what = NULL;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct restricted group = sample;
        struct restricted description = sample;
        group.group = description.description = bytes_of_text(wrong[i]);
        assert_false(restricted_check(&group, &what));
        assert_false(restricted_check(&description, &what));
    }
    struct restricted other = sample;
    other.group = bytes_of_text("Verbund f\xc3\xbcr Krankenh\xc3\xa4user");
    assert_true(restricted_check(&other, &what));
}

static void a_name_can_be_a_file_name_without_surprises(void **state)
{
    (void)state;
    assert_true(restricted_is_name(bytes_of_text("a")));
    assert_true(restricted_is_name(bytes_of_text("sample-pack-2")));
    static const char *const wrong[] = {
        "",    "-a",  "2a",
        "A",   "a/b", "a.b",
        "a b", "..",  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(restricted_is_name(bytes_of_text(wrong[i])));
    }
}

static void the_rule_of_a_pack_tells_which(void **state)
{
    (void)state;
    assert_bytes(restricted_pack_of_rule(bytes_of_text("capability/sample-pack/a-rule")),
                 "sample-pack");
    assert_int_equal(restricted_pack_of_rule(bytes_of_text("capability/a-rule")).size, 0);
    assert_int_equal(restricted_pack_of_rule(bytes_of_text("behaviour/x/y")).size, 0);
    assert_int_equal(restricted_pack_of_rule(bytes_of_text("capability/X!/y")).size, 0);
    assert_int_equal(restricted_pack_of_rule(bytes_of_text("capability/x/")).size, 1);
}

static void a_later_version_is_told_from_an_older_one(void **state)
{
    (void)state;
    static const char *const rising[] = {"0.9",  "1.0", "1.0.1",      "1.2-a",      "1.2-b",
                                         "1.10", "2",   "2026-11-28", "2026-12-01", "10000"};
    for (size_t i = 0; i < sizeof rising / sizeof *rising; i++) {
        for (size_t j = 0; j < sizeof rising / sizeof *rising; j++) {
            int order =
                restricted_compare_versions(bytes_of_text(rising[i]), bytes_of_text(rising[j]));
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
    assert_int_equal(restricted_compare_versions(bytes_of_text("1.02"), bytes_of_text("1.2")),
                     0);
}

static void a_message_with_more_behind_it_is_refused(void **state)
{
    (void)state;
    AUTO(text_done) struct text written = text_of_limit(RESTRICTED_SIZE_MAX);
    struct restricted again;
    restricted_write(&written, &sample);
    text_add_byte(&written, 0);
    assert_status(restricted_read(text_bytes(&written), &again), STATUS_MALFORMED);
    assert_int_not_equal(
        restricted_read(bytes_part(text_bytes(&written), 0, written.size - 2), &again),
        STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read_again),
        cmocka_unit_test(every_part_has_its_shape),
        cmocka_unit_test(words_hold_nothing_that_is_not_seen),
        cmocka_unit_test(a_name_can_be_a_file_name_without_surprises),
        cmocka_unit_test(the_rule_of_a_pack_tells_which),
        cmocka_unit_test(a_later_version_is_told_from_an_older_one),
        cmocka_unit_test(a_message_with_more_behind_it_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
