/* One entry of this home's log with the decision it rests on, for whoever explains it.
 *
 * Input:  the log, untrusted: it must be whole and signed by this home's key.
 * Output: in `arena`. */
#pragma once

#include "access/session.h"

struct recorded {
    struct audit_entry entry;
    struct bytes arguments; /* empty where none were committed to, or they were erased */
};

struct recorded_decision {
    struct recorded entry;
    struct recorded decision; /* the entry it completes, or itself */
    uint64_t before_ms; /* the time of the entry before the decision; 0 where it is the first */
    uint64_t entry_count; /* of the whole log */
};

/* True where the entry commits to what was asked for, and that is gone. */
bool recorded_is_erased(const struct recorded *recorded);
/* STATUS_NOT_FOUND where the log has no such entry or there is no log, STATUS_CONFLICT where it
 * is not whole: `fault` says which. */
enum status recorded_find(const struct access_session *session, uint64_t sequence,
                          struct arena *arena, struct recorded_decision *out,
                          struct fault *fault) MUST_USE;
/* Shows every entry of the whole log in order.  STATUS_NOT_FOUND where there is none that this
 * home's key can check, STATUS_CONFLICT where it is not whole. */
enum status recorded_go_through(const struct access_session *session,
                                void (*visit)(void *context, const struct audit_entry *entry,
                                              struct bytes arguments),
                                void *context) MUST_USE;
/* The same, with the reason in `fault`. */
enum status recorded_visit(const struct access_session *session,
                           void (*visit)(void *context, const struct audit_entry *entry,
                                         struct bytes arguments),
                           void *context, struct fault *fault) MUST_USE;
