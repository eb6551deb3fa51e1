#include "correlate/timeline.h"

#include "correlate/begin.h"

#define LINK " address/source=203.0.113.7"

static void find(struct matter *matter, const char *technique, enum severity severity,
                 double confidence, const char *at, const char *entities)
{
    char line[20];
    struct examination *into = &matter->evidence[matter->evidence_count - 1].examination;
    (void)snprintf(line, sizeof line, "%zu", into->finding_count + 1);
    matter_find(matter, "test/finding", technique, severity, confidence, at, entities, NULL,
                line);
}

static void stages_come_in_order_of_time(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    find(&matter, "T1048.003", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:40:00Z", LINK);
    find(&matter, "T1110.001", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:50:00Z", LINK);
    find(&matter, "T1071.001", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:30:00Z", LINK);
    find(&matter, "T1070.002", SEVERITY_MEDIUM, 0.5, NULL, LINK);
    assert_matter(&matter, "incident",
                  "incident suspicious medium 0.50: call-home(1) upload(1) guessing(1)"
                  " traces-removed(1)\n");
    matter_done(&matter);
}

static void ties_in_time_fall_in_the_order_of_intruders(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    find(&matter, "T1048.003", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:40:00Z", LINK);
    find(&matter, "T1105", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:40:00Z", LINK);
    find(&matter, "T1078.003", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:40:00Z", LINK);
    assert_matter(&matter, "incident",
                  "incident malicious critical 0.99: entry(1) download(1) upload(1)\n");
    matter_done(&matter);
}

static void what_falls_in_one_second_falls_in_the_order_of_intruders(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    find(&matter, "T1071.001", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:40:00.900Z", LINK);
    find(&matter, "T1053.003", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:40:01.100Z", LINK);
    find(&matter, "T1105", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:40:01.900Z", LINK);
    find(&matter, "T1110.001", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:40:01.901Z", LINK);
    assert_matter(&matter, "incident",
                  "incident suspicious medium 0.50: download(1) persistence(1) call-home(1)"
                  " guessing(1)\n");
    const struct incident *incident = &matter.report.incidents[0];
    for (size_t i = 1; i < incident->stage_count; i++) {
        const struct stage *stage = &incident->stages[i];
        assert_true(moment_compare(stage->first, stage[-1].first) >= 0);
        assert_true(moment_compare(stage->last, stage->first) >= 0);
    }
    matter_done(&matter);
}

static void one_stage_per_kind_and_technique(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    find(&matter, "T1053.003", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:40:00Z", LINK);
    find(&matter, "T1543.002", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:41:00Z", LINK);
    find(&matter, "T1053.003", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:45:00Z", LINK);
    assert_matter(&matter, "incident",
                  "incident suspicious medium 0.50: persistence(2) persistence(1)\n");
    const struct stage *stage = &matter.report.incidents[0].stages[0];
    assert_int_equal(moment_compare(stage->first, matter_moment(MATTER_DAY "02:40:00Z")), 0);
    assert_int_equal(moment_compare(stage->last, matter_moment(MATTER_DAY "02:45:00Z")), 0);
    assert_int_equal(stage->finding_count, 2);
    assert_non_null(report_finding_by_id(&matter.report, stage->findings[1]));
    const struct incident *incident = &matter.report.incidents[0];
    assert_int_equal(moment_compare(incident->first, matter_moment(MATTER_DAY "02:40:00Z")), 0);
    assert_int_equal(moment_compare(incident->last, matter_moment(MATTER_DAY "02:45:00Z")), 0);
    matter_done(&matter);
}

/* The role of 192.0.2.9 where two findings give it one each. */
static void assert_role(const char *first, const char *second, const char *expected)
{
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    char entities[100];
    (void)snprintf(entities, sizeof entities, "host/%s=x name/tool=link.example", first);
    find(&matter, "T1105", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:40:00Z", entities);
    (void)snprintf(entities, sizeof entities, "host/%s=x name/tool=link.example", second);
    find(&matter, "T1105", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:41:00Z", entities);
    matter_settle(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_string_equal(entity_role_name(incident->entities[0].role), expected);
    assert_int_equal(incident->entity_count, 2);
    matter_done(&matter);
}

static void to_use_a_right_is_another_stage_than_to_give_one(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    matter_see(&matter, OBSERVED_COMMAND, 1, MATTER_DAY "02:20:00Z", NULL,
               "account/actor=deploy host/victim=web01 process/tool=tee", "via:sudo", "450");
    find(&matter, "T1136.001", SEVERITY_MEDIUM, 0.6, MATTER_DAY "02:25:00Z",
         "host/victim=web01");
    find(&matter, "T1548.003", SEVERITY_MEDIUM, 0.6, MATTER_DAY "02:30:00Z",
         "host/victim=web01");
    matter_see(&matter, OBSERVED_COMMAND, 1, MATTER_DAY "02:40:00Z", NULL,
               "account/actor=deploy host/victim=web01 process/tool=ls", "via:sudo", "460");
    assert_matter(&matter, "incident",
                  "incident malicious critical 0.99: guessing(1) entry(1) right(2) account(1)"
                  " right(1)\n");
    matter_done(&matter);
}

static void to_come_again_is_another_stage_than_to_guess(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    static const char *const rules[] = {"behaviour/login-after-guessing",
                                        "behaviour/login-by-intruder",
                                        "behaviour/login-by-intruder"};
    static const char *const times[] = {MATTER_DAY "02:40:00Z", MATTER_DAY "02:41:00Z",
                                        MATTER_DAY "02:42:00Z"};
    static const char *const lines[] = {"1", "2", "3"};
    for (size_t i = 0; i < 3; i++) {
        matter_find(&matter, rules[i], "T1078.003", SEVERITY_HIGH, 0.9, times[i],
                    "address/source=203.0.113.7 host/victim=web01", NULL, lines[i]);
    }
    assert_matter(&matter, "incident", "incident malicious high 0.90: entry(1) entry(2)\n");
    matter_done(&matter);
}

/* Of what names no machine, the first that does says which it is. */
static void a_stage_is_of_the_first_machine_that_is_named(void **state)
{
    (void)state;
    static const char *const hosts[] = {"", " host/victim=web01", " host/victim=db01"};
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    for (size_t i = 0; i < 3; i++) {
        char entities[80];
        (void)snprintf(entities, sizeof entities, "address/source=203.0.113.7%s", hosts[i]);
        find(&matter, "T1136.001", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:40:00Z", entities);
    }
    assert_matter(&matter, "incident",
                  "incident suspicious medium 0.50: account(2) account(1)\n");
    matter_done(&matter);
}

static void of_many_machines_the_later_ones_share_a_stage(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    for (int i = 0; i < 40; i++) {
        char entities[80];
        char at[40];
        (void)snprintf(entities, sizeof entities,
                       "address/source=203.0.113.7 host/victim=web%02d", i);
        (void)snprintf(at, sizeof at, MATTER_DAY "02:%02d:00Z", i);
        find(&matter, "T1136.001", SEVERITY_MEDIUM, 0.5, at, entities);
    }
    find(&matter, "T1053.003", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:50:00Z", LINK);
    assert_matter(&matter, "incident",
                  "incident suspicious medium 0.50: account(1) account(1) account(1) account(1)"
                  " account(1) account(1) account(1) account(33) persistence(1)\n");
    matter_done(&matter);
}

static void no_finding_is_told_under_another_kind(void **state)
{
    (void)state;
    char techniques[80][20];
    struct matter matter;
    matter_open(&matter);
    for (int i = 0; i < 80; i++) {
        if (i % 40 == 0) {
            matter_add(&matter, i == 0 ? "a.log" : "b.log", "system log", NULL, NULL, NULL);
        }
        char at[40];
        (void)snprintf(techniques[i], sizeof techniques[i], "T9%03d", i);
        (void)snprintf(at, sizeof at, MATTER_DAY "02:%02d:%02dZ", i % 40, 10 * (i / 40));
        find(&matter, techniques[i], SEVERITY_MEDIUM, 0.5, at, LINK);
    }
    find(&matter, "T1041", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:50:00Z", LINK);
    find(&matter, "T1136.001", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:51:00Z", LINK);
    matter_settle(&matter);
    assert_int_equal(matter.report.incident_count, 1);
    const struct incident *incident = &matter.report.incidents[0];
    size_t found[STAGE_KIND_COUNT] = {0};
    for (size_t i = 0; i < incident->stage_count; i++) {
        found[incident->stages[i].kind] += incident->stages[i].finding_count;
    }
    assert_int_equal(found[STAGE_OTHER], 80);
    assert_int_equal(found[STAGE_UPLOAD], 1);
    assert_int_equal(found[STAGE_ACCOUNT], 1);
    assert_true(incident->stage_count <= 64);
    matter_done(&matter);
}

static void who_got_in_comes_before_who_was_tried(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    find(&matter, "T1110.001", SEVERITY_MEDIUM, 0.9, MATTER_DAY "02:40:00Z",
         "address/source=203.0.113.7 account/account=pi account/account=deploy");
    find(&matter, "T1078.003", SEVERITY_HIGH, 0.9, MATTER_DAY "02:41:00Z",
         "address/source=203.0.113.7 account/account=deploy host/victim=web01");
    assert_matter(&matter, "entities",
                  "entities address/source=203.0.113.7 account/account=deploy"
                  " host/victim=web01 account/account=pi\n");
    matter_done(&matter);
}

static void the_stronger_role_stays(void **state)
{
    (void)state;
    static const char *const roles[] = {"unknown", "actor",      "tool",  "account",
                                        "victim",  "controller", "source"};
    for (size_t i = 0; i + 1 < 7; i++) {
        assert_role(roles[i], roles[i + 1], roles[i + 1]);
        assert_role(roles[i + 1], roles[i], roles[i + 1]);
    }
}

static void a_group_of_small_things_is_no_incident(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    find(&matter, "T1105", SEVERITY_LOW, 0.9, MATTER_DAY "02:40:00Z", LINK);
    find(&matter, "T1070.002", SEVERITY_LOW, 0.9, MATTER_DAY "02:41:00Z", LINK);
    assert_matter(&matter, "incident", "");
    assert_int_equal(matter.report.finding_count, 2);
    assert_matter(&matter, "verdict", "verdict nothing found\n");
    matter_done(&matter);
}

static void the_worst_incident_comes_first(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    find(&matter, "T1105", SEVERITY_MEDIUM, 0.9, MATTER_DAY "02:42:00Z",
         "address/source=203.0.113.1");
    find(&matter, "T1070.002", SEVERITY_HIGH, 0.9, MATTER_DAY "02:44:00Z",
         "address/source=203.0.113.2");
    find(&matter, "T1041", SEVERITY_MEDIUM, 0.9, MATTER_DAY "02:41:00Z",
         "address/source=203.0.113.3");
    assert_matter(&matter, "incident",
                  "incident malicious high 0.90: traces-removed(1)\n"
                  "incident suspicious medium 0.90: upload(1)\n"
                  "incident suspicious medium 0.90: download(1)\n");
    matter_done(&matter);
}

static void kinds_of_stage_speak_for_an_attack_together(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    find(&matter, "T1070.002", SEVERITY_HIGH, 0.5, MATTER_DAY "02:40:00Z", LINK);
    find(&matter, "T1070.002", SEVERITY_HIGH, 0.6, MATTER_DAY "02:41:00Z", LINK);
    find(&matter, "T1041", SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:42:00Z", LINK);
    find(&matter, "T1003", SEVERITY_LOW, 0.9, MATTER_DAY "02:43:00Z", LINK);
    /* 1 - 0.4 * 0.5: two of one kind count once, low ones not at all. */
    assert_matter(&matter, "incident",
                  "incident suspicious high 0.80: traces-removed(2) upload(1)"
                  " credentials(1)\n");
    matter_done(&matter);
}

static void staying_after_an_entry_is_critical(void **state)
{
    (void)state;
    static const struct {
        const char *technique;
        enum severity entry;
        const char *severity;
    } rows[] = {
        {"T1041", SEVERITY_HIGH, "critical"},
        {"T1110.001", SEVERITY_HIGH, "high"},
        {"T9999", SEVERITY_HIGH, "high"},
    };
    for (size_t i = 0; i < 3; i++) {
        struct matter matter;
        matter_open(&matter);
        matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
        find(&matter, "T1078.003", rows[i].entry, 0.9, MATTER_DAY "02:40:00Z", LINK);
        find(&matter, rows[i].technique, SEVERITY_MEDIUM, 0.5, MATTER_DAY "02:42:00Z", LINK);
        matter_settle(&matter);
        assert_string_equal(severity_name(matter.report.incidents[0].severity),
                            rows[i].severity);
        matter_done(&matter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_come_in_order_of_time),
        cmocka_unit_test(ties_in_time_fall_in_the_order_of_intruders),
        cmocka_unit_test(what_falls_in_one_second_falls_in_the_order_of_intruders),
        cmocka_unit_test(one_stage_per_kind_and_technique),
        cmocka_unit_test(to_use_a_right_is_another_stage_than_to_give_one),
        cmocka_unit_test(to_come_again_is_another_stage_than_to_guess),
        cmocka_unit_test(a_stage_is_of_the_first_machine_that_is_named),
        cmocka_unit_test(of_many_machines_the_later_ones_share_a_stage),
        cmocka_unit_test(no_finding_is_told_under_another_kind),
        cmocka_unit_test(who_got_in_comes_before_who_was_tried),
        cmocka_unit_test(the_stronger_role_stays),
        cmocka_unit_test(a_group_of_small_things_is_no_incident),
        cmocka_unit_test(the_worst_incident_comes_first),
        cmocka_unit_test(kinds_of_stage_speak_for_an_attack_together),
        cmocka_unit_test(staying_after_an_entry_is_critical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
