#include "access/group/entitlement.h"

#include "access/clock.h"
#include "access/group/entitled.h"

#include <sys/file.h>

static unsigned shared_lock_count; /* which only who checks a log whole asks for */

int flock(int fd, int operation)
{
    shared_lock_count += (operation & LOCK_SH) != 0;
    return (int)syscall(SYS_flock, fd, operation);
}

/* The name of the rule that refuses; "" where none does. */
static const char *asked(struct entitled *entitled, struct home *home,
                         const struct entitlement_wish *wish, struct entitlement *out)
{
    struct access_refusal refusal = {.rule = ""};
    struct fault fault = {NULL, 0};
    enum status status =
        entitlement_find(&home->session, wish, entitled->granted.arena, out, &refusal, &fault);
    if (status == STATUS_OK) {
        return "";
    }
    assert_status(status, STATUS_DENIED);
    return refusal.rule;
}

static const char *rule_of(struct entitled *entitled, struct home *home,
                           const struct entitlement_wish *wish)
{
    struct entitlement entitlement;
    return asked(entitled, home, wish, &entitlement);
}

/* The words are copied, because what they lie in is gone. */
static const char *rule_of_file(struct entitled *entitled, struct home *home,
                                const struct text *file)
{
    AUTO(arena_done) struct arena *arena = arena_new(GRANTED_MEMORY);
    struct entitlement_wish wish = entitled_wish(entitled);
    struct entitlement entitlement;
    struct access_refusal refusal = {0};
    struct fault fault = {NULL, 0};
    wish.pack = BYTES_NONE;
    enum status status = entitlement_judge(&home->session, &wish, text_bytes(file), arena,
                                           &entitlement, &refusal, &fault);
    if (status == STATUS_OK) {
        return "";
    }
    assert_status(status, STATUS_DENIED);
    return arena_copy_text(entitled->granted.arena, refusal.rule);
}

static void a_grant_that_is_whole_entitles_its_holder(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    struct entitlement_wish wish = entitled_wish(&entitled);
    struct entitlement found;
    assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "grant-is-there");
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    assert_string_equal(asked(&entitled, &entitled.holder, &wish, &found), "");
    assert_bytes(found.grant, "00112233445566778899aabbccddeeff");
    assert_bytes(found.subject, "A. Example");
    assert_bytes(found.group, "Example Sharing Group");
    assert_bytes(found.pack, "sample");
    assert_int_equal(found.agent.size, 0);
    assert_false(found.has_calls_max);
    assert_int_equal(found.expires_s, entitled.now_s + ENTITLED_LIFE_S);
    assert_int_equal(found.revocation_count, 3);
    assert_true(sha256_equal(&found.rules, &entitled.granted.rules.hash));
    wish.pack = bytes_of_text("unknown");
    assert_string_equal(rule_of(&entitled, &entitled.holder, &wish),
                        "grant-covers-what-is-asked");
}

/* A thief of the file has not the key; an agent has not its person's. */
static void nobody_else_is_entitled_by_it(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    const struct entitlement_wish wish = entitled_wish(&entitled);
    entitled_keep(&entitled, &entitled.agent, &entitled.file);
    assert_string_equal(rule_of(&entitled, &entitled.agent, &wish),
                        "grant-needs-its-holders-key");
}

static void a_group_whose_card_is_not_kept_grants_nothing(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    const struct entitlement_wish wish = entitled_wish(&entitled);
    /* The group's own home, which has kept no card. */
    entitled_keep(&entitled, &entitled.group, &entitled.file);
    assert_string_equal(rule_of(&entitled, &entitled.group, &wish), "group-is-known");
}

/* What its officers read is what they agreed to: not what a later version makes of it. */
static void a_group_that_goes_by_other_rules_grants_nothing_here(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    const struct entitlement_wish wish = entitled_wish(&entitled);
    struct sha256 *hash = &entitled.granted.rules.hash;
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    for (int i = 0; i < 2; i++) {
        hash->bytes[31] ^= 1;
        text_done(&entitled.card);
        entitled.card = entitled_card(&entitled);
        entitled_keep_card(&entitled, &entitled.holder);
        assert_string_equal(rule_of(&entitled, &entitled.holder, &wish),
                            i == 0 ? "group-goes-by-these-rules" : "");
    }
}

