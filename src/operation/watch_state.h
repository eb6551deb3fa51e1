/* What a watch remembers over a restart: $TOCSIN_HOME/watch/HASH.state, one for each set of
 * files, named by the hash of their paths.
 *
 * Signed by the owner's key, so that nobody else can put words into it, and replaced whole or
 * not at all.  One watch at a time keeps a state; a second one of the same files goes on
 * without. What cannot be believed is said and begun afresh. Format: u32 size of a signed note
 * (docs/formats/audit.md) and the note, then a bookmark (record/bookmark.h) whose SHA-256 the
 * note says. */
#pragma once

#include "access/session.h"
#include "operation/watch_source.h"

struct watch_state {
    const struct access_session *session;
    int folder; /* -1: nothing is kept */
    int lock;
    struct text name;
};

void watch_state_done(struct watch_state *state);
/* Finds the place of the state; `*why` says why nothing will be kept, NULL where it will. */
void watch_state_open(const struct call *call, const struct source *sources, size_t count,
                      struct watch_state *out, const char **why);
/* STATUS_NOT_FOUND where there is none; anything else where it is not to be believed.  `kept`
 * holds what `out` borrows. */
enum status watch_state_read(const struct watch_state *state, struct arena *arena,
                             struct text *kept, struct bookmark *out) MUST_USE;
enum status watch_state_write(const struct watch_state *state, const struct source *sources,
                              size_t count, struct bytes vigil) MUST_USE;
/* The mark of a source; NULL where there is none. */
const struct bookmark_source *watch_state_find(const struct bookmark *bookmark,
                                               const struct source *source);
