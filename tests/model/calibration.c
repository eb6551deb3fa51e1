#include "model/calibration.h"

#include "check.h"

#include "base/pack.h"

static struct calibration calibration_of(struct text *text, const int32_t *scores, size_t count)
{
    struct calibration calibration;
    for (size_t i = 0; i < count; i++) {
        pack_u32(text, (uint32_t)scores[i]);
    }
    assert_ok(calibration_read(text_bytes(text), &calibration));
    return calibration;
}

static void counts_those_that_score_as_high_and_one_more(void **state)
{
    (void)state;
    static const int32_t scores[] = {-5, 0, 3, 3, 9};
    struct text AUTO(text_done) text = text_of_limit(1024);
    struct calibration calibration = calibration_of(&text, scores, 5);
    assert_true(calibration_p_value(&calibration, 10) == 1.0 / 6);
    assert_true(calibration_p_value(&calibration, 9) == 2.0 / 6);
    assert_true(calibration_p_value(&calibration, 3) == 4.0 / 6);
    assert_true(calibration_p_value(&calibration, -100) == 1.0);
}

static void finds_the_smallest_score_of_a_p_value(void **state)
{
    (void)state;
    static const int32_t scores[] = {-5, 0, 3, 3, 9};
    struct text AUTO(text_done) text = text_of_limit(1024);
    struct calibration calibration = calibration_of(&text, scores, 5);
    for (int sixths = 1; sixths <= 6; sixths++) {
        double p = sixths / 6.0;
        int32_t threshold = 0;
        assert_ok(calibration_threshold(&calibration, p, &threshold));
        assert_true(calibration_p_value(&calibration, threshold) <= p);
        assert_true(threshold == INT32_MIN + 1 || threshold == INT32_MIN ||
                    calibration_p_value(&calibration, threshold - 1) > p);
    }
}

static void claims_nothing_from_too_few(void **state)
{
    (void)state;
    static const int32_t scores[] = {1, 2};
    struct text AUTO(text_done) text = text_of_limit(1024);
    struct calibration calibration = calibration_of(&text, scores, 2);
    int32_t threshold = 77;
    assert_status(calibration_threshold(&calibration, 0.3, &threshold), STATUS_NOT_FOUND);
    struct calibration none = {0};
    assert_status(calibration_threshold(&none, 0.5, &threshold), STATUS_NOT_FOUND);
    assert_true(calibration_p_value(&none, 5) == 1.0);
}

static void refuses_scores_out_of_order(void **state)
{
    (void)state;
    struct text AUTO(text_done) text = text_of_limit(1024);
    struct calibration calibration;
    pack_u32(&text, 2);
    pack_u32(&text, 1);
    assert_status(calibration_read(text_bytes(&text), &calibration), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_those_that_score_as_high_and_one_more),
        cmocka_unit_test(finds_the_smallest_score_of_a_p_value),
        cmocka_unit_test(claims_nothing_from_too_few),
        cmocka_unit_test(refuses_scores_out_of_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
