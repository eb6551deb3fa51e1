#include "parse/log/audit_meaning.h"

#include <string.h>

#include "base/number.h"
#include "codec/hex.h"
#include "parse/log/message.h"

#define ACCOUNT_NUMBER_MAX 32
#define ACCOUNT_KEY_MAX (AUDIT_ID_SIZE_MAX + ACCOUNT_NUMBER_MAX + 1)
#define NUMBER_NONE "4294967295" /* no login: the account of daemons */
#define X86_64 "c000003e"
#define OPEN_WRITES 0x643U /* O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND */

/* ---- who and what ---- */

static struct bytes value(const struct audit_event *event, enum audit_value which)
{
    return event->values[which];
}

static bool value_is(const struct audit_event *event, enum audit_value which, const char *text)
{
    return bytes_equal_text(event->values[which], text);
}

static struct bytes program_of(const struct audit_event *event)
{
    struct bytes exe = bytes_after_last(value(event, AUDIT_EXE), '/');
    return exe.size > 0 ? exe : value(event, AUDIT_COMM);
}

static bool has_failed(const struct audit_event *event)
{
    return value_is(event, AUDIT_RESULT, "failed") || value_is(event, AUDIT_RESULT, "0") ||
           value_is(event, AUDIT_RESULT, "no");
}

void audit_accounts_init(struct audit_accounts *accounts, struct arena *arena)
{
    table_init(&accounts->names, arena, AUDIT_ACCOUNTS_MAX);
}

static bool is_number(struct bytes number)
{
    return number.size > 0 && !bytes_equal_text(number, NUMBER_NONE) &&
           !bytes_equal_text(number, "unset") && !bytes_equal_text(number, "-1");
}

/* Numbers are a machine's own: a log may be collected from many. */
static struct bytes account_key(const struct audit_event *event, struct bytes number,
                                uint8_t key[ACCOUNT_KEY_MAX])
{
    const struct bytes parts[] = {bytes_part(event->node, 0, AUDIT_ID_SIZE_MAX),
                                  BYTES_LITERAL("\n"),
                                  bytes_part(number, 0, ACCOUNT_NUMBER_MAX)};
    size_t size = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].size > 0) {
            memcpy(&key[size], parts[i].data, parts[i].size);
            size += parts[i].size;
        }
    }
    return (struct bytes){key, size};
}

/* sshd, login and cron open sessions for the account whose number the session then has. */
static enum status learn_account(const struct audit_event *event,
                                 struct audit_accounts *accounts)
{
    static const char *const programs[] = {"sshd", "sshd-session", "login",
                                           "cron", "crond",        "systemd"};
    struct bytes number = value(event, AUDIT_AUID);
    struct bytes name = value(event, AUDIT_ACCOUNT);
    if (!is_number(number) || name.size == 0 || has_failed(event)) {
        return STATUS_OK;
    }
    struct bytes program = program_of(event);
    bool opens = false;
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        opens = opens || bytes_equal_text(program, programs[i]);
    }
    if (!opens) {
        return STATUS_OK;
    }
    struct table_entry *entry;
    uint8_t key[ACCOUNT_KEY_MAX];
    enum status status = table_add(&accounts->names, account_key(event, number, key), &entry);
    if (status != STATUS_OK) {
        return status == STATUS_LIMIT ? STATUS_OK : status;
    }
    struct bytes *known = entry->value;
    if (known != NULL) {
        /* Two names for one number: neither is believed. */
        *known = bytes_equal(*known, name) ? *known : BYTES_NONE;
        return STATUS_OK;
    }
    struct bytes *kept = arena_take(accounts->names.arena, sizeof *kept);
    if (kept == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(arena_copy(accounts->names.arena, name, kept));
    entry->value = kept;
    return STATUS_OK;
}

