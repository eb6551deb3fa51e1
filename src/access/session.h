/* The owner's home made ready: key, audit log, and what is wrong with them.
 *
 * A session never fails to open: what cannot be had is remembered with its reason, open
 * operations go on without it, and everything else is refused.
 * Owner: whoever called session_open; session_done closes it.
 * On the first run the key and the log are made, in an order that a crash at any point leaves
 * either nothing or both; two programs that start at once agree on one key. */
#pragma once

#include "access/audit.h"
#include "access/identity.h"
#include "base/arena.h"

struct access_session {
    struct arena *arena;  /* what lives as long as the session: grants */
    struct arena *papers; /* what a decision about something sealed read; NULL before one */
    int home;
    int payloads;
    struct identity identity;
    struct audit audit;
    bool has_identity;   /* the owner's key is there and usable */
    bool has_audit;      /* and its log is there to be written to */
    struct fault fault;  /* why not, where either is missing */
    bool has_outcome;    /* how the operation that was decided ended is in the log ... */
    enum status outcome; /* ... as this */
};

/* Makes what is missing.  `path` is the home, as home_path gives it; NULL where there is none.
 */
void session_open(const char *path, struct access_session *out);
/* Opens what there is and makes nothing; `fault` says what is missing. */
void session_find(const char *path, struct access_session *out);
/* Made when it is first asked for; NULL where there is no memory for it. */
struct arena *session_papers(struct access_session *session);
/* The line that verifies this home's log (identity/owner.vkey), without needing the secret. */
enum status session_read_verifier(const struct access_session *session,
                                  struct text *out) MUST_USE;
void session_done(struct access_session *session);
