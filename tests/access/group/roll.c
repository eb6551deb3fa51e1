#include "access/group/roll.h"

#include "access/group/paper.h"
#include "check.h"

#include "../scratch.h"
#include "people.h"

/* A group's home, with two officers. */
struct group {
    struct scratch scratch;
    struct access_session session;
    struct identity one;
    struct identity other;
    struct arena *arena;
    struct roll roll;
    struct fault fault;
};

/* What a command does: asks, keeps the paper, records it. */
static void record(struct group *group, const char *operation, struct bytes paper)
{
    struct access_request request = {
        .operation = operation, .class = CLASS_VERIFIED, .audit = AUDIT_CHANGE};
    const struct access_grant *grant = NULL;
    struct access_refusal refusal;
    struct fault fault = {0};
    struct sha256 hash;
    assert_ok(access_decide(&group->session, &request, &grant, &refusal));
    assert_ok(paper_keep(group->session.payloads, paper, &hash));
    assert_ok(access_record(&group->session, grant, STATUS_OK, &hash, &fault));
}

/* In place: the session points into itself. */
static void group_init(struct group *group)
{
    group->scratch = scratch_new();
    group->one = people_new();
    group->other = people_new();
    group->arena = arena_new(ROLL_MEMORY_MAX);
    session_open(group->scratch.home, &group->session);
    assert_true(group->session.has_audit);
}

static void found(struct group *group)
{
    struct sha256 hash;
    assert_ok(paper_keep(group->session.payloads, bytes_of_text("policy"), &hash));
    AUTO(text_done)
    struct text card = people_card(&group->session.identity, 0, "security", &group->one,
                                   "legal", &group->other);
    record(group, ROLL_FOUND, text_bytes(&card));
}

static void group_done(struct group *group)
{
    session_done(&group->session);
    identity_done(&group->one);
    identity_done(&group->other);
    arena_free(group->arena);
    scratch_done(&group->scratch);
}

static enum status read_again(struct group *group)
{
    group->roll = (struct roll){0};
    return roll_read(&group->session, group->arena, &group->roll, &group->fault);
}

static void take_in(struct group *group, struct bytes enrolment, const char *fact)
{
    struct sha256 hash;
    assert_ok(paper_keep(group->session.payloads, enrolment, &hash));
    struct deed_draft draft = people_begin(DEED_ADMISSION, &group->session.identity);
    people_add_hash(&draft, "enrolment", enrolment);
    if (fact != NULL) {
        deed_add(&draft, "fact", bytes_of_text(fact));
    }
    AUTO(text_done) struct text admission = people_finish(&draft);
    record(group, ROLL_ENROL, text_bytes(&admission));
}

static struct text enrol(struct group *group, const struct identity *who, const char *name,
                         const char *fact)
{
    struct text enrolment = people_enrolment(who, &group->session.identity, name, "An Office");
    take_in(group, text_bytes(&enrolment), fact);
    return enrolment;
}

static void enrol_only(struct group *group, const struct identity *who, const char *name)
{
    struct text enrolment = enrol(group, who, name, NULL);
    text_done(&enrolment);
}

static void vouch(struct group *group, const struct identity *by, const struct text *enrolment,
                  const char *name)
{
    AUTO(text_done)
    struct text file = people_vouch(by, &group->session.identity, text_bytes(enrolment), name);
    record(group, ROLL_VOUCH, text_bytes(&file));
}

static size_t vouches_of(struct group *group, const char *name)
{
    const struct roll_member *member = roll_find_name(&group->roll, bytes_of_text(name));
    assert_non_null(member);
    size_t count = 0;
    for (const struct roll_vouch *one = member->vouches; one != NULL; one = one->next) {
        count++;
    }
    return count;
}

static void erase(struct group *group, struct bytes paper)
{
    struct sha256 hash = sha256_of(paper);
    AUTO(text_done) struct text name = text_of_limit(64);
    sha256_add_hex(&name, &hash);
    assert_int_equal(unlinkat(group->session.payloads, text_terminated(&name), 0), 0);
}

