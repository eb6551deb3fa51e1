#include "access/grant/terms.h"

#include <sodium.h>
#include <string.h>

#include "access/grant/print.h"
#include "access/grant/source.h"
#include "base/moment.h"

#define KEY_TEXT_MAX 128

void grant_id_new(char out[GRANT_ID_DIGITS + 1])
{
    uint8_t bytes[GRANT_ID_DIGITS / 2];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(out, GRANT_ID_DIGITS + 1, bytes, sizeof bytes);
}

/* ---- writing ---- */

static void add_term(struct text *out, struct term term)
{
    datalog_add_term(out, &term, NULL);
}

static void add_string(struct text *out, struct bytes bytes)
{
    add_term(out, (struct term){.kind = TERM_STRING, .bytes = bytes});
}

static void add_date(struct text *out, uint64_t seconds)
{
    add_term(out, (struct term){.kind = TERM_DATE, .date = seconds});
}

static void add_key_string(struct text *out, const struct grant_key *key)
{
    AUTO(text_done) struct text text = text_of_limit(KEY_TEXT_MAX);
    grant_key_add(key, &text);
    add_string(out, text_bytes(&text));
}

/* name("text"); */
static void add_fact(struct text *out, const char *name, struct bytes value)
{
    text_addf(out, "%s(", name);
    add_string(out, value);
    text_add(out, ");\n");
}

static void add_right(struct text *out, const char *name, const struct grant_right *right)
{
    text_addf(out, "%s(", name);
    add_string(out, right->operation);
    text_add(out, ", ");
    add_string(out, right->what);
    text_add(out, ")");
}

static enum status check_text(struct bytes text)
{
    if (text.size == 0) {
        return STATUS_MALFORMED;
    }
    if (text.size > GRANT_TEXT_MAX) {
        return STATUS_LIMIT;
    }
    while (text.size > 0) {
        uint32_t point = 0;
        size_t size = text_utf8_next(text, &point);
        if (size == 0 || text_is_hidden(point)) {
            return STATUS_MALFORMED;
        }
        text = bytes_from(text, size);
    }
    return STATUS_OK;
}

/* An end that cannot be shown to a person is none. */
static bool is_time(uint64_t seconds)
{
    return seconds <= INT64_MAX && moment_of_unix((int64_t)seconds, 0).is_known;
}

bool grant_asset_is_kind(struct bytes kind)
{
    static const char *const kinds[] = {GRANT_ASSET_OWNER, "host", "network", "domain"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (bytes_equal_text(kind, kinds[i])) {
            return true;
        }
    }
    return false;
}

struct bytes grant_terms_owner(const struct grant_terms *terms)
{
    for (uint32_t i = 0; i < terms->asset_count; i++) {
        if (bytes_equal_text(terms->assets[i].kind, GRANT_ASSET_OWNER)) {
            return terms->assets[i].name;
        }
    }
    return BYTES_NONE;
}

bool grant_terms_has_owner(const struct grant_terms *terms, struct bytes owner)
{
    for (uint32_t i = 0; i < terms->asset_count; i++) {
        if (bytes_equal_text(terms->assets[i].kind, GRANT_ASSET_OWNER) &&
            bytes_equal(terms->assets[i].name, owner)) {
            return true;
        }
    }
    return grant_terms_owner(terms).size == 0;
}

static enum status check_assets(const struct grant_terms *terms)
{
    if (terms->asset_count > GRANT_ASSETS_MAX) {
        return STATUS_LIMIT;
    }
    for (uint32_t i = 0; i < terms->asset_count; i++) {
        TRY(check_text(terms->assets[i].name));
        if (!grant_asset_is_kind(terms->assets[i].kind)) {
            return STATUS_MALFORMED;
        }
    }
    return STATUS_OK;
}

static enum status check_terms(const struct grant_terms *terms)
{
    const struct bytes texts[] = {terms->id, terms->group, terms->subject, terms->organisation,
                                  terms->reason};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        TRY(check_text(texts[i]));
    }
    if (terms->right_count == 0 || terms->id.size != GRANT_ID_DIGITS ||
        !is_time(terms->expires_s)) {
        return STATUS_MALFORMED;
    }
    /* Whoever presents a grant has the key of a home, and those are all of one kind. */
    if (terms->holder.algorithm != GRANT_ED25519) {
        return STATUS_MALFORMED;
    }
    if (terms->right_count > GRANT_RIGHTS_MAX) {
        return STATUS_LIMIT;
    }
    for (uint32_t i = 0; i < terms->right_count; i++) {
        TRY(check_text(terms->rights[i].operation));
        TRY(check_text(terms->rights[i].what));
    }
    return check_assets(terms);
}

