#include "record/record.h"

static struct bytes find(const struct field_value *fields, size_t count, enum field field)
{
    for (size_t i = 0; i < count; i++) {
        if (fields[i].field == field) {
            return fields[i].value;
        }
    }
    return BYTES_NONE;
}

static void add(struct field_value *fields, size_t *count, enum field field, struct bytes value)
{
    if (value.size > 0 && *count < EVENT_FIELDS_MAX) {
        fields[(*count)++] = (struct field_value){field, value};
    }
}

struct bytes event_field(const struct event *event, enum field field)
{
    return find(event->fields, event->field_count, field);
}

struct bytes transaction_field(const struct transaction *transaction, enum field field)
{
    return find(transaction->fields, transaction->field_count, field);
}

void event_add(struct event *event, enum field field, struct bytes value)
{
    add(event->fields, &event->field_count, field, value);
}

void transaction_add(struct transaction *transaction, enum field field, struct bytes value)
{
    add(transaction->fields, &transaction->field_count, field, value);
}

const char *event_action_name(enum event_action action)
{
    static const char *const names[EVENT_ACTION_COUNT] = {
        [EVENT_OTHER] = "other",
        [EVENT_LOGIN_FAILED] = "login-failed",
        [EVENT_LOGIN_INVALID_USER] = "login-invalid-user",
        [EVENT_LOGIN_ABANDONED] = "login-abandoned",
        [EVENT_LOGIN_SUCCEEDED] = "login-succeeded",
        [EVENT_SESSION_OPENED] = "session-opened",
        [EVENT_SESSION_CLOSED] = "session-closed",
        [EVENT_COMMAND_RUN] = "command-run",
        [EVENT_COMMAND_REFUSED] = "command-refused",
        [EVENT_ACCOUNT_CREATED] = "account-created",
        [EVENT_ACCOUNT_REMOVED] = "account-removed",
        [EVENT_ACCOUNT_CHANGED] = "account-changed",
        [EVENT_GROUP_JOINED] = "group-joined",
        [EVENT_PASSWORD_CHANGED] = "password-changed",
        [EVENT_USER_SWITCHED] = "user-switched",
        [EVENT_USER_SWITCH_REFUSED] = "user-switch-refused",
        [EVENT_SCHEDULE_CHANGED] = "schedule-changed",
        [EVENT_SERVICE_STARTED] = "service-started",
        [EVENT_SERVICE_STOPPED] = "service-stopped",
        [EVENT_SERVICE_FAILED] = "service-failed",
        [EVENT_SERVICE_CHANGED] = "service-changed",
        [EVENT_LOG_STARTED] = "log-started",
        [EVENT_LOG_STOPPED] = "log-stopped",
        [EVENT_SERVER_LISTENING] = "server-listening",
    };
    return names[action];
}
