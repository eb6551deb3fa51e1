/* Finds logouts in the record of logins whose login is not there.
 *
 * After a start of the machine that the record holds, whoever leaves a terminal has come to it.
 * Consoles are left and taken by the system itself and do not count, and neither does a logout
 * told twice: that has the number of the process before.  A record in which this happens all
 * the time is written by programs that keep half of it, and nothing is said of it. */
#include "detect/behaviour/behaviour.h"

#include "base/number.h"
#include "detect/behaviour/recent.h"
#include "detect/behaviour/trace.h"

#define TERMINALS_MAX 1024U
#define HOLES_MAX 16U
#define KNOWN_MIN 2U   /* sessions with both ends */
#define KNOWN_SHARE 3U /* so many for each without its beginning */

struct terminal {
    struct recent_entry entry;
    uint64_t starts; /* of the machine, when it was last opened */
    bool is_open;
    struct trace_name process;
};

struct logout_state {
    bool is_open;
    struct recent terminals;
    uint64_t starts;
    uint64_t known;
    uint64_t holes_left_out;
    struct moment newest;
    size_t hole_count;
    struct moment holes_since[HOLES_MAX];
    struct trace_spot holes[HOLES_MAX];
};

static bool is_of_people(struct bytes terminal)
{
    return bytes_starts(terminal, "pts/") || bytes_starts(terminal, "ssh") ||
           bytes_starts(terminal, "ftp");
}

static void note_hole(struct logout_state *state, const struct record *record)
{
    if (state->hole_count == HOLES_MAX) {
        state->holes_left_out++;
        return;
    }
    state->holes_since[state->hole_count] = state->newest;
    trace_spot_set(&state->holes[state->hole_count++], record);
}

/* True where nobody had come to the terminal since the start. */
static bool is_alone(const struct logout_state *state, const struct terminal *terminal,
                     struct bytes process)
{
    bool was_opened = terminal != NULL && terminal->starts == state->starts;
    bool is_again =
        was_opened && !terminal->is_open &&
        (process.size == 0 || bytes_equal(trace_name_get(&terminal->process), process));
    return state->starts > 0 && !(was_opened && terminal->is_open) && !is_again;
}

static enum status take_end(struct logout_state *state, struct terminal *terminal,
                            struct bytes process, const struct record *record)
{
    if (is_alone(state, terminal, process)) {
        note_hole(state, record);
    }
    if (terminal != NULL) {
        state->known += terminal->is_open;
        terminal->is_open = false;
    }
    return STATUS_OK;
}

static enum status take_begin(struct logout_state *state, struct terminal *terminal,
                              struct bytes line, struct bytes process)
{
    if (terminal == NULL) {
        terminal = recent_add(&state->terminals, line);
        if (terminal == NULL) {
            return STATUS_NO_MEMORY;
        }
    }
    terminal->is_open = true;
    terminal->starts = state->starts;
    trace_name_set(&terminal->process, process);
    return STATUS_OK;
}

static enum status logout_take(struct detection *detection, void *context,
                               const struct record *record)
{
    struct logout_state *state = context;
    const struct event *event = record->event;
    bool begins = event->action == EVENT_SESSION_OPENED;
    struct bytes line = event_field(event, FIELD_PROCESS_TERMINAL);
    bool is_record = event_field(event, FIELD_HOST_NAME).size == 0 &&
                     event_field(event, FIELD_AUDIT_TYPE).size == 0 && line.size > 0;
    if (!is_record) {
        return STATUS_OK;
    }
    if (!state->is_open) {
        TRY(recent_init(&state->terminals, detection->evidence, TERMINALS_MAX,
                        sizeof(struct terminal)));
        state->is_open = true;
    }
    enum status status = STATUS_OK;
    if (event->action == EVENT_HOST_STARTED) {
        state->starts++;
    } else if (is_of_people(line)) {
        struct terminal *terminal = recent_find(&state->terminals, line);
        struct bytes process = event_field(event, FIELD_PROCESS_ID);
        status = begins ? take_begin(state, terminal, line, process)
                        : take_end(state, terminal, process, record);
    }
    state->newest = record->at;
    return status;
}

static enum status logout_finish(struct detection *detection, void *context)
{
    const struct logout_state *state = context;
    uint64_t total = number_add(state->hole_count, state->holes_left_out);
    if (state->known < KNOWN_MIN || state->known < KNOWN_SHARE * total) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < state->hole_count; i++) {
        const struct bytes technique = bytes_of_text("T1070.002");
        static const char why[] =
            "Either the entry of its login was removed, or a program wrote the end alone. The "
            "log of logins of that time would tell.";
        const struct fact facts[] = {
            fact_text("explanation", bytes_of_text(why)),
            fact_count("sessions_with_both_ends", state->known),
        };
        const struct cite cite = trace_cite(&state->holes[i]);
        struct moment first = state->holes_since[i];
        struct moment last = state->holes[i].at;
        trace_order(&first, &last);
        TRY(detection_raise(
            detection,
            &(struct finding){
                .rule = bytes_of_text("behaviour/log-logout-alone"),
                .title = bytes_of_text("The record of logins has a logout without its login"),
                .techniques = &technique,
                .technique_count = 1,
                .severity = SEVERITY_LOW,
                .confidence = 0.5,
                .first = first,
                .last = last,
                .facts = facts,
                .fact_count = 2,
                .cites = &cite,
                .cite_count = 1,
            }));
    }
    return STATUS_OK;
}

const struct detector log_logout_detector = {
    .name = "behaviour/log-logout",
    .record_kinds = 1U << RECORD_EVENT,
    .event_actions = DETECTOR_ACTION(EVENT_SESSION_OPENED) |
                     DETECTOR_ACTION(EVENT_SESSION_CLOSED) |
                     DETECTOR_ACTION(EVENT_HOST_STARTED),
    .state_size = sizeof(struct logout_state),
    .take = logout_take,
    .finish = logout_finish,
};
