#include "access/grant/judge.h"

#include <assert.h>
#include <string.h>

#include "access/grant/print.h"
#include "access/grant/source.h"
#include "access/grant/world.h"

#define WORDS_MAX 400
#define SECONDS_AN_HOUR 3600
#define RULE_TERMS 4 /* name, reason, because, what would change it */

/* ---- the rules ---- */

static bool is_fact(const struct predicate *fact, const char *name, uint32_t count)
{
    return fact->count == count && bytes_equal_text(fact->name, name);
}

static const struct predicate *find_rule(const struct grant_rules *rules, struct bytes name)
{
    for (uint32_t i = 0; i < rules->block.fact_count; i++) {
        const struct predicate *fact = &rules->block.facts[i];
        if (is_fact(fact, "rule", RULE_TERMS) && bytes_equal(fact->terms[0].bytes, name)) {
            return fact;
        }
    }
    return NULL;
}

static bool find_reason(struct bytes word, enum access_reason *out)
{
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        if (bytes_equal_text(word, access_reason_name((enum access_reason)i))) {
            *out = (enum access_reason)i;
            return true;
        }
    }
    return false;
}

/* They are printed as they are, in JSON too: so nothing may stand in them that needs care. */
static bool is_plain(const struct term *term)
{
    if (term->kind != TERM_STRING || term->bytes.size == 0 || term->bytes.size > WORDS_MAX) {
        return false;
    }
    for (size_t i = 0; i < term->bytes.size; i++) {
        uint8_t byte = term->bytes.data[i];
        if (byte < ' ' || byte > '~' || byte == '"' || byte == '\\') {
            return false;
        }
    }
    return true;
}

static bool is_rule(const struct predicate *fact)
{
    enum access_reason reason;
    for (uint32_t i = 0; i < RULE_TERMS; i++) {
        if (!is_plain(&fact->terms[i])) {
            return false;
        }
    }
    return fact->terms[0].bytes.size <= AUDIT_WORD_MAX &&
           find_reason(fact->terms[1].bytes, &reason);
}

/* The rule that each query of a check begins with; NULL where one begins otherwise. */
static const struct predicate *rule_of_check(const struct grant_rules *rules,
                                             const struct check *check)
{
    const struct predicate *found = NULL;
    for (uint32_t i = 0; i < check->query_count; i++) {
        const struct rule *query = &check->queries[i];
        if (query->body_count == 0 || !is_fact(&query->body[0], "rule", RULE_TERMS) ||
            query->body[0].terms[0].kind != TERM_STRING || query->scope_count > 0) {
            return NULL;
        }
        const struct predicate *rule = find_rule(rules, query->body[0].terms[0].bytes);
        if (rule == NULL || (found != NULL && rule != found)) {
            return NULL;
        }
        found = rule;
    }
    return found;
}

/* What the program itself refuses by: some before any check can, some where a check would. */
static const char *const own_rules[] = {
    "grant-is-there",
    "home-has-a-log",
    "grant-is-whole",
    "group-is-known",
    "group-goes-by-these-rules",
    "narrowing-holds",
    "only-officers-approve",
    "an-officer-approves-once",
    "officers-have-different-roles",
    "nobody-approves-their-own-request",
    "grant-has-not-ended",
    "requester-has-the-tier",
    "requester-is-a-member",
    "grant-outlives-its-tier",
    "operation-is-known",
    "agents-pass-nothing-on",
    "only-the-group-revokes",
    "lists-only-grow",
    "pack-is-what-it-is-called",
    "pack-is-of-the-group",
    "a-packs-name-is-one-groups",
    "lease-is-short",
    "evidence-is-of-an-owner-in-scope",
    "grant-is-not-revoked",
    "group-names-its-witnesses",
    "enough-witnesses-cosigned",
    "a-grant-is-issued-once",
    "issuance-is-in-the-log",
};

static enum status check_rules(const struct grant_rules *rules, struct fault *fault)
{
    unsigned appeals = 0;
    *fault = (struct fault){"it lacks rules that the program goes by", 0};
    for (uint32_t i = 0; i < rules->block.fact_count; i++) {
        const struct predicate *fact = &rules->block.facts[i];
        appeals += is_fact(fact, "appeal", 1) && is_plain(&fact->terms[0]);
        if (is_fact(fact, "rule", RULE_TERMS) && !is_rule(fact)) {
            fault->what = "a rule(...) is not a name, a reason and two plain texts";
            return STATUS_MALFORMED;
        }
    }
    for (size_t i = 0; i < sizeof own_rules / sizeof *own_rules; i++) {
        if (find_rule(rules, bytes_of_text(own_rules[i])) == NULL) {
            return STATUS_MALFORMED;
        }
    }
    for (uint32_t i = 0; i < rules->block.check_count; i++) {
        if (rule_of_check(rules, &rules->block.checks[i]) == NULL) {
            fault->what = "a check does not begin with the name of a rule";
            return STATUS_MALFORMED;
        }
    }
    return appeals == 1 && rules->block.scope_count == 0 ? STATUS_OK : STATUS_MALFORMED;
}

