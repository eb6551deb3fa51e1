#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/log_lines.h"
#include "make/utmp.h"

#define ZEROS "behaviour/log-zeros"
#define WIPED "behaviour/log-entry-wiped"
#define AT 1772503800U

static void add_zeros(struct text *text, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        text_add_byte(text, 0);
    }
}

static void zeros_among_lines_are_told(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    log_say(&log, 60, "app[7]: a");
    add_zeros(&log.text, 700);
    text_add(&log.text, "\n");
    add_zeros(&log.text, 70);
    log_say(&log, 900, "app[7]: b");
    static const char *const expected[] = {ZEROS " low 0.40 T1070.002 host/victim=web01"};
    struct text AUTO(text_done) said = text_of_limit(1U << 16);
    log_said(text_bytes(&log.text), ZEROS, &said);
    assert_true(bytes_contains(text_bytes(&said), "nul_bytes:770 @2"));
    assert_log(&log, ZEROS, expected, 1);
}

/* A log of many machines: the hole is that of who wrote before it. */
static void zeros_are_of_the_machine_that_wrote_before(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    log_say(&log, 60, "app[7]: a");
    add_zeros(&log.text, 700);
    text_add(&log.text, "\n2026-03-03T23:00:00Z db01 app[7]: b\n");
    static const char *const expected[] = {ZEROS " low 0.40 T1070.002 host/victim=web01"};
    assert_log(&log, ZEROS, expected, 1);
}

static void a_few_zeros_in_a_line_are_a_damaged_line(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    log_say(&log, 60, "app[7]: a");
    add_zeros(&log.text, 12);
    log_say(&log, 900, "app[7]: b");
    assert_log_is_quiet(&log, ZEROS);
}

static void zeros_before_a_start_are_a_loss_of_power(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    log_say(&log, 60, "app[7]: a");
    add_zeros(&log.text, 700);
    log_say(&log, 900, "systemd[1]: x");
    log_say(&log, 900, "kernel: Linux version 6.1.0");
    assert_log_is_quiet(&log, ZEROS);
}

static void zeros_at_the_beginning_and_the_end_are_a_writer_and_a_copy(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    add_zeros(&log.text, 700);
    log_say(&log, 60, "app[7]: a");
    log_say(&log, 70, "app[7]: b");
    add_zeros(&log.text, 700);
    assert_log_is_quiet(&log, ZEROS);
}

/* A record of logins with an entry of zeros before the `before`th of its entries. */
static struct log_lines record_with_zeros(unsigned before, bool with_end)
{
    static const struct make_login day[] = {
        {2, 0, "~", "reboot", "6.1.0", AT, {0}},
        {7, 70, "pts/0", "anna", "203.0.113.7", AT + 10, {203, 0, 113, 7}},
        {8, 70, "pts/0", "", "", AT + 30, {0}},
        {2, 0, "~", "reboot", "6.1.0", AT + 90, {0}},
    };
    struct log_lines log = log_begin();
    for (unsigned i = 0; i < 4; i++) {
        if (i == before) {
            add_zeros(&log.text, 2 * 384);
        }
        if (i < before || with_end) {
            make_utmp(&log.text, false, &day[i]);
        }
    }
    return log;
}

static void zeros_among_entries_are_told(void **state)
{
    (void)state;
    struct log_lines log = record_with_zeros(2, true);
    assert_log_says(&log, WIPED, WIPED " medium 0.75 T1070.002 explanation:Tools");
    struct log_lines cut = record_with_zeros(2, false);
    assert_log_says(&cut, WIPED, WIPED " low 0.40");
}

static void entries_of_zeros_before_a_start_are_a_loss_of_power(void **state)
{
    (void)state;
    struct log_lines log = record_with_zeros(3, true);
    assert_log_is_quiet(&log, WIPED);
}

static void so_many_places_are_told_and_no_more(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    for (unsigned i = 0; i < 100; i++) {
        log_say(&log, 60 + i, "app[7]: a");
        add_zeros(&log.text, 100);
        text_add(&log.text, "\n");
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&log.text));
    assert_int_equal(examine.examination.finding_count, 64);
    assert_int_equal(examine.examination.findings_dropped, 36);
    examine_done(&examine);
    text_done(&log.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeros_among_lines_are_told),
        cmocka_unit_test(zeros_are_of_the_machine_that_wrote_before),
        cmocka_unit_test(a_few_zeros_in_a_line_are_a_damaged_line),
        cmocka_unit_test(zeros_before_a_start_are_a_loss_of_power),
        cmocka_unit_test(zeros_at_the_beginning_and_the_end_are_a_writer_and_a_copy),
        cmocka_unit_test(zeros_among_entries_are_told),
        cmocka_unit_test(entries_of_zeros_before_a_start_are_a_loss_of_power),
        cmocka_unit_test(so_many_places_are_told_and_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