/* The name of an account's number: auditd's, root's, or one that a login told. */
static struct bytes name_of(const struct audit_event *event, enum audit_value number,
                            enum audit_value name, const struct audit_accounts *accounts)
{
    if (value(event, name).size > 0) {
        return value_is(event, name, "unset") ? BYTES_NONE : value(event, name);
    }
    if (!is_number(value(event, number))) {
        return BYTES_NONE;
    }
    uint8_t key[ACCOUNT_KEY_MAX];
    const struct bytes *told =
        table_get(&accounts->names, account_key(event, value(event, number), key));
    if (told != NULL) {
        return *told;
    }
    return value_is(event, number, "0") ? bytes_of_text("root") : BYTES_NONE;
}

/* ---- commands ---- */

/* Bytes that no shell gives a meaning to. */
static bool is_plain(struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        uint8_t byte = word.data[i];
        uint8_t lower = byte | 0x20;
        bool is_safe = (lower >= 'a' && lower <= 'z') || (byte >= '-' && byte <= ':') ||
                       byte == '_' || byte == '=' || byte == '@' || byte == '%' ||
                       byte == '+' || byte == ',';
        if (!is_safe) {
            return false;
        }
    }
    return word.size > 0;
}

static void add_word(struct text *text, struct bytes word)
{
    if (is_plain(word)) {
        text_add_raw(text, word);
        return;
    }
    text_add(text, "'");
    for (size_t i = 0; i < word.size; i++) {
        if (word.data[i] == '\'') {
            text_add(text, "'\\''");
        } else {
            text_add_byte(text, (char)word.data[i]);
        }
    }
    text_add(text, "'");
}

/* The arguments as a command line that gives them back. */
static enum status command_of(const struct audit_event *event, struct arena *batch,
                              struct bytes *out)
{
    struct text AUTO(text_done) text = text_of_limit(AUDIT_ARGUMENTS_SIZE_MAX * 5);
    struct bytes rest = {event->arguments, event->arguments_size};
    size_t at = 0;
    while (event->has_arguments && at <= rest.size) {
        struct bytes left = bytes_from(rest, at);
        struct bytes word = bytes_part(left, 0, bytes_find_byte(left, 0));
        text_add(&text, at > 0 ? " " : "");
        add_word(&text, word);
        at += word.size + 1;
    }
    TRY(text_status(&text));
    return arena_copy(batch, text_bytes(&text), out);
}

/* ---- files ---- */

/* System calls of x86-64, and the names auditd gives them, that change what a file is. */
static const struct {
    const char *number;
    const char *name;
} changing[] = {
    {"76", "truncate"},   {"77", "ftruncate"},  {"90", "chmod"},      {"91", "fchmod"},
    {"92", "chown"},      {"93", "fchown"},     {"94", "lchown"},     {"188", "setxattr"},
    {"189", "lsetxattr"}, {"190", "fsetxattr"}, {"260", "fchownat"},  {"268", "fchmodat"},
    {"82", "rename"},     {"264", "renameat"},  {"316", "renameat2"}, {"280", "utimensat"},
    {"132", "utime"},     {"235", "utimes"},    {"452", "fchmodat2"},
};

static bool is_call(const struct audit_event *event, const char *number, const char *name)
{
    return value_is(event, AUDIT_SYSCALL_NAME, name) ||
           (value_is(event, AUDIT_ARCH, X86_64) && value_is(event, AUDIT_SYSCALL, number));
}

static bool opens_to_write(const struct audit_event *event)
{
    struct bytes flags = BYTES_NONE;
    if (is_call(event, "2", "open")) {
        flags = value(event, AUDIT_FLAGS_1);
    } else if (is_call(event, "257", "openat")) {
        flags = value(event, AUDIT_FLAGS_2);
    }
    uint64_t number = 0;
    return number_hex(flags, &number) == STATUS_OK && (number & OPEN_WRITES) != 0;
}

