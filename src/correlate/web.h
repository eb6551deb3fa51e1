/* What came through a web server: on which machine, and whether an attempt was a way in.
 *
 * An access log does not say which machine wrote it.  Where the logs beside it, in its folder
 * or the nearest one above that has any, all name one machine, it is that one's.
 *
 * Limits: WEB_FOLDERS_MAX folders up. */
#pragma once

#include "correlate/case.h"

#define WEB_FOLDERS_MAX 16U

/* BYTES_NONE where nobody names the machine, or several are named. */
struct bytes web_machine(const struct case_file *file, size_t evidence);
/* Names the machine in findings of web requests, of records of logins and of shell histories,
 * that know none. */
enum status web_raise(struct case_file *file) MUST_USE;
bool web_is_attack(const struct lead *lead);
/* Commands were given to a web shell, and there is hardly a doubt: somebody is in. */
bool web_is_used_shell(const struct lead *lead);
/* An attempt is only an attempt, until a shell is used by who made it. */
bool web_is_entry_by(const struct lead *attack, const struct lead *shell);
