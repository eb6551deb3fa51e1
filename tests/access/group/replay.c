#include "access/group/replay.h"

#include "access/group/entitled.h"

#include <time.h>

/* A use of the grant in its holder's home, by what the holder asked for. */
static uint64_t use(struct entitled *entitled, struct access_session *session,
                    const char *arguments, size_t size, enum status expected)
{
    struct entitlement_wish wish = entitled_wish(entitled);
    struct access_request request = {.operation = ENTITLEMENT_PACK,
                                     .class = CLASS_CRITICAL,
                                     .audit = AUDIT_CHANGE,
                                     .arguments = {(const uint8_t *)arguments, size},
                                     .wish = &wish};
    const struct access_grant *grant = NULL;
    struct access_refusal refusal;
    struct recorded_decision last;
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct fault fault;
    /* In a millisecond of its own: an entry of the same one as that before it does not tell
     * what the clock said. */
    nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    wish.arguments = request.arguments;
    wish.now_s = (uint64_t)time(NULL);
    assert_status(access_decide(session, &request, &grant, &refusal), expected);
    assert_ok(recorded_find(session, 0, arena, &last, &fault));
    return last.entry_count - 1;
}

static void judge(struct entitled *entitled, const struct access_session *session,
                  uint64_t sequence, struct arena *arena, struct replay *out)
{
    const struct replay_texts texts = {.rules = text_bytes(&entitled->granted.source),
                                       .policy = BYTES_NONE,
                                       .has_class = true,
                                       .class = CLASS_CRITICAL};
    struct fault fault;
    assert_ok(replay_find(session, sequence, arena, out, &fault));
    assert_ok(replay_judge(session, &texts, arena, out, &fault));
}

static enum replay_state state_of(const struct replay *replay, const char *what)
{
    for (size_t i = 0; i < replay->input_count; i++) {
        if (strcmp(replay->inputs[i].what, what) == 0) {
            return replay->inputs[i].state;
        }
    }
    fail_msg("nothing says where %s is", what);
    return REPLAY_STATE_COUNT;
}

static void a_use_comes_out_the_same_as_long_as_all_of_it_is_kept(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    AUTO(arena_done) struct arena *arena = arena_new(256 << 20);
    struct access_session *session = &entitled.holder.session;
    struct replay replay;
    entitled_new(&entitled);
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    AUTO(text_done) struct text asked = text_of_limit(256);
    text_add(&asked, "analyze");
    text_add_byte(&asked, '\0');
    text_add(&asked, "--pack=");
    text_add_raw(&asked, entitled.granted.terms.rights[0].what);
    text_add_byte(&asked, '\0');
    uint64_t used = use(&entitled, session, asked.data, asked.size, STATUS_OK);
    judge(&entitled, session, used, arena, &replay);
    assert_int_equal(replay.then.answer, REPLAY_SAME);
    assert_true(replay.then.is_judged && replay.then.is_allowed);
    assert_int_equal(replay.today.answer, REPLAY_SAME);
    assert_true(bytes_equal(replay.what, entitled.granted.terms.rights[0].what));
    assert_true(bytes_equal(replay.grant, entitled.granted.terms.id));
    /* A request that names no pack cannot be judged for one. */
    uint64_t unnamed = use(&entitled, session, "analyze\0x", 10, STATUS_OK);
    judge(&entitled, session, unnamed, arena, &replay);
    assert_int_equal(replay.then.answer, REPLAY_UNKNOWN);
    assert_int_equal(state_of(&replay, "what was asked for"), REPLAY_NEVER_KEPT);
    /* Other rules than the entry names, and no paper of those. */
    text_add(&entitled.granted.source, "// later\n");
    judge(&entitled, session, used, arena, &replay);
    assert_int_equal(replay.then.answer, REPLAY_UNKNOWN);
    assert_int_equal(state_of(&replay, "the rules of grants"), REPLAY_GONE);
    assert_int_equal(replay.today.answer, REPLAY_OTHER);
    assert_string_equal(replay.today.refusal.rule, "group-goes-by-these-rules");
}

static void a_later_card_did_not_decide(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    AUTO(arena_done) struct arena *arena = arena_new(256 << 20);
    struct access_session *session = &entitled.holder.session;
    struct replay replay;
    entitled_new(&entitled);
    entitled_keep(&entitled, &entitled.holder, &entitled.file);
    uint64_t used = use(&entitled, session, "analyze\0--pack\0sample\0", 22, STATUS_OK);
    entitled.now_s += 3600;
    text_done(&entitled.card);
    entitled.card = entitled_card(&entitled);
    entitled_keep_card(&entitled, &entitled.holder);
    judge(&entitled, session, used, arena, &replay);
    assert_int_equal(replay.then.answer, REPLAY_UNKNOWN);
    assert_int_equal(replay.today.answer, REPLAY_UNKNOWN);
    assert_int_equal(state_of(&replay, "the group's card"), REPLAY_LATER);
}

static void an_operation_that_is_no_more_is_not_judged_today(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    AUTO(arena_done) struct arena *arena = arena_new(256 << 20);
    struct access_session *session = &entitled.holder.session;
    const struct access_request request = {
        .operation = "evidence.weigh", .class = CLASS_VERIFIED, .audit = AUDIT_CHANGE};
    struct replay_texts texts = {.has_class = false};
    const struct access_grant *grant = NULL;
    struct access_refusal refusal;
    struct replay replay;
    struct fault fault;
    entitled_new(&entitled);
    texts.rules = text_bytes(&entitled.granted.source);
    assert_ok(access_decide(session, &request, &grant, &refusal));
    assert_ok(replay_find(session, 1, arena, &replay, &fault));
    assert_ok(replay_judge(session, &texts, arena, &replay, &fault));
    assert_int_equal(replay.then.answer, REPLAY_SAME);
    assert_int_equal(replay.today.answer, REPLAY_UNKNOWN);
    /* It asks for more today than it did. */
    texts.has_class = true;
    texts.class = CLASS_CRITICAL;
    assert_ok(replay_find(session, 1, arena, &replay, &fault));
    assert_ok(replay_judge(session, &texts, arena, &replay, &fault));
    assert_int_equal(replay.today.answer, REPLAY_OTHER);
    assert_string_equal(replay.today.refusal.rule, "sealed-needs-a-grant");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_use_comes_out_the_same_as_long_as_all_of_it_is_kept),
        cmocka_unit_test(a_later_card_did_not_decide),
        cmocka_unit_test(an_operation_that_is_no_more_is_not_judged_today),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
