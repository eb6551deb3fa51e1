#include "correlate/hop.h"

#include "correlate/begin.h"

#define SITE \
    "hosts:\n  web01: {addresses: [10.0.0.5]}\n  db01: {addresses: [10.0.0.6]}\n" \
    "  files01: {addresses: [10.0.0.7]}\n"

static void read_site(struct matter *matter, const char *yaml)
{
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_of_yaml(bytes_of_text(yaml), matter->arena, &tree, &fault));
    assert_ok(site_read(tree.nodes, &matter->site, &fault));
}

/* A web shell on web01, used at 02:20 by 203.0.113.7. */
static void use_shell(struct matter *matter, double confidence)
{
    matter_open(matter);
    read_site(matter, SITE);
    matter_add(matter, "web01/access.log", "web server log", NULL, NULL, "web01");
    matter_find(matter, "behaviour/web-shell", "T1505.003", SEVERITY_HIGH, confidence,
                MATTER_DAY "02:20:00Z",
                "address/source=203.0.113.7 file/tool=a.php host/victim=web01", NULL, "3");
}

static void log_in(struct matter *matter, const char *at, const char *host, const char *source,
                   const char *account, const char *method, const char *place)
{
    char entities[200];
    char facts[80];
    (void)snprintf(entities, sizeof entities,
                   "address/source=%s account/account=%s host/victim=%s", source, account,
                   host);
    (void)snprintf(facts, sizeof facts, "method:%s", method);
    matter_see(matter, OBSERVED_LOGIN, 1, at, NULL, entities, facts, place);
}

/* The findings of hops: severity, rule, who, where, one a line. */
static void assert_hops(struct matter *matter, const char *expected)
{
    matter_settle(matter);
    AUTO(text_done) struct text said = text_of_limit(1U << 16);
    for (size_t i = 0; i < matter->report.finding_count; i++) {
        const struct report_finding *finding = &matter->report.findings[i];
        bool is_hop = bytes_equal_text(finding->rule, "behaviour/login-from-held-machine");
        if (!is_hop && !bytes_equal_text(finding->rule, "behaviour/login-by-intruder")) {
            continue;
        }
        text_addf(&said, "%s %.2f %s", is_hop ? "hop" : "login", finding->confidence,
                  severity_name(finding->severity));
        matter_say_entities(&said, finding->entities, finding->entity_count);
        text_add(&said, "\n");
    }
    assert_string_equal(text_terminated(&said), expected);
    matter_done(matter);
}

static void somebody_who_is_in_logs_in_and_goes_on(void **state)
{
    (void)state;
    struct matter matter;
    use_shell(&matter, 0.95);
    matter_add(&matter, "web01/auth.log", "system log", NULL, NULL, "web01");
    log_in(&matter, MATTER_DAY "02:30:00Z", "web01", "203.0.113.7", "deploy", "password", "9");
    matter_add(&matter, "db01/auth.log", "system log", NULL, NULL, "db01");
    log_in(&matter, MATTER_DAY "02:40:00Z", "db01", "10.0.0.5", "deploy", "password", "9");
    matter_add(&matter, "files01/auth.log", "system log", NULL, NULL, "files01");
    log_in(&matter, MATTER_DAY "02:50:00Z", "files01", "10.0.0.6", "deploy", "publickey", "9");
    matter_settle(&matter);
    assert_int_equal(matter.report.incident_count, 1);
    const struct incident *incident = &matter.report.incidents[0];
    static const enum stage_kind kinds[] = {STAGE_PERSISTENCE, STAGE_ENTRY, STAGE_ENTRY,
                                            STAGE_ENTRY};
    assert_int_equal(incident->stage_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(incident->stages[i].kind, kinds[i]);
    }
    assert_bytes(incident->stages[1].techniques[0], "T1078.003");
    assert_bytes(incident->stages[3].techniques[0], "T1021.004");
    assert_int_equal(incident->severity, SEVERITY_CRITICAL);
    assert_hops(&matter, "login 0.90 high address/source=203.0.113.7 account/account=deploy "
                         "host/victim=web01\n"
                         "hop 0.90 high address/actor=10.0.0.5 account/account=deploy "
                         "host/victim=db01 host/actor=web01\n"
                         "hop 0.90 high address/actor=10.0.0.6 account/account=deploy "
                         "host/victim=files01 host/actor=db01\n");
}

