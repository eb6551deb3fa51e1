#include "correlate/watch.h"

#include <string.h>

#include "base/number.h"
#include "base/table.h"
#include "codec/sha256.h"
#include "correlate/technique.h"

/* How bad what belongs to a stage must be.  What comes before an entry is said early, if it is
 * said at all; the rest as soon as it is suspicious. */
struct row {
    enum stage_kind stage;
    enum severity from;
};

/* rows: one deleted at a time by make prove */
static const struct row rows[] = {
    {STAGE_SCANNING, SEVERITY_LOW},
    {STAGE_CALL_HOME, SEVERITY_LOW},
};

struct judging {
    const struct report *report;
    struct arena *arena;
    struct vigil *vigil;
    struct table index; /* key of a matter -> the matter */
    struct vigil_matter *matters;
    size_t matter_count;
    struct moment now;
    struct warning *warnings;
    size_t warning_count;
};

static enum severity least_of(enum stage_kind stage)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].stage == stage) {
            return rows[i].from;
        }
    }
    return SEVERITY_MEDIUM;
}

/* ---- matters ---- */

/* A party is known by its address; a name may come to be known later. */
static bool has_address(const struct report_finding *finding, enum entity_role role)
{
    for (size_t i = 0; i < finding->entity_count; i++) {
        if (finding->entities[i].kind == ENTITY_ADDRESS && finding->entities[i].role == role) {
            return true;
        }
    }
    return false;
}

static bool tells_apart(const struct report_finding *finding, const struct entity *entity,
                        bool is_entry)
{
    if (entity->kind == ENTITY_NAME && has_address(finding, entity->role)) {
        return false;
    }
    bool is_party = entity->role == ROLE_SOURCE || entity->role == ROLE_VICTIM ||
                    entity->role == ROLE_CONTROLLER || entity->role == ROLE_ACTOR;
    bool is_name = entity->kind == ENTITY_ADDRESS || entity->kind == ENTITY_NAME ||
                   entity->kind == ENTITY_HOST || entity->kind == ENTITY_ACCOUNT;
    return is_name && (is_party || (is_entry && entity->role == ROLE_ACCOUNT));
}

static void add_entity(struct sha256_state *state, const struct entity *entity)
{
    const uint8_t head[] = {0, (uint8_t)entity->kind, (uint8_t)entity->role};
    sha256_add(state, (struct bytes){head, sizeof head});
    sha256_add(state, entity->name);
}

/* Of a rule: who does it, and to whom.  What grows with it, as the accounts that are tried do,
 * makes no new matter. */
static void make_key(const struct report_finding *finding, bool is_entry,
                     uint8_t key[VIGIL_KEY_SIZE])
{
    struct sha256_state state;
    sha256_init(&state);
    sha256_add(&state, finding->rule);
    size_t used = 0;
    for (size_t i = 0; i < finding->entity_count; i++) {
        if (tells_apart(finding, &finding->entities[i], is_entry)) {
            add_entity(&state, &finding->entities[i]);
            used++;
        }
    }
    for (size_t i = 0; used == 0 && i < finding->entity_count; i++) {
        add_entity(&state, &finding->entities[i]);
    }
    struct sha256 digest = sha256_finish(&state);
    memcpy(key, digest.bytes, VIGIL_KEY_SIZE);
}

static struct bytes key_bytes(const uint8_t key[VIGIL_KEY_SIZE])
{
    return (struct bytes){key, VIGIL_KEY_SIZE};
}

static struct vigil_matter *find_matter(const struct judging *judging,
                                        const uint8_t key[VIGIL_KEY_SIZE])
{
    return table_get(&judging->index, key_bytes(key));
}

static enum status index_matter(struct judging *judging, struct vigil_matter *matter)
{
    struct table_entry *entry;
    TRY(table_add(&judging->index, key_bytes(matter->key), &entry));
    entry->value = matter;
    return STATUS_OK;
}

