/* Reads the Linux audit log: the records of one event, which stand in lines of their own and
 * may stand among those of others, are one event (parse/log/audit_meaning.h).
 *
 * Events are given in the order of their first records.  An event ends with its PROCTITLE or
 * EOE record, with the first record of what a program says, when AUDIT_OPEN_MAX events came
 * after it, or with the log; a record that comes later is an event of its own.  Its place is
 * from its first line to its last.
 *
 * Input:  untrusted.   Limits: AUDIT_OPEN_MAX; those of audit_event.h and feed.h.
 * Not checked: that the kernel wrote it; whoever is root can write what he likes.
 * Fuzzed: fuzz/audit.c.   Format: man 8 auditd, auparse; ausearch's rules for an event's end.
 */
#pragma once

#include "parse/identify.h"

#define AUDIT_OPEN_MAX 16U

bool audit_matches(const struct sample *sample);
enum status audit_read(struct stream *stream, struct parse *parse) MUST_USE;