/* Who stole the group's key can sign anything but what the log says. */
static void a_grant_that_is_not_in_the_log_is_refused(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    struct grant_file file;
    struct deed_fault fault = {0};
    AUTO(text_done) struct text secret = granted_whole(&entitled.granted);
    assert_ok(
        grant_file_read(text_bytes(&entitled.file), entitled.granted.arena, &file, &fault));
    file.token = text_bytes(&secret);
    AUTO(text_done) struct text forged = entitled_file(&entitled, &entitled.group, &file);
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &forged),
                        "issuance-is-in-the-log");
}

static void approvals_are_asked_for_again(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    struct granted *granted = &entitled.granted;
    AUTO(text_done) struct text one = granted_draft(granted);
    granted_approve(granted, &one, &granted->officers[0], "security");
    AUTO(text_done) struct text alone = entitled_issue(&entitled, &one);
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &alone),
                        "one-officer-does-not-decide-alone");
    granted_approve(granted, &one, &granted->officers[0], "security");
    AUTO(text_done) struct text twice = entitled_issue(&entitled, &one);
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &twice),
                        "an-officer-approves-once");
    AUTO(text_done) struct text two = granted_draft(granted);
    granted_approve(granted, &two, &granted->officers[1], "legal");
    granted_approve(granted, &two, &granted->officers[2], "legal");
    AUTO(text_done) struct text role = entitled_issue(&entitled, &two);
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &role),
                        "officers-have-different-roles");
}

static void time_ends_it_and_cannot_be_set_back(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    struct entitlement_wish wish = entitled_wish(&entitled);
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    wish.now_s = entitled.now_s + ENTITLED_LIFE_S;
    assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "grant-has-not-ended");
    /* Earlier than its issuance by more than clocks may be put right by. */
    wish.now_s = entitled.now_s - ENTITLEMENT_CLOCK_SLACK_S - 2;
    assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "clock-runs-forward");
    wish.now_s = entitled.now_s - ENTITLEMENT_CLOCK_SLACK_S + 5;
    assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "");
}

static void append(struct home *home, enum audit_event event, const char *operation,
                   struct bytes object)
{
    static const uint8_t policy[AUDIT_HASH_SIZE] = {7};
    const struct audit_entry entry = {
        .event = event,
        .operation = bytes_of_text(operation),
        .class = CLASS_CRITICAL,
        .rule = bytes_of_text("a-rule"),
        .policy = {policy, sizeof policy},
        .object = object,
    };
    uint64_t sequence = 0;
    struct fault fault;
    assert_ok(audit_append(&home->session.audit, &entry, BYTES_NONE, &sequence, &fault));
}

/* A refusal is recorded too, by the false time: it must not make the next try good. */
static void a_clock_set_back_is_refused_again_and_again(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    const struct entitlement_wish wish = entitled_wish(&entitled);
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    clock_ahead_s = 1800;
    append(&entitled.holder, AUDIT_DONE, "evidence.analyze", BYTES_NONE);
    clock_ahead_s = 0;
    for (int i = 0; i < 3; i++) {
        assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "clock-runs-forward");
        append(&entitled.holder, AUDIT_REFUSED, ENTITLEMENT_PACK, BYTES_NONE);
    }
}

static void what_was_revoked_entitles_no_more(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    const struct entitlement_wish wish = entitled_wish(&entitled);
    struct entitlement found;
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    assert_string_equal(asked(&entitled, &entitled.holder, &wish, &found), "");
    int home = entitled.holder.session.home;
    assert_false(entitlement_is_revoked(home, &found));
    /* Any of its blocks will do, and one of another grant will not. */
    const struct sha256 other = sha256_of(bytes_of_text("another"));
    for (uint32_t i = 0; i < found.revocation_count; i++) {
        AUTO(text_done)
        struct text harmless = entitled_revoke(&entitled, &entitled.group, &other, 1);
        AUTO(text_done)
        struct text list =
            entitled_revoke(&entitled, &entitled.group, &found.revocations[i], 2);
        assert_ok(accepted_keep_list(home, &found.group_key, text_bytes(&harmless)));
        assert_false(entitlement_is_revoked(home, &found));
        assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "");
        assert_ok(accepted_keep_list(home, &found.group_key, text_bytes(&list)));
        assert_true(entitlement_is_revoked(home, &found));
        assert_string_equal(rule_of(&entitled, &entitled.holder, &wish),
                            "grant-is-not-revoked");
    }
    /* What cannot be read might name it. */
    assert_ok(accepted_keep_list(home, &found.group_key, bytes_of_text("nonsense")));
    assert_true(entitlement_is_revoked(home, &found));
    assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "grant-is-not-revoked");
}