/* The address of the machine is known from its own log and a capture beside, no site file. */
static void a_capture_tells_which_address_the_machine_has(void **state)
{
    (void)state;
    for (int has_capture = 0; has_capture < 2; has_capture++) {
        struct matter matter;
        matter_open(&matter);
        matter_enter(&matter);
        if (has_capture) {
            matter_add(&matter, "a.pcap", "capture", MATTER_DAY "01:00:00Z",
                       MATTER_DAY "05:00:00Z", NULL);
            matter_see(&matter, OBSERVED_TRAFFIC, 40, MATTER_DAY "02:10:00Z",
                       MATTER_DAY "02:14:00Z",
                       "address/actor=203.0.113.7 service/unknown=10.0.0.5:22/tcp", NULL, "#1");
        }
        matter_add(&matter, "db01/auth.log", "system log", NULL, NULL, "db01");
        log_in(&matter, MATTER_DAY "02:40:00Z", "db01", "10.0.0.5", "deploy", "password", "9");
        assert_hops(&matter, has_capture ? "hop 0.90 high address/actor=10.0.0.5 "
                                           "account/account=deploy host/victim=db01 "
                                           "host/actor=web01\n"
                                         : "");
    }
}

static void add_last_login(struct matter *matter, const char *at, const char *facts)
{
    matter_add(matter, "lastlog", "last logins", MATTER_DAY "00:00:00Z", MATTER_DAY "06:00:00Z",
               NULL);
    matter_see(matter, OBSERVED_SESSION_BEGUN, 1, at, NULL, "address/source=203.0.113.7", facts,
               "@768+384");
}

/* The guesser's entry is told by the name that was tried, the record has a number. */
static void an_entry_is_not_told_again_by_the_number_of_its_account(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    add_last_login(&matter, MATTER_DAY "02:14:20Z", "by:last number#1000");
    assert_hops(&matter, "");
}

static void the_intruders_last_login_to_another_account_is_told(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    add_last_login(&matter, MATTER_DAY "02:14:20Z", "by:last number#1000");
    add_last_login(&matter, MATTER_DAY "02:40:00Z", "by:last number#1001");
    assert_hops(&matter, "login 0.80 high address/source=203.0.113.7 "
                         "account/account=number 1001 host/victim=web01\n");
}

/* An administrator goes from machine to machine, a job has a key of its own, and nobody is in,
 * or they did so before. */
static void what_was_usual_before_stays_silent(void **state)
{
    (void)state;
    static const char *const rows[][4] = {
        /* host, source, account, method */
        {"db01", "10.0.0.5", "anna", "publickey"},
        {"db01", "10.0.0.5", "deploy", "publickey"},
        {"web01", "203.0.113.7", "customer", "password"},
        {"web01", "10.0.0.5", "anna", "publickey"},
        {"db01", "10.0.0.9", "anna", "publickey"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matter;
        use_shell(&matter, 0.95);
        matter_add(&matter, "a/auth.log", "system log", NULL, NULL, rows[i][0]);
        if (i < 3) {
            log_in(&matter, MATTER_DAY "01:40:00Z", rows[i][0], rows[i][1], rows[i][2],
                   rows[i][3], "4");
        }
        log_in(&matter, MATTER_DAY "02:40:00Z", rows[i][0], rows[i][1], rows[i][2], rows[i][3],
               "9");
        assert_hops(&matter, "");
    }
    struct matter matter;
    matter_open(&matter);
    read_site(&matter, SITE);
    matter_add(&matter, "db01/auth.log", "system log", NULL, NULL, "db01");
    log_in(&matter, MATTER_DAY "02:40:00Z", "db01", "10.0.0.5", "anna", "publickey", "9");
    assert_hops(&matter, "");
}

static void nothing_before_the_entry_or_long_after_it_counts(void **state)
{
    (void)state;
    static const char *const times[] = {MATTER_DAY "02:19:59Z", "2026-03-10T02:20:01Z"};
    for (size_t i = 0; i < 2; i++) {
        struct matter matter;
        use_shell(&matter, 0.95);
        matter_add(&matter, "db01/auth.log", "system log", NULL, NULL, "db01");
        log_in(&matter, times[i], "db01", "10.0.0.5", "anna", "password", "9");
        log_in(&matter, times[i], "db01", "203.0.113.7", "anna", "password", "10");
        assert_hops(&matter, "");
    }
}

static void another_account_is_less_sure_and_the_less_the_later(void **state)
{
    (void)state;
    static const char *const times[] = {MATTER_DAY "04:20:00Z", MATTER_DAY "04:20:01Z"};
    static const char *const said[] = {"hop 0.60 medium", "hop 0.30 low"};
    for (size_t i = 0; i < 2; i++) {
        struct matter matter;
        use_shell(&matter, 0.95);
        matter_add(&matter, "db01/auth.log", "system log", NULL, NULL, "db01");
        log_in(&matter, times[i], "db01", "10.0.0.5", "anna", "password", "9");
        AUTO(text_done) struct text expected = text_of_limit(200);
        text_addf(&expected,
                  "%s address/actor=10.0.0.5 account/account=anna host/victim=db01 "
                  "host/actor=web01\n",
                  said[i]);
        assert_hops(&matter, text_terminated(&expected));
    }
}

static void a_low_one_is_no_entry(void **state)
{
    (void)state;
    struct matter matter;
    use_shell(&matter, 0.95);
    matter_add(&matter, "db01/auth.log", "system log", NULL, NULL, "db01");
    log_in(&matter, MATTER_DAY "05:00:00Z", "db01", "10.0.0.5", "anna", "password", "9");
    matter_find(&matter, "behaviour/new-account", "T1136.001", SEVERITY_LOW, 0.5,
                MATTER_DAY "05:01:00Z", "account/account=support host/victim=db01", NULL, "12");
    matter_settle(&matter);
    const struct incident *incident = &matter.report.incidents[0];
    assert_int_equal(incident->stage_count, 2);
    assert_int_equal(incident->stages[1].kind, STAGE_OTHER);
    matter_done(&matter);
}

/* An owner who mistyped for long, or an administrator of whom the owner told us. */
static void an_entry_that_may_be_the_owners_makes_only_questions(void **state)
{
    (void)state;
    struct matter matter;
    use_shell(&matter, 0.7);
    matter_add(&matter, "db01/auth.log", "system log", NULL, NULL, "db01");
    log_in(&matter, MATTER_DAY "02:40:00Z", "db01", "203.0.113.7", "anna", "password", "9");
    assert_hops(&matter, "login 0.35 low address/source=203.0.113.7 account/account=anna "
                         "host/victim=db01\n");
    use_shell(&matter, 0.95);
    read_site(&matter, SITE "administrators:\n  addresses: [10.0.0.5]\n");
    matter_add(&matter, "db01/auth.log", "system log", NULL, NULL, "db01");
    log_in(&matter, MATTER_DAY "02:40:00Z", "db01", "10.0.0.5", "anna", "password", "9");
    assert_hops(&matter, "hop 0.30 low address/actor=10.0.0.5 account/account=anna "
                         "host/victim=db01 host/actor=web01\n");
}

static void an_inside_address_may_be_that_of_a_proxy(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "web01/access.log", "web server log", NULL, NULL, "web01");
    matter_find(&matter, "behaviour/web-shell", "T1505.003", SEVERITY_HIGH, 0.95,
                MATTER_DAY "02:20:00Z",
                "address/source=10.0.0.99 file/tool=a.php host/victim=web01", NULL, "3");
    matter_add(&matter, "db01/auth.log", "system log", NULL, NULL, "db01");
    log_in(&matter, MATTER_DAY "02:40:00Z", "db01", "10.0.0.99", "anna", "password", "9");
    assert_hops(&matter, "login 0.60 medium address/source=10.0.0.99 account/account=anna "
                         "host/victim=db01\n");
}

