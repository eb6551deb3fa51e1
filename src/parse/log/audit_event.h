/* An event of the audit log while its records come in.
 *
 * Records are kept as the values we use, in memory of the event's own, because each line is
 * gone when the next is read.
 *
 * Limits: AUDIT_EVENT_SIZE_MAX bytes of values, AUDIT_ARGUMENTS_SIZE_MAX of arguments,
 *         AUDIT_PATHS_MAX paths; what is beyond is left out and `is_cut` says so. */
#pragma once

#include "parse/log/audit_record.h"
#include "record/place.h"

#define AUDIT_EVENT_SIZE_MAX 8192U
#define AUDIT_ARGUMENTS_SIZE_MAX 32768U
#define AUDIT_PATHS_MAX 8
#define AUDIT_ID_SIZE_MAX 304U /* node and id */

/* The values we use; the order is that of the table of names in audit_event.c. */
enum audit_value {
    AUDIT_PID,
    AUDIT_PPID,
    AUDIT_AUID,
    AUDIT_UID,
    AUDIT_EUID,
    AUDIT_SES,
    AUDIT_TTY,
    AUDIT_COMM,
    AUDIT_EXE,
    AUDIT_KEY,
    AUDIT_SUCCESS,
    AUDIT_RESULT,
    AUDIT_ACCOUNT,
    AUDIT_ADDRESS,
    AUDIT_HOSTNAME,
    AUDIT_OPERATION,
    AUDIT_COMMAND,
    AUDIT_CWD,
    AUDIT_UNIT,
    AUDIT_ID,
    AUDIT_GROUP,
    AUDIT_DATA,
    AUDIT_ARCH,
    AUDIT_SYSCALL,
    AUDIT_FLAGS_1, /* second and third argument of a system call, hexadecimal */
    AUDIT_FLAGS_2,
    AUDIT_ENABLED,
    AUDIT_SOCKET,
    AUDIT_AUID_NAME, /* what auditd knows the numbers by */
    AUDIT_UID_NAME,
    AUDIT_EUID_NAME,
    AUDIT_ID_NAME,
    AUDIT_SYSCALL_NAME,
};
#define AUDIT_VALUE_COUNT 33

struct audit_path {
    struct bytes name;
    struct bytes kind; /* CREATE, DELETE, NORMAL, PARENT */
};

struct audit_event {
    bool is_open;
    bool is_done; /* no more records of it will come */
    uint8_t id_bytes[AUDIT_ID_SIZE_MAX];
    struct bytes id; /* node and id, by which records belong together */
    struct bytes node;
    struct bytes type;
    struct moment at;
    struct place place;
    struct bytes message; /* of the record that names the event */
    struct bytes source;
    struct bytes values[AUDIT_VALUE_COUNT];
    struct audit_path paths[AUDIT_PATHS_MAX];
    size_t path_count;
    bool has_arguments;
    bool is_cut;
    size_t used;
    size_t arguments_size;
    uint8_t memory[AUDIT_EVENT_SIZE_MAX];
    uint8_t arguments[AUDIT_ARGUMENTS_SIZE_MAX]; /* separated by NUL */
};

void audit_event_begin(struct audit_event *event, const struct audit_record *record,
                       struct bytes line, struct place place);
enum status audit_event_take(struct audit_event *event, const struct audit_record *record,
                             struct bytes line, struct place place,
                             struct arena *batch) MUST_USE;
