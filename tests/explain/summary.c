#include "explain/summary.h"

#include "explain/telling.h"

static void assert_summary(struct matter *matter, const char *expected)
{
    telling_tell(matter);
    assert_told(matter->report.summary, matter->report.summary_count, expected);
    matter_done(matter);
}

static void nothing_found_is_no_proof(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a.log", "system log", NULL, NULL, NULL);
    assert_summary(
        &matter, "| We found nothing in the files that we could read that shows an attack. That"
                 " is no proof that there was none. [coverage:a.log]\n");
}

static void small_things_are_counted(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_find(&matter, "test/small", "", SEVERITY_LOW, 0.3, NULL, NULL, NULL, "3");
    assert_summary(&matter, "| There is one small thing to know about. It is listed below."
                            " [auth.log:3]\n");
    matter_open(&matter);
    matter_guess(&matter, "auth.log", 40);
    matter_find(&matter, "test/small", "", SEVERITY_LOW, 0.3, NULL, NULL, NULL, "3");
    matter_find(&matter, "test/small", "", SEVERITY_LOW, 0.3, NULL, NULL, NULL, "4");
    telling_tell(&matter);
    assert_int_equal(matter.report.summary_count, 1);
    assert_true(bytes_starts(matter.report.summary[0].text, "There are 2 small things"));
    matter_done(&matter);
}

static void what_was_not_or_not_wholly_read_is_counted(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    for (int i = 0; i < 4; i++) {
        static const char *const paths[] = {"a", "b", "c", "d"};
        matter_add(&matter, paths[i], "x", NULL, NULL, NULL)->examination.coverage.examined =
            i < 2 ? EXAMINED_NO : EXAMINED_PARTLY;
    }
    assert_summary(
        &matter, "| We found nothing in the files that we could read that shows an attack. That"
                 " is no proof that there was none. [coverage:c] [coverage:d]\n"
                 "We could read 2 of the files only in part. [coverage:c] [coverage:d]\n"
                 "We could not read 2 of the files, so we say nothing about them."
                 " [coverage:a] [coverage:b]\n");
    matter_open(&matter);
    matter_add(&matter, "a", "x", NULL, NULL, NULL)->examination.coverage.examined =
        EXAMINED_NO;
    matter_add(&matter, "b", "x", NULL, NULL, NULL)->examination.coverage.examined =
        EXAMINED_PARTLY;
    telling_tell(&matter);
    assert_told(matter.report.summary + 1, matter.report.summary_count - 1,
                "We could read one of the files only in part. [coverage:b]\n"
                "We could not read one of the files, so we say nothing about it."
                " [coverage:a]\n");
    matter_done(&matter);
}

static void an_empty_file_says_nothing(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a", "x", NULL, NULL, NULL)->examination.coverage.kind =
        COVERAGE_KIND_EMPTY;
    assert_summary(&matter, "| The file that we could read is empty, so we say nothing about"
                            " it. [coverage:a]\n");
    matter_open(&matter);
    for (int i = 0; i < 2; i++) {
        matter_add(&matter, i == 0 ? "a" : "b", "x", NULL, NULL, NULL)
            ->examination.coverage.kind = COVERAGE_KIND_EMPTY;
    }
    assert_summary(&matter, "| The files that we could read are empty, so we say nothing about"
                            " them. [coverage:a] [coverage:b]\n");
    matter_open(&matter);
    matter_add(&matter, "a", "x", NULL, NULL, NULL)->examination.coverage.kind =
        COVERAGE_KIND_EMPTY;
    matter_add(&matter, "b", "x", NULL, NULL, NULL);
    assert_summary(&matter, "| We found nothing in the files that we could read that shows an"
                            " attack. That is no proof that there was none. [coverage:a]"
                            " [coverage:b]\n");
}

static void where_nothing_was_read_nothing_is_said_to_be_found(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter_add(&matter, "a", "x", NULL, NULL, NULL)->examination.coverage.examined =
        EXAMINED_NO;
    assert_summary(&matter, "| We could not read one of the files, so we say nothing about it."
                            " [coverage:a]\n");
}

static void what_the_owners_scanners_do_is_said_to_count_for_less(void **state)
{
    (void)state;
    struct matter matter;
    matter_open(&matter);
    matter.site.scanners =
        tree_member(telling_yaml(matter.arena, "scanners: [10.0.0.7]\n"), "scanners");
    matter_add(&matter, "x.pcap", "capture", NULL, NULL, NULL);
    matter_find(&matter, "behaviour/port-scan", "T1046", SEVERITY_MEDIUM, 0.9, NULL,
                "address/source=10.0.0.7", NULL, "#600");
    telling_tell(&matter);
    assert_told(
        matter.report.summary + 2, matter.report.summary_count - 2,
        "We rate 1 of what we found lower than we would, because you wrote that your own"
        " scanners do this. [site:scanners] [x.pcap#frame=600]\n");
    matter_done(&matter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_found_is_no_proof),
        cmocka_unit_test(small_things_are_counted),
        cmocka_unit_test(what_was_not_or_not_wholly_read_is_counted),
        cmocka_unit_test(an_empty_file_says_nothing),
        cmocka_unit_test(what_the_owners_scanners_do_is_said_to_count_for_less),
        cmocka_unit_test(where_nothing_was_read_nothing_is_said_to_be_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