static enum event_action file_action(const struct audit_event *event,
                                     const struct audit_path **out)
{
    const struct audit_path *created = NULL;
    const struct audit_path *removed = NULL;
    const struct audit_path *named = NULL;
    for (size_t i = 0; i < event->path_count; i++) {
        const struct audit_path *path = &event->paths[i];
        if (bytes_equal_text(path->kind, "CREATE")) {
            created = created == NULL ? path : created;
        } else if (bytes_equal_text(path->kind, "DELETE")) {
            removed = removed == NULL ? path : removed;
        } else if (!bytes_equal_text(path->kind, "PARENT")) {
            named = named == NULL ? path : named;
        }
    }
    *out = created != NULL ? created : removed != NULL ? removed : named;
    if (created != NULL) {
        return EVENT_FILE_CREATED;
    }
    if (removed != NULL) {
        return EVENT_FILE_REMOVED;
    }
    bool changes = named != NULL && opens_to_write(event);
    for (size_t i = 0; named != NULL && i < sizeof changing / sizeof *changing; i++) {
        changes = changes || is_call(event, changing[i].number, changing[i].name);
    }
    return changes ? EVENT_FILE_CHANGED : EVENT_OTHER;
}

/* The path from the root, where the folder it was named from is known. */
static enum status add_path(struct event *out, const struct audit_event *event,
                            struct bytes name, struct arena *batch)
{
    struct bytes folder = value(event, AUDIT_CWD);
    if (bytes_starts(name, "/") || folder.size == 0) {
        event_add(out, FIELD_FILE_PATH, name);
        return STATUS_OK;
    }
    struct text AUTO(text_done) text = text_of_limit(2 * AUDIT_EVENT_SIZE_MAX);
    text_add_raw(&text, folder);
    text_add(&text, bytes_ends(folder, "/") ? "" : "/");
    text_add_raw(&text, bytes_starts(name, "./") ? bytes_from(name, 2) : name);
    TRY(text_status(&text));
    struct bytes path;
    TRY(arena_copy(batch, text_bytes(&text), &path));
    event_add(out, FIELD_FILE_PATH, path);
    return STATUS_OK;
}

/* ---- connections ---- */

/* A sockaddr as it lay in memory: family, then in network order port and address. */
static enum status add_socket(struct event *out, const struct audit_event *event,
                              struct arena *batch, bool *found)
{
    struct bytes socket;
    enum status status = hex_decode(value(event, AUDIT_SOCKET), batch, &socket);
    *found = false;
    if (status != STATUS_OK) {
        return status == STATUS_NO_MEMORY ? status : STATUS_OK;
    }
    struct cursor cursor = cursor_of(socket);
    uint16_t family = cursor_u16le(&cursor);
    struct endpoint endpoint = {.port = cursor_u16be(&cursor)};
    endpoint.address_size = family == 2 ? 4 : 16;
    cursor_skip(&cursor, family == 10 ? 4 : 0);
    struct bytes address = cursor_take(&cursor, endpoint.address_size);
    if (cursor_status(&cursor) != STATUS_OK || (family != 2 && family != 10)) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < address.size; i++) {
        endpoint.address[i] = address.data[i];
    }
    struct text AUTO(text_done) text = text_of_limit(128);
    endpoint_add_address(&text, &endpoint);
    size_t size = text.size;
    text_addf(&text, "%u", endpoint.port);
    TRY(text_status(&text));
    struct bytes copy;
    TRY(arena_copy(batch, text_bytes(&text), &copy));
    event_add(out, FIELD_DESTINATION_ADDRESS, bytes_part(copy, 0, size));
    event_add(out, FIELD_DESTINATION_PORT, bytes_from(copy, size));
    *found = true;
    return STATUS_OK;
}

/* ---- what the kernel saw ---- */

static enum status read_call(struct event *out, const struct audit_event *event,
                             struct arena *batch)
{
    struct bytes command;
    TRY(command_of(event, batch, &command));
    event_add(out, FIELD_PROCESS_COMMAND_LINE, command);
    if (bytes_equal_text(event->type, "EXECVE")) {
        out->action = EVENT_PROCESS_STARTED;
        return STATUS_OK;
    }
    bool has_socket;
    TRY(add_socket(out, event, batch, &has_socket));
    if (has_socket && is_call(event, "42", "connect")) {
        out->action = EVENT_CONNECTION_OPENED;
        return STATUS_OK;
    }
    const struct audit_path *path = NULL;
    enum event_action action = file_action(event, &path);
    out->action = value_is(event, AUDIT_SUCCESS, "no") ? EVENT_OTHER : action;
    return path == NULL ? STATUS_OK : add_path(out, event, path->name, batch);
}

