#include "access/group/revocation.h"

#include "check.h"

#define MADE_S 1795852800 /* 2026-11-28T08:00:00Z */

static struct sha256 block_of(uint32_t number)
{
    return sha256_of((struct bytes){(const uint8_t *)&number, sizeof number});
}

static void a_list_comes_back_as_it_was_signed(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity;
    assert_ok(identity_new(&identity));
    struct revocation_list list = {.number = 7};
    struct revocation_list again;
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    for (uint32_t i = 0; i < DEED_REVOKED_MAX; i++) {
        struct sha256 block = block_of(i);
        assert_ok(revocation_list_add(&list, &block, MADE_S + i));
        assert_ok(revocation_list_add(&list, &block, MADE_S));
    }
    struct sha256 more = block_of(DEED_REVOKED_MAX);
    assert_int_equal(list.count, DEED_REVOKED_MAX);
    assert_status(revocation_list_add(&list, &more, MADE_S), STATUS_LIMIT);
    assert_ok(
        revocation_list_write(&identity, moment_of_unix(MADE_S, 0), &list, &file, &fault));
    assert_ok(revocation_list_read(text_bytes(&file), &again, &fault));
    assert_int_equal(again.number, 7);
    assert_int_equal(again.made_s, MADE_S);
    assert_int_equal(again.count, DEED_REVOKED_MAX);
    assert_memory_equal(again.signer.key, identity.public_key, IDENTITY_KEY_SIZE);
    for (uint32_t i = 0; i < DEED_REVOKED_MAX; i++) {
        struct sha256 block = block_of(i);
        assert_true(revocation_list_has(&again, &block));
        assert_int_equal(again.ends_s[i], MADE_S + i);
    }
    assert_false(revocation_list_has(&again, &more));
}

static struct revocation_rule rule_of(enum revocation_kind kind, const char *name,
                                      const struct identity *key)
{
    struct revocation_rule rule = {.kind = kind, .until_s = MADE_S, .ends_s = MADE_S + 3600};
    rule.organisation = name == NULL ? BYTES_NONE : bytes_of_text(name);
    if (key != NULL) {
        rule.key.algorithm = NOTE_ED25519;
        rule.key.name = bytes_of_text(key->name);
        memcpy(rule.key.hash, key->note_hash, sizeof rule.key.hash);
        memcpy(rule.key.key, key->public_key, sizeof rule.key.key);
    }
    return rule;
}

/* As many as there may be, with the longest names. */
static void fill_with_rules(struct revocation_list *list, const struct identity *keys,
                            char names[DEED_REVOKED_RULES_MAX][DEED_NAME_MAX + 1])
{
    for (int i = 0; i < DEED_REVOKED_RULES_MAX; i++) {
        memset(names[i], 'a' + i, DEED_NAME_MAX);
        names[i][DEED_NAME_MAX] = '\0';
        struct revocation_rule organisation = rule_of(REVOKED_ORGANISATION, names[i], NULL);
        struct revocation_rule key = rule_of(REVOKED_KEY, NULL, &keys[i]);
        assert_ok(revocation_list_add_rule(list, &organisation));
        assert_ok(revocation_list_add_rule(list, &key));
    }
    struct revocation_rule all = rule_of(REVOKED_EPOCH, NULL, NULL);
    assert_ok(revocation_list_add_rule(list, &all));
    all.until_s++;
    assert_ok(revocation_list_add_rule(list, &all)); /* the later one takes its place */
    struct revocation_rule more = rule_of(REVOKED_ORGANISATION, "one more", NULL);
    assert_status(revocation_list_add_rule(list, &more), STATUS_LIMIT);
}

static void a_full_list_with_all_its_rules_can_be_written(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity;
    struct identity keys[DEED_REVOKED_RULES_MAX];
    static char names[DEED_REVOKED_RULES_MAX][DEED_NAME_MAX + 1];
    struct revocation_list list = {.number = 7};
    struct revocation_list again;
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    assert_ok(identity_new(&identity));
    for (uint32_t i = 0; i < DEED_REVOKED_MAX; i++) {
        struct sha256 block = block_of(i);
        assert_ok(revocation_list_add(&list, &block, MADE_S + i));
    }
    for (int i = 0; i < DEED_REVOKED_RULES_MAX; i++) {
        assert_ok(identity_new(&keys[i]));
    }
    fill_with_rules(&list, keys, names);
    assert_ok(
        revocation_list_write(&identity, moment_of_unix(MADE_S, 0), &list, &file, &fault));
    assert_ok(revocation_list_read(text_bytes(&file), &again, &fault));
    assert_int_equal(again.rule_count, REVOCATION_RULES_MAX);
    assert_int_equal(revocation_list_lacks(&again, &list, MADE_S), 0);
    assert_int_equal(again.rules[REVOCATION_RULES_MAX - 1].until_s, MADE_S + 1);
    /* A later list may forget none of them before its end, nor reach less far. */
    again.rules[0].until_s--;
    again.rule_count--;
    assert_int_equal(revocation_list_lacks(&again, &list, MADE_S), 2);
    assert_int_equal(revocation_list_lacks(&again, &list, MADE_S + 3601), 0);
    revocation_list_drop_ended(&list, MADE_S + 3600 + REVOCATION_REST_S);
    assert_int_equal(list.rule_count, 0);
    for (int i = 0; i < DEED_REVOKED_RULES_MAX; i++) {
        identity_done(&keys[i]);
    }
}

