#include "record/entity.h"

#include "check.h"

static const struct entity several[] = {
    {ENTITY_ACCOUNT, ROLE_ACCOUNT, BYTES_LITERAL("deploy")},
    {ENTITY_ADDRESS, ROLE_VICTIM, BYTES_LITERAL("10.0.0.5")},
    {ENTITY_ADDRESS, ROLE_SOURCE, BYTES_LITERAL("203.0.113.7")},
};

static void words_are_found_again(void **state)
{
    (void)state;
    for (unsigned i = 0; i < ENTITY_KIND_COUNT; i++) {
        assert_int_equal(entity_kind_find(bytes_of_text(entity_kind_name((enum entity_kind)i))),
                         i);
    }
    for (unsigned i = 0; i < ROLE_COUNT; i++) {
        assert_int_equal(entity_role_find(bytes_of_text(entity_role_name((enum entity_role)i))),
                         i);
    }
    assert_int_equal(entity_kind_find(bytes_of_text("person")), ENTITY_KIND_COUNT);
    assert_int_equal(entity_role_find(BYTES_NONE), ROLE_COUNT);
}

static void the_same_thing_in_another_role_is_the_same(void **state)
{
    (void)state;
    struct entity other = several[2];
    other.role = ROLE_CONTROLLER;
    assert_true(entity_same(&several[2], &other));
    other.kind = ENTITY_NAME;
    assert_false(entity_same(&several[2], &other));
    assert_false(entity_same(&several[1], &several[2]));
}

static void finds_by_kind_and_role(void **state)
{
    (void)state;
    assert_ptr_equal(entity_find(several, 3, ENTITY_ADDRESS, ROLE_SOURCE), &several[2]);
    assert_ptr_equal(entity_find(several, 3, ENTITY_ADDRESS, ROLE_COUNT), &several[1]);
    assert_null(entity_find(several, 3, ENTITY_ACCOUNT, ROLE_SOURCE));
    assert_null(entity_find(several, 2, ENTITY_ADDRESS, ROLE_SOURCE));
    assert_null(entity_find(NULL, 0, ENTITY_ADDRESS, ROLE_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_found_again),
        cmocka_unit_test(the_same_thing_in_another_role_is_the_same),
        cmocka_unit_test(finds_by_kind_and_role),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
