#include "access/eligibility.h"

#include <fcntl.h>

#include "access/grant/print.h"
#include "access/grant/source.h"
#include "base/file.h"
#include "check.h"

#define MEMORY (64U << 20)

/* Everything that tier 2 asks for, each criterion by one way alone. */
static const char *const whole[] = {
    "subject(\"amira\");\n",
    "answers_for(\"amira\", \"hospital.example\", \"staff register 17\");\n",
    "identity_proofed(\"amira\", \"attended\", \"protocol 4\");\n",
    "domain_controlled(\"hospital.example\", \"hospital.example\", \"DNS, March\");\n",
    "key_bound(\"amira\", \"phishing-resistant\", \"enrolment 9\");\n",
    "critical_service(\"hospital.example\", \"emergency care\", \"register of operators\");\n",
    "organisation_confirmed(\"hospital.example\", \"call to the switchboard\");\n",
    "authority_written(\"amira\", \"hospital.example\", \"letter 12\");\n",
    "assets_listed(\"hospital.example\", \"list 3\");\n",
};
#define FACT_COUNT (sizeof whole / sizeof whole[0])

static struct text read_policy(void)
{
    struct text policy = text_of_limit(SOURCE_SIZE_MAX);
    AUTO(file_done) int fd = open("content/policy.datalog", O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_ok(file_read(fd, &policy));
    return policy;
}

static struct eligibility found(struct arena *arena, struct bytes facts)
{
    static struct eligibility out;
    struct eligibility_fault fault = {0};
    /* Kept by the arena, because what is found borrows from it. */
    AUTO(text_done) struct text text = read_policy();
    struct bytes policy;
    struct bytes copy;
    assert_ok(arena_copy(arena, text_bytes(&text), &policy));
    assert_ok(arena_copy(arena, facts, &copy));
    enum status status = eligibility_find(policy, copy, arena, &out, &fault);
    if (status != STATUS_OK) {
        print_message("%s at %u\n", fault.fault.what, (unsigned)fault.fault.offset);
    }
    assert_ok(status);
    return out;
}

/* All facts but one, with another in its place. */
static struct eligibility without(struct arena *arena, size_t missing, const char *instead)
{
    AUTO(text_done) struct text facts = text_of_limit(SOURCE_SIZE_MAX);
    for (size_t i = 0; i < FACT_COUNT; i++) {
        text_add(&facts, i == missing ? instead : whole[i]);
    }
    return found(arena, text_bytes(&facts));
}

static bool is_met(const struct eligibility *eligibility, const char *criterion)
{
    for (size_t i = 0; i < eligibility->criterion_count; i++) {
        if (bytes_equal_text(eligibility->criteria[i].name, criterion)) {
            return eligibility->criteria[i].is_met;
        }
    }
    fail_msg("the policy has no criterion %s", criterion);
    return false;
}

static size_t met_count(const struct eligibility *eligibility)
{
    size_t count = 0;
    for (size_t i = 0; i < eligibility->criterion_count; i++) {
        count += eligibility->criteria[i].is_met;
    }
    return count;
}

static void everything_together_makes_tier_2(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    struct eligibility all = without(arena, FACT_COUNT, "");
    assert_int_equal(all.tier, 2);
    assert_bytes(all.tier_name, "critical defender");
    assert_bytes(all.subject, "amira");
    assert_int_equal(all.criterion_count, 9);
    assert_int_equal(met_count(&all), 9);
    assert_int_equal(all.unread_count, 0);
}

static void each_fact_that_is_missing_takes_its_criterion_away(void **state)
{
    (void)state;
    static const struct {
        size_t fact;
        int64_t tier;
        const char *criterion;
        size_t met; /* of the nine */
    } cases[] = {
        {1, 0, "answerable", 3}, {2, 0, "identity", 7},         {3, 0, "affiliation", 8},
        {4, 0, "key", 8},        {5, 1, "critical service", 8}, {6, 1, "confirmed", 8},
        {7, 1, "authority", 8},  {8, 1, "assets", 8},
    };
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct eligibility less = without(arena, cases[i].fact, "");
        assert_int_equal(less.tier, cases[i].tier);
        assert_false(is_met(&less, cases[i].criterion));
        assert_int_equal(met_count(&less), cases[i].met);
    }
}

static void other_ways_meet_a_criterion_too(void **state)
{
    (void)state;
    static const char vouched[] = "member(\"lena\"); member(\"omar\");"
                                  "vouched(\"amira\", \"lena\", \"letter 1\");"
                                  "vouched(\"amira\", \"omar\", \"letter 2\");";
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    assert_int_equal(without(arena, 2, vouched).tier, 2);
    assert_int_equal(
        without(arena, 3, "disclosure(\"amira\", \"ADV-2026-1\", \"the vendor's page\");").tier,
        2);
    /* Proofed at a distance is enough for tier 1 alone. */
    struct eligibility remote =
        without(arena, 2, "identity_proofed(\"amira\", \"remote\", \"session 8\");");
    assert_int_equal(remote.tier, 1);
    assert_bytes(remote.tier_name, "verified defender");
    assert_true(is_met(&remote, "identity"));
    assert_false(is_met(&remote, "in person"));
}

