#include "access/group/group_card.h"

#include <fcntl.h>

#include "access/witness.h"
#include "check.h"

#include "../scratch.h"
#include "people.h"

static int open_home(struct scratch *scratch)
{
    assert_int_equal(mkdir(scratch->home, 0700), 0);
    int fd = open(scratch->home, O_RDONLY | O_DIRECTORY);
    assert_true(fd >= 0);
    return fd;
}

static void a_card_says_who_the_officers_are(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity group = people_new();
    AUTO(identity_done) struct identity one = people_new();
    AUTO(identity_done) struct identity other = people_new();
    AUTO(text_done)
    struct text file = people_card(&group, 0, "security", &one, "legal", &other);
    struct group_card card;
    struct deed_fault fault = {0};
    assert_ok(group_card_read(text_bytes(&file), &card, &fault));
    assert_bytes(card.name, "Example Group");
    assert_memory_equal(card.key.key, group.public_key, IDENTITY_KEY_SIZE);
    struct sha256 policy = sha256_of(bytes_of_text("policy"));
    assert_true(sha256_equal(&card.policy, &policy));
    assert_int_equal(card.officer_count, 2);
    assert_bytes(card.officers[0].role, "security");
    assert_bytes(card.officers[1].role, "legal");
    assert_bytes(card.officers[1].name, "Somebody");
    assert_memory_equal(card.officers[1].key.key, other.public_key, IDENTITY_KEY_SIZE);
}

static void refuses_officers_that_are_not_two_of_two_roles(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity group = people_new();
    AUTO(identity_done) struct identity one = people_new();
    AUTO(identity_done) struct identity other = people_new();
    const struct {
        const char *role;
        const struct identity *officer;
        enum group_rule rule;
    } cases[] = {
        {"security", &other, GROUP_OFFICERS_DIFFER}, /* one role */
        {"legal", &one, GROUP_OFFICERS_DIFFER},      /* one person */
        {"legal", &group, GROUP_OFFICERS_STAND_APART},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done)
        struct text file =
            people_card(&group, 0, "security", &one, cases[i].role, cases[i].officer);
        struct group_card card;
        struct deed_fault fault = {0};
        assert_status(group_card_read(text_bytes(&file), &card, &fault), STATUS_CONFLICT);
        assert_string_equal(fault.what, group_rule_refusal(cases[i].rule).because);
    }
}

static void the_latest_card_of_a_group_is_kept(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(file_done) int home = open_home(&scratch);
    AUTO(identity_done) struct identity group = people_new();
    AUTO(identity_done) struct identity one = people_new();
    AUTO(identity_done) struct identity other = people_new();
    AUTO(text_done) struct text older = people_card(&group, 0, "a", &one, "b", &other);
    AUTO(text_done) struct text later = people_card(&group, 60, "a", &one, "c", &other);
    struct group_card card;
    struct group_card found;
    struct deed_fault fault = {0};
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    assert_ok(group_card_read(text_bytes(&older), &card, &fault));
    assert_status(group_card_load(home, &card.key, &file, &found), STATUS_NOT_FOUND);
    assert_ok(group_card_keep(home, text_bytes(&older), &card));
    assert_ok(group_card_keep(home, text_bytes(&older), &card));
    assert_ok(group_card_load(home, &card.key, &file, &found));
    assert_bytes(found.officers[1].role, "b");
    struct group_card newer;
    assert_ok(group_card_read(text_bytes(&later), &newer, &fault));
    assert_ok(group_card_keep(home, text_bytes(&later), &newer));
    assert_status(group_card_keep(home, text_bytes(&older), &card), STATUS_CONFLICT);
    text_clear(&file);
    assert_ok(group_card_load(home, &card.key, &file, &found));
    assert_bytes(found.officers[1].role, "c");
}

