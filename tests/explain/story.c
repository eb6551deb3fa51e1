#include "explain/story.h"

#include "explain/telling.h"

static void an_intrusion_is_told_in_order_and_in_plain_words(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    telling_intrusion(&matter);
    struct examination *capture = &matter.evidence[1].examination;
    const struct fact facts[] = {fact_count("contact_count", 418),
                                 fact_duration("interval_median", 60 * MOMENT_SECOND_NS)};
    capture->findings[0].facts = facts;
    capture->findings[0].fact_count = 2;
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_told(
        incident->story[AUDIENCE_LEADER], 8,
        "| Someone got into the machine web01 by guessing a password, and web01 then stayed in"
        " touch with a computer that seems to give it orders. [auth.log:400]"
        " [capture.pcap#frame=600]\n"
        "| Between 02:10 and 02:14 on 3 March 2026, one computer on the internet "
        "(203.0.113[.]7)"
        " tried 312 passwords on the account \"deploy\". [auth.log:88-399]\n"
        "Seconds later, a login from 203.0.113[.]7 to the account \"deploy\" worked. So the"
        " right password had been found. [auth.log:400]\n"
        "| 4 minutes later, the machine web01 fetched a program named \"drop.sh\" from"
        " 203.0.113[.]7. [capture.pcap#frame=500]\n"
        "The program was put on the machine's schedule (a list of things a machine does by"
        " itself at set times), so that it starts again by itself. Turning the machine off and"
        " on does not remove it. [auth.log:450]\n"
        "From 02:20 on, web01 contacted 198.51.100[.]9 once a minute, 418 times in all. "
        "Programs"
        " of this kind get their orders that way. [capture.pcap#frame=600]\n"
        "| 20 minutes later, about 14 MB of data left the machine web01 for 198.51.100[.]9."
        " [capture.pcap#frame=900]\n"
        "| We do not know what was in the data that left. [capture.pcap#frame=900]\n");
    assert_bytes(incident->title,
                 "Someone got into the machine web01 by guessing a password, and web01 then"
                 " stayed in touch with a computer that seems to give it orders");
    matter_done(&matter);
}

/* The headline of the matter. */
static void assert_headline(struct matter *matter, const char *expected)
{
    telling_tell(matter);
    const struct incident *incident = &matter->report.incidents[0];
    assert_true(incident->story_count[AUDIENCE_LEADER] > 0);
    if (!bytes_starts(incident->story[AUDIENCE_LEADER][0].text, expected)) {
        fail_msg("%.*s", (int)incident->story[AUDIENCE_LEADER][0].text.size,
                 (const char *)incident->story[AUDIENCE_LEADER][0].text.data);
    }
    matter_done(matter);
}

static void call(struct matter *matter, const char *technique, const char *entities,
                 const char *end)
{
    matter_add(matter, "x.pcap", "capture", MATTER_DAY "02:00:00Z", end, NULL);
    matter_find(matter, "test/call", technique, SEVERITY_MEDIUM, 0.8, MATTER_DAY "04:55:00Z",
                entities, NULL, "#600");
}

static void the_shape_of_the_whole_heads_the_story(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    call(&matter, "T1071.001", "address/controller=198.51.100.9 host/victim=web01",
         MATTER_DAY "05:00:00Z");
    assert_headline(&matter,
                    "Someone got into the machine web01 by guessing a password, and web01 was"
                    " still in touch with a computer that seems to give it orders when this");
    matter_open(&matter);
    matter_enter(&matter);
    call(&matter, "T1071.001", "address/controller=198.51.100.9 host/victim=web01",
         MATTER_DAY "05:06:00Z");
    assert_headline(
        &matter, "Someone got into the machine web01 by guessing a password, and web01 then");
    matter_open(&matter);
    matter_enter(&matter);
    assert_headline(&matter, "Someone got into the machine web01 by guessing a password.");
    matter_open(&matter);
    call(&matter, "T1078.003", "host/victim=web01", NULL);
    assert_headline(&matter, "Someone got into the machine web01.");
    matter_open(&matter);
    call(&matter, "T1078.003", "account/account=anna", NULL);
    assert_headline(&matter, "Someone got in.");
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_login(&matter, MATTER_DAY "02:14:02Z", "203.0.113.7", "anna", "password", "400");
    assert_headline(&matter, "Someone may have got into the machine web01.");
    matter_open(&matter);
    call(&matter, "T1071.001", "host/victim=web01", NULL);
    assert_headline(&matter, "A program on web01 seems to take orders from outside.");
    matter_open(&matter);
    call(&matter, "T1059.004", "file/tool=x.sh", NULL);
    assert_headline(&matter, "A program seems to take orders from outside.");
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    assert_headline(&matter,
                    "Someone tried to guess passwords on the machine web01. As far as");
    matter_open(&matter);
    call(&matter, "T1070.002", "host/victim=web01", NULL);
    assert_headline(&matter, "We found something that needs a closer look.");
}

