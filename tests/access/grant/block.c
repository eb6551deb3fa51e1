#include "access/grant/block.h"

#include "access/grant/block_fields.h"
#include "access/grant/grants.h"
#include "access/grant/proto.h"

/* What reading one block of those bytes comes to. */
static enum status read_block(struct arena *arena, const struct text *bytes, bool is_external,
                              struct fault *fault)
{
    struct grant_token token = {.part_count = 1};
    struct datalog_block block;
    token.parts[0].block = text_bytes(bytes);
    token.parts[0].has_external = is_external;
    return grant_blocks_read(&token, arena, &block, NULL, fault);
}

static void expect(struct arena *arena, const struct text *bytes, enum status status,
                   const char *why)
{
    struct fault fault = {NULL, 0};
    assert_status(read_block(arena, bytes, false, &fault), status);
    if (status != STATUS_OK) {
        assert_string_equal(fault.what, why);
    }
}

static struct text versioned(uint64_t version)
{
    struct text bytes = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    proto_add_number(&bytes, BLOCK_VERSION, version);
    return bytes;
}

/* A fact whose one term holds what `term` says. */
static void add_fact(struct text *out, struct bytes term)
{
    AUTO(text_done) struct text predicate = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text fact = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    proto_add_number(&predicate, PREDICATE_NAME, 0);
    proto_add_bytes(&predicate, PREDICATE_TERM, term);
    proto_add_bytes(&fact, FACT_PREDICATE, text_bytes(&predicate));
    proto_add_bytes(out, BLOCK_FACT, text_bytes(&fact));
}

static void knows_its_versions(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    for (uint64_t version = 0; version < 9; version++) {
        AUTO(text_done) struct text bytes = versioned(version);
        bool is_known = version >= DATALOG_VERSION_MIN && version <= DATALOG_VERSION_MAX;
        struct fault fault = {NULL, 0};
        assert_status(read_block(arena, &bytes, false, &fault),
                      is_known ? STATUS_OK : STATUS_UNSUPPORTED);
        bool is_late = is_known && version >= DATALOG_VERSION_EXTERNAL;
        assert_int_equal(read_block(arena, &bytes, true, &fault) == STATUS_OK, is_late);
    }
}

static void refuses_what_its_version_cannot_say(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    const struct bytes null = BYTES_LITERAL("\x42\x00");
    AUTO(text_done) struct text late = versioned(6);
    AUTO(text_done) struct text early = versioned(5);
    add_fact(&late, null);
    add_fact(&early, null);
    expect(arena, &late, STATUS_OK, NULL);
    expect(arena, &early, STATUS_MALFORMED, "a block says more than its version can");
}

static void refuses_terms_that_are_none(void **state)
{
    (void)state;
    static const struct {
        struct bytes term;
        const char *why;
    } cases[] = {
        {BYTES_LITERAL(""), "a term is empty"},
        {BYTES_LITERAL("\x08\x00"), "a variable where none may stand"},
        {BYTES_LITERAL("\x18\x80\x08"), "a name that the token does not bring"},
        {BYTES_LITERAL("\x60\x01"), "a term of no known kind"},
        {BYTES_LITERAL("\x0d\x00\x00\x00\x00"), "a term is none"},
        {BYTES_LITERAL("\x3a\x06\x0a\x02\x10\x01\x0a\x00"), "a term is empty"},
        {BYTES_LITERAL("\x3a\x08\x0a\x02\x10\x01\x0a\x02\x30\x01"),
         "a set of sets, or of several kinds"},
        {BYTES_LITERAL("\x3a\x04\x0a\x02\x3a\x00"), "a set of sets, or of several kinds"},
        {BYTES_LITERAL("\x52\x02\x0a\x00"), "a map's entry is not whole"},
        {BYTES_LITERAL("\x12\x01\x00"), "a term of no known kind"},
        {BYTES_LITERAL("\x10"), "the bytes end too early"},
        {BYTES_LITERAL("\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
         "a number is longer than 64 bits"},
    };
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO(text_done) struct text bytes = versioned(6);
        add_fact(&bytes, cases[i].term);
        expect(arena, &bytes, STATUS_MALFORMED, cases[i].why);
    }
}

/* One that reads on past it would take the block for one without a scope, or with less. */
static void refuses_scopes_of_an_unknown_kind(void **state)
{
    (void)state;
    static const struct {
        struct bytes scope;
        const char *why;
    } cases[] = {
        {BYTES_LITERAL("\x08\x00"), NULL},
        {BYTES_LITERAL("\x08\x01"), NULL},
        {BYTES_LITERAL("\x08\x02"), "a scope of an unknown kind"},
        {BYTES_LITERAL("\x08\x00\x08\x02"), "a scope of an unknown kind"},
        {BYTES_LITERAL("\x08\xff\xff\xff\xff\x0f"), "a scope of an unknown kind"},
        {BYTES_LITERAL(""), "a scope is none"},
    };
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO(text_done) struct text bytes = versioned(6);
        proto_add_bytes(&bytes, BLOCK_SCOPE, cases[i].scope);
        expect(arena, &bytes, cases[i].why == NULL ? STATUS_OK : STATUS_MALFORMED,
               cases[i].why);
    }
}

