#include "correlate/guessing.h"

#include "base/number.h"
#include "base/table.h"
#include "correlate/habit.h"
#include "correlate/recorded.h"

#include <stdlib.h>
#include <string.h>

#define CAMPAIGNS_MAX 100000
#define CAMPAIGN_SIGHTINGS_MAX 4096
#define ACCOUNTS_NAMED_MAX 8
#define CROWD_ACCOUNTS_MIN 3
#define CROWD_CONFIDENCE 0.6

/* One source address against one machine, until it is silent for GUESSING_GAP_NS. */
struct campaign {
    const struct sighting *parts[CAMPAIGN_SIGHTINGS_MAX];
    size_t part_count;
    uint64_t failures;
    uint64_t invalid_users;
    uint64_t abandoned;
    struct table accounts; /* name -> failures, as an integer in the pointer */
    struct habit habit;    /* of the source, whatever it did when */
    struct moment first;
    struct moment last;
};

static bool is_login(const struct sighting *sighting)
{
    return sighting->kind == OBSERVED_LOGIN_FAILURES || sighting->kind == OBSERVED_LOGIN;
}

/* Some logs know a source by its name only. */
static struct entity source_entity(const struct sighting *sighting)
{
    struct bytes address = sighting_source(sighting);
    if (address.size > 0) {
        return (struct entity){ENTITY_ADDRESS, ROLE_SOURCE, address};
    }
    return (struct entity){ENTITY_NAME, ROLE_SOURCE,
                           sighting_entity(sighting, ENTITY_NAME, ROLE_SOURCE)};
}

static struct bytes source_of(const struct sighting *sighting)
{
    return source_entity(sighting).name;
}

/* By machine, source, then time; failures before a login of the same second. */
static int compare_logins(const void *a, const void *b)
{
    const struct sighting *left = *(const struct sighting *const *)a;
    const struct sighting *right = *(const struct sighting *const *)b;
    int order = bytes_compare(sighting_host(left), sighting_host(right));
    order = order != 0 ? order : bytes_compare(source_of(left), source_of(right));
    order = order != 0 ? order : moment_compare(left->first, right->first);
    order = order != 0 ? order : (int)left->kind - (int)right->kind;
    return order != 0 ? order : bytes_compare(left->id, right->id);
}

static enum status begin(struct campaign *campaign, struct arena *arena)
{
    campaign->part_count = 0;
    campaign->failures = 0;
    campaign->invalid_users = 0;
    campaign->abandoned = 0;
    campaign->first = (struct moment){0};
    campaign->last = (struct moment){0};
    table_init(&campaign->accounts, arena, CAMPAIGNS_MAX);
    return STATUS_OK;
}

static enum status add_failures(struct campaign *campaign, const struct sighting *sighting)
{
    if (campaign->part_count < CAMPAIGN_SIGHTINGS_MAX) {
        campaign->parts[campaign->part_count++] = sighting;
    }
    if (campaign->failures == 0) {
        campaign->first = sighting->first;
    }
    if (moment_compare(sighting->last, campaign->last) > 0 || !campaign->last.is_known) {
        campaign->last = sighting->last;
    }
    campaign->failures += sighting->count;
    campaign->invalid_users += sighting_count_fact(sighting, "invalid_user_count");
    campaign->abandoned += sighting_count_fact(sighting, "abandoned_count");
    struct bytes account = sighting_account(sighting);
    if (account.size == 0) {
        return STATUS_OK;
    }
    struct table_entry *entry;
    enum status status = table_add(&campaign->accounts, account, &entry);
    if (status == STATUS_OK) {
        entry->value = (void *)((uintptr_t)entry->value + (uintptr_t)sighting->count);
    }
    return status == STATUS_LIMIT ? STATUS_OK : status;
}

static bool is_spraying(const struct campaign *campaign)
{
    size_t accounts = campaign->accounts.count;
    return accounts >= SPRAYING_ACCOUNTS_MIN &&
           campaign->failures <= (uint64_t)accounts * SPRAYING_TRIES_MAX;
}

