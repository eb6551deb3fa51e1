#include "access/group/member_name.h"

#include "check.h"

static void names_that_differ_by_case_are_alike(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        bool is_alike;
    } cases[] = {
        {"A Hospital", "a hospital", true},
        {"a.b+c(d)[e]$", "A.B+C(D)[E]$", true},
        {"H\xc3\xb4pital", "H\xc3\x94PITAL", true},
        {"\xd0\x9c\xd0\x98\xd0\xa0", "\xd0\xbc\xd0\xb8\xd1\x80", true},
        {"a.b", "axb", false},
        {"a", "ab", false},
        {"ab", "a", false},
        {"a", "xa", false},
        {"A Hospital", "A Hospita1", false},
    };
    AUTO(arena_done) struct arena *arena = arena_new(16U << 20);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(
            member_name_is_alike(arena, bytes_of_text(cases[i].a), bytes_of_text(cases[i].b)),
            cases[i].is_alike);
        assert_int_equal(
            member_name_is_alike(arena, bytes_of_text(cases[i].b), bytes_of_text(cases[i].a)),
            cases[i].is_alike);
    }
}

static void alphabets_that_look_alike_are_not_mixed_unseen(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(16U << 20);
    static const char *const plain[] = {"A Hospital 2", "\xd0\x9c\xd0\xb8\xd1\x80 7",
                                        "\xce\x91\xce\xb2", "H\xc3\xb4pital", "7"};
    static const char *const mixed[] = {"H\xd0\xbespital", "A\xce\xbf"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        assert_false(member_name_mixes_alphabets(arena, bytes_of_text(plain[i])));
    }
    for (size_t i = 0; i < sizeof mixed / sizeof *mixed; i++) {
        assert_true(member_name_mixes_alphabets(arena, bytes_of_text(mixed[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_that_differ_by_case_are_alike),
        cmocka_unit_test(alphabets_that_look_alike_are_not_mixed_unseen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