static void an_agent_has_two_calls_and_no_more(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    struct entitlement_wish wish = entitled_wish(&entitled);
    struct entitlement found;
    struct access_refusal refusal;
    struct fault fault = {NULL, 0};
    AUTO(text_done) struct text narrowed = entitled_narrow(&entitled);
    entitled_keep(&entitled, &entitled.agent, &narrowed);
    assert_string_equal(asked(&entitled, &entitled.agent, &wish, &found), "");
    assert_bytes(found.agent, "night watch");
    assert_true(found.has_calls_max);
    assert_int_equal(found.calls_max, 2);
    assert_int_equal(found.expires_s, entitled.now_s + 600);
    assert_int_equal(found.revocation_count, 4);
    /* What its person may, it may not. */
    wish.pack = entitled.granted.terms.rights[1].what;
    assert_string_equal(rule_of(&entitled, &entitled.agent, &wish), "narrowing-holds");
    wish = entitled_wish(&entitled);
    /* Neither what else is allowed nor how a use ended is a call. */
    const struct bytes object = {found.file.bytes, sizeof found.file.bytes};
    append(&entitled.agent, AUDIT_ALLOWED, "access.accept", object);
    append(&entitled.agent, AUDIT_DONE, ENTITLEMENT_PACK, object);
    append(&entitled.agent, AUDIT_ALLOWED, ENTITLEMENT_PACK,
           (struct bytes){found.rules.bytes, sizeof found.rules.bytes});
    for (uint64_t i = 0; i < 2; i++) {
        assert_ok(entitlement_use(&entitled.agent.session, &wish, entitled.granted.arena,
                                  &found, &refusal, &fault));
        assert_int_equal(found.calls_made, i);
    }
    assert_status(entitlement_use(&entitled.agent.session, &wish, entitled.granted.arena,
                                  &found, &refusal, &fault),
                  STATUS_DENIED);
    assert_string_equal(refusal.rule, "agents-calls-are-used-up");
    wish.now_s += 600;
    assert_string_equal(rule_of(&entitled, &entitled.agent, &wish), "agents-time-is-over");
}

static uint64_t calls_made(struct entitled *entitled, const struct entitlement_wish *wish)
{
    struct entitlement found;
    assert_string_equal(asked(entitled, &entitled->agent, wish, &found), "");
    return found.calls_made;
}

static void append_of(struct home *home, enum audit_event event, uint64_t decision)
{
    uint64_t sequence = 0;
    struct fault fault;
    static const uint8_t hash[AUDIT_HASH_SIZE] = {7};
    const struct audit_entry entry = {
        .event = event,
        .operation = bytes_of_text(ENTITLEMENT_PACK),
        .class = CLASS_CRITICAL,
        .has_decision = true,
        .decision = decision,
        .rule = bytes_of_text("pack-is-of-the-group"),
        .reason = event == AUDIT_REFUSED ? bytes_of_text("revoked") : BYTES_NONE,
        .policy = {hash, sizeof hash},
    };
    assert_ok(audit_append(&home->session.audit, &entry, BYTES_NONE, &sequence, &fault));
}

