/* Grants made for a test, with a root of their own. */
#pragma once

#include "access/grant/issue.h"
#include "access/grant/source.h"
#include "access/grant/world.h"
#include "check.h"

#define GRANT_TEST_MEMORY (64U << 20)

static inline struct datalog_block block_of(struct arena *arena, const char *code)
{
    struct datalog_block block;
    struct fault fault = {NULL, 0};
    assert_ok(datalog_read(bytes_of_text(code), SOURCE_BLOCK, arena, &block, &fault));
    return block;
}

struct grants {
    struct arena *arena;
    struct grant_secret secret;
    struct grant_key root;
};

static inline struct grants grants_of(enum grant_algorithm algorithm)
{
    struct grants grants = {.arena = arena_new(GRANT_TEST_MEMORY)};
    assert_ok(grant_secret_new(algorithm, &grants.secret));
    assert_ok(grant_secret_key(&grants.secret, &grants.root));
    return grants;
}

static inline void grants_done(struct grants *grants)
{
    arena_free(grants->arena);
}

static inline struct text grant_of(struct grants *grants, const char *code)
{
    struct text token = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct datalog_block block = block_of(grants->arena, code);
    assert_ok(grant_create(&grants->secret, &block, grants->arena, &token));
    return token;
}

static inline struct grant_token opened(const struct grants *grants, const struct text *token)
{
    struct grant_token out;
    struct fault fault = {NULL, 0};
    assert_ok(grant_token_open(text_bytes(token), &grants->root, &out, &fault));
    return out;
}

static inline struct text narrowed(struct grants *grants, const struct text *token,
                                   const char *code)
{
    struct grant_token before = opened(grants, token);
    struct text out = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct datalog_block block = block_of(grants->arena, code);
    struct fault fault = {NULL, 0};
    assert_ok(grant_append(&before, &block, grants->arena, &out, &fault));
    return out;
}

/* What the policy says of the token. */
static inline struct datalog_verdict asked(struct grants *grants, const struct text *token,
                                           const char *code)
{
    struct grant_token grant = opened(grants, token);
    struct datalog_block *blocks =
        arena_take_many(grants->arena, GRANT_BLOCKS_MAX, sizeof *blocks);
    struct datalog_block policy;
    struct datalog_world world;
    struct datalog_verdict verdict;
    struct fault fault = {NULL, 0};
    assert_ok(grant_blocks_read(&grant, grants->arena, blocks, NULL, &fault));
    assert_ok(datalog_read(bytes_of_text(code), SOURCE_POLICY, grants->arena, &policy, &fault));
    assert_ok(datalog_world_open(&world, grants->arena, blocks, grant.part_count, &policy));
    datalog_authorize(&world, &verdict);
    datalog_world_done(&world);
    return verdict;
}