/* The checks say for every other reader what the program's own rules say too. */
static void add_terms(const struct grant_terms *terms, struct text *out)
{
    add_fact(out, "grant", terms->id);
    add_fact(out, "group", terms->group);
    add_fact(out, "subject", terms->subject);
    add_fact(out, "organisation", terms->organisation);
    add_fact(out, "audience", bytes_of_text(GRANT_AUDIENCE));
    text_addf(out, "tier(%lld);\n", (long long)terms->tier);
    for (uint32_t i = 0; i < terms->right_count; i++) {
        add_right(out, "right", &terms->rights[i]);
        text_add(out, ";\n");
    }
    for (uint32_t i = 0; i < terms->asset_count; i++) {
        text_add(out, "asset(");
        add_string(out, terms->assets[i].kind);
        text_add(out, ", ");
        add_string(out, terms->assets[i].name);
        text_add(out, ");\n");
    }
    text_add(out, "holder(");
    add_key_string(out, &terms->holder);
    text_add(out, ");\n");
    add_fact(out, "reason", terms->reason);
    text_add(out, "expires(");
    add_date(out, terms->expires_s);
    text_add(out, ");\ncheck if time($now), $now < ");
    add_date(out, terms->expires_s);
    text_add(out, ";\ncheck if presenter($key), holder($key) or presenter($key), "
                  "agent($name, $key) trusting authority, ");
    grant_key_add(&terms->holder, out);
    text_add(out, ";\n");
}

/* The source lives as long as the block, which borrows from it. */
static enum status read_block(const struct text *source, struct arena *arena,
                              struct datalog_block *out)
{
    struct fault fault = {NULL, 0};
    struct bytes kept;
    TRY(text_status(source));
    TRY(arena_copy(arena, text_bytes(source), &kept));
    return datalog_read(kept, SOURCE_BLOCK, arena, out, &fault);
}

enum status grant_terms_block(const struct grant_terms *terms, struct arena *arena,
                              struct datalog_block *out)
{
    TRY(check_terms(terms));
    AUTO(text_done) struct text source = text_of_limit(SOURCE_SIZE_MAX);
    add_terms(terms, &source);
    return read_block(&source, arena, out);
}

enum status grant_approval_block(struct bytes role, struct arena *arena,
                                 struct datalog_block *out)
{
    TRY(check_text(role));
    AUTO(text_done) struct text source = text_of_limit(SOURCE_SIZE_MAX);
    add_fact(&source, "approved_by", role);
    return read_block(&source, arena, out);
}

static void add_delegation(const struct grant_delegation *delegation, struct text *out)
{
    text_add(out, "agent(");
    add_string(out, delegation->name);
    text_add(out, ", ");
    add_key_string(out, &delegation->key);
    text_add(out, ");\nagent_right(");
    add_string(out, delegation->right.operation);
    text_add(out, ", ");
    add_string(out, delegation->right.what);
    text_add(out, ");\nagent_ends(");
    add_date(out, delegation->expires_s);
    text_addf(out, ");\nagent_calls(%llu);\ncheck if presenter(",
              (unsigned long long)delegation->calls_max);
    add_key_string(out, &delegation->key);
    text_add(out, ");\ncheck if ");
    add_right(out, "want", &delegation->right);
    text_add(out, ";\ncheck if time($now), $now < ");
    add_date(out, delegation->expires_s);
    text_addf(out, ";\ncheck if calls($made), $made < %llu;\n",
              (unsigned long long)delegation->calls_max);
    if (delegation->owner.size > 0) {
        text_add(out, "agent_owner(");
        add_string(out, delegation->owner);
        text_add(out, ");\ncheck if evidence(");
        add_string(out, delegation->owner);
        text_add(out, ");\n");
    }
}

enum status grant_delegation_block(const struct grant_delegation *delegation,
                                   struct arena *arena, struct datalog_block *out)
{
    TRY(check_text(delegation->name));
    TRY(check_text(delegation->right.operation));
    TRY(check_text(delegation->right.what));
    if (delegation->owner.size > 0) {
        TRY(check_text(delegation->owner));
    }
    if (delegation->calls_max == 0 || delegation->calls_max > INT64_MAX) {
        return STATUS_LIMIT;
    }
    if (!is_time(delegation->expires_s) || delegation->key.algorithm != GRANT_ED25519) {
        return STATUS_MALFORMED;
    }
    AUTO(text_done) struct text source = text_of_limit(SOURCE_SIZE_MAX);
    add_delegation(delegation, &source);
    return read_block(&source, arena, out);
}

/* ---- reading ---- */

/* The `index`th fact of that name and number of terms; NULL where there is none. */
static const struct predicate *find_fact(const struct datalog_block *block, const char *name,
                                         uint32_t count, uint32_t index)
{
    for (uint32_t i = 0; i < block->fact_count; i++) {
        const struct predicate *fact = &block->facts[i];
        if (fact->count == count && bytes_equal_text(fact->name, name) && index-- == 0) {
            return fact;
        }
    }
    return NULL;
}

