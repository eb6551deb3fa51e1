/* Reads one record of the Linux audit log, a line, and the values in it:
 *
 *   [node=NAME] type=SYSCALL msg=audit(1772503800.250:311): arch=c000003e success=yes ...
 *   type=USER_AUTH msg=audit(...): pid=7 uid=0 msg='op=PAM:authentication acct="anna"
 * res=failed'
 *
 * also as the kernel writes it to the system log, with a number for the type and without
 * "msg=". What a stranger can choose stands in quotes or, where it holds what quotes could not,
 * in hexadecimal: audit_value_plain gives it as it was.  Pairs of a message in single quotes
 * are given like the others.  auditd's own names for numbers ("enriched") follow a 0x1d byte.
 *
 * Input:  untrusted; what is read borrows from the line.
 * Fuzzed: fuzz/audit.c.   Format: audit-userspace's auparse, kernel/audit.c. */
#pragma once

#include "base/arena.h"
#include "base/moment.h"

struct audit_record {
    struct bytes node;
    struct bytes type; /* "SYSCALL"; the number where we know no name for it */
    struct bytes id;   /* "1772503800.250:311", the same for all records of an event */
    struct moment at;
    struct bytes body;
    struct bytes enriched;
};

struct audit_pair {
    struct bytes name;
    struct bytes value;
    bool is_quoted;
};

/* False where `line` is no record. */
bool audit_record_read(struct bytes line, struct audit_record *out);
/* The next "name=value"; false at the end.  Words that are no pair are passed over. */
bool audit_pair_next(struct bytes *rest, struct audit_pair *out);
/* What the value says: none for "?" and "(null)", decoded where it is hexadecimal.  For values
 * that strangers choose; a number would be taken for hexadecimal. */
enum status audit_value_plain(const struct audit_pair *pair, struct arena *arena,
                              struct bytes *out) MUST_USE;
