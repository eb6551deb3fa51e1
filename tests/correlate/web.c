#include "correlate/web.h"

#include "correlate/begin.h"

#define SCANNER "address/source=203.0.113.7"
#define SHELL SCANNER " url/tool=/uploads/a.php file/tool=a.php"

/* A scan, an attempt and a shell by one client in the log of a machine that others name. */
static void add_web(struct matter *matter, enum severity attempt, enum severity shell)
{
    matter_add(matter, "web01/access.log", "web server log", NULL, NULL, NULL);
    matter_find(matter, "behaviour/web-scan", "T1595.003", SEVERITY_LOW, 0.9,
                MATTER_DAY "02:00:00Z", SCANNER, NULL, "1");
    matter_find(matter, "behaviour/web-attack", "T1190", attempt, 0.9, MATTER_DAY "02:10:00Z",
                SCANNER " url/victim=/item", NULL, "2");
    matter_find(matter, "behaviour/web-shell", "T1505.003", shell, 0.95, MATTER_DAY "02:20:00Z",
                SHELL, NULL, "3");
}

static void add_system(struct matter *matter, const char *path, const char *host)
{
    matter_add(matter, path, "system log", NULL, NULL, host);
    struct text AUTO(text_done) entities = text_of_limit(128);
    text_addf(&entities, "account/account=support host/victim=%s", host);
    matter_find(matter, "behaviour/new-account", "T1136.001", SEVERITY_LOW, 0.5,
                MATTER_DAY "02:40:00Z", text_terminated(&entities), NULL, "9");
}

static void assert_stages(const struct incident *incident, const enum stage_kind *kinds,
                          size_t count)
{
    assert_int_equal(incident->stage_count, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(incident->stages[i].kind, kinds[i]);
    }
}

static void scanning_attempt_and_shell_are_one_incident(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    add_web(&matter, SEVERITY_MEDIUM, SEVERITY_HIGH);
    add_system(&matter, "web01/auth.log", "web01");
    matter_settle(&matter);
    assert_int_equal(matter.report.incident_count, 1);
    const struct incident *incident = &matter.report.incidents[0];
    static const enum stage_kind kinds[] = {STAGE_SCANNING, STAGE_ENTRY, STAGE_PERSISTENCE,
                                            STAGE_ACCOUNT};
    assert_stages(incident, kinds, 4);
    assert_int_equal(incident->severity, SEVERITY_CRITICAL);
    assert_non_null(
        entity_find(incident->entities, incident->entity_count, ENTITY_HOST, ROLE_VICTIM));
    matter_done(&matter);
}

static void what_is_unsure_is_no_entry_and_nothing_follows(void **state)
{
    (void)state;
    static const struct {
        enum severity attempt;
        enum severity shell;
        enum stage_kind second;
        size_t stage_count;
    } rows[] = {
        {SEVERITY_MEDIUM, SEVERITY_MEDIUM, STAGE_SCANNING, 3}, /* the shell may be none */
        {SEVERITY_LOW, SEVERITY_HIGH, STAGE_SCANNING, 4},      /* refused: another way in */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matter;
        matter_open(&matter);
        add_web(&matter, rows[i].attempt, rows[i].shell);
        add_system(&matter, "web01/auth.log", "web01");
        matter_settle(&matter);
        assert_int_equal(matter.report.incident_count, 1);
        assert_int_equal(matter.report.incidents[0].stage_count, rows[i].stage_count);
        assert_int_equal(matter.report.incidents[0].stages[1].kind, rows[i].second);
        matter_done(&matter);
    }
}

static void an_attempt_after_the_shell_was_used_was_not_the_way_in(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "access.log", "web server log", NULL, NULL, NULL);
    matter_find(&matter, "behaviour/web-shell", "T1505.003", SEVERITY_HIGH, 0.95,
                MATTER_DAY "02:00:00Z", SHELL, NULL, "1");
    matter_find(&matter, "behaviour/web-attack", "T1190", SEVERITY_MEDIUM, 0.9,
                MATTER_DAY "03:00:00Z", SCANNER, NULL, "2");
    matter_settle(&matter);
    static const enum stage_kind kinds[] = {STAGE_PERSISTENCE, STAGE_SCANNING};
    assert_stages(&matter.report.incidents[0], kinds, 2);
    assert_int_equal(matter.report.incidents[0].severity, SEVERITY_HIGH);
    matter_done(&matter);
}

static void several_scanners_of_one_server_stay_apart(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "access.log", "web server log", NULL, NULL, NULL);
    static const char *const clients[] = {"203.0.113.7", "203.0.113.8", "203.0.113.9"};
    for (size_t i = 0; i < 3; i++) {
        struct text AUTO(text_done) entities = text_of_limit(256);
        text_addf(&entities,
                  "address/source=%s address/victim=192.0.2.80 name/victim=shop.example "
                  "url/victim=/item",
                  clients[i]);
        matter_find(&matter, "behaviour/web-attack", "T1190", SEVERITY_MEDIUM, 0.9,
                    MATTER_DAY "02:00:00Z", text_terminated(&entities), NULL, "1");
    }
    matter_settle(&matter);
    assert_int_equal(matter.report.incident_count, 3);
    matter_done(&matter);
}