/* Each takes what it finds; what it does not find, or finds twice, shows in the comparison. */
static struct bytes take_string(const struct datalog_block *block, const char *name)
{
    const struct predicate *fact = find_fact(block, name, 1, 0);
    return fact != NULL && fact->terms[0].kind == TERM_STRING ? fact->terms[0].bytes
                                                              : BYTES_NONE;
}

static int64_t take_integer(const struct datalog_block *block, const char *name)
{
    const struct predicate *fact = find_fact(block, name, 1, 0);
    return fact != NULL && fact->terms[0].kind == TERM_INTEGER ? fact->terms[0].integer : 0;
}

static uint64_t take_date(const struct datalog_block *block, const char *name)
{
    const struct predicate *fact = find_fact(block, name, 1, 0);
    return fact != NULL && fact->terms[0].kind == TERM_DATE ? fact->terms[0].date : 0;
}

static bool take_right(const struct datalog_block *block, const char *name, uint32_t index,
                       struct grant_right *out)
{
    const struct predicate *fact = find_fact(block, name, 2, index);
    if (fact == NULL || fact->terms[0].kind != TERM_STRING ||
        fact->terms[1].kind != TERM_STRING) {
        return false;
    }
    *out = (struct grant_right){fact->terms[0].bytes, fact->terms[1].bytes};
    return true;
}

/* What was written of the terms found is the block as it is: nothing more, nothing twice. */
static bool is_same(const struct datalog_block *block, const struct datalog_block *again)
{
    AUTO(text_done) struct text one = text_of_limit(SOURCE_SIZE_MAX);
    AUTO(text_done) struct text other = text_of_limit(SOURCE_SIZE_MAX);
    datalog_add_block(&one, block);
    datalog_add_block(&other, again);
    return block->scope_count == 0 && text_status(&one) == STATUS_OK &&
           text_status(&other) == STATUS_OK &&
           bytes_equal(text_bytes(&one), text_bytes(&other));
}

enum status grant_terms_read(const struct datalog_block *block, struct arena *arena,
                             struct grant_terms *out, struct fault *fault)
{
    struct grant_terms terms = {
        .id = take_string(block, "grant"),
        .group = take_string(block, "group"),
        .subject = take_string(block, "subject"),
        .organisation = take_string(block, "organisation"),
        .reason = take_string(block, "reason"),
        .tier = take_integer(block, "tier"),
        .expires_s = take_date(block, "expires"),
    };
    while (terms.right_count < GRANT_RIGHTS_MAX &&
           take_right(block, "right", terms.right_count, &terms.rights[terms.right_count])) {
        terms.right_count++;
    }
    struct grant_right asset;
    while (terms.asset_count < GRANT_ASSETS_MAX &&
           take_right(block, "asset", terms.asset_count, &asset)) {
        terms.assets[terms.asset_count++] = (struct grant_asset){asset.operation, asset.what};
    }
    struct datalog_block again;
    enum status status = grant_key_read(take_string(block, "holder"), &terms.holder);
    if (status == STATUS_OK) {
        status = grant_terms_block(&terms, arena, &again);
    }
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK || !is_same(block, &again)) {
        *fault = (struct fault){"its first block does not say what a grant says", 0};
        return STATUS_MALFORMED;
    }
    *out = terms;
    return STATUS_OK;
}

bool grant_block_approves(const struct datalog_block *block, struct bytes role)
{
    const struct predicate *fact;
    for (uint32_t i = 0; (fact = find_fact(block, "approved_by", 1, i)) != NULL; i++) {
        if (fact->terms[0].kind == TERM_STRING && bytes_equal(fact->terms[0].bytes, role)) {
            return true;
        }
    }
    return false;
}

enum status grant_delegation_read(const struct datalog_block *block, struct arena *arena,
                                  struct grant_delegation *out)
{
    const struct predicate *agent = find_fact(block, "agent", 2, 0);
    if (agent == NULL) {
        return STATUS_NOT_FOUND;
    }
    struct grant_delegation found = {
        .expires_s = take_date(block, "agent_ends"),
        .calls_max = (uint64_t)take_integer(block, "agent_calls"),
        .owner = take_string(block, "agent_owner"),
    };
    struct datalog_block again;
    if (agent->terms[0].kind != TERM_STRING || agent->terms[1].kind != TERM_STRING ||
        !take_right(block, "agent_right", 0, &found.right) ||
        grant_key_read(agent->terms[1].bytes, &found.key) != STATUS_OK) {
        return STATUS_MALFORMED;
    }
    found.name = agent->terms[0].bytes;
    enum status status = grant_delegation_block(&found, arena, &again);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK || !is_same(block, &again)) {
        return STATUS_MALFORMED;
    }
    *out = found;
    return STATUS_OK;
}
