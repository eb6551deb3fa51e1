#include "correlate/watch.h"

#include "correlate/words.h"
#include "record/follow.h"

/* An examination of so many runs of failures, the last of them at `last`. */
static struct bytes examined(struct arena *arena, size_t runs, const char *last)
{
    struct examination examination = {0};
    struct observation *rows = arena_take_many(arena, runs + 1, sizeof *rows);
    coverage_init(&examination.coverage, arena);
    examination.coverage.kind = "system log";
    examination.coverage.examined = EXAMINED_WHOLE;
    examination.coverage.first = matter_moment("2026-03-01T00:00:00Z");
    examination.coverage.last = matter_moment(last);
    examination.observations = rows;
    examination.observation_count = runs;
    for (size_t i = 0; i < runs; i++) {
        rows[i].kind = OBSERVED_LOGIN_FAILURES;
        rows[i].count = 6;
        rows[i].first = rows[i].last = matter_moment(last);
        rows[i].entities = matter_entities(
            arena, "address/source=203.0.113.7 account/account=deploy host/victim=web01",
            &rows[i].entity_count);
        rows[i].cites = matter_cites(arena, "4 9", &rows[i].cite_count);
    }
    AUTO(text_done) struct text written = text_of_limit(EXAMINATION_SIZE_MAX);
    struct bytes copy;
    examination_write(&written, &examination);
    assert_ok(arena_copy(arena, text_bytes(&written), &copy));
    return copy;
}

static struct bytes look_of(struct arena *arena, struct bytes given, struct bytes standing)
{
    AUTO(text_done) struct text written = text_of_limit(2 * EXAMINATION_SIZE_MAX);
    struct bytes copy;
    follow_look_write(&written, &(struct follow_look){given, standing});
    assert_ok(arena_copy(arena, text_bytes(&written), &copy));
    return copy;
}

static size_t observed(struct arena *arena, struct bytes message)
{
    struct examination examination;
    assert_ok(examination_read(message, arena, &examination));
    return examination.observation_count;
}

static const struct dossier_entry *join(struct arena *arena, struct vigil *vigil,
                                        struct vigil_source source, size_t *count)
{
    const struct dossier_entry *entries = NULL;
    const struct vigil_show show = {.sources = &source, .source_count = 1};
    assert_ok(watch_join(&show, arena, vigil, &entries, count));
    return entries;
}

static void what_stands_is_judged_beside_what_is_past(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(64U << 20);
    struct bytes some = examined(arena, 2, "2026-03-03T02:00:00Z");
    struct bytes none = examined(arena, 0, "2026-03-03T02:00:00Z");
    struct vigil vigil = {0};
    size_t count = 0;
    struct vigil_source source = {.path = bytes_of_text("auth.log"),
                                  .look = look_of(arena, none, some)};
    join(arena, &vigil, source, &count);
    assert_int_equal(count, 1);
    source.is_over = true; /* what stood becomes past */
    join(arena, &vigil, source, &count);
    assert_int_equal(count, 1);
    assert_int_equal(observed(arena, vigil.past[0].examination), 2);
    source = (struct vigil_source){.path = source.path, .look = look_of(arena, some, some)};
    const struct dossier_entry *entries = join(arena, &vigil, source, &count);
    assert_int_equal(count, 2);
    assert_bytes(entries[0].path, "auth.log");
    assert_memory_not_equal(entries[0].sha256, entries[1].sha256, 32);
    assert_int_equal(observed(arena, vigil.past[0].examination), 4);
}

static void what_was_given_is_taken_once(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(64U << 20);
    struct bytes some = examined(arena, 3, "2026-03-03T02:00:00Z");
    struct vigil vigil = {0};
    size_t count = 0;
    struct vigil_source source = {.path = bytes_of_text("auth.log"),
                                  .look = look_of(arena, some, some)};
    join(arena, &vigil, source, &count);
    source.is_taken = true;
    join(arena, &vigil, source, &count);
    assert_int_equal(observed(arena, vigil.past[0].examination), 3);
}

static void what_is_long_past_is_forgotten(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(64U << 20);
    struct vigil vigil = {0};
    size_t count = 0;
    struct bytes none = examined(arena, 0, "2026-03-03T02:00:00Z");
    struct vigil_source source = {
        .path = bytes_of_text("auth.log"),
        .look = look_of(arena, examined(arena, 3, "2026-03-03T02:00:00Z"), none)};
    join(arena, &vigil, source, &count);
    source.look = look_of(arena, examined(arena, 1, "2026-03-11T02:00:00Z"), none);
    join(arena, &vigil, source, &count);
    assert_int_equal(observed(arena, vigil.past[0].examination), 1);
}

static void the_past_has_a_limit_and_keeps_the_newest(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(192U << 20);
    struct vigil vigil = {0};
    size_t count = 0;
    struct bytes none = examined(arena, 0, "2026-03-03T02:00:00Z");
    struct vigil_source source = {
        .path = bytes_of_text("auth.log"),
        .look = look_of(arena, examined(arena, 4000, "2026-03-03T02:00:00Z"), none)};
    join(arena, &vigil, source, &count);
    source.look = look_of(arena, examined(arena, 4000, "2026-03-03T03:00:00Z"), none);
    join(arena, &vigil, source, &count);
    struct examination examination;
    assert_ok(examination_read(vigil.past[0].examination, arena, &examination));
    assert_int_equal(examination.observation_count, WATCH_PAST_OBSERVATIONS_MAX);
    struct moment newest = examination.observations[WATCH_PAST_OBSERVATIONS_MAX - 1].first;
    assert_int_equal(moment_compare(newest, matter_moment("2026-03-03T03:00:00Z")), 0);
}

static void a_look_that_is_none_is_refused(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(64U << 20);
    struct vigil vigil = {0};
    struct vigil_source source = {.path = bytes_of_text("auth.log"),
                                  .look = bytes_of_text("no look at all")};
    const struct vigil_show show = {.sources = &source, .source_count = 1};
    const struct dossier_entry *entries;
    size_t count;
    assert_true(watch_join(&show, arena, &vigil, &entries, &count) != STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_stands_is_judged_beside_what_is_past),
        cmocka_unit_test(what_was_given_is_taken_once),
        cmocka_unit_test(what_is_long_past_is_forgotten),
        cmocka_unit_test(the_past_has_a_limit_and_keeps_the_newest),
        cmocka_unit_test(a_look_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
