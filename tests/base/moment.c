#include "base/moment.h"

#include "check.h"

static struct moment read_moment(const char *text)
{
    struct moment moment = {0};
    assert_ok(moment_read(bytes_of_text(text), &moment));
    return moment;
}

static void assert_written(struct moment moment, const char *expected)
{
    struct text AUTO(text_done) text = text_of_limit(100);
    moment_add_rfc3339(&text, moment);
    assert_string_equal(text_terminated(&text), expected);
}

static struct moment yearless(int month, int day, unsigned year_index)
{
    struct civil civil = {.month = month, .day = day, .hour = 12};
    assert_true(civil_is_valid(&civil));
    return moment_of_yearless(&civil, year_index);
}

static void reads_and_writes_rfc3339(void **state)
{
    (void)state;
    static const struct {
        const char *read;
        const char *written;
    } cases[] = {
        {"2026-03-03T02:10:00Z", "2026-03-03T02:10:00Z"},
        {"2026-03-03t02:10:00z", "2026-03-03T02:10:00Z"},
        {"2026-03-03T02:10:00+02:00", "2026-03-03T00:10:00Z"},
        {"2026-03-03T02:10:00+0530", "2026-03-02T20:40:00Z"},
        {"2026-03-03 02:10:00-08", "2026-03-03T10:10:00Z"},
        {"2026-03-03T02:10:00.5Z", "2026-03-03T02:10:00.500Z"},
        {"2026-03-03T02:10:00,000250Z", "2026-03-03T02:10:00.000250Z"},
        {"2026-03-03T02:10:00.0000000019Z", "2026-03-03T02:10:00.000000001Z"},
        {"2026-12-31T23:59:60Z", "2026-12-31T23:59:59Z"},
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
        {"2200-12-31T23:59:59Z", "2200-12-31T23:59:59Z"},
        {"--02-29T01:02:03", "--02-29T01:02:03"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_written(read_moment(cases[i].read), cases[i].written);
    }
}

static void refuses_what_is_no_time(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "2026",
        "2026-03-03",
        "2026-03-03T02:10",
        "2026-03-03T02:10:0",
        "2026-3-3T02:10:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2026-03-03T24:00:00Z",
        "2026-03-03T02:60:00Z",
        "2026-03-03T02:10:61Z",
        "2026-03-03T02:10:00.Z",
        "2026-03-03T02:10:00+",
        "2026-03-03T02:10:00+1",
        "2026-03-03T02:10:00+02:",
        "2026-03-03T02:10:00+02:6",
        "2026-03-03T02:10:00+02:60",
        "2026-03-03T02:10:00+16:00",
        "2026-03-03T02:10:00Zx",
        "2026-03-03X02:10:00Z",
        "+026-03-03T02:10:00Z",
        "1969-12-31T23:59:59Z",
        "2201-01-01T00:00:00Z",
        "1970-01-01T00:00:00+00:01",
        "2200-12-31T23:59:59-00:01",
        "--02-30T00:00:00",
        "--02-29T00:00:00Z",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct moment moment = {.ns = 7};
        assert_int_not_equal(moment_read(bytes_of_text(wrong[i]), &moment), STATUS_OK);
        assert_int_equal(moment.ns, 7);
    }
}

static void a_leap_day_is_in_leap_years_only(void **state)
{
    (void)state;
    struct civil civil = {.month = 2, .day = 29};
    static const int leap[] = {0, 1972, 2000, 2024, 2196};
    static const int common[] = {1970, 2023, 2100, 2200};
    for (size_t i = 0; i < sizeof leap / sizeof *leap; i++) {
        civil.year = leap[i];
        assert_true(civil_is_valid(&civil));
    }
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
        civil.year = common[i];
        assert_false(civil_is_valid(&civil));
    }
}

static void every_day_is_its_own_and_follows_the_last(void **state)
{
    (void)state;
    int64_t day = 0;
    for (int year = MOMENT_YEAR_MIN; year <= MOMENT_YEAR_MAX; year++) {
        for (int month = 1; month <= 12; month++) {
            struct civil civil = {.year = year, .month = month, .day = 1};
            for (; civil_is_valid(&civil); civil.day++, day++) {
                struct moment moment = moment_of_civil(&civil, true, 0);
                assert_true(moment.ns == day * MOMENT_DAY_NS);
                struct civil back = civil_of_moment(moment);
                assert_true(back.year == year && back.month == month && back.day == civil.day);
            }
        }
    }
    assert_int_equal(day, 84371);
}

static void known_seconds_of_the_unix_clock(void **state)
{
    (void)state;
    assert_written(moment_of_unix(0, 0), "1970-01-01T00:00:00Z");
    assert_written(moment_of_unix(951782400, 0), "2000-02-29T00:00:00Z");
    assert_written(moment_of_unix(1772503800, 123456789), "2026-03-03T02:10:00.123456789Z");
    assert_written(moment_of_unix(4294967295, 0), "2106-02-07T06:28:15Z");
}

