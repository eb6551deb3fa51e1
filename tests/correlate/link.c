#include "correlate/link.h"

#include "correlate/begin.h"

/* Two findings of medium severity about `left` and `right`: how many incidents they make. */
static size_t incidents_of(const char *left, const char *right)
{
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, "web01");
    matter_find(&matter, "test/left", "T1105", SEVERITY_MEDIUM, 0.8, MATTER_DAY "02:20:00Z",
                left, NULL, "1");
    matter_add(&matter, "b.log", "system log", NULL, NULL, "web01");
    matter_find(&matter, "test/right", "T1071.001", SEVERITY_MEDIUM, 0.8,
                MATTER_DAY "03:20:00Z", right, NULL, "1");
    matter_settle(&matter);
    size_t count = matter.report.incident_count;
    matter_done(&matter);
    return count;
}

static void what_shares_an_address_of_the_outside_belongs_together(void **state)
{
    (void)state;
    assert_int_equal(incidents_of("address/source=203.0.113.7", "address/source=203.0.113.7"),
                     1);
    assert_int_equal(
        incidents_of("address/source=203.0.113.7", "address/controller=203.0.113.7"), 1);
    assert_int_equal(incidents_of("address/source=203.0.113.7", "address/source=203.0.113.8"),
                     2);
    /* Whom many talk to inside tells nothing, whoever attacks from inside does. */
    assert_int_equal(incidents_of("address/controller=10.0.0.9", "address/controller=10.0.0.9"),
                     2);
    assert_int_equal(incidents_of("address/source=10.0.0.9", "address/source=10.0.0.9"), 1);
    /* That both are about one victim does not make them one. */
    assert_int_equal(incidents_of("address/victim=192.0.2.5", "address/victim=192.0.2.5"), 2);
}

static void what_shares_a_file_belongs_together(void **state)
{
    (void)state;
    assert_int_equal(incidents_of("file/tool=/tmp/drop.sh", "file/tool=/var/tmp/drop.sh"), 1);
    assert_int_equal(incidents_of("file/tool=/tmp/drop.sh", "file/unknown=drop.sh"), 2);
    assert_int_equal(incidents_of("file/tool=/tmp/ab", "file/tool=/tmp/ab"), 2);
}

static void a_file_that_everybody_names_links_nothing(void **state)
{
    (void)state;
    static const char *const common[] = {
        "bash",        "dash",       "python",    "python3",  "perl",
        "curl",        "wget",       "cron",      "crontab",  "passwd",
        "shadow",      "index.html", "index.php", "null",     "tmp",
        "sudoers",     "profile",    ".bashrc",   ".profile", "authorized_keys",
        "favicon.ico", "robots.txt",
    };
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
        char entity[64];
        (void)snprintf(entity, sizeof entity, "file/tool=/x/%s", common[i]);
        if (incidents_of(entity, entity) != 2) {
            fail_msg("%s links", common[i]);
        }
    }
}

static void what_shares_a_name_a_url_a_key_or_a_hash_belongs_together(void **state)
{
    (void)state;
    assert_int_equal(incidents_of("name/controller=c.example", "name/unknown=c.example"), 1);
    assert_int_equal(incidents_of("url/tool=http://c.example/x", "url/tool=http://c.example/x"),
                     1);
    assert_int_equal(incidents_of("key/tool=SHA256:abc", "key/tool=SHA256:abc"), 1);
    assert_int_equal(incidents_of("hash/tool=0011", "hash/tool=0011"), 1);
    assert_int_equal(incidents_of("name/controller=c.example", "url/tool=c.example"), 2);
}

static void a_common_account_or_machine_alone_links_nothing(void **state)
{
    (void)state;
    assert_int_equal(incidents_of("account/account=root", "account/account=root"), 2);
    assert_int_equal(incidents_of("host/victim=web01", "host/victim=web01"), 2);
    assert_int_equal(incidents_of("process/tool=/bin/x", "process/tool=/bin/x"), 2);
    assert_int_equal(
        incidents_of("service/unknown=192.0.2.1:80/tcp", "service/unknown=192.0.2.1:80/tcp"),
        2);
}

