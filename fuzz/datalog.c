/* Claims of access/grant/source.h and world.h: a text is refused with a reason at a place
 * inside it, or read; what was read is written as text that reads back as the same text, and
 * said as a token's block, which says it too; and a decision about it comes out the same twice.
 */
#include "access/grant/source.h"

#include "fuzz.h"

#include "access/grant/print.h"
#include "access/grant/world.h"

#define MEMORY (64U << 20)
#define TEXT_MAX (8U << 20)
#define STEPS 200000

static struct datalog_verdict decide(struct arena *arena, const struct datalog_block *policy)
{
    struct datalog_world world;
    static struct datalog_verdict verdict;
    CLAIM(datalog_world_open(&world, arena, NULL, 0, policy) == STATUS_OK);
    world.budget = budget_of(STEPS);
    datalog_authorize(&world, &verdict);
    datalog_world_done(&world);
    return verdict;
}

static void claim_same(struct arena *arena, const struct datalog_block *block,
                       enum source_kind kind)
{
    AUTO(text_done) struct text first = text_of_limit(TEXT_MAX);
    AUTO(text_done) struct text second = text_of_limit(TEXT_MAX);
    struct datalog_block again;
    struct fault fault = {NULL, 0};
    datalog_add_block(&first, block);
    if (text_status(&first) != STATUS_OK || first.size > SOURCE_SIZE_MAX) {
        return;
    }
    enum status status = datalog_read(text_bytes(&first), kind, arena, &again, &fault);
    CLAIM(status == STATUS_OK || status == STATUS_NO_MEMORY);
    if (status == STATUS_OK) {
        datalog_add_block(&second, &again);
        CLAIM(bytes_equal(text_bytes(&first), text_bytes(&second)));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    for (int kind = SOURCE_FACTS; kind <= SOURCE_POLICY; kind++) {
        struct arena *AUTO(arena_done) arena = arena_new(MEMORY);
        struct datalog_block block;
        struct fault fault = {NULL, 0};
        enum status status = datalog_read(input, (enum source_kind)kind, arena, &block, &fault);
        if (status != STATUS_OK) {
            CLAIM(fault.what != NULL && fault.offset <= size);
            CLAIM(datalog_line(input, fault.offset) >= 1);
            continue;
        }
        CLAIM(kind == SOURCE_POLICY || block.policy_count == 0);
        CLAIM(kind != SOURCE_FACTS || block.rule_count + block.check_count == 0);
        claim_same(arena, &block, (enum source_kind)kind);
        struct datalog_verdict once = decide(arena, &block);
        struct datalog_verdict again = decide(arena, &block);
        CLAIM(once.outcome == again.outcome && once.error == again.error);
        CLAIM(once.steps == again.steps && once.policy_index == again.policy_index);
    }
    return 0;
}
