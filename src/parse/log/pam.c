#include "parse/log/message.h"

/* What pam_unix and its like say inside a program, without "pam_unix(sshd:auth): " before it.
 * The account's name comes last only where it exists, so it cannot hold what it likes; the
 * remote user's name (ruser) can. */
#define FAILURE "logname={*} uid={number} euid={number} tty={tty} ruser={*} rhost={peer}"

static const struct message_row rows[] = {
    {"authentication failure; " FAILURE "  user={account}", EVENT_LOGIN_FAILED, "pam"},
    {"authentication failure; " FAILURE, EVENT_LOGIN_FAILED, "pam"},
    {"{repeats} more authentication failures; " FAILURE "  user={account}", EVENT_LOGIN_FAILED,
     "pam"},
    {"{repeats} more authentication failures; " FAILURE, EVENT_LOGIN_FAILED, "pam"},
    {"{repeats} more authentication failure; " FAILURE "  user={account}", EVENT_LOGIN_FAILED,
     "pam"},
    {"{repeats} more authentication failure; " FAILURE, EVENT_LOGIN_FAILED, "pam"},
    {"session opened for user {member}(uid={id}) by {actor}(uid={number})",
     EVENT_SESSION_OPENED, NULL},
    {"session opened for user {member} by {actor}(uid={number})", EVENT_SESSION_OPENED, NULL},
    {"session opened for user {member} by {*}", EVENT_SESSION_OPENED, NULL},
    {"session closed for user {user}", EVENT_SESSION_CLOSED, NULL},
    {"password changed for {user}", EVENT_PASSWORD_CHANGED, NULL},
};

const struct vocabulary pam_vocabulary = {
    .programs = "PAM_unix",
    .rows = rows,
    .row_count = sizeof rows / sizeof *rows,
};
