/* Finds ends of sessions in a log of logins whose beginning is not there although it should be.
 *
 * A session may have begun before the log did: that is ordinary, and told apart by the number
 * of its process.  Numbers rise; a process whose number lies between those of two that were
 * seen to begin in this log began in it too, and what it said then is gone.  Where numbers fall
 * the machine started anew, or counts from the bottom again, and what was known is forgotten.
 *
 * A log of which only some lines were copied is without the beginning of most sessions: then
 * nothing is said.  Neither is it where the log service says that it dropped lines, or where
 * more sessions were open at once than are remembered.
 *
 * Limits: MACHINES_MAX machines, SESSIONS_MAX sessions, BIRTHS_MAX numbers each. */
#include "detect/behaviour/behaviour.h"

#include "base/number.h"
#include "detect/behaviour/recent.h"
#include "detect/behaviour/trace.h"

#define MACHINES_MAX 32U
#define SESSIONS_MAX 4096U
#define BIRTHS_MAX 256U
#define HOLES_MAX 16U
#define DISORDER_MAX 1000U /* processes that begin at once write in any order */
#define MARGIN 32U         /* above the first number seen to begin */
#define KNOWN_MIN 3U
#define KNOWN_SHARE 5U /* sessions with both ends for each without its beginning */
#define PROCESS_MAX UINT64_C(0xffffffff)

struct birth {
    uint64_t process;
    struct moment at;
};

struct machine {
    struct recent_entry entry;
    uint64_t lowest; /* of the processes seen to begin since numbers fell */
    uint64_t highest;
    bool has_dropped;   /* the log service left lines out */
    size_t birth_count; /* of all; the last BIRTHS_MAX are kept, in a ring */
    struct birth births[BIRTHS_MAX];
};

struct opened {
    struct recent_entry entry;
    bool is_open;
};

struct hole {
    const struct machine *machine;
    uint64_t process;
    bool is_settled;
    bool is_held; /* a greater number was seen to begin after it */
    struct moment since;
    struct trace_name host;
    struct trace_name account;
    struct trace_spot spot;
};

struct log_session_state {
    bool is_open;
    bool has_lost; /* a session that was still open was forgotten */
    struct recent machines;
    struct recent sessions;
    uint64_t known;
    uint64_t holes_left_out;
    size_t hole_count;
    struct hole holes[HOLES_MAX];
};

static bool has_processes(struct bytes program)
{
    static const char *const programs[] = {"sshd", "sshd-session", "CRON", "cron", "crond"};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        if (bytes_equal_text(program, programs[i])) {
            return true;
        }
    }
    return false;
}

/* Numbers fall, or the log ends: what is known of the machine is all that will be. */
static void settle_holes(struct log_session_state *state, const struct machine *machine)
{
    for (size_t i = 0; i < state->hole_count; i++) {
        struct hole *hole = &state->holes[i];
        if (hole->machine == machine && !hole->is_settled) {
            hole->is_settled = true;
            hole->is_held = hole->process <= machine->highest;
        }
    }
}

static void note_birth(struct log_session_state *state, struct machine *machine,
                       uint64_t process, struct moment at)
{
    if (machine->birth_count == 0 || process + DISORDER_MAX < machine->highest) {
        settle_holes(state, machine);
        machine->birth_count = 0;
        machine->lowest = process;
        machine->highest = process;
        machine->has_dropped = false;
    }
    machine->lowest = number_least(machine->lowest, process);
    machine->highest = number_most(machine->highest, process);
    machine->births[machine->birth_count++ % BIRTHS_MAX] = (struct birth){process, at};
}

/* The last time at which a smaller number was seen to begin. */
static struct moment begun_before(const struct machine *machine, uint64_t process)
{
    struct moment best = {0};
    size_t count = number_least(machine->birth_count, BIRTHS_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct birth *birth = &machine->births[i];
        bool is_before = birth->process < process;
        if (is_before && (!best.is_known || birth->at.ns > best.ns)) {
            best = birth->at;
        }
    }
    return best;
}

static void note_hole(struct log_session_state *state, const struct machine *machine,
                      uint64_t process, const struct record *record)
{
    if (state->hole_count == HOLES_MAX) {
        state->holes_left_out++;
        return;
    }
    struct hole *hole = &state->holes[state->hole_count++];
    hole->machine = machine;
    hole->process = process;
    hole->since = begun_before(machine, process);
    trace_name_set(&hole->host, event_field(record->event, FIELD_HOST_NAME));
    trace_name_set(&hole->account, event_field(record->event, FIELD_USER_NAME));
    trace_spot_set(&hole->spot, record);
}

static struct recent_key key_of(const struct event *event)
{
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, event_field(event, FIELD_HOST_NAME), TRACE_NAME_MAX);
    recent_key_add(&key, event_field(event, FIELD_PROCESS_ID), 16);
    return key;
}

static enum status take_begin(struct log_session_state *state, const struct event *event)
{
    struct recent_key key = key_of(event);
    struct opened *opened = recent_find(&state->sessions, recent_key_bytes(&key));
    if (opened == NULL) {
        const struct opened *goes = recent_next_out(&state->sessions);
        state->has_lost = state->has_lost || (goes != NULL && goes->is_open);
        opened = recent_add(&state->sessions, recent_key_bytes(&key));
    }
    if (opened == NULL) {
        return STATUS_NO_MEMORY;
    }
    opened->is_open = true;
    return STATUS_OK;
}

