/* Observes each beginning of a session by whom it is told: the record of logins (wtmp), the
 * last login of an account (lastlog), the service manager, or the log of the program that let
 * somebody in.  Several tell of one session; what one of them lacks is judged where all are
 * seen together.  Sessions of schedules, of sudo and su, and of what the manager itself starts
 * for an account are no logins and are left out. */
#include "detect/behaviour/behaviour.h"

#include "base/number.h"
#include "detect/behaviour/trace.h"

#define GIVEN_MAX 4096U

struct begun_state {
    uint64_t given;
};

/* "session-7.scope - Session 7 of User anna", "Session 7 of user anna": the account. */
static struct bytes account_of_unit(struct bytes unit)
{
    static const struct bytes marks[] = {BYTES_LITERAL(" of User "),
                                         BYTES_LITERAL(" of user ")};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        size_t at = bytes_find(unit, marks[i]);
        if (at < unit.size && bytes_contains(bytes_part(unit, 0, at), "Session ")) {
            return bytes_from(unit, at + marks[i].size);
        }
    }
    return BYTES_NONE;
}

static bool is_login_program(struct bytes program)
{
    static const char *const others[] = {"cron", "CRON",    "crond", "sudo",    "su",
                                         "su-l", "systemd", "doas",  "runuser", "systemd-user"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (bytes_equal_text(program, others[i])) {
            return false;
        }
    }
    return true;
}

/* Who tells of a beginning, or NULL where the event is none. */
static const char *teller_of(const struct event *event, struct bytes *account)
{
    *account = event_field(event, FIELD_USER_NAME);
    struct bytes program = event_field(event, FIELD_PROCESS_NAME);
    bool has_host = event_field(event, FIELD_HOST_NAME).size > 0;
    bool is_audit = event_field(event, FIELD_AUDIT_TYPE).size > 0;
    if (event->action == EVENT_LOGIN_REMEMBERED) {
        return "last";
    }
    if (event->action == EVENT_SERVICE_STARTED && bytes_equal_text(program, "systemd")) {
        *account = account_of_unit(event_field(event, FIELD_SERVICE_NAME));
        return account->size > 0 ? "manager" : NULL;
    }
    if (event->action != EVENT_SESSION_OPENED || is_audit) { /* a service of another kind */
        return NULL;
    }
    if (!has_host) {
        return event_field(event, FIELD_PROCESS_TERMINAL).size > 0 ? "record" : NULL;
    }
    return is_login_program(program) ? "log" : NULL;
}

static enum status begun_take(struct detection *detection, void *context,
                              const struct record *record)
{
    struct begun_state *state = context;
    struct bytes account;
    const char *teller = teller_of(record->event, &account);
    if (teller == NULL || !record->at.is_known) {
        return STATUS_OK;
    }
    if (state->given == GIVEN_MAX) {
        detection->examination->observations_dropped++;
        return STATUS_OK;
    }
    state->given++;
    const struct event *event = record->event;
    struct entity entities[3];
    size_t entity_count = 0;
    trace_entity(entities, &entity_count, ENTITY_ADDRESS, ROLE_SOURCE,
                 event_field(event, FIELD_SOURCE_ADDRESS));
    trace_entity(entities, &entity_count, ENTITY_ACCOUNT, ROLE_ACCOUNT, account);
    trace_entity(entities, &entity_count, ENTITY_HOST, ROLE_VICTIM,
                 event_field(event, FIELD_HOST_NAME));
    struct bytes terminal = event_field(event, FIELD_PROCESS_TERMINAL);
    struct bytes number = event_field(event, FIELD_USER_ID);
    struct fact facts[3] = {fact_text("by", bytes_of_text(teller))};
    size_t fact_total = 1;
    if (terminal.size > 0) {
        facts[fact_total++] = fact_text("terminal", terminal);
    }
    uint64_t value;
    if (account.size == 0 && number_decimal(number, &value) == STATUS_OK) {
        facts[fact_total++] = fact_count("number", value);
    }
    const struct cite cite = trace_cite_record(record);
    return detection_observe(detection, &(struct observation){
                                            .kind = OBSERVED_SESSION_BEGUN,
                                            .count = 1,
                                            .first = record->at,
                                            .last = record->at,
                                            .entities = entities,
                                            .entity_count = entity_count,
                                            .facts = facts,
                                            .fact_count = fact_total,
                                            .cites = &cite,
                                            .cite_count = 1,
                                        });
}

const struct detector session_begun_detector = {
    .name = "behaviour/session-begun",
    .record_kinds = 1U << RECORD_EVENT,
    .event_actions = DETECTOR_ACTION(EVENT_LOGIN_REMEMBERED) |
                     DETECTOR_ACTION(EVENT_SERVICE_STARTED) |
                     DETECTOR_ACTION(EVENT_SESSION_OPENED),
    .state_size = sizeof(struct begun_state),
    .take = begun_take,
};
