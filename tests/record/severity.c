#include "record/severity.h"

#include "check.h"

static void a_verdict_follows_from_severity_and_confidence(void **state)
{
    (void)state;
    static const struct {
        enum severity severity;
        double confidence;
        enum verdict verdict;
    } cases[] = {
        {SEVERITY_INFO, 1, VERDICT_NOTHING_FOUND},
        {SEVERITY_LOW, 1, VERDICT_NOTHING_FOUND},
        {SEVERITY_MEDIUM, 0.1, VERDICT_SUSPICIOUS},
        {SEVERITY_MEDIUM, 1, VERDICT_SUSPICIOUS},
        {SEVERITY_HIGH, 0.89, VERDICT_SUSPICIOUS},
        {SEVERITY_HIGH, 0.9, VERDICT_MALICIOUS},
        {SEVERITY_CRITICAL, 0.89, VERDICT_SUSPICIOUS},
        {SEVERITY_CRITICAL, 1, VERDICT_MALICIOUS},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(verdict_of(cases[i].severity, cases[i].confidence), cases[i].verdict);
    }
}

static void words_are_found_again(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SEVERITY_COUNT; i++) {
        assert_int_equal(severity_find(bytes_of_text(severity_name((enum severity)i))), i);
    }
    for (unsigned i = 0; i < VERDICT_COUNT; i++) {
        assert_int_equal(verdict_find(bytes_of_text(verdict_name((enum verdict)i))), i);
    }
    assert_int_equal(severity_find(bytes_of_text("High")), SEVERITY_COUNT);
    assert_int_equal(verdict_find(bytes_of_text("safe")), VERDICT_COUNT);
    assert_int_equal(verdict_find(BYTES_NONE), VERDICT_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_verdict_follows_from_severity_and_confidence),
        cmocka_unit_test(words_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