static void remove_member(struct group *group, struct bytes enrolment)
{
    struct access_request request = {
        .operation = ROLL_REMOVE, .class = CLASS_VERIFIED, .audit = AUDIT_CHANGE};
    const struct access_grant *grant = NULL;
    struct access_refusal refusal;
    struct fault fault = {0};
    struct sha256 hash = sha256_of(enrolment);
    assert_ok(access_decide(&group->session, &request, &grant, &refusal));
    assert_ok(access_record(&group->session, grant, STATUS_OK, &hash, &fault));
}

/* ---- */

static void a_home_without_a_group_has_no_roll(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    assert_status(read_again(&group), STATUS_NOT_FOUND);
    found(&group);
    assert_ok(read_again(&group));
    assert_bytes(group.roll.card.name, "Example Group");
    assert_bytes(group.roll.policy, "policy");
    assert_int_equal(group.roll.member_count, 0);
}

/* A later card of the group, with the second officer in another role, signed by whom. */
static struct text changed_card(struct group *group, const struct identity *const *signers,
                                size_t count)
{
    struct deed_fault fault = {0};
    struct group_card card;
    struct text file = people_card(&group->session.identity, 60, "security", &group->one,
                                   "medical", &group->other);
    for (size_t i = 0; i < count; i++) {
        struct text longer = text_of_limit(NOTE_SIZE_MAX);
        assert_ok(group_card_read(text_bytes(&file), &card, &fault));
        assert_ok(group_card_sign(&card, signers[i], &longer));
        text_done(&file);
        file = longer;
    }
    return file;
}

/* A card that the group's key alone signed changes nothing, whenever it was logged. */
static void a_changed_card_is_in_force_when_two_officers_signed_it(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    found(&group);
    const struct identity *const both[] = {&group.one, &group.other};
    AUTO(text_done) struct text wish = changed_card(&group, both, 0);
    record(&group, ROLL_FOUND, text_bytes(&wish));
    assert_ok(read_again(&group));
    assert_bytes(group.roll.card.officers[1].role, "legal");
    AUTO(text_done) struct text card = changed_card(&group, both, 2);
    record(&group, ROLL_CHANGE, text_bytes(&card));
    assert_ok(read_again(&group));
    assert_bytes(group.roll.card.officers[1].role, "medical");
    AUTO(text_done) struct text lone = changed_card(&group, both, 1);
    record(&group, ROLL_CHANGE, text_bytes(&lone));
    assert_status(read_again(&group), STATUS_CONFLICT);
    assert_string_equal(group.fault.what, "a changed card is not one that two officers signed");
}

static void nothing_is_changed_before_it_is_founded(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    const struct identity *const both[] = {&group.one, &group.other};
    AUTO(text_done) struct text card = changed_card(&group, both, 2);
    record(&group, ROLL_CHANGE, text_bytes(&card));
    assert_status(read_again(&group), STATUS_CONFLICT);
}

static void members_and_vouches_follow_from_the_log(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    AUTO(identity_done) struct identity ana = people_new();
    AUTO(identity_done) struct identity ben = people_new();
    found(&group);
    AUTO(text_done)
    struct text of_ana = enrol(&group, &ana, "Ana", "key_bound(\"Ana\", \"x\", \"y\")");
    enrol_only(&group, &ben, "Ben \"B\"");
    vouch(&group, &ben, &of_ana, "Ana");
    assert_ok(read_again(&group));
    assert_int_equal(group.roll.member_count, 2);
    assert_int_equal(group.roll.vouch_count, 1);
    const struct roll_member *member = roll_find_name(&group.roll, bytes_of_text("Ana"));
    assert_non_null(member);
    assert_bytes(member->organisation, "An Office");
    assert_memory_equal(member->key.key, ana.public_key, IDENTITY_KEY_SIZE);
    assert_ptr_equal(roll_find_key(&group.roll, &member->key), member);
    struct sha256 hash = sha256_of(text_bytes(&of_ana));
    assert_ptr_equal(roll_find_enrolment(&group.roll, &hash), member);
    assert_null(roll_find_name(&group.roll, bytes_of_text("ana")));
    AUTO(text_done) struct text facts = text_of_limit(4096);
    roll_add_facts(&group.roll, member, &facts);
    assert_non_null(strstr(text_terminated(&facts),
                           "subject(\"Ana\");\nkey_bound(\"Ana\", \"x\", \"y\");\n"
                           "member(\"Ben \\\"B\\\"\");\nvouched(\"Ana\", \"Ben \\\"B\\\"\", "
                           "\"vouch "));
    assert_int_equal(vouches_of(&group, "Ben \"B\""), 0);
}

