/* Finds where a log contradicts its own course in time: it is silent far longer than it ever
 * is, or one of its writers goes back in time.  Neither says who did it, or that anybody did:
 * alone both are low.
 *
 * A silence is judged by what the same machine does in the same log: by its beats (log_beat.h),
 * of which several are missing, or by its other silences, of which none comes near although
 * many are about as long as each other.  The log of a quiet machine, whose silences are of all
 * lengths, has no such rhythm, and nothing is said of it.
 *
 * Going back is judged by writer: programs of one machine may write in different zones, and
 * machines of one log have clocks of their own.  An hour back in a small hour, where no zone is
 * written, is the end of summer time; going back to before everything for good is files put
 * together in another order.  What excuses both: log_excuse.h.
 *
 * The beats are observed too, for other logs of the machine to be compared with. */
#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/log_beat.h"
#include "detect/behaviour/log_excuse.h"

#define HOSTS_MAX 64U
#define WRITERS_MAX 1024U
#define HOST_CACHE_COUNT 16U
#define WRITER_CACHE_COUNT 256U
#define GAPS_KEPT 21U /* the longest of each machine, in falling order */
#define FALLS_KEPT 8U
#define RECORDS_MIN 200U /* fewer have no rhythm */
#define GAP_MIN_NS (5 * MOMENT_MINUTE_NS)
#define GAP_TIMES_OTHERS 8   /* so many times the next longest */
#define GAP_SPAN_TIMES 10    /* so many times as long must the log be */
#define BEATS_MISSING_MIN 2U /* fewer may be a machine under load */
#define FALL_MIN_NS (2 * MOMENT_MINUTE_NS)
#define SUMMER_TIME_NS (61 * MOMENT_MINUTE_NS)
#define SMALL_HOURS 4
#define RHYTHMS_GIVEN_MAX 16U
#define FINDINGS_MAX 32U

/* A silence, or a step back, between two records that follow one another. */
struct breach {
    int64_t ns;
    uint64_t step; /* which record of the machine came after it */
    bool is_excused;
    bool is_joined; /* a step back to before everything, from which the log did not come back */
    struct trace_spot before;
    struct trace_spot after;
};

struct host_log {
    struct recent_entry entry;
    uint64_t serial; /* an entry that is used again has another */
    uint64_t step;
    uint64_t excuse; /* the step of the last one, 0 for none */
    struct moment first;
    struct moment newest;
    struct trace_name name;
    struct trace_spot last;
    struct breach gaps[GAPS_KEPT];
    size_t gap_count;
    struct breach falls[FALLS_KEPT];
    size_t fall_count;
    uint64_t falls_left_out;
    bool has_joined;
};

/* One program of one machine. */
struct writer {
    struct recent_entry entry;
    uint64_t host_serial;
    struct trace_name program;
    struct moment newest;
};

struct time_state {
    bool is_open;
    struct recent hosts;
    struct recent writers;
    struct recent beats;
    uint64_t serial;
    /* Seen lately: what is found here is looked up in no table. */
    struct host_log *host_cache[HOST_CACHE_COUNT];
    struct writer *writer_cache[WRITER_CACHE_COUNT];
    uint64_t raised;
};

static enum status open_state(struct time_state *state, struct arena *arena)
{
    TRY(recent_init(&state->hosts, arena, HOSTS_MAX, sizeof(struct host_log)));
    TRY(recent_init(&state->writers, arena, WRITERS_MAX, sizeof(struct writer)));
    TRY(recent_init(&state->beats, arena, BEATS_MAX, sizeof(struct beat)));
    state->is_open = true;
    return STATUS_OK;
}

/* ---- the course of one machine ---- */

static size_t slot_of(struct bytes name, size_t count)
{
    return name.size == 0
               ? 0
               : (name.size * 31U + name.data[name.size - 1] * 7U + name.data[name.size / 2]) %
                     count;
}

static enum status find_host(struct time_state *state, struct bytes name, struct host_log **out)
{
    name = bytes_part(name, 0, TRACE_NAME_MAX);
    struct host_log **cached = &state->host_cache[slot_of(name, HOST_CACHE_COUNT)];
    if (*cached == NULL || !bytes_equal(trace_name_get(&(*cached)->name), name)) {
        *cached = recent_find(&state->hosts, name);
        if (*cached == NULL) {
            *cached = recent_add(&state->hosts, name);
            if (*cached == NULL) {
                return STATUS_NO_MEMORY;
            }
            trace_name_set(&(*cached)->name, name);
            (*cached)->serial = ++state->serial;
        }
    }
    *out = *cached;
    return STATUS_OK;
}

