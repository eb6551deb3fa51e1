#include "correlate/recorded.h"

#include "base/number.h"
#include "base/table.h"
#include "correlate/web.h"

#include <stdlib.h>

#define KEY_PART_MAX 256U
#define KEY_SIZE_MAX (3 * (KEY_PART_MAX + 1))

struct telling {
    const struct sighting *sighting;
    enum login_teller teller;
    struct bytes machine;
};

/* How often a source failed at a machine, as its logs and its records tell. */
struct failures {
    uint64_t logged;
    uint64_t recorded;
};

struct tellings {
    struct telling *items; /* by machine, source, time, teller */
    size_t count;
    struct table logged;  /* machine, source, account of each login that a log tells */
    struct table failed;  /* machine, source -> struct failures */
    struct table partial; /* machines of which a log gave up logins: nobody knows which */
    struct web_machine machine;
};

bool recorded_is(const struct sighting *sighting)
{
    struct bytes method = sighting_method(sighting);
    return bytes_equal_text(method, RECORDED_METHOD) ||
           bytes_equal_text(method, RECORDED_METHOD_LAST);
}

enum login_teller recorded_teller(const struct sighting *sighting)
{
    static const char *const names[] = {
        [TELLER_LOG] = "log",
        [TELLER_RECORD] = "record",
        [TELLER_LAST] = "last",
        [TELLER_MANAGER] = "manager",
    };
    if (sighting->kind == OBSERVED_LOGIN) {
        return recorded_is(sighting) ? TELLER_NONE : TELLER_LOG;
    }
    const struct fact *by = sighting->kind != OBSERVED_SESSION_BEGUN
                                ? NULL
                                : fact_find(sighting->facts, sighting->fact_count, "by");
    for (size_t i = 0; by != NULL && i < sizeof names / sizeof *names; i++) {
        if (bytes_equal_text(by->text, names[i])) {
            return (enum login_teller)i;
        }
    }
    return TELLER_NONE;
}

/* Whether what is told is a login here: that a log of sessions tells one with an address too is
 * not asked, and the manager knows no addresses. */
static bool is_login(const struct sighting *sighting, enum login_teller teller)
{
    return sighting->kind == OBSERVED_LOGIN || teller == TELLER_RECORD || teller == TELLER_LAST;
}

static int compare_sources(const struct telling *left, const struct telling *right)
{
    int order = bytes_compare(left->machine, right->machine);
    return order != 0 ? order
                      : bytes_compare(sighting_source(left->sighting),
                                      sighting_source(right->sighting));
}

static int compare_tellings(const void *a, const void *b)
{
    const struct telling *left = a;
    const struct telling *right = b;
    int order = compare_sources(left, right);
    order = order != 0 ? order : moment_compare(left->sighting->first, right->sighting->first);
    order = order != 0 ? order : (int)left->teller - (int)right->teller;
    return order != 0 ? order
                      : (left->sighting > right->sighting) - (left->sighting < right->sighting);
}

/* A log that gave so many has more. */
static bool gave_up_logins(const struct examination *examination, size_t logins)
{
    return examination->observations_dropped > 0 &&
           (logins >= RECORDED_LOGINS_MAX ||
            examination->observation_count >= EXAMINATION_OBSERVATIONS_MAX);
}

static enum status key_of(struct arena *arena, const struct telling *telling,
                          struct bytes account, struct bytes *out)
{
    AUTO(text_done) struct text key = text_of_limit(KEY_SIZE_MAX);
    const struct bytes parts[] = {telling->machine, sighting_source(telling->sighting),
                                  account};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        text_add_raw(&key, bytes_part(parts[i], 0, KEY_PART_MAX));
        text_add_byte(&key, '\n');
    }
    TRY(text_status(&key));
    return arena_copy(arena, text_bytes(&key), out);
}

static enum status note(struct table *table, struct bytes key)
{
    struct table_entry *entry;
    TRY(table_add(table, key, &entry));
    entry->value = entry;
    return STATUS_OK;
}

/* A log tells of a login by that account from there, and so of its source. */
static enum status note_logged(struct case_file *file, struct tellings *tellings,
                               const struct telling *telling)
{
    struct bytes key;
    TRY(key_of(file->arena, telling, sighting_account(telling->sighting), &key));
    TRY(note(&tellings->logged, key));
    TRY(key_of(file->arena, telling, BYTES_NONE, &key));
    return note(&tellings->logged, key);
}

