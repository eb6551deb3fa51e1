/* Finds numbers that are missing where a log counts its own records: the journal its entries,
 * the kernel what it audits.
 *
 * Whoever exports only a part of a log leaves numbers out all the time, so a few that are
 * missing count only where otherwise hardly any is.  A record that comes late fills the place
 * it left; a smaller number far below is a new start.  What the log service says it dropped,
 * and starts and stops of the machine, explain what is missing beside them (log_excuse.h).
 *
 * Limits: SERIES_MAX counts, GAPS_MAX places in each. */
#include "detect/behaviour/behaviour.h"

#include "base/number.h"
#include "detect/behaviour/log_excuse.h"
#include "detect/behaviour/recent.h"
#include "detect/behaviour/trace.h"

#define SERIES_MAX 16U
#define GAPS_MAX 8U
/* Records that follow one another, for each place where some are missing. */
#define FOLLOWED_MIN 100U
#define LATE_MAX 64U /* so far below the last number is late, farther is a new start */
#define FINDINGS_MAX 32U

struct number_gap {
    uint64_t first; /* of the missing numbers */
    uint64_t missing;
    uint64_t step;
    bool is_excused;
    struct trace_spot before;
    struct trace_spot after;
};

struct series {
    struct recent_entry entry;
    uint64_t last;
    uint64_t step;
    uint64_t excuse;
    uint64_t followed;
    uint64_t gap_total;
    struct trace_name host;
    struct trace_spot spot; /* of the last record */
    size_t gap_count;
    struct number_gap gaps[GAPS_MAX];
};

struct number_state {
    bool is_open;
    struct recent series;
    uint64_t raised;
};

static void note_gap(struct series *series, uint64_t number, const struct record *record)
{
    series->gap_total++;
    if (series->gap_count == GAPS_MAX) {
        return;
    }
    struct number_gap *gap = &series->gaps[series->gap_count++];
    *gap = (struct number_gap){
        .first = series->last + 1,
        .missing = number - series->last - 1,
        .step = series->step,
        .is_excused = excuse_holds(series->step, series->excuse),
        .before = series->spot,
    };
    trace_spot_set(&gap->after, record);
}

/* A record that comes after others with greater numbers. */
static void fill_gap(struct series *series, uint64_t number)
{
    for (size_t i = 0; i < series->gap_count; i++) {
        struct number_gap *gap = &series->gaps[i];
        bool is_in = number >= gap->first && series->last > number && gap->missing > 0;
        if (is_in && series->step - gap->step <= LATE_MAX) {
            gap->missing--;
            series->gap_total -= gap->missing == 0;
            return;
        }
    }
}

static void excuse_near(struct series *series)
{
    series->excuse = series->step;
    for (size_t i = 0; i < series->gap_count; i++) {
        struct number_gap *gap = &series->gaps[i];
        gap->is_excused = gap->is_excused || excuse_holds(gap->step, series->excuse);
    }
}

static bool is_break_of_service(const struct event *event)
{
    return event->action == EVENT_LOG_STARTED || event->action == EVENT_LOG_STOPPED;
}

static void follow(struct series *series, uint64_t number, const struct record *record)
{
    bool is_first = series->step == 0;
    series->step++;
    if (is_first || number == series->last || number + LATE_MAX < series->last) {
        series->last = number; /* a series begins, anew after a start */
    } else if (number < series->last) {
        fill_gap(series, number);
    } else {
        series->followed += number == series->last + 1;
        if (number > series->last + 1) {
            note_gap(series, number, record);
        }
        series->last = number;
    }
    trace_spot_set(&series->spot, record);
}

/* Who says so may have no number: auditd's own words have none. */
static void excuse_all(struct number_state *state)
{
    for (struct series *series = recent_first(&state->series); series != NULL;
         series = recent_after(&state->series, series)) {
        excuse_near(series);
    }
}

