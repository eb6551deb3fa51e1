#include "explain/recognise.h"

#include "explain/pasted.h"

static void names_are_known_by_number_and_by_name(void **state)
{
    (void)state;
    assert_explains("T1110", "T1110 is Brute Force, a technique");
    assert_explains("brute force", "What it is for: Credential Access.");
    assert_explains("ta0006", "TA0006 is Credential Access, a tactic");
    assert_explains(" Beacon ", "beacon: asks again and again.");
    assert_explains("cve-2021-44228", "a weakness of Apache Log4j2");
    assert_explains("CVE-1999-99999", "not among those that CISA listed");
}

static void a_program_is_told_as_a_program(void **state)
{
    (void)state;
    assert_explains("find", "find lists files that meet conditions.");
    assert_explains("T9999", "T9999 is not known here");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_known_by_number_and_by_name),
        cmocka_unit_test(a_program_is_told_as_a_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
