#include "correlate/spraying.h"

#include "base/table.h"
#include "correlate/guessing.h"

#include <stdlib.h>

#define NAMES_MAX 100000
#define NAMED_MAX 8U
#define PARTS_MAX 4096U
#define SUCCESS_CONFIDENCE 0.6

/* All that one source did, at all machines. */
struct trail {
    const struct sighting *parts[PARTS_MAX];
    size_t part_count;
    uint64_t failures;
    uint64_t invalid_users;
    bool is_told; /* one machine saw enough of it within a day */
    struct table accounts;
    struct table machines;
    const struct sighting *entry; /* the first login after enough failures */
    size_t entered;               /* accounts that had failed and then logged in */
    struct moment first;
    struct moment last;
};

/* By source, then time; failures before a login of the same second. */
static int compare(const void *a, const void *b)
{
    const struct sighting *left = *(const struct sighting *const *)a;
    const struct sighting *right = *(const struct sighting *const *)b;
    int order = bytes_compare(sighting_source(left), sighting_source(right));
    order = order != 0 ? order : moment_compare(left->first, right->first);
    order = order != 0 ? order : (int)left->kind - (int)right->kind;
    return order != 0 ? order : bytes_compare(left->id, right->id);
}

static const struct sighting **sorted_logins(struct case_file *file, size_t *count)
{
    const struct sighting **logins =
        arena_take_many(file->arena, file->sighting_count, sizeof *logins);
    *count = 0;
    for (size_t i = 0; logins != NULL && i < file->sighting_count; i++) {
        const struct sighting *sighting = &file->sightings[i];
        bool is_login =
            sighting->kind == OBSERVED_LOGIN_FAILURES || sighting->kind == OBSERVED_LOGIN;
        if (is_login && sighting_source(sighting).size > 0) {
            logins[(*count)++] = sighting;
        }
    }
    if (logins != NULL) {
        qsort(logins, *count, sizeof *logins, compare);
    }
    return logins;
}

static enum status note(struct table *names, struct bytes name, struct table_entry **out)
{
    *out = NULL;
    enum status status = name.size == 0 ? STATUS_OK : table_add(names, name, out);
    return status == STATUS_LIMIT ? STATUS_OK : status;
}

/* What one machine saw without a silence of a day. */
struct visit {
    uint64_t failures;
    struct moment last;
};

static enum status note_visit(struct case_file *file, struct trail *trail,
                              const struct sighting *sighting)
{
    struct table_entry *machine;
    TRY(note(&trail->machines, sighting_host(sighting), &machine));
    if (machine == NULL) {
        return STATUS_OK;
    }
    if (machine->value == NULL) {
        machine->value = arena_take(file->arena, sizeof(struct visit));
    }
    struct visit *visit = machine->value;
    if (visit == NULL) {
        return STATUS_NO_MEMORY;
    }
    bool goes_on = moment_is_within(sighting->first, visit->last, GUESSING_GAP_NS) ||
                   moment_compare(sighting->first, visit->last) <= 0;
    visit->failures = (goes_on ? visit->failures : 0) + sighting->count;
    visit->last = sighting->last;
    trail->is_told |= visit->failures >= GUESSING_FAILURES_MIN;
    return STATUS_OK;
}

static enum status add_failures(struct case_file *file, struct trail *trail,
                                const struct sighting *sighting)
{
    if (trail->part_count < PARTS_MAX) {
        trail->parts[trail->part_count++] = sighting;
    }
    trail->first = trail->failures == 0 ? sighting->first : trail->first;
    if (!trail->last.is_known || moment_compare(sighting->last, trail->last) > 0) {
        trail->last = sighting->last;
    }
    trail->failures += sighting->count;
    trail->invalid_users += sighting_count_fact(sighting, "invalid_user_count");
    struct table_entry *account;
    TRY(note(&trail->accounts, sighting_account(sighting), &account));
    if (account != NULL && account->value == NULL) {
        account->value = trail; /* tried, and did not log in so far */
    }
    return note_visit(file, trail, sighting);
}

static enum status add_login(struct trail *trail, const struct sighting *login)
{
    if (table_get(&trail->accounts, sighting_account(login)) == trail) {
        struct table_entry *account;
        TRY(table_add(&trail->accounts, sighting_account(login), &account));
        account->value = &trail->entered;
        trail->entered++;
    }
    bool is_after = trail->failures >= SPRAYING_FAILURES_MIN;
    trail->entry = trail->entry == NULL && is_after ? login : trail->entry;
    return STATUS_OK;
}

/* ---- findings ---- */

static size_t add_names(const struct table *names, enum entity_kind kind, enum entity_role role,
                        struct entity *out)
{
    size_t count = 0;
    for (size_t i = 0; i < names->count && count < NAMED_MAX; i++) {
        out[count++] = (struct entity){kind, role, names->entries[i].key};
    }
    return count;
}

