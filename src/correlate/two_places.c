#include "correlate/two_places.h"

#include "base/table.h"
#include "record/endpoint.h"

#include <stdlib.h>

#define NETWORKS_MAX 100000
/* Of one provider, roughly: what an address changes within belongs to one place. */
#define NETWORK_SIZE_V4 2U
#define NETWORK_SIZE_V6 4U

/* A network that one account logged in from. */
struct network {
    const struct sighting *first; /* login */
    int64_t day;                  /* of the newest login */
    unsigned days;
    struct moment settled; /* when it had become usual; unknown: it did not */
};

static bool read_place(const struct sighting *sighting, struct endpoint *out)
{
    return endpoint_read(sighting_source(sighting), out) == STATUS_OK;
}

/* Public, and not the owner's. */
static bool is_elsewhere(const struct case_file *file, const struct sighting *sighting)
{
    struct bytes source = sighting_source(sighting);
    struct endpoint place;
    return read_place(sighting, &place) && !endpoint_is_private(&place) &&
           !site_is_own(file->site, source) && !site_is_administrator(file->site, source);
}

static struct bytes network_of(const struct endpoint *place)
{
    size_t size = place->address_size == 4 ? NETWORK_SIZE_V4 : NETWORK_SIZE_V6;
    return (struct bytes){place->address, size};
}

/* By account, then time. */
static int compare(const void *a, const void *b)
{
    const struct sighting *left = *(const struct sighting *const *)a;
    const struct sighting *right = *(const struct sighting *const *)b;
    int order = bytes_compare(sighting_account(left), sighting_account(right));
    order = order != 0 ? order : moment_compare(left->first, right->first);
    order = order != 0 ? order : (int)left->kind - (int)right->kind;
    return order != 0 ? order : bytes_compare(left->id, right->id);
}

static const struct sighting **sorted_uses(struct case_file *file, size_t *count)
{
    const struct sighting **uses =
        arena_take_many(file->arena, file->sighting_count, sizeof *uses);
    *count = 0;
    for (size_t i = 0; uses != NULL && i < file->sighting_count; i++) {
        const struct sighting *sighting = &file->sightings[i];
        bool is_use = sighting->kind == OBSERVED_LOGIN || sighting->kind == OBSERVED_SESSION;
        if (is_use && sighting->first.is_known && sighting_account(sighting).size > 0 &&
            is_elsewhere(file, sighting)) {
            uses[(*count)++] = sighting;
        }
    }
    if (uses != NULL) {
        qsort(uses, *count, sizeof *uses, compare);
    }
    return uses;
}

static enum status note_login(struct case_file *file, struct table *networks,
                              const struct sighting *login)
{
    struct endpoint place;
    struct table_entry *entry;
    if (!read_place(login, &place)) {
        return STATUS_OK;
    }
    enum status status = table_add(networks, network_of(&place), &entry);
    if (status == STATUS_LIMIT) {
        return STATUS_OK;
    }
    TRY(status);
    struct network *network = entry->value;
    int64_t day = login->first.ns / MOMENT_DAY_NS;
    if (network == NULL) {
        network = arena_take(file->arena, sizeof *network);
        if (network == NULL) {
            return STATUS_NO_MEMORY;
        }
        network->first = login;
        entry->value = network;
    }
    network->days += network->days == 0 || network->day != day;
    network->day = day;
    if (network->days == TWO_PLACES_DAYS_MIN && !network->settled.is_known) {
        network->settled = login->first;
    }
    return STATUS_OK;
}

/* The network that was usual by then and from which a session goes on while `login` came from
 * another; NULL for none. */
static const struct network *usual_during(const struct table *networks,
                                          const struct sighting *session,
                                          const struct sighting *login)
{
    struct endpoint place;
    struct endpoint other;
    if (session->kind != OBSERVED_SESSION ||
        session->first.year_known != login->first.year_known ||
        moment_compare(session->first, login->first) >= 0 ||
        moment_compare(login->first, session->last) >= 0 || !read_place(session, &place) ||
        !read_place(login, &other) || bytes_equal(network_of(&place), network_of(&other))) {
        return NULL;
    }
    const struct network *usual = table_get(networks, network_of(&place));
    bool was_usual = usual != NULL && usual->settled.is_known &&
                     moment_compare(usual->settled, login->first) <= 0;
    return was_usual ? usual : NULL;
}

static enum status raise(struct case_file *file, const struct sighting *session,
                         const struct sighting *login, const struct network *usual)
{
    const struct sighting *const from[] = {login, session};
    struct bytes technique = bytes_of_text("T1078");
    /* The usual address is a fact, no entity: what its owner does there is no part of this. */
    struct entity entities[3] = {
        {ENTITY_ACCOUNT, ROLE_ACCOUNT, sighting_account(login)},
        {ENTITY_ADDRESS, ROLE_SOURCE, sighting_source(login)},
        {ENTITY_HOST, ROLE_VICTIM, sighting_host(login)},
    };
    struct fact facts[] = {
        fact_text("usual_address", sighting_source(session)),
        fact_count("usual_network_days", usual->days),
        fact_count("day_threshold", TWO_PLACES_DAYS_MIN),
        sighting_method_fact(login),
    };
    const struct report_finding finding = {
        .rule = bytes_of_text("behaviour/two-places"),
        .title = bytes_of_text("One account was used from two networks at once"),
        .techniques = &technique,
        .technique_count = 1,
        .severity = SEVERITY_LOW,
        .confidence = 0.3,
        .first = login->first,
        .last = session->last,
        .entities = entities,
        .entity_count = entities[2].name.size > 0 ? 3 : 2,
        .facts = facts,
        .fact_count = sizeof facts / sizeof *facts,
    };
    return case_raise(file, &finding, from, 2);
}

/* The uses of one account: its first login from a network that never became usual. */
static enum status judge_account(struct case_file *file, const struct sighting *const *uses,
                                 size_t count, bool *is_raised)
{
    struct table networks;
    if (count < TWO_PLACES_DAYS_MIN + 2) { /* what is usual, a session of it, and a login */
        return STATUS_OK;
    }
    table_init(&networks, file->arena, NETWORKS_MAX);
    for (size_t i = 0; i < count; i++) {
        if (uses[i]->kind == OBSERVED_LOGIN) {
            TRY(note_login(file, &networks, uses[i]));
        }
    }
    size_t tried = 0;
    for (size_t i = 0; i < networks.count && tried < TWO_PLACES_NETWORKS_MAX; i++) {
        const struct network *network = networks.entries[i].value;
        tried += !network->settled.is_known;
        for (size_t j = 0; !network->settled.is_known && j < count; j++) {
            const struct network *usual = usual_during(&networks, uses[j], network->first);
            if (usual != NULL) {
                *is_raised = true;
                return raise(file, uses[j], network->first, usual);
            }
        }
    }
    return STATUS_OK;
}

enum status two_places_raise(struct case_file *file)
{
    size_t count;
    const struct sighting **uses = sorted_uses(file, &count);
    if (uses == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t given = 0;
    for (size_t begin = 0, end = 0; begin < count; begin = end) {
        while (end < count &&
               bytes_equal(sighting_account(uses[end]), sighting_account(uses[begin]))) {
            end++;
        }
        bool is_raised = false;
        if (given == TWO_PLACES_GIVEN_MAX) {
            file->leads_dropped++;
            break;
        }
        TRY(judge_account(file, uses + begin, end - begin, &is_raised));
        given += is_raised;
    }
    return STATUS_OK;
}
