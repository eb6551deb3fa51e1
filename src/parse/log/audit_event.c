#include "parse/log/audit_event.h"

#include <stddef.h>
#include <string.h>

#define SOURCE_SIZE_MAX 512U

/* ---- memory of the event ---- */

static struct bytes keep(struct audit_event *event, struct bytes value)
{
    if (value.size > AUDIT_EVENT_SIZE_MAX - event->used) {
        event->is_cut = true;
        value = bytes_part(value, 0, AUDIT_EVENT_SIZE_MAX - event->used);
    }
    if (value.size == 0) {
        return BYTES_NONE;
    }
    uint8_t *copy = &event->memory[event->used];
    memcpy(copy, value.data, value.size);
    event->used += value.size;
    return (struct bytes){copy, value.size};
}

/* ---- records ---- */

enum coding {
    PLAIN,   /* a word or a number */
    ENCODED, /* chosen by strangers: quoted or hexadecimal */
};

struct value_row {
    enum audit_value value;
    enum coding coding;
    struct bytes name;
};

static const struct value_row rows[] = {
    {AUDIT_PID, PLAIN, BYTES_LITERAL("pid")},
    {AUDIT_PPID, PLAIN, BYTES_LITERAL("ppid")},
    {AUDIT_AUID, PLAIN, BYTES_LITERAL("auid")},
    {AUDIT_UID, PLAIN, BYTES_LITERAL("uid")},
    {AUDIT_EUID, PLAIN, BYTES_LITERAL("euid")},
    {AUDIT_SES, PLAIN, BYTES_LITERAL("ses")},
    {AUDIT_TTY, PLAIN, BYTES_LITERAL("tty")},
    {AUDIT_TTY, PLAIN, BYTES_LITERAL("terminal")},
    {AUDIT_COMM, ENCODED, BYTES_LITERAL("comm")},
    {AUDIT_EXE, ENCODED, BYTES_LITERAL("exe")},
    {AUDIT_KEY, ENCODED, BYTES_LITERAL("key")},
    {AUDIT_SUCCESS, PLAIN, BYTES_LITERAL("success")},
    {AUDIT_RESULT, PLAIN, BYTES_LITERAL("res")},
    {AUDIT_ACCOUNT, ENCODED, BYTES_LITERAL("acct")},
    {AUDIT_ADDRESS, PLAIN, BYTES_LITERAL("addr")},
    {AUDIT_HOSTNAME, PLAIN, BYTES_LITERAL("hostname")},
    {AUDIT_OPERATION, PLAIN, BYTES_LITERAL("op")},
    {AUDIT_COMMAND, ENCODED, BYTES_LITERAL("cmd")},
    {AUDIT_CWD, ENCODED, BYTES_LITERAL("cwd")},
    {AUDIT_UNIT, PLAIN, BYTES_LITERAL("unit")},
    {AUDIT_ID, PLAIN, BYTES_LITERAL("id")},
    {AUDIT_GROUP, ENCODED, BYTES_LITERAL("grp")},
    {AUDIT_DATA, ENCODED, BYTES_LITERAL("data")},
    {AUDIT_ARCH, PLAIN, BYTES_LITERAL("arch")},
    {AUDIT_SYSCALL, PLAIN, BYTES_LITERAL("syscall")},
    {AUDIT_FLAGS_1, PLAIN, BYTES_LITERAL("a1")},
    {AUDIT_FLAGS_2, PLAIN, BYTES_LITERAL("a2")},
    {AUDIT_ENABLED, PLAIN, BYTES_LITERAL("audit_enabled")},
    {AUDIT_SOCKET, PLAIN, BYTES_LITERAL("saddr")},
    {AUDIT_AUID_NAME, ENCODED, BYTES_LITERAL("AUID")},
    {AUDIT_UID_NAME, ENCODED, BYTES_LITERAL("UID")},
    {AUDIT_EUID_NAME, ENCODED, BYTES_LITERAL("EUID")},
    {AUDIT_ID_NAME, ENCODED, BYTES_LITERAL("ID")},
    {AUDIT_SYSCALL_NAME, PLAIN, BYTES_LITERAL("SYSCALL")},
};

static const struct value_row *row_of(struct bytes name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (bytes_equal(rows[i].name, name)) {
            return &rows[i];
        }
    }
    return NULL;
}

static struct bytes present(struct bytes value)
{
    bool is_missing = bytes_equal_text(value, "?") || bytes_equal_text(value, "(none)") ||
                      bytes_equal_text(value, "(null)");
    return is_missing ? BYTES_NONE : value;
}

static enum status take_values(struct audit_event *event, struct bytes text,
                               struct arena *batch)
{
    struct audit_pair pair;
    while (audit_pair_next(&text, &pair)) {
        const struct value_row *row = row_of(pair.name);
        if (row == NULL || event->values[row->value].size > 0) {
            continue; /* the first counts: nothing that comes later can replace it */
        }
        struct bytes value = present(pair.value);
        if (row->coding == ENCODED) {
            TRY(audit_value_plain(&pair, batch, &value));
        }
        event->values[row->value] = keep(event, value);
    }
    return STATUS_OK;
}

