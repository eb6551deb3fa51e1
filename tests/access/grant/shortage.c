/* Whatever memory or room is too little for, that is said, and nothing is decided: each thing
 * is done with every amount from none to what it needs. */
#include "access/amounts.h"
#include "access/grant/granted.h"
#include "access/grant/grants.h"

static const char rich[] =
    "said(1, \"alice\", 2026-01-01T00:00:00Z, hex:0102, true, null, {1, 2}, [1, \"a\"],\n"
    "    {\"key\": 1, 2: \"value\"});\n"
    "more({1, 2, 3}, [[1], [2]], {\"one\": {\"two\": 2}});\n"
    "seen($x, $y) <- said($x, $y), other($y), $x > 1 && !($y.starts_with(\"al\") ||\n"
    "    [1, 2].any($each -> $each === $x)), $x.extern::test(2) trusting authority,\n"
    "    ed25519/a060270db7e9c9f06e8f9cc33a64e99f6596af12cb01c4b638df8afc7b642463;\n"
    "check if said(1, $who), $who.length() == 5 or other(2);\n"
    "check all other($a), $a < 1 or other($b), $b > 2;\n";
static const char policy[] =
    "said(1, \"alice\");\nallow if said($x, $who), seen($x);\ndeny if true;\n"
    "seen($x) <- said($x, $who), $who + \"x\" == \"alicex\";\ncheck if seen(1);\n";

struct scene {
    struct granted granted;
    struct grants grants;
    struct text whole; /* a grant that an agent was left something of */
    struct text rich;
    struct text request;
    struct text answer;
    struct grant_opened opened;
    struct datalog_block block;
    struct datalog_block policy;
};

static void scene_begin(struct scene *scene)
{
    struct fault fault = {NULL, 0};
    scene->granted = granted_new();
    scene->grants = grants_of(GRANT_ED25519);
    scene->whole = granted_whole(&scene->granted);
    granted_delegate(&scene->granted, &scene->whole, &scene->granted.holder,
                     &scene->granted.agent);
    scene->rich = grant_of(&scene->grants, rich);
    scene->block = block_of(scene->grants.arena, rich);
    assert_ok(datalog_read(bytes_of_text(policy), SOURCE_POLICY, scene->grants.arena,
                           &scene->policy, &fault));
    assert_ok(grant_open(text_bytes(&scene->whole), &scene->granted.group.key,
                         scene->grants.arena, &scene->opened, &fault));
    struct grant_token token = granted_token(&scene->granted, &scene->whole);
    scene->request = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    scene->answer = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    assert_ok(grant_request_write(&token, &scene->request));
    assert_ok(grant_request_answer(text_bytes(&scene->request),
                                   &scene->granted.officers[0].secret, &scene->block,
                                   scene->grants.arena, &scene->answer, &fault));
}

static void scene_end(struct scene *scene)
{
    text_done(&scene->whole);
    text_done(&scene->rich);
    text_done(&scene->request);
    text_done(&scene->answer);
    grants_done(&scene->grants);
    granted_done(&scene->granted);
}

/* ---- what is done ---- */

static enum status read_blocks(void *context, struct room *room)
{
    struct scene *scene = context;
    struct datalog_block block;
    struct fault fault;
    struct grant_token token = opened(&scene->grants, &scene->rich);
    return grant_blocks_read(&token, room->arena, &block, NULL, &fault);
}

static enum status read_source(void *context, struct room *room)
{
    struct datalog_block block;
    struct fault fault;
    (void)context;
    TRY(datalog_read(bytes_of_text(rich), SOURCE_BLOCK, room->arena, &block, &fault));
    return datalog_read(bytes_of_text(policy), SOURCE_POLICY, room->arena, &block, &fault);
}

