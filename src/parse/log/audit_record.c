#include "parse/log/audit_record.h"

#include "base/cursor.h"
#include "codec/hex.h"
#include "parse/log/stamp.h"

#define TYPE_SIZE_MAX 32U
#define ID_SIZE_MAX 48U
#define NAME_SIZE_MAX 64U

/* include/uapi/linux/audit.h and audit-userspace's lib/audit-records.h: those we tell apart. */
static const struct {
    const char *number;
    const char *name;
} types[] = {
    {"1006", "LOGIN"},         {"1100", "USER_AUTH"},     {"1101", "USER_ACCT"},
    {"1102", "USER_MGMT"},     {"1103", "CRED_ACQ"},      {"1104", "CRED_DISP"},
    {"1105", "USER_START"},    {"1106", "USER_END"},      {"1108", "USER_CHAUTHTOK"},
    {"1109", "USER_ERR"},      {"1110", "CRED_REFR"},     {"1112", "USER_LOGIN"},
    {"1113", "USER_LOGOUT"},   {"1114", "ADD_USER"},      {"1115", "DEL_USER"},
    {"1116", "ADD_GROUP"},     {"1117", "DEL_GROUP"},     {"1123", "USER_CMD"},
    {"1124", "USER_TTY"},      {"1127", "SYSTEM_BOOT"},   {"1128", "SYSTEM_SHUTDOWN"},
    {"1130", "SERVICE_START"}, {"1131", "SERVICE_STOP"},  {"1132", "GRP_MGMT"},
    {"1200", "DAEMON_START"},  {"1201", "DAEMON_END"},    {"1300", "SYSCALL"},
    {"1302", "PATH"},          {"1305", "CONFIG_CHANGE"}, {"1306", "SOCKADDR"},
    {"1307", "CWD"},           {"1309", "EXECVE"},        {"1319", "TTY"},
    {"1320", "EOE"},           {"1327", "PROCTITLE"},     {"1400", "AVC"},
};

static struct bytes type_name(struct bytes type)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (bytes_equal_text(type, types[i].number)) {
            return bytes_of_text(types[i].name);
        }
    }
    return type;
}

bool audit_record_read(struct bytes line, struct audit_record *out)
{
    struct audit_record record = {0};
    struct cursor cursor = cursor_of(line);
    if (cursor_accept(&cursor, "node=") && !cursor_until(&cursor, ' ', &record.node)) {
        return false;
    }
    if (!cursor_accept(&cursor, "type=") || !cursor_until(&cursor, ' ', &record.type) ||
        record.type.size == 0 || record.type.size > TYPE_SIZE_MAX) {
        return false;
    }
    cursor_accept(&cursor, "msg=");
    if (!cursor_accept(&cursor, "audit(") || !cursor_until(&cursor, ')', &record.id) ||
        record.id.size > ID_SIZE_MAX || !cursor_accept(&cursor, ":")) {
        return false;
    }
    size_t colon = bytes_find_byte(record.id, ':');
    if (colon == record.id.size || !stamp_epoch(bytes_part(record.id, 0, colon), &record.at)) {
        return false;
    }
    if (stamp_is_digit(record.type.data[0])) {
        record.type = type_name(record.type);
    }
    struct bytes rest = cursor_rest(&cursor);
    size_t enriched = bytes_find_byte(rest, 0x1d);
    record.body = bytes_trim(bytes_part(rest, 0, enriched));
    record.enriched = bytes_trim(bytes_from(rest, enriched + 1));
    *out = record;
    return true;
}

static bool is_name_byte(uint8_t byte)
{
    uint8_t lower = byte | 0x20;
    return stamp_is_digit(byte) || (lower >= 'a' && lower <= 'z') || byte == '_' ||
           byte == '-' || byte == '[' || byte == ']' || byte == '.';
}

/* The size of the name before "=", or 0. */
static size_t name_size(struct bytes rest)
{
    size_t size = 0;
    while (size < rest.size && size <= NAME_SIZE_MAX && is_name_byte(rest.data[size])) {
        size++;
    }
    return size < rest.size && rest.data[size] == '=' ? size : 0;
}

static void pass_word(struct bytes *rest)
{
    *rest = bytes_from(*rest, bytes_find_byte(*rest, ' '));
}

/* In "op=adding user acct=..." the value goes on until the next pair. */
static size_t words_size(struct bytes rest)
{
    size_t size = bytes_find_byte(rest, ' ');
    while (size < rest.size) {
        struct bytes next = bytes_from(rest, size + 1);
        if (next.size == 0 || name_size(next) > 0 || next.data[0] == '\'') {
            break;
        }
        size += 1 + bytes_find_byte(next, ' ');
    }
    return size;
}

bool audit_pair_next(struct bytes *rest, struct audit_pair *out)
{
    for (;;) {
        while (rest->size > 0 &&
               (rest->data[0] == ' ' || rest->data[0] == '\'' || rest->data[0] == ',')) {
            *rest = bytes_from(*rest, 1);
        }
        if (rest->size == 0) {
            return false;
        }
        size_t size = name_size(*rest);
        if (size == 0) {
            pass_word(rest);
            continue;
        }
        out->name = bytes_part(*rest, 0, size);
        *rest = bytes_from(*rest, size + 1);
        if (bytes_starts(*rest, "'")) {
            continue; /* msg='...': what is inside comes next */
        }
        out->is_quoted = bytes_starts(*rest, "\"");
        if (out->is_quoted) {
            *rest = bytes_from(*rest, 1);
            size = bytes_find_byte(*rest, '"');
        } else {
            size = bytes_equal_text(out->name, "op") ? words_size(*rest)
                                                     : bytes_find_byte(*rest, ' ');
        }
        out->value = bytes_part(*rest, 0, size);
        *rest = bytes_from(*rest, size + (out->is_quoted ? 1 : 0));
        if (!out->is_quoted && bytes_ends(out->value, "'")) {
            out->value.size--;
        }
        return true;
    }
}

enum status audit_value_plain(const struct audit_pair *pair, struct arena *arena,
                              struct bytes *out)
{
    struct bytes value = pair->value;
    if (pair->is_quoted) {
        *out = value;
        return STATUS_OK;
    }
    if (bytes_equal_text(value, "?") || bytes_equal_text(value, "(null)") ||
        bytes_equal_text(value, "(none)")) {
        *out = BYTES_NONE;
        return STATUS_OK;
    }
    struct bytes decoded;
    enum status status = hex_decode(value, arena, &decoded);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    *out = status == STATUS_OK && value.size > 0 ? decoded : value;
    return STATUS_OK;
}
