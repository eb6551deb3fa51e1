#include "parse/log/message.h"

/* Logins other than by SSH. */
static const struct message_row rows[] = {
    {"FAILED LOGIN ({number}) on '{tty}' FOR '{user}', {*}", EVENT_LOGIN_FAILED, "password"},
    {"FAILED LOGIN ({number}) on '{tty}' from '{peer}' FOR '{user}', {*}", EVENT_LOGIN_FAILED,
     "password"},
    {"FAILED LOGIN SESSION FROM {peer} FOR {user}, {*}", EVENT_LOGIN_FAILED, "password"},
    {"[{user}] FAIL LOGIN: Client \"{peer}\"{*}", EVENT_LOGIN_FAILED, "password"},
    {"[{user}] OK LOGIN: Client \"{peer}\"{*}", EVENT_LOGIN_SUCCEEDED, "password"},
    {"[{user}] OK UPLOAD: Client \"{peer}\", \"{file}\", {*}", EVENT_FILE_CREATED, NULL},
    {"[{user}] OK DELETE: Client \"{peer}\", \"{file}\"", EVENT_FILE_REMOVED, NULL},
    {"[{user}] OK DOWNLOAD: Client \"{peer}\", \"{file}\", {*}", EVENT_OTHER, NULL},
    {"Authentication failed from {address} ({peer}): {*}", EVENT_LOGIN_FAILED, NULL},
    {"connection from {address} ({peer}) at {*}", EVENT_OTHER, NULL},
    {"connect from {address} ({address})", EVENT_OTHER, NULL},
    {"refused connect from {*} ({address})", EVENT_LOGIN_ABANDONED, NULL},
};

const struct vocabulary login_vocabulary = {
    .programs = "login klogind ftpd vsftpd proftpd rlogind telnetd in.telnetd in.ftpd remote",
    .rows = rows,
    .row_count = sizeof rows / sizeof *rows,
};
