/* What came through a web server: on which machine, and whether an attempt was a way in.
 *
 * An access log does not say which machine wrote it.  Where the logs beside it, in its folder
 * or the nearest one above that has any, all name one machine, it is that one's.
 *
 * Limits: WEB_FOLDERS_MAX folders up. */
#pragma once

#include "correlate/case.h"

#define WEB_FOLDERS_MAX 16U

/* Of the evidence that was asked about last; zeroed before the first.  Whoever goes through
 * what was found does so in the order of evidence, mostly. */
struct web_machine {
    bool is_known;
    size_t evidence;
    struct bytes name;
};

/* The machine of an evidence; BYTES_NONE where nobody names it, or several are named. */
struct bytes web_machine_of(const struct case_file *file, size_t evidence,
                            struct web_machine *last);
/* The machine that a sighting names, else that of its evidence. */
struct bytes web_machine_told(const struct case_file *file, const struct sighting *sighting,
                              struct web_machine *last);
/* Names the machine in findings of web requests, of records of logins and of shell histories,
 * that know none. */
enum status web_raise(struct case_file *file) MUST_USE;
bool web_is_attack(const struct lead *lead);
/* Commands were given to a web shell, and there is hardly a doubt: somebody is in. */
bool web_is_used_shell(const struct lead *lead);
/* An attempt is only an attempt, until a shell is used by who made it. */
bool web_is_entry_by(const struct lead *attack, const struct lead *shell);
