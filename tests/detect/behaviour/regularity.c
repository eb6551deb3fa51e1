#include "detect/behaviour/regularity.h"

#include "detect/observe.h"

#include <math.h>

#define SECOND INT64_C(1000000000)

/* `count` contacts `interval` apart, varied by up to `jitter` of it to both sides. */
static size_t beat(int64_t *times, size_t count, double interval, double jitter, uint32_t seed)
{
    double at = 1e6;
    for (size_t i = 0; i < count; i++) {
        times[i] = (int64_t)(at * 1e9);
        double play = (double)(observe_random(&seed) % 20001) / 10000.0 - 1.0;
        at += interval * (1 + jitter * play);
    }
    return count;
}

static void finds_the_interval_through_jitter(void **state)
{
    (void)state;
    int64_t times[REGULARITY_TIMES_MAX];
    for (uint32_t seed = 1; seed <= 50; seed++) {
        struct regularity found;
        assert_true(regularity_of_times(times, beat(times, 60, 60, 0.4, seed), &found));
        assert_true(regularity_holds(&found));
        assert_in_range(found.median_ns, (uint64_t)(48 * SECOND), (uint64_t)(72 * SECOND));
    }
}

static void finds_the_interval_through_missing_beats(void **state)
{
    (void)state;
    int64_t all[40];
    int64_t times[40];
    beat(all, 40, 60, 0.05, 7);
    size_t count = 0;
    for (size_t i = 0; i < 40; i++) {
        if (i % 7 != 3 && i != 11 && i != 12) {
            times[count++] = all[i];
        }
    }
    struct regularity found;
    assert_true(regularity_of_times(times, count, &found));
    assert_true(regularity_holds(&found));
    assert_true(found.missed >= 6);
    assert_in_range(found.median_ns, (uint64_t)(57 * SECOND), (uint64_t)(63 * SECOND));
}

static void takes_a_burst_for_one_beat(void **state)
{
    (void)state;
    int64_t all[20];
    int64_t times[80];
    beat(all, 20, 60, 0.05, 3);
    for (size_t i = 0; i < 80; i++) { /* four contacts, one second apart */
        times[i] = all[i / 4] + (int64_t)(i % 4) * SECOND;
    }
    struct regularity found;
    assert_true(regularity_of_times(times, 80, &found));
    assert_true(regularity_holds(&found));
    assert_in_range(found.median_ns, (uint64_t)(57 * SECOND), (uint64_t)(63 * SECOND));
}

static void does_not_find_order_in_chance(void **state)
{
    (void)state;
    int64_t times[REGULARITY_TIMES_MAX];
    size_t wrong = 0;
    for (uint32_t seed = 1; seed <= 1000; seed++) {
        uint32_t random = seed * 2654435761U;
        double at = 1e6;
        size_t count = 8 + seed % 93;
        for (size_t i = 0; i < count; i++) {
            times[i] = (int64_t)(at * 1e9);
            double u = ((double)(observe_random(&random) % 1000000) + 1) / 1000001.0;
            at += -60 * log(u);
        }
        struct regularity found;
        wrong += regularity_of_times(times, count, &found) && regularity_holds(&found);
    }
    assert_in_range(wrong, 0, 20);
}

static void wants_eight_beats(void **state)
{
    (void)state;
    int64_t times[REGULARITY_TIMES_MAX];
    struct regularity found;
    assert_false(regularity_of_times(times, beat(times, 7, 60, 0, 1), &found));
    assert_true(regularity_of_times(times, beat(times, 8, 60, 0, 1), &found));
    assert_true(regularity_holds(&found));
    assert_false(regularity_of_times(times, 0, &found));
    int64_t same[20] = {0};
    assert_false(regularity_of_times(same, 20, &found));
}

static void judges_intervals_as_it_does_times(void **state)
{
    (void)state;
    uint32_t intervals[20];
    for (size_t i = 0; i < 20; i++) {
        intervals[i] = i == 9 ? 20000 : 10000 + (uint32_t)(i % 3) * 100;
    }
    struct regularity found;
    assert_true(regularity_of_intervals(intervals, 20, &found));
    assert_true(regularity_holds(&found));
    assert_int_equal(found.missed, 1);
    assert_false(regularity_of_intervals(intervals, 6, &found));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_interval_through_jitter),
        cmocka_unit_test(finds_the_interval_through_missing_beats),
        cmocka_unit_test(takes_a_burst_for_one_beat),
        cmocka_unit_test(does_not_find_order_in_chance),
        cmocka_unit_test(wants_eight_beats),
        cmocka_unit_test(judges_intervals_as_it_does_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
