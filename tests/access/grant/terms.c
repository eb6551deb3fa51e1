#include "access/grant/terms.h"

#include "access/grant/granted.h"
#include "access/grant/print.h"

static struct datalog_block *read_back(struct granted *granted, const struct text *token)
{
    struct grant_token read = granted_token(granted, token);
    struct fault fault = {NULL, 0};
    struct datalog_block *blocks =
        arena_take_many(granted->arena, GRANT_BLOCKS_MAX, sizeof *blocks);
    assert_ok(grant_blocks_read(&read, granted->arena, blocks, NULL, &fault));
    return blocks;
}

static void terms_come_back_as_they_were_said(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text token = granted_draft(&granted);
    struct datalog_block *blocks = read_back(&granted, &token);
    struct grant_terms terms;
    struct fault fault = {NULL, 0};
    assert_ok(grant_terms_read(&blocks[0], granted.arena, &terms, &fault));
    assert_bytes(terms.id, "00112233445566778899aabbccddeeff");
    assert_bytes(terms.group, "Example Sharing Group");
    assert_bytes(terms.subject, "A. Example");
    assert_bytes(terms.organisation, "Hospital \"North\"");
    assert_bytes(terms.reason, "an incident");
    assert_int_equal(terms.tier, 2);
    assert_int_equal(terms.expires_s, GRANTED_NOW + 3600);
    assert_int_equal(terms.right_count, 2);
    assert_bytes(terms.rights[1].what, "other");
    assert_true(grant_key_equal(&terms.holder, &granted.holder.key));
}

static void the_first_block_reads_as_published(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text text = text_of_limit(SOURCE_SIZE_MAX);
    AUTO(text_done) struct text holder = text_of_limit(128);
    AUTO(text_done) struct text want = text_of_limit(SOURCE_SIZE_MAX);
    struct datalog_block block;
    grant_key_add(&granted.holder.key, &holder);
    assert_ok(grant_terms_block(&granted.terms, granted.arena, &block));
    datalog_add_block(&text, &block);
    text_addf(&want,
              "grant(\"00112233445566778899aabbccddeeff\");\n"
              "group(\"Example Sharing Group\");\n"
              "subject(\"A. Example\");\n"
              "organisation(\"Hospital \\\"North\\\"\");\n"
              "audience(\"tocsin\");\n"
              "tier(2);\n"
              "right(\"model.pack\", \"sample\");\n"
              "right(\"model.pack\", \"other\");\n"
              "holder(\"%s\");\n"
              "reason(\"an incident\");\n"
              "expires(2026-03-03T03:10:00Z);\n"
              "check if time($now), $now < 2026-03-03T03:10:00Z;\n"
              "check if presenter($key), holder($key) or presenter($key), agent($name, $key) "
              "trusting authority, %s;\n",
              text_terminated(&holder), text_terminated(&holder));
    assert_string_equal(text_terminated(&text), text_terminated(&want));
}

static void refuses_terms_that_lack_something(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    struct datalog_block block;
    char long_text[GRANT_TEXT_MAX + 1];
    memset(long_text, 'a', sizeof long_text);
    const struct bytes too_long = {(const uint8_t *)long_text, sizeof long_text};
    struct grant_terms terms = granted.terms;
    terms.subject = BYTES_NONE;
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_MALFORMED);
    terms = granted.terms;
    terms.reason = too_long;
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_LIMIT);
    terms = granted.terms;
    terms.group = bytes_of_text("two\nlines");
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_MALFORMED);
    terms = granted.terms;
    terms.organisation = bytes_of_text("\xff");
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_MALFORMED);
    terms = granted.terms;
    terms.right_count = 0;
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_MALFORMED);
    terms = granted.terms;
    terms.right_count = GRANT_RIGHTS_MAX + 1;
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_LIMIT);
    terms = granted.terms;
    terms.id = bytes_of_text("0011");
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_MALFORMED);
}

