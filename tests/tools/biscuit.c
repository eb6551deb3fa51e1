/* Says what follows from tokens and authorizers, for tests/prove/biscuit-wasm beside another
 * implementation of Biscuit.
 *
 *     tocsin-biscuit < CASES
 *
 * Each line is the root's key ("ed25519/..."), the token in URL-safe base64 and the
 * authorizer's text in base64; each answer is a line: "allowed 0", "denied allow 0 A/1 B0/2" (a
 * policy and the checks that failed), "no-policy A/1", "invalid-rule" or "error". */
#include <stdio.h>
#include <unistd.h>

#include "access/grant/block.h"
#include "access/grant/source.h"
#include "access/grant/world.h"
#include "base/file.h"
#include "codec/base64.h"

#define MEMORY_MAX (64U << 20)
#define INPUT_MAX (256U << 20)

static void add_checks(struct text *out, const struct datalog_verdict *verdict)
{
    for (uint32_t i = 0; i < verdict->failure_count && i < DATALOG_FAILED_MAX; i++) {
        const struct datalog_failure *failure = &verdict->failures[i];
        if (failure->block == DATALOG_OF_POLICY) {
            text_addf(out, " A/%u", failure->index);
        } else {
            text_addf(out, " B%u/%u", failure->block, failure->index);
        }
    }
}

static void add_verdict(struct text *out, const struct datalog_verdict *verdict)
{
    switch (verdict->outcome) {
    case OUTCOME_ALLOWED:
        text_addf(out, "allowed %u", verdict->policy_index);
        break;
    case OUTCOME_DENIED:
        text_addf(out, "denied %s %u", verdict->policy->is_allow ? "allow" : "deny",
                  verdict->policy_index);
        add_checks(out, verdict);
        break;
    case OUTCOME_NO_POLICY:
        text_add(out, "no-policy");
        add_checks(out, verdict);
        break;
    case OUTCOME_INVALID_RULE:
        text_add(out, "invalid-rule");
        break;
    case OUTCOME_ERROR:
        text_add(out, "error");
        break;
    }
}

/* STATUS_OK with the verdict, or what is wrong with the case. */
static enum status judge(struct bytes line, struct arena *arena, struct datalog_verdict *out,
                         struct fault *fault)
{
    struct bytes words[3];
    struct bytes token;
    struct bytes source;
    struct grant_key root;
    struct grant_token read;
    struct datalog_block policy;
    struct datalog_world world;
    struct datalog_block *blocks = arena_take_many(arena, GRANT_BLOCKS_MAX, sizeof *blocks);
    for (size_t i = 0; i < 3; i++) {
        if (!bytes_split(&line, ' ', &words[i])) {
            return STATUS_MALFORMED;
        }
    }
    if (blocks == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(grant_key_read(words[0], &root));
    TRY(base64_decode(words[1], BASE64_URL, arena, &token));
    TRY(base64_decode(words[2], 0, arena, &source));
    TRY(grant_token_open(token, &root, &read, fault));
    TRY(grant_blocks_read(&read, arena, blocks, NULL, fault));
    TRY(datalog_read(source, SOURCE_POLICY, arena, &policy, fault));
    TRY(datalog_world_open(&world, arena, blocks, read.part_count, &policy));
    datalog_authorize(&world, out);
    datalog_world_done(&world);
    return STATUS_OK;
}

static void answer(struct bytes line, struct arena *arena)
{
    struct datalog_verdict *verdict = arena_take(arena, sizeof *verdict);
    AUTO(text_done) struct text out = text_of_limit(1 << 16);
    struct fault fault = {"its line is not as it should be", 0};
    enum status status =
        verdict == NULL ? STATUS_NO_MEMORY : judge(line, arena, verdict, &fault);
    if (status == STATUS_OK) {
        add_verdict(&out, verdict);
    } else {
        text_addf(&out, "unread %s: %s", status_name(status), fault.what);
    }
    puts(text_terminated(&out));
    arena_reset(arena);
}

int main(void)
{
    AUTO(text_done) struct text input = text_of_limit(INPUT_MAX);
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY_MAX);
    struct bytes line;
    if (arena == NULL || file_read(STDIN_FILENO, &input) != STATUS_OK) {
        fprintf(stderr, "the cases cannot be read\n");
        return 2;
    }
    struct bytes rest = text_bytes(&input);
    while (bytes_split(&rest, '\n', &line)) {
        answer(line, arena);
    }
    return 0;
}
