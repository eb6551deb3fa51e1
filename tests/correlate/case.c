#include "correlate/case.h"

#include "correlate/begin.h"

static void a_machine_is_known_by_its_name_and_addresses(void **state)
{
    (void)state;
    static struct case_file file;
    file.aliases[0] = (struct alias){BYTES_LITERAL("web01"), BYTES_LITERAL("10.0.0.5")};
    file.aliases[1] = (struct alias){BYTES_LITERAL("web01"), BYTES_LITERAL("10.0.0.6")};
    file.alias_count = 2;
    assert_true(case_is_host(&file, bytes_of_text("web01"), bytes_of_text("10.0.0.6")));
    assert_true(case_is_host(&file, bytes_of_text("db01"), bytes_of_text("db01")));
    assert_false(case_is_host(&file, bytes_of_text("db01"), bytes_of_text("10.0.0.5")));
    assert_false(case_is_host(&file, BYTES_NONE, BYTES_NONE));
    assert_bytes(case_host_of(&file, bytes_of_text("10.0.0.5")), "web01");
    assert_bytes(case_host_of(&file, bytes_of_text("10.0.0.7")), "10.0.0.7");
}

static void private_addresses_are_known(void **state)
{
    (void)state;
    assert_true(case_address_is_private(bytes_of_text("10.1.2.3")));
    assert_true(case_address_is_private(bytes_of_text("fd00::1")));
    assert_false(case_address_is_private(bytes_of_text("203.0.113.7")));
    assert_false(case_address_is_private(bytes_of_text("web01")));
    assert_false(case_address_is_private(BYTES_NONE));
}

static void the_last_part_of_a_path_is_its_base_name(void **state)
{
    (void)state;
    assert_bytes(case_base_name(bytes_of_text("/tmp/a/drop.sh")), "drop.sh");
    assert_bytes(case_base_name(bytes_of_text("http://h/x/drop.sh?id=/1")), "drop.sh");
    assert_bytes(case_base_name(bytes_of_text("drop.sh")), "drop.sh");
    assert_bytes(case_base_name(bytes_of_text("/tmp/")), "");
}

static void an_unknown_moment_lies_nowhere(void **state)
{
    (void)state;
    struct moment from = matter_moment(MATTER_DAY "02:00:00Z");
    struct moment at = matter_moment(MATTER_DAY "03:00:00Z");
    struct moment yearless = matter_moment("--03-03T03:00:00");
    const struct moment unknown = {0};
    assert_true(moment_is_within(at, from, MOMENT_HOUR_NS));
    assert_true(moment_is_within(from, from, 0));
    assert_false(moment_is_within(at, from, MOMENT_HOUR_NS - 1));
    assert_false(moment_is_within(from, at, MOMENT_DAY_NS));
    assert_false(moment_is_within(unknown, from, MOMENT_DAY_NS));
    assert_false(moment_is_within(at, unknown, MOMENT_DAY_NS));
    assert_false(moment_is_within(yearless, from, INT64_MAX));
}