static void unix_times_out_of_range_are_unknown(void **state)
{
    (void)state;
    static const int64_t wrong[] = {-1, 7289654400, INT64_MAX, INT64_MIN,
                                    INT64_MAX / 1000000000};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(moment_of_unix(wrong[i], 0).is_known);
    }
    assert_false(moment_of_unix(0, INT64_MIN).is_known);
    assert_false(moment_of_unix(9223372036, INT64_MAX).is_known);
    assert_true(moment_of_unix(7289654399, 0).is_known);
    assert_written((struct moment){0}, "");
}

static void a_file_without_years_runs_over_new_year(void **state)
{
    (void)state;
    struct moment december = yearless(12, 31, 0);
    struct moment january = yearless(1, 1, 1);
    assert_true(january.ns - december.ns == MOMENT_DAY_NS);
    assert_int_equal(moment_compare(december, january), -1);
    struct moment_frame frame = {.first_year = 2025};
    assert_written(moment_settle(december, &frame), "2025-12-31T12:00:00Z");
    assert_written(moment_settle(january, &frame), "2026-01-01T12:00:00Z");
    assert_written(january, "--01-01T12:00:00");
}

static void a_leap_day_settles_only_in_a_leap_year(void **state)
{
    (void)state;
    struct moment_frame frame = {.first_year = 2024};
    assert_written(moment_settle(yearless(2, 29, 0), &frame), "2024-02-29T12:00:00Z");
    assert_written(moment_settle(yearless(2, 29, 4), &frame), "2028-02-29T12:00:00Z");
    struct moment impossible = moment_settle(yearless(2, 29, 1), &frame);
    assert_true(impossible.is_known);
    assert_false(impossible.year_known);
    assert_written(moment_settle(yearless(3, 1, 1), &frame), "2025-03-01T12:00:00Z");
}

static void zones_settle_once_the_year_is_known(void **state)
{
    (void)state;
    struct moment_frame frame = {.zone_minutes = 120, .zone_known = true};
    struct moment noon = read_moment("2026-03-03T12:00:00");
    assert_false(noon.zone_known);
    struct moment settled = moment_settle(noon, &frame);
    assert_written(settled, "2026-03-03T10:00:00Z");
    assert_int_equal(settled.zone_minutes, 120);
    assert_written(moment_settle(read_moment("2026-03-03T12:00:00Z"), &frame),
                   "2026-03-03T12:00:00Z");
    struct moment still = moment_settle(yearless(3, 3, 0), &frame);
    assert_false(still.zone_known);
    assert_written(still, "--03-03T12:00:00");
    frame.first_year = 2026;
    assert_written(moment_settle(yearless(1, 1, 0), &frame), "2026-01-01T10:00:00Z");
    assert_false(moment_settle((struct moment){0}, &frame).is_known);
}

static void a_zone_as_written_is_kept(void **state)
{
    (void)state;
    struct moment moment = read_moment("2026-03-03T12:00:00-03:30");
    assert_true(moment.zone_known);
    assert_int_equal(moment.zone_minutes, -210);
}

static void frames_that_cannot_be_change_nothing(void **state)
{
    (void)state;
    static const struct moment_frame frames[] = {
        {.first_year = INT32_MAX},
        {.first_year = INT32_MIN},
        {.first_year = 1969},
        {.first_year = 2201},
        {.zone_minutes = INT32_MAX, .zone_known = true},
        {.zone_minutes = INT32_MIN, .zone_known = true},
    };
    struct moment last = yearless(12, 31, UINT32_MAX);
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        assert_int_equal(moment_compare(moment_settle(last, &frames[i]), last), 0);
        struct moment dated = read_moment("2026-03-03T12:00:00");
        assert_int_equal(moment_compare(moment_settle(dated, &frames[i]), dated), 0);
    }
    struct moment_frame late = {.first_year = MOMENT_YEAR_MAX};
    assert_false(moment_settle(last, &late).year_known);
}

static void unknown_comes_last_and_yearless_first(void **state)
{
    (void)state;
    struct moment early = read_moment("2026-03-03T12:00:00Z");
    struct moment late = read_moment("2026-03-03T12:00:00.000000001Z");
    struct moment unknown = {0};
    assert_int_equal(moment_compare(early, late), -1);
    assert_int_equal(moment_compare(late, early), 1);
    assert_int_equal(moment_compare(late, late), 0);
    assert_int_equal(moment_compare(unknown, early), 1);
    assert_int_equal(moment_compare(early, unknown), -1);
    assert_int_equal(moment_compare(yearless(12, 31, 3), early), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_and_writes_rfc3339),
        cmocka_unit_test(refuses_what_is_no_time),
        cmocka_unit_test(a_leap_day_is_in_leap_years_only),
        cmocka_unit_test(every_day_is_its_own_and_follows_the_last),
        cmocka_unit_test(known_seconds_of_the_unix_clock),
        cmocka_unit_test(unix_times_out_of_range_are_unknown),
        cmocka_unit_test(a_file_without_years_runs_over_new_year),
        cmocka_unit_test(a_leap_day_settles_only_in_a_leap_year),
        cmocka_unit_test(zones_settle_once_the_year_is_known),
        cmocka_unit_test(a_zone_as_written_is_kept),
        cmocka_unit_test(frames_that_cannot_be_change_nothing),
        cmocka_unit_test(unknown_comes_last_and_yearless_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
