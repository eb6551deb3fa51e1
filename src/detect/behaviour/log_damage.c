/* Finds places where a log holds nothing at all: runs of NUL bytes in text, entries of zeros in
 * the record of logins.
 *
 * A machine that loses its power leaves NULs before it starts again, and a program that goes on
 * writing where its log was emptied under it leaves them at the very beginning: neither is told
 * of, and nor are a few bytes within a line.  What the log says around such a place is cited.
 */
#include "detect/behaviour/behaviour.h"

#include "base/number.h"
#include "detect/behaviour/log_excuse.h"
#include "detect/behaviour/trace.h"

#define DAMAGES_MAX 64U /* places; more are counted */
#define ZEROS_MIN 64U   /* fewer wipe no line: a bit that fell on the way */

struct damage {
    bool is_entry; /* of the record of logins */
    bool is_excused;
    bool has_after;
    uint64_t step;
    uint64_t count; /* bytes, or entries that follow one another */
    struct trace_spot spot;
    struct trace_name host; /* who wrote before it */
    struct moment before;
    struct moment after;
};

struct damage_state {
    uint64_t step; /* records with a time */
    uint64_t excuse;
    struct moment newest;
    struct trace_name host; /* who wrote last */
    size_t count;
    struct damage damages[DAMAGES_MAX];
};

static bool is_entry(const struct record *record)
{
    return bytes_equal_text(event_field(record->event, FIELD_LOG_DAMAGE), "empty-entry");
}

static bool is_at_start(const struct record *record)
{
    return record->place.kind == PLACE_LINES && record->place.first <= 1;
}

static void take_damage(struct detection *detection, struct damage_state *state,
                        const struct record *record)
{
    struct damage *last = state->count == 0 ? NULL : &state->damages[state->count - 1];
    if (last != NULL && last->step == state->step && last->is_entry == is_entry(record)) {
        last->count = number_add(last->count, record->event->repeats);
        return;
    }
    if (is_at_start(record)) {
        return;
    }
    if (state->count == DAMAGES_MAX) {
        detection->examination->findings_dropped++;
        return;
    }
    struct damage *damage = &state->damages[state->count++];
    *damage = (struct damage){
        .is_entry = is_entry(record),
        .step = state->step,
        .count = record->event->repeats,
        .host = state->host,
        .before = state->newest,
    };
    trace_spot_set(&damage->spot, record);
}

/* A start of the machine, soon after in text, at once in the record of logins, speaks for a
 * loss of power. */
static void excuse_last(struct damage_state *state, const struct event *event)
{
    if (event->action != EVENT_HOST_STARTED && event->action != EVENT_SERVER_LISTENING) {
        return;
    }
    for (size_t i = 0; i < state->count; i++) {
        struct damage *damage = &state->damages[i];
        uint64_t away = state->step - damage->step;
        damage->is_excused =
            damage->is_excused || away <= (damage->is_entry ? 1 : EXCUSE_AFTER_MAX);
    }
}

static enum status damage_take(struct detection *detection, void *context,
                               const struct record *record)
{
    struct damage_state *state = context;
    if (record->event->action == EVENT_LOG_DAMAGED) {
        take_damage(detection, state, record);
        return STATUS_OK;
    }
    if (!record->at.is_known) {
        return STATUS_OK;
    }
    struct damage *last = state->count == 0 ? NULL : &state->damages[state->count - 1];
    if (last != NULL && !last->has_after) {
        last->has_after = true;
        last->after = record->at;
    }
    state->step++;
    state->newest = record->at;
    struct bytes host = event_field(record->event, FIELD_HOST_NAME);
    if (!bytes_equal(trace_name_get(&state->host), bytes_part(host, 0, TRACE_NAME_MAX))) {
        trace_name_set(&state->host, host);
    }
    excuse_last(state, record->event);
    return STATUS_OK;
}

static const char why_wiped[] =
    "Tools that hide a login write zeros over it; a machine that loses its power seldom leaves "
    "them among other entries. The log of logins, and the last login of each account, would "
    "tell.";
static const char why_zeros[] =
    "Either what stood there was overwritten, or the machine lost its power, or its disk was "
    "full. What the log says just before and after would tell.";

/* Zeros at the end of a text are most likely a copy made of a file that was being written. */
static enum status give_damage(struct detection *detection, const struct damage *damage)
{
    bool is_little = !damage->is_entry && (damage->count < ZEROS_MIN || !damage->has_after);
    if (damage->is_excused || is_little) {
        return STATUS_OK;
    }
    struct entity entities[1];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_HOST, ROLE_VICTIM,
                 trace_name_get(&damage->host));
    const struct bytes technique = bytes_of_text("T1070.002");
    const struct fact facts[] = {
        fact_text("explanation", bytes_of_text(damage->is_entry ? why_wiped : why_zeros)),
        fact_count(damage->is_entry ? "empty_entries" : "nul_bytes", damage->count),
    };
    const struct cite cites[] = {trace_cite(&damage->spot)};
    const char *title = damage->is_entry ? "An entry of the record of logins holds only zeros"
                                         : "A log holds zeros where words should be";
    bool is_sure = damage->is_entry && damage->has_after;
    struct moment first = damage->before;
    struct moment last = damage->has_after ? damage->after : damage->before;
    trace_order(&first, &last);
    return detection_raise(
        detection, &(struct finding){
                       .rule = bytes_of_text(damage->is_entry ? "behaviour/log-entry-wiped"
                                                              : "behaviour/log-zeros"),
                       .title = bytes_of_text(title),
                       .techniques = &technique,
                       .technique_count = 1,
                       .severity = is_sure ? SEVERITY_MEDIUM : SEVERITY_LOW,
                       .confidence = is_sure ? 0.75 : 0.4,
                       .first = first,
                       .last = last,
                       .entities = entities,
                       .entity_count = entity_count,
                       .facts = facts,
                       .fact_count = 2,
                       .cites = cites,
                       .cite_count = 1,
                   });
}

static enum status damage_finish(struct detection *detection, void *context)
{
    const struct damage_state *state = context;
    for (size_t i = 0; i < state->count; i++) {
        TRY(give_damage(detection, &state->damages[i]));
    }
    return STATUS_OK;
}

const struct detector log_damage_detector = {
    .name = "behaviour/log-damage",
    .record_kinds = 1U << RECORD_EVENT,
    .state_size = sizeof(struct damage_state),
    .take = damage_take,
    .finish = damage_finish,
};
