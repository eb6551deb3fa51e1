#include "correlate/hop.h"

#include "base/table.h"
#include "correlate/aftermath.h"
#include "correlate/recorded.h"

#include <stdlib.h>

#define PLACES_MAX 50000 /* beyond it every login is taken for a usual one */
#define SURE_CONFIDENCE 0.8

/* That the intruder is somewhere: what shows it last, and when it began.  To go on does not
 * begin it anew, or one entry would make intruders of whoever comes for the rest of the
 * evidence. */
struct hold {
    const struct lead *entry;
    struct moment since;
};

/* What is known at the moment of a login, which are gone through by time. */
struct known {
    struct table intruders; /* address -> the hold of who came from it */
    struct table held;      /* address -> the hold of the machine it is of */
    struct table accounts;  /* machine and account that were entered */
    struct table pairs;     /* machine, account and source of a login before */
};

bool hop_is(const struct lead *lead)
{
    return rule_tells_hop(lead->finding.rule);
}

bool hop_is_entry(const struct lead *lead)
{
    return (hop_is(lead) ||
            bytes_equal_text(lead->finding.rule, "behaviour/login-by-intruder")) &&
           lead->finding.severity >= SEVERITY_MEDIUM;
}

/* ---- by time ---- */

static int compare_entries(const void *a, const void *b)
{
    const struct lead *left = *(const struct lead *const *)a;
    const struct lead *right = *(const struct lead *const *)b;
    int order = moment_compare(left->finding.first, right->finding.first);
    return order != 0 ? order : bytes_compare(left->finding.id, right->finding.id);
}

static const struct sighting **sorted_logins(struct case_file *file, size_t *count)
{
    const struct sighting **logins =
        arena_take_many(file->arena, file->sighting_count, sizeof *logins);
    *count = 0;
    for (size_t i = 0; logins != NULL && i < file->sighting_count; i++) {
        const struct sighting *login = &file->sightings[i];
        if (login->kind == OBSERVED_LOGIN && login->first.is_known &&
            sighting_source(login).size > 0 && sighting_account(login).size > 0 &&
            sighting_host(login).size > 0) {
            logins[(*count)++] = login;
        }
    }
    if (logins != NULL) {
        qsort(logins, *count, sizeof *logins, sighting_compare_time);
    }
    return logins;
}

static const struct lead **sorted_entries(struct case_file *file, size_t *count)
{
    const struct lead **entries =
        arena_take_many(file->arena, file->lead_count, sizeof *entries);
    *count = 0;
    for (size_t i = 0; entries != NULL && i < file->lead_count; i++) {
        if (lead_is_entry(&file->leads[i]) && file->leads[i].finding.first.is_known) {
            entries[(*count)++] = &file->leads[i];
        }
    }
    if (entries != NULL) {
        qsort(entries, *count, sizeof *entries, compare_entries);
    }
    return entries;
}

/* ---- what is known ---- */

static void add_key(struct text *key, const struct bytes *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_add_raw(key, words[i]);
        text_add_byte(key, '\n');
    }
}

/* Notes the words, which belong together.  `*was_known` is true where they were noted before,
 * and where there is no room. */
static enum status note(struct table *table, const struct bytes *words, size_t count,
                        bool *was_known)
{
    AUTO(text_done) struct text key = text_of_limit(4 * ENTITY_SIZE_MAX);
    add_key(&key, words, count);
    TRY(text_status(&key));
    struct table_entry *entry;
    enum status status = table_add(table, text_bytes(&key), &entry);
    *was_known = true;
    if (status != STATUS_OK) {
        return status == STATUS_LIMIT ? STATUS_OK : status;
    }
    *was_known = entry->value != NULL;
    entry->value = table; /* anything but NULL: that it is there is all it says */
    return STATUS_OK;
}

static bool is_noted(const struct table *table, const struct bytes *words, size_t count)
{
    AUTO(text_done) struct text key = text_of_limit(4 * ENTITY_SIZE_MAX);
    add_key(&key, words, count);
    return text_status(&key) == STATUS_OK && table_get(table, text_bytes(&key)) != NULL;
}

/* The last entry counts, and the latest beginning of those that are known. */
static enum status note_hold(struct arena *arena, struct table *table, struct bytes address,
                             const struct hold *hold)
{
    struct table_entry *entry;
    enum status status = table_add(table, address, &entry);
    if (status != STATUS_OK) {
        return status == STATUS_LIMIT ? STATUS_OK : status;
    }
    struct hold *held = entry->value;
    if (held == NULL) {
        entry->value = held = arena_take(arena, sizeof *held);
        if (held == NULL) {
            return STATUS_NO_MEMORY;
        }
        *held = *hold;
    }
    held->entry = hold->entry;
    if (moment_compare(hold->since, held->since) > 0) {
        held->since = hold->since;
    }
    return STATUS_OK;
}