static enum status find_writer(struct time_state *state, const struct host_log *host,
                               struct bytes program, struct writer **out)
{
    program = bytes_part(program, 0, TRACE_NAME_MAX);
    size_t slot =
        (slot_of(program, WRITER_CACHE_COUNT) + host->serial * 13) % WRITER_CACHE_COUNT;
    struct writer *writer = state->writer_cache[slot];
    bool is_it = writer != NULL && writer->host_serial == host->serial &&
                 bytes_equal(trace_name_get(&writer->program), program);
    if (!is_it) {
        struct recent_key key;
        recent_key_begin(&key);
        recent_key_add(&key, trace_name_get(&host->name), TRACE_NAME_MAX);
        recent_key_add(&key, program, TRACE_NAME_MAX);
        writer = recent_find(&state->writers, recent_key_bytes(&key));
        writer = writer != NULL ? writer : recent_add(&state->writers, recent_key_bytes(&key));
        if (writer == NULL) {
            return STATUS_NO_MEMORY;
        }
        trace_name_set(&writer->program, program);
        writer->host_serial = host->serial;
        state->writer_cache[slot] = writer;
    }
    *out = writer;
    return STATUS_OK;
}

static void fill_breach(struct breach *breach, const struct host_log *host, int64_t ns,
                        const struct record *record)
{
    breach->ns = ns;
    breach->step = host->step;
    breach->is_excused = excuse_holds(host->step, host->excuse);
    breach->before = host->last;
    trace_spot_set(&breach->after, record);
}

/* The calendar of times without a year has a February 29 in each: where it lies within, there
 * may have been none. */
static int64_t silence_before(const struct host_log *host, struct moment at)
{
    int64_t ns = at.ns - host->newest.ns;
    bool may_be_less = ns >= MOMENT_DAY_NS && !at.year_known &&
                       civil_of_moment(host->newest).month == 2 &&
                       civil_of_moment(at).month == 3;
    return may_be_less ? ns - MOMENT_DAY_NS : ns;
}

/* Keeps the longest, the first of those that are as long before the others. */
static void take_gap(struct host_log *host, int64_t ns, const struct record *record)
{
    bool is_full = host->gap_count == GAPS_KEPT;
    if (ns <= 0 || (is_full && host->gaps[GAPS_KEPT - 1].ns >= ns)) {
        return;
    }
    size_t place = is_full ? GAPS_KEPT - 1 : host->gap_count++;
    while (place > 0 && host->gaps[place - 1].ns < ns) {
        host->gaps[place] = host->gaps[place - 1];
        place--;
    }
    fill_breach(&host->gaps[place], host, ns, record);
}

static bool is_summer_time(struct moment at, int64_t ns)
{
    return !at.zone_known && ns <= SUMMER_TIME_NS && civil_of_moment(at).hour < SMALL_HOURS;
}

static void take_fall(struct host_log *host, int64_t ns, const struct record *record)
{
    if (is_summer_time(record->at, ns)) {
        return;
    }
    if (host->fall_count == FALLS_KEPT) {
        host->falls_left_out++;
        return;
    }
    struct breach *fall = &host->falls[host->fall_count++];
    fill_breach(fall, host, ns, record);
    fall->is_joined = record->at.ns <= host->first.ns;
    host->has_joined = host->has_joined || fall->is_joined;
}

/* Files put together the other way round end where the one before began. */
static void come_back(struct host_log *host)
{
    host->has_joined = false;
    for (size_t i = 0; i < host->fall_count; i++) {
        host->falls[i].is_joined = false;
    }
}

static void excuse_near(struct host_log *host)
{
    host->excuse = host->step;
    for (size_t i = 0; i < host->gap_count; i++) {
        struct breach *gap = &host->gaps[i];
        gap->is_excused = gap->is_excused || excuse_holds(gap->step, host->excuse);
    }
    for (size_t i = 0; i < host->fall_count; i++) {
        struct breach *fall = &host->falls[i];
        fall->is_excused = fall->is_excused || excuse_holds(fall->step, host->excuse);
    }
}