static void sightings_and_leads_are_asked_for_what_they_name(void **state)
{
    (void)state;
    const struct entity entities[] = {
        {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.7")},
        {ENTITY_HOST, ROLE_VICTIM, BYTES_LITERAL("web01")},
    };
    const struct fact facts[] = {fact_count("n", 7)};
    const struct sighting sighting = {
        .entities = entities, .entity_count = 2, .facts = facts, .fact_count = 1};
    const struct lead lead = {.finding = {.entities = entities, .entity_count = 2}};
    assert_bytes(sighting_entity(&sighting, ENTITY_HOST, ROLE_COUNT), "web01");
    assert_bytes(sighting_entity(&sighting, ENTITY_HOST, ROLE_SOURCE), "");
    assert_bytes(lead_entity(&lead, ENTITY_ADDRESS, ROLE_SOURCE), "203.0.113.7");
    assert_bytes(lead_entity(&lead, ENTITY_ACCOUNT, ROLE_COUNT), "");
    assert_int_equal(sighting_count_fact(&sighting, "n"), 7);
    assert_int_equal(sighting_count_fact(&sighting, "m"), 0);
}

static void a_key_or_a_ticket_is_told_by_its_method(void **state)
{
    (void)state;
    static const char *const keys[] = {"publickey", "hostbased", "gssapi-with-mic"};
    static const char *const others[] = {"password", "keyboard-interactive/pam", ""};
    struct fact method = {0};
    const struct sighting sighting = {.facts = &method, .fact_count = 1};
    for (size_t i = 0; i < 3; i++) {
        method = fact_text("method", bytes_of_text(keys[i]));
        assert_true(sighting_is_by_key(&sighting));
        method = fact_text("method", bytes_of_text(others[i]));
        assert_false(sighting_is_by_key(&sighting));
    }
    assert_false(sighting_is_by_key(&(struct sighting){0}));
}

/* A case with room for `capacity` leads, and sightings with `cites` citations each. */
struct scene {
    struct arena *arena;
    struct case_file file;
    struct sighting sightings[10];
    struct reference references[10][2];
    const struct sighting *from[10];
};

static struct scene *scene_of(size_t capacity, size_t cites)
{
    struct scene *scene = calloc(1, sizeof *scene);
    scene->arena = arena_new(1U << 20);
    scene->file.arena = scene->arena;
    scene->file.leads = arena_take_many(scene->arena, capacity, sizeof *scene->file.leads);
    scene->file.lead_capacity = capacity;
    for (size_t i = 0; i < 10; i++) {
        static const char names[] = "abcdefghij";
        scene->references[i][0].citation.place.first = i;
        scene->references[i][1].citation.place.first = 100 + i;
        scene->sightings[i] = (struct sighting){.evidence = i,
                                                .cites = scene->references[i],
                                                .cite_count = cites,
                                                .id = {(const uint8_t *)names + i, 1}};
        scene->from[i] = &scene->sightings[i];
    }
    return scene;
}

static void scene_done(struct scene *scene)
{
    arena_free(scene->arena);
    free(scene);
}

static void a_finding_from_sightings_has_their_citations(void **state)
{
    (void)state;
    struct scene *scene = scene_of(2, 2);
    const struct report_finding draft = {.rule = BYTES_LITERAL("test/rule")};
    assert_ok(case_raise(&scene->file, &draft, scene->from, 3));
    const struct report_finding *finding = &scene->file.leads[0].finding;
    static const uint64_t places[] = {0, 1, 2, 100, 101, 102};
    assert_int_equal(finding->cite_count, 6);
    for (size_t i = 0; i < 6; i++) {
        assert_true(finding->cites[i].citation.place.first == places[i]);
    }
    assert_int_equal(finding->cites_dropped, 0);
    assert_int_equal(scene->file.leads[0].evidence, 0);
    assert_ok(case_raise(&scene->file, &draft, scene->from, 10));
    finding = &scene->file.leads[1].finding;
    assert_int_equal(finding->cite_count, CITES_MAX);
    assert_int_equal(finding->cites_dropped, 20 - CITES_MAX);
    assert_false(bytes_equal(finding->id, scene->file.leads[0].finding.id));
    scene_done(scene);
}

static void leads_beyond_the_limit_are_counted(void **state)
{
    (void)state;
    struct scene *scene = scene_of(1, 1);
    const struct report_finding draft = {.rule = BYTES_LITERAL("test/rule")};
    assert_ok(case_raise(&scene->file, &draft, scene->from, 1));
    assert_ok(case_raise(&scene->file, &draft, scene->from, 1));
    assert_int_equal(scene->file.lead_count, 1);
    assert_int_equal(scene->file.leads_dropped, 1);
    scene_done(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_machine_is_known_by_its_name_and_addresses),
        cmocka_unit_test(private_addresses_are_known),
        cmocka_unit_test(the_last_part_of_a_path_is_its_base_name),
        cmocka_unit_test(an_unknown_moment_lies_nowhere),
        cmocka_unit_test(sightings_and_leads_are_asked_for_what_they_name),
        cmocka_unit_test(a_key_or_a_ticket_is_told_by_its_method),
        cmocka_unit_test(a_finding_from_sightings_has_their_citations),
        cmocka_unit_test(leads_beyond_the_limit_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