static void add_argument(struct audit_event *event, struct bytes value, bool is_new)
{
    size_t room = AUDIT_ARGUMENTS_SIZE_MAX - event->arguments_size;
    size_t separator = is_new && event->has_arguments ? 1 : 0;
    if (value.size + separator > room) {
        event->is_cut = true;
        value = bytes_part(value, 0, room > separator ? room - separator : 0);
        separator = room > 0 ? separator : 0;
    }
    if (separator > 0) {
        event->arguments[event->arguments_size++] = 0;
    }
    if (value.size > 0) {
        memcpy(&event->arguments[event->arguments_size], value.data, value.size);
        event->arguments_size += value.size;
    }
    event->has_arguments = true;
}

/* "a0", "a12" and "a12[0]" begin an argument, "a12[3]" goes on with it; "a12_len" is none. */
static bool is_argument(struct bytes name, bool *is_new)
{
    struct bytes rest = bytes_from(name, 1);
    size_t open = bytes_find_byte(rest, '[');
    *is_new = open == rest.size || bytes_equal_text(bytes_from(rest, open), "[0]");
    for (size_t i = 0; i < open; i++) {
        if (rest.data[i] < '0' || rest.data[i] > '9') {
            return false;
        }
    }
    return open > 0 && name.data[0] == 'a';
}

static enum status take_arguments(struct audit_event *event, struct bytes text,
                                  struct arena *batch)
{
    struct audit_pair pair;
    while (audit_pair_next(&text, &pair)) {
        bool is_new;
        if (is_argument(pair.name, &is_new)) {
            struct bytes value;
            TRY(audit_value_plain(&pair, batch, &value));
            add_argument(event, value, is_new);
        }
    }
    return STATUS_OK;
}

/* The process's command line as it stood in memory; EXECVE is better where there is one. */
static enum status take_title(struct audit_event *event, struct bytes text, struct arena *batch)
{
    struct audit_pair pair;
    while (!event->has_arguments && audit_pair_next(&text, &pair)) {
        if (bytes_equal_text(pair.name, "proctitle")) {
            struct bytes value;
            TRY(audit_value_plain(&pair, batch, &value));
            while (value.size > 0 && value.data[value.size - 1] == 0) {
                value.size--;
            }
            add_argument(event, value, true);
        }
    }
    return STATUS_OK;
}

static enum status take_path(struct audit_event *event, struct bytes text, struct arena *batch)
{
    struct audit_path path = {0};
    struct audit_pair pair;
    while (audit_pair_next(&text, &pair)) {
        if (bytes_equal_text(pair.name, "name")) {
            TRY(audit_value_plain(&pair, batch, &path.name));
        } else if (bytes_equal_text(pair.name, "nametype")) {
            path.kind = pair.value;
        }
    }
    if (path.name.size > 0 && event->path_count == AUDIT_PATHS_MAX) {
        event->is_cut = true;
    } else if (path.name.size > 0) {
        path.name = keep(event, path.name);
        path.kind = keep(event, path.kind);
        event->paths[event->path_count++] = path;
    }
    return STATUS_OK;
}

static bool is_type(const struct audit_record *record, const char *type)
{
    return bytes_equal_text(record->type, type);
}

void audit_event_begin(struct audit_event *event, const struct audit_record *record,
                       struct bytes line, struct place place)
{
    /* All but the memory, which is large and needs no clearing. */
    memset(event, 0, offsetof(struct audit_event, memory));
    event->is_open = true;
    event->place = place;
    event->at = record->at;
    struct bytes node = bytes_part(record->node, 0, AUDIT_ID_SIZE_MAX - record->id.size);
    if (node.size > 0) {
        memcpy(event->id_bytes, node.data, node.size);
    }
    memcpy(&event->id_bytes[node.size], record->id.data, record->id.size);
    event->id = (struct bytes){event->id_bytes, node.size + record->id.size};
    event->node = (struct bytes){event->id_bytes, node.size};
    event->type = keep(event, record->type);
    event->source = keep(event, bytes_part(line, 0, SOURCE_SIZE_MAX));
    event->message = keep(event, bytes_part(record->body, 0, SOURCE_SIZE_MAX));
}

enum status audit_event_take(struct audit_event *event, const struct audit_record *record,
                             struct bytes line, struct place place, struct arena *batch)
{
    event->place.last = place.last;
    if (is_type(record, "EOE")) {
        event->is_done = true;
        return STATUS_OK;
    }
    if (is_type(record, "EXECVE")) {
        if (!bytes_equal_text(event->type, "EXECVE")) {
            event->source = keep(event, bytes_part(line, 0, SOURCE_SIZE_MAX));
            event->type = bytes_of_text("EXECVE");
        }
        return take_arguments(event, record->body, batch);
    }
    if (is_type(record, "PATH")) {
        return take_path(event, record->body, batch);
    }
    if (is_type(record, "PROCTITLE")) {
        event->is_done = true;
        return take_title(event, record->body, batch);
    }
    bool is_part = is_type(record, "CWD") || is_type(record, "SOCKADDR");
    TRY(take_values(event, record->body, batch));
    TRY(take_values(event, record->enriched, batch));
    if (!is_part && !is_type(record, "SYSCALL") && !is_type(record, "AVC")) {
        event->is_done = true; /* what programs say comes in one record */
    }
    return STATUS_OK;
}