static void no_more_vouches_are_told_than_a_policy_can_join(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    AUTO(identity_done) struct identity ana = people_new();
    found(&group);
    AUTO(text_done) struct text of_ana = enrol(&group, &ana, "Ana", NULL);
    for (int i = 0; i < ROLL_VOUCHES_TOLD + 3; i++) {
        AUTO(identity_done) struct identity other = people_new();
        char name[16];
        snprintf(name, sizeof name, "Other %d", i);
        enrol_only(&group, &other, name);
        vouch(&group, &other, &of_ana, "Ana");
    }
    assert_ok(read_again(&group));
    assert_int_equal(vouches_of(&group, "Ana"), ROLL_VOUCHES_TOLD + 3);
    AUTO(text_done) struct text facts = text_of_limit(1 << 16);
    roll_add_facts(&group.roll, roll_find_name(&group.roll, bytes_of_text("Ana")), &facts);
    size_t count = 0;
    for (const char *at = text_terminated(&facts); (at = strstr(at, "vouched(")) != NULL;
         at++) {
        count++;
    }
    assert_int_equal(count, ROLL_VOUCHES_TOLD);
}

static void vouches_that_break_a_rule_do_not_count(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    AUTO(identity_done) struct identity ana = people_new();
    AUTO(identity_done) struct identity ben = people_new();
    AUTO(identity_done) struct identity nobody = people_new();
    found(&group);
    AUTO(text_done) struct text of_ana = enrol(&group, &ana, "Ana", NULL);
    enrol_only(&group, &ben, "Ben");
    AUTO(text_done)
    struct text elsewhere = people_enrolment(&ana, &nobody, "Ana", "An Office");
    assert_ok(read_again(&group));
    const struct {
        const struct identity *by;
        const struct identity *group;
        const struct text *enrolment;
        const char *name;
        enum group_rule rule;
    } cases[] = {
        {&ben, &nobody, &of_ana, "Ana", GROUP_IS_THE_ONE_NAMED},
        {&ben, &group.session.identity, &elsewhere, "Ana", GROUP_VOUCHES_ARE_FOR_THE_ENROLLED},
        {&ben, &group.session.identity, &of_ana, "Anna", GROUP_VOUCHES_ARE_FOR_THE_ENROLLED},
        {&ana, &group.session.identity, &of_ana, "Ana", GROUP_NOBODY_VOUCHES_FOR_ONESELF},
        {&nobody, &group.session.identity, &of_ana, "Ana", GROUP_MEMBERS_VOUCH},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done)
        struct text file = people_vouch(cases[i].by, cases[i].group,
                                        text_bytes(cases[i].enrolment), cases[i].name);
        struct deed deed;
        struct deed_fault fault = {0};
        const struct roll_member *member = NULL;
        enum group_rule rule;
        assert_ok(deed_read(text_bytes(&file), DEED_VOUCH, &deed, &fault));
        assert_true(roll_vouch_breaks(&group.roll, &deed, &member, &rule));
        assert_int_equal(rule, cases[i].rule);
        record(&group, ROLL_VOUCH, text_bytes(&file));
    }
    vouch(&group, &ben, &of_ana, "Ana");
    vouch(&group, &ben, &of_ana, "Ana");
    assert_ok(read_again(&group));
    assert_int_equal(vouches_of(&group, "Ana"), 1);
    assert_int_equal(group.roll.vouch_count, 1);
}