static void assets_come_back_and_are_of_known_kinds(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    struct datalog_block block;
    struct fault fault = {NULL, 0};
    struct grant_terms terms = granted.terms;
    struct grant_terms again;
    assert_int_equal(grant_terms_owner(&terms).size, 0);
    assert_true(grant_terms_has_owner(&terms, bytes_of_text("anybody")));
    for (uint32_t i = 0; i < GRANT_ASSETS_MAX; i++) {
        terms.assets[i] = (struct grant_asset){bytes_of_text(i == 3 ? "owner" : "host"),
                                               bytes_of_text("web01 \"of\" the hospital")};
    }
    terms.asset_count = GRANT_ASSETS_MAX;
    assert_ok(grant_terms_block(&terms, granted.arena, &block));
    assert_ok(grant_terms_read(&block, granted.arena, &again, &fault));
    assert_int_equal(again.asset_count, GRANT_ASSETS_MAX);
    assert_bytes(again.assets[3].kind, "owner");
    assert_bytes(grant_terms_owner(&again), "web01 \"of\" the hospital");
    assert_true(grant_terms_has_owner(&again, grant_terms_owner(&again)));
    assert_false(grant_terms_has_owner(&again, bytes_of_text("anybody")));
    terms.asset_count++;
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_LIMIT);
    terms.asset_count = 1;
    terms.assets[0].kind = bytes_of_text("city");
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_MALFORMED);
    terms.assets[0] = (struct grant_asset){bytes_of_text("owner"), BYTES_NONE};
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_MALFORMED);
}

static void an_agent_is_left_the_evidence_of_one_owner(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    struct datalog_block block;
    struct grant_delegation again;
    struct grant_delegation delegation = {
        .name = bytes_of_text("night watch"),
        .key = granted.agent.key,
        .expires_s = GRANTED_NOW + 60,
        .calls_max = 1,
        .right = granted.terms.rights[0],
        .owner = bytes_of_text("The clinic"),
    };
    assert_ok(grant_delegation_block(&delegation, granted.arena, &block));
    assert_ok(grant_delegation_read(&block, granted.arena, &again));
    assert_bytes(again.owner, "The clinic");
    delegation.owner = bytes_of_text("two\nlines");
    assert_status(grant_delegation_block(&delegation, granted.arena, &block), STATUS_MALFORMED);
}

static void a_delegation_comes_back_or_is_none(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text token = granted_whole(&granted);
    granted_delegate(&granted, &token, &granted.holder, &granted.agent);
    struct datalog_block *blocks = read_back(&granted, &token);
    struct grant_delegation found;
    assert_status(grant_delegation_read(&blocks[1], granted.arena, &found), STATUS_NOT_FOUND);
    assert_ok(grant_delegation_read(&blocks[3], granted.arena, &found));
    assert_bytes(found.name, "night watch");
    assert_int_equal(found.calls_max, 2);
    assert_int_equal(found.expires_s, GRANTED_NOW + 600);
    assert_true(grant_key_equal(&found.key, &granted.agent.key));
    struct datalog_block wider = blocks[3];
    wider.check_count--;
    assert_status(grant_delegation_read(&wider, granted.arena, &found), STATUS_MALFORMED);
}

/* What stands in the parentheses of a statement becomes that. */
static void add_changed(struct text *out, struct bytes line, const char *inside)
{
    size_t open = bytes_find_byte(line, '(');
    text_add_raw(out, bytes_part(line, 0, open + 1));
    text_addf(out, "%s);\n", inside);
}

static void read_with(struct granted *granted, struct bytes source, size_t line,
                      const char *inside, size_t times, struct datalog_block *out)
{
    AUTO(text_done) struct text text = text_of_limit(SOURCE_SIZE_MAX);
    struct bytes rest = source;
    struct bytes one;
    struct bytes kept;
    struct fault fault = {NULL, 0};
    for (size_t i = 0; bytes_split(&rest, '\n', &one); i++) {
        if (i == line && inside != NULL) {
            add_changed(&text, one, inside);
            continue;
        }
        for (size_t n = 0; n < (i == line ? times : 1); n++) {
            text_add_raw(&text, one);
            text_add_byte(&text, '\n');
        }
    }
    assert_ok(arena_copy(granted->arena, text_bytes(&text), &kept));
    assert_ok(datalog_read(kept, SOURCE_BLOCK, granted->arena, out, &fault));
}