/* Colleagues behind one address, of whom one mistyped until he got in, and jobs of a machine
 * that is held: a key is nothing that was guessed. */
static void a_key_of_another_account_is_a_question_and_no_entry(void **state)
{
    (void)state;
    static const char *const methods[] = {"publickey", "hostbased", "gssapi-with-mic"};
    for (size_t i = 0; i < 3; i++) {
        struct matter matter;
        use_shell(&matter, 0.95);
        matter_add(&matter, "db01/auth.log", "system log", NULL, NULL, "db01");
        log_in(&matter, MATTER_DAY "02:40:00Z", "db01", "203.0.113.7", "anna", methods[i], "9");
        log_in(&matter, MATTER_DAY "02:41:00Z", "db01", "10.0.0.5", "carol", methods[i], "10");
        /* Of an entry it would be a hop. */
        matter_add(&matter, "files01/auth.log", "system log", NULL, NULL, "files01");
        log_in(&matter, MATTER_DAY "02:50:00Z", "files01", "10.0.0.6", "anna", "password", "9");
        assert_hops(&matter, "login 0.30 low address/source=203.0.113.7 account/account=anna "
                             "host/victim=db01\n"
                             "hop 0.30 low address/actor=10.0.0.5 account/account=carol "
                             "host/victim=db01 host/actor=web01\n");
    }
}

/* Each login within a week of the one before, the third not of the entry. */
static void to_go_on_does_not_begin_the_week_anew(void **state)
{
    (void)state;
    static const char *const sources[] = {"203.0.113.7", "10.0.0.5"};
    for (size_t i = 0; i < 2; i++) {
        struct matter matter;
        use_shell(&matter, 0.95);
        if (i == 1) {
            matter_add(&matter, "web01/auth.log", "system log", NULL, NULL, "web01");
            log_in(&matter, MATTER_DAY "02:30:00Z", "web01", "203.0.113.7", "anna", "password",
                   "9");
        }
        matter_add(&matter, "db01/auth.log", "system log", NULL, NULL, "db01");
        log_in(&matter, "2026-03-08T02:40:00Z", "db01", sources[i], "anna", "password", "9");
        matter_add(&matter, "files01/auth.log", "system log", NULL, NULL, "files01");
        log_in(&matter, "2026-03-12T02:40:00Z", "files01", i == 0 ? sources[0] : "10.0.0.6",
               "anna", "password", "9");
        assert_hops(&matter,
                    i == 0 ? "login 0.90 high address/source=203.0.113.7 account/account=anna "
                             "host/victim=db01\n"
                           : "login 0.90 high address/source=203.0.113.7 account/account=anna "
                             "host/victim=web01\n"
                             "hop 0.90 high address/actor=10.0.0.5 account/account=anna "
                             "host/victim=db01 host/actor=web01\n");
    }
}