/* Scanning, an attempt and commands to a script, up to the `last` of them. */
static void break_in(struct matter *matter, int last, enum severity severity, double confidence)
{
    matter_add(matter, "a.log", "web server log", MATTER_DAY "01:00:00Z",
               MATTER_DAY "05:00:00Z", NULL);
    matter_find(matter, "behaviour/web-attack", "T1190", SEVERITY_MEDIUM, 0.9,
                MATTER_DAY "02:10:00Z", "address/source=203.0.113.7 host/victim=web01", NULL,
                "2");
    if (last > 1) {
        matter_find(matter, "behaviour/web-shell", "T1505.003", severity, confidence,
                    MATTER_DAY "02:20:00Z",
                    "address/source=203.0.113.7 host/victim=web01 file/tool=a.php", NULL, "3");
    }
}

static void probe(struct matter *matter, const char *technique, const char *facts)
{
    matter_add(matter, "a.pcap", "capture", NULL, NULL, NULL);
    matter_find(matter, "behaviour/port-scan", technique, SEVERITY_MEDIUM, 0.95,
                MATTER_DAY "02:20:00Z", "address/source=10.0.0.66 address/victim=192.0.2.5",
                facts, "3");
}

static void what_came_through_a_web_server_has_its_own_shapes(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    break_in(&matter, 1, SEVERITY_INFO, 0);
    assert_headline(&matter, "Someone looked for weak spots in the web server of the machine"
                             " web01. As far as we can see, nobody got in that way.");
    matter_open(&matter);
    break_in(&matter, 2, SEVERITY_HIGH, 0.95);
    assert_headline(&matter, "Someone got in through the web server of the machine web01.");
    matter_open(&matter);
    break_in(&matter, 2, SEVERITY_MEDIUM, 0.6);
    assert_headline(&matter, "Someone may have given commands to the web server of");
    matter_open(&matter);
    matter_add(&matter, "a.log", "web server log", NULL, NULL, NULL);
    matter_find(&matter, "behaviour/web-shell", "T1505.003", SEVERITY_HIGH, 0.95,
                MATTER_DAY "02:20:00Z", "address/source=203.0.113.7", NULL, "3");
    assert_headline(&matter, "Someone gave commands to the web server.");
    static const struct {
        enum severity severity;
        const char *at;
        const char *said;
    } rows[] = {
        {SEVERITY_HIGH, MATTER_DAY "02:00:00Z",
         "Someone got in through the web server of the machine web01."},
        {SEVERITY_MEDIUM, MATTER_DAY "02:00:00Z",
         "Someone got into the machine web01 by guessing a password."},
        {SEVERITY_HIGH, MATTER_DAY "03:00:00Z",
         "Someone got into the machine web01 by guessing a password."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        matter_open(&matter);
        matter_add(&matter, "a.log", "web server log", NULL, NULL, "web01");
        matter_find(&matter, "behaviour/web-shell", "T1505.003", rows[i].severity, 0.95,
                    rows[i].at, "address/source=203.0.113.7 host/victim=web01", NULL, "3");
        matter_enter(&matter);
        assert_headline(&matter, rows[i].said);
    }
    matter_open(&matter);
    call(&matter, "T1046", "address/source=203.0.113.7 host/victim=web01", NULL);
    assert_headline(&matter, "We found something that needs a closer look.");
    matter_open(&matter);
    probe(&matter, "T1595.001", NULL);
    assert_headline(&matter,
                    "Someone tried many doors of the machine 192.0.2[.]5 to see which");
    matter_open(&matter);
    probe(&matter, "T1046", "from_inside#1");
    assert_headline(&matter, "A computer inside the network, 10.0.0.66, tried many doors of");
    static const char *const ends[] = {MATTER_DAY "05:00:00Z", MATTER_DAY "05:06:00Z"};
    static const char *const said[] = {
        "Someone got in through the web server of the machine web01, and the machine was still",
        "Someone got in through the web server of the machine web01, and the machine then"};
    for (size_t i = 0; i < 2; i++) {
        matter_open(&matter);
        break_in(&matter, 2, SEVERITY_HIGH, 0.95);
        call(&matter, "T1071.001", "address/controller=198.51.100.9 host/victim=web01",
             ends[i]);
        assert_headline(&matter, said[i]);
    }
}

/* A web shell on web01, then a login on each of `hosts` from the machine before. */
static void go_on(struct matter *matter, const char *account, const char *at,
                  const char *const *hosts, size_t count)
{
    static const char site[] = "hosts:\n  web01: {addresses: [10.0.0.1]}\n"
                               "  db01: {addresses: [10.0.0.2]}\n"
                               "  files01: {addresses: [10.0.0.3]}\n";
    struct tree tree;
    struct tree_fault fault;
    matter_open(matter);
    assert_ok(tree_of_yaml(bytes_of_text(site), matter->arena, &tree, &fault));
    assert_ok(site_read(tree.nodes, &matter->site, &fault));
    matter_add(matter, "web01/a.log", "web server log", NULL, NULL, "web01");
    matter_find(matter, "behaviour/web-upload", "T1190", SEVERITY_HIGH, 0.95,
                MATTER_DAY "02:10:00Z",
                "address/source=203.0.113.7 host/victim=web01 file/tool=a.php", NULL, "2");
    matter_find(matter, "behaviour/web-shell", "T1505.003", SEVERITY_HIGH, 0.95,
                MATTER_DAY "02:20:00Z",
                "address/source=203.0.113.7 host/victim=web01 file/tool=a.php", NULL, "3");
    matter_add(matter, "web01/auth.log", "system log", NULL, NULL, "web01");
    matter_login(matter, MATTER_DAY "02:30:00Z", "203.0.113.7", "deploy", "password", "5");
    static const char *const paths[] = {"b/auth.log", "c/auth.log"};
    for (size_t i = 0; i < count; i++) {
        char entities[100];
        (void)snprintf(entities, sizeof entities,
                       "address/source=10.0.0.%zu account/account=%s host/victim=%s", i + 1,
                       account, hosts[i]);
        matter_add(matter, paths[i], "system log", NULL, NULL, hosts[i]);
        matter_see(matter, OBSERVED_LOGIN, 1, i == 0 ? at : MATTER_DAY "02:45:00Z", NULL,
                   entities, "method:password", "9");
        matter_find(matter, "behaviour/new-key", "T1098.004", SEVERITY_LOW, 0.5,
                    MATTER_DAY "02:50:00Z", entities, NULL, "12");
    }
}

static void from_machine_to_machine_is_told_as_one_story(void **state)
{
    (void)state;
    static const char *const hosts[] = {"db01", "files01"};
    struct matter matter;
    go_on(&matter, "deploy", MATTER_DAY "02:40:00Z", hosts, 1);
    telling_tell(&matter);
    assert_int_equal(matter.report.incident_count, 1);
    static const char *const told[] = {
        "Someone got in through the web server of the machine web01, and went on from there to "
        "the machine db01.",
        "sent the program \"a.php\" to the web server, by way of a page that takes files.",
        "the intruder logged in to the account \"deploy\" of the machine web01, from "
        "203.0.113[.]7.",
        "the intruder went on from the machine web01 to the machine db01, with a login to the "
        "account \"deploy\".",
        "was left on the machine db01.",
        "This would be wrong if \"a.php\" was sent to the web server by one of your own "
        "people.",
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        assert_tells(&matter.report.incidents[0], AUDIENCE_LEADER, told[i], true);
    }
    assert_tells(&matter.report.incidents[0], AUDIENCE_RESPONDER,
                 "From there they went on to db01: treat it", true);
    matter_done(&matter);
    go_on(&matter, "deploy", MATTER_DAY "02:40:00Z", hosts, 2);
    telling_tell(&matter);
    assert_tells(&matter.report.incidents[0], AUDIENCE_LEADER,
                 "went on from there to the machine db01, and 1 more.", true);
    matter_done(&matter);
}

static void a_hop_that_may_be_an_owners_is_said_to_be(void **state)
{
    (void)state;
    static const char *const hosts[] = {"db01"};
    static const char *const times[] = {MATTER_DAY "02:40:00Z", MATTER_DAY "05:40:00Z"};
    static const char *const told[] = {
        "a login to the account \"anna\" of the machine db01 came from the machine web01, "
        "which "
        "the intruder was in. That may have been its owner.",
        "a login from the machine web01 to the account \"anna\" of the machine db01 worked. It "
        "may well have been its owner."};
    for (size_t i = 0; i < 2; i++) {
        struct matter matter;
        go_on(&matter, "anna", times[i], hosts, 1);
        telling_tell(&matter);
        assert_tells(&matter.report.incidents[0], AUDIENCE_LEADER, told[i], true);
        assert_bytes(matter.report.incidents[0].title,
                     "Someone got in through the web server of the machine web01");
        matter_done(&matter);
    }
}

/* The leader's second sentence on a lone finding of `technique`. */
static void assert_stage(const char *technique, const char *entities, const char *facts,
                         const char *expected)
{
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    matter_find(&matter, "test/finding", technique, SEVERITY_MEDIUM, 0.8,
                MATTER_DAY "02:14:00Z", entities, facts, "7");
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_true(incident->story_count[AUDIENCE_LEADER] > 1);
    struct bytes text = incident->story[AUDIENCE_LEADER][1].text;
    if (!bytes_starts(text, expected)) {
        fail_msg("%s: %.*s", technique, (int)text.size, (const char *)text.data);
    }
    matter_done(&matter);
}

/* The record keeps one login of each account: the entry may have been long before. */
static void of_a_last_login_it_is_said_that_earlier_ones_are_not_kept(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_add(&matter, "lastlog", "last logins", MATTER_DAY "00:00:00Z",
               MATTER_DAY "06:00:00Z", NULL);
    matter_see(&matter, OBSERVED_SESSION_BEGUN, 1, MATTER_DAY "02:20:00Z", NULL,
               "address/source=203.0.113.7", "by:last number#1000", "@0+292");
    matter_see(&matter, OBSERVED_SESSION_BEGUN, 1, MATTER_DAY "02:30:00Z", NULL,
               "address/source=203.0.113.7", "by:last number#1001", "@292+292");
    telling_tell(&matter);
    assert_int_equal(matter.report.incident_count, 1);
    static const char *const told[] = {
        "A login from 203.0.113[.]7 to the account \"deploy\" worked, so the right password "
        "had "
        "been found. The last one was at 02:20.",
        "The intruder logged in to the account \"number 1001\", from 203.0.113[.]7, so they "
        "had "
        "found its password, or a key. The last time was at 02:30.",
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        assert_tells(&matter.report.incidents[0], AUDIENCE_LEADER, told[i], true);
    }
    matter_done(&matter);
}

static void each_stage_has_its_phrase(void **state)
{
    (void)state;
    static const struct {
        const char *technique;
        const char *entities;
        const char *expected;
    } rows[] = {
        {"T1046", "address/source=203.0.113.7",
         "At 02:14 on 3 March 2026, one computer on the internet (203.0.113[.]7) looked for "
         "ways"
         " in."},
        {"T1105", "host/victim=web01 file/tool=drop.sh",
         "At 02:14 on 3 March 2026, the machine web01 fetched a program named \"drop.sh\"."},
        {"T1059.004", "host/victim=web01", "The program was then started, by 02:14 on 3 March"},
        {"T1562.001", "host/victim=web01",
         "At 02:14 on 3 March 2026, a part of the machine's own defence was switched off."},
        {"T1136.001", "account/account=bob",
         "At 02:14 on 3 March 2026, a new account, \"bob\", was made. It is one more way back"},
        {"T1548.003", "account/account=bob",
         "At 02:14 on 3 March 2026, the account \"bob\" was given the rights of the"
         " machine's administrator (the one who may change everything on it)."},
        {"T1548.003", "account/actor=bob", "At 02:14 on 3 March 2026, somebody was given the"},
        {"T1136.001", "account/actor=bob", "At 02:14 on 3 March 2026, a new account was made."},
        {"T1098.007", "account/account=bob",
         "At 02:14 on 3 March 2026, the account \"bob\" was given the rights of"},
        {"T1053.003", "", "The program was put on the machine's schedule (a list of things"},
        {"T1543.002", "", "The program was set up as a service (a program the machine keeps"},
        {"T1098.004", "", "A new login key (a file that opens an account in place of a"},
        {"T1546.004", "", "The program was put into a file that runs at each login"},
        {"T1547", "", "Something was set up to start again by itself"},
        {"T1003", "", "At 02:14 on 3 March 2026, files that hold passwords or keys were read."},
        {"T1070.002", "", "At 02:14 on 3 March 2026, traces were removed."},
        {"T9999", "", "test/finding (at 02:14 on 3 March 2026)."},
        {"T1071.001", "", "test/finding (at 02:14 on 3 March 2026)."}, /* nothing to fill in */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_stage(rows[i].technique, rows[i].entities, NULL, rows[i].expected);
    }
    assert_stage("T1595.001", "address/source=203.0.113.7 address/victim=192.0.2.5",
                 "try_count#240",
                 "At 02:14 on 3 March 2026, one computer on the internet (203.0.113[.]7) tried "
                 "240 doors from outside, to see which are open.");
    assert_stage("T1046", "address/source=10.0.0.66", "try_count#30",
                 "At 02:14 on 3 March 2026, one computer inside the network (10.0.0.66) tried "
                 "30 doors of machines, to see which are open.");
    assert_stage("T1018", "address/source=10.0.0.66", "try_count#254",
                 "At 02:14 on 3 March 2026, one computer inside the network (10.0.0.66) asked "
                 "254 addresses if there is a machine.");
    /* A crowd is as large as was counted, whoever is named of it. */
    assert_stage("T1110.003",
                 "address/source=203.0.113.7 address/source=203.0.113.8 host/victim=web01",
                 "source_count#1034 failure_count#1200",
                 "At 02:14 on 3 March 2026, 1,034 computers tried a few passwords each, 1,200 "
                 "tries in all.");
}

/* What went in names, out more than in or the other way round. */
static void assert_in_names(const char *techniques, const char *headline, const char *expected,
                            const char *disproof)
{
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "x.pcap", "capture", NULL, MATTER_DAY "05:00:00Z", NULL);
    matter_find(&matter, "behaviour/dns-data", techniques, SEVERITY_MEDIUM, 0.75,
                MATTER_DAY "02:14:00Z",
                "address/victim=10.0.0.5 name/controller=t.example.test", NULL, "#7");
    struct examination *capture = &matter.evidence[0].examination;
    const struct fact facts[] = {fact_count("name_count", 4738),
                                 fact_size("client_payload", 480000),
                                 fact_size("server_payload", 170000)};
    capture->findings[0].facts = facts;
    capture->findings[0].fact_count = 3;
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_tells(incident, AUDIENCE_LEADER, headline, true);
    assert_tells(incident, AUDIENCE_LEADER, expected, true);
    assert_tells(incident, AUDIENCE_LEADER, "We do not know what was in the data that left.",
                 true);
    assert_tells(incident, AUDIENCE_LEADER, disproof, true);
    assert_tells(incident, AUDIENCE_RESPONDER,
                 "Data goes from 10.0.0.5 to whoever answers for names that end in "
                 "t.example[.]test.",
                 true);
    assert_tells(incident, AUDIENCE_RESPONDER,
                 "Look for t.example[.]test in the traffic of all machines", true);
    matter_done(&matter);
}

