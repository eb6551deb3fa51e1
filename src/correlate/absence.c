#include "correlate/absence.h"

#include "base/table.h"
#include "correlate/recorded.h"
#include "correlate/web.h"

#include <stdlib.h>

#define FROM_MAX CITES_MAX /* sightings that one finding rests on */
#define LOGIN_PORT ":22/tcp"
#define SPANS_MAX 512U
#define CLIENTS_MAX 100000U

/* One beginning of a session, or a login, as somebody tells it. */
struct telling {
    const struct sighting *sighting;
    enum login_teller teller;
    int64_t ns;
    struct bytes host;
    struct bytes account; /* empty for the last login, which has a number only */
    struct bytes source;
    bool is_used;
};

struct comparison {
    struct case_file *file;
    struct telling *tellings; /* by time */
    size_t count;
};

struct row {
    enum login_teller teller;
    enum login_teller expected;
    const char *rule;
    const char *title;
};

/* rows: one deleted at a time by make prove */
static const struct row rows[] = {
    {TELLER_RECORD, TELLER_LOG, "behaviour/log-lacks-recorded-session",
     "The record of logins has a session that the log of logins lacks"},
    {TELLER_MANAGER, TELLER_LOG, "behaviour/log-lacks-started-session",
     "A session was started that the log of logins lacks"},
    {TELLER_LAST, TELLER_RECORD, "behaviour/record-lacks-last-login",
     "The last login of an account is missing in the record of logins"},
};

/* ---- gathering ---- */

static int by_time(const void *a, const void *b)
{
    const struct telling *left = a;
    const struct telling *right = b;
    if (left->ns != right->ns) {
        return left->ns < right->ns ? -1 : 1;
    }
    return (left->sighting > right->sighting) - (left->sighting < right->sighting);
}

