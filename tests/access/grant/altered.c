/* Every field of a token and of its blocks is altered in every way there is, one at a time, and
 * what is said of it is what altered.txt says: a row for each field and way. */
#include "access/grant/block_fields.h"
#include "access/grant/grants.h"
#include "access/grant/print.h"
#include "access/grant/proto.h"
#include "access/grant/rows.h"
#include "access/grant/token_fields.h"

#include <stdlib.h>

#define FIELDS_MAX 12
#define TABLE "tests/access/grant/altered.txt"

enum message {
    NO_MESSAGE,
    BLOCK,
    FACT,
    RULE,
    CHECK,
    PREDICATE,
    TERM,
    LIST,
    MAP,
    ENTRY,
    MAP_KEY,
    EXPRESSION,
    OP,
    OPERATOR,
    CLOSURE,
    SCOPE,
    KEY,
    TOKEN,
    SIGNED,
    EXTERNAL,
    PROOF,
    MESSAGE_COUNT,
};

/* What a field's bytes are, where they are a message. */
static const struct {
    const char *name;
    enum message fields[FIELDS_MAX];
} schema[MESSAGE_COUNT] = {
    [BLOCK] = {"block",
               {[BLOCK_FACT] = FACT,
                [BLOCK_RULE] = RULE,
                [BLOCK_CHECK] = CHECK,
                [BLOCK_SCOPE] = SCOPE,
                [BLOCK_KEY] = KEY}},
    [FACT] = {"fact", {[FACT_PREDICATE] = PREDICATE}},
    [RULE] = {"rule",
              {[RULE_HEAD] = PREDICATE,
               [RULE_BODY] = PREDICATE,
               [RULE_EXPRESSION] = EXPRESSION,
               [RULE_SCOPE] = SCOPE}},
    [CHECK] = {"check", {[CHECK_QUERY] = RULE}},
    [PREDICATE] = {"predicate", {[PREDICATE_TERM] = TERM}},
    [TERM] = {"term",
              {[TERM_FIELD_SET] = LIST, [TERM_FIELD_ARRAY] = LIST, [TERM_FIELD_MAP] = MAP}},
    [LIST] = {"list", {[LIST_ITEM] = TERM}},
    [MAP] = {"map", {[MAP_ENTRY] = ENTRY}},
    [ENTRY] = {"entry", {[ENTRY_KEY] = MAP_KEY, [ENTRY_VALUE] = TERM}},
    [MAP_KEY] = {"map key", {0}},
    [EXPRESSION] = {"expression", {[EXPRESSION_OP] = OP}},
    [OP] = {"op",
            {[OP_FIELD_VALUE] = TERM,
             [OP_FIELD_UNARY] = OPERATOR,
             [OP_FIELD_BINARY] = OPERATOR,
             [OP_FIELD_CLOSURE] = CLOSURE}},
    [OPERATOR] = {"operator", {0}},
    [CLOSURE] = {"closure", {[CLOSURE_OP] = OP}},
    [SCOPE] = {"scope", {0}},
    [KEY] = {"key", {0}},
    [TOKEN] = {"token",
               {[TOKEN_AUTHORITY] = SIGNED, [TOKEN_BLOCKS] = SIGNED, [TOKEN_PROOF] = PROOF}},
    [SIGNED] = {"signed block", {[SIGNED_NEXT_KEY] = KEY, [SIGNED_EXTERNAL] = EXTERNAL}},
    [EXTERNAL] = {"external signature", {[EXTERNAL_KEY] = KEY}},
    [PROOF] = {"proof", {0}},
};

enum way {
    LEFT_OUT,
    TWICE,
    OF_ANOTHER_WIRE,
    EMPTY,
    CUT_SHORT,
    GREAT,
    ONE_MORE,
    AFTER_ONE_UNKNOWN,
    WAY_COUNT,
};

static const char *const ways[WAY_COUNT] = {
    "left out",  "twice", "of another wire", "empty",
    "cut short", "great", "one more",        "after one unknown",
};

/* The field that is altered, by its place among all of them. */
struct alteration {
    size_t place;
    enum way way;
    size_t at;
    bool is_done;
    enum message message;
    uint32_t field;
};

static void add_field(struct text *out, const struct proto_field *field)
{
    if (field->wire == PROTO_NUMBER) {
        proto_add_number(out, field->number, field->value);
    } else {
        proto_add_bytes(out, field->number, field->bytes);
    }
}

