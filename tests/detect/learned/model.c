#include "detect/learned/model.h"

#include "check.h"

#include <string.h>

#include "detect/learned/weights.h"

struct world {
    struct arena *arena;
    struct text file;
    struct weights weights;
    struct sieve sieve;
    struct learned_scorer scorer;
};

static void world_open(struct world *world)
{
    struct fault fault;
    *world = (struct world){.arena = arena_new(64U << 20)};
    known_weights(&world->file);
    assert_ok(weights_read(text_bytes(&world->file), &world->weights, &fault));
    assert_ok(sieve_load(&world->weights, &world->sieve, &fault));
    assert_ok(learned_scorer_new(&world->sieve, world->arena, &world->scorer));
}

static void world_close(struct world *world)
{
    text_done(&world->file);
    arena_free(world->arena);
}

static void scores_the_line_it_knows_above_its_threshold(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    assert_true(learned_score(&world.scorer, bytes_of_text(KNOWN_LINE)) >= KNOWN_THRESHOLD);
    assert_true(
        learned_score(&world.scorer, bytes_of_text("  FROBNICATE   --all\tthe lamps\n")) >=
        KNOWN_THRESHOLD);
    assert_true(learned_score(&world.scorer, bytes_of_text("polish the lamps")) <
                KNOWN_THRESHOLD);
    world_close(&world);
}

static void cites_the_words_that_made_the_score_where_they_stand(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    struct bytes text =
        bytes_of_text("# every evening\nls  -l\n\t if true; then  Frobnicate --all "
                      " the lamps; fi\necho done\n");
    struct learned_span spans[LEARNED_SPANS_MAX];
    size_t count = learned_explain(&world.scorer, text, KNOWN_THRESHOLD, spans);
    assert_int_equal(count, 1);
    struct bytes cited = bytes_part(text, spans[0].begin, spans[0].size);
    assert_true(bytes_contains(cited, "Frobnicate"));
    assert_false(bytes_contains(cited, "echo"));
    world_close(&world);
}

static void cites_enough_for_the_rest_to_fall_below_the_threshold(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    struct bytes text = bytes_of_text(KNOWN_LINE "\n");
    struct learned_span spans[LEARNED_SPANS_MAX];
    size_t count = learned_explain(&world.scorer, text, KNOWN_THRESHOLD, spans);
    struct text AUTO(text_done) rest = text_of_limit(1024);
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        text_add_raw(&rest, bytes_part(text, at, spans[i].begin - at));
        at = spans[i].begin + spans[i].size;
    }
    text_add_raw(&rest, bytes_from(text, at));
    assert_true(count > 0);
    assert_true(learned_score(&world.scorer, text_bytes(&rest)) < KNOWN_THRESHOLD);
    world_close(&world);
}

static void finds_it_at_the_end_of_a_text_of_many_parts(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    size_t size = 3 * LEARNED_PART_SIZE;
    uint8_t *data = arena_take(world.arena, size);
    memset(data, 'x', size);
    size_t at = size - sizeof KNOWN_LINE - 5;
    memcpy(data + at, "\n" KNOWN_LINE "\n", sizeof KNOWN_LINE + 1);
    struct bytes text = {data, size};
    struct learned_span spans[LEARNED_SPANS_MAX];
    assert_true(learned_score(&world.scorer, text) >= KNOWN_THRESHOLD);
    assert_true(learned_explain(&world.scorer, text, KNOWN_THRESHOLD, spans) > 0);
    assert_true(spans[0].begin > at && spans[0].begin + spans[0].size <= size);
    world_close(&world);
}

static void explains_nothing_where_nothing_scores(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    struct learned_span spans[LEARNED_SPANS_MAX];
    assert_int_equal(learned_explain(&world.scorer, bytes_of_text("zz\n"), 1, spans), 0);
    assert_int_equal(learned_explain(&world.scorer, BYTES_NONE, 1, spans), 0);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_the_line_it_knows_above_its_threshold),
        cmocka_unit_test(cites_the_words_that_made_the_score_where_they_stand),
        cmocka_unit_test(cites_enough_for_the_rest_to_fall_below_the_threshold),
        cmocka_unit_test(finds_it_at_the_end_of_a_text_of_many_parts),
        cmocka_unit_test(explains_nothing_where_nothing_scores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
