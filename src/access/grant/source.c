#include "access/grant/source.h"

#include "access/grant/source_parts.h"

#include "base/text.h"

#define ORDER_MARK "\xef\xbb\xbf" /* some editors begin every UTF-8 text with it */

static enum status read_predicate(struct source *source, struct bytes name,
                                  struct predicate *out)
{
    *out = (struct predicate){.name = name};
    source_skip_space(source);
    bool has_more = !cursor_accept(&source->cursor, ")");
    while (has_more) {
        out->terms = datalog_grow(source->arena, out->terms, out->count, sizeof *out->terms);
        if (out->terms == NULL) {
            return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
        }
        TRY(source_term(source, 0, &out->terms[out->count++]));
        source_skip_space(source);
        has_more = cursor_accept(&source->cursor, ",");
        if (!has_more && !cursor_accept(&source->cursor, ")")) {
            return source_refuse(source, STATUS_MALFORMED,
                                 "a predicate needs a comma or its end");
        }
    }
    return STATUS_OK;
}

/* A name with its parenthesis; the source stays where it is where none comes next. */
static bool take_head(struct source *source, struct bytes *name)
{
    struct cursor before = source->cursor;
    *name = source_name(source);
    source_skip_space(source);
    if (name->size > 0 && cursor_accept(&source->cursor, "(")) {
        return true;
    }
    source->cursor = before;
    return false;
}

/* ---- scopes ---- */

static bool is_key_byte(uint8_t byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '/';
}

static enum status read_scope(struct source *source, struct scope *out)
{
    struct bytes left = bytes_from(source->cursor.input, cursor_offset(&source->cursor));
    size_t size = 0;
    while (size < left.size && is_key_byte(left.data[size])) {
        size++;
    }
    struct bytes word = cursor_take(&source->cursor, size);
    if (bytes_equal_text(word, "authority") || bytes_equal_text(word, "previous")) {
        out->kind = bytes_equal_text(word, "authority") ? SCOPE_AUTHORITY : SCOPE_PREVIOUS;
        return STATUS_OK;
    }
    out->kind = SCOPE_KEY;
    return grant_key_read(word, &out->key) == STATUS_OK
               ? STATUS_OK
               : source_refuse(source, STATUS_MALFORMED,
                               "trusting needs authority, previous or a public key");
}

/* Nothing where `trusting` does not come next. */
static enum status read_scopes(struct source *source, struct scope **scopes, uint32_t *count)
{
    source_skip_space(source);
    bool has_more = cursor_accept(&source->cursor, "trusting");
    while (has_more) {
        source_skip_space(source);
        *scopes = datalog_grow(source->arena, *scopes, *count, sizeof **scopes);
        if (*scopes == NULL) {
            return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
        }
        TRY(read_scope(source, &(*scopes)[(*count)++]));
        source_skip_space(source);
        has_more = cursor_accept(&source->cursor, ",");
    }
    return STATUS_OK;
}

/* ---- bodies ---- */

static enum status read_element(struct source *source, struct rule *rule)
{
    struct bytes name;
    source_skip_space(source);
    if (take_head(source, &name)) {
        if (rule->body_count == DATALOG_BODY_MAX) {
            return source_refuse(source, STATUS_LIMIT, "a rule has too many predicates");
        }
        rule->body =
            datalog_grow(source->arena, rule->body, rule->body_count, sizeof *rule->body);
        if (rule->body == NULL) {
            return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
        }
        struct predicate *predicate = &rule->body[rule->body_count++];
        TRY(read_predicate(source, name, predicate));
        return predicate->count > 0
                   ? STATUS_OK
                   : source_refuse(source, STATUS_MALFORMED, "a predicate without terms");
    }
    rule->expressions = datalog_grow(source->arena, rule->expressions, rule->expression_count,
                                     sizeof *rule->expressions);
    if (rule->expressions == NULL) {
        return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
    }
    struct expression *expression = &rule->expressions[rule->expression_count++];
    *expression = (struct expression){0};
    return source_expression(source, 0, expression);
}