static void data_in_names_is_told_as_such(void **state)
{
    (void)state;
    static const char headline[] = "Data seems to leave the network from 10.0.0.5 in a hidden "
                                   "way: inside the names that it asks for.";
    static const char disproof[] =
        "This would be wrong if a program that you use works through "
        "names that end in t.example[.]test.";
    assert_in_names(
        "T1071.004", headline,
        "From 02:14 on 3 March 2026 on, 10.0.0.5 asked the name service (what finds "
        "the address that belongs to a name on the internet) for about 4,738 names that "
        "all end in t.example[.]test, each a new one. Data was hidden in them: up to "
        "480 kB went out and 170 kB came back. A program can get orders that way.",
        disproof);
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "x.pcap", "capture", NULL, MATTER_DAY "05:00:00Z", NULL);
    matter_find(&matter, "behaviour/call-home", "T1071.004", SEVERITY_MEDIUM, 0.6,
                MATTER_DAY "02:14:00Z",
                "address/victim=10.0.0.5 name/controller=c.example.test", NULL, "#7");
    const struct fact facts[] = {fact_count("contact_count", 60)};
    matter.evidence[0].examination.findings[0].facts = facts;
    matter.evidence[0].examination.findings[0].fact_count = 1;
    telling_tell(&matter);
    assert_tells(&matter.report.incidents[0], AUDIENCE_LEADER,
                 "10.0.0.5 asked the name service (what finds the address that belongs to a "
                 "name on the internet) for c.example[.]test, 60 times in all.",
                 true);
    matter_done(&matter);
    assert_in_names("T1048.003", headline,
                    "each a new one. Data was hidden in them: up to 480 kB went out and 170 kB "
                    "came back.",
                    disproof);
}

