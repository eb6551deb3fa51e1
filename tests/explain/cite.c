#include "explain/cite.h"

#include "check.h"

static void names_the_text_or_one_of_its_views(void **state)
{
    (void)state;
    struct basis basis = {0};
    cite_text(&basis, 0, 3, 4);
    cite_text(&basis, 2, 0, 0);
    assert_int_equal(basis.count, 2);
    assert_true(bytes_equal_text(basis.cites[0].subject, "text"));
    assert_int_equal(basis.cites[0].place.first, 3);
    assert_int_equal(basis.cites[0].place.last, 4);
    assert_true(bytes_equal_text(basis.cites[1].subject, "text!/decoded-2"));
}

static void names_that_cannot_stand_in_a_citation_are_left_out(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1U << 16);
    struct basis basis = {0};
    assert_ok(cite_knowledge(&basis, arena, "known:program/", bytes_of_text("ls")));
    assert_ok(cite_knowledge(&basis, arena, "known:program/", bytes_of_text("a b]")));
    assert_true(bytes_equal_text(basis.cites[0].subject, "known:program/ls"));
    assert_true(bytes_equal_text(basis.cites[1].subject, "known:program/%"));
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_text_or_one_of_its_views),
        cmocka_unit_test(names_that_cannot_stand_in_a_citation_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
