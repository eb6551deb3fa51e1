#include "train/experiment.h"

#include "check.h"

#include "train/random.h"

#define BITS 12
#define COUNT 600

/* Clusters of three; a third of them attacks, of two sources. */
static void make_samples(struct samples *samples)
{
    *samples = (struct samples){.bits = BITS, .arena = arena_new(512U << 20)};
    struct random random = {9};
    uint64_t cluster = 0;
    for (size_t i = 0; i < COUNT; i++) {
        cluster = i % 3 == 0 ? random_next(&random) >> 16 : cluster;
        bool is_attack = i / 3 % 3 == 0;
        struct sample like = {
            .source = !is_attack       ? SOURCE_TLDR
                      : i / 3 % 2 == 0 ? SOURCE_ATOMIC
                                       : SOURCE_GTFOBINS,
            .is_attack = is_attack,
            .cluster = cluster,
            .side = cluster >> 40 < SPLIT_TRAIN_BELOW ? SIDE_TRAIN : SIDE_SCORE,
            .draw = (uint8_t)(cluster >> 32),
        };
        struct text AUTO(text_done) text = text_of_limit(100000);
        like.hash = sha256_of((struct bytes){(const uint8_t *)&i, sizeof i});
        text_addf(&text, "%s number %zu\n", is_attack ? "smash the lamp" : "light the lamp",
                  i % 7);
        text_add_repeat(&text, "a line of no meaning \\\n", is_attack ? 0 : 1);
        text_add_repeat(&text, "                                          x\n",
                        is_attack ? 0 : 480);
        assert_ok(samples_add(samples, &like, text_bytes(&text), NULL));
    }
}

static void run(const struct samples *samples, enum design design, struct experiment *out)
{
    struct fit_options options = {
        .seed = 1, .passes = 3, .rate = 0.05, .decay = 1e-4, .attack_weight = 1, .margin = 3};
    assert_ok(experiment_run(samples, design, &options, out));
}

/* For each design but the random one. */
static void tests_one_of_a_cluster_and_none_that_was_trained_on(void **state)
{
    (void)state;
    struct samples samples;
    make_samples(&samples);
    for (int design = DESIGN_CLUSTER; design < DESIGN_COUNT; design++) {
        struct experiment experiment;
        run(&samples, (enum design)design, &experiment);
        size_t counts[4] = {0};
        for (size_t i = 0; i < COUNT; i++) {
            counts[experiment.roles[i]]++;
            for (size_t k = i + 1; k < COUNT && k < i + 3; k++) {
                if (samples.items[i].cluster == samples.items[k].cluster) {
                    bool one_scores =
                        experiment.roles[i] > ROLE_TRAIN || experiment.roles[k] > ROLE_TRAIN;
                    bool both_count = experiment.roles[i] != ROLE_UNUSED &&
                                      experiment.roles[k] != ROLE_UNUSED;
                    assert_false(one_scores && both_count);
                }
            }
        }
        assert_true(counts[ROLE_TRAIN] > 0 && counts[ROLE_CALIBRATE] > 0 &&
                    counts[ROLE_TEST] > 0);
        experiment_done(&experiment);
    }
    samples_done(&samples);
}

static void trains_on_no_attack_of_a_source_left_out(void **state)
{
    (void)state;
    struct samples samples;
    struct experiment experiment;
    make_samples(&samples);
    run(&samples, DESIGN_WITHOUT_ATOMIC, &experiment);
    for (size_t i = 0; i < COUNT; i++) {
        enum source source = samples.items[i].source;
        assert_false(source == SOURCE_ATOMIC && experiment.roles[i] == ROLE_TRAIN);
        assert_false(source == SOURCE_GTFOBINS && experiment.roles[i] == ROLE_TEST);
        assert_false(samples.items[i].side == SIDE_SCORE && experiment.roles[i] == ROLE_TRAIN);
    }
    experiment_done(&experiment);
    samples_done(&samples);
}

/* 21 KB a text: three to a document, and the last, which is short, left out. */
static void glues_ordinary_text_to_documents_and_measures_on_the_rest(void **state)
{
    (void)state;
    struct samples samples;
    struct experiment experiment;
    struct outcome outcome;
    make_samples(&samples);
    run(&samples, DESIGN_CLUSTER, &experiment);
    size_t calibrate = 0;
    for (size_t i = 0; i < COUNT; i++) {
        calibrate += experiment.roles[i] == ROLE_CALIBRATE;
    }
    assert_int_equal(experiment.document_count, (calibrate - 1) / 3);
    assert_ok(experiment_measure(&experiment, &outcome));
    assert_true(outcome.area > 0.99);
    assert_true(outcome.attacks > 10 && outcome.ordinary > 10);
    assert_int_equal(outcome.found[0].found, outcome.attacks);
    assert_false(outcome.can_claim[2]);
    experiment_done(&experiment);
    samples_done(&samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tests_one_of_a_cluster_and_none_that_was_trained_on),
        cmocka_unit_test(trains_on_no_attack_of_a_source_left_out),
        cmocka_unit_test(glues_ordinary_text_to_documents_and_measures_on_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