/* The account is made on a machine that may be another one. */
static void follows_only_where_the_logs_beside_name_one_machine(void **state)
{
    (void)state;
    static const struct {
        const char *first;
        const char *second;
        size_t stage_count;
    } rows[] = {
        {"web01/var/auth.log", "web01/var/other.log", 3}, /* two are named */
        {"db01/auth.log", NULL, 4},                       /* one, though farther away */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct matter matter;
        matter_open(&matter);
        add_web(&matter, SEVERITY_MEDIUM, SEVERITY_HIGH);
        add_system(&matter, rows[i].first, "web01");
        if (rows[i].second != NULL) {
            matter_add(&matter, rows[i].second, "system log", NULL, NULL, "web02");
        }
        matter_settle(&matter);
        assert_int_equal(matter.report.incidents[0].stage_count, rows[i].stage_count);
        matter_done(&matter);
    }
}

/* What calls an address of the owner's is a habit, unless somebody is in. */
static void the_owners_addresses_explain_nothing_after_a_shell_was_used(void **state)
{
    (void)state;
    static const char yaml[] = "networks: [198.51.100.0/24]\n";
    for (int is_used = 0; is_used < 2; is_used++) {
        struct matter matter;
        matter_open(&matter);
        struct tree tree;
        struct tree_fault fault;
        assert_ok(tree_of_yaml(bytes_of_text(yaml), matter.arena, &tree, &fault));
        assert_ok(site_read(tree.nodes, &matter.site, &fault));
        matter_add(&matter, "x.pcap", "capture", NULL, NULL, NULL);
        matter_find(&matter, "behaviour/web-shell", "T1505.003",
                    is_used ? SEVERITY_HIGH : SEVERITY_MEDIUM, 0.95, MATTER_DAY "02:20:00Z",
                    SHELL " address/victim=192.0.2.80", NULL, "#1");
        matter_find(&matter, "behaviour/call-home", "T1071.001", SEVERITY_MEDIUM, 0.5,
                    MATTER_DAY "02:40:00Z",
                    "address/victim=192.0.2.80 address/controller=198.51.100.9", NULL, "#2");
        matter_settle(&matter);
        assert_int_equal(matter.report.incident_count, 1);
        static const enum stage_kind kinds[] = {STAGE_PERSISTENCE, STAGE_CALL_HOME};
        assert_stages(&matter.report.incidents[0], kinds, is_used ? 2 : 1);
        assert_int_equal(matter.report.incidents[0].severity,
                         is_used ? SEVERITY_CRITICAL : SEVERITY_MEDIUM);
        matter_done(&matter);
    }
}

static bool names_victim(const struct report_finding *finding)
{
    return entity_find(finding->entities, finding->entity_count, ENTITY_HOST, ROLE_VICTIM) !=
           NULL;
}

/* What was typed is of the machine whose logs lie beside; a script may be of any. */
static void a_history_is_of_the_machine_beside(void **state)
{
    (void)state;
    static const char *const kinds[] = {"shell history", "shell script"};
    for (size_t i = 0; i < 2; i++) {
        struct matter matter;
        matter_open(&matter);
        matter_add(&matter, "web01/auth.log", "system log", NULL, NULL, "web01");
        matter_add(&matter, "web01/typed", kinds[i], NULL, NULL, NULL);
        matter_find(&matter, "capability/key-planted", "T1098.004", SEVERITY_MEDIUM, 0.7,
                    MATTER_DAY "02:20:00Z", "file/unknown=authorized_keys", NULL, "3");
        matter_settle(&matter);
        assert_int_equal(names_victim(&matter.report.findings[0]), i == 0);
        matter_done(&matter);
    }
}

/* What a capture saw is of the machine whose address that is. */
static void a_server_is_named_where_its_address_is_known(void **state)
{
    (void)state;
    static const char *const victims[] = {"10.0.0.5", "10.0.0.6"};
    for (size_t i = 0; i < 2; i++) {
        struct matter matter;
        struct tree tree;
        struct tree_fault fault;
        matter_open(&matter);
        assert_ok(tree_of_yaml(bytes_of_text("hosts: {web01: {addresses: [10.0.0.5]}}"),
                               matter.arena, &tree, &fault));
        assert_ok(site_read(tree.nodes, &matter.site, &fault));
        matter_add(&matter, "a.pcap", "capture", NULL, NULL, NULL);
        char entities[100];
        (void)snprintf(entities, sizeof entities, SHELL " address/victim=%s", victims[i]);
        matter_find(&matter, "behaviour/web-shell", "T1505.003", SEVERITY_HIGH, 0.95,
                    MATTER_DAY "02:20:00Z", entities, NULL, "#3");
        matter_settle(&matter);
        assert_int_equal(names_victim(&matter.report.findings[0]), i == 0);
        matter_done(&matter);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_history_is_of_the_machine_beside),
        cmocka_unit_test(a_server_is_named_where_its_address_is_known),
        cmocka_unit_test(scanning_attempt_and_shell_are_one_incident),
        cmocka_unit_test(what_is_unsure_is_no_entry_and_nothing_follows),
        cmocka_unit_test(an_attempt_after_the_shell_was_used_was_not_the_way_in),
        cmocka_unit_test(several_scanners_of_one_server_stay_apart),
        cmocka_unit_test(the_owners_addresses_explain_nothing_after_a_shell_was_used),
        cmocka_unit_test(follows_only_where_the_logs_beside_name_one_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