/* A use that failed before the pack was opened has shown nothing; after that it was one. */
static void what_failed_before_the_pack_was_opened_is_no_call(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    const struct entitlement_wish wish = entitled_wish(&entitled);
    struct entitlement used;
    struct access_refusal refusal;
    struct fault fault = {NULL, 0};
    AUTO(text_done) struct text narrowed = entitled_narrow(&entitled);
    entitled_keep(&entitled, &entitled.agent, &narrowed);
    for (unsigned i = 0; i < 2 * 64; i++) {
        assert_ok(entitlement_use(&entitled.agent.session, &wish, entitled.granted.arena, &used,
                                  &refusal, &fault));
        assert_int_equal(used.calls_made, 0);
        append_of(&entitled.agent, i % 2 == 0 ? AUDIT_FAILED : AUDIT_REFUSED, used.sequence);
        append_of(&entitled.agent, AUDIT_FAILED, used.sequence); /* said twice, it is one */
    }
    assert_int_equal(calls_made(&entitled, &wish), 0);
    assert_ok(entitlement_use(&entitled.agent.session, &wish, entitled.granted.arena, &used,
                              &refusal, &fault));
    assert_int_equal(calls_made(&entitled, &wish), 1); /* while it goes on */
    append_of(&entitled.agent, AUDIT_ALLOWED, used.sequence);
    append_of(&entitled.agent, AUDIT_FAILED, used.sequence);
    assert_int_equal(calls_made(&entitled, &wish), 1);
    append_of(&entitled.agent, AUDIT_FAILED, used.sequence + 1); /* of no use at all */
    assert_int_equal(calls_made(&entitled, &wish), 1);
}

struct told {
    size_t count;
    size_t held_count;
    uint64_t calls_made;
};

static void hear(void *context, struct bytes id, const struct entitlement *held,
                 const struct access_refusal *refusal)
{
    struct told *told = context;
    assert_int_equal(id.size, GRANT_ID_DIGITS);
    assert_true(held != NULL || refusal->rule != NULL);
    told->count++;
    told->held_count += held != NULL;
    told->calls_made += held == NULL ? 0 : held->calls_made;
}

static struct told tell_all(struct entitled *entitled, struct home *home,
                            const struct entitlement_wish *wish)
{
    struct told told = {0};
    const struct entitlement_telling telling = {hear, &told};
    struct fault fault = {NULL, 0};
    assert_ok(
        entitlement_tell_all(&home->session, wish, entitled->granted.arena, &telling, &fault));
    return told;
}

/* However many grants were narrowed, and each has its own calls. */
static void the_log_is_read_once_for_all_grants(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    const struct entitlement_wish wish = entitled_wish(&entitled);
    struct entitlement found;
    struct access_refusal refusal;
    struct fault fault = {NULL, 0};
    for (unsigned i = 0; i < 3; i++) {
        AUTO(text_done) struct text narrowed = entitled_narrow(&entitled);
        AUTO(text_done) struct text id = text_of_limit(64);
        text_addf(&id, "%032x", i);
        entitled_keep_as(&entitled, &entitled.agent, text_bytes(&id), &narrowed);
    }
    for (uint64_t i = 0; i < 5; i++) {
        shared_lock_count = 0;
        assert_ok(entitlement_use(&entitled.agent.session, &wish, entitled.granted.arena,
                                  &found, &refusal, &fault));
        assert_int_equal(found.calls_made, i % 2);
        assert_int_equal(shared_lock_count, 2); /* its last time, and all of it */
    }
    shared_lock_count = 0;
    struct told told = tell_all(&entitled, &entitled.agent, &wish);
    assert_int_equal(shared_lock_count, 2); /* its last time, and all of it */
    assert_int_equal(told.count, 3);
    assert_int_equal(told.held_count, 1);
    assert_int_equal(told.calls_made, 1);
}