static enum status gather_tellings(struct comparison *comparison)
{
    struct case_file *file = comparison->file;
    comparison->tellings =
        arena_take_many(file->arena, file->sighting_count, sizeof *comparison->tellings);
    if (comparison->tellings == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct web_machine last = {0};
    for (size_t i = 0; i < file->sighting_count; i++) {
        const struct sighting *sighting = &file->sightings[i];
        enum login_teller teller = recorded_teller(sighting);
        if (teller == TELLER_NONE || !sighting->first.is_known || !sighting->first.year_known) {
            continue;
        }
        comparison->tellings[comparison->count++] = (struct telling){
            .sighting = sighting,
            .teller = teller,
            .ns = sighting->first.ns,
            .host = web_machine_told(file, sighting, &last),
            .account = sighting_account(sighting),
            .source = sighting_source(sighting),
        };
    }
    qsort(comparison->tellings, comparison->count, sizeof *comparison->tellings, by_time);
    return STATUS_OK;
}

/* ---- comparing ---- */

static size_t first_from(const struct comparison *comparison, int64_t ns)
{
    size_t low = 0;
    size_t high = comparison->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (comparison->tellings[middle].ns < ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool is_same_login(const struct telling *a, const struct telling *b)
{
    bool by_account = a->account.size > 0 && b->account.size > 0;
    return bytes_equal(a->host, b->host) && (by_account ? bytes_equal(a->account, b->account)
                                                        : bytes_equal(a->source, b->source));
}

/* Where more was told at once than is compared, it is taken as told. */
static bool is_told(const struct comparison *comparison, const struct telling *telling,
                    enum login_teller expected)
{
    size_t from = first_from(comparison, telling->ns - ABSENCE_NEAR_NS);
    for (size_t i = from; i < comparison->count; i++) {
        const struct telling *other = &comparison->tellings[i];
        if (other->ns > telling->ns + ABSENCE_NEAR_NS) {
            return false;
        }
        if (i - from > ABSENCE_WINDOW_MAX ||
            (other->teller == expected && is_same_login(telling, other))) {
            return true;
        }
    }
    return false;
}

/* An evidence in which somebody tells of a machine's logins. */
struct span {
    struct bytes host;
    size_t evidence;
};

struct spans {
    size_t count;
    struct span items[SPANS_MAX];
};

static void add_span(struct spans *spans, struct bytes host, size_t evidence)
{
    for (size_t i = spans->count; i > 0; i--) {
        const struct span *span = &spans->items[i - 1];
        if (span->evidence == evidence && bytes_equal(span->host, host)) {
            return;
        }
    }
    if (spans->count < SPANS_MAX) {
        spans->items[spans->count++] = (struct span){host, evidence};
    }
}

static bool covers(const struct case_evidence *evidence, int64_t ns)
{
    return evidence->row.first.is_known && evidence->row.last.is_known &&
           evidence->row.first.ns <= ns && ns <= evidence->row.last.ns &&
           evidence->examination.observations_dropped == 0;
}

static bool is_covered(const struct case_file *file, const struct spans *spans,
                       struct bytes host, int64_t ns)
{
    for (size_t i = 0; i < spans->count; i++) {
        if (bytes_equal(spans->items[i].host, host) &&
            covers(&file->evidence[spans->items[i].evidence], ns)) {
            return true;
        }
    }
    return false;
}

/* Where each machine's logins are told of by `expected`. */
static struct spans *spans_of(const struct comparison *comparison, enum login_teller expected)
{
    struct spans *spans = arena_take(comparison->file->arena, sizeof *spans);
    for (size_t i = 0; spans != NULL && i < comparison->count; i++) {
        const struct telling *telling = &comparison->tellings[i];
        if (telling->teller == expected && telling->host.size > 0) {
            add_span(spans, telling->host, telling->sighting->evidence);
        }
    }
    return spans;
}

/* ---- raising ---- */

static double confidence_of(uint64_t agreed)
{
    return agreed >= 3 ? 0.7 : 0.5;
}

static enum status raise(struct comparison *comparison, const struct row *row, uint64_t agreed,
                         const struct telling *const *lacking, size_t count)
{
    const struct sighting *from[FROM_MAX];
    size_t kept = count < FROM_MAX ? count : FROM_MAX;
    for (size_t i = 0; i < kept; i++) {
        from[i] = lacking[i]->sighting;
    }
    const struct telling *first = lacking[0];
    struct bytes technique = bytes_of_text("T1070.002");
    struct entity entities[3];
    size_t entity_count = 0;
    const struct entity all[] = {{ENTITY_HOST, ROLE_VICTIM, first->host},
                                 {ENTITY_ADDRESS, ROLE_SOURCE, first->source},
                                 {ENTITY_ACCOUNT, ROLE_ACCOUNT, first->account}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].name.size > 0) {
            entities[entity_count++] = all[i];
        }
    }
    static const char why[] =
        "Either what told of it was removed from the one that lacks it, or that one is set up "
        "to leave it out, though it has others of the kind. Its copies elsewhere, and the "
        "journal, would tell.";
    const struct fact facts[] = {
        fact_text("explanation", bytes_of_text(why)),
        fact_count("lacking", count),
        fact_count("agreed", agreed),
    };
    const struct report_finding finding = {
        .rule = bytes_of_text(row->rule),
        .title = bytes_of_text(row->title),
        .techniques = &technique,
        .technique_count = 1,
        .severity = SEVERITY_LOW,
        .confidence = confidence_of(agreed),
        .first = first->sighting->first,
        .last = lacking[count - 1]->sighting->last,
        .entities = entities,
        .entity_count = entity_count,
        .facts = facts,
        .fact_count = 3,
    };
    return case_raise(comparison->file, &finding, from, kept);
}

/* What the row's teller told of a machine and others lack, by whom it is about. */
static enum status raise_lacking(struct comparison *comparison, const struct row *row,
                                 struct telling **lacking, size_t count, const uint64_t *agreed)
{
    for (size_t i = 0; i < count; i++) {
        const struct telling *same[ABSENCES_MAX];
        size_t same_count = 0;
        for (size_t j = i; j < count; j++) {
            bool is_same = !lacking[j]->is_used && is_same_login(lacking[i], lacking[j]) &&
                           bytes_equal(lacking[i]->source, lacking[j]->source);
            if (is_same) {
                lacking[j]->is_used = true;
                same[same_count++] = lacking[j];
            }
        }
        if (same_count > 0) {
            TRY(raise(comparison, row, agreed[i], same, same_count));
        }
    }
    return STATUS_OK;
}

/* How often both told of a login, by machine. */
static enum status count_agreed(const struct comparison *comparison, const struct row *row,
                                struct table *agreed)
{
    table_init(agreed, comparison->file->arena, SPANS_MAX);
    for (size_t i = 0; i < comparison->count; i++) {
        const struct telling *telling = &comparison->tellings[i];
        struct table_entry *entry;
        if (telling->teller != row->teller || telling->host.size == 0 ||
            !is_told(comparison, telling, row->expected)) {
            continue;
        }
        enum status status = table_add(agreed, telling->host, &entry);
        if (status == STATUS_LIMIT) {
            continue;
        }
        TRY(status);
        if (entry->value == NULL) {
            entry->value = arena_take(comparison->file->arena, sizeof(uint64_t));
        }
        if (entry->value == NULL) {
            return STATUS_NO_MEMORY;
        }
        ++*(uint64_t *)entry->value;
    }
    return STATUS_OK;
}

static enum status compare(struct comparison *comparison, const struct row *row)
{
    struct telling *lacking[ABSENCES_MAX];
    uint64_t agreed[ABSENCES_MAX];
    size_t count = 0;
    struct table by_host;
    const struct spans *spans = spans_of(comparison, row->expected);
    if (spans == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(count_agreed(comparison, row, &by_host));
    for (size_t i = 0; i < comparison->count && count < ABSENCES_MAX; i++) {
        struct telling *telling = &comparison->tellings[i];
        const uint64_t *known = table_get(&by_host, telling->host);
        if (telling->teller == row->teller && known != NULL &&
            !is_told(comparison, telling, row->expected) &&
            is_covered(comparison->file, spans, telling->host, telling->ns)) {
            telling->is_used = false;
            agreed[count] = *known;
            lacking[count++] = telling;
        }
    }
    return raise_lacking(comparison, row, lacking, count, agreed);
}

/* ---- connections that a capture saw ---- */

/* The machine that has the server's address, where logs of its logins are there. */
static struct bytes machine_reached(const struct comparison *comparison,
                                    const struct sighting *traffic)
{
    struct bytes service = sighting_entity(traffic, ENTITY_SERVICE, ROLE_COUNT);
    struct bytes server = sighting_entity(traffic, ENTITY_ADDRESS, ROLE_UNKNOWN);
    struct bytes host = case_host_of(comparison->file, server);
    bool is_login = bytes_ends(service, LOGIN_PORT) && !bytes_equal(host, server);
    return is_login && sighting_count_fact(traffic, "established_count") > 0 ? host
                                                                             : BYTES_NONE;
}

/* What the logs of logins know: each client of each machine, and which machines they speak of.
 * A machine whose log names some clients without an address is left alone. */
struct acquaintance {
    bool is_cut; /* there were more than fit */
    struct table clients;
    struct table unsure;
    struct table others; /* by machine */
    struct spans *spans;
};

static enum status client_key(struct arena *arena, struct bytes host, struct bytes client,
                              struct bytes *out)
{
    struct text AUTO(text_done) key = text_of_limit(2 * ENTITY_SIZE_MAX + 1);
    text_add_raw(&key, host);
    text_add_byte(&key, '\n');
    text_add_raw(&key, client);
    TRY(text_status(&key));
    return arena_copy(arena, text_bytes(&key), out);
}

static enum status add_key(struct acquaintance *known, struct table *table, struct bytes key)
{
    struct table_entry *entry;
    enum status status = table_add(table, key, &entry);
    if (status == STATUS_LIMIT) {
        known->is_cut = true;
        return STATUS_OK;
    }
    TRY(status);
    entry->value = known; /* that it is there is all that is asked */
    return STATUS_OK;
}

static enum status acquaint(struct acquaintance *known, const struct case_file *file)
{
    table_init(&known->clients, file->arena, CLIENTS_MAX);
    table_init(&known->unsure, file->arena, SPANS_MAX);
    table_init(&known->others, file->arena, SPANS_MAX);
    known->spans = arena_take(file->arena, sizeof *known->spans);
    if (known->spans == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < file->sighting_count; i++) {
        const struct sighting *sighting = &file->sightings[i];
        struct bytes host = sighting_entity(sighting, ENTITY_HOST, ROLE_VICTIM);
        if ((sighting->kind != OBSERVED_LOGIN && sighting->kind != OBSERVED_LOGIN_FAILURES) ||
            host.size == 0 || recorded_is(sighting)) {
            continue;
        }
        struct bytes client = sighting_source(sighting);
        struct bytes key;
        add_span(known->spans, host, sighting->evidence);
        TRY(client_key(file->arena, host, client, &key));
        TRY(client.size > 0 ? add_key(known, &known->clients, key)
                            : add_key(known, &known->unsure, host));
        TRY(add_key(known, &known->others, host));
    }
    return STATUS_OK;
}

static enum status raise_connection(struct comparison *comparison,
                                    const struct acquaintance *known,
                                    const struct sighting *traffic)
{
    struct case_file *file = comparison->file;
    struct bytes host = machine_reached(comparison, traffic);
    struct bytes client = sighting_entity(traffic, ENTITY_ADDRESS, ROLE_ACTOR);
    struct bytes key;
    if (host.size == 0 || client.size == 0) {
        return STATUS_OK;
    }
    TRY(client_key(file->arena, host, client, &key));
    bool is_lacking = table_get(&known->others, host) != NULL &&
                      table_get(&known->unsure, host) == NULL &&
                      table_get(&known->clients, key) == NULL &&
                      is_covered(file, known->spans, host, traffic->first.ns) &&
                      is_covered(file, known->spans, host, traffic->last.ns);
    if (!is_lacking) {
        return STATUS_OK;
    }
    static const struct row row = {
        TELLER_NONE, TELLER_LOG, "behaviour/log-lacks-connections",
        "A capture saw connections to the login service that the log of logins lacks"};
    const struct telling telling = {.sighting = traffic, .host = host, .source = client};
    const struct telling *lacking[] = {&telling};
    return raise(comparison, &row, 1, lacking, 1);
}

static enum status raise_connections(struct comparison *comparison)
{
    struct case_file *file = comparison->file;
    struct acquaintance known = {.is_cut = false};
    TRY(acquaint(&known, file));
    for (size_t i = 0; !known.is_cut && i < file->sighting_count; i++) {
        if (file->sightings[i].kind == OBSERVED_TRAFFIC) {
            TRY(raise_connection(comparison, &known, &file->sightings[i]));
        }
    }
    return STATUS_OK;
}

enum status absence_raise(struct case_file *file)
{
    struct comparison comparison = {.file = file};
    TRY(gather_tellings(&comparison));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        TRY(compare(&comparison, &rows[i]));
    }
    return raise_connections(&comparison);
}