/* Every statement left out, twice, or of other terms: all but one right of two is needed. */
static void a_block_with_another_statement_is_none(void **state)
{
    (void)state;
    static const char *const insides[] = {"1",        "\"x\"",    "true",
                                          "1, \"x\"", "\"x\", 1", "\"x\", \"y\", \"z\""};
    AUTO(granted_done) struct granted granted = granted_new();
    const struct grant_delegation delegation = {.name = bytes_of_text("night watch"),
                                                .key = granted.agent.key,
                                                .expires_s = GRANTED_NOW,
                                                .calls_max = 2,
                                                .right = granted.terms.rights[0]};
    for (int is_agents = 0; is_agents < 2; is_agents++) {
        AUTO(text_done) struct text source = text_of_limit(SOURCE_SIZE_MAX);
        struct datalog_block block;
        assert_ok(is_agents == 1 ? grant_delegation_block(&delegation, granted.arena, &block)
                                 : grant_terms_block(&granted.terms, granted.arena, &block));
        datalog_add_block(&source, &block);
        struct bytes rest = text_bytes(&source);
        struct bytes line;
        for (size_t i = 0; bytes_split(&rest, '\n', &line); i++) {
            bool is_fact = !bytes_starts(line, "check");
            size_t ways = 2 + (is_fact ? sizeof insides / sizeof *insides : 0);
            for (size_t way = 0; way < ways; way++) {
                struct grant_terms terms;
                struct grant_delegation found;
                struct fault fault = {NULL, 0};
                const char *inside = way < 2 ? NULL : insides[way - 2];
                read_with(&granted, text_bytes(&source), i, inside, way == 0 ? 0 : 2, &block);
                bool is_of_two = bytes_starts(line, "right(") && way < 2;
                bool is_word = bytes_starts(line, "subject(") || bytes_starts(line, "group(") ||
                               bytes_starts(line, "organisation(") ||
                               bytes_starts(line, "reason(");
                bool is_known = is_of_two || (is_word && way == 3) ||
                                (bytes_starts(line, "tier(") && way == 2);
                enum status status =
                    is_agents == 1 ? grant_delegation_read(&block, granted.arena, &found)
                                   : grant_terms_read(&block, granted.arena, &terms, &fault);
                if ((status == STATUS_OK) != is_known) {
                    print_message("way %zu of %.*s\n", way, (int)line.size,
                                  (const char *)line.data);
                }
                assert_int_equal(status == STATUS_OK, is_known);
            }
        }
    }
}

/* A scope of the block's own is more than such a block says. */
static void a_block_with_a_scope_is_none(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    AUTO(text_done) struct text token = granted_whole(&granted);
    granted_delegate(&granted, &token, &granted.holder, &granted.agent);
    const struct datalog_block *blocks = read_back(&granted, &token);
    struct scope scope = {.kind = SCOPE_PREVIOUS};
    struct datalog_block first = blocks[0];
    struct datalog_block agents = blocks[3];
    struct grant_terms terms;
    struct grant_delegation found;
    struct fault fault = {NULL, 0};
    first.scopes = agents.scopes = &scope;
    first.scope_count = agents.scope_count = 1;
    assert_status(grant_terms_read(&first, granted.arena, &terms, &fault), STATUS_MALFORMED);
    assert_status(grant_delegation_read(&agents, granted.arena, &found), STATUS_MALFORMED);
}

