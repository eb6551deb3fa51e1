#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/log_lines.h"

#define SILENCE "behaviour/log-silence"
#define BACK "behaviour/log-time-back"
#define NOON 43200U

/* A beat each minute from noon on, of which those from `from` up to `to` are missing. */
static struct log_lines beats(unsigned count, unsigned from, unsigned to)
{
    struct log_lines log = log_begin();
    for (unsigned i = 0; i < count; i++) {
        if (i < from || i >= to) {
            log_beat(&log, NOON + 60 * i, 100 + i);
        }
    }
    return log;
}

static void a_log_without_some_of_its_beats_is_silent(void **state)
{
    (void)state;
    struct log_lines log = beats(40, 20, 25);
    assert_log_says(&log, SILENCE,
                    SILENCE " low 0.60 T1070.002 host/victim=web01 explanation:Either");
}

static void what_it_is_silent_about_is_counted_and_cited(void **state)
{
    (void)state;
    struct log_lines log = beats(40, 20, 25);
    struct text AUTO(text_done) said = text_of_limit(1U << 16);
    log_said(text_bytes(&log.text), SILENCE, &said);
    text_done(&log.text);
    assert_true(bytes_contains(text_bytes(&said), "silence:360000000000 period:60000000000 "
                                                  "missing_beats:5 @40 @41"));
}

static void one_beat_that_is_late_or_missing_is_load(void **state)
{
    (void)state;
    struct log_lines log = beats(40, 20, 21);
    assert_log_is_quiet(&log, SILENCE);
}

static void beats_that_hardly_began_or_never_came_back_are_none(void **state)
{
    (void)state;
    struct log_lines few = beats(12, 4, 8);
    assert_log_is_quiet(&few, SILENCE);
    struct log_lines ended = beats(20, 20, 20);
    log_say(&ended, NOON + 60 * 40, "su[9]: x");
    assert_log_is_quiet(&ended, SILENCE);
}

/* What explains the silence, and where it stands. */
static void assert_excused(unsigned at, const char *words)
{
    struct log_lines log = log_begin();
    for (unsigned i = 0; i < 40; i++) {
        if (i * 60 > at && (i - 1) * 60 <= at) {
            log_say(&log, NOON + at, "%s", words);
        }
        if (i < 20 || i >= 30) {
            log_beat(&log, NOON + 60 * i, 100 + i);
        }
    }
    assert_log_is_quiet(&log, SILENCE);
}

static void a_machine_that_was_off_or_asleep_is_silent_too(void **state)
{
    (void)state;
    static const char *const ends[] = {
        "systemd-logind[5]: System is rebooting.", "kernel: PM: suspend entry (deep)",
        "rsyslogd: imuxsock lost 9 messages from pid 9 due to rate-limiting"};
    static const char *const starts[] = {
        "kernel: Linux version 6.1.0", "sshd[9]: Server listening on :: port 22.",
        "systemd-logind[5]: New seat seat0.", "systemd[1]: Time has been changed"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        assert_excused(19 * 60 + 5, ends[i]);
    }
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        assert_excused(29 * 60 + 55, starts[i]);
    }
}

static void the_log_service_that_stops_is_no_excuse(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    for (unsigned i = 0; i < 40; i++) {
        if (i < 20 || i >= 30) {
            log_beat(&log, NOON + 60 * i, 100 + i);
        }
        if (i == 19) {
            log_say(&log, NOON + 60 * i + 5, "rsyslogd: exiting on signal 15");
        }
    }
    assert_log_says(&log, SILENCE, SILENCE " low 0.60");
}

/* Lines every `step` seconds and then none for `gap`. */
static struct log_lines steady(unsigned count, unsigned step, unsigned gap)
{
    struct log_lines log = log_begin();
    unsigned at = 0;
    for (unsigned i = 0; i < count; i++) {
        at += i == count / 2 ? gap : step + i % 7;
        log_say(&log, at, "app[7]: request %u", i);
    }
    return log;
}

static void a_log_of_steady_pace_that_pauses_is_silent(void **state)
{
    (void)state;
    struct log_lines log = steady(800, 20, 900);
    assert_log_says(&log, SILENCE, SILENCE " low 0.50");
    struct log_lines shorter = steady(800, 20, 200);
    assert_log_is_quiet(&shorter, SILENCE);
    struct log_lines few = steady(150, 20, 900);
    assert_log_is_quiet(&few, SILENCE);
}

/* Silences of all lengths: the longest is no wonder. */
static void the_log_of_a_quiet_machine_has_no_rhythm(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    uint32_t seed = 7;
    unsigned at = 0;
    for (unsigned i = 0; i < 900; i++) {
        seed = seed * 1664525U + 1013904223U;
        unsigned share = (seed >> 16) % 1000 + 1;
        at += 5000 / share + 1;
        log_say(&log, at, "app[7]: request %u", i);
    }
    at += 40000;
    log_say(&log, at, "app[7]: last");
    assert_log_is_quiet(&log, SILENCE);
}

