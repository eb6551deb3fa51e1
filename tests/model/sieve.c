#include "model/sieve.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "base/pack.h"

#define BITS 12
#define TEXT_SIZE 6000

struct world {
    struct arena *arena;
    struct text table;
    struct text settings;
    struct text scores;
    struct text file;
    struct weights weights;
    struct sieve sieve;
    struct sieve_scratch scratch;
};

static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525U + 1013904223U;
    return *state >> 16;
}

/* Weights without sense, a few of them large. */
static void world_open(struct world *world)
{
    uint32_t seed = 7;
    *world = (struct world){.arena = arena_new(64U << 20),
                            .table = text_of_limit(1U << 20),
                            .settings = text_of_limit(64),
                            .scores = text_of_limit(64),
                            .file = text_of_limit(WEIGHTS_SIZE_MAX)};
    for (size_t i = 0; i < 1U << BITS; i++) {
        text_add_byte(&world->table, (char)(next(&seed) % 41 - 20));
    }
    pack_u32(&world->settings, BITS);
    pack_u32(&world->settings, 100);
    pack_u32(&world->settings, 65536);
    pack_u32(&world->scores, 50);
    pack_u32(&world->scores, 90);
    const struct tensor tensors[] = {
        {bytes_of_text("sieve.calibration"), TENSOR_I32, text_bytes(&world->scores)},
        {bytes_of_text("sieve.settings"), TENSOR_I32, text_bytes(&world->settings)},
        {bytes_of_text("sieve.table"), TENSOR_I8, text_bytes(&world->table)},
    };
    struct fault fault = {0};
    assert_ok(weights_write(&world->file, tensors, 3));
    assert_ok(weights_read(text_bytes(&world->file), &world->weights, &fault));
    assert_ok(sieve_load(&world->weights, &world->sieve, &fault));
    assert_ok(sieve_scratch_new(&world->sieve, world->arena, &world->scratch));
}

static void world_close(struct world *world)
{
    text_done(&world->table);
    text_done(&world->settings);
    text_done(&world->scores);
    text_done(&world->file);
    arena_free(world->arena);
}

/* Lines of few different letters, so that n-grams repeat; some longer than a window. */
static struct bytes make_text(struct world *world, uint32_t seed, size_t size)
{
    uint8_t *data = arena_take(world->arena, size + 1);
    for (size_t i = 0; i < size; i++) {
        uint32_t draw = next(&seed);
        data[i] = draw % 40 == 0 && seed % 7 != 0 ? '\n' : (uint8_t)("abcde -|"[draw / 40 % 8]);
    }
    return (struct bytes){data, size};
}

static void gives_the_same_the_fast_and_the_plain_way(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    int32_t *shares = arena_take_many(world.arena, TEXT_SIZE, sizeof *shares);
    size_t found = 0;
    for (uint32_t seed = 1; seed <= 300; seed++) {
        struct bytes text = make_text(&world, seed, seed * 20 % TEXT_SIZE);
        struct sieve_window window = sieve_scan(&world.sieve, &world.scratch, text);
        struct bytes inside = bytes_part(text, window.begin, window.end - window.begin);
        int32_t plain = sieve_explain(&world.sieve, &world.scratch, inside, shares);
        int64_t sum = 0;
        for (size_t i = 0; i < inside.size; i++) {
            sum += shares[i];
        }
        assert_int_equal(plain, window.score);
        assert_true(sum == (int64_t)plain * SIEVE_SHARE);
        found += plain > 0;
    }
    assert_true(found > 200);
    world_close(&world);
}

/* What sieve_buckets says occurs, each once, is what a line scores. */
static void hashes_for_training_as_it_scores(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    for (uint32_t seed = 1; seed <= 100; seed++) {
        struct bytes text = make_text(&world, seed, seed);
        uint8_t *data = arena_take(world.arena, text.size + 1);
        size_t size = 0;
        for (size_t i = 0; i < text.size; i++) {
            data[size] = text.data[i];
            size += text.data[i] != '\n';
        }
        uint32_t buckets[SIEVE_ORDERS * (SIEVE_LINE_SIZE + 2)];
        bool seen[1U << BITS] = {false};
        int32_t score = 0;
        size_t count = sieve_buckets(BITS, (struct bytes){data, size}, buckets);
        for (size_t i = 0; i < count; i++) {
            score += seen[buckets[i]] ? 0 : (int8_t)world.sieve.table.data[buckets[i]];
            seen[buckets[i]] = true;
        }
        struct sieve_window window =
            sieve_scan(&world.sieve, &world.scratch, (struct bytes){data, size});
        assert_int_equal(window.score, score > 0 ? score : 0);
    }
    world_close(&world);
}