static void words_of_rights_and_agents_are_words(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    struct datalog_block block;
    struct grant_terms terms = granted.terms;
    terms.rights[1].operation = BYTES_NONE;
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_MALFORMED);
    terms = granted.terms;
    terms.rights[1].what = bytes_of_text("two\nlines");
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_MALFORMED);
    const struct grant_delegation right = {.name = bytes_of_text("night watch"),
                                           .key = granted.agent.key,
                                           .expires_s = GRANTED_NOW,
                                           .calls_max = 2,
                                           .right = granted.terms.rights[0]};
    struct grant_delegation wrong = right;
    assert_ok(grant_delegation_block(&right, granted.arena, &block));
    wrong.name = BYTES_NONE;
    assert_status(grant_delegation_block(&wrong, granted.arena, &block), STATUS_MALFORMED);
    wrong = right;
    wrong.right.operation = BYTES_NONE;
    assert_status(grant_delegation_block(&wrong, granted.arena, &block), STATUS_MALFORMED);
    wrong = right;
    wrong.right.what = bytes_of_text("\x01");
    assert_status(grant_delegation_block(&wrong, granted.arena, &block), STATUS_MALFORMED);
    wrong = right;
    wrong.key.algorithm = GRANT_SECP256R1;
    assert_status(grant_delegation_block(&wrong, granted.arena, &block), STATUS_MALFORMED);
}

static void an_approval_is_of_its_role_alone(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    struct datalog_block block;
    assert_ok(grant_approval_block(bytes_of_text("legal"), granted.arena, &block));
    assert_true(grant_block_approves(&block, bytes_of_text("legal")));
    assert_false(grant_block_approves(&block, bytes_of_text("security")));
    assert_status(grant_approval_block(BYTES_NONE, granted.arena, &block), STATUS_MALFORMED);
    struct fault fault = {NULL, 0};
    assert_ok(datalog_read(bytes_of_text("approved_by(hex:6c6567616c); approved_by(1);"),
                           SOURCE_BLOCK, granted.arena, &block, &fault));
    assert_false(grant_block_approves(&block, bytes_of_text("legal")));
}

static void no_two_ids_are_alike(void **state)
{
    (void)state;
    char one[GRANT_ID_DIGITS + 1];
    char other[GRANT_ID_DIGITS + 1];
    grant_id_new(one);
    grant_id_new(other);
    assert_int_equal(strlen(one), GRANT_ID_DIGITS);
    assert_string_not_equal(one, other);
}

/* What is missing, and what is of another kind than it should be. */
static void refuses_a_first_block_that_lacks_something(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    static const char *const codes[] = {
        "",
        "grant(1); group(1); reason(1); tier(\"2\"); holder(1); expires(\"2026\");",
        "right(\"a\", 1);",
    };
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        struct datalog_block block;
        struct grant_terms terms;
        struct grant_delegation delegation;
        struct fault fault = {NULL, 0};
        assert_ok(
            datalog_read(bytes_of_text(codes[i]), SOURCE_BLOCK, granted.arena, &block, &fault));
        assert_status(grant_terms_read(&block, granted.arena, &terms, &fault),
                      STATUS_MALFORMED);
        assert_status(grant_delegation_read(&block, granted.arena, &delegation),
                      STATUS_NOT_FOUND);
    }
}

static void no_agent_has_none_or_endless_calls(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    struct datalog_block block;
    struct grant_delegation delegation = {
        .name = bytes_of_text("night watch"),
        .key = granted.agent.key,
        .expires_s = GRANTED_NOW,
        .right = granted.terms.rights[0],
    };
    assert_status(grant_delegation_block(&delegation, granted.arena, &block), STATUS_LIMIT);
    delegation.calls_max = UINT64_C(1) << 63;
    assert_status(grant_delegation_block(&delegation, granted.arena, &block), STATUS_LIMIT);
    delegation.calls_max--;
    assert_ok(grant_delegation_block(&delegation, granted.arena, &block));
}