/* ---- what programs say ---- */

enum meaning {
    MEANS_AUTH,
    MEANS_LOGIN,
    MEANS_SESSION_OPEN,
    MEANS_SESSION_CLOSE,
    MEANS_COMMAND,
    MEANS_TYPED,
    MEANS_ADD_ACCOUNT,
    MEANS_CHANGE_ACCOUNT,
    MEANS_PASSWORD,
    MEANS_PLAIN, /* the row's action where it did not fail */
    MEANS_CONFIGURATION,
};

static const struct {
    const char *type;
    enum meaning meaning;
    enum event_action action;
    enum event_action failed;
} meanings[] = {
    {"USER_AUTH", MEANS_AUTH, EVENT_OTHER, EVENT_LOGIN_FAILED},
    {"USER_LOGIN", MEANS_LOGIN, EVENT_LOGIN_SUCCEEDED, EVENT_LOGIN_FAILED},
    {"USER_START", MEANS_SESSION_OPEN, EVENT_SESSION_OPENED, EVENT_OTHER},
    {"USER_END", MEANS_SESSION_CLOSE, EVENT_SESSION_CLOSED, EVENT_OTHER},
    {"USER_CMD", MEANS_COMMAND, EVENT_COMMAND_RUN, EVENT_COMMAND_REFUSED},
    {"USER_TTY", MEANS_TYPED, EVENT_COMMAND_RUN, EVENT_COMMAND_RUN},
    {"ADD_USER", MEANS_ADD_ACCOUNT, EVENT_ACCOUNT_CREATED, EVENT_OTHER},
    {"DEL_USER", MEANS_PLAIN, EVENT_ACCOUNT_REMOVED, EVENT_OTHER},
    {"USER_MGMT", MEANS_CHANGE_ACCOUNT, EVENT_ACCOUNT_CHANGED, EVENT_OTHER},
    {"GRP_MGMT", MEANS_CHANGE_ACCOUNT, EVENT_OTHER, EVENT_OTHER},
    {"USER_CHAUTHTOK", MEANS_PASSWORD, EVENT_PASSWORD_CHANGED, EVENT_OTHER},
    {"SERVICE_START", MEANS_PLAIN, EVENT_SERVICE_STARTED, EVENT_SERVICE_FAILED},
    {"SERVICE_STOP", MEANS_PLAIN, EVENT_SERVICE_STOPPED, EVENT_SERVICE_FAILED},
    {"SYSTEM_BOOT", MEANS_PLAIN, EVENT_HOST_STARTED, EVENT_OTHER},
    {"SYSTEM_SHUTDOWN", MEANS_PLAIN, EVENT_HOST_STOPPED, EVENT_OTHER},
    {"DAEMON_START", MEANS_PLAIN, EVENT_LOG_STARTED, EVENT_OTHER},
    {"DAEMON_END", MEANS_PLAIN, EVENT_LOG_STOPPED, EVENT_OTHER},
    {"CONFIG_CHANGE", MEANS_CONFIGURATION, EVENT_OTHER, EVENT_OTHER},
};

static bool says(const struct audit_event *event, const char *word)
{
    return bytes_contains(value(event, AUDIT_OPERATION), word);
}

/* Programs at whose prompt an account proves itself to itself, not at the door. */
static enum event_action failed_action(const struct audit_event *event,
                                       enum event_action action)
{
    struct bytes program = program_of(event);
    if (bytes_equal_text(program, "su")) {
        return EVENT_USER_SWITCH_REFUSED;
    }
    if (bytes_equal_text(program, "sudo") || bytes_equal_text(program, "doas") ||
        bytes_equal_text(program, "polkitd") ||
        bytes_equal_text(program, "polkit-agent-helper-1")) {
        return EVENT_COMMAND_REFUSED;
    }
    return action;
}