static enum status read_body(struct source *source, struct rule *rule)
{
    source->rule = rule;
    bool has_more = true;
    while (has_more) {
        TRY(read_element(source, rule));
        source_skip_space(source);
        has_more = cursor_accept(&source->cursor, ",");
    }
    TRY(read_scopes(source, &rule->scopes, &rule->scope_count));
    source->rule = NULL;
    return STATUS_OK;
}

/* `body or body or body`: what a check or a policy asks. */
static enum status read_queries(struct source *source, struct rule **queries, uint32_t *count)
{
    bool has_more = true;
    while (has_more) {
        *queries = datalog_grow(source->arena, *queries, *count, sizeof **queries);
        if (*queries == NULL) {
            return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
        }
        struct rule query = {.head = {.name = bytes_of_text("query")}};
        TRY(read_body(source, &query));
        (*queries)[(*count)++] = query;
        source_skip_space(source);
        has_more = cursor_accept(&source->cursor, "or");
    }
    return STATUS_OK;
}

/* ---- the elements of a text ---- */

static enum status read_check(struct source *source, enum check_kind kind,
                              struct datalog_block *out)
{
    struct check check = {.kind = kind};
    TRY(read_queries(source, &check.queries, &check.query_count));
    out->checks =
        datalog_grow(source->arena, out->checks, out->check_count, sizeof *out->checks);
    if (out->checks == NULL) {
        return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
    }
    out->checks[out->check_count++] = check;
    return STATUS_OK;
}

static enum status read_policy(struct source *source, bool is_allow, struct datalog_block *out)
{
    struct policy policy = {.is_allow = is_allow};
    TRY(read_queries(source, &policy.queries, &policy.query_count));
    out->policies =
        datalog_grow(source->arena, out->policies, out->policy_count, sizeof *out->policies);
    if (out->policies == NULL) {
        return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
    }
    out->policies[out->policy_count++] = policy;
    return STATUS_OK;
}

static enum status read_rule(struct source *source, struct rule *rule,
                             struct datalog_block *out)
{
    TRY(read_body(source, rule));
    if (!rule_is_safe(rule)) {
        return source_refuse(source, STATUS_MALFORMED,
                             "the rule's head has a variable that its body does not bind");
    }
    out->rules = datalog_grow(source->arena, out->rules, out->rule_count, sizeof *out->rules);
    if (out->rules == NULL) {
        return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
    }
    out->rules[out->rule_count++] = *rule;
    return STATUS_OK;
}

static enum status add_fact(struct source *source, const struct rule *rule,
                            struct datalog_block *out)
{
    if (rule->variable_count > 0 || rule->head.count == 0) {
        return source_refuse(source, STATUS_MALFORMED,
                             "a fact has at least one term and no variable");
    }
    out->facts = datalog_grow(source->arena, out->facts, out->fact_count, sizeof *out->facts);
    if (out->facts == NULL) {
        return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
    }
    out->facts[out->fact_count++] = rule->head;
    return STATUS_OK;
}

static enum status read_fact_or_rule(struct source *source, enum source_kind kind,
                                     struct datalog_block *out)
{
    struct rule rule = {0};
    struct bytes name;
    if (!take_head(source, &name)) {
        return source_refuse(source, STATUS_MALFORMED,
                             kind == SOURCE_FACTS
                                 ? "a fact is expected here"
                                 : "a fact, rule, check or policy is expected here");
    }
    source->rule = &rule;
    TRY(read_predicate(source, name, &rule.head));
    source->rule = NULL;
    source_skip_space(source);
    if (kind != SOURCE_FACTS && cursor_accept(&source->cursor, "<-")) {
        return read_rule(source, &rule, out);
    }
    return add_fact(source, &rule, out);
}