static void follow(struct host_log *host, struct writer *writer, const struct record *record)
{
    struct moment at = record->at;
    host->step++;
    if (!host->first.is_known) {
        host->first = at;
        host->newest = at;
    }
    if (writer->newest.is_known && writer->newest.ns - at.ns > FALL_MIN_NS) {
        take_fall(host, writer->newest.ns - at.ns, record);
    }
    if (host->has_joined && at.ns - host->first.ns > FALL_MIN_NS) {
        come_back(host);
    }
    take_gap(host, silence_before(host, at), record);
    writer->newest = at;
    host->newest = at.ns > host->newest.ns ? at : host->newest;
    if (excuse_is(record->event)) {
        excuse_near(host);
    }
    trace_spot_set(&host->last, record);
}

static enum status time_take(struct detection *detection, void *context,
                             const struct record *record)
{
    struct time_state *state = context;
    if (!record->at.is_known || record->event->action == EVENT_LOGIN_REMEMBERED) {
        return STATUS_OK;
    }
    if (!state->is_open) {
        TRY(open_state(state, detection->evidence));
    }
    struct host_log *host;
    struct writer *writer;
    TRY(find_host(state, event_field(record->event, FIELD_HOST_NAME), &host));
    TRY(find_writer(state, host, event_field(record->event, FIELD_PROCESS_NAME), &writer));
    follow(host, writer, record);
    return beat_is(record->event) ? beat_take(&state->beats, record) : STATUS_OK;
}

/* ---- what is made of it ---- */

static const char why_silent[] =
    "Either lines were removed, or the machine was off, asleep or paused, or its log service "
    "stood still. The start lines of the machine, its journal and the logs of other machines "
    "would tell.";
static const char why_back[] =
    "Either lines were moved or given other times, or the clock was set, or two writers of one "
    "name have clocks of their own. The words of the time service, and the same lines "
    "elsewhere, would tell.";

struct verdict_on {
    const char *rule;
    const char *title;
    double confidence;
    const struct fact *facts;
    size_t fact_count;
};

static enum status raise(struct detection *detection, struct time_state *state,
                         const struct host_log *host, const struct breach *breach,
                         const struct verdict_on *verdict)
{
    if (state->raised == FINDINGS_MAX) {
        detection->examination->findings_dropped++;
        return STATUS_OK;
    }
    state->raised++;
    struct entity entities[1];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_HOST, ROLE_VICTIM,
                 trace_name_get(&host->name));
    const struct bytes technique = bytes_of_text("T1070.002");
    const struct cite cites[] = {trace_cite(&breach->before), trace_cite(&breach->after)};
    struct moment first = breach->before.at;
    struct moment last = breach->after.at;
    trace_order(&first, &last);
    return detection_raise(detection, &(struct finding){
                                          .rule = bytes_of_text(verdict->rule),
                                          .title = bytes_of_text(verdict->title),
                                          .techniques = &technique,
                                          .technique_count = 1,
                                          .severity = SEVERITY_LOW,
                                          .confidence = verdict->confidence,
                                          .first = first,
                                          .last = last,
                                          .entities = entities,
                                          .entity_count = entity_count,
                                          .facts = verdict->facts,
                                          .fact_count = verdict->fact_count,
                                          .cites = cites,
                                          .cite_count = 2,
                                      });
}

/* The beat of which most are missing in the gap. */
static uint64_t missing_beats(const struct time_state *state, const struct host_log *host,
                              const struct breach *gap, const struct beat **out)
{
    uint64_t most = 0;
    *out = NULL;
    for (const struct beat *beat = recent_first(&state->beats); beat != NULL;
         beat = recent_after(&state->beats, beat)) {
        bool is_of = bytes_equal(trace_name_get(&beat->host), trace_name_get(&host->name));
        uint64_t missing = is_of ? beat_missing(beat, gap->before.at, gap->after.at) : 0;
        if (missing > most) {
            most = missing;
            *out = beat;
        }
    }
    return most;
}

/* The silence after the longest one that nothing excuses; `*first` is that. */
static int64_t next_longest(const struct host_log *host, const struct breach **first)
{
    *first = NULL;
    for (size_t i = 0; i < host->gap_count; i++) {
        const struct breach *gap = &host->gaps[i];
        if (*first == NULL) {
            *first = gap->is_excused ? NULL : gap;
        } else if (!gap->is_excused) {
            return gap->ns;
        }
    }
    return 0;
}

static bool breaks_rhythm(const struct host_log *host, const struct breach *gap, int64_t next)
{
    int64_t span = host->newest.ns - host->first.ns;
    bool has_ceiling = host->step >= RECORDS_MIN && host->gap_count == GAPS_KEPT &&
                       next * 2 <= host->gaps[GAPS_KEPT - 1].ns * 3;
    return has_ceiling && next > 0 && gap->ns >= GAP_MIN_NS &&
           gap->ns / GAP_TIMES_OTHERS >= next && span / GAP_SPAN_TIMES >= gap->ns;
}