/* ---- scripts ---- */

static void findings_of_one_script_belong_together(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "drop.sh", "shell script", NULL, NULL, NULL);
    matter_find(&matter, "capability/a", "T1053.003", SEVERITY_MEDIUM, 0.8, NULL, NULL, NULL,
                "@1+9");
    matter_find(&matter, "capability/b", "T1070.002", SEVERITY_MEDIUM, 0.8, NULL, NULL, NULL,
                "@50+9");
    matter_add(&matter, "other.sh", "shell script", NULL, NULL, NULL);
    matter_find(&matter, "capability/c", "T1070.002", SEVERITY_MEDIUM, 0.8, NULL, NULL, NULL,
                "@50+9");
    assert_matter(&matter, "incident",
                  "incident suspicious medium 0.80: traces-removed(1)\n"
                  "incident suspicious medium 0.80: persistence(1) traces-removed(1)\n");
    matter_done(&matter);
}

static void a_script_belongs_to_what_names_its_file_and_to_what_it_names(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "tmp/drop.sh", "shell script", NULL, NULL, NULL);
    matter_see(&matter, OBSERVED_SCRIPT, 1, NULL, NULL, "address/unknown=198.51.100.9", NULL,
               "@0+9");
    matter_find(&matter, "capability/a", "T1053.003", SEVERITY_MEDIUM, 0.8, NULL, NULL, NULL,
                "@1+9");
    matter_add(&matter, "x.pcap", "capture", NULL, NULL, NULL);
    matter_find(&matter, "test/fetch", "T1105", SEVERITY_MEDIUM, 0.8, MATTER_DAY "02:20:00Z",
                "file/tool=drop.sh", NULL, "#1");
    matter_find(&matter, "test/home", "T1071.001", SEVERITY_MEDIUM, 0.8, MATTER_DAY "02:21:00Z",
                "address/controller=198.51.100.9", NULL, "#2");
    matter_find(&matter, "test/far", "T1071.001", SEVERITY_MEDIUM, 0.8, MATTER_DAY "02:22:00Z",
                "address/controller=198.51.100.10", NULL, "#3");
    assert_matter(&matter, "incident",
                  "incident suspicious medium 0.80: download(1) ~persistence(1) call-home(1)\n"
                  "incident suspicious medium 0.80: call-home(1)\n");
    matter_done(&matter);
}

/* ---- what follows an entry ---- */

/* The incidents where, beside an entry as deploy on web01 at 02:14:02, there is this. */
static void assert_beside_entry(const char *technique, const char *at, const char *entities,
                                const char *expected)
{
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 1, MATTER_DAY "02:00:00Z", NULL,
               "address/source=192.0.2.77 account/account=x host/victim=web01", NULL, "70");
    matter_add(&matter, "x.pcap", "capture", MATTER_DAY "01:00:00Z", MATTER_DAY "05:00:00Z",
               NULL);
    matter_see(&matter, OBSERVED_TRAFFIC, 1, MATTER_DAY "02:00:00Z", NULL,
               "address/actor=192.0.2.77 service/unknown=10.0.0.5:22/tcp", NULL, "#1");
    matter_find(&matter, "test/beside", technique, SEVERITY_LOW, 0.4, at, entities, NULL,
                "#900");
    assert_matter(&matter, "incident", expected);
    matter_done(&matter);
}

#define ALONE "incident malicious high 0.99: guessing(1) entry(1)\n"
#define WITH(stage) "incident malicious critical 0.99: guessing(1) entry(1) " stage "(1)\n"