static enum status take_number(struct detection *detection, struct number_state *state,
                               uint64_t number, const struct record *record)
{
    if (!state->is_open) {
        TRY(recent_init(&state->series, detection->evidence, SERIES_MAX,
                        sizeof(struct series)));
        state->is_open = true;
    }
    struct bytes host = event_field(record->event, FIELD_HOST_NAME);
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, event_field(record->event, FIELD_LOG_SEQUENCE_OF), 64);
    /* A journal's number is its own, whoever's entries it holds; audit is counted by machine.
     */
    bool is_audit = event_field(record->event, FIELD_AUDIT_TYPE).size > 0;
    recent_key_add(&key, is_audit ? host : BYTES_NONE, TRACE_NAME_MAX);
    struct series *series = recent_find(&state->series, recent_key_bytes(&key));
    if (series == NULL) {
        series = recent_add(&state->series, recent_key_bytes(&key));
        if (series == NULL) {
            return STATUS_NO_MEMORY;
        }
    }
    trace_name_set(&series->host, host.size > 0 ? host : trace_name_get(&series->host));
    follow(series, number, record);
    return STATUS_OK;
}

static enum status number_take(struct detection *detection, void *context,
                               const struct record *record)
{
    struct number_state *state = context;
    uint64_t number;
    struct bytes text = event_field(record->event, FIELD_LOG_SEQUENCE);
    bool is_numbered =
        text.size > 0 && number_decimal_max(text, UINT64_MAX / 2, &number) == STATUS_OK;
    if (is_numbered) {
        TRY(take_number(detection, state, number, record));
    }
    if (state->is_open && (excuse_is(record->event) || is_break_of_service(record->event))) {
        excuse_all(state);
    }
    return STATUS_OK;
}

static enum status give_gap(struct detection *detection, struct number_state *state,
                            const struct series *series, const struct number_gap *gap)
{
    if (gap->missing == 0 || gap->is_excused) {
        return STATUS_OK;
    }
    if (state->raised == FINDINGS_MAX) {
        detection->examination->findings_dropped++;
        return STATUS_OK;
    }
    state->raised++;
    struct entity entities[1];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_HOST, ROLE_VICTIM,
                 trace_name_get(&series->host));
    const struct bytes technique = bytes_of_text("T1070.002");
    static const char why[] =
        "Either records were removed, or the log service lost them or was told to leave them "
        "out, or the export was cut. The log on the machine, and its own words on what it "
        "lost, would tell.";
    const struct fact facts[] = {
        fact_text("explanation", bytes_of_text(why)),
        fact_count("first_missing", gap->first),
        fact_count("missing", gap->missing),
        fact_count("numbers_in_order", series->followed),
    };
    const struct cite cites[] = {trace_cite(&gap->before), trace_cite(&gap->after)};
    struct moment first = gap->before.at;
    struct moment last = gap->after.at;
    trace_order(&first, &last);
    return detection_raise(
        detection, &(struct finding){
                       .rule = bytes_of_text("behaviour/log-numbers-missing"),
                       .title = bytes_of_text("Records are missing where a log counts its own"),
                       .techniques = &technique,
                       .technique_count = 1,
                       .severity = SEVERITY_LOW,
                       .confidence = 0.5,
                       .first = first,
                       .last = last,
                       .entities = entities,
                       .entity_count = entity_count,
                       .facts = facts,
                       .fact_count = 4,
                       .cites = cites,
                       .cite_count = 2,
                   });
}

static enum status number_finish(struct detection *detection, void *context)
{
    struct number_state *state = context;
    if (!state->is_open) {
        return STATUS_OK;
    }
    for (const struct series *series = recent_first(&state->series); series != NULL;
         series = recent_after(&state->series, series)) {
        bool is_whole = series->gap_total <= GAPS_MAX &&
                        series->followed >= FOLLOWED_MIN * series->gap_total;
        for (size_t i = 0; is_whole && i < series->gap_count; i++) {
            TRY(give_gap(detection, state, series, &series->gaps[i]));
        }
    }
    return STATUS_OK;
}

const struct detector log_number_detector = {
    .name = "behaviour/log-number",
    .record_kinds = 1U << RECORD_EVENT,
    .state_size = sizeof(struct number_state),
    .take = number_take,
    .finish = number_finish,
};
