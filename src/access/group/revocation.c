#include "access/group/revocation.h"

#include <assert.h>

#include "base/number.h"

#define LINE_MAX 512

const char *revocation_kind_name(enum revocation_kind kind)
{
    static const char *const names[] = {"organisation", "of-key", "epoch"};
    static_assert(sizeof names / sizeof *names == REVOCATION_KIND_COUNT, "each has a name");
    assert((unsigned)kind < REVOCATION_KIND_COUNT);
    return names[kind];
}

static enum status read_time(struct bytes text, uint64_t *out)
{
    struct moment moment;
    TRY(moment_read(text, &moment));
    *out = moment.ns < 0 ? 0 : (uint64_t)(moment.ns / MOMENT_SECOND_NS);
    return STATUS_OK;
}

static enum status read_rules(const struct deed *deed, enum revocation_kind kind,
                              struct revocation_list *out)
{
    size_t index = 0;
    const struct deed_line *line;
    while ((line = deed_next(deed, revocation_kind_name(kind), &index)) != NULL) {
        struct bytes parts[DEED_PARTS_MAX];
        struct revocation_rule rule = {.kind = kind};
        deed_field_split(line->field, line->value, parts);
        TRY(read_time(parts[0], &rule.until_s));
        TRY(read_time(parts[1], &rule.ends_s));
        if (kind == REVOKED_KEY) {
            TRY(note_key_read(parts[2], &rule.key));
        }
        rule.organisation = kind == REVOKED_ORGANISATION ? parts[2] : BYTES_NONE;
        out->rules[out->rule_count++] = rule;
    }
    return STATUS_OK;
}

enum status revocation_list_read(struct bytes input, struct revocation_list *out,
                                 struct deed_fault *fault)
{
    struct deed deed;
    TRY(deed_read(input, DEED_REVOCATIONS, &deed, fault));
    *out = (struct revocation_list){.signer = deed.key,
                                    .made_s = (uint64_t)(deed.made.ns / MOMENT_SECOND_NS)};
    TRY(deed_number(&deed, "number", &out->number));
    size_t index = 0;
    const struct deed_line *line;
    while ((line = deed_next(&deed, "revoked", &index)) != NULL) {
        struct bytes parts[DEED_PARTS_MAX];
        deed_field_split(line->field, line->value, parts);
        TRY(sha256_read_hex(parts[0], &out->revoked[out->count]));
        TRY(read_time(parts[1], &out->ends_s[out->count]));
        out->count++;
    }
    for (unsigned kind = 0; kind < REVOCATION_KIND_COUNT; kind++) {
        TRY(read_rules(&deed, (enum revocation_kind)kind, out));
    }
    return STATUS_OK;
}

static void write_rules(const struct revocation_list *list, enum revocation_kind kind,
                        struct deed_draft *draft)
{
    for (size_t i = 0; i < list->rule_count; i++) {
        const struct revocation_rule *rule = &list->rules[i];
        AUTO(text_done) struct text line = text_of_limit(LINE_MAX);
        if (rule->kind != kind) {
            continue;
        }
        moment_add_rfc3339(&line, moment_of_unix((int64_t)rule->until_s, 0));
        text_add_byte(&line, ' ');
        moment_add_rfc3339(&line, moment_of_unix((int64_t)rule->ends_s, 0));
        text_add(&line, kind == REVOKED_EPOCH ? "" : " ");
        if (kind == REVOKED_KEY) {
            note_key_add(&rule->key, &line);
        }
        text_add_raw(&line, rule->organisation);
        deed_add(draft, revocation_kind_name(kind), text_bytes(&line));
    }
}

enum status revocation_list_write(const struct identity *identity, struct moment made,
                                  const struct revocation_list *list, struct text *out,
                                  struct deed_fault *fault)
{
    AUTO(deed_done) struct deed_draft draft = deed_begin(DEED_REVOCATIONS, identity, made);
    deed_add_number(&draft, "number", list->number);
    for (size_t i = 0; i < list->count; i++) {
        AUTO(text_done) struct text line = text_of_limit(LINE_MAX);
        sha256_add_hex(&line, &list->revoked[i]);
        text_add_byte(&line, ' ');
        moment_add_rfc3339(&line, moment_of_unix((int64_t)list->ends_s[i], 0));
        deed_add(&draft, "revoked", text_bytes(&line));
    }
    for (unsigned kind = 0; kind < REVOCATION_KIND_COUNT; kind++) {
        write_rules(list, (enum revocation_kind)kind, &draft);
    }
    return deed_finish(&draft, out, fault);
}

/* Its place in the list; the count where it is not there. */
static size_t find(const struct revocation_list *list, const struct sha256 *block)
{
    size_t place = 0;
    while (place < list->count && !sha256_equal(&list->revoked[place], block)) {
        place++;
    }
    return place;
}

bool revocation_list_has(const struct revocation_list *list, const struct sha256 *block)
{
    return find(list, block) < list->count;
}

enum status revocation_list_add(struct revocation_list *list, const struct sha256 *block,
                                uint64_t ends_s)
{
    size_t place = find(list, block);
    if (place < list->count) {
        if (list->ends_s[place] < ends_s) {
            list->ends_s[place] = ends_s;
        }
        return STATUS_OK;
    }
    if (list->count == DEED_REVOKED_MAX) {
        return STATUS_LIMIT;
    }
    list->revoked[list->count] = *block;
    list->ends_s[list->count++] = ends_s;
    return STATUS_OK;
}

