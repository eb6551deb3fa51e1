#include "train/rank.h"

#include "check.h"

#include <string.h>

#include "base/text.h"
#include "detect/learned/model.h"
#include "train/random.h"

#define BITS 14
#define COUNT 400

static const char *const lamps[] = {"light", "dim", "polish", "hang", "count", "carry"};
static const char *const tools[] = {"with a cloth", "by hand", "at noon", "in the hall",
                                    "slowly"};

/* Two kinds of lines about lamps: those that count as attacks smash them.  Some stand among
 * many lines of the other kind. */
static void make_samples(struct samples *samples)
{
    *samples = (struct samples){.bits = BITS, .arena = arena_new(256U << 20)};
    struct random random = {5};
    for (size_t i = 0; i < COUNT; i++) {
        struct text AUTO(text_done) text = text_of_limit(16384);
        struct sample like = {.is_attack = i % 4 == 0};
        size_t lines = i % 3 == 0 ? 40 : 1;
        for (size_t k = 0; k < lines; k++) {
            bool smashes = like.is_attack && k == lines / 2;
            text_addf(&text, "%s lamp %zu %s\n",
                      smashes ? "smash" : lamps[random_below(&random, 6)],
                      random_below(&random, 90), tools[random_below(&random, 5)]);
        }
        assert_ok(samples_add(samples, &like, text_bytes(&text), NULL));
    }
}

static struct fit_options options_of(uint64_t seed)
{
    return (struct fit_options){.seed = seed,
                                .passes = 8,
                                .rate = 0.05,
                                .decay = 1e-4,
                                .attack_weight = 1,
                                .margin = 3};
}

static void train(const struct samples *samples, uint64_t seed, struct ranker *out)
{
    bool chosen[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        chosen[i] = i < COUNT / 2;
    }
    struct fit_options options = options_of(seed);
    assert_ok(ranker_train(samples, chosen, &options, out));
}

static void learns_what_tells_them_apart_wherever_it_stands(void **state)
{
    (void)state;
    struct samples samples;
    struct ranker ranker;
    make_samples(&samples);
    train(&samples, 1, &ranker);
    int32_t lowest_attack = INT32_MAX;
    int32_t highest_ordinary = 0;
    for (size_t i = COUNT / 2; i < COUNT; i++) {
        int32_t score = ranker_score(&ranker, &samples.items[i]);
        if (samples.items[i].is_attack) {
            lowest_attack = score < lowest_attack ? score : lowest_attack;
        } else {
            highest_ordinary = score > highest_ordinary ? score : highest_ordinary;
        }
    }
    assert_true(lowest_attack > highest_ordinary);
    ranker_done(&ranker);
    samples_done(&samples);
}

static void gives_the_same_weights_from_the_same_seed(void **state)
{
    (void)state;
    struct samples samples;
    struct ranker first;
    struct ranker second;
    struct ranker other;
    make_samples(&samples);
    train(&samples, 1, &first);
    train(&samples, 1, &second);
    train(&samples, 2, &other);
    assert_memory_equal(first.table, second.table, 1U << BITS);
    assert_true(memcmp(first.table, other.table, 1U << BITS) != 0);
    ranker_done(&first);
    ranker_done(&second);
    ranker_done(&other);
    samples_done(&samples);
}

/* Training and detection score alike: the same weights, the same text, the same number. */
static void scores_as_detection_does(void **state)
{
    (void)state;
    struct samples samples;
    struct ranker ranker;
    struct learned_scorer scorer;
    make_samples(&samples);
    train(&samples, 1, &ranker);
    struct sieve sieve = {
        .table = {(const uint8_t *)ranker.table, 1U << BITS}, .bits = BITS, .threshold = 1};
    assert_ok(learned_scorer_new(&sieve, samples.arena, &scorer));
    size_t compared = 0;
    for (size_t i = 0; i < COUNT; i++) {
        const struct sample *sample = &samples.items[i];
        if (sample->text.size < 1024) { /* one run of lines, as the shell reader gives it */
            assert_int_equal(ranker_score(&ranker, sample),
                             learned_score(&scorer, sample->text));
            compared++;
        }
    }
    assert_true(compared > COUNT / 2);
    ranker_done(&ranker);
    samples_done(&samples);
}

static void sees_a_shortcut_where_there_is_one(void **state)
{
    (void)state;
    struct samples samples = {.bits = BITS, .arena = arena_new(64U << 20)};
    bool chosen[100];
    for (size_t i = 0; i < 100; i++) {
        struct sample like = {.is_attack = i % 2 == 0};
        assert_ok(samples_add(&samples, &like,
                              bytes_of_text(like.is_attack ? "|;&$(){}<>" : "plain words here"),
                              NULL));
        chosen[i] = true;
    }
    struct shortcut shortcut;
    shortcut_train(&samples, chosen, &shortcut);
    assert_true(shortcut_score(&shortcut, bytes_of_text("&&||;;$$")) >
                shortcut_score(&shortcut, bytes_of_text("other plain words")));
    samples_done(&samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_what_tells_them_apart_wherever_it_stands),
        cmocka_unit_test(gives_the_same_weights_from_the_same_seed),
        cmocka_unit_test(scores_as_detection_does),
        cmocka_unit_test(sees_a_shortcut_where_there_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
