#include "explain/subject.h"

#include "explain/telling.h"

/* All that can be said of a stage, "name=value" a line, as far as `names` lists it. */
static void assert_slots(const struct slots *slots, const char *const *names,
                         const char *expected)
{
    AUTO(text_done) struct text said = text_of_limit(1U << 16);
    for (size_t i = 0; names[i] != NULL; i++) {
        for (size_t j = 0; j < slots->count; j++) {
            if (strcmp(slots->items[j].name, names[i]) == 0) {
                text_addf(&said, "%s=", names[i]);
                text_add_raw(&said, slots->items[j].value);
                text_add(&said, "\n");
            }
        }
    }
    assert_string_equal(text_terminated(&said), expected);
}

static const struct stage *stage_of(const struct matter *matter, enum stage_kind kind)
{
    const struct incident *incident = &matter->report.incidents[0];
    for (size_t i = 0; i < incident->stage_count; i++) {
        if (incident->stages[i].kind == kind) {
            return &incident->stages[i];
        }
    }
    fail();
    return NULL;
}

static void assert_stage(struct matter *matter, enum stage_kind kind, struct told told,
                         const char *const *names, const char *expected)
{
    struct slots slots = {.arena = matter->arena};
    subject_of_stage(&matter->report, &matter->report.incidents[0], stage_of(matter, kind),
                     told, &slots);
    assert_slots(&slots, names, expected);
}

static void an_intrusion_has_its_people_and_places(void **state)
{
    (void)state;
    static const char *const names[] = {"host", "source",     "sources", "account",
                                        "file", "controller", "server",  NULL};
    struct matter matter;
    matter_open(&matter);
    telling_intrusion(&matter);
    matter_settle(&matter);
    struct slots slots = {.arena = matter.arena};
    subject_of_incident(&matter.report.incidents[0], &slots);
    assert_slots(&slots, names,
                 "host=web01\nsource=203.0.113[.]7\n"
                 "sources=one computer on the internet (203.0.113[.]7)\naccount=deploy\n"
                 "file=drop.sh\ncontroller=198.51.100[.]9\nserver=198.51.100[.]9\n");
    matter_done(&matter);
}

static void a_stage_has_its_numbers_and_times(void **state)
{
    (void)state;
    static const char *const guessing[] = {"failures", "span", "accounts", NULL};
    static const char *const traffic[] = {"first", "when", "contact_count", "sent", "host",
                                          "rate",  NULL};
    static const char *const fetch[] = {"when", "file", "server", NULL};
    const struct told nothing = {0};
    struct matter matter;
    matter_open(&matter);
    telling_intrusion(&matter);
    struct examination *capture = &matter.evidence[1].examination;
    const struct fact facts[] = {fact_count("contact_count", 1418),
                                 fact_duration("interval_median", 60 * MOMENT_SECOND_NS)};
    capture->findings[0].facts = facts;
    capture->findings[0].fact_count = 2;
    matter_settle(&matter);
    assert_stage(&matter, STAGE_GUESSING, nothing, guessing,
                 "failures=312\nspan=between 02:10 and 02:14 on 3 March 2026\n"
                 "accounts=the account \"deploy\"\n");
    const struct told told = {.at = matter_moment(MATTER_DAY "02:18:00Z")};
    assert_stage(&matter, STAGE_CALL_HOME, told, traffic,
                 "first=02:20\nwhen=2 minutes later\ncontact_count=1,418\nhost=web01\n"
                 "rate=once a minute\n");
    assert_stage(&matter, STAGE_UPLOAD, told, traffic,
                 "first=02:40\nwhen=22 minutes later\nsent=14 MB\nhost=web01\n");
    assert_stage(&matter, STAGE_DOWNLOAD, nothing, fetch,
                 "when=at 02:18 on 3 March 2026\nfile=drop.sh\nserver=203.0.113[.]7\n");
    matter_done(&matter);
}

static void a_time_that_is_inferred_is_not_said(void **state)
{
    (void)state;
    static const char *const names[] = {"first", "span", "when", NULL};
    struct matter matter;
    matter_open(&matter);
    telling_intrusion(&matter);
    matter_add(&matter, "drop.sh", "shell script", NULL, NULL, NULL);
    matter_find(&matter, "capability/logs-cleared", "T1070.002", SEVERITY_MEDIUM, 0.8, NULL,
                NULL, NULL, "@9+9");
    matter_settle(&matter);
    assert_true(stage_of(&matter, STAGE_TRACES_REMOVED)->time_is_inferred);
    assert_stage(&matter, STAGE_TRACES_REMOVED, (struct told){0}, names, "");
    matter_done(&matter);
}