static void what_is_not_quite_it_counts_for_nothing(void **state)
{
    (void)state;
    static const struct {
        size_t fact;
        const char *instead;
        int64_t tier;
    } cases[] = {
        {2,
         "member(\"lena\"); vouched(\"amira\", \"lena\", \"letter 1\");"
         "vouched(\"amira\", \"lena\", \"letter 2\");",
         0}, /* one member twice */
        {2,
         "member(\"lena\"); vouched(\"amira\", \"lena\", \"letter 1\");"
         "vouched(\"amira\", \"omar\", \"letter 2\");",
         0}, /* one of them is no member */
        {2,
         "member(\"lena\"); member(\"amira\"); vouched(\"amira\", \"lena\", \"letter 1\");"
         "vouched(\"amira\", \"amira\", \"letter 2\");",
         0}, /* one of them is the person */
        {2, "identity_proofed(\"amira\", \"attended\", \"\");", 0}, /* no source */
        {2, "identity_proofed(\"amira\", \"attended\", 7);", 0},    /* no text */
        {2, "identity_proofed(\"amira\", \"somehow\", \"x\");", 0}, /* no way we know */
        {2, "identity_proofed(\"amira\", null, \"x\");", 0},
        {2, "identity_proofed(\"amira\", [\"attended\"], \"x\");", 0},
        {2, "identity_proofed(\"lena\", \"attended\", \"x\");", 0}, /* of another person */
        {4, "key_bound(\"amira\", \"password\", \"enrolment\");", 0},
        {8, "assets_listed(\"other.example\", \"list\");", 1}, /* of another organisation */
        {7, "authority_written(\"amira\", \"other.example\", \"letter\");", 1},
    };
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(without(arena, cases[i].fact, cases[i].instead).tier, cases[i].tier);
    }
}

static void refuses_facts_that_decide_for_themselves(void **state)
{
    (void)state;
    static const struct {
        const char *facts;
        const char *why;
    } cases[] = {
        {"subject(\"amira\"); tier(\"amira\", 2);",
         "a fact claims what only the policy concludes"},
        {"subject(\"amira\"); met(\"key\", \"amira\");",
         "a fact claims what only the policy concludes"},
        {"subject(\"amira\"); vouched_twice(\"amira\");",
         "a fact claims what only the policy concludes"},
        {"subject(\"amira\"); criterion(1, \"a\", \"b\", \"c\");",
         "a fact claims what only the policy concludes"},
        {"member(\"amira\");", "the facts need exactly one subject(\"NAME\")"},
        {"subject(\"amira\"); subject(\"lena\");",
         "the facts need exactly one subject(\"NAME\")"},
        {"subject(7);", "subject(...) is not a name"},
        {"tier($x, 2) <- subject($x);", "a fact has at least one term and no variable"},
        {"allow if true;", "a fact is expected here"},
    };
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    AUTO(text_done) struct text policy = read_policy();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct eligibility out;
        struct eligibility_fault fault;
        assert_status(eligibility_find(text_bytes(&policy), bytes_of_text(cases[i].facts),
                                       arena, &out, &fault),
                      STATUS_MALFORMED);
        assert_false(fault.is_of_policy);
        assert_string_equal(fault.fault.what, cases[i].why);
    }
}

static void names_facts_that_no_rule_reads(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    struct eligibility misspelt =
        without(arena, 8, "asset_listed(\"hospital.example\", \"l\"); key_bound(\"amira\");");
    assert_int_equal(misspelt.unread_count, 2);
    assert_bytes(misspelt.unread[0].fact->name, "asset_listed");
    assert_bytes(misspelt.unread[1].fact->name, "key_bound");
}

/* So that no reader has to guess what would meet a criterion. */
static void every_criterion_has_a_rule(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    struct eligibility all = without(arena, FACT_COUNT, "");
    for (size_t i = 0; i < all.criterion_count; i++) {
        uint32_t index = 0;
        assert_non_null(eligibility_rule(&all, all.criteria[i].name, &index));
        assert_true(all.criteria[i].what.size > 0 && all.criteria[i].fix.size > 0);
    }
}

static void says_where_a_policy_is_wrong(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    struct eligibility out;
    struct eligibility_fault fault;
    struct bytes facts = bytes_of_text("subject(\"amira\");");
    assert_status(eligibility_find(bytes_of_text("a(1);\nb("), facts, arena, &out, &fault),
                  STATUS_MALFORMED);
    assert_true(fault.is_of_policy && fault.is_placed);
    assert_status(eligibility_find(bytes_of_text("a(1);"), facts, arena, &out, &fault),
                  STATUS_MALFORMED);
    assert_string_equal(fault.fault.what, "the policy has no criterion(...)");
    assert_status(
        eligibility_find(bytes_of_text("criterion(1, 2, 3, 4);"), facts, arena, &out, &fault),
        STATUS_MALFORMED);
    assert_true(fault.is_of_policy);
    assert_status(
        eligibility_find(
            bytes_of_text(
                "criterion(1, \"a\", \"b\", \"c\"); f($x) <- subject($x), 1 / 0 > 1;"),
            facts, arena, &out, &fault),
        STATUS_MALFORMED);
    assert_string_equal(fault.fault.what, "DivideByZero");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_together_makes_tier_2),
        cmocka_unit_test(each_fact_that_is_missing_takes_its_criterion_away),
        cmocka_unit_test(other_ways_meet_a_criterion_too),
        cmocka_unit_test(what_is_not_quite_it_counts_for_nothing),
        cmocka_unit_test(refuses_facts_that_decide_for_themselves),
        cmocka_unit_test(names_facts_that_no_rule_reads),
        cmocka_unit_test(every_criterion_has_a_rule),
        cmocka_unit_test(says_where_a_policy_is_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
