#include "train/sketch.h"

#include "check.h"

static unsigned agreement(const char *a, const char *b)
{
    struct sketch first;
    struct sketch second;
    sketch_make(bytes_of_text(a), &first);
    sketch_make(bytes_of_text(b), &second);
    return sketch_agreement(&first, &second);
}

static void sees_no_difference_in_case_digits_and_space(void **state)
{
    (void)state;
    assert_int_equal(agreement("Copy  a file\tto host 10", " copy a file to HOST 77\n"),
                     SKETCH_SIZE);
}

static void tells_other_texts_apart(void **state)
{
    (void)state;
    assert_true(agreement("restart the web server of the town hall",
                          "list every printer that has paper left") < SKETCH_SIZE / 4);
}

static void takes_texts_shorter_than_a_shingle(void **state)
{
    (void)state;
    assert_int_equal(agreement("ls", "LS"), SKETCH_SIZE);
    assert_true(agreement("ls", "cp") < SKETCH_SIZE);
    assert_int_equal(agreement("", " \n"), SKETCH_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_no_difference_in_case_digits_and_space),
        cmocka_unit_test(tells_other_texts_apart),
        cmocka_unit_test(takes_texts_shorter_than_a_shingle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