/* False where that way does not fit the field. */
static bool add_altered(struct text *out, const struct proto_field *field, enum way way)
{
    bool is_number = field->wire == PROTO_NUMBER;
    switch (way) {
    case LEFT_OUT:
        return true;
    case TWICE:
        add_field(out, field);
        add_field(out, field);
        return true;
    case OF_ANOTHER_WIRE:
        if (is_number) {
            proto_add_bytes(out, field->number, bytes_of_text("x"));
        } else {
            proto_add_number(out, field->number, 1);
        }
        return true;
    case EMPTY:
        proto_add_bytes(out, field->number, BYTES_NONE);
        return !is_number && field->bytes.size > 0;
    case CUT_SHORT:
        proto_add_bytes(out, field->number,
                        bytes_part(field->bytes, 0, is_number ? 0 : field->bytes.size - 1));
        return !is_number && field->bytes.size > 1;
    case GREAT:
        proto_add_number(out, field->number, (UINT64_C(1) << 32) + field->value);
        return is_number;
    case ONE_MORE:
        proto_add_number(out, field->number, field->value + 1);
        return is_number;
    default:
        proto_add_number(out, 99, 1);
        add_field(out, field);
        return true;
    }
}

static bool alter(struct bytes message, enum message kind, struct alteration *alteration,
                  struct text *out)
{
    struct cursor cursor = cursor_of(message);
    struct proto_field field;
    bool fits = true;
    while (proto_next(&cursor, &field)) {
        enum message inner = field.wire == PROTO_BYTES && field.number < FIELDS_MAX
                                 ? schema[kind].fields[field.number]
                                 : NO_MESSAGE;
        if (alteration->at++ == alteration->place) {
            alteration->is_done = true;
            alteration->message = kind;
            alteration->field = field.number;
            fits = add_altered(out, &field, alteration->way);
        } else if (inner == NO_MESSAGE) {
            add_field(out, &field);
        } else {
            AUTO(text_done) struct text part = text_of_limit(GRANT_TOKEN_SIZE_MAX);
            fits = alter(field.bytes, inner, alteration, &part) && fits;
            proto_add_bytes(out, field.number, text_bytes(&part));
        }
    }
    assert_ok(cursor_status(&cursor));
    assert_ok(text_status(out));
    return fits;
}

/* ---- what is said of it ---- */

static void add_row(struct rows *rows, const struct alteration *alteration, const char *said)
{
    char name[ROW_NAME_MAX];
    snprintf(name, sizeof name, "%s %u %s", schema[alteration->message].name, alteration->field,
             ways[alteration->way]);
    rows_add(rows, name, said);
}

struct subject {
    struct grants grants;
    struct text whole; /* the message that is altered */
    struct text said;  /* of it as it is */
};

static void read_block(struct subject *subject, struct bytes bytes, struct text *out)
{
    AUTO(arena_done) struct arena *arena = arena_new(GRANT_TEST_MEMORY);
    struct grant_token token = {.part_count = 1};
    struct datalog_block block;
    struct fault fault = {"", 0};
    token.parts[0].block = bytes;
    (void)subject;
    enum status status = grant_blocks_read(&token, arena, &block, NULL, &fault);
    if (status == STATUS_OK) {
        datalog_add_block(out, &block);
    } else {
        text_addf(out, "%s: %s", status_name(status), fault.what);
    }
}

static void read_token(struct subject *subject, struct bytes bytes, struct text *out)
{
    struct grant_token token;
    struct fault fault = {"", 0};
    enum status status = grant_token_open(bytes, &subject->grants.root, &token, &fault);
    if (status == STATUS_OK) {
        assert_ok(grant_token_write(&token, out));
    } else {
        text_addf(out, "%s: %s", status_name(status), fault.what);
    }
}

static void alter_all(struct subject *subject, enum message kind,
                      void (*read)(struct subject *, struct bytes, struct text *),
                      struct rows *rows)
{
    read(subject, text_bytes(&subject->whole), &subject->said);
    for (enum way way = 0; way < WAY_COUNT; way++) {
        bool is_done = true;
        for (size_t place = 0; is_done; place++) {
            struct alteration alteration = {.place = place, .way = way};
            AUTO(text_done) struct text altered = text_of_limit(2 * GRANT_TOKEN_SIZE_MAX);
            AUTO(text_done) struct text said = text_of_limit(2 * GRANT_TOKEN_SIZE_MAX);
            bool fits = alter(text_bytes(&subject->whole), kind, &alteration, &altered);
            is_done = alteration.is_done;
            if (!is_done || !fits) {
                continue;
            }
            read(subject, text_bytes(&altered), &said);
            bool is_equal = bytes_equal(text_bytes(&said), text_bytes(&subject->said));
            bool is_refused = said.size > 0 && said.data[0] >= 'a' && said.data[0] <= 'z' &&
                              bytes_find(text_bytes(&said), bytes_of_text(": ")) < 24;
            add_row(rows, &alteration,
                    is_equal     ? "as it was"
                    : is_refused ? text_terminated(&said)
                                 : "as another");
        }
    }
}

