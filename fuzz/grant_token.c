/* Claims of access/grant: a token that is read borrows from the input alone; what its blocks
 * say can be written as a block that says the same, as can the terms of a grant; and deciding
 * about it ends with the same verdict twice. */
#include "fuzz.h"

#include "access/grant/block.h"
#include "access/grant/print.h"
#include "access/grant/terms.h"
#include "access/grant/world.h"

#define MEMORY (64U << 20)
#define TEXT_MAX (8U << 20)

static struct datalog_verdict decide(struct arena *arena, const struct datalog_block *blocks,
                                     uint32_t count)
{
    struct rule query = {.head = {.name = bytes_of_text("query")}};
    struct policy allow = {.is_allow = true, .queries = &query, .query_count = 1};
    struct datalog_block policy = {.policies = &allow, .policy_count = 1};
    struct datalog_world world;
    static struct datalog_verdict verdict;
    CLAIM(datalog_world_open(&world, arena, blocks, count, &policy) == STATUS_OK);
    world.budget = budget_of(200000);
    datalog_authorize(&world, &verdict);
    datalog_world_done(&world);
    return verdict;
}

/* The block written on its own, read again, is the same text. */
static void claim_same(struct arena *arena, const struct datalog_block *block)
{
    struct grant_symbols symbols = {.arena = arena};
    AUTO(text_done) struct text bytes = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text first = text_of_limit(TEXT_MAX);
    AUTO(text_done) struct text second = text_of_limit(TEXT_MAX);
    struct datalog_block plain = *block;
    plain.has_external = false;
    if (grant_block_write(&plain, &symbols, &bytes) != STATUS_OK) {
        return; /* names that were shared with other blocks may make it too long */
    }
    struct grant_token alone = {.part_count = 1};
    alone.parts[0].block = text_bytes(&bytes);
    struct datalog_block again;
    struct fault fault;
    enum status status = grant_blocks_read(&alone, arena, &again, NULL, &fault);
    CLAIM(status == STATUS_OK || status == STATUS_NO_MEMORY);
    datalog_add_block(&first, &plain);
    if (status == STATUS_OK && text_status(&first) == STATUS_OK) {
        datalog_add_block(&second, &again);
        CLAIM(bytes_equal(text_bytes(&first), text_bytes(&second)));
    }
}

/* Terms that were read make the very block they were read from. */
static void claim_terms(struct arena *arena, const struct datalog_block *block)
{
    AUTO(text_done) struct text first = text_of_limit(TEXT_MAX);
    AUTO(text_done) struct text second = text_of_limit(TEXT_MAX);
    struct grant_terms terms;
    struct datalog_block again;
    struct fault fault = {NULL, 0};
    if (grant_terms_read(block, arena, &terms, &fault) != STATUS_OK) {
        return;
    }
    enum status status = grant_terms_block(&terms, arena, &again);
    CLAIM(status == STATUS_OK || status == STATUS_NO_MEMORY);
    if (status == STATUS_OK) {
        datalog_add_block(&first, block);
        datalog_add_block(&second, &again);
        CLAIM(bytes_equal(text_bytes(&first), text_bytes(&second)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct grant_token token;
    struct fault fault = {NULL, 0};
    if (grant_token_read(input, &token, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL);
        return 0;
    }
    CLAIM(token.part_count >= 1 && token.part_count <= GRANT_BLOCKS_MAX);
    CLAIM(lies_inside(token.proof, input));
    for (uint32_t i = 0; i < token.part_count; i++) {
        CLAIM(lies_inside(token.parts[i].block, input));
        CLAIM(lies_inside(token.parts[i].signature, input));
    }
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY);
    static struct datalog_block blocks[GRANT_BLOCKS_MAX];
    fault.what = NULL;
    if (grant_blocks_read(&token, arena, blocks, NULL, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL);
        return 0;
    }
    for (uint32_t i = 0; i < token.part_count; i++) {
        claim_same(arena, &blocks[i]);
        claim_terms(arena, &blocks[i]);
    }
    struct datalog_verdict once = decide(arena, blocks, token.part_count);
    struct datalog_verdict again = decide(arena, blocks, token.part_count);
    CLAIM(once.outcome == again.outcome && once.error == again.error);
    CLAIM(once.steps == again.steps && once.failure_count == again.failure_count);
    return 0;
}
