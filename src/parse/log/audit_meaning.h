/* What an event of the audit log means: one RECORD_EVENT each.
 *
 *   EXECVE: process-started, its arguments quoted so that a shell would read them back
 *
 *   CREATE, DELETE: file-created, file-removed; file-changed for calls that write
 *
 *   connect: connection-opened
 *
 *   USER_AUTH, _LOGIN: login-failed, login-invalid-user, login-succeeded; refusals of su, sudo
 *
 *   USER_START, _END: session-opened, session-closed
 *
 *   USER_CMD: command-run, command-refused (sudo)
 *
 *   ADD_USER, ...: account-created, -removed, -changed, group-joined, password-changed
 *
 *   SERVICE_*, DAEMON_*, SYSTEM_*: services, the log itself, the machine
 *
 * Everything else is other, with its text.  Who acted is the account of the login (auid) by its
 * name: auditd's own, else the one that a login with that number told before, else none; the
 * number is USER_AUDIT_ID.
 *
 * One failed login gives a USER_AUTH and often a USER_LOGIN of the same process: the first has
 * AUTH_METHOD "pam", so that they count as two witnesses of one attempt (parse/log/message.h).
 *
 * Limits: AUDIT_ACCOUNTS_MAX accounts are remembered.   Fuzzed: fuzz/audit.c. */
#pragma once

#include "parse/log/audit_event.h"
#include "parse/log/feed.h"

#define AUDIT_ACCOUNTS_MAX 1024

struct audit_accounts {
    struct table names; /* machine and number -> struct bytes */
};

void audit_accounts_init(struct audit_accounts *accounts, struct arena *arena);
/* Gives the event to the feed; what it borrows lies in the event or in the batch. */
enum status audit_meaning_give(struct audit_event *event, struct audit_accounts *accounts,
                               struct feed *feed) MUST_USE;
