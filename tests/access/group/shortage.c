/* Whatever memory or room is too little for, that is said, and nothing is allowed. */
#include "access/amounts.h"
#include "access/group/entitled.h"

static enum status read_file(void *context, struct room *room)
{
    struct entitled *entitled = context;
    struct grant_file file;
    struct deed_fault fault = {0};
    return grant_file_read(text_bytes(&entitled->file), room->arena, &file, &fault);
}

static enum status write_file(void *context, struct room *room)
{
    struct entitled *entitled = context;
    struct grant_file file;
    struct deed_fault fault = {0};
    AUTO(arena_done) struct arena *arena = arena_new(GRANTED_MEMORY);
    AUTO(text_done) struct text line = text_of_limit(IDENTITY_FILE_MAX);
    assert_ok(grant_file_read(text_bytes(&entitled->file), arena, &file, &fault));
    identity_add_verifier(&entitled->group.session.identity, &line);
    return grant_file_write(&entitled->group.session.identity,
                            moment_of_unix((int64_t)entitled->now_s, 0), text_bytes(&line),
                            &file, room->out, &fault);
}

static enum status write_issuance(void *context, struct room *room)
{
    struct entitled *entitled = context;
    struct grant_token token = granted_token(&entitled->granted, &entitled->token);
    return grant_issuance(&token, token.part_count, room->out);
}

static enum status write_list(void *context, struct room *room)
{
    struct entitled *entitled = context;
    const struct sha256 block = sha256_of(text_bytes(&entitled->token));
    struct revocation_list list = {.number = 1};
    struct deed_fault fault = {0};
    assert_ok(revocation_list_add(&list, &block, entitled->now_s));
    return revocation_list_write(&entitled->group.session.identity,
                                 moment_of_unix((int64_t)entitled->now_s, 0), &list, room->out,
                                 &fault);
}

/* What is refused because it takes too much is no less refused. */
static enum status told(enum status status, const struct access_refusal *refusal)
{
    return status == STATUS_DENIED && strcmp(refusal->rule, "grant-is-whole") == 0
               ? STATUS_NO_MEMORY
               : status;
}

static enum status judge(void *context, struct room *room)
{
    struct entitled *entitled = context;
    const struct entitlement_wish wish = entitled_wish(entitled);
    struct entitlement found;
    struct access_refusal refusal = {0};
    struct fault fault;
    return told(entitlement_judge(&entitled->holder.session, &wish, text_bytes(&entitled->file),
                                  room->arena, &found, &refusal, &fault),
                &refusal);
}

static enum status find(void *context, struct room *room)
{
    struct entitled *entitled = context;
    const struct entitlement_wish wish = entitled_wish(entitled);
    struct entitlement found;
    struct access_refusal refusal = {0};
    struct fault fault;
    return told(entitlement_find(&entitled->agent.session, &wish, room->arena, &found, &refusal,
                                 &fault),
                &refusal);
}

static const struct amount_deed deeds[] = {
    {"a grant's file is read", read_file, true, false},
    {"a grant's file is written", write_file, false, true},
    {"an issuance is written", write_issuance, false, true},
    {"a list of revocations is written", write_list, false, true},
    {"a grant is judged", judge, true, false},
    {"a kept grant is found", find, true, false},
    {0},
};

static void too_little_memory_is_said(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    AUTO(text_done) struct text narrowed = entitled_narrow(&entitled);
    entitled_keep(&entitled, &entitled.agent, &narrowed);
    amounts_try_all(&entitled, deeds, true);
}

static void too_little_room_is_said(void **state)
{
    (void)state;
    AUTO(entitled_done) struct entitled entitled;
    entitled_new(&entitled);
    amounts_try_all(&entitled, deeds, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_little_memory_is_said),
        cmocka_unit_test(too_little_room_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