static void what_the_account_did_after_the_entry_belongs_to_it(void **state)
{
    (void)state;
    assert_beside_entry("T1003", MATTER_DAY "03:00:00Z",
                        "account/actor=deploy host/victim=web01", WITH("credentials"));
    assert_beside_entry("T1003", MATTER_DAY "03:00:00Z",
                        "account/actor=deploy address/victim=10.0.0.5", WITH("credentials"));
    assert_beside_entry("T1003", MATTER_DAY "03:00:00Z", "account/actor=anna host/victim=web01",
                        ALONE);
    assert_beside_entry("T1003", MATTER_DAY "03:00:00Z",
                        "account/actor=deploy host/victim=db01", ALONE);
    assert_beside_entry("T1003", MATTER_DAY "02:00:00Z",
                        "account/actor=deploy host/victim=web01", ALONE);
    assert_beside_entry("T1003", "2026-03-11T03:00:00Z",
                        "account/actor=deploy host/victim=web01", ALONE);
    assert_beside_entry("T1003", MATTER_DAY "03:00:00Z", "account/actor=deploy", ALONE);
}

static void what_changes_soon_after_an_entry_belongs_to_it(void **state)
{
    (void)state;
    assert_beside_entry("T1136.001", MATTER_DAY "03:00:00Z", "host/victim=web01",
                        WITH("account"));
    assert_beside_entry("T1562.001", MATTER_DAY "03:00:00Z", "host/victim=web01",
                        WITH("defence-off"));
    assert_beside_entry("T1053.003", MATTER_DAY "03:00:00Z", "host/victim=web01",
                        WITH("persistence"));
    assert_beside_entry("T1105", MATTER_DAY "03:00:00Z", "host/victim=web01", WITH("download"));
    assert_beside_entry("T1136.001", MATTER_DAY "03:20:00Z", "host/victim=web01", ALONE);
    assert_beside_entry("T1070.002", MATTER_DAY "03:00:00Z", "host/victim=web01", ALONE);
}

static void traffic_that_began_after_an_entry_belongs_to_it(void **state)
{
    (void)state;
    assert_beside_entry("T1071.001", MATTER_DAY "04:00:00Z",
                        "address/victim=10.0.0.5 address/controller=198.51.100.9",
                        WITH("call-home"));
    assert_beside_entry("T1048.003", MATTER_DAY "04:00:00Z",
                        "address/victim=10.0.0.5 address/controller=198.51.100.9",
                        WITH("upload"));
    assert_beside_entry("T1071.001", MATTER_DAY "02:00:00Z",
                        "address/victim=10.0.0.5 address/controller=198.51.100.9", ALONE);
    assert_beside_entry("T1071.001", MATTER_DAY "04:00:00Z",
                        "address/victim=10.0.0.6 address/controller=198.51.100.9", ALONE);
    assert_beside_entry("T1071.001", MATTER_DAY "04:00:00Z",
                        "address/victim=10.0.0.5 address/controller=10.0.0.9", ALONE);
}

/* ---- what a group makes of its leads ---- */

/* Severity and confidence of "test/judged", of technique `technique`, linked to `others`. */
static void assert_raised(const char *technique, const char *const *others, size_t count,
                          const char *expected)
{
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, "web01");
    matter_find(&matter, "test/judged", technique, SEVERITY_LOW, 0.4, MATTER_DAY "03:00:00Z",
                "address/source=203.0.113.7", NULL, "1");
    for (size_t i = 0; i < count; i++) {
        matter_find(&matter, "test/other", others[i], SEVERITY_MEDIUM, 0.4,
                    MATTER_DAY "02:00:00Z", "address/source=203.0.113.7", NULL, "2");
    }
    matter_settle(&matter);
    char said[40] = "";
    for (size_t i = 0; i < matter.report.finding_count; i++) {
        const struct report_finding *finding = &matter.report.findings[i];
        if (bytes_equal_text(finding->rule, "test/judged")) {
            (void)snprintf(said, sizeof said, "%s %.2f", severity_name(finding->severity),
                           finding->confidence);
        }
    }
    assert_string_equal(said, expected);
    matter_done(&matter);
}

