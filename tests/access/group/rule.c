#include "access/group/rule.h"

#include <string.h>

#include "check.h"

static void every_rule_says_why_and_what_would_change_it(void **state)
{
    (void)state;
    for (unsigned i = 0; i < GROUP_RULE_COUNT; i++) {
        struct access_refusal refusal = group_rule_refusal((enum group_rule)i);
        assert_non_null(refusal.rule);
        assert_non_null(refusal.because);
        assert_non_null(refusal.what_would_change_it);
        assert_non_null(refusal.appeal);
        assert_true(strlen(refusal.rule) <= AUDIT_WORD_MAX);
        for (unsigned j = 0; j < i; j++) {
            assert_string_not_equal(refusal.rule, group_rule_refusal((enum group_rule)j).rule);
        }
    }
}

/* What each is for is written down here a second time. */
static void each_rule_has_the_name_and_reason_that_were_published(void **state)
{
    (void)state;
    static const struct {
        enum group_rule rule;
        const char *name;
        enum access_reason reason;
    } cases[] = {
        {GROUP_FOUNDED_ONCE, "a-home-is-one-groups", REASON_PROHIBITED},
        {GROUP_OFFICERS_DIFFER, "two-officers-of-two-roles", REASON_PROHIBITED},
        {GROUP_OFFICERS_STAND_APART, "officers-have-keys-of-their-own", REASON_PROHIBITED},
        {GROUP_IS_FOUNDED, "only-a-group-takes-in", REASON_NOT_ENTITLED},
        {GROUP_CARD_IS_THE_LATEST, "a-card-is-not-replaced-by-an-older-one", REASON_EXPIRED},
        {GROUP_IS_THE_ONE_NAMED, "what-is-for-one-group-counts-there-alone",
         REASON_OUT_OF_SCOPE},
        {GROUP_NAME_IS_ONE_MEMBERS, "a-name-is-one-members", REASON_PROHIBITED},
        {GROUP_FACTS_ARE_UNDERSTOOD, "facts-are-taken-in-when-understood", REASON_NOT_ENTITLED},
        {GROUP_FACTS_ARE_ABOUT_THE_MEMBER, "facts-are-about-who-enrols", REASON_OUT_OF_SCOPE},
        {GROUP_VOUCHES_ARE_SIGNED, "who-vouches-signs", REASON_NOT_ENTITLED},
        {GROUP_MEMBERS_VOUCH, "only-members-vouch", REASON_NOT_ENTITLED},
        {GROUP_NOBODY_VOUCHES_FOR_ONESELF, "nobody-vouches-for-oneself", REASON_PROHIBITED},
        {GROUP_VOUCHES_ARE_FOR_THE_ENROLLED, "a-vouch-is-for-one-enrolment",
         REASON_OUT_OF_SCOPE},
        {GROUP_VOUCHES_COUNT_ONCE, "a-member-vouches-once", REASON_PROHIBITED},
        {GROUP_CARD_IS_THE_KNOWN_ONE, "a-changed-card-is-signed-by-two-officers",
         REASON_NOT_ENTITLED},
        {GROUP_ENROLMENT_IS_THE_LATEST, "an-enrolment-is-not-replaced-by-an-older-one",
         REASON_EXPIRED},
        {GROUP_WORDS_ARE_RECENT, "what-is-asked-is-asked-now", REASON_EXPIRED},
        {GROUP_MEMBERS_KEEP_THEIR_NAMES, "a-member-keeps-its-name", REASON_PROHIBITED},
        {GROUP_WITNESSES_STAND_APART, "most-of-the-witnesses-and-none-of-us",
         REASON_PROHIBITED},
    };
    AUTO(text_done) struct text policy = text_of_limit(8192);
    access_add_policy(&policy);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct access_refusal refusal = group_rule_refusal(cases[i].rule);
        assert_string_equal(refusal.rule, cases[i].name);
        assert_int_equal(refusal.reason, cases[i].reason);
        AUTO(text_done) struct text line = text_of_limit(256);
        text_addf(&line, "\n%s refuses %s in a group\n", cases[i].name,
                  access_reason_name(cases[i].reason));
        assert_non_null(strstr(text_terminated(&policy), text_terminated(&line)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_says_why_and_what_would_change_it),
        cmocka_unit_test(each_rule_has_the_name_and_reason_that_were_published),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