/* "(unknown user)", "(invalid user)": sshd's words for accounts that do not exist. */
static bool is_unknown(struct bytes account)
{
    return bytes_starts(account, "(unknown") || bytes_starts(account, "(invalid");
}

static enum event_action login_action(const struct audit_event *event, enum event_action failed)
{
    if (!has_failed(event)) {
        return failed == EVENT_LOGIN_FAILED && bytes_equal_text(event->type, "USER_LOGIN")
                   ? EVENT_LOGIN_SUCCEEDED
                   : EVENT_OTHER;
    }
    return is_unknown(value(event, AUDIT_ACCOUNT)) ? EVENT_LOGIN_INVALID_USER
                                                   : failed_action(event, failed);
}

static enum event_action account_action(const struct audit_event *event,
                                        enum event_action action)
{
    bool adds = says(event, "add");
    if (adds && says(event, "group") && value(event, AUDIT_GROUP).size > 0) {
        return EVENT_GROUP_JOINED;
    }
    bool is_aside = says(event, "home") || says(event, "mail") || says(event, "group");
    return action == EVENT_ACCOUNT_CREATED && is_aside ? EVENT_OTHER : action;
}

static enum event_action program_action(struct event *out, const struct audit_event *event,
                                        size_t row)
{
    enum event_action action = has_failed(event) ? meanings[row].failed : meanings[row].action;
    switch (meanings[row].meaning) {
    case MEANS_AUTH:
        event_add(out, FIELD_AUTH_METHOD, bytes_of_text("pam"));
        return login_action(event, meanings[row].failed);
    case MEANS_LOGIN:
        return login_action(event, meanings[row].failed);
    case MEANS_SESSION_OPEN:
    case MEANS_SESSION_CLOSE:
        return says(event, "session") || says(event, "login") ? action : EVENT_OTHER;
    case MEANS_COMMAND:
        event_add(out, FIELD_PROCESS_COMMAND_LINE, value(event, AUDIT_COMMAND));
        return action;
    case MEANS_TYPED:
        event_add(out, FIELD_PROCESS_COMMAND_LINE, value(event, AUDIT_DATA));
        return action;
    case MEANS_ADD_ACCOUNT:
    case MEANS_CHANGE_ACCOUNT:
        return action == EVENT_OTHER && has_failed(event) ? action
                                                          : account_action(event, action);
    case MEANS_PASSWORD:
        return action == EVENT_PASSWORD_CHANGED && !says(event, "password") &&
                       !says(event, "chauthtok")
                   ? EVENT_ACCOUNT_CHANGED
                   : action;
    case MEANS_PLAIN:
        return action;
    case MEANS_CONFIGURATION:
        return value_is(event, AUDIT_ENABLED, "0") ? EVENT_LOG_STOPPED : action;
    }
    return EVENT_OTHER;
}

static enum status add_source(struct event *out, const struct audit_event *event,
                              struct arena *batch)
{
    struct bytes name = value(event, AUDIT_HOSTNAME);
    enum status status =
        message_add_address(out, FIELD_SOURCE_ADDRESS, value(event, AUDIT_ADDRESS), batch);
    if (status == STATUS_MALFORMED) {
        status = message_add_address(out, FIELD_SOURCE_ADDRESS, name, batch);
    }
    if (status == STATUS_MALFORMED) {
        event_add(out, FIELD_SOURCE_NAME, name);
        status = STATUS_OK;
    }
    return status;
}

static enum status read_program(struct event *out, const struct audit_event *event,
                                const struct audit_accounts *accounts, struct arena *batch)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (bytes_equal_text(event->type, meanings[i].type)) {
            out->action = program_action(out, event, i);
            break;
        }
    }
    struct bytes account = value(event, AUDIT_ACCOUNT);
    if (account.size == 0) {
        account = name_of(event, AUDIT_ID, AUDIT_ID_NAME, accounts);
    }
    if (!is_unknown(account)) {
        event_add(out, FIELD_USER_NAME, account);
    }
    event_add(out, FIELD_GROUP_NAME, value(event, AUDIT_GROUP));
    event_add(out, FIELD_SERVICE_NAME, value(event, AUDIT_UNIT));
    return add_source(out, event, batch);
}

