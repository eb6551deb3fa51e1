#include "explain/doubt.h"

#include "explain/telling.h"

static void assert_doubts(struct matter *matter, const char *unknown, const char *disproof)
{
    telling_tell(matter);
    const struct incident *incident = &matter->report.incidents[0];
    assert_told(incident->unknown, incident->unknown_count, unknown);
    assert_told(incident->disproof, incident->disproof_count, disproof);
    matter_done(matter);
}

#define COVERAGE " [coverage:auth.log]"
#define BOTH " [coverage:auth.log] [coverage:capture.pcap]"

static void after_an_entry_much_is_not_known(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    assert_doubts(
        &matter,
        "We do not know if data was taken. We had no record of the network to look at." COVERAGE
        "\nWe do not know if machines other than web01 were entered. Logs from them would "
        "tell." COVERAGE "\nWe do not know all that was typed on web01. A record of commands "
        "would tell." COVERAGE
        "\nWe do not know what happened after 05:00 on 3 March 2026, when this evidence "
        "ends." COVERAGE "\n",
        "This would be wrong if the tries were a test that you ordered. [auth.log:88-399]\n"
        "This would be wrong if the owner of \"deploy\" says: that login from 203.0.113[.]7 was"
        " mine. [auth.log:400]\n");
}

static void what_came_through_a_web_server_has_doubts_of_its_own(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "web server log", NULL, NULL, NULL);
    matter_find(&matter, "behaviour/web-attack", "T1190", SEVERITY_MEDIUM, 0.9,
                MATTER_DAY "02:10:00Z", "address/source=203.0.113.7", NULL, "2");
    matter_find(&matter, "behaviour/web-shell", "T1505.003", SEVERITY_HIGH, 0.95,
                MATTER_DAY "02:20:00Z", "address/source=203.0.113.7 file/tool=a.php", NULL,
                "3");
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_told(incident->disproof, incident->disproof_count,
                "This would be wrong if the web server gave each of these requests the same"
                " harmless answer. [a.log:2]\n"
                "This would be wrong if \"a.php\" is a tool of your own, and the one who used"
                " it from 203.0.113[.]7 says so. [a.log:3]\n");
    matter_done(&matter);
}

static void a_capture_without_an_upload_shows_none(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    matter_add(&matter, "capture.pcap", "capture", NULL, NULL, NULL);
    telling_tell(&matter);
    assert_told(matter.report.incidents[0].unknown, 1,
                "We saw no large amount of data leave, but a small amount is easy to miss." BOTH
                "\n");
    matter_done(&matter);
}

static void what_was_in_an_upload_is_not_known(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    telling_intrusion(&matter);
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_told(incident->unknown, 1,
                "We do not know what was in the data that left. [capture.pcap#frame=900]\n");
    assert_told(
        incident->disproof + 2, incident->disproof_count - 2,
        "The contact would be harmless if 198.51.100[.]9 is a service that you use, such"
        " as one that watches your machines. [capture.pcap#frame=600]\n"
        "The transfer would be harmless if it is your own backup."
        " [capture.pcap#frame=900]\n");
    matter_done(&matter);
}

static void guessing_in_vain_leaves_what_the_logs_do_not_cover(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    assert_doubts(
        &matter, "We can only speak for the time that these logs cover." COVERAGE "\n",
        "This would be wrong if the tries were a test that you ordered. [auth.log:88-399]\n");
}

static void a_kind_of_stage_is_doubted_once(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_find(&matter, "test/spraying", "T1110.003", SEVERITY_MEDIUM, 0.8,
                MATTER_DAY "03:20:00Z", "address/source=203.0.113.7 host/victim=web01", NULL,
                "500");
    telling_tell(&matter);
    assert_int_equal(matter.report.incidents[0].stage_count, 2);
    assert_told(
        matter.report.incidents[0].disproof, matter.report.incidents[0].disproof_count,
        "This would be wrong if the tries were a test that you ordered. [auth.log:88-399]\n");
    matter_done(&matter);
}

static void without_logs_nobody_knows_how_it_began(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "capture.pcap", "capture", NULL, NULL, NULL);
    matter_find(&matter, "behaviour/call-home", "T1071.001", SEVERITY_MEDIUM, 0.8,
                MATTER_DAY "02:20:00Z",
                "address/victim=10.0.0.5 address/controller=198.51.100.9", NULL, "#600");
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    AUTO(text_done) struct text said = text_of_limit(4096);
    telling_say(&said, incident->unknown, incident->unknown_count);
    assert_non_null(strstr(text_terminated(&said), "We do not know how this began."));
    assert_non_null(
        strstr(text_terminated(&said), "We do not know if other machines were entered."));
    assert_null(strstr(text_terminated(&said), "when this evidence ends"));
    matter_done(&matter);
}

