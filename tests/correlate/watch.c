#include "correlate/watch.h"

#include "correlate/begin.h"

/* One watch over several looks: what it remembers, and what it said last. */
struct sitting {
    struct arena *arena;
    struct vigil vigil;
    struct warning warnings[WARNINGS_AT_ONCE_MAX];
    size_t count;
};

static void sit(struct sitting *sitting)
{
    *sitting = (struct sitting){.arena = arena_new(64U << 20)};
}

/* Shows the matter as it is now; what it says borrows from it. */
static void look(struct sitting *sitting, struct matter *matter)
{
    matter_settle(matter);
    assert_ok(watch_judge(&matter->report, sitting->arena, &sitting->vigil, sitting->warnings,
                          &sitting->count));
}

static void look_at_guesses(struct sitting *sitting, uint64_t tries)
{
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", tries);
    look(sitting, &matter);
    matter_done(&matter);
}

static void guessing_is_spoken_of_once(void **state)
{
    (void)state;
    struct sitting sitting;
    sit(&sitting);
    look_at_guesses(&sitting, 9);
    assert_int_equal(sitting.count, 0);
    look_at_guesses(&sitting, 10);
    assert_int_equal(sitting.count, 1);
    assert_int_equal(sitting.warnings[0].stage, STAGE_GUESSING);
    assert_int_equal(sitting.warnings[0].measure, 10);
    assert_bytes(sitting.warnings[0].counted, "failure_count");
    assert_false(sitting.warnings[0].is_again);
    look_at_guesses(&sitting, 99);
    assert_int_equal(sitting.count, 0);
    arena_free(sitting.arena);
}

static void ten_times_as_much_is_said_again(void **state)
{
    (void)state;
    struct sitting sitting;
    sit(&sitting);
    look_at_guesses(&sitting, 10);
    look_at_guesses(&sitting, 100);
    assert_int_equal(sitting.count, 1);
    assert_true(sitting.warnings[0].is_again);
    look_at_guesses(&sitting, 999);
    assert_int_equal(sitting.count, 0);
    assert_int_equal(sitting.vigil.tally.warnings, 2);
    arena_free(sitting.arena);
}

static void an_entry_is_told_with_the_warning_before_it(void **state)
{
    (void)state;
    struct sitting sitting;
    struct matter matter;
    sit(&sitting);
    look_at_guesses(&sitting, 12);
    /* It was said long before: the coverage of what was guessed ends later than the login. */
    sitting.vigil.matters[0].said = matter_moment(MATTER_DAY "02:11:00Z");
    matter_open(&matter);
    matter_enter(&matter);
    look(&sitting, &matter);
    assert_int_equal(sitting.count, 2);
    const struct warning *entry = &sitting.warnings[1];
    assert_true(entry->is_entry);
    assert_bytes(entry->finding->rule, "behaviour/login-after-guessing");
    assert_int_equal(moment_compare(entry->warned, matter_moment(MATTER_DAY "02:11:00Z")), 0);
    assert_true(entry->first_try.is_known);
    assert_int_equal(sitting.vigil.tally.entries, 1);
    assert_int_equal(sitting.vigil.tally.entries_foretold, 1);
    matter_done(&matter);
    arena_free(sitting.arena);
}

static void a_warning_that_comes_with_the_entry_did_not_foretell_it(void **state)
{
    (void)state;
    struct sitting sitting;
    struct matter matter;
    sit(&sitting);
    matter_open(&matter);
    matter_enter(&matter);
    look(&sitting, &matter);
    assert_int_equal(sitting.count, 2);
    assert_true(sitting.warnings[1].is_entry && !sitting.warnings[1].warned.is_known);
    assert_int_equal(sitting.vigil.tally.entries_foretold, 0);
    matter_done(&matter);
    arena_free(sitting.arena);
}

static void show_many(struct sitting *sitting, size_t sources, enum severity severity,
                      const char *technique, const char *last)
{
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "x.log", "system log", MATTER_DAY "01:00:00Z", last, "web01");
    for (size_t i = 0; i < sources; i++) {
        char entities[64];
        (void)snprintf(entities, sizeof entities, "address/source=198.51.100.%zu", i + 1);
        matter_find(&matter, "behaviour/some", technique, severity, 0.8, MATTER_DAY "01:00:00Z",
                    entities, "try_count#5", "3");
    }
    look(sitting, &matter);
    matter_done(&matter);
}

