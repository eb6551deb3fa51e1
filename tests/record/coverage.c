#include "record/coverage.h"

#include <stdio.h>

#include "check.h"
#include "make/artifact.h"

struct fixture {
    struct arena *arena;
    struct coverage coverage;
};

static int begin(void **state)
{
    static struct fixture fixture;
    fixture.arena = arena_new(1 << 20);
    coverage_init(&fixture.coverage, fixture.arena);
    *state = &fixture;
    return 0;
}

static int end(void **state)
{
    struct fixture *fixture = *state;
    arena_done(&fixture->arena);
    return 0;
}

static void begins_with_the_evidence_as_its_only_member(void **state)
{
    struct coverage *coverage = &((struct fixture *)*state)->coverage;
    assert_int_equal(coverage->member_count, 1);
    assert_int_equal(coverage->members[0].size, 0);
    assert_int_equal(coverage->examined, EXAMINED_NO);
    assert_string_equal(examined_name(coverage->examined), "no");
    assert_string_equal(examined_name(EXAMINED_PARTLY), "partly");
    assert_string_equal(examined_name(EXAMINED_WHOLE), "whole");
}

static void counts_add_up_by_name(void **state)
{
    struct coverage *coverage = &((struct fixture *)*state)->coverage;
    coverage_count_add(coverage, "lines", 2);
    coverage_count_add(coverage, "events", 1);
    coverage_count_add(coverage, "lines", 3);
    assert_int_equal(coverage_count_get(coverage, "lines"), 5);
    assert_int_equal(coverage_count_get(coverage, "events"), 1);
    assert_int_equal(coverage_count_get(coverage, "packets"), 0);
    coverage_count_add(coverage, "lines", UINT64_MAX);
    assert_true(coverage_count_get(coverage, "lines") == UINT64_MAX);
}

static void anomalies_of_a_kind_are_one_with_the_first_place(void **state)
{
    struct coverage *coverage = &((struct fixture *)*state)->coverage;
    coverage_anomaly(coverage, "a damaged line", place_line(0, 7));
    coverage_anomaly(coverage, "a damaged line", place_line(0, 9));
    assert_int_equal(coverage->anomaly_count, 1);
    assert_int_equal(coverage->anomalies[0].count, 2);
    assert_int_equal(coverage->anomalies[0].place.first, 7);
}

static void what_exceeds_the_limits_is_counted(void **state)
{
    struct coverage *coverage = &((struct fixture *)*state)->coverage;
    static char names[COVERAGE_HOSTS_MAX + 5][16];
    for (size_t i = 0; i < COVERAGE_HOSTS_MAX + 5; i++) {
        snprintf(names[i], sizeof names[i], "host-%zu", i);
        coverage_host(coverage, bytes_of_text(names[i]));
        coverage_host(coverage, bytes_of_text(names[0]));
        coverage_anomaly(coverage, names[i], place_line(0, i));
    }
    assert_int_equal(coverage->host_count, COVERAGE_HOSTS_MAX);
    assert_int_equal(coverage->hosts_dropped, 5);
    assert_int_equal(coverage->anomaly_count, COVERAGE_ANOMALIES_MAX);
    assert_int_equal(coverage->anomalies_dropped,
                     COVERAGE_HOSTS_MAX + 5 - COVERAGE_ANOMALIES_MAX);
}

static void a_long_host_name_is_cut(void **state)
{
    struct coverage *coverage = &((struct fixture *)*state)->coverage;
    AUTO(text_done) struct text name = text_of_limit(10000);
    text_add_repeat(&name, "h", 5000);
    coverage_host(coverage, text_bytes(&name));
    coverage_host(coverage, text_bytes(&name));
    assert_int_equal(coverage->host_count, 1);
    assert_int_equal(coverage->hosts[0].size, COVERAGE_HOST_SIZE_MAX);
}

static void times_widen_and_unknown_ones_do_not(void **state)
{
    struct coverage *coverage = &((struct fixture *)*state)->coverage;
    coverage_time(coverage, (struct moment){0});
    assert_false(coverage->first.is_known);
    coverage_time(coverage, moment_of_unix(50, 0));
    coverage_time(coverage, moment_of_unix(20, 0));
    coverage_time(coverage, moment_of_unix(30, 0));
    coverage_time(coverage, (struct moment){0});
    assert_int_equal(moment_compare(coverage->first, moment_of_unix(20, 0)), 0);
    assert_int_equal(moment_compare(coverage->last, moment_of_unix(50, 0)), 0);
}

static void members_are_named_by_the_way_to_them(void **state)
{
    struct coverage *coverage = &((struct fixture *)*state)->coverage;
    uint32_t outer = 0;
    uint32_t inner = 0;
    assert_ok(coverage_member(coverage, 0, bytes_of_text("in voice.tar"), &outer));
    assert_ok(coverage_member(coverage, outer, bytes_of_text("a!/b"), &inner));
    assert_int_equal(outer, 1);
    assert_int_equal(inner, 2);
    assert_bytes(coverage->members[outer], "in%20voice.tar");
    assert_bytes(coverage->members[inner], "in%20voice.tar!/a%21/b");
    assert_status(coverage_member(coverage, 3, bytes_of_text("x"), &inner), STATUS_LIMIT);
    assert_int_equal(inner, 2);
}