static enum status take_matters(struct judging *judging)
{
    const struct vigil *vigil = judging->vigil;
    size_t room = vigil->matter_count + judging->report->finding_count;
    judging->matters = arena_take_many(judging->arena, room, sizeof *judging->matters);
    if (judging->matters == NULL) {
        return STATUS_NO_MEMORY;
    }
    table_init(&judging->index, judging->arena, room + 1);
    for (size_t i = 0; i < vigil->matter_count; i++) {
        struct vigil_matter *matter = &judging->matters[judging->matter_count++];
        *matter = vigil->matters[i];
        TRY(index_matter(judging, matter));
    }
    return STATUS_OK;
}

/* Those heard of last are kept; the order of the others stays. */
static void keep_newest(struct judging *judging)
{
    while (judging->matter_count > VIGIL_MATTERS_MAX) {
        size_t oldest = 0;
        for (size_t i = 1; i < judging->matter_count; i++) {
            if (moment_compare(judging->matters[i].last, judging->matters[oldest].last) < 0) {
                oldest = i;
            }
        }
        judging->matter_count--;
        memmove(&judging->matters[oldest], &judging->matters[oldest + 1],
                (judging->matter_count - oldest) * sizeof *judging->matters);
    }
    judging->vigil->matters = judging->matters;
    judging->vigil->matter_count = judging->matter_count;
}

/* ---- what is said ---- */

/* What the finding counts; facts that say yes or no are numbers too. */
static const struct fact *first_count(const struct report_finding *finding)
{
    for (size_t i = 0; i < finding->fact_count; i++) {
        struct bytes name = finding->facts[i].name;
        if (finding->facts[i].kind == FACT_COUNT &&
            (bytes_ends(name, "count") || bytes_equal_text(name, "occurrences"))) {
            return &finding->facts[i];
        }
    }
    return NULL;
}

static void begin_day(struct judging *judging)
{
    struct vigil_tally *tally = &judging->vigil->tally;
    int64_t day = judging->now.is_known ? judging->now.ns / MOMENT_DAY_NS : tally->day;
    if (day != tally->day) {
        tally->day_most = number_most(tally->day_most, tally->day_said);
        tally->day_said = 0;
        tally->day_low = 0;
        tally->day = day;
    }
}

static bool has_room(const struct vigil_tally *tally, enum severity severity)
{
    if (severity >= SEVERITY_HIGH) {
        return true;
    }
    return tally->day_said < WATCH_DAY_MAX &&
           (severity > SEVERITY_LOW || tally->day_low < WATCH_DAY_LOW_MAX);
}

/* The earliest warning about what belongs together with an entry, that came before it. */
static void foretell(const struct judging *judging, struct warning *warning)
{
    const struct report *report = judging->report;
    for (size_t i = 0; i < report->incident_count; i++) {
        const struct incident *incident = &report->incidents[i];
        bool is_in = false;
        for (size_t j = 0; j < incident->finding_count; j++) {
            is_in = is_in || bytes_equal(incident->findings[j], warning->finding->id);
        }
        for (size_t j = 0; is_in && j < incident->finding_count; j++) {
            const struct report_finding *finding =
                report_finding_by_id(report, incident->findings[j]);
            uint8_t key[VIGIL_KEY_SIZE];
            if (finding == NULL || finding == warning->finding) {
                continue;
            }
            make_key(finding, false, key);
            const struct vigil_matter *matter = find_matter(judging, key);
            if (matter != NULL && matter->said.is_known &&
                moment_compare(matter->said, warning->finding->first) <= 0 &&
                (!warning->warned.is_known ||
                 moment_compare(matter->said, warning->warned) < 0)) {
                warning->warned = matter->said;
                warning->first_try = matter->first;
            }
        }
    }
}

static void count_said(struct judging *judging, const struct warning *warning)
{
    struct vigil_tally *tally = &judging->vigil->tally;
    if (warning->is_entry) {
        tally->entries++;
        tally->entries_foretold += warning->warned.is_known;
        return;
    }
    tally->warnings++;
    tally->day_said++;
    tally->day_low += warning->finding->severity <= SEVERITY_LOW;
}

static bool is_news(const struct vigil_matter *matter, const struct report_finding *finding,
                    uint64_t measure)
{
    return finding->severity > matter->severity ||
           measure / WATCH_STEP >= number_most(matter->measure, 1);
}