static enum status read_statement(struct source *source, enum source_kind kind,
                                  struct datalog_block *out)
{
    static const struct {
        const char *text;
        enum check_kind kind;
    } checks[] = {
        {"check if", CHECK_ONE}, {"check all", CHECK_ALL}, {"reject if", CHECK_REJECT}};
    for (size_t i = 0; kind != SOURCE_FACTS && i < sizeof checks / sizeof checks[0]; i++) {
        if (cursor_accept(&source->cursor, checks[i].text)) {
            return read_check(source, checks[i].kind, out);
        }
    }
    if (kind == SOURCE_POLICY && cursor_accept(&source->cursor, "allow if")) {
        return read_policy(source, true, out);
    }
    if (kind == SOURCE_POLICY && cursor_accept(&source->cursor, "deny if")) {
        return read_policy(source, false, out);
    }
    return read_fact_or_rule(source, kind, out);
}

/* True where a comment was passed; one that never ends is not. */
static bool pass_comment(struct source *source)
{
    struct bytes line;
    if (cursor_accept(&source->cursor, "//")) {
        IGNORE(cursor_line(&source->cursor, &line), "a comment may be the last line");
        return true;
    }
    if (!cursor_accept(&source->cursor, "/*")) {
        return false;
    }
    struct bytes left = bytes_from(source->cursor.input, cursor_offset(&source->cursor));
    cursor_skip(&source->cursor, bytes_find(left, bytes_of_text("*/")) + 2);
    return true;
}

static void skip_comments(struct source *source)
{
    do {
        source_skip_space(source);
    } while (pass_comment(source));
}

/* Where a statement ended, which may be lines before what comes next. */
static void seek_end(struct source *source)
{
    size_t at = cursor_offset(&source->cursor);
    const uint8_t *bytes = source->cursor.input.data;
    while (at > 0 && (bytes[at - 1] == ' ' || bytes[at - 1] == '\t' || bytes[at - 1] == '\n' ||
                      bytes[at - 1] == '\r')) {
        at--;
    }
    cursor_seek(&source->cursor, at);
}

static enum status read_all(struct source *source, enum source_kind kind,
                            struct datalog_block *out)
{
    skip_comments(source);
    if (kind != SOURCE_FACTS) {
        TRY(read_scopes(source, &out->scopes, &out->scope_count));
        if (out->scope_count > 0 && !cursor_accept(&source->cursor, ";")) {
            return source_refuse(source, STATUS_MALFORMED, "a statement ends with ;");
        }
        skip_comments(source);
    }
    while (!cursor_at_end(&source->cursor)) {
        TRY(read_statement(source, kind, out));
        source_skip_space(source);
        if (!cursor_accept(&source->cursor, ";") && !cursor_at_end(&source->cursor)) {
            seek_end(source);
            return source_refuse(source, STATUS_MALFORMED, "a statement ends with ;");
        }
        skip_comments(source);
    }
    return cursor_status(&source->cursor);
}

static enum status check_utf8(struct source *source)
{
    struct bytes left = source->cursor.input;
    uint32_t code_point;
    while (left.size > 0) {
        size_t size = text_utf8_next(left, &code_point);
        if (size == 0) {
            return source_refuse(source, STATUS_MALFORMED, "the text is not UTF-8");
        }
        left = bytes_from(left, size);
    }
    return STATUS_OK;
}

enum status datalog_read(struct bytes input, enum source_kind kind, struct arena *arena,
                         struct datalog_block *out, struct fault *fault)
{
    struct source source = {.cursor = cursor_of(input), .arena = arena};
    struct datalog_block block = {0};
    enum status status = input.size > SOURCE_SIZE_MAX
                             ? source_refuse(&source, STATUS_LIMIT, "the text is too long")
                             : check_utf8(&source);
    if (status == STATUS_OK) {
        IGNORE(cursor_accept(&source.cursor, ORDER_MARK), "most texts have none");
        status = read_all(&source, kind, &block);
    }
    if (status != STATUS_OK) {
        *fault = source.cursor.fault;
        return status == STATUS_TRUNCATED ? STATUS_MALFORMED : status;
    }
    block.version = datalog_version(&block);
    *out = block;
    return STATUS_OK;
}

uint32_t datalog_line(struct bytes input, uint64_t offset)
{
    return 1 + (uint32_t)bytes_count(bytes_part(input, 0, (size_t)offset), '\n');
}
