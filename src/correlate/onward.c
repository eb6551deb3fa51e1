#include "correlate/onward.h"

#include "base/table.h"
#include "correlate/web.h"
#include "correlate/witness.h"

#include <stdlib.h>

/* A command, where it was given and where it goes. */
struct departure {
    const struct sighting *sighting;
    struct bytes machine;
    struct bytes account; /* that it logs in to; BYTES_NONE where nobody names it */
    struct bytes target;  /* an address or a name, as typed */
};

struct onward {
    struct case_file *file;
    const struct sighting **logins; /* by time */
    size_t login_count;
    struct table visitors; /* machine and address: that somebody came from there */
    struct table claims;   /* address -> who might have it */
};

/* Who might have an address: one machine, or nobody where several might. */
struct owner_claim {
    struct bytes host;
    bool are_several;
};

/* ---- logins ---- */

static struct text visitor_key(struct bytes host, struct bytes source)
{
    struct text key = text_of_limit(2 * ENTITY_SIZE_MAX + 1);
    text_add_raw(&key, host);
    text_add_byte(&key, '\n');
    text_add_raw(&key, source);
    return key;
}

static enum status note_visitor(struct onward *onward, const struct sighting *login)
{
    AUTO(text_done)
    struct text key = visitor_key(sighting_host(login), sighting_source(login));
    TRY(text_status(&key));
    struct table_entry *entry;
    enum status status = table_add(&onward->visitors, text_bytes(&key), &entry);
    if (status == STATUS_OK) {
        entry->value = onward;
    }
    return status == STATUS_LIMIT ? STATUS_OK : status;
}

static bool is_visitor(const struct onward *onward, struct bytes host, struct bytes source)
{
    AUTO(text_done) struct text key = visitor_key(host, source);
    return text_status(&key) != STATUS_OK ||
           table_get(&onward->visitors, text_bytes(&key)) != NULL;
}

static enum status gather_logins(struct onward *onward)
{
    struct case_file *file = onward->file;
    onward->logins = arena_take_many(file->arena, file->sighting_count, sizeof *onward->logins);
    if (onward->logins == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < file->sighting_count; i++) {
        const struct sighting *login = &file->sightings[i];
        if (login->kind == OBSERVED_LOGIN && login->first.is_known && login->first.year_known &&
            sighting_source(login).size > 0 && sighting_host(login).size > 0) {
            onward->logins[onward->login_count++] = login;
            TRY(note_visitor(onward, login));
        }
    }
    qsort(onward->logins, onward->login_count, sizeof *onward->logins, sighting_compare_time);
    return STATUS_OK;
}