/* The last second that we can show, and the one behind it. */
static void an_end_that_cannot_be_shown_is_none(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    const uint64_t last_s = UINT64_C(7289654399); /* 2200-12-31T23:59:59Z */
    struct datalog_block block;
    struct grant_terms terms = granted.terms;
    struct grant_delegation delegation = {
        .name = bytes_of_text("night watch"),
        .key = granted.agent.key,
        .expires_s = last_s,
        .calls_max = 1,
        .right = granted.terms.rights[0],
    };
    terms.expires_s = last_s;
    assert_ok(grant_terms_block(&terms, granted.arena, &block));
    assert_ok(grant_delegation_block(&delegation, granted.arena, &block));
    const uint64_t ends_s[] = {last_s + 1, INT64_MAX, UINT64_MAX};
    for (size_t i = 0; i < sizeof ends_s / sizeof *ends_s; i++) {
        terms.expires_s = ends_s[i];
        delegation.expires_s = ends_s[i];
        assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_MALFORMED);
        assert_status(grant_delegation_block(&delegation, granted.arena, &block),
                      STATUS_MALFORMED);
    }
}

/* The block as it would be, and of it only the kind of the key is another. */
static void a_holder_has_the_kind_of_key_that_homes_have(void **state)
{
    (void)state;
    AUTO(granted_done) struct granted granted = granted_new();
    struct grant_secret secret;
    struct grant_key other;
    struct datalog_block block;
    struct datalog_block altered;
    struct grant_terms terms = granted.terms;
    struct fault fault = {NULL, 0};
    assert_ok(grant_secret_new(GRANT_SECP256R1, &secret));
    assert_ok(grant_secret_key(&secret, &other));
    assert_ok(grant_terms_block(&terms, granted.arena, &block));
    AUTO(text_done) struct text ours = text_of_limit(256);
    AUTO(text_done) struct text theirs = text_of_limit(256);
    AUTO(text_done) struct text code = text_of_limit(SOURCE_SIZE_MAX);
    AUTO(text_done) struct text source = text_of_limit(SOURCE_SIZE_MAX);
    grant_key_add(&terms.holder, &ours);
    grant_key_add(&other, &theirs);
    datalog_add_block(&code, &block);
    struct bytes rest = text_bytes(&code);
    size_t at;
    while ((at = bytes_find(rest, text_bytes(&ours))) < rest.size) {
        text_add_raw(&source, bytes_part(rest, 0, at));
        text_add_raw(&source, text_bytes(&theirs));
        rest = bytes_from(rest, at + ours.size);
    }
    text_add_raw(&source, rest);
    assert_ok(datalog_read(text_bytes(&source), SOURCE_BLOCK, granted.arena, &altered, &fault));
    assert_status(grant_terms_read(&altered, granted.arena, &terms, &fault), STATUS_MALFORMED);
    assert_ok(grant_terms_read(&block, granted.arena, &terms, &fault));
    terms.holder = other;
    assert_status(grant_terms_block(&terms, granted.arena, &block), STATUS_MALFORMED);
    grant_secret_done(&secret);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_come_back_as_they_were_said),
        cmocka_unit_test(the_first_block_reads_as_published),
        cmocka_unit_test(refuses_terms_that_lack_something),
        cmocka_unit_test(assets_come_back_and_are_of_known_kinds),
        cmocka_unit_test(an_agent_is_left_the_evidence_of_one_owner),
        cmocka_unit_test(a_delegation_comes_back_or_is_none),
        cmocka_unit_test(a_block_with_another_statement_is_none),
        cmocka_unit_test(a_block_with_a_scope_is_none),
        cmocka_unit_test(words_of_rights_and_agents_are_words),
        cmocka_unit_test(an_approval_is_of_its_role_alone),
        cmocka_unit_test(no_two_ids_are_alike),
        cmocka_unit_test(refuses_a_first_block_that_lacks_something),
        cmocka_unit_test(no_agent_has_none_or_endless_calls),
        cmocka_unit_test(an_end_that_cannot_be_shown_is_none),
        cmocka_unit_test(a_holder_has_the_kind_of_key_that_homes_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