/* The account that was tried most; the first of several. */
static struct bytes favourite(const struct campaign *campaign)
{
    struct bytes best = BYTES_NONE;
    uintptr_t most = 0;
    for (size_t i = 0; i < campaign->accounts.count; i++) {
        const struct table_entry *entry = &campaign->accounts.entries[i];
        if ((uintptr_t)entry->value > most) {
            most = (uintptr_t)entry->value;
            best = entry->key;
        }
    }
    return best;
}

static size_t name_accounts(const struct campaign *campaign, struct entity *out)
{
    size_t count = 0;
    struct bytes best = favourite(campaign);
    if (best.size > 0) {
        out[count++] = (struct entity){ENTITY_ACCOUNT, ROLE_ACCOUNT, best};
    }
    for (size_t i = 0; i < campaign->accounts.count && count < ACCOUNTS_NAMED_MAX; i++) {
        struct bytes name = campaign->accounts.entries[i].key;
        if (!bytes_equal(name, best)) {
            out[count++] = (struct entity){ENTITY_ACCOUNT, ROLE_ACCOUNT, name};
        }
    }
    return count;
}

static double guessing_confidence(const struct campaign *campaign)
{
    if (campaign->failures >= 30 || campaign->accounts.count >= 5) {
        return 0.95;
    }
    return campaign->failures >= GUESSING_FAILURES_MIN ? 0.8 : 0.5;
}

static bool is_explained(const struct campaign *campaign)
{
    return campaign->habit.are_people || campaign->habit.is_machine;
}

static const char *title_of(const struct campaign *campaign)
{
    if (campaign->failures < GUESSING_FAILURES_MIN) {
        return "A few failed logins from one address";
    }
    return campaign->habit.are_people   ? "People behind one address mistyped their passwords"
           : campaign->habit.is_machine ? "A login fails again and again at a steady pace"
           : is_spraying(campaign)      ? "Few passwords tried on many accounts"
                                        : "Passwords guessed";
}

static enum status raise_guessing(struct case_file *file, const struct campaign *campaign)
{
    if (campaign->failures < GUESSING_UNLUCKY_MIN) {
        return STATUS_OK;
    }
    bool is_guessing = campaign->failures >= GUESSING_FAILURES_MIN && !is_explained(campaign);
    bool spraying = is_spraying(campaign);
    struct bytes technique = bytes_of_text(spraying ? "T1110.003" : "T1110.001");
    struct entity entities[ACCOUNTS_NAMED_MAX + 2];
    size_t entity_count = 0;
    entities[entity_count++] = source_entity(campaign->parts[0]);
    struct bytes host = sighting_host(campaign->parts[0]);
    if (host.size > 0) {
        entities[entity_count++] = (struct entity){ENTITY_HOST, ROLE_VICTIM, host};
    }
    entity_count += name_accounts(campaign, entities + entity_count);
    struct fact facts[] = {
        fact_count("failure_count", campaign->failures),
        fact_count("account_count", campaign->accounts.count),
        fact_count("invalid_user_count", campaign->invalid_users),
        fact_count("abandoned_count", campaign->abandoned),
        fact_count("threshold", GUESSING_FAILURES_MIN),
        fact_count("steady_count", campaign->habit.steady),
        fact_count("tried_and_logged_in_count", campaign->habit.tried_and_in),
    };
    size_t fact_total = sizeof facts / sizeof *facts - (is_explained(campaign) ? 0 : 2);
    struct report_finding finding = {
        .rule = bytes_of_text("behaviour/password-guessing"),
        .title = bytes_of_text(title_of(campaign)),
        .techniques = &technique,
        .technique_count = 1,
        .severity = is_guessing ? SEVERITY_MEDIUM : SEVERITY_LOW,
        .confidence = is_explained(campaign) ? 0.5 : guessing_confidence(campaign),
        .first = campaign->first,
        .last = campaign->last,
        .entities = entities,
        .entity_count = entity_count,
        .facts = facts,
        .fact_count = fact_total,
    };
    return case_raise(file, &finding, campaign->parts, campaign->part_count);
}

