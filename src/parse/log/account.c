#include "parse/log/message.h"

/* Accounts and groups: shadow's tools, BusyBox, and Debian's adduser.  shadow tells of a group
 * twice, once for the file of group passwords; that line stays EVENT_OTHER. */
static const struct message_row rows[] = {
    {"new user: name={member}, UID={id}, GID={number}, home={home}, shell={shell}, from={tty}",
     EVENT_ACCOUNT_CREATED, NULL},
    {"new user: name={member}, UID={id}, GID={number}, home={home}, shell={shell}",
     EVENT_ACCOUNT_CREATED, NULL},
    {"new user: name={member}, uid={id}, gid={number}, home={home}, shell={shell}",
     EVENT_ACCOUNT_CREATED, NULL},
    {"new account added - account={member}, uid={id}, gid={number}, home={home}, shell={shell},"
     " by={number}",
     EVENT_ACCOUNT_CREATED, NULL},
    {"account added to group - account={member}, group={group}, gid={number}, by={number}",
     EVENT_GROUP_JOINED, NULL},
    {"add '{member}' to group '{group}'", EVENT_GROUP_JOINED, NULL},
    {"add `{member}' to group `{group}'", EVENT_GROUP_JOINED, NULL},
    {"add '{member}' to shadow group '{group}'", EVENT_OTHER, NULL},
    {"user {member} added by {actor} to group {group}", EVENT_GROUP_JOINED, NULL},
    {"user {member} removed by {actor} from group {group}", EVENT_ACCOUNT_CHANGED, NULL},
    {"members of group {group} set by {actor} to {member}", EVENT_GROUP_JOINED, NULL},
    {"Adding user `{member}' to group `{group}' ...", EVENT_GROUP_JOINED, NULL},
    {"change user '{member}' UID from '{number}' to '{id}'", EVENT_ACCOUNT_CHANGED, NULL},
    {"change user '{member}' password", EVENT_PASSWORD_CHANGED, NULL},
    {"change user '{member}' {*}", EVENT_ACCOUNT_CHANGED, NULL},
    {"change user name '{skip}' to '{member}'", EVENT_ACCOUNT_CHANGED, NULL},
    {"changed user '{member}' {*}", EVENT_ACCOUNT_CHANGED, NULL},
    {"changed password expiry for {member}", EVENT_ACCOUNT_CHANGED, NULL},
    {"lock user '{member}' password", EVENT_ACCOUNT_CHANGED, NULL},
    {"unlock user '{member}' password", EVENT_ACCOUNT_CHANGED, NULL},
    {"password for '{member}' changed by '{actor}'", EVENT_PASSWORD_CHANGED, NULL},
    {"password for `{member}' changed by `{actor}'", EVENT_PASSWORD_CHANGED, NULL},
    {"password changed - account={member}, uid={id}, by={number}", EVENT_PASSWORD_CHANGED,
     NULL},
    {"delete user '{member}'", EVENT_ACCOUNT_REMOVED, NULL},
    {"delete user `{member}'", EVENT_ACCOUNT_REMOVED, NULL},
};

const struct vocabulary account_vocabulary = {
    .programs = "useradd adduser usermod userdel deluser groupadd groupmod groupmems gpasswd "
                "passwd chpasswd chage chsh chfn newusers addgroup",
    .rows = rows,
    .row_count = sizeof rows / sizeof *rows,
};