/* The matter a finding is about; a new one where it was not heard of, or not for so long that
 * it begins again. */
static enum status matter_of(struct judging *judging, const struct report_finding *finding,
                             bool is_entry, struct vigil_matter **out, bool *is_new)
{
    uint8_t key[VIGIL_KEY_SIZE];
    make_key(finding, is_entry, key);
    struct vigil_matter *matter = find_matter(judging, key);
    *is_new = matter == NULL || moment_is_apart(matter->last, finding->first, WATCH_SILENCE_NS);
    if (matter == NULL) {
        matter = &judging->matters[judging->matter_count++];
        memcpy(matter->key, key, sizeof matter->key);
        TRY(index_matter(judging, matter));
    }
    if (*is_new) {
        matter->first = finding->first;
        matter->said = (struct moment){0};
    }
    struct moment last = finding->last.is_known ? finding->last : finding->first;
    if (*is_new || moment_compare(last, matter->last) > 0) {
        matter->last = last;
    }
    *out = matter;
    return STATUS_OK;
}

static enum status judge_one(struct judging *judging, const struct report_finding *finding,
                             enum stage_kind stage)
{
    bool is_entry = stage == STAGE_ENTRY && finding->severity >= SEVERITY_HIGH;
    const struct fact *count = first_count(finding);
    uint64_t measure = count == NULL ? 1 : count->count;
    struct vigil_matter *matter;
    bool is_new;
    TRY(matter_of(judging, finding, is_entry, &matter, &is_new));
    if (!is_new && !is_news(matter, finding, measure)) {
        return STATUS_OK;
    }
    matter->severity = finding->severity;
    matter->measure = measure;
    if (judging->warning_count == WARNINGS_AT_ONCE_MAX ||
        !(is_entry || has_room(&judging->vigil->tally, finding->severity))) {
        judging->vigil->tally.held_back++;
        return STATUS_OK;
    }
    struct warning *warning = &judging->warnings[judging->warning_count++];
    *warning = (struct warning){
        .finding = finding,
        .stage = stage,
        .is_entry = is_entry,
        .is_again = !is_new && matter->said.is_known,
        .at = judging->now,
        .measure = measure,
        .counted = count == NULL ? BYTES_NONE : count->name,
    };
    if (is_entry) {
        foretell(judging, warning);
    }
    matter->said = matter->said.is_known ? matter->said : judging->now;
    count_said(judging, warning);
    return STATUS_OK;
}

static struct moment earliest(const struct report *report)
{
    struct moment first = {0};
    for (size_t i = 0; i < report->evidence_count; i++) {
        struct moment at = report->evidence[i].first;
        if (at.is_known && (!first.is_known || moment_compare(at, first) < 0)) {
            first = at;
        }
    }
    return first;
}

static void note_time(struct judging *judging)
{
    struct vigil_tally *tally = &judging->vigil->tally;
    struct moment first = earliest(judging->report);
    if (first.is_known && (!tally->first.is_known || moment_compare(first, tally->first) < 0)) {
        tally->first = first;
    }
    if (judging->now.is_known &&
        (!tally->last.is_known || moment_compare(judging->now, tally->last) > 0)) {
        tally->last = judging->now;
    }
}

enum status watch_judge(const struct report *report, struct arena *arena, struct vigil *vigil,
                        struct warning *warnings, size_t *count)
{
    struct judging judging = {.report = report,
                              .arena = arena,
                              .vigil = vigil,
                              .now = report_end(report),
                              .warnings = warnings};
    TRY(take_matters(&judging));
    note_time(&judging);
    begin_day(&judging);
    /* What came before an entry first, so that both are told in order. */
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < report->finding_count; i++) {
            const struct report_finding *finding = &report->findings[i];
            enum stage_kind stage =
                technique_stage(finding->techniques, finding->technique_count);
            bool is_late = stage >= STAGE_ENTRY;
            if (is_late == (round == 1) && finding->severity >= least_of(stage)) {
                TRY(judge_one(&judging, finding, stage));
            }
        }
    }
    keep_newest(&judging);
    *count = judging.warning_count;
    return STATUS_OK;
}