static void a_day_has_room_for_few(void **state)
{
    (void)state;
    static const struct {
        enum severity severity;
        const char *technique;
        size_t said;
    } rows[] = {
        {SEVERITY_LOW, "T1595.003", WATCH_DAY_LOW_MAX},
        {SEVERITY_LOW, "T1071.001", WATCH_DAY_LOW_MAX},
        {SEVERITY_LOW, "T1110.001", 0}, /* of what is low only scanning and calls are said */
        {SEVERITY_INFO, "T1595.003", 0},
        {SEVERITY_MEDIUM, "T1046", WATCH_DAY_MAX},
        {SEVERITY_MEDIUM, "", WATCH_DAY_MAX},
        {SEVERITY_HIGH, "T1110.001", 30},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sitting sitting;
        sit(&sitting);
        show_many(&sitting, 30, rows[i].severity, rows[i].technique, MATTER_DAY "02:00:00Z");
        assert_int_equal(sitting.count, rows[i].said);
        assert_int_equal(sitting.vigil.tally.held_back,
                         rows[i].said == 0 ? 0 : 30 - rows[i].said);
        arena_free(sitting.arena);
    }
}

static void the_next_day_has_room_again_for_what_is_new(void **state)
{
    (void)state;
    struct sitting sitting;
    sit(&sitting);
    show_many(&sitting, 12, SEVERITY_MEDIUM, "T1046", "2026-03-03T02:00:00Z");
    assert_int_equal(sitting.count, WATCH_DAY_MAX);
    show_many(&sitting, 15, SEVERITY_MEDIUM, "T1046", "2026-03-04T02:00:00Z");
    assert_int_equal(sitting.count, 3); /* the two held back are no news */
    assert_int_equal(sitting.vigil.tally.day_most, WATCH_DAY_MAX);
    arena_free(sitting.arena);
}

static void show_call(struct sitting *sitting, const char *entities, const char *first)
{
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "x.pcap", "capture", first, first, NULL);
    matter_find(&matter, "behaviour/call-home", "T1071.001", SEVERITY_LOW, 0.5, first, entities,
                "contact_count#8", "#3");
    look(sitting, &matter);
    matter_done(&matter);
}

static void a_name_that_is_learned_later_makes_no_new_matter(void **state)
{
    (void)state;
    struct sitting sitting;
    sit(&sitting);
    show_call(&sitting, "address/victim=10.0.0.5 address/controller=198.51.100.9",
              "2026-03-03T02:00:00Z");
    assert_int_equal(sitting.count, 1);
    show_call(&sitting,
              "address/victim=10.0.0.5 address/controller=198.51.100.9 "
              "name/controller=updates.example",
              "2026-03-03T02:00:00Z");
    assert_int_equal(sitting.count, 0);
    show_call(&sitting, "address/victim=10.0.0.6 address/controller=198.51.100.9",
              "2026-03-03T02:00:00Z");
    assert_int_equal(sitting.count, 1);
    arena_free(sitting.arena);
}

static void after_a_day_of_silence_a_matter_is_new(void **state)
{
    (void)state;
    static const char *const parties =
        "address/victim=10.0.0.5 address/controller=198.51.100.9";
    struct sitting sitting;
    sit(&sitting);
    show_call(&sitting, parties, "2026-03-03T02:00:00Z");
    show_call(&sitting, parties, "2026-03-04T01:59:00Z");
    assert_int_equal(sitting.count, 0);
    show_call(&sitting, parties, "2026-03-06T02:00:00Z");
    assert_int_equal(sitting.count, 1);
    assert_false(sitting.warnings[0].is_again);
    arena_free(sitting.arena);
}

static void what_was_heard_of_last_is_remembered(void **state)
{
    (void)state;
    struct sitting sitting;
    struct matter matter;
    sit(&sitting);
    struct vigil_matter *many = arena_take_many(sitting.arena, VIGIL_MATTERS_MAX, sizeof *many);
    for (size_t i = 0; i < VIGIL_MATTERS_MAX; i++) {
        many[i].key[0] = (uint8_t)i;
        many[i].key[1] = (uint8_t)(i >> 8);
        many[i].key[2] = 1;
        many[i].last = moment_of_unix(1000000 + (int64_t)i, 0);
    }
    sitting.vigil.matters = many;
    sitting.vigil.matter_count = VIGIL_MATTERS_MAX;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 20);
    look(&sitting, &matter);
    assert_int_equal(sitting.vigil.matter_count, VIGIL_MATTERS_MAX);
    assert_int_equal(sitting.vigil.matters[0].key[0], 1); /* the oldest is forgotten */
    matter_done(&matter);
    arena_free(sitting.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guessing_is_spoken_of_once),
        cmocka_unit_test(ten_times_as_much_is_said_again),
        cmocka_unit_test(an_entry_is_told_with_the_warning_before_it),
        cmocka_unit_test(a_warning_that_comes_with_the_entry_did_not_foretell_it),
        cmocka_unit_test(a_day_has_room_for_few),
        cmocka_unit_test(the_next_day_has_room_again_for_what_is_new),
        cmocka_unit_test(a_name_that_is_learned_later_makes_no_new_matter),
        cmocka_unit_test(after_a_day_of_silence_a_matter_is_new),
        cmocka_unit_test(what_was_heard_of_last_is_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