static void is_never_lowered_by_lines_that_follow(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    for (uint32_t seed = 1; seed <= 200; seed++) {
        struct bytes first = make_text(&world, seed, seed * 7);
        struct bytes more = make_text(&world, seed + 1000, 700);
        uint8_t *both = arena_take(world.arena, first.size + 1 + more.size);
        memcpy(both, first.data, first.size);
        both[first.size] = '\n';
        memcpy(both + first.size + 1, more.data, more.size);
        struct bytes joined = {both, first.size + 1 + more.size};
        assert_true(sieve_scan(&world.sieve, &world.scratch, joined).score >=
                    sieve_scan(&world.sieve, &world.scratch, first).score);
    }
    world_close(&world);
}

static void counts_what_repeats_once(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    size_t found = 0;
    for (uint32_t seed = 1; seed <= 50; seed++) {
        struct bytes line = make_text(&world, seed, 20);
        uint8_t *often = arena_take(world.arena, 3 * (line.size + 1));
        for (size_t i = 0; i < 3; i++) {
            memcpy(often + i * (line.size + 1), line.data, line.size);
            often[i * (line.size + 1) + line.size] = '\n';
        }
        int32_t once = sieve_scan(&world.sieve, &world.scratch, line).score;
        struct bytes all = {often, 3 * (line.size + 1)};
        assert_int_equal(sieve_scan(&world.sieve, &world.scratch, all).score, once);
        found += once > 0;
    }
    assert_true(found > 10);
    world_close(&world);
}

static void says_nothing_of_nothing(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    assert_int_equal(sieve_scan(&world.sieve, &world.scratch, BYTES_NONE).score, 0);
    assert_int_equal(sieve_scan(&world.sieve, &world.scratch, bytes_of_text("\n\n\n")).score,
                     0);
    world_close(&world);
}

static void forgets_windows_after_any_number_of_them(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    struct bytes text = make_text(&world, 3, 400);
    int32_t first = sieve_scan(&world.sieve, &world.scratch, text).score;
    for (uint32_t i = 0; i < 70000; i++) {
        sieve_scan(&world.sieve, &world.scratch, bytes_of_text("a"));
    }
    assert_int_equal(sieve_scan(&world.sieve, &world.scratch, text).score, first);
    world_close(&world);
}

static void refuses_settings_that_contradict_the_table(void **state)
{
    (void)state;
    struct world world;
    world_open(&world);
    for (size_t at = 0; at < 12; at += 4) {
        struct text AUTO(text_done) file = text_of_limit(WEIGHTS_SIZE_MAX);
        uint8_t wrong[12];
        memcpy(wrong, world.settings.data, sizeof wrong);
        memset(wrong + at, 0, 4);
        const struct tensor tensors[] = {
            {bytes_of_text("sieve.calibration"), TENSOR_I32, text_bytes(&world.scores)},
            {bytes_of_text("sieve.settings"), TENSOR_I32, {wrong, sizeof wrong}},
            {bytes_of_text("sieve.table"), TENSOR_I8, text_bytes(&world.table)},
        };
        struct fault fault = {0};
        struct weights weights;
        struct sieve sieve;
        assert_ok(weights_write(&file, tensors, 3));
        assert_ok(weights_read(text_bytes(&file), &weights, &fault));
        assert_status(sieve_load(&weights, &sieve, &fault), STATUS_MALFORMED);
        assert_non_null(fault.what);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_the_same_the_fast_and_the_plain_way),
        cmocka_unit_test(hashes_for_training_as_it_scores),
        cmocka_unit_test(is_never_lowered_by_lines_that_follow),
        cmocka_unit_test(counts_what_repeats_once),
        cmocka_unit_test(says_nothing_of_nothing),
        cmocka_unit_test(forgets_windows_after_any_number_of_them),
        cmocka_unit_test(refuses_settings_that_contradict_the_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
