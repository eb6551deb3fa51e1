#include "correlate/onward.h"

#include "correlate/begin.h"

/* A web shell on web01, used by 203.0.113.7, which nobody told the address of. */
static void use_shell(struct matter *matter)
{
    matter_open(matter);
    matter_add(matter, "web01/access.log", "web server log", NULL, NULL, "web01");
    matter_find(matter, "behaviour/web-shell", "T1505.003", SEVERITY_HIGH, 0.95,
                MATTER_DAY "02:20:00Z",
                "address/source=203.0.113.7 file/tool=a.php host/victim=web01", NULL, "3");
}

static void command(struct matter *matter, const char *entities)
{
    matter_add(matter, "web01/.bash_history", "shell history", NULL, NULL, NULL);
    matter_see(matter, OBSERVED_REMOTE_LOGIN, 1, MATTER_DAY "02:30:00Z", NULL, entities, NULL,
               "5");
}

static void log_in(struct matter *matter, const char *path, const char *at, const char *host,
                   const char *source, const char *account)
{
    char entities[200];
    (void)snprintf(entities, sizeof entities,
                   "address/source=%s account/account=%s host/victim=%s", source, account,
                   host);
    matter_add(matter, path, "system log", NULL, NULL, host);
    matter_see(matter, OBSERVED_LOGIN, 1, at, NULL, entities, "method:password", "9");
}

/* The hops that are told: from which machine into which. */
static void assert_hops(struct matter *matter, const char *expected)
{
    matter_settle(matter);
    AUTO(text_done) struct text said = text_of_limit(1U << 16);
    for (size_t i = 0; i < matter->report.finding_count; i++) {
        const struct report_finding *finding = &matter->report.findings[i];
        if (bytes_equal_text(finding->rule, "behaviour/login-from-held-machine")) {
            matter_say_entities(&said, finding->entities, finding->entity_count);
            text_add(&said, "\n");
        }
    }
    assert_string_equal(text_terminated(&said), expected);
    matter_done(matter);
}

#define HOP " address/actor=10.0.0.5 account/account=deploy host/victim=db01 host/actor=web01\n"

static void a_command_and_the_login_that_answers_tell_who_has_the_address(void **state)
{
    (void)state;
    static const char *const ways[] = {
        "account/account=deploy address/unknown=10.0.0.6",
        "account/account=deploy name/unknown=other-name", /* an alias of its own */
        "account/actor=deploy address/unknown=10.0.0.6",
        "name/unknown=db01.example",
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct matter matter;
        use_shell(&matter);
        command(&matter, ways[i]);
        log_in(&matter, "db01/auth.log", MATTER_DAY "02:30:20Z", "db01", "10.0.0.5", "deploy");
        assert_hops(&matter, HOP);
    }
}

static void a_login_that_does_not_answer_tells_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        const char *at;
        const char *source;
        const char *account;
    } rows[] = {
        {"account/account=deploy address/unknown=10.0.0.6", "02:33:00Z", "10.0.0.5", "deploy"},
        {"account/account=deploy address/unknown=10.0.0.6", "02:29:00Z", "10.0.0.5", "deploy"},
        {"account/account=deploy address/unknown=10.0.0.6", "02:30:20Z", "10.0.0.5", "other"},
        {"account/account=deploy address/unknown=10.0.0.6", "02:30:20Z", "127.0.0.1", "deploy"},
        {"account/account=deploy address/unknown=10.0.0.6", "02:30:20Z", "::1", "deploy"},
        {"address/unknown=10.0.0.6", "02:30:20Z", "10.0.0.5", "deploy"}, /* as whom? */
        {"name/unknown=files01", "02:30:20Z", "10.0.0.5", "deploy"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matter;
        char at[40];
        use_shell(&matter);
        command(&matter, rows[i].command);
        (void)snprintf(at, sizeof at, "%s%s", MATTER_DAY, rows[i].at);
        log_in(&matter, "db01/auth.log", at, "db01", rows[i].source, rows[i].account);
        assert_hops(&matter, "");
    }
}

/* Two jobs with one account at one time, from two places. */
static void where_two_logins_may_answer_nobody_gets_an_address(void **state)
{
    (void)state;
    struct matter matter;
    use_shell(&matter);
    command(&matter, "account/account=deploy address/unknown=10.0.0.6");
    log_in(&matter, "db01/auth.log", MATTER_DAY "02:30:20Z", "db01", "10.0.0.5", "deploy");
    log_in(&matter, "files01/auth.log", MATTER_DAY "02:30:30Z", "files01", "10.0.0.9",
           "deploy");
    assert_hops(&matter, "");
}

/* Who comes to the machine from there is not the machine. */
static void the_address_of_a_guest_is_not_the_machines(void **state)
{
    (void)state;
    struct matter matter;
    use_shell(&matter);
    command(&matter, "account/account=deploy address/unknown=10.0.0.6");
    log_in(&matter, "web01/auth.log", MATTER_DAY "01:00:00Z", "web01", "10.0.0.5", "anna");
    log_in(&matter, "db01/auth.log", MATTER_DAY "02:30:20Z", "db01", "10.0.0.5", "deploy");
    assert_hops(&matter, "");
}

static void what_the_owner_wrote_is_not_contradicted(void **state)
{
    (void)state;
    static const char *const sites[] = {
        "hosts:\n  proxy: {addresses: [10.0.0.5]}\n",
        "hosts:\n  web01: {addresses: [10.0.0.77]}\n",
    };
    for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
        struct matter matter;
        struct tree tree;
        struct tree_fault fault;
        use_shell(&matter);
        assert_ok(tree_of_yaml(bytes_of_text(sites[i]), matter.arena, &tree, &fault));
        assert_ok(site_read(tree.nodes, &matter.site, &fault));
        command(&matter, "account/account=deploy address/unknown=10.0.0.6");
        log_in(&matter, "db01/auth.log", MATTER_DAY "02:30:20Z", "db01", "10.0.0.5", "deploy");
        assert_hops(&matter, "");
    }
}

/* Two machines that stand behind one address: it is neither's. */
static void an_address_that_two_machines_come_from_is_neithers(void **state)
{
    (void)state;
    struct matter matter;
    use_shell(&matter);
    command(&matter, "account/account=deploy address/unknown=10.0.0.6");
    log_in(&matter, "db01/auth.log", MATTER_DAY "02:30:20Z", "db01", "10.0.0.5", "deploy");
    matter_add(&matter, "mail/auth.log", "system log", NULL, NULL, "mail");
    matter_see(&matter, OBSERVED_REMOTE_LOGIN, 1, MATTER_DAY "04:30:00Z", NULL,
               "host/victim=mail account/account=copy address/unknown=10.0.0.8", NULL, "5");
    log_in(&matter, "files01/auth.log", MATTER_DAY "04:30:01Z", "files01", "10.0.0.5", "copy");
    assert_hops(&matter, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_and_the_login_that_answers_tell_who_has_the_address),
        cmocka_unit_test(a_login_that_does_not_answer_tells_nothing),
        cmocka_unit_test(where_two_logins_may_answer_nobody_gets_an_address),
        cmocka_unit_test(the_address_of_a_guest_is_not_the_machines),
        cmocka_unit_test(what_the_owner_wrote_is_not_contradicted),
        cmocka_unit_test(an_address_that_two_machines_come_from_is_neithers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