/* A login by password on an account that was guessed is what guessing is for; by key, or on an
 * account that was never tried, it may be somebody else behind the same address. */
static double success_confidence(const struct campaign *campaign, const struct sighting *login)
{
    if (sighting_is_by_key(login) || campaign->habit.is_machine) {
        return 0.3;
    }
    bool was_tried = table_get(&campaign->accounts, sighting_account(login)) != NULL;
    bool many = campaign->failures >= 30;
    if (recorded_is(login)) { /* it may have been by key; of some, only a number is known */
        bool is_number = bytes_starts(sighting_account(login), RECORDED_NUMBER);
        return was_tried || (is_number && many) ? 0.8 : is_number ? 0.6 : 0.3;
    }
    if (!was_tried) {
        return 0.6;
    }
    return case_address_is_private(source_of(login)) && !many ? 0.8 : many ? 0.95 : 0.9;
}

/* True where a crowd was at work on the machine at the time, and this is one of it: it tried
 * more accounts than a person has names. */
static bool is_of_crowd(const struct case_file *file, const struct campaign *campaign)
{
    struct bytes host = sighting_host(campaign->parts[0]);
    for (size_t i = 0; campaign->accounts.count >= CROWD_ACCOUNTS_MIN && i < file->lead_count;
         i++) {
        const struct report_finding *finding = &file->leads[i].finding;
        if (bytes_equal_text(finding->rule, "behaviour/crowd-guessing") &&
            finding->severity >= SEVERITY_MEDIUM &&
            bytes_equal(lead_entity(&file->leads[i], ENTITY_HOST, ROLE_VICTIM), host) &&
            moment_compare(finding->first, campaign->last) <= 0 &&
            moment_compare(campaign->first, finding->last) <= 0) {
            return true;
        }
    }
    return false;
}

static bool may_have_guessed(const struct case_file *file, const struct campaign *campaign)
{
    return !campaign->habit.are_people &&
           (campaign->failures >= GUESSING_FAILURES_MIN || is_of_crowd(file, campaign));
}

/* Of an account that is told by its number, the name is the one that was tried, if only one
 * was. */
static struct bytes account_of(const struct campaign *campaign, const struct sighting *login)
{
    struct bytes account = sighting_account(login);
    bool is_number = recorded_is(login) && bytes_starts(account, RECORDED_NUMBER);
    return is_number && campaign->accounts.count == 1 ? campaign->accounts.entries[0].key
                                                      : account;
}

static enum status raise_success(struct case_file *file, const struct campaign *campaign,
                                 const struct sighting *login)
{
    double confidence = success_confidence(campaign, login);
    if (campaign->failures < GUESSING_FAILURES_MIN) {
        confidence = confidence > CROWD_CONFIDENCE ? CROWD_CONFIDENCE : confidence;
    }
    struct bytes techniques[] = {BYTES_LITERAL("T1078.003"), BYTES_LITERAL("T1021.004")};
    struct entity entities[3];
    size_t entity_count = 0;
    entities[entity_count++] = source_entity(login);
    entities[entity_count++] =
        (struct entity){ENTITY_ACCOUNT, ROLE_ACCOUNT, account_of(campaign, login)};
    if (sighting_host(login).size > 0) {
        entities[entity_count++] =
            (struct entity){ENTITY_HOST, ROLE_VICTIM, sighting_host(login)};
    }
    bool is_administrator = site_is_administrator(file->site, source_of(login)) &&
                            site_is_working_hour(file->site, login->first);
    confidence = is_administrator ? confidence / 2 : confidence;
    struct fact facts[] = {
        fact_count("failure_count", campaign->failures),
        fact_count("administrator_address", is_administrator),
        fact_count("account_was_tried",
                   table_get(&campaign->accounts, sighting_account(login)) != NULL),
        sighting_method_fact(login),
        fact_text("lowered_by_site", bytes_of_text("administrators")),
    };
    size_t fact_total = sizeof facts / sizeof *facts - (is_administrator ? 0 : 1);
    struct report_finding finding = {
        .rule = bytes_of_text("behaviour/login-after-guessing"),
        .title = bytes_of_text("A login succeeded from the address that guessed passwords"),
        .techniques = techniques,
        .technique_count = 2,
        .severity = case_entry_severity(confidence),
        .confidence = confidence,
        .first = login->first,
        .last = login->last,
        .entities = entities,
        .entity_count = entity_count,
        .facts = facts,
        .fact_count = fact_total,
    };
    return case_raise(file, &finding, &login, 1);
}