/* ---- the record ---- */

static void add_outcome(struct event *out, const struct audit_event *event)
{
    if (has_failed(event) || value_is(event, AUDIT_SUCCESS, "no")) {
        event_add(out, FIELD_EVENT_OUTCOME, bytes_of_text("failure"));
    } else if (value(event, AUDIT_RESULT).size > 0 || value_is(event, AUDIT_SUCCESS, "yes")) {
        event_add(out, FIELD_EVENT_OUTCOME, bytes_of_text("success"));
    }
}

/* The kernel counts what it audits from its start on; auditd's own words have other numbers. */
static void add_number(struct event *out, const struct audit_event *event)
{
    size_t colon = bytes_find_byte(event->id, ':');
    if (colon < event->id.size && !bytes_starts(event->type, "DAEMON_")) {
        event_add(out, FIELD_LOG_SEQUENCE, bytes_after_last(event->id, ':'));
        event_add(out, FIELD_LOG_SEQUENCE_OF, bytes_of_text("audit"));
    }
}

static void add_common(struct event *out, const struct audit_event *event,
                       const struct audit_accounts *accounts)
{
    event_add(out, FIELD_HOST_NAME, event->node);
    add_number(out, event);
    event_add(out, FIELD_PROCESS_NAME, program_of(event));
    event_add(out, FIELD_PROCESS_ID, value(event, AUDIT_PID));
    event_add(out, FIELD_MESSAGE, event->message);
    event_add(out, FIELD_AUDIT_TYPE, event->type);
    event_add(out, FIELD_USER_ACTOR, name_of(event, AUDIT_AUID, AUDIT_AUID_NAME, accounts));
    event_add(out, FIELD_PROCESS_EXECUTABLE, value(event, AUDIT_EXE));
    event_add(out, FIELD_PROCESS_PARENT_ID, value(event, AUDIT_PPID));
    event_add(out, FIELD_PROCESS_FOLDER, value(event, AUDIT_CWD));
    event_add(out, FIELD_PROCESS_TERMINAL, value(event, AUDIT_TTY));
    event_add(out, FIELD_AUDIT_KEY, value(event, AUDIT_KEY));
    if (is_number(value(event, AUDIT_SES))) {
        event_add(out, FIELD_AUDIT_SESSION, value(event, AUDIT_SES));
    }
    if (is_number(value(event, AUDIT_AUID))) {
        event_add(out, FIELD_USER_AUDIT_ID, value(event, AUDIT_AUID));
    }
    if (is_number(value(event, AUDIT_ID))) {
        event_add(out, FIELD_USER_ID, value(event, AUDIT_ID));
    }
    add_outcome(out, event);
}

enum status audit_meaning_give(struct audit_event *event, struct audit_accounts *accounts,
                               struct feed *feed)
{
    struct arena *batch = feed->parse->batch;
    struct event out = {.repeats = 1};
    TRY(learn_account(event, accounts));
    add_common(&out, event, accounts);
    if (event->path_count > 0 || event->has_arguments ||
        bytes_equal_text(event->type, "SYSCALL")) {
        TRY(read_call(&out, event, batch));
        event_add(&out, FIELD_USER_NAME, name_of(event, AUDIT_EUID, AUDIT_EUID_NAME, accounts));
    } else {
        TRY(read_program(&out, event, accounts, batch));
    }
    coverage_time(feed->parse->coverage, event->at);
    TRY(feed_host(feed, event->node));
    return feed_event(feed, &(struct record){
                                .kind = RECORD_EVENT,
                                .place = event->place,
                                .at = event->at,
                                .source = event->source,
                                .event = &out,
                            });
}