/* The leader's sentence on a login after guessing by `method`, from an administrator or not. */
static void assert_doubtful(const char *method, bool is_administrator, const char *expected)
{
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 312);
    matter_login(&matter, MATTER_DAY "02:14:02Z", "203.0.113.7", "deploy", method, "400");
    if (is_administrator) {
        matter.site.administrators = tree_member(
            telling_yaml(matter.arena, "administrators:\n  addresses: [203.0.113.7]\n"),
            "administrators");
    }
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_int_equal(incident->severity, SEVERITY_MEDIUM);
    assert_tells(incident, AUDIENCE_LEADER, "As far as we can see, nobody got in", true);
    assert_tells(incident, AUDIENCE_LEADER, expected, true);
    assert_tells(incident, AUDIENCE_LEADER, "may we take web01 off", false);
    matter_done(&matter);
}

static void a_login_that_is_most_likely_the_owners_is_said_to_be(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_login(&matter, MATTER_DAY "02:14:02Z", "203.0.113.7", "anna", "password", "400");
    telling_tell(&matter);
    assert_tells(&matter.report.incidents[0], AUDIENCE_LEADER,
                 "a login from 203.0.113[.]7 to the account \"anna\" worked. That may have been"
                 " its owner. Ask them.",
                 true);
    matter_done(&matter);
    assert_doubtful("publickey", false, "The way it was made speaks for its owner.");
    assert_doubtful("password", true, "You told us that an administrator works from there");
}