/* ---- by what a grant says ---- */

static void add_key(const struct grant_key *key, struct revocation_target *out)
{
    if (key->size == NOTE_KEY_SIZE && out->key_count < REVOCATION_KEYS_MAX) {
        memcpy(out->keys[out->key_count++], key->bytes, NOTE_KEY_SIZE);
    }
}

void revocation_target_keys(const struct grant_opened *grant, const struct grant_key *root,
                            struct revocation_target *out)
{
    out->key_count = 0;
    add_key(root, out);
    add_key(&grant->terms.holder, out);
    for (uint32_t i = 1; i < grant->token.part_count; i++) {
        if (grant->token.parts[i].has_external) {
            add_key(&grant->token.parts[i].external_key, out);
        }
    }
    out->has_agent = grant->has_delegation;
    if (grant->has_delegation) {
        add_key(&grant->delegation.key, out);
        memcpy(out->agent, grant->delegation.key.bytes, NOTE_KEY_SIZE);
    }
}

static bool names_key(const struct revocation_rule *rule,
                      const struct revocation_target *target)
{
    for (size_t i = 0; i < target->key_count; i++) {
        if (memcmp(rule->key.key, target->keys[i], NOTE_KEY_SIZE) == 0) {
            return true;
        }
    }
    return false;
}

static bool covers(const struct revocation_rule *rule, const struct revocation_target *target,
                   bool is_groups)
{
    if (target->issued_s > rule->until_s) {
        return false;
    }
    if (!is_groups) {
        return rule->kind == REVOKED_KEY && target->has_agent &&
               memcmp(rule->key.key, target->agent, NOTE_KEY_SIZE) == 0;
    }
    return rule->kind == REVOKED_EPOCH ||
           (rule->kind == REVOKED_ORGANISATION &&
            bytes_equal(rule->organisation, target->organisation)) ||
           (rule->kind == REVOKED_KEY && names_key(rule, target));
}

bool revocation_list_covers(const struct revocation_list *list,
                            const struct revocation_target *target, bool is_groups)
{
    for (size_t i = 0; i < target->block_count; i++) {
        if (revocation_list_has(list, &target->blocks[i])) {
            return true;
        }
    }
    for (size_t i = 0; i < list->rule_count; i++) {
        if (covers(&list->rules[i], target, is_groups)) {
            return true;
        }
    }
    return false;
}

bool revocation_list_bars(const struct revocation_list *list,
                          const struct revocation_target *target)
{
    for (size_t i = 0; i < list->rule_count; i++) {
        if (list->rules[i].kind == REVOKED_KEY && names_key(&list->rules[i], target)) {
            return true;
        }
    }
    return false;
}

static bool is_same(const struct revocation_rule *a, const struct revocation_rule *b)
{
    return a->kind == b->kind && bytes_equal(a->organisation, b->organisation) &&
           (a->kind != REVOKED_KEY || memcmp(a->key.key, b->key.key, NOTE_KEY_SIZE) == 0);
}

enum status revocation_list_add_rule(struct revocation_list *list,
                                     const struct revocation_rule *rule)
{
    size_t of_kind = 0;
    for (size_t i = 0; i < list->rule_count; i++) {
        if (is_same(&list->rules[i], rule)) {
            list->rules[i].until_s = number_most(list->rules[i].until_s, rule->until_s);
            list->rules[i].ends_s = number_most(list->rules[i].ends_s, rule->ends_s);
            return STATUS_OK;
        }
        of_kind += list->rules[i].kind == rule->kind;
    }
    if (of_kind == (rule->kind == REVOKED_EPOCH ? 1 : DEED_REVOKED_RULES_MAX)) {
        return STATUS_LIMIT;
    }
    list->rules[list->rule_count++] = *rule;
    return STATUS_OK;
}

static bool has_ended(uint64_t ends_s, uint64_t now_s)
{
    return now_s >= REVOCATION_REST_S && ends_s <= now_s - REVOCATION_REST_S;
}

void revocation_list_drop_ended(struct revocation_list *list, uint64_t now_s)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!has_ended(list->ends_s[i], now_s)) {
            list->revoked[kept] = list->revoked[i];
            list->ends_s[kept++] = list->ends_s[i];
        }
    }
    list->count = kept;
    kept = 0;
    for (size_t i = 0; i < list->rule_count; i++) {
        if (!has_ended(list->rules[i].ends_s, now_s)) {
            list->rules[kept++] = list->rules[i];
        }
    }
    list->rule_count = kept;
}

static bool has_rule(const struct revocation_list *list, const struct revocation_rule *rule)
{
    for (size_t i = 0; i < list->rule_count; i++) {
        if (is_same(&list->rules[i], rule) && list->rules[i].until_s >= rule->until_s) {
            return true;
        }
    }
    return false;
}

size_t revocation_list_lacks(const struct revocation_list *list,
                             const struct revocation_list *before, uint64_t now_s)
{
    size_t count = 0;
    for (size_t i = 0; i < before->count; i++) {
        count += before->ends_s[i] > now_s && !revocation_list_has(list, &before->revoked[i]);
    }
    for (size_t i = 0; i < before->rule_count; i++) {
        count += before->rules[i].ends_s > now_s && !has_rule(list, &before->rules[i]);
    }
    return count;
}