static void an_enrolment_that_is_replaced_takes_its_vouches_with_it(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    AUTO(identity_done) struct identity ana = people_new();
    AUTO(identity_done) struct identity ben = people_new();
    found(&group);
    AUTO(text_done) struct text of_ana = enrol(&group, &ana, "Ana", "a(1)");
    enrol_only(&group, &ben, "Ben");
    vouch(&group, &ben, &of_ana, "Ana");
    /* The same once more, with other facts: the vouch stays. */
    take_in(&group, text_bytes(&of_ana), "b(2)");
    assert_ok(read_again(&group));
    assert_int_equal(vouches_of(&group, "Ana"), 1);
    const struct roll_member *member = roll_find_name(&group.roll, bytes_of_text("Ana"));
    assert_int_equal(member->fact_count, 1);
    assert_bytes(member->facts[0], "b(2)");
    AUTO(text_done)
    struct text again =
        people_enrolment(&ana, &group.session.identity, "Ana", "Another Office");
    take_in(&group, text_bytes(&again), NULL);
    assert_ok(read_again(&group));
    assert_int_equal(group.roll.member_count, 2);
    assert_int_equal(vouches_of(&group, "Ana"), 0);
    assert_bytes(roll_find_name(&group.roll, bytes_of_text("Ana"))->organisation,
                 "Another Office");
}

/* With what it vouched for and what was vouched for it; enrolled again it begins anew. */
static void who_is_taken_off_is_no_member(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    found(&group);
    AUTO(identity_done) struct identity hospital = people_new();
    AUTO(identity_done) struct identity clinic = people_new();
    AUTO(identity_done) struct identity school = people_new();
    AUTO(text_done) struct text first = enrol(&group, &hospital, "hospital.example", NULL);
    AUTO(text_done) struct text second = enrol(&group, &clinic, "clinic.example", NULL);
    enrol_only(&group, &school, "school.example");
    vouch(&group, &clinic, &first, "hospital.example");
    vouch(&group, &school, &first, "hospital.example");
    vouch(&group, &hospital, &second, "clinic.example");
    assert_ok(read_again(&group));
    const struct roll_member *member =
        roll_find_name(&group.roll, bytes_of_text("clinic.example"));
    assert_int_equal(roll_count_vouches_by(&group.roll, member), 1);
    remove_member(&group, text_bytes(&second));
    assert_ok(read_again(&group));
    assert_null(roll_find_name(&group.roll, bytes_of_text("clinic.example")));
    assert_int_equal(group.roll.member_count, 2);
    assert_int_equal(group.roll.vouch_count, 1);
    assert_int_equal(vouches_of(&group, "hospital.example"), 1);
    AUTO(text_done) struct text facts = text_of_limit(4096);
    roll_add_facts(&group.roll, roll_find_name(&group.roll, bytes_of_text("hospital.example")),
                   &facts);
    assert_false(bytes_contains(text_bytes(&facts), "clinic.example"));
    remove_member(&group, text_bytes(&second)); /* who is none already */
    take_in(&group, text_bytes(&second), NULL);
    assert_ok(read_again(&group));
    assert_int_equal(group.roll.member_count, 3);
    assert_int_equal(vouches_of(&group, "clinic.example"), 0);
}

static void a_name_stays_with_who_had_it_first(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    AUTO(identity_done) struct identity ana = people_new();
    AUTO(identity_done) struct identity other = people_new();
    found(&group);
    enrol_only(&group, &ana, "Ana");
    enrol_only(&group, &other, "Ana");
    assert_ok(read_again(&group));
    assert_int_equal(group.roll.member_count, 1);
    assert_memory_equal(roll_find_name(&group.roll, bytes_of_text("Ana"))->key.key,
                        ana.public_key, IDENTITY_KEY_SIZE);
}

static void what_was_erased_counts_no_more(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    AUTO(identity_done) struct identity ana = people_new();
    AUTO(identity_done) struct identity ben = people_new();
    found(&group);
    AUTO(text_done) struct text of_ana = enrol(&group, &ana, "Ana", NULL);
    AUTO(text_done) struct text of_ben = enrol(&group, &ben, "Ben", NULL);
    vouch(&group, &ben, &of_ana, "Ana");
    erase(&group, text_bytes(&of_ben));
    assert_ok(read_again(&group));
    assert_int_equal(group.roll.erased_count, 1);
    assert_int_equal(group.roll.member_count, 1);
    assert_int_equal(vouches_of(&group, "Ana"), 0);
}