static void a_right_that_was_used_is_not_one_that_was_given(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    matter_see(&matter, OBSERVED_COMMAND, 1, MATTER_DAY "02:20:00Z", NULL,
               "account/actor=deploy host/victim=web01 process/tool=tee", "via:sudo", "450");
    matter_find(&matter, "behaviour/rights-file", "T1548.003", SEVERITY_LOW, 0.6,
                MATTER_DAY "02:30:00Z", "host/victim=web01 account/actor=deploy", NULL, "460");
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_int_equal(incident->stage_count, 4);
    assert_tells(incident, AUDIENCE_LEADER, "the account \"deploy\" was used with the", true);
    assert_tells(incident, AUDIENCE_LEADER, "10 minutes later, somebody was given the", true);
    matter_done(&matter);
    /* Two signs of one gift are told once, of two gifts each. */
    static const char *const accounts[] = {"eve", "bob"};
    for (int i = 0; i < 2; i++) {
        char entities[100];
        (void)snprintf(entities, sizeof entities, "host/victim=web01 account/account=%s",
                       accounts[i]);
        matter_open(&matter);
        matter_enter(&matter);
        matter_find(&matter, "capability/right-given", "T1098", SEVERITY_LOW, 0.6,
                    MATTER_DAY "02:30:00Z", "host/victim=web01 account/account=eve", NULL,
                    "460");
        matter_find(&matter, "behaviour/new-right", "T1098.007", SEVERITY_LOW, 0.6,
                    MATTER_DAY "02:30:02Z", entities, NULL, "461");
        telling_tell(&matter);
        incident = &matter.report.incidents[0];
        assert_int_equal(incident->stage_count, 4);
        assert_tells(incident, AUDIENCE_LEADER, "later, the account \"eve\" was given", true);
        assert_tells(incident, AUDIENCE_LEADER, "Seconds later, the account", i == 1);
        matter_done(&matter);
    }
}

