#include "parse/log/syslog.h"

#include <stdlib.h>

#include "parse/gather.h"
#include "parse/log/feed.h"

static struct moment times[16];
static size_t time_count;

static enum status keep_time(void *context, const struct record *record)
{
    (void)context;
    assert_true(time_count < sizeof times / sizeof *times);
    times[time_count++] = record->at;
    return STATUS_OK;
}

static void read_times(const char *text)
{
    struct gather gather;
    gather_init(&gather, "messages");
    gather.sink.take = keep_time;
    time_count = 0;
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, bytes_of_text(text), gather.evidence));
    assert_ok(syslog_read(&stream, &gather.parse));
    gather_done(&gather);
}

static void advances_the_year_at_new_year(void **state)
{
    (void)state;
    read_times("Dec 31 23:59:58 web01 su: a\n"
               "Jan  1 00:00:01 web01 su: b\n"
               "Dec 31 23:59:59 web01 su: late\n"
               "Jan  1 00:00:02 web01 su: c\n"
               "Jun  1 00:00:02 web01 su: d\n"
               "May 31 00:00:02 web01 su: disorder\n"
               "Jan  1 00:00:02 web01 su: e\n");
    assert_int_equal(time_count, 7);
    static const int years[] = {0, 1, 0, 1, 1, 1, 2};
    for (size_t i = 0; i < time_count; i++) {
        assert_false(times[i].year_known);
        assert_int_equal(civil_of_moment(times[i]).year, years[i]);
    }
    assert_true(times[2].ns < times[1].ns);
}

static void keeps_zone_and_year_where_they_are_written(void **state)
{
    (void)state;
    read_times("2026-03-03T02:10:00+01:00 web01 su: a\n"
               "2026-03-03T02:10:00 web01 su: b\n"
               "2026 Mar  3 02:10:00 web01 su: c\n");
    assert_true(times[0].zone_known && times[0].year_known);
    assert_int_equal(times[0].zone_minutes, 60);
    assert_int_equal(times[1].ns - times[0].ns, MOMENT_HOUR_NS);
    assert_false(times[1].zone_known);
    assert_true(times[2].year_known && times[2].ns == times[1].ns);
}

static void keeps_the_rest_around_damage(void **state)
{
    (void)state;
    static const char text[] = "Mar  3 02:10:00 web01 su: a\n"
                               "\x01\xff garbage\n"
                               "\r\n"
                               "Mar  3 02:10:01 web01 su: b\n"
                               "\0\0\0\0Mar  3 02:10:02 web01 su: c\0d\n"
                               "Mar  3 02:10:03 web02 su: no end";
    struct gather gather;
    gather_bytes(&gather, (struct bytes){(const uint8_t *)text, sizeof text - 1}, "");
    assert_ok(gather.status);
    assert_string_equal(text_terminated(&gather.lines),
                        "1 other\n"
                        "4 other\n"
                        "5 log-damaged x5 log.damage=nul-bytes\n"
                        "5 other\n"
                        "6 other\n");
    const struct coverage *coverage = &gather.coverage;
    assert_string_equal(coverage->kind, "system log");
    assert_int_equal(coverage->examined, EXAMINED_WHOLE);
    assert_int_equal(coverage_count_get(coverage, "lines"), 6);
    assert_int_equal(coverage_count_get(coverage, "events"), 4);
    assert_int_equal(coverage->host_count, 2);
    assert_bytes(coverage->hosts[1], "web02");
    assert_int_equal(coverage->anomaly_count, 2);
    assert_int_equal(coverage->anomalies[0].place.first, 2);
    assert_int_equal(coverage->anomalies[1].place.first, 5);
    assert_int_equal(civil_of_moment(coverage->last).second, 3);
    gather_done(&gather);
}

static void names_the_limit_a_line_is_over(void **state)
{
    (void)state;
    static const size_t sizes[] = {FEED_LINE_MAX + 1, STREAM_WINDOW_SIZE * 3};
    for (size_t i = 0; i < 2; i++) {
        struct text AUTO(text_done) text = text_of_limit(4U << 20);
        text_add(&text, "Mar  3 02:10:00 web01 su: a\n");
        text_add(&text, "Mar  3 02:10:01 web01 su: ");
        text_add_repeat(&text, "x", sizes[i]);
        text_add(&text, "\n"
                        "Mar  3 02:10:02 web01 su: b\n");
        struct gather gather;
        gather_bytes(&gather, text_bytes(&text), "");
        assert_ok(gather.status);
        assert_string_equal(text_terminated(&gather.lines), "1 other\n"
                                                            "2 other\n"
                                                            "3 other\n");
        assert_int_equal(gather.coverage.examined, EXAMINED_PARTLY);
        assert_string_equal(gather.coverage.why, "a line is longer than 65536 bytes");
        gather_done(&gather);
    }
}

static void takes_each_line_in_the_layout_of_the_file(void **state)
{
    (void)state;
    struct gather gather;
    gather_text(&gather,
                "Mar  3 02:10:00 web01 su: a\n"
                "x Mar  3 02:10:00 web01 su: forged\n"
                "Mar  3 02:10:00 web01 su: b\n",
                "");
    assert_string_equal(text_terminated(&gather.lines), "1 other\n"
                                                        "3 other\n");
    gather_done(&gather);
    gather_text(&gather,
                "- 1131566461 2005.11.09 dn1 Nov 9 12:01:01 dn1/dn1 su: a\n"
                "- 1131566461 2005.11.09 dn2 Nov 9 12:01:02 dn2/dn2 su: b\n",
                "");
    assert_string_equal(text_terminated(&gather.lines), "1 other\n"
                                                        "2 other\n");
    assert_true(gather.coverage.first.year_known);
    gather_done(&gather);
}

static void stops_when_its_steps_are_used_up(void **state)
{
    (void)state;
    struct gather gather;
    gather_init(&gather, "");
    gather.budget = budget_of(40);
    struct stream stream;
    assert_ok(stream_of_bytes(&stream,
                              bytes_of_text("Mar  3 02:10:00 web01 su: a\n"
                                            "Mar  3 02:10:01 web01 su: b\n"),
                              gather.evidence));
    assert_status(parse_stream(&stream, &gather.parse, 0), STATUS_LIMIT);
    assert_int_equal(gather.count, 1);
    assert_int_equal(gather.coverage.examined, EXAMINED_PARTLY);
    assert_string_equal(gather.coverage.why,
                        "the limit on steps was reached: the rest was not read");
    gather_done(&gather);
}

static void says_when_a_repeated_line_is_missing(void **state)
{
    (void)state;
    struct gather gather;
    gather_text(&gather,
                "Mar  3 02:10:00 web02 su: a\n"
                "Mar  3 02:10:00 web01 last message repeated 3 times\n"
                "Mar  3 02:10:00 web01 su: b\n",
                "");
    assert_string_equal(text_terminated(&gather.lines), "1 other\n3 other\n");
    assert_int_equal(gather.coverage.anomaly_count, 1);
    gather_done(&gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(advances_the_year_at_new_year),
        cmocka_unit_test(keeps_zone_and_year_where_they_are_written),
        cmocka_unit_test(keeps_the_rest_around_damage),
        cmocka_unit_test(names_the_limit_a_line_is_over),
        cmocka_unit_test(takes_each_line_in_the_layout_of_the_file),
        cmocka_unit_test(stops_when_its_steps_are_used_up),
        cmocka_unit_test(says_when_a_repeated_line_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