static bool is_of_record(const struct case_file *file, const struct sighting *sighting)
{
    return bytes_equal_text(file->evidence[sighting->evidence].row.kind, "login records");
}

static enum status failures_of(struct case_file *file, struct tellings *tellings,
                               const struct sighting *sighting, struct failures **out)
{
    const struct telling telling = {sighting, TELLER_NONE,
                                    web_machine_told(file, sighting, &tellings->machine)};
    struct bytes key;
    struct table_entry *entry;
    TRY(key_of(file->arena, &telling, BYTES_NONE, &key));
    TRY(table_add(&tellings->failed, key, &entry));
    if (entry->value == NULL) {
        entry->value = arena_take(file->arena, sizeof(struct failures));
    }
    *out = entry->value;
    return *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status note_failed(struct case_file *file, struct tellings *tellings,
                               const struct sighting *sighting)
{
    struct failures *failures;
    TRY(failures_of(file, tellings, sighting, &failures));
    uint64_t *sum = is_of_record(file, sighting) ? &failures->recorded : &failures->logged;
    *sum = number_add(*sum, sighting->count);
    return STATUS_OK;
}

static enum status gather_tellings(struct case_file *file, struct tellings *out)
{
    *out = (struct tellings){0};
    out->items = arena_take_many(file->arena, file->sighting_count, sizeof *out->items);
    if (out->items == NULL) {
        return STATUS_NO_MEMORY;
    }
    table_init(&out->logged, file->arena, 2 * CASE_SIGHTINGS_MAX);
    table_init(&out->failed, file->arena, CASE_SIGHTINGS_MAX);
    table_init(&out->partial, file->arena, CASE_SIGHTINGS_MAX);
    size_t known = file->evidence_count;
    size_t logins = 0; /* of the evidence */
    for (size_t i = 0; i < file->sighting_count; i++) {
        const struct sighting *sighting = &file->sightings[i];
        if (sighting_source(sighting).size == 0) {
            continue;
        }
        if (sighting->kind == OBSERVED_LOGIN_FAILURES) {
            TRY(note_failed(file, out, sighting));
        }
        enum login_teller teller = recorded_teller(sighting);
        if (!is_login(sighting, teller) || !sighting->first.is_known ||
            !sighting->first.year_known) {
            continue;
        }
        logins = sighting->evidence == known ? logins : 0;
        known = sighting->evidence;
        bool is_log = teller == TELLER_LOG;
        struct telling telling = {sighting, teller,
                                  is_log ? sighting_host(sighting)
                                         : web_machine_told(file, sighting, &out->machine)};
        if (is_log) {
            TRY(note_logged(file, out, &telling));
            if (gave_up_logins(&file->evidence[known].examination, ++logins)) {
                TRY(note(&out->partial, telling.machine));
            }
        }
        out->items[out->count++] = telling;
    }
    qsort(out->items, out->count, sizeof *out->items, compare_tellings);
    return STATUS_OK;
}

static bool is_near(const struct telling *a, const struct telling *b)
{
    int64_t apart = a->sighting->first.ns - b->sighting->first.ns;
    return compare_sources(a, b) == 0 && apart <= RECORDED_NEAR_NS &&
           apart >= -RECORDED_NEAR_NS;
}

/* True where somebody who is believed before tells of the same login at the same time. */
static bool is_told_then(const struct tellings *tellings, size_t at)
{
    const struct telling *telling = &tellings->items[at];
    for (size_t i = at; i-- > 0 && is_near(&tellings->items[i], telling);) {
        if (tellings->items[i].teller < telling->teller || at - i > RECORDED_WINDOW_MAX) {
            return true;
        }
    }
    for (size_t i = at + 1; i < tellings->count && is_near(&tellings->items[i], telling); i++) {
        if (tellings->items[i].teller < telling->teller || i - at > RECORDED_WINDOW_MAX) {
            return true;
        }
    }
    return false;
}

/* Or where a log tells, at whatever time, of a login by that account from there: clocks and
 * zones differ, and one connection has many sessions, of which a log tells the first. */
static enum status is_told(struct case_file *file, const struct tellings *tellings, size_t at,
                           bool *out)
{
    const struct telling *telling = &tellings->items[at];
    struct bytes key;
    TRY(key_of(file->arena, telling, sighting_account(telling->sighting), &key));
    *out = telling->teller == TELLER_LOG || table_get(&tellings->logged, key) != NULL ||
           table_get(&tellings->partial, telling->machine) != NULL ||
           is_told_then(tellings, at);
    return STATUS_OK;
}

/* The account by its name, or by what is known of it. */
static enum status name_account(struct arena *arena, const struct sighting *sighting,
                                struct bytes *out)
{
    *out = sighting_account(sighting);
    const struct fact *number = fact_find(sighting->facts, sighting->fact_count, "number");
    if (out->size > 0 || number == NULL) {
        return STATUS_OK;
    }
    AUTO(text_done) struct text name = text_of_limit(32);
    text_add(&name, RECORDED_NUMBER);
    text_add_number(&name, number->count);
    TRY(text_status(&name));
    return arena_copy(arena, text_bytes(&name), out);
}

/* The entities of somebody from somewhere at an account of a machine; at most three. */
static enum status set_entities(struct arena *arena, struct bytes machine, struct bytes account,
                                struct sighting *sighting)
{
    const struct entity all[] = {
        {ENTITY_ADDRESS, ROLE_SOURCE, sighting_source(sighting)},
        {ENTITY_ACCOUNT, ROLE_ACCOUNT, account},
        {ENTITY_HOST, ROLE_VICTIM, machine},
    };
    struct entity *entities = arena_take_many(arena, 3, sizeof *entities);
    if (entities == NULL) {
        return STATUS_NO_MEMORY;
    }
    sighting->entities = entities;
    sighting->entity_count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].name.size > 0) {
            entities[sighting->entity_count++] = all[i];
        }
    }
    return STATUS_OK;
}