static struct text card_with_rules(const struct identity *group, struct bytes rules,
                                   const char *role, const struct identity *one,
                                   const struct identity *other)
{
    struct deed_draft draft = people_begin(DEED_GROUP, group);
    deed_add(&draft, "name", bytes_of_text("Example Group"));
    people_add_hash(&draft, "policy", bytes_of_text("policy"));
    people_add_hash(&draft, "rules", rules);
    people_add_officer(&draft, role, one);
    people_add_officer(&draft, "legal", other);
    return people_finish(&draft);
}

static void a_card_names_the_rules_of_its_grants(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity group = people_new();
    AUTO(identity_done) struct identity one = people_new();
    AUTO(identity_done) struct identity other = people_new();
    const struct bytes rules = bytes_of_text("rules");
    const struct sha256 hash = sha256_of(rules);
    const struct sha256 none = {0};
    struct group_card card;
    struct deed_fault fault = {0};
    AUTO(text_done)
    struct text file = card_with_rules(&group, rules, "security", &one, &other);
    assert_ok(group_card_read(text_bytes(&file), &card, &fault));
    assert_true(group_card_goes_by(&card, &hash));
    assert_false(group_card_goes_by(&card, &card.policy));
    /* Those of older versions name none, and that is not to say all. */
    AUTO(text_done)
    struct text older = people_card(&group, 0, "security", &one, "legal", &other);
    assert_ok(group_card_read(text_bytes(&older), &card, &fault));
    assert_false(group_card_goes_by(&card, &hash));
    assert_false(group_card_goes_by(&card, &none));
}

struct watching {
    const char *witnesses; /* "abc": three; "G" the group's own key, "O" an officer's */
    const char *quorum;    /* NULL: none is named */
    bool is_right;
};

static struct text watched_card(const struct identity *group, const struct identity *officers,
                                const struct identity *witnesses,
                                const struct watching *watching)
{
    struct deed_draft draft = people_begin(DEED_GROUP, group);
    deed_add(&draft, "name", bytes_of_text("Example Group"));
    people_add_hash(&draft, "policy", bytes_of_text("policy"));
    people_add_officer(&draft, "security", &officers[0]);
    people_add_officer(&draft, "legal", &officers[1]);
    for (const char *one = watching->witnesses; *one != '\0'; one++) {
        char name[IDENTITY_NAME_MAX];
        AUTO(text_done) struct text line = text_of_limit(256);
        const struct note_key key = witness_key(*one == 'G'   ? group
                                                : *one == 'O' ? &officers[1]
                                                              : &witnesses[*one - 'a'],
                                                name);
        note_key_add(&key, &line);
        deed_add(&draft, "witness", text_bytes(&line));
    }
    if (watching->quorum != NULL) {
        deed_add(&draft, "quorum", bytes_of_text(watching->quorum));
    }
    return people_finish(&draft);
}

