/* The samples every implementation of Biscuit is tested with: what each token says, whether it
 * is authorized, why not, and what its blocks are revoked by. */
#include "access/grant/samples.h"

#include <string.h>

#include "access/grant/block.h"
#include "access/grant/print.h"
#include "access/grant/source.h"
#include "access/grant/world.h"
#include "codec/hex.h"
#include "codec/json.h"

#define MEMORY (64U << 20)
#define TEXT_MAX (1U << 20)
#define VALIDATIONS 50
#define REVOCATION_IDS 67

struct counts {
    unsigned validations;
    unsigned revocation_ids;
};

/* The function that one sample calls, as the samples describe it. */
static enum datalog_error test_function(const struct term *left, const struct term *right,
                                        struct term *out)
{
    if (right == NULL) {
        *out = *left;
        return DATALOG_FINE;
    }
    if (left->kind != TERM_STRING || right->kind != TERM_STRING) {
        return DATALOG_EXTERN_FAILED;
    }
    *out = (struct term){.kind = TERM_STRING,
                         .bytes = bytes_of_text(term_equal(left, right) ? "equal strings"
                                                                        : "different strings")};
    return DATALOG_FINE;
}

static void add_failure(struct jsonout *json, const struct datalog_failure *failure)
{
    AUTO(text_done) struct text rule = text_of_limit(TEXT_MAX);
    datalog_add_check(&rule, failure->check);
    jsonout_object_begin(json);
    jsonout_key(json, failure->block == DATALOG_OF_POLICY ? "Authorizer" : "Block");
    jsonout_object_begin(json);
    if (failure->block != DATALOG_OF_POLICY) {
        jsonout_member_unsigned(json, "block_id", failure->block);
    }
    jsonout_member_unsigned(json, "check_id", failure->index);
    jsonout_member_string(json, "rule", text_bytes(&rule));
    jsonout_object_end(json);
    jsonout_object_end(json);
}

static void add_denied(struct jsonout *json, const struct datalog_verdict *verdict)
{
    jsonout_key(json, "Unauthorized");
    jsonout_object_begin(json);
    jsonout_key(json, "policy");
    jsonout_object_begin(json);
    jsonout_member_unsigned(json, verdict->policy->is_allow ? "Allow" : "Deny",
                            verdict->policy_index);
    jsonout_object_end(json);
    jsonout_key(json, "checks");
    jsonout_list_begin(json);
    for (uint32_t i = 0; i < verdict->failure_count; i++) {
        add_failure(json, &verdict->failures[i]);
    }
    jsonout_list_end(json);
    jsonout_object_end(json);
}

static void add_invalid_rule(struct jsonout *json, const struct datalog_verdict *verdict)
{
    AUTO(text_done) struct text rule = text_of_limit(TEXT_MAX);
    datalog_add_rule(&rule, verdict->rule);
    jsonout_key(json, "InvalidBlockRule");
    jsonout_list_begin(json);
    jsonout_unsigned(json, 0);
    jsonout_string(json, text_bytes(&rule));
    jsonout_list_end(json);
}

/* The verdict in the words of the samples. */
static void add_verdict(struct jsonout *json, const struct datalog_verdict *verdict)
{
    jsonout_object_begin(json);
    if (verdict->outcome == OUTCOME_ALLOWED) {
        jsonout_member_unsigned(json, "Ok", verdict->policy_index);
        jsonout_object_end(json);
        return;
    }
    jsonout_key(json, "Err");
    jsonout_object_begin(json);
    if (verdict->outcome == OUTCOME_ERROR) {
        jsonout_member_text(json, "Execution", datalog_error_name(verdict->error));
    } else {
        jsonout_key(json, "FailedLogic");
        jsonout_object_begin(json);
        if (verdict->outcome == OUTCOME_INVALID_RULE) {
            add_invalid_rule(json, verdict);
        } else {
            assert_int_equal(verdict->outcome, OUTCOME_DENIED);
            add_denied(json, verdict);
        }
        jsonout_object_end(json);
    }
    jsonout_object_end(json);
    jsonout_object_end(json);
}

static void expect(const struct tree_node *expected, const struct text *found)
{
    AUTO(text_done) struct text text = text_of_limit(TEXT_MAX);
    struct jsonout json = jsonout_of(&text, JSONOUT_COMPACT);
    jsonout_tree(&json, expected);
    assert_string_equal(text_terminated(found), text_terminated(&text));
}

/* A token that does not verify: the samples tell a wrong signature from what is none. */
static void expect_refusal(const struct tree_node *result, enum status status)
{
    const struct tree_node *format = tree_member(tree_member(result, "Err"), "Format");
    bool is_wrong = tree_member(tree_member(format, "Signature"), "InvalidSignature") != NULL;
    bool is_none = tree_member(format, "BlockSignatureDeserializationError") != NULL;
    assert_true(is_wrong || is_none);
    assert_status(status, is_wrong ? STATUS_DENIED : STATUS_MALFORMED);
}

