#include "explain/brief.h"

#include "explain/telling.h"

static void a_responder_is_told_how_things_stand_and_what_to_look_for(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    telling_intrusion(&matter);
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_told(
        incident->story[AUDIENCE_RESPONDER], incident->story_count[AUDIENCE_RESPONDER],
        "| web01 answered to 198.51.100[.]9; the last contact seen was some time before the end"
        " of this evidence. Take it that the intruder can come back. [auth.log:400]"
        " [capture.pcap#frame=600]\n"
        "| Look for 203.0.113[.]7 in the logs of all machines: a login from there is the same"
        " intruder. [auth.log:88-399]\n"
        "Look for 198.51.100[.]9 in the traffic of all machines: one that talks to it has the"
        " same trouble. [capture.pcap#frame=600]\n"
        "Look for a file named \"drop.sh\" on all machines, and for what starts it."
        " [capture.pcap#frame=500]\n"
        "Look for logins of \"deploy\" on all machines where that account, or its password, is"
        " used too. [auth.log:88-399]\n");
    matter_done(&matter);
}

/* What the first sentence for a responder begins with, by what the incident is. */
static void each_shape_has_its_state(void **state)
{
    (void)state;
    static const struct {
        const char *technique;
        const char *entities;
        const char *expected;
    } rows[] = {
        {"T1078.003", "account/account=bob host/victim=web01 address/source=203.0.113.7",
         "The account \"bob\" of web01 was entered from 203.0.113[.]7."},
        {"T1071.001", "host/victim=web01", "A program on web01 takes orders from outside."},
        {"T1110.001", "host/victim=web01", "No guess was seen to work on web01."},
        {"T1595.003", "host/victim=web01", "No request was seen to get in to web01."},
        {"T1190", "address/source=203.0.113.7 host/victim=web01",
         "The web server of web01 was entered from 203.0.113[.]7."},
        {"T1505.003", "address/source=203.0.113.7 host/victim=web01",
         "The web server of web01 was given commands from 203.0.113[.]7."},
        {"T1070.002", "host/victim=web01", "What this is has to be found out first"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matter;
        matter_open(&matter);
        matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
        matter_find(&matter, "test/finding", rows[i].technique, SEVERITY_MEDIUM, 0.8,
                    MATTER_DAY "02:14:00Z", rows[i].entities, NULL, "7");
        telling_tell(&matter);
        assert_tells(&matter.report.incidents[0], AUDIENCE_RESPONDER, rows[i].expected, true);
        matter_done(&matter);
    }
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40); /* whether that is an account nobody knows */
    telling_tell(&matter);
    assert_tells(&matter.report.incidents[0], AUDIENCE_RESPONDER, "Look for logins of", false);
    matter_done(&matter);
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_login(&matter, MATTER_DAY "02:14:02Z", "203.0.113.7", "anna", "password", "400");
    telling_tell(&matter);
    assert_tells(&matter.report.incidents[0], AUDIENCE_RESPONDER,
                 "The account \"anna\" of web01 was used from 203.0.113[.]7, where", true);
    matter_done(&matter);
    matter_open(&matter);
    matter_enter(&matter);
    matter_add(&matter, "x.pcap", "capture", NULL, MATTER_DAY "05:00:00Z", NULL);
    matter_find(&matter, "test/call", "T1071.001", SEVERITY_MEDIUM, 0.8, MATTER_DAY "04:55:00Z",
                "address/controller=198.51.100.9 host/victim=web01", NULL, "#600");
    telling_tell(&matter);
    assert_tells(&matter.report.incidents[0], AUDIENCE_RESPONDER,
                 "web01 answers to 198.51.100[.]9 right up to the end", true);
    matter_done(&matter);
    static const char *const states[] = {
        "No way in was seen. See which of the doors that were tried on 192.0.2[.]5 are open",
        "10.0.0.66 looks around inside the network. Find out what runs on it"};
    for (int is_inside = 0; is_inside < 2; is_inside++) {
        matter_open(&matter);
        matter_add(&matter, "x.pcap", "capture", NULL, NULL, NULL);
        matter_find(&matter, "behaviour/port-scan", "T1046", SEVERITY_MEDIUM, 0.9,
                    MATTER_DAY "04:55:00Z", "address/source=10.0.0.66 address/victim=192.0.2.5",
                    is_inside ? "from_inside#1" : NULL, "#600");
        telling_tell(&matter);
        assert_tells(&matter.report.incidents[0], AUDIENCE_RESPONDER, states[is_inside], true);
        matter_done(&matter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_responder_is_told_how_things_stand_and_what_to_look_for),
        cmocka_unit_test(each_shape_has_its_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
