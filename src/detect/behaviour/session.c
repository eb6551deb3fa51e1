/* Observes sessions of remote and console logins that ended, with when they began.
 *
 * Sessions that su, sudo, cron and the service manager open are not those of a person who came
 * in and are left out.  Where the beginning is not in the evidence, `start_unknown` is 1 and
 * first is the end.  A session that is open at the end of the evidence gives nothing. */
#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/recent.h"
#include "detect/behaviour/trace.h"

#define SESSIONS_OPEN_MAX 4096U
#define SESSIONS_GIVEN_MAX 8192U

struct session {
    struct recent_entry entry;
    bool is_open;
    struct trace_name address; /* from the login accepted before, by the same process */
    struct trace_spot first;
};

struct session_state {
    bool is_open;
    struct recent sessions;
    uint64_t given;
};

static bool is_remote_or_console(struct bytes program)
{
    static const char *const programs[] = {"sshd",    "sshd-session", "login",    "vsftpd",
                                           "ftpd",    "proftpd",      "dropbear", "remote",
                                           "rlogind", "telnetd"};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        if (bytes_equal_text(program, programs[i])) {
            return true;
        }
    }
    return false;
}

static enum status give_session(struct detection *detection, const struct session *session,
                                const struct record *record)
{
    const struct event *event = record->event;
    struct entity entities[3];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_ACCOUNT, ROLE_ACCOUNT,
                 event_field(event, FIELD_USER_NAME));
    trace_entity(entities, &entity_count, ENTITY_HOST, ROLE_VICTIM,
                 event_field(event, FIELD_HOST_NAME));
    bool is_known = session != NULL && session->is_open;
    if (is_known) {
        trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_SOURCE,
                     trace_name_get(&session->address));
    }
    const struct fact facts[] = {fact_count("start_unknown", is_known ? 0 : 1)};
    struct cite cites[2];
    size_t cite_count = 0;
    if (is_known) {
        cites[cite_count++] = trace_cite(&session->first);
    }
    cites[cite_count++] = trace_cite_record(record);
    return detection_observe(detection, &(struct observation){
                                            .kind = OBSERVED_SESSION,
                                            .count = 1,
                                            .first = is_known ? session->first.at : record->at,
                                            .last = record->at,
                                            .entities = entities,
                                            .entity_count = entity_count,
                                            .facts = facts,
                                            .fact_count = sizeof facts / sizeof *facts,
                                            .cites = cites,
                                            .cite_count = cite_count,
                                        });
}

static enum status open_session(struct session_state *state, struct bytes key,
                                struct session *session, const struct record *record)
{
    if (session == NULL) {
        session = recent_add(&state->sessions, key);
        if (session == NULL) {
            return STATUS_NO_MEMORY;
        }
    }
    if (record->event->action == EVENT_LOGIN_SUCCEEDED) {
        trace_name_set(&session->address, event_field(record->event, FIELD_SOURCE_ADDRESS));
        session->is_open = false;
    } else {
        session->is_open = true;
        trace_spot_set(&session->first, record);
    }
    return STATUS_OK;
}

static enum status session_take(struct detection *detection, void *context,
                                const struct record *record)
{
    struct session_state *state = context;
    const struct event *event = record->event;
    if (!is_remote_or_console(event_field(event, FIELD_PROCESS_NAME))) {
        return STATUS_OK;
    }
    if (!state->is_open) {
        TRY(recent_init(&state->sessions, detection->evidence, SESSIONS_OPEN_MAX,
                        sizeof(struct session)));
        state->is_open = true;
    }
    struct recent_key key;
    recent_key_begin(&key);
    recent_key_add(&key, event_field(event, FIELD_HOST_NAME), TRACE_NAME_MAX);
    recent_key_add(&key, event_field(event, FIELD_PROCESS_ID), 16);
    struct session *session = recent_find(&state->sessions, recent_key_bytes(&key));
    if (event->action != EVENT_SESSION_CLOSED) {
        return open_session(state, recent_key_bytes(&key), session, record);
    }
    if (state->given == SESSIONS_GIVEN_MAX) {
        detection->examination->observations_dropped++;
        return STATUS_OK;
    }
    state->given++;
    TRY(give_session(detection, session, record));
    if (session != NULL) {
        session->is_open = false;
        session->address.size = 0;
    }
    return STATUS_OK;
}

const struct detector session_detector = {
    .name = "behaviour/session",
    .record_kinds = 1U << RECORD_EVENT,
    .event_actions = DETECTOR_ACTION(EVENT_SESSION_OPENED) |
                     DETECTOR_ACTION(EVENT_SESSION_CLOSED) |
                     DETECTOR_ACTION(EVENT_LOGIN_SUCCEEDED),
    .state_size = sizeof(struct session_state),
    .take = session_take,
    .adds_up = true,
};