enum status grant_rules_read(struct bytes source, struct arena *arena, struct grant_rules *out,
                             struct fault *fault)
{
    struct grant_rules rules = {.arena = arena, .source = source, .hash = sha256_of(source)};
    *fault = (struct fault){NULL, 0};
    TRY(datalog_read(source, SOURCE_POLICY, arena, &rules.block, fault));
    TRY(check_rules(&rules, fault));
    *out = rules;
    return STATUS_OK;
}

static const char *copy(const struct grant_rules *rules, struct bytes text)
{
    char *copied = arena_take(rules->arena, text.size + 1);
    if (copied == NULL) {
        return "(there is no memory left for the words)";
    }
    memcpy(copied, text.data, text.size);
    return copied;
}

static void refuse_by(const struct grant_rules *rules, const struct predicate *rule,
                      struct access_refusal *out)
{
    *out = (struct access_refusal){
        .rule = copy(rules, rule->terms[0].bytes),
        .because = copy(rules, rule->terms[2].bytes),
        .what_would_change_it = copy(rules, rule->terms[3].bytes),
        .has_rules = true,
        .rules = rules->hash,
    };
    IGNORE(!find_reason(rule->terms[1].bytes, &out->reason), "checked when they were read");
    for (uint32_t i = 0; i < rules->block.fact_count; i++) {
        if (is_fact(&rules->block.facts[i], "appeal", 1)) {
            out->appeal = copy(rules, rules->block.facts[i].terms[0].bytes);
        }
    }
}

void grant_rules_refuse(const struct grant_rules *rules, const char *name,
                        struct access_refusal *out)
{
    const struct predicate *rule = find_rule(rules, bytes_of_text(name));
    assert(rule != NULL);
    refuse_by(rules, rule, out);
}

bool grant_rules_find(const struct grant_rules *rules, struct bytes name,
                      struct access_refusal *out)
{
    const struct predicate *rule = find_rule(rules, name);
    if (rule != NULL) {
        refuse_by(rules, rule, out);
    }
    return rule != NULL;
}

uint64_t grant_rules_life(const struct grant_rules *rules, int64_t tier)
{
    for (uint32_t i = 0; i < rules->block.fact_count; i++) {
        const struct predicate *fact = &rules->block.facts[i];
        if (is_fact(fact, "life", 2) && fact->terms[0].kind == TERM_INTEGER &&
            fact->terms[0].integer == tier && fact->terms[1].kind == TERM_INTEGER &&
            fact->terms[1].integer > 0) {
            return (uint64_t)fact->terms[1].integer;
        }
    }
    return 0;
}

uint64_t grant_rules_longest(const struct grant_rules *rules, int64_t tier)
{
    uint64_t most = 0;
    for (uint32_t i = 0; i < rules->block.fact_count; i++) {
        const struct predicate *fact = &rules->block.facts[i];
        if (is_fact(fact, "life", 2) && fact->terms[0].kind == TERM_INTEGER &&
            fact->terms[0].integer >= tier) {
            uint64_t life = grant_rules_life(rules, fact->terms[0].integer);
            most = life > most ? life : most;
        }
    }
    return most;
}

bool grant_rules_outlive(const struct grant_rules *rules, int64_t tier, uint64_t seconds)
{
    uint64_t hours = seconds / SECONDS_AN_HOUR + (seconds % SECONDS_AN_HOUR > 0);
    return hours > grant_rules_life(rules, tier);
}

bool grant_rules_watch(const struct grant_rules *rules, int64_t tier)
{
    for (uint32_t i = 0; i < rules->block.fact_count; i++) {
        const struct predicate *fact = &rules->block.facts[i];
        if (is_fact(fact, "watched", 1) && fact->terms[0].kind == TERM_INTEGER &&
            fact->terms[0].integer <= tier) {
            return true;
        }
    }
    return false;
}

