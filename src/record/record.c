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

struct bytes setting_field(const struct setting *setting, enum field field)
{
    return find(setting->fields, setting->field_count, field);
}

void setting_add(struct setting *setting, enum field field, struct bytes value)
{
    add(setting->fields, &setting->field_count, field, value);
}

void event_add(struct event *event, enum field field, struct bytes value)
{
    add(event->fields, &event->field_count, field, value);
}

void transaction_add(struct transaction *transaction, enum field field, struct bytes value)
{
    add(transaction->fields, &transaction->field_count, field, value);
}

/* RFC 9112, section 3.2: origin form, or absolute form as proxies are asked. */
static void add_target(struct field_value *fields, size_t *count, struct bytes target)
{
    struct bytes rest = bytes_part(target, 0, bytes_find_byte(target, '#'));
    add(fields, count, FIELD_URL_PATH, target);
    const struct bytes mark = BYTES_LITERAL("://");
    size_t scheme = rest.size > 0 && rest.data[0] == '/' ? rest.size : bytes_find(rest, mark);
    if (scheme < bytes_find_byte(rest, '?')) {
        struct bytes host = bytes_from(rest, scheme + mark.size);
        size_t slash = bytes_find_byte(host, '/');
        size_t question = bytes_find_byte(host, '?');
        rest = bytes_from(host, slash < question ? slash : question);
    }
    size_t end = bytes_find_byte(rest, '?');
    add(fields, count, FIELD_URL_STEM, bytes_part(rest, 0, end));
    add(fields, count, FIELD_URL_QUERY, bytes_from(rest, end + 1));
}

void transaction_add_target(struct transaction *transaction, struct bytes target)
{
    add_target(transaction->fields, &transaction->field_count, target);
}

void event_add_target(struct event *event, struct bytes target)
{
    add_target(event->fields, &event->field_count, target);
}

const char *setting_kind_name(enum setting_kind kind)
{
    static const char *const names[SETTING_KIND_COUNT] = {
        [SETTING_ACCOUNT] = "account", [SETTING_PASSWORD] = "password",
        [SETTING_GROUP] = "group",     [SETTING_KEY] = "key",
        [SETTING_UNIT] = "unit",
    };
    return names[kind];
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
        [EVENT_REQUEST_FAILED] = "request-failed",
        [EVENT_PROCESS_STARTED] = "process-started",
        [EVENT_FILE_CREATED] = "file-created",
        [EVENT_FILE_CHANGED] = "file-changed",
        [EVENT_FILE_REMOVED] = "file-removed",
        [EVENT_CONNECTION_OPENED] = "connection-opened",
        [EVENT_HOST_STARTED] = "host-started",
        [EVENT_HOST_STOPPED] = "host-stopped",
        [EVENT_LOGIN_REMEMBERED] = "login-remembered",
        [EVENT_NAME_ASKED] = "name-asked",
        [EVENT_PACKET_LOGGED] = "packet-logged",
        [EVENT_ADDRESS_BANNED] = "address-banned",
        [EVENT_ADDRESS_UNBANNED] = "address-unbanned",
        [EVENT_LOG_DAMAGED] = "log-damaged",
        [EVENT_LOG_DROPPED] = "log-dropped",
        [EVENT_CLOCK_SET] = "clock-set",
        [EVENT_HOST_SLEPT] = "host-slept",
    };
    return names[action];
}