static void an_entry_makes_more_of_what_follows(void **state)
{
    (void)state;
    static const char *const entry[] = {"T1078.003"};
    static const char *const ran[] = {"T1105", "T1059.004"};
    assert_raised("T1071.001", entry, 1, "high 0.90");
    assert_raised("T1048.003", entry, 1, "high 0.90");
    assert_raised("T1136.001", entry, 1, "medium 0.80");
    assert_raised("T1110.001", entry, 1, "low 0.40");
    assert_raised("T9999", entry, 1, "low 0.40");
    assert_raised("T1071.001", ran, 2, "medium 0.80");
    assert_raised("T1071.001", ran, 1, "low 0.40");
    assert_raised("T1071.001", ran + 1, 1, "low 0.40");
    assert_raised("T1136.001", ran, 2, "low 0.40");
    assert_raised("T1071.001", NULL, 0, "low 0.40");
}

static void an_upload_to_whoever_gives_orders_goes_over_that_channel(void **state)
{
    (void)state;
    for (int same = 0; same < 2; same++) {
        struct matter matter;
        matter_open(&matter);
        matter_add(&matter, "x.pcap", "capture", NULL, NULL, NULL);
        matter_find(&matter, "test/home", "T1071.001", SEVERITY_MEDIUM, 0.8,
                    MATTER_DAY "02:21:00Z",
                    same ? "service/controller=198.51.100.9:80/tcp"
                         : "service/controller=198.51.100.9:81/tcp",
                    NULL, "#2");
        matter_find(&matter, "test/upload", "T1048.003", SEVERITY_MEDIUM, 0.8,
                    MATTER_DAY "02:22:00Z", "service/controller=198.51.100.9:80/tcp", NULL,
                    "#3");
        matter_settle(&matter);
        assert_bytes(matter.report.findings[1].techniques[0], same ? "T1041" : "T1048.003");
        matter_done(&matter);
    }
}

static void vain_guessing_at_one_machine_is_one_matter(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 40, MATTER_DAY "02:30:00Z", NULL,
               "address/source=198.51.100.9 account/account=root host/victim=web01", NULL,
               "500");
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 40, MATTER_DAY "02:31:00Z", NULL,
               "address/source=198.51.100.10 account/account=root host/victim=db01", NULL,
               "501");
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 5, MATTER_DAY "02:32:00Z", NULL,
               "address/source=192.0.2.10 account/account=anna host/victim=web01", NULL, "502");
    assert_matter(&matter, "incident",
                  "incident suspicious medium 0.95: guessing(2)\n"
                  "incident suspicious medium 0.95: guessing(1)\n");
    matter_done(&matter);
}

static void vain_guessing_stays_apart_from_the_guessing_that_worked(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 40, MATTER_DAY "02:30:00Z", NULL,
               "address/source=198.51.100.9 account/account=root host/victim=web01", NULL,
               "500");
    assert_matter(&matter, "incident",
                  "incident malicious high 0.99: guessing(1) entry(1)\n"
                  "incident suspicious medium 0.95: guessing(1)\n");
    matter_done(&matter);
}

/* ---- times ---- */

/* The time and stage order where a script's finding of T1053.003 has none of its own. */
static void assert_inferred(const char *other, const char *another, const char *expected)
{
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "drop.sh", "shell script", NULL, NULL, NULL);
    matter_find(&matter, "capability/a", "T1053.003", SEVERITY_MEDIUM, 0.8, NULL, NULL, NULL,
                "@1+9");
    matter_add(&matter, "x.pcap", "capture", NULL, NULL, NULL);
    matter_find(&matter, "test/other", other, SEVERITY_MEDIUM, 0.8, MATTER_DAY "02:20:00Z",
                "file/tool=drop.sh", NULL, "#1");
    matter_find(&matter, "test/another", another, SEVERITY_MEDIUM, 0.8, MATTER_DAY "02:25:00Z",
                "file/tool=drop.sh", NULL, "#2");
    matter_settle(&matter);
    char said[100] = "";
    const struct incident *incident = &matter.report.incidents[0];
    for (size_t i = 0; i < incident->stage_count; i++) {
        const struct stage *stage = &incident->stages[i];
        if (stage->kind == STAGE_PERSISTENCE) {
            struct civil civil = civil_of_moment(stage->first);
            (void)snprintf(said, sizeof said, "%s%02d:%02d", stage->time_is_inferred ? "~" : "",
                           stage->first.is_known ? civil.hour : 99, civil.minute);
        }
    }
    assert_string_equal(said, expected);
    matter_done(&matter);
}