static bool same_source(const struct sighting *previous, const struct sighting *sighting)
{
    return previous != NULL && bytes_equal(sighting_host(previous), sighting_host(sighting)) &&
           bytes_equal(source_of(previous), source_of(sighting));
}

static bool belongs(const struct campaign *campaign, const struct sighting *previous,
                    const struct sighting *sighting)
{
    return same_source(previous, sighting) &&
           (campaign->failures == 0 ||
            moment_is_within(sighting->first, campaign->last, GUESSING_GAP_NS) ||
            moment_compare(sighting->first, campaign->last) <= 0);
}

/* The logins of every evidence, sorted; `*count` of them. */
static const struct sighting **sorted_logins(struct case_file *file, size_t *count)
{
    const struct sighting **logins =
        arena_take_many(file->arena, file->sighting_count, sizeof *logins);
    *count = 0;
    for (size_t i = 0; logins != NULL && i < file->sighting_count; i++) {
        if (is_login(&file->sightings[i]) && source_of(&file->sightings[i]).size > 0) {
            logins[(*count)++] = &file->sightings[i];
        }
    }
    if (logins != NULL) {
        qsort(logins, *count, sizeof *logins, compare_logins);
    }
    return logins;
}

/* The habit of the source whose logins begin at `logins`. */
static enum status judge_source(const struct case_file *file,
                                const struct sighting *const *logins, size_t count,
                                struct habit *out)
{
    size_t end = 0;
    uint64_t failures = 0;
    while (end < count && bytes_equal(sighting_host(logins[end]), sighting_host(logins[0])) &&
           bytes_equal(source_of(logins[end]), source_of(logins[0]))) {
        failures += logins[end]->kind == OBSERVED_LOGIN_FAILURES ? logins[end]->count : 0;
        end++;
    }
    *out = (struct habit){0};
    return failures < GUESSING_UNLUCKY_MIN ? STATUS_OK : habit_judge(file, logins, end, out);
}

enum status guessing_raise(struct case_file *file)
{
    size_t count;
    const struct sighting **logins = sorted_logins(file, &count);
    struct campaign *campaign = arena_take(file->arena, sizeof *campaign);
    if (logins == NULL || campaign == NULL) {
        return STATUS_NO_MEMORY;
    }
    const struct sighting *previous = NULL;
    bool success_raised = false;
    for (size_t i = 0; i < count; i++) {
        if (!belongs(campaign, previous, logins[i])) {
            TRY(raise_guessing(file, campaign));
            TRY(begin(campaign, file->arena));
            success_raised = false;
        }
        if (!same_source(previous, logins[i])) {
            TRY(judge_source(file, logins + i, count - i, &campaign->habit));
        }
        if (logins[i]->kind == OBSERVED_LOGIN_FAILURES) {
            TRY(add_failures(campaign, logins[i]));
        } else if (!success_raised && campaign->part_count > 0 &&
                   may_have_guessed(file, campaign)) {
            TRY(raise_success(file, campaign, logins[i]));
            success_raised = true;
        }
        previous = logins[i];
    }
    return raise_guessing(file, campaign);
}
