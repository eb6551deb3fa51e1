#include "explain/wording.h"

#include "check.h"

#define SECOND UINT64_C(1000000000)

static struct moment at(int day, int hour, int minute, int second)
{
    struct civil civil = {2026, 3, day, hour, minute, second, 0};
    return moment_of_civil(&civil, true, 0);
}

static const struct moment unknown;

static void counts_are_grouped(void **state)
{
    (void)state;
    static const struct {
        uint64_t count;
        const char *expected;
    } rows[] = {
        {0, "0"},          {999, "999"},           {1000, "1,000"},
        {12304, "12,304"}, {1000002, "1,000,002"}, {UINT64_MAX, "18,446,744,073,709,551,615"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO(text_done) struct text text = text_of_limit(64);
        wording_add_count(&text, rows[i].count);
        assert_string_equal(text_terminated(&text), rows[i].expected);
    }
}

static void sizes_have_a_unit(void **state)
{
    (void)state;
    static const struct {
        uint64_t size;
        const char *expected;
    } rows[] = {
        {0, "0 bytes"},         {999, "999 bytes"},       {1000, "1 kB"},
        {1500, "1.5 kB"},       {14000000, "14 MB"},      {14560000, "15 MB"},
        {2500000000, "2.5 GB"}, {3000000000000U, "3 TB"}, {9999, "9.9 kB"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO(text_done) struct text text = text_of_limit(64);
        wording_add_size(&text, rows[i].size);
        assert_string_equal(text_terminated(&text), rows[i].expected);
    }
}

static void durations_and_rates_are_rounded_to_what_people_say(void **state)
{
    (void)state;
    static const struct {
        uint64_t ns;
        const char *duration;
        const char *rate;
    } rows[] = {
        {SECOND / 10, "less than a second", "several times a second"},
        {SECOND, "1 second", "once a second"},
        {SECOND * 51 / 50, "1 second", "once a second"},
        {SECOND * 2, "2 seconds", "every 2 seconds"},
        {SECOND * 60, "1 minute", "once a minute"},
        {SECOND * 64, "64 seconds", "every 64 seconds"},
        {SECOND * 58, "1 minute", "once a minute"},
        {SECOND * 300, "5 minutes", "every 5 minutes"},
        {SECOND * 3600, "1 hour", "once an hour"},
        {SECOND * 3600 * 30, "30 hours", "every 30 hours"},
        {SECOND * 3600 * 24, "1 day", "once a day"},
        {SECOND * 3600 * 48, "2 days", "every 2 days"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO(text_done) struct text duration = text_of_limit(64);
        AUTO(text_done) struct text rate = text_of_limit(64);
        wording_add_duration(&duration, rows[i].ns);
        wording_add_rate(&rate, rows[i].ns);
        assert_string_equal(text_terminated(&duration), rows[i].duration);
        assert_string_equal(text_terminated(&rate), rows[i].rate);
    }
}

static void assert_time(struct moment moment, struct moment said, const char *expected)
{
    AUTO(text_done) struct text text = text_of_limit(64);
    wording_add_time(&text, moment, said);
    assert_string_equal(text_terminated(&text), expected);
}

static void a_day_is_named_once(void **state)
{
    (void)state;
    assert_time(at(3, 2, 10, 9), unknown, "02:10 on 3 March 2026");
    assert_time(at(3, 2, 10, 9), at(3, 23, 0, 0), "02:10");
    assert_time(at(3, 2, 10, 9), at(4, 2, 10, 9), "02:10 on 3 March 2026");
    struct civil civil = {.month = 12, .day = 31, .hour = 7};
    assert_time(moment_of_yearless(&civil, 0), unknown, "07:00 on 31 December");
}

static void each_month_has_its_name(void **state)
{
    (void)state;
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    for (int i = 0; i < 12; i++) {
        struct civil civil = {2026, i + 1, 1, 0, 0, 0, 0};
        AUTO(text_done) struct text expected = text_of_limit(64);
        text_addf(&expected, "00:00 on 1 %s 2026", names[i]);
        assert_time(moment_of_civil(&civil, true, 0), unknown, text_terminated(&expected));
    }
}

static void assert_span(struct moment first, struct moment last, struct moment said,
                        const char *expected)
{
    AUTO(text_done) struct text text = text_of_limit(128);
    wording_add_span(&text, first, last, said);
    assert_string_equal(text_terminated(&text), expected);
}

static void spans_name_both_days_only_over_midnight(void **state)
{
    (void)state;
    assert_span(at(3, 2, 10, 1), at(3, 2, 14, 2), unknown,
                "between 02:10 and 02:14 on 3 March 2026");
    assert_span(at(3, 2, 10, 1), at(3, 2, 14, 2), at(3, 0, 0, 0), "between 02:10 and 02:14");
    assert_span(at(3, 2, 10, 1), at(3, 2, 10, 40), unknown, "at 02:10 on 3 March 2026");
    assert_span(at(3, 2, 10, 1), at(3, 2, 10, 40), at(3, 0, 0, 0), "at 02:10");
    assert_span(at(3, 23, 59, 1), at(4, 0, 1, 0), at(3, 0, 0, 0),
                "between 23:59 and 00:01 on 4 March 2026");
    assert_span(at(3, 23, 59, 1), at(4, 0, 1, 0), unknown,
                "between 23:59 on 3 March 2026 and 00:01 on 4 March 2026");
}

static void assert_since(struct moment moment, struct moment before, bool is_running,
                         const char *expected)
{
    AUTO(text_done) struct text text = text_of_limit(128);
    wording_add_since(&text, moment, before, is_running);
    assert_string_equal(text_terminated(&text), expected);
}

static void what_follows_is_told_by_how_much_later_it_is(void **state)
{
    (void)state;
    assert_since(at(3, 2, 14, 2), unknown, false, "at 02:14 on 3 March 2026");
    assert_since(at(3, 2, 14, 2), at(3, 2, 14, 0), false, "seconds later");
    assert_since(at(3, 2, 14, 2), at(3, 2, 14, 0), true, "then");
    assert_since(at(3, 2, 18, 0), at(3, 2, 14, 0), true, "4 minutes later");
    assert_since(at(3, 2, 14, 2), at(3, 2, 14, 3), false, "at 02:14");
    assert_since(at(4, 2, 14, 1), at(3, 2, 14, 1), false, "at 02:14 on 4 March 2026");
    assert_true(wording_is_soon(at(3, 2, 14, 59), at(3, 2, 14, 0)));
    assert_false(wording_is_soon(at(3, 2, 15, 0), at(3, 2, 14, 0)));
    assert_false(wording_is_soon(at(3, 2, 15, 0), unknown));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_are_grouped),
        cmocka_unit_test(sizes_have_a_unit),
        cmocka_unit_test(durations_and_rates_are_rounded_to_what_people_say),
        cmocka_unit_test(a_day_is_named_once),
        cmocka_unit_test(each_month_has_its_name),
        cmocka_unit_test(spans_name_both_days_only_over_midnight),
        cmocka_unit_test(what_follows_is_told_by_how_much_later_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