static void take_end(struct log_session_state *state, const struct machine *machine,
                     uint64_t process, const struct record *record)
{
    struct recent_key key = key_of(record->event);
    struct opened *opened = recent_find(&state->sessions, recent_key_bytes(&key));
    if (opened != NULL) {
        state->known += opened->is_open;
        opened->is_open = false;
    } else if (!machine->has_dropped && machine->birth_count > 0 &&
               process > machine->lowest + MARGIN) {
        note_hole(state, machine, process, record);
    }
}

static enum status find_machine(struct detection *detection, struct log_session_state *state,
                                const struct event *event, struct machine **out)
{
    if (!state->is_open) {
        TRY(recent_init(&state->machines, detection->evidence, MACHINES_MAX,
                        sizeof(struct machine)));
        TRY(recent_init(&state->sessions, detection->evidence, SESSIONS_MAX,
                        sizeof(struct opened)));
        state->is_open = true;
    }
    struct bytes host = event_field(event, FIELD_HOST_NAME);
    host = bytes_part(host, 0, TRACE_NAME_MAX);
    struct machine *machine = recent_find(&state->machines, host);
    const struct machine *oldest = recent_next_out(&state->machines);
    if (machine == NULL && oldest != NULL) {
        settle_holes(state, oldest);
    }
    *out = machine != NULL ? machine : recent_add(&state->machines, host);
    return *out == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

static enum status log_session_take(struct detection *detection, void *context,
                                    const struct record *record)
{
    struct log_session_state *state = context;
    const struct event *event = record->event;
    bool is_end = event->action == EVENT_SESSION_CLOSED;
    bool is_drop = event->action == EVENT_LOG_DROPPED;
    uint64_t process = 0;
    bool is_told = number_decimal_max(event_field(event, FIELD_PROCESS_ID), PROCESS_MAX,
                                      &process) == STATUS_OK &&
                   has_processes(event_field(event, FIELD_PROCESS_NAME)) &&
                   event_field(event, FIELD_HOST_NAME).size > 0 &&
                   event_field(event, FIELD_AUDIT_TYPE).size == 0;
    if (!is_told && !is_drop) {
        return STATUS_OK;
    }
    struct machine *machine;
    TRY(find_machine(detection, state, event, &machine));
    if (is_drop) {
        machine->has_dropped = true;
        return STATUS_OK;
    }
    if (is_end) {
        take_end(state, machine, process, record);
        return STATUS_OK;
    }
    note_birth(state, machine, process, record->at);
    bool is_begin =
        event->action == EVENT_SESSION_OPENED || event->action == EVENT_LOGIN_SUCCEEDED;
    return is_begin ? take_begin(state, event) : STATUS_OK;
}

static enum status give_hole(struct detection *detection, const struct log_session_state *state,
                             const struct hole *hole)
{
    struct entity entities[2];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_HOST, ROLE_VICTIM,
                 trace_name_get(&hole->host));
    trace_entity(entities, &entity_count, ENTITY_ACCOUNT, ROLE_UNKNOWN,
                 trace_name_get(&hole->account));
    const struct bytes technique = bytes_of_text("T1070.002");
    static const char why[] =
        "Either the lines of its beginning were removed, or they were not written or not "
        "copied. The record of logins, the journal and the logs beside it would tell.";
    const struct fact facts[] = {
        fact_text("explanation", bytes_of_text(why)),
        fact_count("sessions_with_both_ends", state->known),
    };
    const struct cite cite = trace_cite(&hole->spot);
    struct moment first = hole->since;
    struct moment last = hole->spot.at;
    trace_order(&first, &last);
    return detection_raise(
        detection,
        &(struct finding){
            .rule = bytes_of_text("behaviour/log-session-cut"),
            .title = bytes_of_text("A log has the end of a session, but not its beginning"),
            .techniques = &technique,
            .technique_count = 1,
            .severity = SEVERITY_LOW,
            .confidence = 0.6,
            .first = first,
            .last = last,
            .entities = entities,
            .entity_count = entity_count,
            .facts = facts,
            .fact_count = 2,
            .cites = &cite,
            .cite_count = 1,
        });
}

static uint64_t count_held(const struct log_session_state *state)
{
    uint64_t held = state->holes_left_out;
    for (size_t i = 0; i < state->hole_count; i++) {
        held += state->holes[i].is_held;
    }
    return held;
}

static enum status log_session_finish(struct detection *detection, void *context)
{
    struct log_session_state *state = context;
    if (!state->is_open) {
        return STATUS_OK;
    }
    for (const struct machine *machine = recent_first(&state->machines); machine != NULL;
         machine = recent_after(&state->machines, machine)) {
        settle_holes(state, machine);
    }
    uint64_t total = count_held(state);
    if (state->has_lost || state->known < KNOWN_MIN || state->known < KNOWN_SHARE * total) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < state->hole_count; i++) {
        if (state->holes[i].is_held) {
            TRY(give_hole(detection, state, &state->holes[i]));
        }
    }
    return STATUS_OK;
}

const struct detector log_session_detector = {
    .name = "behaviour/log-session",
    .record_kinds = 1U << RECORD_EVENT,
    .event_actions =
        DETECTOR_ACTION(EVENT_SESSION_CLOSED) | DETECTOR_ACTION(EVENT_LOG_DROPPED) |
        /* What a process that was just born tells. */
        DETECTOR_ACTION(EVENT_SESSION_OPENED) | DETECTOR_ACTION(EVENT_LOGIN_SUCCEEDED) |
        DETECTOR_ACTION(EVENT_LOGIN_FAILED) | DETECTOR_ACTION(EVENT_LOGIN_INVALID_USER),
    .state_size = sizeof(struct log_session_state),
    .take = log_session_take,
    .finish = log_session_finish,
};
