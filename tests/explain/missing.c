#include "explain/missing.h"

#include "explain/telling.h"

#define WEB01 "host/victim=web01"

/* A hole from 02:20 to 02:40, of medium severity by itself. */
static void add_hole(struct matter *matter, const char *entities)
{
    matter_add(matter, "auth.log", "system log", MATTER_DAY "01:00:00Z", MATTER_DAY "05:00:00Z",
               "web01");
    matter_find(matter, "behaviour/log-entry-wiped", "T1070.002", SEVERITY_MEDIUM, 0.75,
                MATTER_DAY "02:20:00Z", entities, NULL, "40 41");
    struct examination *into = &matter->evidence[matter->evidence_count - 1].examination;
    into->findings[into->finding_count - 1].last = matter_moment(MATTER_DAY "02:40:00Z");
}

static void add_removal(struct matter *matter)
{
    matter_find(matter, "capability/logs-cleared", "T1070.002", SEVERITY_MEDIUM, 0.75,
                MATTER_DAY "02:30:00Z", WEB01, NULL, "50");
}

static void only_a_stage_of_holes_is_one(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_hole(&matter, WEB01);
    matter_settle(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_ptr_equal(missing_stage(&matter.report, incident), &incident->stages[0]);
    matter_done(&matter);
    matter_open(&matter);
    add_hole(&matter, WEB01);
    add_removal(&matter);
    matter_settle(&matter);
    assert_int_equal(matter.report.incident_count, 1);
    assert_null(missing_stage(&matter.report, &matter.report.incidents[0]));
    matter_done(&matter);
}

static void the_leader_is_told_what_is_not_known_and_not_that_it_was_removed(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_hole(&matter, WEB01);
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_tells(incident, AUDIENCE_LEADER,
                 "Something is missing from the records of the machine web01.", true);
    assert_tells(incident, AUDIENCE_LEADER,
                 "The records of the machine web01 are not whole: something is missing between "
                 "02:20 and 02:40 on 3 March 2026. What it was, we cannot say.",
                 true);
    assert_tells(incident, AUDIENCE_LEADER,
                 "We do not know all that happened on web01 between 02:20 and 02:40", true);
    assert_tells(incident, AUDIENCE_LEADER,
                 "The hole in the records would be harmless if the machine was off", true);
    assert_tells(incident, AUDIENCE_LEADER, "traces were removed", false);
    matter_done(&matter);
}

static void the_responder_is_told_where_else_to_look(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_hole(&matter, WEB01);
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_tells(incident, AUDIENCE_RESPONDER,
                 "The records of web01 have a hole between 02:20 and 02:40 on 3 March 2026. "
                 "Either someone removed what told of them, or the machine was off",
                 true);
    assert_tells(incident, AUDIENCE_RESPONDER,
                 "Look for what web01 told others between 02:20 and 02:40", true);
    assert_tells(incident, AUDIENCE_ANALYST, "Rule behaviour/log-entry-wiped", true);
    matter_done(&matter);
}

static void a_hole_without_a_machine_is_told_without_one(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "wtmp", "login records", NULL, NULL, NULL);
    matter_find(&matter, "behaviour/log-entry-wiped", "T1070.002", SEVERITY_MEDIUM, 0.75, NULL,
                NULL, NULL, "@384+384");
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_tells(incident, AUDIENCE_LEADER, "Something is missing from the records.", true);
    assert_tells(incident, AUDIENCE_LEADER, "The records are not whole. What it was", true);
    assert_tells(incident, AUDIENCE_RESPONDER, "The records have a hole. Either", true);
    matter_done(&matter);
}

/* A program that calls home, and nothing of how it came: the records that would tell have a
 * hole then. */
static void how_it_began_is_not_known_where_the_records_are_not_whole(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_hole(&matter, WEB01);
    matter_find(&matter, "test/call", "T1071.001", SEVERITY_MEDIUM, 0.8, MATTER_DAY "02:30:00Z",
                "address/controller=198.51.100.9 " WEB01, NULL, "60");
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_tells(incident, AUDIENCE_LEADER,
                 "We do not know how this began. The login records that would tell are not "
                 "whole.",
                 true);
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_stage_of_holes_is_one),
        cmocka_unit_test(the_leader_is_told_what_is_not_known_and_not_that_it_was_removed),
        cmocka_unit_test(the_responder_is_told_where_else_to_look),
        cmocka_unit_test(a_hole_without_a_machine_is_told_without_one),
        cmocka_unit_test(how_it_began_is_not_known_where_the_records_are_not_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