/* The doubts about a scan of that technique that a capture shows. */
static void where_traces_were_removed_nobody_knows_how_it_began(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "auth.log", "system log", MATTER_DAY "01:00:00Z",
               MATTER_DAY "05:00:00Z", "web01");
    matter_find(&matter, "behaviour/call-home", "T1071.001", SEVERITY_MEDIUM, 0.8,
                MATTER_DAY "02:20:00Z",
                "host/victim=web01 file/tool=netd.sh address/controller=198.51.100.9", NULL,
                "#600");
    matter_find(&matter, "capability/logs-cleared", "T1070.002", SEVERITY_MEDIUM, 0.75,
                MATTER_DAY "02:30:00Z", "host/victim=web01 file/tool=netd.sh", NULL, "#700");
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    AUTO(text_done) struct text said = text_of_limit(4096);
    telling_say(&said, incident->unknown, incident->unknown_count);
    assert_non_null(strstr(text_terminated(&said),
                           "We do not know how this began, as traces were removed."));
    matter_done(&matter);
}

static void assert_scan_doubts(const char *technique, const char *disproof)
{
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "capture.pcap", "capture", NULL, NULL, NULL);
    matter_find(&matter, "behaviour/port-scan", technique, SEVERITY_MEDIUM, 0.8,
                MATTER_DAY "02:20:00Z", "address/source=10.0.0.66", NULL, "#600");
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_told(incident->unknown, incident->unknown_count,
                "We do not know if anybody got in after this. The login records of the machine"
                " would tell. [coverage:capture.pcap]\n");
    assert_told(incident->disproof, incident->disproof_count, disproof);
    matter_done(&matter);
}

static void a_scan_may_be_the_owners(void **state)
{
    (void)state;
    assert_scan_doubts("T1595.001", "This would be wrong if the tries were a test that you "
                                    "ordered. [capture.pcap#frame=600]\n");
    assert_scan_doubts("T1046", "This would be harmless if 10.0.0.66 is there to look for "
                                "machines, such as a scanner of your own, or a tool that "
                                "watches the network. [capture.pcap#frame=600]\n");
    assert_scan_doubts("T1018", "This would be harmless if 10.0.0.66 is there to look for "
                                "machines, such as a tool that watches the network. "
                                "[capture.pcap#frame=600]\n");
}

static void evidence_that_was_not_examined_covers_nothing(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_add(&matter, "b.log", "system log", NULL, NULL, "db01")
        ->examination.coverage.examined = EXAMINED_NO;
    telling_tell(&matter);
    assert_told(matter.report.incidents[0].unknown, 1,
                "We can only speak for the time that these logs cover." COVERAGE "\n");
    matter_done(&matter);
}

/* How machines whose logs there are, are named. */
static void up_to_three_machines_are_named(void **state)
{
    (void)state;
    static const char *const hosts[] = {"web01", "db01", "mail", "vpn"};
    static const char *const expected[] = {
        "other than web01 were", "other than web01, db01 were",
        "other than web01, db01, mail were", "know if other machines were"};
    for (size_t count = 1; count <= 4; count++) {
        struct matter matter;
        matter_open(&matter);
        matter_enter(&matter);
        for (size_t i = 1; i < count; i++) {
            matter_add(&matter, hosts[i], "system log", NULL, NULL, hosts[i]);
        }
        matter_add(&matter, "again", "system log", NULL, NULL, "web01");
        matter_add(&matter, "zz", "capture", NULL, NULL, "10.0.0.1");
        telling_tell(&matter);
        AUTO(text_done) struct text said = text_of_limit(8192);
        telling_say(&said, matter.report.incidents[0].unknown,
                    matter.report.incidents[0].unknown_count);
        if (count == 1) {
            assert_non_null(strstr(text_terminated(&said), expected[0]));
        } else if (count == 4) {
            assert_non_null(strstr(text_terminated(&said), expected[3]));
        } else {
            assert_null(strstr(text_terminated(&said), expected[0]));
            assert_null(strstr(text_terminated(&said), expected[3]));
        }
        matter_done(&matter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(after_an_entry_much_is_not_known),
        cmocka_unit_test(what_came_through_a_web_server_has_doubts_of_its_own),
        cmocka_unit_test(a_capture_without_an_upload_shows_none),
        cmocka_unit_test(what_was_in_an_upload_is_not_known),
        cmocka_unit_test(guessing_in_vain_leaves_what_the_logs_do_not_cover),
        cmocka_unit_test(a_scan_may_be_the_owners),
        cmocka_unit_test(a_kind_of_stage_is_doubted_once),
        cmocka_unit_test(without_logs_nobody_knows_how_it_began),
        cmocka_unit_test(where_traces_were_removed_nobody_knows_how_it_began),
        cmocka_unit_test(evidence_that_was_not_examined_covers_nothing),
        cmocka_unit_test(up_to_three_machines_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
