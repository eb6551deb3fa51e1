#include "parse/log/message.h"

/* The messages of OpenSSH from version 3 to 10, without "error: " and "fatal: " before them.
 *
 * Left as EVENT_OTHER on purpose, because another line of the same attempt always says it:
 * "input_userauth_request: invalid user", "error: PAM: ...", "User ... not allowed because".
 */
#define FROM " from {address} port {port}"
#define AT " {address} port {port}"

static const struct message_row rows[] = {
    {"Failed {method} for invalid user {user}" FROM " ssh{*}", EVENT_LOGIN_INVALID_USER, NULL},
    {"Failed {method} for illegal user {user}" FROM " ssh{*}", EVENT_LOGIN_INVALID_USER, NULL},
    {"Failed {method} for {user}" FROM " ssh{*}", EVENT_LOGIN_FAILED, NULL},
    {"Invalid user {user}" FROM, EVENT_LOGIN_INVALID_USER, NULL},
    {"Invalid user {user} from {address}", EVENT_LOGIN_INVALID_USER, NULL},
    {"Illegal user {user} from {address}", EVENT_LOGIN_INVALID_USER, NULL},
    {"Accepted {method} for {user}" FROM " ssh2: {word} {key}", EVENT_LOGIN_SUCCEEDED, NULL},
    {"Accepted {method} for {user}" FROM " ssh{*}", EVENT_LOGIN_SUCCEEDED, NULL},
    {"PAM {repeats} more authentication failures; logname={*} uid={number} euid={number}"
     " tty={tty} ruser={*} rhost={peer}  user={account}",
     EVENT_LOGIN_FAILED, "pam"},
    {"PAM {repeats} more authentication failures; logname={*} uid={number} euid={number}"
     " tty={tty} ruser={*} rhost={peer}",
     EVENT_LOGIN_FAILED, "pam"},
    {"PAM {repeats} more authentication failure; logname={*} uid={number} euid={number}"
     " tty={tty} ruser={*} rhost={peer}  user={account}",
     EVENT_LOGIN_FAILED, "pam"},
    {"PAM {repeats} more authentication failure; logname={*} uid={number} euid={number}"
     " tty={tty} ruser={*} rhost={peer}",
     EVENT_LOGIN_FAILED, "pam"},
    {"Connection closed by authenticating user {user}" AT " [preauth]", EVENT_LOGIN_ABANDONED,
     NULL},
    {"Connection closed by invalid user {user}" AT " [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"Connection closed by" AT " [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"Connection closed by {address} [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"Connection reset by authenticating user {user}" AT " [preauth]", EVENT_LOGIN_ABANDONED,
     NULL},
    {"Connection reset by invalid user {user}" AT " [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"Connection reset by" AT " [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"Connection reset by {address} [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"Received disconnect" FROM ":{*} [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"Received disconnect from {address}: {*} [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"Received disconnect" FROM ":{*}", EVENT_OTHER, NULL},
    {"Received disconnect from {address}: {*}", EVENT_OTHER, NULL},
    {"Disconnected from authenticating user {user}" AT " [preauth]", EVENT_LOGIN_ABANDONED,
     NULL},
    {"Disconnected from invalid user {user}" AT " [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"Disconnected from user {user}" AT, EVENT_OTHER, NULL},
    {"Disconnected from" AT " [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"Disconnected from {address} [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"Disconnected from" AT, EVENT_OTHER, NULL},
    {"Disconnecting authenticating user {user}" AT ": {*}", EVENT_LOGIN_ABANDONED, NULL},
    {"Disconnecting invalid user {user}" AT ": {*}", EVENT_LOGIN_ABANDONED, NULL},
    {"Disconnecting" AT ": {*} [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"Disconnecting: Too many authentication failures for invalid user {user} [preauth]",
     EVENT_LOGIN_ABANDONED, NULL},
    {"Disconnecting: Too many authentication failures for {user} [preauth]",
     EVENT_LOGIN_ABANDONED, NULL},
    {"Disconnecting: {*} [preauth]", EVENT_LOGIN_ABANDONED, NULL},
    {"maximum authentication attempts exceeded for invalid user {user}" FROM " ssh{*}",
     EVENT_LOGIN_ABANDONED, NULL},
    {"maximum authentication attempts exceeded for {user}" FROM " ssh{*}",
     EVENT_LOGIN_ABANDONED, NULL},
    {"Did not receive identification string" FROM, EVENT_LOGIN_ABANDONED, NULL},
    {"Did not receive identification string from {address}", EVENT_LOGIN_ABANDONED, NULL},
    {"Bad protocol version identification {*}" FROM, EVENT_LOGIN_ABANDONED, NULL},
    {"Bad protocol version identification {*} from {address}", EVENT_LOGIN_ABANDONED, NULL},
    {"banner exchange: Connection" FROM ": {*}", EVENT_LOGIN_ABANDONED, NULL},
    {"Unable to negotiate with" AT ": {*}", EVENT_LOGIN_ABANDONED, NULL},
    {"Timeout before authentication for connection from {address} to {*}",
     EVENT_LOGIN_ABANDONED, NULL},
    {"Timeout before authentication for {address} port {port}", EVENT_LOGIN_ABANDONED, NULL},
    {"Timeout before authentication for {address}", EVENT_LOGIN_ABANDONED, NULL},
    {"ssh_dispatch_run_fatal: Connection from authenticating user {user}" AT ": {*}",
     EVENT_LOGIN_ABANDONED, NULL},
    {"ssh_dispatch_run_fatal: Connection from invalid user {user}" AT ": {*}",
     EVENT_LOGIN_ABANDONED, NULL},
    {"ssh_dispatch_run_fatal: Connection" FROM ": {*}", EVENT_LOGIN_ABANDONED, NULL},
    {"Postponed {method} for invalid user {user}" FROM " ssh{*}", EVENT_OTHER, NULL},
    {"Postponed {method} for {user}" FROM " ssh{*}", EVENT_OTHER, NULL},
    {"Connection" FROM " on {own_address} port {own_port}", EVENT_OTHER, NULL},
    {"Connection" FROM " on {own_address} port {own_port} {*}", EVENT_OTHER, NULL},
    {"reverse mapping checking getaddrinfo for {word} [{address}] failed{*}", EVENT_OTHER,
     NULL},
    {"Address {address} maps to {*}", EVENT_OTHER, NULL},
    {"User {user} from {peer} not allowed because {*}", EVENT_OTHER, NULL},
    {"Server listening on {own_address} port {own_port}.", EVENT_SERVER_LISTENING, NULL},
    {"Received signal {number}; terminating.", EVENT_SERVICE_STOPPED, NULL},
};

const struct vocabulary sshd_vocabulary = {
    .programs = "sshd sshd-session sshd-auth",
    .rows = rows,
    .row_count = sizeof rows / sizeof *rows,
};