/* The first login that is not before the moment. */
static size_t find_login(const struct onward *onward, int64_t ns)
{
    size_t low = 0;
    size_t high = onward->login_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (onward->logins[middle]->first.ns < ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* ---- one command ---- */

/* "web01" is what "web01.example" is called at home. */
static bool is_named(struct bytes host, struct bytes name)
{
    struct bytes first = bytes_part(host, 0, bytes_find_byte(host, '.'));
    return bytes_equal(host, name) ||
           bytes_equal(first, bytes_part(name, 0, bytes_find_byte(name, '.')));
}

/* What comes through a tunnel comes from the machine itself. */
static bool is_loopback(struct bytes address)
{
    return bytes_starts(address, "127.") || bytes_equal_text(address, "::1");
}

static bool answers(const struct onward *onward, const struct departure *departure,
                    const struct sighting *login)
{
    struct bytes host = sighting_host(login);
    struct bytes source = sighting_source(login);
    struct bytes known = case_host_of(onward->file, source);
    struct bytes goes_to = case_host_of(onward->file, departure->target);
    bool target_is_known = !bytes_equal(goes_to, departure->target);
    bool names_host =
        target_is_known ? bytes_equal(goes_to, host) : is_named(host, departure->target);
    bool same_account =
        departure->account.size > 0 && bytes_equal(departure->account, sighting_account(login));
    return !is_loopback(source) &&
           !bytes_equal(host, departure->machine) && /* another machine, */
           (departure->account.size == 0 ? names_host : same_account) &&
           (!target_is_known || names_host) &&
           (bytes_equal(known, source) || bytes_equal(known, departure->machine)) &&
           !is_visitor(onward, departure->machine, source); /* and no guest of this one */
}

/* The one login that answers; NULL where none does, or several might. */
static const struct sighting *find_answer(const struct onward *onward,
                                          const struct departure *departure)
{
    int64_t from = departure->sighting->first.ns - ONWARD_EARLY_NS;
    int64_t until = departure->sighting->first.ns + ONWARD_LATE_NS;
    const struct sighting *answer = NULL;
    size_t first = find_login(onward, from);
    for (size_t i = first; i < onward->login_count && onward->logins[i]->first.ns <= until;
         i++) {
        const struct sighting *login = onward->logins[i];
        if (i - first == ONWARD_CANDIDATES_MAX) {
            return NULL;
        }
        if (!answers(onward, departure, login)) {
            continue;
        }
        if (answer != NULL && (!bytes_equal(sighting_host(answer), sighting_host(login)) ||
                               !bytes_equal(sighting_source(answer), sighting_source(login)))) {
            return NULL;
        }
        answer = login;
    }
    return answer;
}

static enum status claim(struct onward *onward, struct bytes address, struct bytes host)
{
    struct table_entry *entry;
    enum status status = table_add(&onward->claims, address, &entry);
    if (status == STATUS_LIMIT) {
        return STATUS_OK;
    }
    TRY(status);
    struct owner_claim *owner = entry->value;
    if (owner == NULL) {
        entry->value = owner = arena_take(onward->file->arena, sizeof *owner);
        if (owner == NULL) {
            return STATUS_NO_MEMORY;
        }
        owner->host = host;
    }
    owner->are_several = owner->are_several || !bytes_equal(owner->host, host);
    return STATUS_OK;
}

static enum status take_departure(struct onward *onward, const struct sighting *sighting,
                                  struct web_machine *last)
{
    const struct departure departure = {
        .sighting = sighting,
        .machine = web_machine_told(onward->file, sighting, last),
        .account = sighting_account(sighting).size > 0
                       ? sighting_account(sighting)
                       : sighting_entity(sighting, ENTITY_ACCOUNT, ROLE_ACTOR),
        .target = sighting_entity(sighting, ENTITY_ADDRESS, ROLE_UNKNOWN).size > 0
                      ? sighting_entity(sighting, ENTITY_ADDRESS, ROLE_UNKNOWN)
                      : sighting_entity(sighting, ENTITY_NAME, ROLE_UNKNOWN),
    };
    if (departure.machine.size == 0 || !sighting->first.is_known ||
        !sighting->first.year_known) {
        return STATUS_OK;
    }
    const struct sighting *answer = find_answer(onward, &departure);
    if (answer == NULL) {
        return STATUS_OK;
    }
    TRY(claim(onward, sighting_source(answer), departure.machine));
    bool is_address = sighting_entity(sighting, ENTITY_ADDRESS, ROLE_UNKNOWN).size > 0;
    return is_address ? claim(onward, departure.target, sighting_host(answer)) : STATUS_OK;
}

enum status onward_name_machines(struct case_file *file)
{
    struct onward onward = {.file = file};
    struct web_machine last = {0};
    table_init(&onward.visitors, file->arena, CASE_SIGHTINGS_MAX);
    table_init(&onward.claims, file->arena, CASE_SIGHTINGS_MAX);
    for (size_t i = 0; i < file->sighting_count; i++) {
        if (file->sightings[i].kind != OBSERVED_REMOTE_LOGIN) {
            continue;
        }
        if (onward.logins == NULL) {
            TRY(gather_logins(&onward));
        }
        TRY(take_departure(&onward, &file->sightings[i], &last));
    }
    for (size_t i = 0; i < onward.claims.count; i++) {
        struct bytes address = onward.claims.entries[i].key;
        const struct owner_claim *owner = onward.claims.entries[i].value;
        if (!owner->are_several && !witness_owner_objects(file->site, owner->host, address)) {
            TRY(witness_alias(file, owner->host, address));
        }
    }
    return STATUS_OK;
}