/* Rules so long that the facts of one grant more than the usual do not fit behind them. */
static void lengthen_rules(struct entitled *entitled)
{
    const struct entitlement_wish wish = entitled_wish(entitled);
    struct text *source = &entitled->granted.source;
    size_t before = source->size;
    size_t least = 0;
    size_t most = SOURCE_SIZE_MAX - before;
    while (most - least > 1) {
        size_t size = least + (most - least) / 2;
        struct fault fault = {NULL, 0};
        text_cut(source, before);
        text_add(source, "\n//");
        text_add_repeat(source, " ", size - 3);
        assert_ok(grant_rules_read(text_bytes(source), entitled->granted.arena,
                                   &entitled->granted.rules, &fault));
        text_done(&entitled->card);
        entitled->card = entitled_card(entitled);
        entitled_keep_card(entitled, &entitled->holder);
        struct entitlement_wish longer = wish;
        longer.rules = text_bytes(source);
        bool does_fit = rule_of(entitled, &entitled->holder, &longer)[0] == '\0';
        least = does_fit ? size : least;
        most = does_fit ? most : size;
    }
    text_cut(source, before);
    text_add(source, "\n//");
    text_add_repeat(source, " ", least - 3);
    struct fault fault = {NULL, 0};
    assert_ok(grant_rules_read(text_bytes(source), entitled->granted.arena,
                               &entitled->granted.rules, &fault));
    text_done(&entitled->card);
    entitled->card = entitled_card(entitled);
    entitled_keep_card(entitled, &entitled->holder);
}

static void one_that_goes_beyond_a_limit_does_not_hide_the_others(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    AUTO(text_done) struct text token = granted_whole(&entitled.granted);
    granted_approve(&entitled.granted, &token, &entitled.granted.officers[2], "legal");
    AUTO(text_done) struct text large = entitled_issue(&entitled, &token);
    entitled_keep_as(&entitled, &entitled.holder,
                     bytes_of_text("ffffffffffffffffffffffffffffffff"), &entitled.file);
    lengthen_rules(&entitled);
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &large), "grant-is-whole");
    const struct entitlement_wish wish = entitled_wish(&entitled);
    entitled_keep_as(&entitled, &entitled.holder,
                     bytes_of_text("00000000000000000000000000000000"), &large);
    assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "");
    struct told told = tell_all(&entitled, &entitled.holder, &wish);
    assert_int_equal(told.count, 2);
    assert_int_equal(told.held_count, 1);
}

/* As the group's key and two officers together could make one. */
static void a_grant_for_longer_than_its_tier_allows_is_refused(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    entitled.granted.terms.expires_s = entitled.now_s + 8 * 3600;
    AUTO(text_done) struct text whole = granted_whole(&entitled.granted);
    AUTO(text_done) struct text right = entitled_issue(&entitled, &whole);
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &right), "");
    entitled.granted.terms.expires_s += 120;
    AUTO(text_done) struct text longer = granted_whole(&entitled.granted);
    AUTO(text_done) struct text wrong = entitled_issue(&entitled, &longer);
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &wrong),
                        "grant-outlives-its-tier");
}

/* What a person is shown is what the grant says of its group. */
static void a_grant_under_another_groups_name_is_refused(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    entitled.granted.terms.group = bytes_of_text("Another Sharing Group");
    AUTO(text_done) struct text token = granted_whole(&entitled.granted);
    AUTO(text_done) struct text file = entitled_issue(&entitled, &token);
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &file), "grant-is-whole");
}

static void the_holder_revokes_what_it_left_an_agent(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    const struct entitlement_wish wish = entitled_wish(&entitled);
    struct entitlement found;
    AUTO(text_done) struct text narrowed = entitled_narrow(&entitled);
    entitled_keep(&entitled, &entitled.agent, &narrowed);
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    assert_string_equal(asked(&entitled, &entitled.agent, &wish, &found), "");
    AUTO(text_done)
    struct text list = entitled_revoke(&entitled, &entitled.holder, &found.revocations[3], 1);
    assert_ok(
        accepted_keep_list(entitled.agent.session.home, &found.holder_key, text_bytes(&list)));
    assert_ok(
        accepted_keep_list(entitled.holder.session.home, &found.holder_key, text_bytes(&list)));
    assert_string_equal(rule_of(&entitled, &entitled.agent, &wish), "grant-is-not-revoked");
    assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "");
}

/* A file that neither the group nor the holder signed is nobody's word. */
static void another_signer_is_refused(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    struct grant_file file;
    struct deed_fault fault = {0};
    assert_ok(
        grant_file_read(text_bytes(&entitled.file), entitled.granted.arena, &file, &fault));
    AUTO(text_done) struct text by_agent = entitled_file(&entitled, &entitled.agent, &file);
    AUTO(text_done) struct text by_holder = entitled_file(&entitled, &entitled.holder, &file);
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &by_agent), "grant-is-whole");
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &by_holder),
                        "grant-is-whole");
}

