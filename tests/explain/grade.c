#include "explain/grade.h"

#include <math.h>

#include "check.h"

static struct grade grade_of(const char *text)
{
    struct grade grade = {0};
    grade_add(&grade, bytes_of_text(text));
    return grade;
}

static void assert_counts(const char *text, uint64_t sentences, uint64_t words,
                          uint64_t syllables)
{
    struct grade grade = grade_of(text);
    if (grade.sentences != sentences || grade.words != words || grade.syllables != syllables) {
        fail_msg("%s: %d %d %d", text, (int)grade.sentences, (int)grade.words,
                 (int)grade.syllables);
    }
}

static void sentences_words_and_syllables_are_counted(void **state)
{
    (void)state;
    assert_counts("", 0, 0, 0);
    assert_counts("The cat sat.", 1, 3, 3);
    assert_counts("The machine was entered. Was it? Yes!", 3, 7, 10);
    assert_counts("A table, a list: two parts", 2, 6, 7);
    assert_counts("no stop at the end", 1, 5, 5);
    assert_counts("  ... ", 0, 0, 0);
}

static void a_silent_e_is_no_syllable(void **state)
{
    (void)state;
    assert_counts("time", 1, 1, 1);
    assert_counts("table", 1, 1, 2);
    assert_counts("free", 1, 1, 1);
    assert_counts("the", 1, 1, 1);
    assert_counts("rhythm", 1, 1, 1);
    assert_counts("nth", 1, 1, 1);
}

static void names_and_numbers_count_as_one(void **state)
{
    (void)state;
    assert_counts("198.51.100[.]9 called web01-intranet-operations", 1, 3, 4);
    assert_counts("it's \"deploy\"", 1, 2, 3);
}

static void the_grade_is_flesch_and_kincaids(void **state)
{
    (void)state;
    struct grade grade = {.sentences = 2, .words = 20, .syllables = 30};
    double expected = 0.39 * 10 + 11.8 * 1.5 - 15.59;
    assert_true(fabs(grade_value(&grade) - expected) < 1e-9);
    struct grade none = {0};
    assert_true(grade_value(&none) == 0);
    struct grade easy = {.sentences = 5, .words = 5, .syllables = 5};
    assert_true(grade_value(&easy) == 0); /* never below */
}

static void hard_prose_has_a_higher_grade(void **state)
{
    (void)state;
    struct grade easy = grade_of("Someone got in. They used a word that they had found out.");
    struct grade hard =
        grade_of("Unauthenticated adversarial infrastructure facilitated persistent "
                 "exfiltration of organisational information assets.");
    assert_true(grade_value(&easy) < 4);
    assert_true(grade_value(&hard) > 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_words_and_syllables_are_counted),
        cmocka_unit_test(a_silent_e_is_no_syllable),
        cmocka_unit_test(names_and_numbers_count_as_one),
        cmocka_unit_test(the_grade_is_flesch_and_kincaids),
        cmocka_unit_test(hard_prose_has_a_higher_grade),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