/* What is done on the second machine belongs to the matter, and to that machine. */
static void what_follows_on_the_next_machine_is_a_stage_of_its_own(void **state)
{
    (void)state;
    struct matter matter;
    use_shell(&matter, 0.95);
    static const char *const hosts[] = {"web01", "db01"};
    static const char *const times[] = {MATTER_DAY "02:35:00Z", MATTER_DAY "02:45:00Z"};
    for (size_t i = 0; i < 2; i++) {
        matter_add(&matter, i == 0 ? "web01/auth.log" : "db01/auth.log", "system log", NULL,
                   NULL, hosts[i]);
        if (i == 1) {
            log_in(&matter, MATTER_DAY "02:40:00Z", "db01", "10.0.0.5", "anna", "password",
                   "9");
        }
        char entities[100];
        (void)snprintf(entities, sizeof entities, "account/account=support host/victim=%s",
                       hosts[i]);
        matter_find(&matter, "behaviour/new-account", "T1136.001", SEVERITY_LOW, 0.5, times[i],
                    entities, NULL, "12");
    }
    matter_settle(&matter);
    assert_int_equal(matter.report.incident_count, 1);
    static const enum stage_kind kinds[] = {STAGE_PERSISTENCE, STAGE_ACCOUNT, STAGE_ENTRY,
                                            STAGE_ACCOUNT};
    const struct incident *incident = &matter.report.incidents[0];
    assert_int_equal(incident->stage_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(incident->stages[i].kind, kinds[i]);
    }
    matter_done(&matter);
}

/* Two intruders on one machine: the next was entered as the account of the second. */
static void a_hop_belongs_to_who_used_that_account(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    read_site(&matter, SITE);
    matter_enter(&matter); /* 203.0.113.7 as deploy */
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 200, MATTER_DAY "02:20:00Z",
               MATTER_DAY "02:24:00Z",
               "address/source=198.51.100.8 account/account=office host/victim=web01", NULL,
               "500 600");
    matter_login(&matter, MATTER_DAY "02:24:02Z", "198.51.100.8", "office", "password", "601");
    matter_add(&matter, "db01/auth.log", "system log", NULL, NULL, "db01");
    log_in(&matter, MATTER_DAY "02:40:00Z", "db01", "10.0.0.5", "deploy", "password", "9");
    matter_settle(&matter);
    assert_int_equal(matter.report.incident_count, 2);
    size_t with_hop = 0;
    for (size_t i = 0; i < 2; i++) {
        const struct incident *incident = &matter.report.incidents[i];
        const struct entity db01 = {ENTITY_HOST, ROLE_VICTIM, BYTES_LITERAL("db01")};
        const struct entity first = {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.7")};
        bool has_hop = false;
        bool is_first = false;
        for (size_t j = 0; j < incident->entity_count; j++) {
            has_hop = has_hop || entity_same(&incident->entities[j], &db01);
            is_first = is_first || entity_same(&incident->entities[j], &first);
        }
        assert_int_equal(has_hop, is_first);
        with_hop += has_hop;
    }
    assert_int_equal(with_hop, 1);
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_who_is_in_logs_in_and_goes_on),
        cmocka_unit_test(a_capture_tells_which_address_the_machine_has),
        cmocka_unit_test(an_entry_is_not_told_again_by_the_number_of_its_account),
        cmocka_unit_test(the_intruders_last_login_to_another_account_is_told),
        cmocka_unit_test(what_was_usual_before_stays_silent),
        cmocka_unit_test(nothing_before_the_entry_or_long_after_it_counts),
        cmocka_unit_test(another_account_is_less_sure_and_the_less_the_later),
        cmocka_unit_test(a_low_one_is_no_entry),
        cmocka_unit_test(an_entry_that_may_be_the_owners_makes_only_questions),
        cmocka_unit_test(an_inside_address_may_be_that_of_a_proxy),
        cmocka_unit_test(a_key_of_another_account_is_a_question_and_no_entry),
        cmocka_unit_test(to_go_on_does_not_begin_the_week_anew),
        cmocka_unit_test(what_follows_on_the_next_machine_is_a_stage_of_its_own),
        cmocka_unit_test(a_hop_belongs_to_who_used_that_account),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