static void any_altered_byte_is_refused(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    for (size_t i = 0; i < entitled.file.size; i += 97) {
        entitled.file.data[i] ^= 1;
        assert_string_equal(rule_of_file(&entitled, &entitled.holder, &entitled.file),
                            "grant-is-whole");
        entitled.file.data[i] ^= 1;
    }
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &entitled.file), "");
}

static void without_a_log_nothing_opens(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    const struct entitlement_wish wish = entitled_wish(&entitled);
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    scratch_write(&entitled.holder.scratch, "audit/checkpoint", bytes_of_text("nonsense\n"));
    assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "home-has-a-log");
    struct told told = tell_all(&entitled, &entitled.holder, &wish);
    assert_int_equal(told.count, 1);
    assert_int_equal(told.held_count, 0);
}

/* As many as a home keeps, each looked at in turn, and the last is the good one. */
static void the_good_one_among_many_is_found(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    const struct entitlement_wish wish = entitled_wish(&entitled);
    AUTO(text_done) struct text secret = granted_draft(&entitled.granted);
    AUTO(text_done) struct text alone = entitled_issue(&entitled, &secret);
    const char *const last = "ffffffffffffffffffffffffffffffff";
    for (unsigned i = 0; i < ACCEPTED_GRANTS_MAX - 1; i++) {
        AUTO(text_done) struct text id = text_of_limit(64);
        text_addf(&id, "%032x", i);
        entitled_keep_as(&entitled, &entitled.holder, text_bytes(&id), &alone);
    }
    assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "officers-approve");
    entitled_keep_as(&entitled, &entitled.holder, bytes_of_text(last), &entitled.file);
    assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "");
}

static void what_has_ended_makes_room(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    int home = entitled.holder.session.home;
    AUTO(text_done) struct text found = text_of_limit(NOTE_SIZE_MAX);
    const struct bytes damaged = bytes_of_text("ffffffffffffffffffffffffffffffff");
    const struct note_key group = entitled_group_key(&entitled);
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    assert_ok(accepted_keep_grant(home, &group, damaged, bytes_of_text("nonsense")));
    assert_ok(accepted_drop_ended(home, entitled.now_s + ENTITLED_LIFE_S - 1));
    assert_ok(accepted_find_grant(home, &group, entitled.granted.terms.id, &found));
    assert_ok(accepted_drop_ended(home, entitled.now_s + ENTITLED_LIFE_S));
    assert_status(accepted_find_grant(home, &group, entitled.granted.terms.id, &found),
                  STATUS_NOT_FOUND);
    /* What cannot be read is nobody's to delete. */
    assert_ok(accepted_find_grant(home, &group, damaged, &found));
}

/* Of two that do not hold, the one that names what is wanted says why, whichever comes first.
 */
static void the_grant_that_comes_closest_says_why(void **state)
{
    (void)state;
    static const char *const ids[] = {"00000000000000000000000000000000",
                                      "ffffffffffffffffffffffffffffffff"};
    for (size_t i = 0; i < 2; i++) {
        AUTO(entitled_done) struct entitled entitled;
        entitled_new(&entitled);
        const struct entitlement_wish wish = entitled_wish(&entitled);
        AUTO(text_done) struct text draft = granted_draft(&entitled.granted);
        AUTO(text_done) struct text close = entitled_issue(&entitled, &draft);
        entitled.granted.terms.rights[0].what = bytes_of_text("something");
        entitled.granted.terms.right_count = 1;
        AUTO(text_done) struct text whole = granted_whole(&entitled.granted);
        AUTO(text_done) struct text far = entitled_issue(&entitled, &whole);
        entitled_keep_as(&entitled, &entitled.holder, bytes_of_text(ids[i]), &far);
        assert_string_equal(rule_of(&entitled, &entitled.holder, &wish),
                            "grant-covers-what-is-asked");
        entitled_keep_as(&entitled, &entitled.holder, bytes_of_text(ids[1 - i]), &close);
        assert_string_equal(rule_of(&entitled, &entitled.holder, &wish), "officers-approve");
    }
}