static void when_a_script_did_something_is_inferred(void **state)
{
    (void)state;
    assert_inferred("T1105", "T1059.004", "~02:25");    /* when it ran */
    assert_inferred("T1059.004", "T1105", "~02:20");    /* also where that came first */
    assert_inferred("T1105", "T1070.002", "~02:20");    /* else when it was fetched */
    assert_inferred("T1071.001", "T1070.002", "99:00"); /* else nobody knows */
    assert_inferred("T1105", "T1543.002", "~02:25");    /* when the very thing was seen */
}

/* The stages where the sign of a run comes `sign` and the call home `call`, as minutes. */
static void assert_run(const char *sign, const char *call, const char *expected)
{
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    matter_see(&matter, OBSERVED_SCHEDULE, 1, sign, NULL,
               "account/actor=deploy host/victim=web01", NULL, "450");
    matter_add(&matter, "drop.sh", "shell script", NULL, NULL, NULL);
    matter_see(&matter, OBSERVED_SCRIPT, 1, NULL, NULL, "file/unknown=/tmp/x", NULL, "@0+9");
    matter_find(&matter, "capability/a", "T1070.002", SEVERITY_MEDIUM, 0.8, NULL, NULL, NULL,
                "@1+9");
    matter_add(&matter, "x.pcap", "capture", NULL, NULL, NULL);
    matter_see(&matter, OBSERVED_FETCH, 1, MATTER_DAY "02:18:00Z", NULL,
               "address/actor=10.0.0.5 address/unknown=203.0.113.7 file/unknown=drop.sh", NULL,
               "#500");
    matter_find(&matter, "test/home", "T1071.001", SEVERITY_MEDIUM, 0.8, call,
                "address/controller=198.51.100.9 host/victim=web01", NULL, "#2");
    assert_matter(&matter, "incident", expected);
    matter_done(&matter);
}

#define STAGES(rest) "incident malicious critical 0.99: guessing(1) entry(1) " rest "\n"

static void a_program_ran_before_it_called_home(void **state)
{
    (void)state;
    assert_run(MATTER_DAY "02:19:05Z", MATTER_DAY "02:19:00Z",
               STAGES("download(1) execution(1) call-home(1) persistence(1)"
                      " ~traces-removed(1)"));
    assert_run(MATTER_DAY "02:21:00Z", MATTER_DAY "02:19:00Z",
               STAGES("download(1) call-home(1) execution(1) persistence(1)"
                      " ~traces-removed(1)"));
    assert_run(MATTER_DAY "02:18:10Z", MATTER_DAY "02:17:50Z",
               STAGES("call-home(1) download(1) execution(1) persistence(1)"
                      " ~traces-removed(1)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_shares_an_address_of_the_outside_belongs_together),
        cmocka_unit_test(what_shares_a_file_belongs_together),
        cmocka_unit_test(a_file_that_everybody_names_links_nothing),
        cmocka_unit_test(what_shares_a_name_a_url_a_key_or_a_hash_belongs_together),
        cmocka_unit_test(a_common_account_or_machine_alone_links_nothing),
        cmocka_unit_test(findings_of_one_script_belong_together),
        cmocka_unit_test(a_script_belongs_to_what_names_its_file_and_to_what_it_names),
        cmocka_unit_test(what_the_account_did_after_the_entry_belongs_to_it),
        cmocka_unit_test(what_changes_soon_after_an_entry_belongs_to_it),
        cmocka_unit_test(traffic_that_began_after_an_entry_belongs_to_it),
        cmocka_unit_test(an_entry_makes_more_of_what_follows),
        cmocka_unit_test(an_upload_to_whoever_gives_orders_goes_over_that_channel),
        cmocka_unit_test(vain_guessing_at_one_machine_is_one_matter),
        cmocka_unit_test(vain_guessing_stays_apart_from_the_guessing_that_worked),
        cmocka_unit_test(a_program_ran_before_it_called_home),
        cmocka_unit_test(when_a_script_did_something_is_inferred),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