static void fields_of_a_block_altered_one_at_a_time(void **state)
{
    (void)state;
    struct rows *rows = calloc(1, sizeof *rows);
    struct subject subject = {.grants = grants_of(GRANT_ED25519),
                              .whole = text_of_limit(GRANT_TOKEN_SIZE_MAX),
                              .said = text_of_limit(GRANT_TOKEN_SIZE_MAX)};
    struct grant_symbols symbols = {.arena = subject.grants.arena};
    struct datalog_block block = block_of(
        subject.grants.arena,
        "trusting authority, "
        "ed25519/a060270db7e9c9f06e8f9cc33a64e99f6596af12cb01c4b638df8afc7b642463;\n"
        "said(1, \"alice\", 2026-01-01T00:00:00Z, hex:0102, true, null, {1, 2}, [1, \"a\"],\n"
        "    {\"key\": 1, 2: \"value\"});\n"
        "seen($x, $y) <- said($x, $y), other($y), $x > 1 && !($y.starts_with(\"al\") ||\n"
        "    [1, 2].any($each -> $each === $x)), $x.extern::test(2) trusting authority, "
        "previous;\n"
        "check if said(1, $who), $who.length() == 5 or other(2);\n"
        "check all other($x), $x < 3;\nreject if other(9);\n");
    assert_ok(grant_block_write(&block, &symbols, &subject.whole));
    alter_all(&subject, BLOCK, read_block, rows);
    rows_compare(rows, TABLE);
    text_done(&subject.whole);
    text_done(&subject.said);
    grants_done(&subject.grants);
    free(rows);
}

/* Two blocks of the holder's making and one of a third party's. */
static void make_token(struct subject *subject, enum grant_algorithm algorithm, bool is_sealed)
{
    struct grants *grants = &subject->grants;
    struct grant_secret third;
    struct fault fault;
    struct datalog_block more = block_of(grants->arena, "more(1);\n");
    AUTO(text_done) struct text first = grant_of(grants, "right(\"read\");\n");
    AUTO(text_done)
    struct text second = narrowed(grants, &first, "check if right(\"read\");\n");
    AUTO(text_done) struct text request = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text answer = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    AUTO(text_done) struct text whole = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct grant_token token = opened(grants, &second);
    assert_ok(grant_secret_new(algorithm, &third));
    assert_ok(grant_request_write(&token, &request));
    assert_ok(grant_request_answer(text_bytes(&request), &third, &more, grants->arena, &answer,
                                   &fault));
    assert_ok(grant_append_answer(&token, text_bytes(&answer), &whole, &fault));
    token = opened(grants, &whole);
    if (is_sealed) {
        assert_ok(grant_seal(&token, &subject->whole));
    } else {
        text_add_raw(&subject->whole, text_bytes(&whole));
    }
}

/* Signatures are of other bytes then, but for what no signature covers. */
static void fields_of_a_token_altered_one_at_a_time(void **state)
{
    (void)state;
    struct rows *rows = calloc(1, sizeof *rows);
    for (int i = 0; i < 4; i++) {
        enum grant_algorithm algorithm = i < 2 ? GRANT_ED25519 : GRANT_SECP256R1;
        struct subject subject = {.grants = grants_of(algorithm),
                                  .whole = text_of_limit(GRANT_TOKEN_SIZE_MAX),
                                  .said = text_of_limit(GRANT_TOKEN_SIZE_MAX)};
        make_token(&subject, algorithm, i % 2 == 0);
        alter_all(&subject, TOKEN, read_token, rows);
        text_done(&subject.whole);
        text_done(&subject.said);
        grants_done(&subject.grants);
    }
    rows_compare(rows, TABLE);
    free(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_of_a_block_altered_one_at_a_time),
        cmocka_unit_test(fields_of_a_token_altered_one_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