static void a_paper_that_was_changed_is_noticed(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    AUTO(identity_done) struct identity ana = people_new();
    found(&group);
    AUTO(text_done) struct text of_ana = enrol(&group, &ana, "Ana", NULL);
    struct sha256 hash = sha256_of(text_bytes(&of_ana));
    AUTO(text_done) struct text name = text_of_limit(128);
    text_add(&name, "payloads/");
    sha256_add_hex(&name, &hash);
    AUTO(text_done)
    struct text forged = people_enrolment(&ana, &group.session.identity, "Ana", "A Ministry");
    scratch_write(&group.scratch, text_terminated(&name), text_bytes(&forged));
    assert_status(read_again(&group), STATUS_CONFLICT);
    assert_string_equal(group.fault.what, "a paper of the group is not what its log says");
}

static void a_group_without_its_policy_is_noticed(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    found(&group);
    erase(&group, bytes_of_text("policy"));
    assert_status(read_again(&group), STATUS_CONFLICT);
    assert_string_equal(group.fault.what, "the policy that the group's card names is gone");
}

static void papers_of_others_are_not_taken_for_the_groups(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    AUTO(identity_done) struct identity stranger = people_new();
    AUTO(text_done)
    struct text card = people_card(&stranger, 0, "a", &group.one, "b", &group.other);
    record(&group, ROLL_FOUND, text_bytes(&card));
    assert_status(read_again(&group), STATUS_CONFLICT);
    assert_string_equal(group.fault.what, "the group's card is not one that this home signed");
}

static void admissions_of_others_are_not_taken_for_the_groups(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    AUTO(identity_done) struct identity stranger = people_new();
    found(&group);
    AUTO(text_done)
    struct text enrolment =
        people_enrolment(&stranger, &group.session.identity, "Ana", "An Office");
    struct deed_draft draft = people_begin(DEED_ADMISSION, &stranger);
    people_add_hash(&draft, "enrolment", text_bytes(&enrolment));
    AUTO(text_done) struct text admission = people_finish(&draft);
    record(&group, ROLL_ENROL, text_bytes(&admission));
    assert_status(read_again(&group), STATUS_CONFLICT);
    assert_string_equal(group.fault.what, "an admission is not one that this home signed");
}

static void a_log_that_is_not_whole_has_no_roll(void **state)
{
    (void)state;
    AUTO(group_done) struct group group = {0};
    group_init(&group);
    found(&group);
    AUTO(text_done) struct text bundle = scratch_read(&group.scratch, "audit/tile/entries/000");
    bundle.data[bundle.size - 1] ^= 1;
    scratch_write(&group.scratch, "audit/tile/entries/000", text_bytes(&bundle));
    assert_status(read_again(&group), STATUS_CONFLICT);
    assert_non_null(strstr(group.fault.what, "is not whole"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_home_without_a_group_has_no_roll),
        cmocka_unit_test(a_changed_card_is_in_force_when_two_officers_signed_it),
        cmocka_unit_test(nothing_is_changed_before_it_is_founded),
        cmocka_unit_test(members_and_vouches_follow_from_the_log),
        cmocka_unit_test(no_more_vouches_are_told_than_a_policy_can_join),
        cmocka_unit_test(vouches_that_break_a_rule_do_not_count),
        cmocka_unit_test(an_enrolment_that_is_replaced_takes_its_vouches_with_it),
        cmocka_unit_test(who_is_taken_off_is_no_member),
        cmocka_unit_test(a_name_stays_with_who_had_it_first),
        cmocka_unit_test(what_was_erased_counts_no_more),
        cmocka_unit_test(a_paper_that_was_changed_is_noticed),
        cmocka_unit_test(a_group_without_its_policy_is_noticed),
        cmocka_unit_test(papers_of_others_are_not_taken_for_the_groups),
        cmocka_unit_test(admissions_of_others_are_not_taken_for_the_groups),
        cmocka_unit_test(a_log_that_is_not_whole_has_no_roll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