/* Thousands of arrays in one another fit into a token. */
static void refuses_terms_that_lie_too_deep(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    struct text inner = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    proto_add_number(&inner, TERM_FIELD_INTEGER, 1);
    for (unsigned i = 0; i < 1000; i++) {
        AUTO(text_done) struct text list = text_of_limit(GRANT_TOKEN_SIZE_MAX);
        struct text outer = text_of_limit(GRANT_TOKEN_SIZE_MAX);
        proto_add_bytes(&list, LIST_ITEM, text_bytes(&inner));
        proto_add_bytes(&outer, TERM_FIELD_ARRAY, text_bytes(&list));
        text_done(&inner);
        inner = outer;
    }
    AUTO(text_done) struct text bytes = versioned(6);
    add_fact(&bytes, text_bytes(&inner));
    expect(arena, &bytes, STATUS_LIMIT, "terms lie too deep in one another");
    text_done(&inner);
}

/* A rule of so many predicates in its body, and so many values in its expression. */
static struct text rule_of(unsigned predicates, unsigned values, struct bytes closure)
{
    struct text bytes = versioned(6);
    AUTO(text_done) struct text rule = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text expression = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    const struct bytes head = BYTES_LITERAL("\x08\x00\x12\x02\x10\x01"); /* read(1) */
    const struct bytes value = BYTES_LITERAL("\x0a\x02\x10\x01");
    proto_add_bytes(&rule, RULE_HEAD, head);
    for (unsigned i = 0; i < predicates; i++) {
        proto_add_bytes(&rule, RULE_BODY, head);
    }
    for (unsigned i = 0; i < values; i++) {
        proto_add_bytes(&expression, EXPRESSION_OP, value);
    }
    if (closure.size > 0) {
        proto_add_bytes(&expression, EXPRESSION_OP, closure);
    }
    proto_add_bytes(&rule, RULE_EXPRESSION, text_bytes(&expression));
    proto_add_bytes(&bytes, BLOCK_RULE, text_bytes(&rule));
    return bytes;
}

static void refuses_rules_beyond_their_limits(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    AUTO(text_done) struct text most = rule_of(DATALOG_BODY_MAX, DATALOG_OPS_MAX, BYTES_NONE);
    AUTO(text_done) struct text wide = rule_of(DATALOG_BODY_MAX + 1, 1, BYTES_NONE);
    AUTO(text_done) struct text long_one = rule_of(1, DATALOG_OPS_MAX + 1, BYTES_NONE);
    expect(arena, &most, STATUS_OK, NULL);
    expect(arena, &wide, STATUS_LIMIT, "a rule has too many predicates");
    expect(arena, &long_one, STATUS_LIMIT, "an expression is too long");
    struct text op = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    proto_add_bytes(&op, OP_FIELD_VALUE, (struct bytes)BYTES_LITERAL("\x10\x01"));
    unsigned deep = 0;
    for (bool is_read = true; is_read; deep++) {
        AUTO(text_done) struct text closure = text_of_limit(GRANT_TOKEN_SIZE_MAX);
        struct text outer = text_of_limit(GRANT_TOKEN_SIZE_MAX);
        struct fault fault = {NULL, 0};
        proto_add_bytes(&closure, CLOSURE_OP, text_bytes(&op));
        proto_add_bytes(&outer, OP_FIELD_CLOSURE, text_bytes(&closure));
        text_done(&op);
        op = outer;
        AUTO(text_done) struct text rule = rule_of(1, 1, text_bytes(&op));
        is_read = read_block(arena, &rule, false, &fault) == STATUS_OK;
        assert_true(is_read || strcmp(fault.what, "closures lie too deep in one another") == 0);
    }
    assert_int_equal(deep, DATALOG_DEPTH_MAX + 1);
    text_done(&op);
    /* [$v], which only a rule could mean anything by. */
    AUTO(text_done)
    struct text list =
        rule_of(1, 0, (struct bytes)BYTES_LITERAL("\x0a\x06\x4a\x04\x0a\x02\x08\x00"));
    expect(arena, &list, STATUS_MALFORMED, "a variable inside a list");
}

static void refuses_names_that_are_there_or_no_text(void **state)
{
    (void)state;
    static const char *const names[] = {"read", "own", "\xff"};
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    for (size_t i = 0; i < 3; i++) {
        AUTO(text_done) struct text bytes = versioned(3);
        proto_add_bytes(&bytes, BLOCK_SYMBOL, bytes_of_text("own"));
        proto_add_bytes(&bytes, BLOCK_SYMBOL, bytes_of_text(names[i]));
        expect(arena, &bytes, STATUS_MALFORMED, "a table of names that cannot be used");
    }
}

static void sorts_sets_and_maps_whoever_wrote_them(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    AUTO(text_done) struct text bytes = versioned(6);
    add_fact(&bytes, (struct bytes)BYTES_LITERAL("\x3a\x0c\x0a\x02\x10\x03\x0a\x02\x10\x01"
                                                 "\x0a\x02\x10\x03"));
    struct grant_token token = {.part_count = 1};
    struct datalog_block block;
    struct fault fault;
    token.parts[0].block = text_bytes(&bytes);
    assert_ok(grant_blocks_read(&token, arena, &block, NULL, &fault));
    const struct term *set = &block.facts[0].terms[0];
    assert_int_equal(set->list.count, 2);
    assert_int_equal(set->list.items[0].integer, 1);
    assert_int_equal(set->list.items[1].integer, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_its_versions),
        cmocka_unit_test(refuses_what_its_version_cannot_say),
        cmocka_unit_test(refuses_terms_that_are_none),
        cmocka_unit_test(refuses_scopes_of_an_unknown_kind),
        cmocka_unit_test(refuses_terms_that_lie_too_deep),
        cmocka_unit_test(refuses_rules_beyond_their_limits),
        cmocka_unit_test(refuses_names_that_are_there_or_no_text),
        cmocka_unit_test(sorts_sets_and_maps_whoever_wrote_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