/* From now on the intruder has the machine, under every address that it is known to have. */
static enum status note_entry(const struct case_file *file, struct known *known,
                              const struct hold *hold)
{
    struct bytes machine = lead_machine(hold->entry);
    struct bytes host = case_host_of(file, machine);
    struct bytes source = lead_entity(hold->entry, ENTITY_ADDRESS, ROLE_SOURCE);
    struct bytes account = lead_entity(hold->entry, ENTITY_ACCOUNT, ROLE_ACCOUNT);
    bool was_known;
    if (source.size > 0) {
        TRY(note_hold(file->arena, &known->intruders, source, hold));
        const struct bytes pair[] = {host, account, source};
        TRY(note(&known->pairs, pair, 3, &was_known));
    }
    if (machine.size > 0) {
        TRY(note_hold(file->arena, &known->held, machine, hold));
        const struct bytes words[] = {host, account};
        TRY(note(&known->accounts, words, 2, &was_known));
    }
    for (size_t i = 0; i < file->alias_count; i++) {
        if (bytes_equal(file->aliases[i].host, host)) {
            TRY(note_hold(file->arena, &known->held, file->aliases[i].address, hold));
        }
    }
    return STATUS_OK;
}

/* ---- logins ---- */

/* How a login goes on from an entry. */
struct step {
    const struct lead *entry;
    struct moment since; /* when the intruder got in who is held to have come */
    bool is_hop;
    bool same_account; /* that was entered on the machine it comes from */
    bool is_soon;
};

/* Who got in by guessing may be known by another name of the account than the record has. */
static bool tells_of(const struct lead *entry, const struct sighting *login)
{
    return entry->evidence == login->evidence &&
           moment_compare(entry->finding.first, login->first) == 0 &&
           bytes_equal(lead_entity(entry, ENTITY_ADDRESS, ROLE_SOURCE),
                       sighting_source(login)) &&
           bytes_equal(lead_machine(entry), sighting_host(login));
}

static bool find_step(const struct case_file *file, const struct known *known,
                      const struct sighting *login, struct step *out)
{
    struct bytes source = sighting_source(login);
    struct bytes host = sighting_host(login);
    const struct hold *held = table_get(&known->held, source);
    const struct hold *own = table_get(&known->intruders, source);
    if (held != NULL && case_is_same_machine(file, lead_machine(held->entry), host)) {
        return false; /* to itself */
    }
    const struct hold *hold = held != NULL ? held : own;
    if (hold == NULL || !moment_is_within(login->first, hold->since, AFTERMATH_NS) ||
        (recorded_is(login) && tells_of(hold->entry, login))) {
        return false;
    }
    out->is_hop = held != NULL;
    out->entry = hold->entry;
    out->since = hold->since;
    const struct bytes words[] = {case_host_of(file, lead_machine(out->entry)),
                                  sighting_account(login)};
    out->same_account = is_noted(&known->accounts, words, 2);
    out->is_soon = moment_is_within(login->first, out->entry->finding.first, HOP_NEAR_NS);
    return true;
}

/* By key into an account that was never entered, it may well be somebody else behind the same
 * address, or on the same machine: as of a login after guessing. */
static double step_confidence(const struct sighting *login, const struct step *step)
{
    if (step->same_account) {
        return 0.9;
    }
    if (sighting_is_by_key(login)) {
        return 0.3;
    }
    /* An address of the inside may be that of a proxy that many come through. */
    bool is_own = !step->is_hop && !case_address_is_private(sighting_source(login));
    return is_own ? 0.9 : step->is_soon ? 0.6 : 0.3;
}

static double confidence_of(const struct case_file *file, const struct sighting *login,
                            const struct step *step)
{
    double confidence = step_confidence(login, step);
    bool is_administrator = site_is_administrator(file->site, sighting_source(login)) &&
                            site_is_working_hour(file->site, login->first);
    /* Where the entry itself may have been the owner's, what came after it is a question. */
    double entry = step->entry->finding.confidence;
    bool is_doubtful = is_administrator || entry < SURE_CONFIDENCE;
    confidence = confidence > entry ? entry : confidence;
    return is_doubtful ? confidence / 2 : confidence;
}

