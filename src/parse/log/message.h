/* Understands what a log message says happened, by the program that wrote it.
 *
 * A vocabulary is a table of rows for some programs: a template (template.h) and what it means.
 * The first row that fits counts; a message no row fits is EVENT_OTHER, with its text.  What
 * pam_unix says inside another program is understood for every program.
 *
 * One attempt to log in is often told in several lines of one process ("Invalid user", what PAM
 * says, "Failed password").  Each becomes an event of its own here, and AUTH_METHOD tells the
 * witnesses apart: the method for "Failed ...", "pam" for what PAM says, none for the others.
 * Whoever counts attempts takes, per host and process, the largest count that one kind of
 * witness gives, not their sum (detect/behaviour/login.h).
 *
 * Input:  untrusted; fields borrow from the line, or lie in `batch`. */
#pragma once

#include "parse/log/header.h"
#include "record/record.h"

#include "base/arena.h"

struct message_row {
    const char *template;
    enum event_action action;
    const char *method; /* AUTH_METHOD where the message has none; NULL: none */
};

struct vocabulary {
    const char *programs; /* separated by spaces */
    const struct message_row *rows;
    size_t row_count;
};

/* What each file of this folder adds. */
extern const struct vocabulary account_vocabulary;
extern const struct vocabulary clock_vocabulary;
extern const struct vocabulary cron_vocabulary;
extern const struct vocabulary crontab_vocabulary;
extern const struct vocabulary dnsmasq_vocabulary;
extern const struct vocabulary fail2ban_vocabulary;
extern const struct vocabulary kernel_vocabulary;
extern const struct vocabulary login_vocabulary;
extern const struct vocabulary named_vocabulary;
extern const struct vocabulary pam_vocabulary;
extern const struct vocabulary service_vocabulary;
extern const struct vocabulary sshd_vocabulary;
extern const struct vocabulary su_vocabulary;
extern const struct vocabulary sudo_vocabulary;
extern const struct vocabulary syslogd_vocabulary;

struct message_reader;

/* NULL when there is no memory. */
struct message_reader *message_reader_new(struct arena *arena);
/* Fills `out`: action, repeats and fields, those of the header included. */
enum status message_read(struct message_reader *reader, const struct syslog_header *header,
                         struct arena *batch, struct event *out) MUST_USE;
/* Adds an address in its canonical form, and an IPv4 address in IPv6 clothes as IPv4;
 * STATUS_MALFORMED, and nothing is added, where it is none. */
enum status message_add_address(struct event *event, enum field field, struct bytes value,
                                struct arena *batch) MUST_USE;
/* The N of "last message repeated N times", where a message is that; 0 elsewhere. */
uint64_t message_repeats(struct bytes message);