static enum status authorize(void *context, struct room *room)
{
    struct scene *scene = context;
    struct datalog_world world;
    struct datalog_verdict verdict;
    TRY(datalog_world_open(&world, room->arena, NULL, 0, &scene->policy));
    datalog_authorize(&world, &verdict);
    datalog_world_done(&world);
    assert_true(verdict.outcome == OUTCOME_ALLOWED || verdict.outcome == OUTCOME_ERROR);
    return verdict.outcome == OUTCOME_ALLOWED ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status make_blocks(void *context, struct room *room)
{
    struct scene *scene = context;
    struct datalog_block block;
    TRY(grant_terms_block(&scene->opened.terms, room->arena, &block));
    TRY(grant_delegation_block(&scene->opened.delegation, room->arena, &block));
    return grant_approval_block(bytes_of_text("legal"), room->arena, &block);
}

static enum status open_grant(void *context, struct room *room)
{
    struct scene *scene = context;
    struct grant_opened grant;
    struct fault fault;
    TRY(grant_open(text_bytes(&scene->whole), &scene->granted.group.key, room->arena, &grant,
                   &fault));
    assert_true(grant.has_delegation);
    return STATUS_OK;
}

static enum status read_rules(void *context, struct room *room)
{
    struct scene *scene = context;
    struct grant_rules rules;
    struct fault fault;
    return grant_rules_read(text_bytes(&scene->granted.source), room->arena, &rules, &fault);
}

static enum status judge(void *context, struct room *room)
{
    struct scene *scene = context;
    struct access_refusal refusal = {0};
    struct grant_question question = granted_question(&scene->granted);
    question.presenter = &scene->granted.agent.key;
    enum status status =
        grant_judge(&scene->granted.rules, &scene->opened, &question, room->arena, &refusal);
    /* Refused because it takes too much is no less refused. */
    return status == STATUS_DENIED ? STATUS_NO_MEMORY : status;
}

static enum status append(void *context, struct room *room)
{
    struct scene *scene = context;
    struct fault fault;
    struct grant_token token = opened(&scene->grants, &scene->rich);
    return grant_append(&token, &scene->block, room->arena, room->out, &fault);
}

static enum status create(void *context, struct room *room)
{
    struct scene *scene = context;
    return grant_create(&scene->grants.secret, &scene->block, room->arena, room->out);
}

static enum status seal(void *context, struct room *room)
{
    struct scene *scene = context;
    struct grant_token token = opened(&scene->grants, &scene->rich);
    return grant_seal(&token, room->out);
}

static enum status request(void *context, struct room *room)
{
    struct scene *scene = context;
    struct grant_token token = opened(&scene->grants, &scene->rich);
    return grant_request_write(&token, room->out);
}

static enum status answer(void *context, struct room *room)
{
    struct scene *scene = context;
    struct fault fault;
    return grant_request_answer(text_bytes(&scene->request), &scene->granted.officers[0].secret,
                                &scene->block, room->arena, room->out, &fault);
}

static enum status append_answer(void *context, struct room *room)
{
    struct scene *scene = context;
    struct fault fault;
    struct grant_token token = granted_token(&scene->granted, &scene->whole);
    return grant_append_answer(&token, text_bytes(&scene->answer), room->out, &fault);
}

static const struct amount_deed deeds[] = {
    {"blocks are read", read_blocks, true, false},
    {"source is read", read_source, true, false},
    {"conclusions are drawn", authorize, true, false},
    {"blocks are made", make_blocks, true, false},
    {"a grant is opened", open_grant, true, false},
    {"rules are read", read_rules, true, false},
    {"a grant is judged", judge, true, false},
    {"a block is appended", append, true, true},
    {"a grant is made", create, true, true},
    {"a grant is sealed", seal, false, true},
    {"a request is written", request, false, true},
    {"a request is answered", answer, true, true},
    {"an answer is appended", append_answer, false, true},
    {0},
};

static void too_little_memory_is_said(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene);
    amounts_try_all(&scene, deeds, true);
    scene_end(&scene);
}

static void too_little_room_is_said(void **state)
{
    (void)state;
    struct scene scene;
    scene_begin(&scene);
    amounts_try_all(&scene, deeds, false);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_little_memory_is_said),
        cmocka_unit_test(too_little_room_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
