#include "correlate/absence.h"

#include "correlate/begin.h"

#define LACKS "finding behaviour/log-lacks"

static void begin(struct matter *matter, const char *clock, const char *account,
                  const char *source, const char *by, const char *place)
{
    struct text AUTO(text_done) entities = text_of_limit(256);
    if (account != NULL) {
        text_addf(&entities, " account/account=%s", account);
    }
    if (source != NULL) {
        text_addf(&entities, " address/source=%s", source);
    }
    if (strcmp(by, "log") == 0 || strcmp(by, "manager") == 0) {
        text_add(&entities, " host/victim=web01");
    }
    struct text AUTO(text_done) facts = text_of_limit(64);
    text_addf(&facts, "by:%s", by);
    struct text AUTO(text_done) at = text_of_limit(64);
    text_addf(&at, MATTER_DAY "%sZ", clock);
    matter_see(matter, OBSERVED_SESSION_BEGUN, 1, text_terminated(&at), NULL,
               text_terminated(&entities), text_terminated(&facts), place);
}

/* The log of logins of web01, from 01:00 to 05:00, with anna's sessions at 02:00 and 03:00. */
static void add_log(struct matter *matter)
{
    matter_add(matter, "web01/auth.log", "system log", MATTER_DAY "01:00:00Z",
               MATTER_DAY "05:00:00Z", "web01");
    begin(matter, "02:00:00", "anna", NULL, "log", "7");
    begin(matter, "03:00:00", "anna", NULL, "log", "8");
}

static void add_record(struct matter *matter, const char *last)
{
    matter_add(matter, "web01/wtmp", "login records", MATTER_DAY "00:00:00Z",
               MATTER_DAY "06:00:00Z", NULL);
    begin(matter, "02:00:01", "anna", "10.0.0.5", "record", "@0+384");
    begin(matter, "03:00:01", "anna", "10.0.0.5", "record", "@384+384");
    begin(matter, last, "eve", "203.0.113.7", "record", "@768+384");
}

static void a_session_that_only_the_record_has_is_told(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_log(&matter);
    add_record(&matter, "04:00:00");
    assert_matter(&matter, LACKS,
                  LACKS "-recorded-session low 0.50 T1070.002 2026-03-03T04:00:00Z "
                        "host/victim=web01 address/source=203.0.113.7 account/account=eve "
                        "lacking#1 agreed#2 [web01/wtmp@0x300+384]\n");
    matter_done(&matter);
}

static void what_the_log_does_not_cover_is_not_lacking(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_log(&matter);
    add_record(&matter, "05:30:00");
    assert_matter(&matter, LACKS, "");
    matter_done(&matter);
}

static void a_log_that_never_agrees_is_set_up_otherwise(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "web01/auth.log", "system log", MATTER_DAY "01:00:00Z",
               MATTER_DAY "05:00:00Z", "web01");
    begin(&matter, "02:30:00", "bob", NULL, "log", "7");
    add_record(&matter, "04:00:00");
    assert_matter(&matter, LACKS, "");
    matter_done(&matter);
}

static void a_session_the_manager_started_is_told(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_log(&matter);
    matter_add(&matter, "web01/syslog", "system log", MATTER_DAY "01:00:00Z",
               MATTER_DAY "05:00:00Z", "web01");
    begin(&matter, "02:00:00", "anna", NULL, "manager", "5");
    begin(&matter, "04:00:00", "eve", NULL, "manager", "6");
    begin(&matter, "04:10:00", "eve", NULL, "manager", "9");
    assert_matter(&matter, LACKS,
                  LACKS "-started-session low 0.50 T1070.002 2026-03-03T04:00:00Z "
                        "host/victim=web01 account/account=eve lacking#2 agreed#1 "
                        "[web01/syslog:6] [web01/syslog:9]\n");
    matter_done(&matter);
}

static void a_last_login_that_the_record_lacks_is_told(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "web01/auth.log", "system log", NULL, NULL, "web01");
    add_record(&matter, "04:00:00");
    matter_add(&matter, "web01/lastlog", "last logins", NULL, NULL, NULL);
    begin(&matter, "03:00:00", NULL, "10.0.0.5", "last", "@292+292");
    begin(&matter, "05:00:00", NULL, "198.51.100.9", "last", "@584+292");
    assert_matter(&matter, "finding behaviour/record-lacks",
                  "finding behaviour/record-lacks-last-login low 0.50 T1070.002 "
                  "2026-03-03T05:00:00Z host/victim=web01 address/source=198.51.100.9 "
                  "lacking#1 agreed#1 [web01/lastlog@0x248+292]\n");
    matter_done(&matter);
}

static void see_connections(struct matter *matter, const char *client, const char *from,
                            const char *to, const char *place)
{
    struct text AUTO(text_done) entities = text_of_limit(256);
    text_addf(&entities,
              "address/actor=%s address/unknown=10.0.0.2 service/unknown=10.0.0.2:22/tcp",
              client);
    matter_see(matter, OBSERVED_TRAFFIC, 9, from, to, text_terminated(&entities),
               "established_count#9", place);
}

/* A log that knows 10.0.0.5, and a capture in which that one and another connect. */
static void add_connections(struct matter *matter, const char *other_known)
{
    matter_add(matter, "auth.log", "system log", MATTER_DAY "01:00:00Z", MATTER_DAY "05:00:00Z",
               "web01");
    matter_login(matter, MATTER_DAY "02:00:00Z", "10.0.0.5", "anna", "publickey", "7");
    if (other_known != NULL) {
        matter_login(matter, MATTER_DAY "03:00:00Z", other_known, "eve", "password", "8");
    }
    matter_add(matter, "capture.pcap", "capture", MATTER_DAY "01:30:00Z",
               MATTER_DAY "04:30:00Z", "10.0.0.2");
    see_connections(matter, "10.0.0.5", MATTER_DAY "01:59:59Z", MATTER_DAY "02:00:09Z", "#1");
    see_connections(matter, "203.0.113.7", MATTER_DAY "03:00:00Z", MATTER_DAY "03:20:00Z",
                    "#2");
}

static void connections_that_the_log_does_not_know_are_told(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_connections(&matter, NULL);
    assert_matter(&matter, LACKS,
                  LACKS "-connections low 0.50 T1070.002 2026-03-03T03:00:00Z "
                        "host/victim=web01 address/source=203.0.113.7 lacking#1 agreed#1 "
                        "[capture.pcap#frame=2]\n");
    matter_done(&matter);
    matter_open(&matter);
    add_connections(&matter, "203.0.113.7");
    assert_matter(&matter, LACKS, "");
    matter_done(&matter);
}

/* A log that names clients by their names may have the address under one of them. */
static void a_log_of_names_is_not_held_against_addresses(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_connections(&matter, NULL);
    matter_add(&matter, "other.log", "system log", NULL, NULL, "web01");
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 3, MATTER_DAY "03:00:00Z", NULL,
               "name/source=client.example host/victim=web01", NULL, "3");
    assert_matter(&matter, LACKS, "");
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_that_only_the_record_has_is_told),
        cmocka_unit_test(what_the_log_does_not_cover_is_not_lacking),
        cmocka_unit_test(a_log_that_never_agrees_is_set_up_otherwise),
        cmocka_unit_test(a_session_the_manager_started_is_told),
        cmocka_unit_test(a_last_login_that_the_record_lacks_is_told),
        cmocka_unit_test(connections_that_the_log_does_not_know_are_told),
        cmocka_unit_test(a_log_of_names_is_not_held_against_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