static void too_many_members_are_a_limit(void **state)
{
    struct coverage *coverage = &((struct fixture *)*state)->coverage;
    uint32_t member = 0;
    for (size_t i = 1; i < COVERAGE_MEMBERS_MAX; i++) {
        assert_ok(coverage_member(coverage, 0, bytes_of_text("x"), &member));
    }
    assert_status(coverage_member(coverage, 0, bytes_of_text("x"), &member), STATUS_LIMIT);
    assert_int_equal(member, COVERAGE_MEMBERS_MAX - 1);
}

static void carry(struct coverage *coverage, const char *name, bool is_notable)
{
    struct artifact artifact = make_artifact(name);
    artifact.is_notable = is_notable;
    coverage_carried(coverage, 0, artifact.name, &artifact, moment_of_unix(1, 0));
}

static void carried_files_are_listed_and_pages_come_last(void **state)
{
    struct coverage *coverage = &((struct fixture *)*state)->coverage;
    carry(coverage, "page", false);
    carry(coverage, "one", true);
    carry(coverage, "picture", false);
    carry(coverage, "two", true);
    static const char *const names[] = {"one", "two", "page", "picture"};
    assert_int_equal(coverage->carried_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_bytes(coverage->carried[i].name, names[i]);
        assert_bytes(coverage->carried[i].path, names[i]);
    }
    assert_int_equal(coverage->carried_dropped, 0);
}

static void a_carried_file_is_named_by_the_way_to_it(void **state)
{
    struct coverage *coverage = &((struct fixture *)*state)->coverage;
    uint32_t member = 0;
    assert_ok(coverage_member(coverage, 0, bytes_of_text("c.pcap"), &member));
    struct artifact artifact = make_artifact("a b");
    coverage_carried(coverage, member, bytes_of_text("flow-1/1-a b"), &artifact,
                     moment_of_unix(1, 0));
    assert_bytes(coverage->carried[0].path, "c.pcap!/flow-1/1-a%20b");
    coverage_carried(coverage, member + 1, bytes_of_text("x"), &artifact, moment_of_unix(1, 0));
    assert_int_equal(coverage->carried_count, 1);
    assert_int_equal(coverage->carried_dropped, 1);
}

/* However many pages passed, what is more than a page is listed; and all are counted. */
static void a_program_takes_the_row_of_a_page(void **state)
{
    struct coverage *coverage = &((struct fixture *)*state)->coverage;
    for (size_t i = 0; i < CARRIED_MAX + 3; i++) {
        assert_int_equal(coverage_has_row(coverage, false), i < CARRIED_MAX);
        carry(coverage, i == 0 ? "first" : "page", false);
    }
    assert_int_equal(coverage->carried_dropped, 3);
    carry(coverage, "tool", true);
    assert_int_equal(coverage->carried_count, CARRIED_MAX);
    assert_int_equal(coverage->carried_dropped, 4);
    assert_bytes(coverage->carried[0].name, "tool");
    assert_bytes(coverage->carried[1].name, "first");
    for (size_t i = 0; i < CARRIED_MAX; i++) {
        assert_int_equal(coverage_has_row(coverage, true), i < CARRIED_MAX - 1);
        carry(coverage, "more", true);
    }
    assert_int_equal(coverage->carried_count, CARRIED_MAX);
    assert_int_equal(coverage->carried_dropped, CARRIED_MAX + 4);
    assert_bytes(coverage->carried[0].name, "tool");
    assert_bytes(coverage->carried[CARRIED_MAX - 1].name, "more");
}

static void what_was_not_hashed_has_no_row(void **state)
{
    struct coverage *coverage = &((struct fixture *)*state)->coverage;
    struct artifact artifact = make_artifact("tool");
    artifact.is_hashed = false;
    coverage_carried(coverage, 0, artifact.name, &artifact, moment_of_unix(1, 0));
    assert_int_equal(coverage->carried_count, 0);
    assert_int_equal(coverage->carried_dropped, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(begins_with_the_evidence_as_its_only_member),
        TEST(counts_add_up_by_name),
        TEST(anomalies_of_a_kind_are_one_with_the_first_place),
        TEST(what_exceeds_the_limits_is_counted),
        TEST(a_long_host_name_is_cut),
        TEST(times_widen_and_unknown_ones_do_not),
        TEST(members_are_named_by_the_way_to_them),
        TEST(too_many_members_are_a_limit),
        TEST(carried_files_are_listed_and_pages_come_last),
        TEST(a_carried_file_is_named_by_the_way_to_it),
        TEST(a_program_takes_the_row_of_a_page),
        TEST(what_was_not_hashed_has_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
