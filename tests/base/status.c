#include "base/budget.h"

#include <string.h>

#include "check.h"

static void every_status_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (unsigned i = 0; i < STATUS_COUNT; i++) {
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(status_name((enum status)i), status_name((enum status)j));
        }
        assert_string_not_equal(status_name((enum status)i), status_name(STATUS_COUNT));
    }
}

static void a_budget_is_spent_once_and_for_all(void **state)
{
    (void)state;
    struct budget budget = budget_of(10);
    assert_true(budget_spend(&budget, 4));
    assert_true(budget_spend(&budget, 6));
    assert_false(budget.is_spent);
    assert_false(budget_spend(&budget, 1));
    assert_false(budget_spend(&budget, 0));
    struct budget large = budget_of(10);
    assert_false(budget_spend(&large, UINT64_MAX));
    assert_false(budget_spend(&large, 1));
}

static enum status pass_on(enum status status, bool *reached)
{
    TRY(status);
    *reached = true;
    return STATUS_OK;
}

static void trying_returns_the_first_failure(void **state)
{
    (void)state;
    bool reached = false;
    assert_status(pass_on(STATUS_DENIED, &reached), STATUS_DENIED);
    assert_false(reached);
    assert_ok(pass_on(STATUS_OK, &reached));
    assert_true(reached);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status_has_a_name_of_its_own),
        cmocka_unit_test(a_budget_is_spent_once_and_for_all),
        cmocka_unit_test(trying_returns_the_first_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