static enum status raise_success(struct case_file *file, const struct trail *trail)
{
    const struct sighting *login = trail->entry;
    if (!bytes_equal_text(sighting_method(login), "password")) {
        return STATUS_OK;
    }
    struct bytes techniques[] = {BYTES_LITERAL("T1078.003"), BYTES_LITERAL("T1021.004")};
    struct entity entities[3] = {
        {ENTITY_ADDRESS, ROLE_SOURCE, sighting_source(login)},
        {ENTITY_ACCOUNT, ROLE_ACCOUNT, sighting_account(login)},
        {ENTITY_HOST, ROLE_VICTIM, sighting_host(login)},
    };
    struct fact facts[] = {
        fact_count("failure_count", trail->failures),
        fact_count("account_was_tried",
                   table_get(&trail->accounts, sighting_account(login)) != NULL),
        sighting_method_fact(login),
    };
    struct report_finding finding = {
        .rule = bytes_of_text("behaviour/login-after-guessing"),
        .title = bytes_of_text("A login succeeded from the address that guessed passwords"),
        .techniques = techniques,
        .technique_count = 2,
        .severity = SEVERITY_MEDIUM,
        .confidence = SUCCESS_CONFIDENCE,
        .first = login->first,
        .last = login->last,
        .entities = entities,
        .entity_count = sighting_host(login).size > 0 ? 3 : 2,
        .facts = facts,
        .fact_count = sizeof facts / sizeof *facts,
    };
    return case_raise(file, &finding, &login, 1);
}

static enum status raise(struct case_file *file, const struct trail *trail)
{
    bool is_wide = trail->machines.count >= SPRAYING_MACHINES_MIN;
    bool has_many_names = trail->accounts.count >= SPRAYING_SLOW_ACCOUNTS_MIN;
    bool are_people = trail->entered * 2 >= trail->accounts.count;
    if (trail->is_told || trail->failures < SPRAYING_FAILURES_MIN || trail->part_count == 0 ||
        (trail->entered > 0 && are_people)) {
        return STATUS_OK;
    }
    struct bytes source = sighting_source(trail->parts[0]);
    /* One account of the own network: more likely a program with an old password. */
    bool is_program = trail->accounts.count <= 1 && trail->invalid_users == 0 &&
                      (case_address_is_private(source) || !is_wide);
    bool is_spraying = (is_wide || has_many_names) && !is_program;
    struct bytes technique = bytes_of_text("T1110.003");
    struct entity entities[1 + 2 * NAMED_MAX] = {{ENTITY_ADDRESS, ROLE_SOURCE, source}};
    size_t count = 1;
    count += add_names(&trail->machines, ENTITY_HOST, ROLE_VICTIM, entities + count);
    count += add_names(&trail->accounts, ENTITY_ACCOUNT, ROLE_ACCOUNT, entities + count);
    struct fact facts[] = {
        fact_count("failure_count", trail->failures),
        fact_count("account_count", trail->accounts.count),
        fact_count("machine_count", trail->machines.count),
        fact_count("invalid_user_count", trail->invalid_users),
        fact_count("threshold", SPRAYING_FAILURES_MIN),
        fact_count("machine_threshold", SPRAYING_MACHINES_MIN),
        fact_count("account_threshold", SPRAYING_SLOW_ACCOUNTS_MIN),
    };
    struct report_finding finding = {
        .rule = bytes_of_text("behaviour/password-spraying"),
        .title = bytes_of_text(
            is_wide ? "One address tried a few passwords on each of several machines"
                    : "One address tried a few passwords at a time, over days"),
        .techniques = &technique,
        .technique_count = 1,
        .severity = is_spraying ? SEVERITY_MEDIUM : SEVERITY_LOW,
        .confidence = is_spraying ? 0.8 : 0.5,
        .first = trail->first,
        .last = trail->last,
        .entities = entities,
        .entity_count = count,
        .facts = facts,
        .fact_count = sizeof facts / sizeof *facts,
    };
    TRY(case_raise(file, &finding, trail->parts, trail->part_count));
    return is_spraying && trail->entry != NULL ? raise_success(file, trail) : STATUS_OK;
}

enum status spraying_raise(struct case_file *file)
{
    size_t count;
    const struct sighting **logins = sorted_logins(file, &count);
    struct trail *trail = arena_take(file->arena, sizeof *trail);
    if (logins == NULL || trail == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t begin = 0, end = 0; begin < count; begin = end) {
        uint64_t failures = 0;
        for (end = begin; end < count && bytes_equal(sighting_source(logins[end]),
                                                     sighting_source(logins[begin]));
             end++) {
            failures += logins[end]->kind == OBSERVED_LOGIN_FAILURES ? logins[end]->count : 0;
        }
        if (failures < SPRAYING_FAILURES_MIN) {
            continue;
        }
        *trail = (struct trail){.part_count = 0};
        table_init(&trail->accounts, file->arena, NAMES_MAX);
        table_init(&trail->machines, file->arena, NAMES_MAX);
        for (size_t i = begin; i < end; i++) {
            if (logins[i]->kind == OBSERVED_LOGIN) {
                TRY(add_login(trail, logins[i]));
            } else {
                TRY(add_failures(file, trail, logins[i]));
            }
        }
        TRY(raise(file, trail));
    }
    return STATUS_OK;
}