/* Each witness cosigns one history: of two at once only one can have most of them. */
static void a_quorum_is_most_of_the_witnesses_and_none_of_the_groups(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity group = people_new();
    struct identity officers[2] = {people_new(), people_new()};
    struct identity witnesses[4] = {people_new(), people_new(), people_new(), people_new()};
    static const struct watching cases[] = {
        {"", NULL, true},     {"abc", "2", true},   {"abc", "3", true},  {"ab", "2", true},
        {"abcd", "3", true},  {"abc", NULL, false}, {"abc", "1", false}, {"abc", "4", false},
        {"abcd", "2", false}, {"a", "1", false},    {"", "2", false},    {"aba", "2", false},
        {"abG", "2", false},  {"abO", "2", false},  {"abc", "0", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct group_card card;
        struct deed_fault fault = {0};
        AUTO(text_done)
        struct text file = watched_card(&group, officers, witnesses, &cases[i]);
        enum status status = group_card_read(text_bytes(&file), &card, &fault);
        assert_status(status, cases[i].is_right ? STATUS_OK : STATUS_CONFLICT);
        if (status == STATUS_OK) {
            assert_int_equal(card.witness_count, strlen(cases[i].witnesses));
            assert_int_equal(card.quorum,
                             cases[i].quorum == NULL ? 0 : cases[i].quorum[0] - '0');
        } else {
            assert_string_equal(fault.what,
                                group_rule_refusal(GROUP_WITNESSES_STAND_APART).because);
        }
    }
    for (size_t i = 0; i < sizeof witnesses / sizeof *witnesses; i++) {
        identity_done(&witnesses[i]);
    }
    identity_done(&officers[0]);
    identity_done(&officers[1]);
}

static void cards_are_watched_alike_by_the_same_witnesses(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity group = people_new();
    struct identity officers[2] = {people_new(), people_new()};
    struct identity witnesses[4] = {people_new(), people_new(), people_new(), people_new()};
    static const struct watching cases[] = {
        {"abc", "2", true},  {"abc", "3", false}, {"abcd", "3", false},
        {"abd", "2", false}, {"", NULL, false},
    };
    AUTO(text_done) struct text file = watched_card(&group, officers, witnesses, &cases[0]);
    struct group_card card;
    struct deed_fault fault = {0};
    assert_ok(group_card_read(text_bytes(&file), &card, &fault));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct group_card found;
        AUTO(text_done)
        struct text again = watched_card(&group, officers, witnesses, &cases[i]);
        assert_ok(group_card_read(text_bytes(&again), &found, &fault));
        assert_int_equal(group_card_is_watched_like(&card, &found), cases[i].is_right);
    }
    for (size_t i = 0; i < sizeof witnesses / sizeof *witnesses; i++) {
        identity_done(&witnesses[i]);
    }
    identity_done(&officers[0]);
    identity_done(&officers[1]);
}

/* By the officers of the card before it, whatever the changed one says of itself. */
static void a_changed_card_is_endorsed_by_two_officers_of_two_roles(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity group = people_new();
    struct identity people[4] = {people_new(), people_new(), people_new(), people_new()};
    static const struct {
        const char *signers;
        bool is_endorsed;
    } cases[] = {
        {"", false},   {"a", false}, {"aa", false}, {"ab", true}, {"ba", true},
        {"bc", false}, {"ac", true}, {"ad", false}, {"d", false}, {"adb", true},
    };
    struct group_card before;
    struct deed_fault fault = {0};
    struct deed_draft draft = people_begin(DEED_GROUP, &group);
    deed_add(&draft, "name", bytes_of_text("Example Group"));
    people_add_hash(&draft, "policy", bytes_of_text("policy"));
    people_add_officer(&draft, "security", &people[0]);
    people_add_officer(&draft, "legal", &people[1]);
    people_add_officer(&draft, "legal", &people[2]);
    AUTO(text_done) struct text kept = people_finish(&draft);
    assert_ok(group_card_read(text_bytes(&kept), &before, &fault));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct group_card card;
        struct text file = people_card(&group, 60, "security", &people[3], "legal", &people[0]);
        for (const char *one = cases[i].signers; *one != '\0'; one++) {
            struct text longer = text_of_limit(NOTE_SIZE_MAX);
            assert_ok(group_card_read(text_bytes(&file), &card, &fault));
            assert_ok(group_card_sign(&card, &people[*one - 'a'], &longer));
            text_done(&file);
            file = longer;
        }
        struct group_card signed_card;
        assert_ok(group_card_read(text_bytes(&file), &signed_card, &fault));
        assert_int_equal(group_card_is_endorsed(&signed_card, &before), cases[i].is_endorsed);
        assert_false(group_card_is_same(&signed_card, &before));
        text_done(&file);
    }
    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        identity_done(&people[i]);
    }
}

