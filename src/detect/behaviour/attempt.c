#include "detect/behaviour/attempt.h"

#include "base/number.h"

enum status attempt_init(struct recent *connections, struct arena *arena)
{
    return recent_init(connections, arena, ATTEMPT_CONNECTIONS_MAX,
                       sizeof(struct attempt_connection));
}

static struct bytes source_of(const struct event *event, bool *is_address)
{
    struct bytes address = event_field(event, FIELD_SOURCE_ADDRESS);
    *is_address = address.size > 0;
    return *is_address ? address : event_field(event, FIELD_SOURCE_NAME);
}

static struct recent_key key_of(const struct event *event)
{
    struct recent_key key;
    recent_key_begin(&key);
    struct bytes pid = event_field(event, FIELD_PROCESS_ID);
    recent_key_add(&key, event_field(event, FIELD_HOST_NAME), TRACE_NAME_MAX);
    recent_key_add(&key, pid, 16);
    if (pid.size == 0) {
        bool is_address = false;
        recent_key_add(&key, source_of(event, &is_address), TRACE_NAME_MAX);
    }
    return key;
}

static enum witness witness_of(const struct event *event)
{
    struct bytes method = event_field(event, FIELD_AUTH_METHOD);
    if (event->action == EVENT_LOGIN_ABANDONED) {
        return WITNESS_END;
    }
    if (bytes_equal_text(method, "pam")) {
        return WITNESS_PAM;
    }
    if (bytes_equal_text(method, "none")) {
        return WITNESS_NONE;
    }
    return method.size == 0 && event->action == EVENT_LOGIN_INVALID_USER ? WITNESS_UNKNOWN
                                                                         : WITNESS_SERVER;
}

/* A process number is used again: by what comes after a login, after a silence, or from an
 * address that is another one. */
static bool is_another(const struct attempt_connection *connection, struct bytes source,
                       bool is_address, struct moment at)
{
    bool moved = is_address && connection->source_is_address &&
                 !bytes_equal(trace_name_get(&connection->source), source);
    return connection->is_over || moved ||
           moment_is_apart(connection->last, at, ATTEMPT_SILENCE_NS);
}

static void begin_again(struct attempt_connection *connection)
{
    struct recent_entry entry = connection->entry;
    *connection = (struct attempt_connection){.entry = entry};
}

static bool learn(struct attempt_connection *connection, struct bytes source, bool is_address,
                  struct bytes account)
{
    bool learned = false;
    if (source.size > 0 &&
        (is_address ? !connection->source_is_address : connection->source.size == 0)) {
        trace_name_set(&connection->source, source);
        connection->source_is_address = is_address;
        learned = true;
    }
    if (account.size > 0 && connection->account.size == 0) {
        trace_name_set(&connection->account, account);
        learned = true;
    }
    return learned;
}

enum status attempt_take(struct recent *connections, const struct record *record,
                         struct attempt *out)
{
    const struct event *event = record->event;
    struct recent_key key = key_of(event);
    struct attempt_connection *connection = recent_find(connections, recent_key_bytes(&key));
    bool is_address = false;
    struct bytes source = source_of(event, &is_address);
    if (connection == NULL) {
        connection = recent_add(connections, recent_key_bytes(&key));
        if (connection == NULL) {
            return STATUS_NO_MEMORY;
        }
    } else if (is_another(connection, source, is_address, record->at)) {
        begin_again(connection);
    }
    enum witness witness = witness_of(event);
    uint64_t *seen = &connection->seen[witness];
    *seen = witness == WITNESS_END ? 1 : number_add(*seen, event->repeats);
    uint64_t most = 0;
    for (size_t i = 0; i < WITNESS_COUNT; i++) {
        most = number_most(most, connection->seen[i]);
    }
    *out = (struct attempt){
        .connection = connection,
        .added = most - connection->attempts,
        .was_unknown = connection->is_unknown_account,
    };
    connection->attempts = most;
    out->is_abandoned = witness == WITNESS_END && out->added > 0;
    out->knows_better =
        learn(connection, source, is_address, event_field(event, FIELD_USER_NAME));
    connection->is_unknown_account =
        connection->is_unknown_account || event->action == EVENT_LOGIN_INVALID_USER;
    connection->last = record->at;
    return STATUS_OK;
}

void attempt_end(struct recent *connections, const struct record *record)
{
    struct recent_key key = key_of(record->event);
    struct attempt_connection *connection = recent_find(connections, recent_key_bytes(&key));
    if (connection != NULL) {
        connection->is_over = true;
    }
}