static void rules_take_back_what_was_issued_until_then(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity agent;
    AUTO(identity_done) struct identity officer;
    assert_ok(identity_new(&agent));
    assert_ok(identity_new(&officer));
    struct revocation_target target = {.organisation = bytes_of_text("The hospital"),
                                       .issued_s = MADE_S,
                                       .key_count = 2,
                                       .has_agent = true};
    memcpy(target.keys[0], officer.public_key, NOTE_KEY_SIZE);
    memcpy(target.keys[1], agent.public_key, NOTE_KEY_SIZE);
    memcpy(target.agent, agent.public_key, NOTE_KEY_SIZE);
    const struct {
        struct revocation_rule rule;
        bool is_groups;
        bool is_covered;
        bool is_barred;
    } cases[] = {
        {rule_of(REVOKED_ORGANISATION, "The hospital", NULL), true, true, false},
        {rule_of(REVOKED_ORGANISATION, "The hospital", NULL), false, false, false},
        {rule_of(REVOKED_ORGANISATION, "The hospitals", NULL), true, false, false},
        {rule_of(REVOKED_KEY, NULL, &officer), true, true, true},
        {rule_of(REVOKED_KEY, NULL, &officer), false, false, true},
        {rule_of(REVOKED_KEY, NULL, &agent), true, true, true},
        {rule_of(REVOKED_KEY, NULL, &agent), false, true, true},
        {rule_of(REVOKED_EPOCH, NULL, NULL), true, true, false},
        {rule_of(REVOKED_EPOCH, NULL, NULL), false, false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct revocation_list list = {.rules = {cases[i].rule}, .rule_count = 1};
        target.issued_s = MADE_S;
        assert_int_equal(revocation_list_covers(&list, &target, cases[i].is_groups),
                         cases[i].is_covered);
        assert_int_equal(revocation_list_bars(&list, &target), cases[i].is_barred);
        target.issued_s = MADE_S + 1;
        assert_false(revocation_list_covers(&list, &target, cases[i].is_groups));
    }
}

/* More than the list can hold, each of an hour: as long as no more are good at once. */
static void revoking_never_stops_for_what_has_ended(void **state)
{
    (void)state;
    struct revocation_list list = {0};
    const uint64_t step_s = 600;
    for (uint32_t i = 0; i < 3 * DEED_REVOKED_MAX; i++) {
        uint64_t now_s = MADE_S + i * step_s;
        struct sha256 block = block_of(i);
        struct revocation_list before = list;
        revocation_list_drop_ended(&list, now_s);
        assert_ok(revocation_list_add(&list, &block, now_s + 3600));
        assert_int_equal(revocation_list_lacks(&list, &before, now_s), 0);
    }
    assert_int_equal(list.count, (3600 + REVOCATION_REST_S) / step_s);
}

static void what_has_not_ended_stays_and_is_missed(void **state)
{
    (void)state;
    struct revocation_list list = {0};
    struct revocation_list later = {0};
    struct sha256 blocks[3] = {block_of(0), block_of(1), block_of(2)};
    assert_ok(revocation_list_add(&list, &blocks[0], MADE_S));
    assert_ok(revocation_list_add(&list, &blocks[1], MADE_S + 1));
    /* An end that was named once is not brought forward, but put back. */
    assert_ok(revocation_list_add(&list, &blocks[2], MADE_S));
    assert_ok(revocation_list_add(&list, &blocks[2], MADE_S + 5));
    assert_ok(revocation_list_add(&list, &blocks[2], MADE_S));
    assert_int_equal(revocation_list_lacks(&later, &list, MADE_S - 1), 3);
    assert_int_equal(revocation_list_lacks(&later, &list, MADE_S), 2);
    assert_int_equal(revocation_list_lacks(&later, &list, MADE_S + 1), 1);
    assert_ok(revocation_list_add(&later, &blocks[2], MADE_S));
    assert_int_equal(revocation_list_lacks(&later, &list, MADE_S + 1), 0);
    revocation_list_drop_ended(&list, MADE_S);
    assert_int_equal(list.count, 3);
    revocation_list_drop_ended(&list, MADE_S + REVOCATION_REST_S);
    assert_int_equal(list.count, 2);
    assert_false(revocation_list_has(&list, &blocks[0]));
    revocation_list_drop_ended(&list, 0);
    assert_int_equal(list.count, 2);
}

static void a_list_that_was_changed_is_none(void **state)
{
    (void)state;
    AUTO(identity_done) struct identity identity;
    assert_ok(identity_new(&identity));
    struct revocation_list list = {.number = 1, .count = 2};
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct deed_fault fault = {0};
    assert_ok(
        revocation_list_write(&identity, moment_of_unix(MADE_S, 0), &list, &file, &fault));
    for (size_t i = 0; i < file.size; i++) {
        struct revocation_list again;
        file.data[i] ^= 1;
        assert_int_not_equal(revocation_list_read(text_bytes(&file), &again, &fault),
                             STATUS_OK);
        file.data[i] ^= 1;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_comes_back_as_it_was_signed),
        cmocka_unit_test(a_full_list_with_all_its_rules_can_be_written),
        cmocka_unit_test(rules_take_back_what_was_issued_until_then),
        cmocka_unit_test(revoking_never_stops_for_what_has_ended),
        cmocka_unit_test(what_has_not_ended_stays_and_is_missed),
        cmocka_unit_test(a_list_that_was_changed_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
