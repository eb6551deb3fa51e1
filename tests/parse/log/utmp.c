#include "parse/log/utmp.h"

#include "parse/gather.h"

#include "make/utmp.h"

#define AT 1772503800U

static const struct make_login day[] = {
    {2, 0, "~", "reboot", "6.1.0", AT, {0}},
    {7, 70, "pts/0", "anna", "203.0.113.7", AT + 10, {203, 0, 113, 7}},
    {7, 71, "tty1", "root", "", AT + 20, {0}},
    {8, 70, "pts/0", "", "", AT + 30, {0}},
    {7, 72, "pts/0", "eve", "client.example", AT + 40, {0}},
    {8, 72, "pts/0", "", "", AT + 50, {0}},
    {1, 0, "~", "shutdown", "6.1.0", AT + 60, {0}},
};

static void assert_day(bool is_long)
{
    struct text AUTO(text_done) text = text_of_limit(1U << 16);
    for (size_t i = 0; i < sizeof day / sizeof *day; i++) {
        make_utmp(&text, is_long, &day[i]);
    }
    struct gather gather;
    gather_bytes(&gather, text_bytes(&text), is_long ? "x" : "wtmp.1");
    assert_ok(gather.status);
    assert_string_equal(gather.coverage.kind, "login records");
    struct text AUTO(text_done) expected = text_of_limit(1U << 16);
    static const char *const lines[] = {
        "host-started process.tty.name=~",
        "session-opened process.tty.name=pts/0 user.name=anna source.ip=203.0.113.7",
        "session-opened process.tty.name=tty1 user.name=root",
        "session-closed process.tty.name=pts/0 user.name=anna",
        "session-opened process.tty.name=pts/0 user.name=eve source.domain=client.example",
        "session-closed process.tty.name=pts/0 user.name=eve",
        "host-stopped process.tty.name=~",
    };
    for (unsigned i = 0; i < 7; i++) {
        text_addf(&expected, "%u %s\n", i * (is_long ? UTMP_SIZE_LONG : UTMP_SIZE), lines[i]);
    }
    assert_string_equal(text_terminated(&gather.lines), text_terminated(&expected));
    assert_int_equal(gather.coverage.anomaly_count, 0);
    assert_int_equal(gather.coverage.last.ns - gather.coverage.first.ns, 60 * MOMENT_SECOND_NS);
    gather_done(&gather);
}

static void reads_entries_of_either_size(void **state)
{
    (void)state;
    assert_day(false);
    assert_day(true);
}

static void reads_failures(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1U << 16);
    static const struct make_login failures[] = {
        {6, 70, "ssh:notty", "root", "203.0.113.7", AT, {203, 0, 113, 7}},
        {6, 71, "ssh:notty", "x", "203.0.113.7", AT + 1, {203, 0, 113, 7}},
        {6, 72, "tty1", "anna", "", AT + 2, {0}},
    };
    for (size_t i = 0; i < 3; i++) {
        make_utmp(&text, false, &failures[i]);
    }
    static const char *const names[] = {"btmp", "copy"};
    for (size_t i = 0; i < 2; i++) {
        struct gather gather;
        gather_bytes(&gather, text_bytes(&text), names[i]);
        assert_string_equal(
            text_terminated(&gather.lines),
            "0 login-failed process.tty.name=ssh:notty user.name=root source.ip=203.0.113.7\n"
            "384 login-failed process.tty.name=ssh:notty user.name=x source.ip=203.0.113.7\n"
            "768 login-failed process.tty.name=tty1 user.name=anna\n");
        gather_done(&gather);
    }
}

static void names_holes_and_times_that_go_back(void **state)
{
    (void)state;
    struct text AUTO(text_done) wiped = text_of_limit(1U << 16);
    make_utmp(&wiped, false, &day[6]);
    for (size_t i = 0; i < UTMP_SIZE; i++) {
        text_add_byte(&wiped, 0);
    }
    make_utmp(&wiped, false, &(struct make_login){7, 9, "pts/1", "anna", "", AT - 600, {0}});
    text_add(&wiped, "rest");
    struct gather gather;
    gather_bytes(&gather, text_bytes(&wiped), "wtmp");
    assert_ok(gather.status);
    assert_string_equal(text_terminated(&gather.lines),
                        "0 host-stopped process.tty.name=~\n"
                        "384 log-damaged log.damage=empty-entry\n"
                        "768 session-opened process.tty.name=pts/1 user.name=anna\n");
    assert_int_equal(coverage_count_get(&gather.coverage, "events"), 2);
    assert_int_equal(gather.coverage.anomaly_count, 3);
    assert_int_equal(gather.coverage.anomalies[0].place.first, UTMP_SIZE);
    assert_int_equal(gather.coverage.anomalies[1].place.first, 2 * UTMP_SIZE);
    gather_done(&gather);
}

/* Places of utmp are filled and left again. */
static void takes_an_empty_place_of_utmp_for_what_it_is(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1U << 16);
    make_utmp(&text, false, &day[0]);
    for (size_t i = 0; i < UTMP_SIZE; i++) {
        text_add_byte(&text, 0);
    }
    make_utmp(&text, false, &(struct make_login){3, 0, "{", "", "", AT + 5, {0}});
    struct gather gather;
    gather_bytes(&gather, text_bytes(&text), "utmp");
    assert_string_equal(text_terminated(&gather.lines), "0 host-started process.tty.name=~\n"
                                                        "768 clock-set process.tty.name={\n");
    gather_done(&gather);
}

static void reads_last_logins_by_number(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1U << 16);
    make_last(&text, &(struct make_login){.line = "", .host = ""});
    make_last(&text,
              &(struct make_login){.line = "pts/0", .host = "203.0.113.7", .seconds = AT});
    struct gather gather;
    gather_bytes(&gather, text_bytes(&text), "lastlog");
    assert_string_equal(gather.coverage.kind, "last logins");
    assert_string_equal(text_terminated(&gather.lines),
                        "292 login-remembered user.id=1 process.tty.name=pts/0"
                        " source.ip=203.0.113.7\n");
    assert_int_equal(coverage_count_get(&gather.coverage, "entries"), 2);
    gather_done(&gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_entries_of_either_size),
        cmocka_unit_test(reads_failures),
        cmocka_unit_test(names_holes_and_times_that_go_back),
        cmocka_unit_test(takes_an_empty_place_of_utmp_for_what_it_is),
        cmocka_unit_test(reads_last_logins_by_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
