/* Grants of the group in founded.h: drafts, approvals, and what the holder leaves an agent. */
#pragma once

#include "access/grant/founded.h"

static inline struct text granted_draft(struct granted *granted)
{
    struct text token = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct datalog_block block;
    assert_ok(grant_terms_block(&granted->terms, granted->arena, &block));
    assert_ok(grant_create(&granted->group.secret, &block, granted->arena, &token));
    return token;
}

static inline struct grant_token granted_token(const struct granted *granted,
                                               const struct text *token)
{
    struct grant_token read;
    struct fault fault = {NULL, 0};
    assert_ok(grant_token_open(text_bytes(token), &granted->group.key, &read, &fault));
    return read;
}

/* The token with a block of somebody's more; frees the one before. */
static inline void granted_sign(struct granted *granted, struct text *token,
                                const struct party *party, const struct datalog_block *block)
{
    struct grant_token before = granted_token(granted, token);
    struct text longer = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text request = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text answer = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct fault fault = {NULL, 0};
    assert_ok(grant_request_write(&before, &request));
    assert_ok(grant_request_answer(text_bytes(&request), &party->secret, block, granted->arena,
                                   &answer, &fault));
    assert_ok(grant_append_answer(&before, text_bytes(&answer), &longer, &fault));
    text_done(token);
    *token = longer;
}

static inline void granted_approve(struct granted *granted, struct text *token,
                                   const struct party *officer, const char *role)
{
    struct datalog_block block;
    assert_ok(grant_approval_block(bytes_of_text(role), granted->arena, &block));
    granted_sign(granted, token, officer, &block);
}

static inline void granted_delegate(struct granted *granted, struct text *token,
                                    const struct party *by, const struct party *agent)
{
    struct grant_delegation delegation = {
        .name = bytes_of_text("night watch"),
        .key = agent->key,
        .expires_s = GRANTED_NOW + 600,
        .calls_max = 2,
        .right = granted->terms.rights[0],
    };
    struct datalog_block block;
    assert_ok(grant_delegation_block(&delegation, granted->arena, &block));
    granted_sign(granted, token, by, &block);
}

/* Approved by the first two officers. */
static inline struct text granted_whole(struct granted *granted)
{
    struct text token = granted_draft(granted);
    granted_approve(granted, &token, &granted->officers[0], "security");
    granted_approve(granted, &token, &granted->officers[1], "legal");
    return token;
}

static inline struct grant_question granted_question(const struct granted *granted)
{
    return (struct grant_question){
        .officers = granted->named,
        .officer_count = GRANTED_OFFICERS,
        .presenter = &granted->holder.key,
        .want = granted->terms.rights[0],
        .now_s = GRANTED_NOW,
        .seen_s = GRANTED_NOW - 60,
        .is_logged = true,
        .issued_s = GRANTED_NOW,
        .quorum = 2,
        .cosigned = 2,
    };
}