static void a_card_that_officers_signed_is_the_same_card(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity group = people_new();
    AUTO(identity_done) struct identity one = people_new();
    AUTO(identity_done) struct identity other = people_new();
    AUTO(text_done) struct text file = people_card(&group, 0, "a", &one, "b", &other);
    AUTO(text_done) struct text longer = text_of_limit(NOTE_SIZE_MAX);
    struct group_card card;
    struct group_card signed_card;
    struct deed_fault fault = {0};
    assert_ok(group_card_read(text_bytes(&file), &card, &fault));
    assert_ok(group_card_sign(&card, &one, &longer));
    assert_ok(group_card_read(text_bytes(&longer), &signed_card, &fault));
    assert_true(group_card_is_same(&card, &signed_card));
    assert_true(group_card_has_signed(&signed_card, &card.officers[0].key));
    assert_false(group_card_has_signed(&signed_card, &card.officers[1].key));
    assert_false(group_card_has_signed(&card, &card.officers[0].key));
    /* A signature that was altered is nobody's, and the group's stays first. */
    longer.data[longer.size - 4] ^= 1;
    enum status status = group_card_read(text_bytes(&longer), &signed_card, &fault);
    assert_true(status != STATUS_OK ||
                !group_card_has_signed(&signed_card, &card.officers[0].key));
    AUTO(text_done) struct text mixed = text_of_limit(NOTE_SIZE_MAX);
    AUTO(text_done) struct text lone = text_of_limit(NOTE_SIZE_MAX);
    assert_ok(identity_sign_note(&one, card.note.text, &lone));
    text_add_raw(&mixed, text_bytes(&lone));
    text_add_raw(&mixed, card.note.signatures[0].line);
    assert_status(group_card_read(text_bytes(&mixed), &signed_card, &fault), STATUS_CONFLICT);
}

/* As many as a note may have, and not one more. */
static void a_card_has_room_for_so_many_signatures(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity group = people_new();
    AUTO(identity_done) struct identity one = people_new();
    AUTO(identity_done) struct identity other = people_new();
    struct text file = people_card(&group, 0, "a", &one, "b", &other);
    struct group_card card;
    struct deed_fault fault = {0};
    for (size_t i = 1; i < NOTE_SIGNATURES_MAX; i++) {
        struct text longer = text_of_limit(NOTE_SIZE_MAX);
        assert_ok(group_card_read(text_bytes(&file), &card, &fault));
        assert_ok(group_card_sign(&card, &one, &longer));
        text_done(&file);
        file = longer;
    }
    assert_ok(group_card_read(text_bytes(&file), &card, &fault));
    AUTO(text_done) struct text over = text_of_limit(NOTE_SIZE_MAX);
    assert_status(group_card_sign(&card, &one, &over), STATUS_LIMIT);
    text_done(&file);
}

static void the_same_group_is_known_by_its_officers(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity group = people_new();
    AUTO(identity_done) struct identity stranger = people_new();
    AUTO(identity_done) struct identity one = people_new();
    AUTO(identity_done) struct identity other = people_new();
    AUTO(identity_done) struct identity third = people_new();
    const struct {
        const struct identity *group;
        const char *role;
        const struct identity *one;
        bool is_like;
    } cases[] = {
        {&group, "security", &one, true},
        {&stranger, "security", &one, false},
        {&group, "medical", &one, false},
        {&group, "security", &third, false},
    };
    struct group_card card;
    struct deed_fault fault = {0};
    AUTO(text_done)
    struct text file =
        card_with_rules(&group, bytes_of_text("rules"), "security", &one, &other);
    assert_ok(group_card_read(text_bytes(&file), &card, &fault));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct group_card found;
        AUTO(text_done)
        struct text again = card_with_rules(cases[i].group, bytes_of_text("later rules"),
                                            cases[i].role, cases[i].one, &other);
        assert_ok(group_card_read(text_bytes(&again), &found, &fault));
        assert_int_equal(group_card_is_like(&card, &found), cases[i].is_like);
    }
    struct group_card fewer = card;
    fewer.officer_count--;
    assert_false(group_card_is_like(&card, &fewer));
    fewer = card;
    fewer.name = bytes_of_text("Another Group");
    assert_false(group_card_is_like(&card, &fewer));
}