static void the_decision_and_what_it_costs_come_last(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    matter.site.hosts = tree_member(
        telling_yaml(matter.arena, "hosts:\n  web01:\n    purpose: the booking page\n"),
        "hosts");
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    size_t count = incident->story_count[AUDIENCE_LEADER];
    assert_told(incident->story[AUDIENCE_LEADER] + count - 2, 2,
                "| Decide now: may we take web01 off the network? What web01 serves stops until"
                " it is back. We advise it."
                " [playbook:guessed-password#4]\n"
                "web01 is there for the booking page. [site:web01]\n");
    matter_done(&matter);
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    telling_tell(&matter);
    incident = &matter.report.incidents[0];
    count = incident->story_count[AUDIENCE_LEADER];
    assert_told(
        incident->story[AUDIENCE_LEADER] + count - 1, 1,
        "| Decide now: may we block 203.0.113[.]7, here and at the firewall? Everyone"
        " behind that address loses access. We advise it. [playbook:guessed-password#8]\n");
    matter_done(&matter);
}

static void an_analyst_is_told_every_finding(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_enter(&matter);
    telling_tell(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_told(
        incident->story[AUDIENCE_ANALYST], 2,
        "| Passwords guessed (T1110.001), 2026-03-03T02:10:00Z to 2026-03-03T02:14:00Z: source"
        " 203.0.113[.]7, victim web01, account deploy; failure_count 312; account_count 1;"
        " invalid_user_count 0; abandoned_count 0; threshold 10. Rule"
        " behaviour/password-guessing, severity medium, confidence 0.95. [auth.log:88-399]"
        " [attack:T1110.001]\n"
        "| A login succeeded from the address that guessed passwords (T1078.003, T1021.004),"
        " 2026-03-03T02:14:02Z to 2026-03-03T02:14:02Z: source 203.0.113[.]7, account deploy,"
        " victim web01; failure_count 312; administrator_address 0; account_was_tried 1; method"
        " \"password\". Rule behaviour/login-after-guessing, severity high, confidence 0.95."
        " [auth.log:400] [attack:T1078.003] [attack:T1021.004]\n");
    assert_tells(incident, AUDIENCE_ANALYST, "We do not know all that was typed", true);
    assert_tells(incident, AUDIENCE_ANALYST, "This would be wrong if", true);
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_in_names_is_told_as_such),
        cmocka_unit_test(an_intrusion_is_told_in_order_and_in_plain_words),
        cmocka_unit_test(the_shape_of_the_whole_heads_the_story),
        cmocka_unit_test(what_came_through_a_web_server_has_its_own_shapes),
        cmocka_unit_test(from_machine_to_machine_is_told_as_one_story),
        cmocka_unit_test(a_hop_that_may_be_an_owners_is_said_to_be),
        cmocka_unit_test(of_a_last_login_it_is_said_that_earlier_ones_are_not_kept),
        cmocka_unit_test(each_stage_has_its_phrase),
        cmocka_unit_test(a_login_that_is_most_likely_the_owners_is_said_to_be),
        cmocka_unit_test(a_right_that_was_used_is_not_one_that_was_given),
        cmocka_unit_test(the_decision_and_what_it_costs_come_last),
        cmocka_unit_test(an_analyst_is_told_every_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
