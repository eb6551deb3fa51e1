#include "parse/log/feed.h"

#include "parse/gather.h"

static void passes_over_blank_lines_and_counts_them(void **state)
{
    (void)state;
    struct gather gather;
    gather_init(&gather, "");
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, bytes_of_text("a\n\n \r\nb"), gather.evidence));
    struct feed feed;
    feed_init(&feed, &gather.parse);
    struct bytes line;
    bool more;
    assert_ok(feed_line(&feed, &stream, &line, &more));
    assert_true(more);
    assert_bytes(line, "a");
    assert_ok(feed_line(&feed, &stream, &line, &more));
    assert_bytes(line, "b");
    assert_int_equal(feed_place(&feed).first, 4);
    assert_ok(feed_line(&feed, &stream, &line, &more));
    assert_false(more);
    feed_finish(&feed);
    assert_int_equal(coverage_count_get(&gather.coverage, "lines"), 4);
    gather_done(&gather);
}

static void tells_each_host_once(void **state)
{
    (void)state;
    struct gather gather;
    gather_init(&gather, "");
    struct feed feed;
    feed_init(&feed, &gather.parse);
    static const char *const hosts[] = {"web01", "web02", "", "web01", "10bew", "web01"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        assert_ok(feed_host(&feed, bytes_of_text(hosts[i])));
    }
    assert_int_equal(gather.coverage.host_count, 3);
    gather_done(&gather);
}

static void hands_commands_on_as_shell_text(void **state)
{
    (void)state;
    struct gather gather;
    gather_text(&gather, "Mar  3 02:10:00 web01 CRON[7]: (root) CMD (id | cat)\n", "");
    assert_string_equal(text_terminated(&gather.lines),
                        "1 command-run user.effective.name=root "
                        "process.command_line=id | cat\n");
    assert_true(gather.parse.shell != NULL);
    gather_done(&gather);
}

static void gives_a_run_of_nul_bytes_as_damage_and_keeps_the_line(void **state)
{
    (void)state;
    static const uint8_t lines[] =
        "\0\0\0Mar  3 02:10:00 web01 su: x\nMar  3 02:10:01 web01 su: y";
    struct gather gather;
    gather_bytes(&gather, (struct bytes){lines, sizeof lines - 1}, "auth.log");
    assert_ok(gather.status);
    assert_string_equal(text_terminated(&gather.lines),
                        "1 log-damaged x3 log.damage=nul-bytes\n1 other\n2 other\n");
    assert_int_equal(coverage_count_get(&gather.coverage, "events"), 2);
    assert_int_equal(gather.coverage.anomaly_count, 1);
    gather_done(&gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(passes_over_blank_lines_and_counts_them),
        cmocka_unit_test(tells_each_host_once),
        cmocka_unit_test(gives_a_run_of_nul_bytes_as_damage_and_keeps_the_line),
        cmocka_unit_test(hands_commands_on_as_shell_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