static enum status give_silence(struct detection *detection, struct time_state *state,
                                const struct host_log *host, const struct breach *gap,
                                int64_t next)
{
    const struct beat *beat;
    uint64_t missing = missing_beats(state, host, gap, &beat);
    bool by_beats = missing >= BEATS_MISSING_MIN;
    if (!by_beats && (next == 0 || !breaks_rhythm(host, gap, next))) {
        return STATUS_OK;
    }
    const struct fact facts[] = {
        fact_text("explanation", bytes_of_text(why_silent)),
        fact_duration("silence", (uint64_t)gap->ns),
        fact_duration(by_beats ? "period" : "longest_other",
                      (uint64_t)(by_beats ? beat->period_ns : next)),
        fact_count("missing_beats", missing),
    };
    const struct verdict_on verdict = {"behaviour/log-silence",
                                       "A log is silent far longer than it ever is",
                                       by_beats ? 0.6 : 0.5, facts, by_beats ? 4 : 3};
    return raise(detection, state, host, gap, &verdict);
}

static enum status give_silences(struct detection *detection, struct time_state *state,
                                 const struct host_log *host)
{
    const struct breach *longest;
    int64_t next = next_longest(host, &longest);
    for (size_t i = 0; i < host->gap_count; i++) {
        const struct breach *gap = &host->gaps[i];
        if (!gap->is_excused) {
            TRY(give_silence(detection, state, host, gap, gap == longest ? next : 0));
        }
    }
    return STATUS_OK;
}

static enum status give_falls(struct detection *detection, struct time_state *state,
                              const struct host_log *host)
{
    const struct breach *worst = NULL;
    uint64_t count = host->falls_left_out;
    for (size_t i = 0; i < host->fall_count; i++) {
        if (!host->falls[i].is_excused && !host->falls[i].is_joined) {
            count++;
            worst = worst == NULL ? &host->falls[i] : worst;
        }
    }
    if (worst == NULL) {
        return STATUS_OK;
    }
    const struct fact facts[] = {
        fact_text("explanation", bytes_of_text(why_back)),
        fact_duration("step_back", (uint64_t)worst->ns),
        fact_count("times", count),
    };
    const struct verdict_on verdict = {
        "behaviour/log-time-back", "The times of one writer of a log go back", 0.4, facts, 3};
    return raise(detection, state, host, worst, &verdict);
}

static enum status give_rhythm(struct detection *detection, const struct beat *beat)
{
    struct entity entities[2];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_HOST, ROLE_VICTIM,
                 trace_name_get(&beat->host));
    trace_entity(entities, &entity_count, ENTITY_ACCOUNT, ROLE_ACTOR,
                 trace_name_get(&beat->account));
    const struct fact facts[] = {fact_duration("period", (uint64_t)beat->period_ns)};
    const struct cite cites[] = {trace_cite(&beat->first), trace_cite(&beat->last)};
    return detection_observe(detection, &(struct observation){
                                            .kind = OBSERVED_RHYTHM,
                                            .count = beat->count,
                                            .first = beat->first.at,
                                            .last = beat->last.at,
                                            .entities = entities,
                                            .entity_count = entity_count,
                                            .facts = facts,
                                            .fact_count = 1,
                                            .cites = cites,
                                            .cite_count = 2,
                                        });
}

static enum status time_finish(struct detection *detection, void *context)
{
    struct time_state *state = context;
    if (!state->is_open) {
        return STATUS_OK;
    }
    for (const struct host_log *host = recent_first(&state->hosts); host != NULL;
         host = recent_after(&state->hosts, host)) {
        TRY(give_silences(detection, state, host));
        TRY(give_falls(detection, state, host));
    }
    uint64_t given = 0;
    for (const struct beat *beat = recent_first(&state->beats);
         beat != NULL && given < RHYTHMS_GIVEN_MAX; beat = recent_after(&state->beats, beat)) {
        /* Few are compared with those of a log that has many. */
        bool are_few = beat->period_ns == 0 && beat->count >= BEATS_MISSING_MIN;
        if (beat_is_regular(beat) || are_few) {
            TRY(give_rhythm(detection, beat));
            given++;
        }
    }
    return STATUS_OK;
}

const struct detector log_time_detector = {
    .name = "behaviour/log-time",
    .record_kinds = 1U << RECORD_EVENT,
    .state_size = sizeof(struct time_state),
    .take = time_take,
    .finish = time_finish,
};