static void grants_that_cannot_be_read_are_said_to_be_so(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    const struct entitlement_wish wish = entitled_wish(&entitled);
    struct entitlement found;
    struct access_refusal refusal;
    struct fault fault = {NULL, 0};
    scratch_write(&entitled.holder.scratch, "grants", bytes_of_text("no folder"));
    assert_status(entitlement_find(&entitled.holder.session, &wish, entitled.granted.arena,
                                   &found, &refusal, &fault),
                  STATUS_IO);
    assert_string_equal(fault.what, "the grants of this home cannot be read");
}

/* By how many, and by when they say it was. */
static void enough_witnesses_must_have_cosigned_the_issuance(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    const uint64_t now_s = entitled.now_s;
    const uint64_t slack_s = ENTITLEMENT_CLOCK_SLACK_S;
    const struct {
        struct cosigning cosigning;
        const char *rule;
    } cases[] = {
        {{0, now_s}, "enough-witnesses-cosigned"},
        {{1, now_s}, "enough-witnesses-cosigned"},
        {{2, now_s}, ""},
        {{3, now_s}, ""},
        {{2, now_s + slack_s + 1}, "enough-witnesses-cosigned"},
        {{2, now_s - slack_s - 1}, "enough-witnesses-cosigned"},
        {{2, now_s + slack_s}, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done)
        struct text file = entitled_issue_as(&entitled, &entitled.token, cases[i].cosigning);
        assert_string_equal(rule_of_file(&entitled, &entitled.holder, &file), cases[i].rule);
    }
}

/* Witnesses of other logs, whom the holder's card of the group does not name. */
static void witnesses_are_those_of_the_card(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    entitled_drop_witnesses(&entitled);
    entitled_find_witnesses(&entitled);
    AUTO(text_done) struct text file = entitled_issue(&entitled, &entitled.token);
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &file),
                        "enough-witnesses-cosigned");
    AUTO(text_done) struct text card = entitled_card(&entitled);
    text_done(&entitled.card);
    entitled.card = card;
    card = text_of_limit(1);
    entitled_keep_card(&entitled, &entitled.holder);
    assert_string_equal(rule_of_file(&entitled, &entitled.holder, &file), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_grant_that_is_whole_entitles_its_holder),
        cmocka_unit_test(enough_witnesses_must_have_cosigned_the_issuance),
        cmocka_unit_test(witnesses_are_those_of_the_card),
        cmocka_unit_test(nobody_else_is_entitled_by_it),
        cmocka_unit_test(a_group_whose_card_is_not_kept_grants_nothing),
        cmocka_unit_test(a_group_that_goes_by_other_rules_grants_nothing_here),
        cmocka_unit_test(a_grant_that_is_not_in_the_log_is_refused),
        cmocka_unit_test(approvals_are_asked_for_again),
        cmocka_unit_test(time_ends_it_and_cannot_be_set_back),
        cmocka_unit_test(a_clock_set_back_is_refused_again_and_again),
        cmocka_unit_test(what_was_revoked_entitles_no_more),
        cmocka_unit_test(an_agent_has_two_calls_and_no_more),
        cmocka_unit_test(what_failed_before_the_pack_was_opened_is_no_call),
        cmocka_unit_test(the_log_is_read_once_for_all_grants),
        cmocka_unit_test(one_that_goes_beyond_a_limit_does_not_hide_the_others),
        cmocka_unit_test(a_grant_for_longer_than_its_tier_allows_is_refused),
        cmocka_unit_test(a_grant_under_another_groups_name_is_refused),
        cmocka_unit_test(the_holder_revokes_what_it_left_an_agent),
        cmocka_unit_test(another_signer_is_refused),
        cmocka_unit_test(any_altered_byte_is_refused),
        cmocka_unit_test(without_a_log_nothing_opens),
        cmocka_unit_test(the_good_one_among_many_is_found),
        cmocka_unit_test(what_has_ended_makes_room),
        cmocka_unit_test(the_grant_that_comes_closest_says_why),
        cmocka_unit_test(grants_that_cannot_be_read_are_said_to_be_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