static void check_revocation_ids(const struct tree_node *ids, const struct grant_token *token,
                                 struct counts *counts)
{
    assert_int_equal(tree_child_count(ids), token->part_count);
    uint32_t i = 0;
    for (const struct tree_node *id = tree_first(ids); id != NULL; id = tree_next(ids, id)) {
        AUTO(text_done) struct text hex = text_of_limit(TEXT_MAX);
        text_add_hex(&hex, token->parts[i++].signature);
        assert_true(bytes_equal(text_bytes(&hex), tree_text(id)));
        counts->revocation_ids++;
    }
}

static void validate(const struct tree_node *validation, const struct grant_token *token,
                     const struct datalog_block *blocks, struct arena *arena)
{
    struct datalog_block policy;
    struct datalog_world world;
    struct datalog_verdict verdict;
    struct fault fault;
    static const struct datalog_extern externs[] = {{"test", test_function}};
    assert_ok(datalog_read(tree_text(tree_member(validation, "authorizer_code")), SOURCE_POLICY,
                           arena, &policy, &fault));
    assert_ok(datalog_world_open(&world, arena, blocks, token->part_count, &policy));
    world.externs = externs;
    world.extern_count = 1;
    datalog_authorize(&world, &verdict);
    datalog_world_done(&world);
    AUTO(text_done) struct text found = text_of_limit(TEXT_MAX);
    struct jsonout json = jsonout_of(&found, JSONOUT_COMPACT);
    add_verdict(&json, &verdict);
    expect(tree_member(validation, "result"), &found);
}

/* Each block in the text that the samples write for it, which reads back as the same. */
static void check_code(const struct tree_node *described, const struct grant_token *token,
                       const struct datalog_block *blocks, struct arena *arena)
{
    uint32_t i = 0;
    for (const struct tree_node *block = tree_first(described); block != NULL;
         block = tree_next(described, block)) {
        AUTO(text_done) struct text code = text_of_limit(TEXT_MAX);
        AUTO(text_done) struct text again = text_of_limit(TEXT_MAX);
        struct datalog_block read;
        struct fault fault;
        datalog_add_block(&code, &blocks[i++]);
        assert_bytes(tree_text(tree_member(block, "code")), text_terminated(&code));
        if (datalog_read(text_bytes(&code), SOURCE_BLOCK, arena, &read, &fault) != STATUS_OK) {
            assert_string_equal(fault.what,
                                "the rule's head has a variable that its body does not bind");
            continue;
        }
        datalog_add_block(&again, &read);
        assert_string_equal(text_terminated(&again), text_terminated(&code));
    }
    assert_int_equal(i, token->part_count);
}

static void check_case(const struct tree_node *sample, struct bytes bytes,
                       const struct grant_key *root, struct counts *counts)
{
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    struct grant_token token;
    struct fault fault;
    enum status status = grant_token_open(bytes, root, &token, &fault);
    struct datalog_block blocks[GRANT_BLOCKS_MAX];
    if (status == STATUS_OK) {
        assert_ok(grant_blocks_read(&token, arena, blocks, NULL, &fault));
        check_code(tree_member(sample, "token"), &token, blocks, arena);
    }
    const struct tree_node *validations = tree_member(sample, "validations");
    for (const struct tree_node *validation = tree_first(validations); validation != NULL;
         validation = tree_next(validations, validation)) {
        if (status != STATUS_OK) {
            expect_refusal(tree_member(validation, "result"), status);
        } else {
            check_revocation_ids(tree_member(validation, "revocation_ids"), &token, counts);
            validate(validation, &token, blocks, arena);
        }
        counts->validations++;
    }
}

static void agrees_with_every_sample(void **state)
{
    (void)state;
    char path[VECTORS_PATH_MAX];
    if (!vectors_find("biscuit/samples.json", path)) {
        return;
    }
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY);
    AUTO(text_done) struct text bytes;
    struct tree samples = read_json(path, &bytes, arena);
    struct grant_key root;
    uint8_t key[32];
    assert_ok(hex_read(tree_text(tree_member(samples.nodes, "root_public_key")), key, 32));
    assert_ok(grant_key_of(GRANT_ED25519, (struct bytes){key, sizeof key}, &root));
    struct counts counts = {0};
    const struct tree_node *cases = tree_member(samples.nodes, "testcases");
    for (const struct tree_node *sample = tree_first(cases); sample != NULL;
         sample = tree_next(cases, sample)) {
        struct bytes name = tree_text(tree_member(sample, "filename"));
        char file[VECTORS_PATH_MAX];
        assert_true(snprintf(file, sizeof file, "%.*s/%.*s", (int)(strrchr(path, '/') - path),
                             path, (int)name.size, (const char *)name.data) < VECTORS_PATH_MAX);
        AUTO(text_done) struct text token = vectors_read(file);
        check_case(sample, text_bytes(&token), &root, &counts);
    }
    printf("Biscuit samples: %u/%d validations, %u/%d revocation ids\n", counts.validations,
           VALIDATIONS, counts.revocation_ids, REVOCATION_IDS);
    assert_int_equal(counts.validations, VALIDATIONS);
    assert_int_equal(counts.revocation_ids, REVOCATION_IDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_every_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