enum status grant_rules_need(const struct grant_rules *rules, struct bytes operation,
                             int64_t *tier)
{
    for (uint32_t i = 0; i < rules->block.fact_count; i++) {
        const struct predicate *fact = &rules->block.facts[i];
        if (is_fact(fact, "needs", 2) && fact->terms[0].kind == TERM_STRING &&
            bytes_equal(fact->terms[0].bytes, operation) &&
            fact->terms[1].kind == TERM_INTEGER) {
            *tier = fact->terms[1].integer;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

/* ---- the grant ---- */

/* Of blocks that name an agent only one of the holder's own counts, and the first alone: a
 * grant is not passed on twice. */
static enum status find_delegation(struct grant_opened *grant, struct arena *arena,
                                   struct fault *fault)
{
    for (uint32_t i = 1; i < grant->token.part_count && !grant->has_delegation; i++) {
        const struct datalog_block *block = &grant->blocks[i];
        if (!block->has_external ||
            !grant_key_equal(&block->external_key, &grant->terms.holder)) {
            continue;
        }
        enum status status = grant_delegation_read(block, arena, &grant->delegation);
        if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
            *fault = (struct fault){status == STATUS_MALFORMED
                                        ? "a block that names an agent is not as those are"
                                        : "it needs too much memory",
                                    0};
            return status;
        }
        grant->has_delegation = status == STATUS_OK;
    }
    return STATUS_OK;
}

/* What the blocks of a token say that was read and verified. */
static enum status open_blocks(struct arena *arena, struct grant_opened *grant,
                               struct fault *fault)
{
    grant->blocks = arena_take_many(arena, GRANT_BLOCKS_MAX, sizeof *grant->blocks);
    if (grant->blocks == NULL) {
        *fault = (struct fault){"it needs too much memory", 0};
        return STATUS_NO_MEMORY;
    }
    TRY(grant_blocks_read(&grant->token, arena, grant->blocks, NULL, fault));
    TRY(grant_terms_read(&grant->blocks[0], arena, &grant->terms, fault));
    return find_delegation(grant, arena, fault);
}

enum status grant_open(struct bytes token, const struct grant_key *root, struct arena *arena,
                       struct grant_opened *out, struct fault *fault)
{
    struct grant_opened grant = {0};
    TRY(grant_token_open(token, root, &grant.token, fault));
    TRY(open_blocks(arena, &grant, fault));
    *out = grant;
    return STATUS_OK;
}

enum status grant_open_paper(struct bytes paper, const struct grant_key *root,
                             struct arena *arena, struct grant_opened *out, struct fault *fault)
{
    struct grant_opened grant = {0};
    TRY(grant_token_read(paper, &grant.token, fault));
    TRY(grant_token_verify_parts(&grant.token, root, fault));
    TRY(open_blocks(arena, &grant, fault));
    *out = grant;
    return STATUS_OK;
}

/* ---- the decision ---- */

static void add_string(struct text *out, struct bytes bytes)
{
    const struct term term = {.kind = TERM_STRING, .bytes = bytes};
    datalog_add_term(out, &term, NULL);
}

static void add_key(struct text *out, const struct grant_key *key)
{
    text_add_byte(out, '"');
    grant_key_add(key, out);
    text_add_byte(out, '"');
}

static void add_date(struct text *out, const char *name, uint64_t seconds)
{
    const struct term term = {.kind = TERM_DATE, .date = seconds};
    text_addf(out, "%s(", name);
    datalog_add_term(out, &term, NULL);
    text_add(out, ");\n");
}

/* The fact, and a check by which any other reader sees that the officer's block says so. */
static void add_approval(struct text *out, const struct grant_officer *officer, uint32_t block)
{
    text_addf(out, "signed(%u, ", block);
    add_key(out, &officer->key);
    text_add(out, ");\napproval(");
    add_key(out, &officer->key);
    text_add(out, ", ");
    add_string(out, officer->role);
    text_add(out, ");\ncheck if approved_by(");
    add_string(out, officer->role);
    text_add(out, ") trusting ");
    grant_key_add(&officer->key, out);
    text_add(out, ";\n");
}

static void add_approvals(const struct grant_opened *grant,
                          const struct grant_question *question, struct text *out)
{
    for (uint32_t i = 1; i < grant->token.part_count; i++) {
        const struct datalog_block *block = &grant->blocks[i];
        for (size_t j = 0; j < question->officer_count && block->has_external; j++) {
            const struct grant_officer *officer = &question->officers[j];
            if (grant_key_equal(&block->external_key, &officer->key) &&
                grant_block_approves(block, officer->role)) {
                add_approval(out, officer, i);
            }
        }
    }
}

static void add_delegation(const struct grant_opened *grant, struct text *out)
{
    const struct grant_delegation *delegation = &grant->delegation;
    text_add(out, "delegate(");
    add_string(out, delegation->name);
    text_add(out, ", ");
    add_key(out, &delegation->key);
    text_add(out, ");\ncheck if agent(");
    add_string(out, delegation->name);
    text_add(out, ", ");
    add_key(out, &delegation->key);
    text_add(out, ") trusting ");
    grant_key_add(&grant->terms.holder, out);
    text_add(out, ";\n");
    add_date(out, "delegate_ends", delegation->expires_s);
    text_addf(out, "delegate_calls(%llu);\n", (unsigned long long)delegation->calls_max);
}

static void add_id(struct text *out, const char *name, const struct grant_opened *grant)
{
    text_addf(out, "%s(", name);
    add_string(out, grant->terms.id);
    text_add(out, ");\n");
}

void grant_judge_add_facts(const struct grant_opened *grant,
                           const struct grant_question *question, struct text *out)
{
    add_date(out, "time", question->now_s);
    add_date(out, "seen", question->seen_s);
    text_add(out, "presenter(");
    add_key(out, question->presenter);
    text_add(out, ");\nwant(");
    add_string(out, question->want.operation);
    text_add(out, ", ");
    add_string(out, question->want.what);
    text_addf(out, ");\ncalls(%llu);\n", (unsigned long long)question->calls);
    add_approvals(grant, question, out);
    if (grant->has_delegation) {
        add_delegation(grant, out);
    }
    if (question->is_logged) {
        uint64_t ends_s = grant->terms.expires_s;
        add_id(out, "logged", grant);
        add_date(out, "issued", question->issued_s);
        text_addf(out, "lasts(%llu);\n",
                  (unsigned long long)(ends_s > question->issued_s ? ends_s - question->issued_s
                                                                   : 0));
    }
    if (question->is_revoked) {
        add_id(out, "revoked", grant);
    }
    if (question->quorum > 0) {
        text_addf(out, "quorum(%llu);\n", (unsigned long long)question->quorum);
    }
    text_addf(out, "cosigned(%llu);\n", (unsigned long long)question->cosigned);
    text_add(out, question->owner.size > 0 ? "evidence(" : "unsaid(");
    add_string(out, question->owner.size > 0 ? question->owner : bytes_of_text("owner"));
    text_add(out, ");\n");
    if (grant_terms_owner(&grant->terms).size == 0) {
        text_add(out, "any(\"owner\");\n");
    }
}

/* The rules first, so that a check has the same number there as in their text. */
static enum status read_all(const struct grant_rules *rules, const struct grant_opened *grant,
                            const struct grant_question *question, struct arena *arena,
                            struct datalog_block *out)
{
    struct fault fault = {NULL, 0};
    struct bytes kept;
    AUTO(text_done) struct text source = text_of_limit(SOURCE_SIZE_MAX);
    text_add_raw(&source, rules->source);
    text_add_byte(&source, '\n');
    grant_judge_add_facts(grant, question, &source);
    TRY(text_status(&source));
    TRY(arena_copy(arena, text_bytes(&source), &kept));
    return datalog_read(kept, SOURCE_POLICY, arena, out, &fault);
}

/* The first check of the rules that failed speaks; else what a block of the grant asks for. */
static void explain(const struct grant_rules *rules, const struct datalog_verdict *verdict,
                    struct access_refusal *out)
{
    for (uint32_t i = 0; i < verdict->failure_count && i < DATALOG_FAILED_MAX; i++) {
        const struct datalog_failure *failure = &verdict->failures[i];
        if (failure->block == DATALOG_OF_POLICY && failure->index < rules->block.check_count) {
            refuse_by(rules, rule_of_check(rules, &rules->block.checks[failure->index]), out);
            return;
        }
    }
    grant_rules_refuse(rules, "narrowing-holds", out);
    if (verdict->outcome == OUTCOME_ERROR) {
        out->detail = datalog_error_name(verdict->error);
    } else if (verdict->failure_count == 0) {
        out->detail = "no rule allows it";
    }
}

enum status grant_judge(const struct grant_rules *rules, const struct grant_opened *grant,
                        const struct grant_question *question, struct arena *arena,
                        struct access_refusal *refusal)
{
    struct datalog_block policy;
    struct datalog_world world;
    struct datalog_verdict *verdict = arena_take(arena, sizeof *verdict);
    if (verdict == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(read_all(rules, grant, question, arena, &policy));
    TRY(datalog_world_open(&world, arena, grant->blocks, grant->token.part_count, &policy));
    datalog_authorize(&world, verdict);
    datalog_world_done(&world);
    if (verdict->outcome == OUTCOME_ALLOWED) {
        return STATUS_OK;
    }
    explain(rules, verdict, refusal);
    return STATUS_DENIED;
}