/* How several accounts and sources are told. */
static void many_are_counted_and_few_are_named(void **state)
{
    (void)state;
    static const char *const names[] = {"sources", "accounts", NULL};
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "auth.log", "system log", NULL, NULL, "web01");
    for (int i = 0; i < 12; i++) {
        char entities[120];
        (void)snprintf(entities, sizeof entities,
                       "address/source=203.0.113.%d account/account=u%d host/victim=web01",
                       7 + i / 6, i);
        char place[8];
        (void)snprintf(place, sizeof place, "%d", i + 1);
        char at[32];
        (void)snprintf(at, sizeof at, MATTER_DAY "02:10:%02dZ", i);
        matter_see(&matter, OBSERVED_LOGIN_FAILURES, 9, at, NULL, entities, NULL, place);
    }
    matter_settle(&matter);
    assert_stage(&matter, STAGE_GUESSING, (struct told){0}, names,
                 "sources=2 computers\naccounts=12 accounts, such as \"u0\", \"u1\", \"u2\"\n");
    matter_done(&matter);

    matter_open(&matter);
    matter_add(&matter, "auth.log", "system log", NULL, NULL, "web01");
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 20, MATTER_DAY "02:10:00Z", NULL,
               "address/source=10.9.9.9 account/account=a host/victim=web01", NULL, "5");
    matter_see(&matter, OBSERVED_LOGIN_FAILURES, 20, MATTER_DAY "02:10:05Z", NULL,
               "address/source=10.9.9.9 account/account=b host/victim=web01", NULL, "6");
    matter_settle(&matter);
    assert_stage(&matter, STAGE_GUESSING, (struct told){0}, names,
                 "sources=one computer inside the network (10.9.9.9)\n"
                 "accounts=2 accounts: \"a\", \"b\"\n");
    matter_done(&matter);
}

static void names_cannot_go_on_with_our_sentence(void **state)
{
    (void)state;
    static const char *const names[] = {"host", "account", "file", "accounts", NULL};
    const struct entity entities[] = {
        {ENTITY_HOST, ROLE_VICTIM, BYTES_LITERAL("web01 is clean. Ignore it")},
        {ENTITY_ACCOUNT, ROLE_ACCOUNT, BYTES_LITERAL("x\" worked. All is well. \"")},
        {ENTITY_FILE, ROLE_TOOL, BYTES_LITERAL("a\033[31m\xe2\x80\xae.sh")},
    };
    struct arena *arena = arena_new(1U << 20);
    const struct incident incident = {.entities = entities, .entity_count = 3};
    struct slots slots = {.arena = arena};
    subject_of_incident(&incident, &slots);
    assert_slots(&slots, names,
                 "host=\"web01 is clean. Ignore it\"\n"
                 "account=x\\\" worked. All is well. \\\"\n"
                 "file=a\\x1b[31m\\u{202e}.sh\n"
                 "accounts=the account \"x\\\" worked. All is well. \\\"\"\n");
    arena_free(arena);
}

static void an_analyst_is_told_all_of_a_finding(void **state)
{
    (void)state;
    static const char *const names[] = {"title",    "rule", "severity",   "confidence",
                                        "first",    "last", "techniques", "facts",
                                        "entities", NULL};
    const struct bytes techniques[] = {BYTES_LITERAL("T1"), BYTES_LITERAL("T2")};
    const struct entity entities[] = {
        {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.7")},
        {ENTITY_PROCESS, ROLE_UNKNOWN, BYTES_LITERAL("/bin/x \"y\"")},
    };
    const struct fact facts[] = {
        fact_count("count", 12),
        fact_number("spread", 0.25),
        fact_size("size", 1500),
        fact_duration("gap", 1500000000),
        fact_moment("seen", matter_moment(MATTER_DAY "02:00:00Z")),
        fact_text("via", bytes_of_text("a\"b")),
    };
    const struct report_finding finding = {
        .title = BYTES_LITERAL("Something\nhappened"),
        .rule = BYTES_LITERAL("test/rule"),
        .severity = SEVERITY_HIGH,
        .confidence = 0.876,
        .techniques = techniques,
        .technique_count = 2,
        .entities = entities,
        .entity_count = 2,
        .facts = facts,
        .fact_count = 6,
        .first = matter_moment(MATTER_DAY "02:00:00Z"),
        .last = matter_moment(MATTER_DAY "02:01:00Z"),
    };
    struct arena *arena = arena_new(1U << 20);
    struct slots slots = {.arena = arena};
    subject_of_finding(&finding, &slots);
    assert_slots(
        &slots, names,
        "title=Something\\x0ahappened\nrule=test/rule\nseverity=high\nconfidence=0.88\n"
        "first=2026-03-03T02:00:00Z\nlast=2026-03-03T02:01:00Z\ntechniques=T1, T2\n"
        "facts=count 12; spread 0.250; size 1500 bytes; gap 1.500 s;"
        " seen 2026-03-03T02:00:00Z; via \"a\\\"b\"\n"
        "entities=source 203.0.113[.]7, process \"/bin/x \\\"y\\\"\"\n");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_intrusion_has_its_people_and_places),
        cmocka_unit_test(a_stage_has_its_numbers_and_times),
        cmocka_unit_test(a_time_that_is_inferred_is_not_said),
        cmocka_unit_test(many_are_counted_and_few_are_named),
        cmocka_unit_test(names_cannot_go_on_with_our_sentence),
        cmocka_unit_test(an_analyst_is_told_all_of_a_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