static void times_of_one_writer_that_go_back_are_told(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    for (unsigned i = 0; i < 30; i++) {
        log_say(&log, i >= 20 && i < 24 ? 7200 + i : NOON + 60 * i, "sshd[%u]: x", 100 + i);
        log_say(&log, NOON + 60 * i, "app[7]: y");
    }
    assert_log_says(&log, BACK, BACK " low 0.40 T1070.002 host/victim=web01");
}

static void writers_of_other_zones_and_joined_files_do_not_go_back(void **state)
{
    (void)state;
    struct log_lines zones = log_begin();
    for (unsigned i = 0; i < 30; i++) {
        log_say(&zones, NOON + 60 * i, "sshd[1]: x");
        log_say(&zones, NOON - 7200 + 60 * i, "docker[2]: y");
    }
    assert_log_is_quiet(&zones, BACK);
    struct log_lines joined = log_begin();
    for (unsigned i = 0; i < 30; i++) {
        log_say(&joined, i < 15 ? NOON + 60 * i : 60 * i, "sshd[1]: x");
    }
    assert_log_is_quiet(&joined, BACK);
}

static void the_end_of_summer_time_and_a_clock_that_is_set_are_no_wonder(void **state)
{
    (void)state;
    struct log_lines summer = log_begin();
    summer.is_local = true;
    log_say(&summer, 60, "cron[1]: x");
    for (unsigned i = 0; i < 30; i++) {
        log_say(&summer, i < 15 ? 9000 + 120 * i : 7200 + 120 * (i - 15), "cron[1]: x");
    }
    assert_log_is_quiet(&summer, BACK);
    struct log_lines set = log_begin();
    log_say(&set, 60, "cron[1]: x");
    for (unsigned i = 0; i < 30; i++) {
        log_say(&set, i < 15 ? NOON + 60 * i : NOON - 3600 + 60 * i, "cron[1]: x");
        if (i == 16) {
            log_say(&set, NOON - 3600 + 60 * i, "ntpd[5]: time reset -3600.1 s");
        }
    }
    assert_log_is_quiet(&set, BACK);
}

static void february_without_a_29th_is_no_silence(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    for (unsigned i = 0; i < 600; i++) {
        unsigned at = 3600 * 23 + 9 * i;
        text_addf(&log.text, "%s %2u %02u:%02u:%02u web01 app[7]: %u\n",
                  at < 86400 ? "Feb" : "Mar", at < 86400 ? 28 : 1, at / 3600 % 24, at / 60 % 60,
                  at % 60, i);
    }
    assert_log_is_quiet(&log, SILENCE);
}

/* More machines and programs than are remembered, each going on in its own time. */
static void machines_without_end_are_followed_as_far_as_there_is_room(void **state)
{
    (void)state;
    struct log_lines log = log_begin();
    for (unsigned i = 0; i < 6000; i++) {
        text_addf(&log.text, "2026-03-03T%02u:%02u:%02u+00:00 h%u p%u[7]: x\n",
                  (i % 150) * 3 % 24, i / 60 % 60, i % 60, i % 150, i % 31);
    }
    assert_log_is_quiet(&log, BACK);
}

static void its_beats_are_observed(void **state)
{
    (void)state;
    struct log_lines log = beats(20, 20, 20);
    assert_log_says(
        &log, "rhythm",
        "rhythm x20 host/victim=web01 account/actor=root period:60000000000 @1 @39");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_without_some_of_its_beats_is_silent),
        cmocka_unit_test(what_it_is_silent_about_is_counted_and_cited),
        cmocka_unit_test(one_beat_that_is_late_or_missing_is_load),
        cmocka_unit_test(beats_that_hardly_began_or_never_came_back_are_none),
        cmocka_unit_test(a_machine_that_was_off_or_asleep_is_silent_too),
        cmocka_unit_test(the_log_service_that_stops_is_no_excuse),
        cmocka_unit_test(a_log_of_steady_pace_that_pauses_is_silent),
        cmocka_unit_test(the_log_of_a_quiet_machine_has_no_rhythm),
        cmocka_unit_test(times_of_one_writer_that_go_back_are_told),
        cmocka_unit_test(writers_of_other_zones_and_joined_files_do_not_go_back),
        cmocka_unit_test(the_end_of_summer_time_and_a_clock_that_is_set_are_no_wonder),
        cmocka_unit_test(february_without_a_29th_is_no_silence),
        cmocka_unit_test(machines_without_end_are_followed_as_far_as_there_is_room),
        cmocka_unit_test(its_beats_are_observed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