static enum status raise(struct case_file *file, const struct sighting *login,
                         const struct step *step)
{
    double confidence = confidence_of(file, login, step);
    struct bytes own[] = {BYTES_LITERAL("T1078.003"), BYTES_LITERAL("T1021.004")};
    struct bytes remote[] = {BYTES_LITERAL("T1021.004"), BYTES_LITERAL("T1078.003")};
    struct bytes machine = case_host_of(file, lead_machine(step->entry));
    bool is_named = step->is_hop && !bytes_equal(machine, sighting_source(login));
    /* The machine it comes from is no attacker's address: it is one of the attacked. */
    struct entity entities[] = {
        {ENTITY_ADDRESS, step->is_hop ? ROLE_ACTOR : ROLE_SOURCE, sighting_source(login)},
        {ENTITY_ACCOUNT, ROLE_ACCOUNT, sighting_account(login)},
        {ENTITY_HOST, ROLE_VICTIM, sighting_host(login)},
        {ENTITY_HOST, ROLE_ACTOR, machine},
    };
    struct fact facts[] = {
        sighting_method_fact(login),
        fact_text("machine_entered_before", machine),
        fact_count("account_was_entered", step->same_account),
        fact_count("is_soon", step->is_soon),
    };
    struct report_finding finding = {
        .rule = step->is_hop ? bytes_of_text("behaviour/login-from-held-machine")
                             : bytes_of_text("behaviour/login-by-intruder"),
        .title =
            step->is_hop
                ? bytes_of_text("A login came from a machine that somebody had got into")
                : bytes_of_text("A login came from the address of somebody who had got in"),
        .techniques = step->is_hop ? remote : own,
        .technique_count = 2,
        .severity = case_entry_severity(confidence),
        .confidence = confidence,
        .first = login->first,
        .last = login->last,
        .entities = entities,
        .entity_count = is_named ? 4 : 3,
        .facts = facts,
        .fact_count = sizeof facts / sizeof *facts,
    };
    return case_raise(file, &finding, &login, 1);
}

/* Raises what the login is, unless it is as usual. */
static enum status judge(struct case_file *file, struct known *known,
                         const struct sighting *login, size_t *given)
{
    const struct bytes pair[] = {case_host_of(file, sighting_host(login)),
                                 sighting_account(login), sighting_source(login)};
    bool was_known;
    struct step step;
    TRY(note(&known->pairs, pair, 3, &was_known));
    if (was_known || !find_step(file, known, login, &step)) {
        return STATUS_OK;
    }
    if (*given == HOP_GIVEN_MAX) {
        file->leads_dropped++;
        return STATUS_OK;
    }
    size_t count = file->lead_count;
    (*given)++;
    TRY(raise(file, login, &step));
    if (file->lead_count == count || !hop_is_entry(&file->leads[count])) {
        return STATUS_OK;
    }
    const struct hold hold = {&file->leads[count], step.since};
    return note_entry(file, known, &hold);
}

enum status hop_raise(struct case_file *file)
{
    size_t login_count;
    size_t entry_count;
    const struct sighting **logins = sorted_logins(file, &login_count);
    const struct lead **entries = sorted_entries(file, &entry_count);
    if (logins == NULL || entries == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct known known;
    table_init(&known.intruders, file->arena, PLACES_MAX);
    table_init(&known.held, file->arena, PLACES_MAX);
    table_init(&known.accounts, file->arena, PLACES_MAX);
    table_init(&known.pairs, file->arena, PLACES_MAX);
    size_t given = 0;
    size_t next = 0;
    for (size_t i = 0; entry_count > 0 && i < login_count; i++) {
        while (next < entry_count &&
               moment_compare(entries[next]->finding.first, logins[i]->first) <= 0) {
            const struct hold hold = {entries[next], entries[next]->finding.first};
            TRY(note_entry(file, &known, &hold));
            next++;
        }
        TRY(judge(file, &known, logins[i], &given));
    }
    return STATUS_OK;
}

/* ---- for links ---- */

const struct lead *hop_entry(const struct case_file *file, const struct lead *hop)
{
    struct bytes source = lead_entity(hop, ENTITY_ADDRESS, ROLE_ACTOR);
    struct bytes account = lead_entity(hop, ENTITY_ACCOUNT, ROLE_ACCOUNT);
    const struct lead *best = NULL;
    bool best_is_same = false;
    for (size_t i = 0; i < file->lead_count; i++) {
        const struct lead *entry = &file->leads[i];
        if (entry == hop || !lead_is_entry(entry) ||
            !moment_is_within(hop->finding.first, entry->finding.first, AFTERMATH_NS) ||
            !case_is_same_machine(file, case_host_of(file, lead_machine(entry)),
                                  case_host_of(file, source))) {
            continue;
        }
        bool is_same = bytes_equal(lead_entity(entry, ENTITY_ACCOUNT, ROLE_ACCOUNT), account);
        bool is_later =
            best == NULL || moment_compare(entry->finding.first, best->finding.first) > 0;
        if (best == NULL || is_same > best_is_same || (is_same == best_is_same && is_later)) {
            best = entry;
            best_is_same = is_same;
        }
    }
    return best;
}
