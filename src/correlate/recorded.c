#include "correlate/recorded.h"

#include "correlate/web.h"

#include <stdlib.h>
#include <string.h>

/* The earlier is believed where several tell of one login. */
enum teller {
    TELLER_LOG,
    TELLER_RECORD,
    TELLER_LAST,
    TELLER_NONE,
};

struct telling {
    const struct sighting *sighting;
    enum teller teller;
    struct bytes machine;
};

struct tellings {
    struct telling *items; /* by machine, source, time, teller */
    size_t count;
    bool is_partial; /* a log gave up logins: nobody knows which */
};

bool recorded_is(const struct sighting *sighting)
{
    const struct fact *method = fact_find(sighting->facts, sighting->fact_count, "method");
    return method != NULL && bytes_equal_text(method->text, RECORDED_METHOD);
}

static enum teller teller_of(const struct sighting *sighting)
{
    if (sighting->kind == OBSERVED_LOGIN) {
        return TELLER_LOG;
    }
    if (sighting->kind != OBSERVED_SESSION_BEGUN) {
        return TELLER_NONE;
    }
    const struct fact *by = fact_find(sighting->facts, sighting->fact_count, "by");
    return by == NULL                             ? TELLER_NONE
           : bytes_equal_text(by->text, "record") ? TELLER_RECORD
           : bytes_equal_text(by->text, "last")   ? TELLER_LAST
                                                  : TELLER_NONE;
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

static enum status gather_tellings(struct case_file *file, struct tellings *out)
{
    *out = (struct tellings){0};
    out->items = arena_take_many(file->arena, file->sighting_count, sizeof *out->items);
    if (out->items == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t known = file->evidence_count;
    struct bytes machine = BYTES_NONE;
    for (size_t i = 0; i < file->sighting_count; i++) {
        const struct sighting *sighting = &file->sightings[i];
        enum teller teller = teller_of(sighting);
        if (teller == TELLER_NONE || !sighting->first.is_known || !sighting->first.year_known ||
            sighting_source(sighting).size == 0) {
            continue;
        }
        if (sighting->evidence != known) { /* in the order of evidence */
            known = sighting->evidence;
            machine = web_machine(file, known);
        }
        bool is_log = teller == TELLER_LOG;
        const struct examination *examination = &file->evidence[known].examination;
        out->is_partial |= is_log && examination->observations_dropped > 0;
        struct bytes host = sighting_host(sighting);
        out->items[out->count++] =
            (struct telling){sighting, teller, host.size > 0 || is_log ? host : machine};
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

/* True where somebody who is believed before tells of the same login. */
static bool is_told(const struct tellings *tellings, size_t at)
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
    text_add(&name, "number ");
    text_add_number(&name, number->count);
    TRY(text_status(&name));
    return arena_copy(arena, text_bytes(&name), out);
}

static enum status make_login(struct arena *arena, const struct telling *telling,
                              struct sighting *out)
{
    struct bytes account;
    TRY(name_account(arena, telling->sighting, &account));
    const struct entity all[] = {
        {ENTITY_ADDRESS, ROLE_SOURCE, sighting_source(telling->sighting)},
        {ENTITY_ACCOUNT, ROLE_ACCOUNT, account},
        {ENTITY_HOST, ROLE_VICTIM, telling->machine},
    };
    struct entity *entities = arena_take_many(arena, 3, sizeof *entities);
    struct fact *method = arena_take(arena, sizeof *method);
    if (entities == NULL || method == NULL) {
        return STATUS_NO_MEMORY;
    }
    *out = *telling->sighting;
    out->kind = OBSERVED_LOGIN;
    out->entities = entities;
    out->entity_count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].name.size > 0) {
            entities[out->entity_count++] = all[i];
        }
    }
    *method = fact_text("method", bytes_of_text(RECORDED_METHOD));
    out->facts = method;
    out->fact_count = 1;
    return STATUS_OK;
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
    size_t count = file->sighting_count;
    if (count > 0) {
        memcpy(sightings, file->sightings, count * sizeof *sightings);
    }
    for (size_t i = 0; !tellings.is_partial && i < tellings.count; i++) {
        if (tellings.items[i].teller != TELLER_LOG && !is_told(&tellings, i)) {
            TRY(make_login(file->arena, &tellings.items[i], &sightings[count++]));
        }
    }
    file->sightings = sightings;
    file->sighting_count = count;
    return STATUS_OK;
}
