#include "parse/log/stamp.h"

#include "check.h"

static void assert_time(bool found, struct moment at, const char *expected)
{
    struct text AUTO(text_done) text = text_of_limit(64);
    if (found) {
        moment_add_rfc3339(&text, at);
    }
    assert_string_equal(text_terminated(&text), expected);
}

static void reads_the_time_of_web_servers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"03/Mar/2026:02:10:00 +0100", "2026-03-03T01:10:00Z"},
        {"03/Mar/2026:02:10:00 -0930", "2026-03-03T11:40:00Z"},
        {"03/Mar/2026 02:10:00", "2026-03-03T02:10:00Z"},
        {"29/Feb/2026:02:10:00 +0100", ""},
        {"03/Mrz/2026:02:10:00 +0100", ""},
        {"03/Mar/2026:02:10:00 +0100x", ""},
        {"03/Mar/9999:02:10:00 +0100", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct moment at = {0};
        bool found = stamp_web(bytes_of_text(cases[i].text), &at);
        assert_time(found, at, cases[i].expected);
    }
}

static void finds_a_clock_wherever_it_stands(void **state)
{
    (void)state;
    static const char *const with[] = {"02:10:00", "x02:10:00x", "a:b 1:2: 12:3:4 23:59:60",
                                       "::02:10:00", "02:10:00.5"};
    static const char *const without[] = {"",         ":",        "02:10:0",
                                          "2:10:00",  "02:10",    "02-10-00",
                                          "0a:10:00", "02:1:000", "12:34:5x 1:23:45"};
    for (size_t i = 0; i < sizeof with / sizeof *with; i++) {
        assert_true(stamp_has_clock(bytes_of_text(with[i])));
    }
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        assert_false(stamp_has_clock(bytes_of_text(without[i])));
    }
    assert_false(stamp_has_clock(BYTES_NONE));
}

static void reads_asctime(void **state)
{
    (void)state;
    struct moment at = {0};
    bool found = stamp_asctime(bytes_of_text("Tue Mar  3 02:10:00.5 2026"), &at);
    assert_time(found, at, "2026-03-03T02:10:00.500Z");
    assert_false(at.zone_known);
    found = stamp_asctime(bytes_of_text("Sun Dec 04 04:47:44 2005"), &at);
    assert_time(found, at, "2005-12-04T04:47:44Z");
    assert_false(stamp_asctime(bytes_of_text("Sun Dec 04 04:47 2005"), &at));
}

static void takes_dates_off_a_cursor(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *expected;
        size_t taken;
    } cases[] = {
        {"2026/03/03 02:10:00 [", "2026-03-03T02:10:00Z", 19},
        {"2026-03-03T02:10:00.25+01:00", "2026-03-03T01:10:00.250Z", 28},
        {"2026-03-03 02:10:00,123 x", "2026-03-03T02:10:00.123Z", 23},
        {"2026-03/03 02:10:00", "", 0},
        {"2026.03.03 02:10:00", "", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct cursor cursor = cursor_of(bytes_of_text(cases[i].text));
        struct moment at = {0};
        bool found = stamp_dated(&cursor, &at);
        assert_time(found, at, cases[i].expected);
        assert_int_equal(cursor_offset(&cursor), cases[i].taken);
    }
}

static void reads_seconds_since_1970(void **state)
{
    (void)state;
    struct moment at = {0};
    bool found = stamp_epoch(bytes_of_text("1772503800.1234567890123"), &at);
    assert_time(found, at, "2026-03-03T02:10:00.123456789Z");
    assert_true(at.zone_known);
    assert_false(stamp_epoch(bytes_of_text("99999999999"), &at));
    assert_false(stamp_epoch(bytes_of_text("1.x"), &at));
    assert_false(stamp_epoch(bytes_of_text("."), &at));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_time_of_web_servers),
        cmocka_unit_test(finds_a_clock_wherever_it_stands),
        cmocka_unit_test(reads_asctime),
        cmocka_unit_test(takes_dates_off_a_cursor),
        cmocka_unit_test(reads_seconds_since_1970),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