static enum status make_login(struct arena *arena, const struct telling *telling,
                              struct sighting *out)
{
    struct bytes account;
    TRY(name_account(arena, telling->sighting, &account));
    *out = *telling->sighting;
    TRY(set_entities(arena, telling->machine, account, out));
    struct fact *method = arena_take(arena, sizeof *method);
    if (method == NULL) {
        return STATUS_NO_MEMORY;
    }
    *method =
        fact_text("method", bytes_of_text(telling->teller == TELLER_LAST ? RECORDED_METHOD_LAST
                                                                         : RECORDED_METHOD));
    out->kind = OBSERVED_LOGIN;
    out->facts = method;
    out->fact_count = 1;
    return STATUS_OK;
}

/* Failures of a record (btmp) are those of the machine.  Where a log of it tells of failures
 * from the same source too, they are the same, and count as often as the one that has more
 * says. */
static enum status settle_failures(struct case_file *file, struct tellings *tellings,
                                   struct sighting *sighting)
{
    struct failures *failures;
    TRY(failures_of(file, tellings, sighting, &failures));
    bool is_record = is_of_record(file, sighting);
    if (is_record ? failures->recorded <= failures->logged
                  : failures->recorded > failures->logged) {
        sighting->count = 0;
        sighting->fact_count = 0;
    }
    return is_record
               ? set_entities(file->arena, web_machine_told(file, sighting, &tellings->machine),
                              sighting_account(sighting), sighting)
               : STATUS_OK;
}

enum status recorded_add(struct case_file *file)
{
    struct tellings tellings;
    TRY(gather_tellings(file, &tellings));
    struct sighting *sightings = arena_take_many(
        file->arena, file->sighting_count + tellings.count + 1, sizeof *sightings);
    if (sightings == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t count = 0;
    for (; count < file->sighting_count; count++) {
        struct sighting *sighting = &sightings[count];
        *sighting = file->sightings[count];
        if (sighting->kind == OBSERVED_LOGIN_FAILURES && sighting_source(sighting).size > 0) {
            TRY(settle_failures(file, &tellings, sighting));
        }
    }
    for (size_t i = 0; i < tellings.count; i++) {
        bool told;
        TRY(is_told(file, &tellings, i, &told));
        if (!told) {
            TRY(make_login(file->arena, &tellings.items[i], &sightings[count++]));
        }
    }
    file->sightings = sightings;
    file->sighting_count = count;
    return STATUS_OK;
}