/* Somebody who can write to the home does not put one group's card in place of another's. */
static void a_card_under_another_groups_name_is_noticed(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(file_done) int home = open_home(&scratch);
    AUTO(identity_done) struct identity group = people_new();
    AUTO(identity_done) struct identity stranger = people_new();
    AUTO(identity_done) struct identity one = people_new();
    AUTO(identity_done) struct identity other = people_new();
    AUTO(text_done) struct text ours = people_card(&group, 0, "a", &one, "b", &other);
    AUTO(text_done) struct text theirs = people_card(&stranger, 60, "a", &one, "b", &other);
    struct group_card card;
    struct deed_fault fault = {0};
    assert_ok(group_card_read(text_bytes(&ours), &card, &fault));
    assert_ok(group_card_keep(home, text_bytes(&ours), &card));
    AUTO(text_done) struct text name = text_of_limit(128);
    struct sha256 hash = sha256_of((struct bytes){card.key.key, sizeof card.key.key});
    text_add(&name, "groups/");
    sha256_add_hex(&name, &hash);
    scratch_write(&scratch, text_terminated(&name), text_bytes(&theirs));
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct group_card found;
    assert_status(group_card_load(home, &card.key, &file, &found), STATUS_CONFLICT);
    assert_ok(group_card_keep(home, text_bytes(&ours), &card));
    text_clear(&file);
    assert_ok(group_card_load(home, &card.key, &file, &found));
}

static void the_one_group_a_home_knows_needs_no_name(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(file_done) int home = open_home(&scratch);
    AUTO(identity_done) struct identity group = people_new();
    AUTO(identity_done) struct identity second = people_new();
    AUTO(identity_done) struct identity one = people_new();
    AUTO(identity_done) struct identity other = people_new();
    AUTO(text_done)
    struct text ours = people_card(&group, 0, "security", &one, "legal", &other);
    AUTO(text_done)
    struct text theirs = people_card(&second, 0, "security", &one, "legal", &other);
    AUTO(text_done) struct text found = text_of_limit(NOTE_SIZE_MAX);
    struct group_card card;
    struct deed_fault fault = {0};
    assert_status(group_card_find_only(home, &found), STATUS_NOT_FOUND);
    assert_ok(group_card_read(text_bytes(&ours), &card, &fault));
    assert_ok(group_card_keep(home, text_bytes(&ours), &card));
    assert_ok(group_card_find_only(home, &found));
    assert_true(bytes_equal(text_bytes(&found), text_bytes(&ours)));
    assert_ok(group_card_read(text_bytes(&theirs), &card, &fault));
    assert_ok(group_card_keep(home, text_bytes(&theirs), &card));
    assert_status(group_card_find_only(home, &found), STATUS_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_says_who_the_officers_are),
        cmocka_unit_test(refuses_officers_that_are_not_two_of_two_roles),
        cmocka_unit_test(a_card_names_the_rules_of_its_grants),
        cmocka_unit_test(a_quorum_is_most_of_the_witnesses_and_none_of_the_groups),
        cmocka_unit_test(cards_are_watched_alike_by_the_same_witnesses),
        cmocka_unit_test(a_changed_card_is_endorsed_by_two_officers_of_two_roles),
        cmocka_unit_test(a_card_that_officers_signed_is_the_same_card),
        cmocka_unit_test(a_card_has_room_for_so_many_signatures),
        cmocka_unit_test(the_same_group_is_known_by_its_officers),
        cmocka_unit_test(the_latest_card_of_a_group_is_kept),
        cmocka_unit_test(the_one_group_a_home_knows_needs_no_name),
        cmocka_unit_test(a_card_under_another_groups_name_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
