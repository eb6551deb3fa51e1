/* What this home has accepted from others: grants, and lists of what they revoked.
 *
 * It keeps and finds; whether a grant is good is asked each time anew (entitlement.h).
 *
 * Input:  what is kept is read back as untrusted.
 * Limits: ACCEPTED_GRANTS_MAX grants. */
#pragma once

#include "access/group/revocation.h"

#define ACCEPTED_GRANTS_MAX 256
#define ACCEPTED_FOLDER "grants"
#define ACCEPTED_LISTS_FOLDER "revocations"

/* A later one of the same group and id takes the place of an earlier: an id that another group
 * gave as well is another grant's.  STATUS_LIMIT where there are too many. */
enum status accepted_keep_grant(int home, const struct note_key *group, struct bytes id,
                                struct bytes file) MUST_USE;
/* Calls `visit` with each, by id, as long as it returns STATUS_OK; STATUS_OK where there are
 * none.  A file that cannot be read is passed over: it can allow nothing. */
enum status accepted_visit_grants(int home,
                                  enum status (*visit)(void *context, struct bytes id,
                                                       struct bytes file),
                                  void *context) MUST_USE;
/* Deletes the grants whose time is over, by what they say themselves, to make room. */
enum status accepted_drop_ended(int home, uint64_t now_s) MUST_USE;
enum status accepted_find_grant(int home, const struct note_key *group, struct bytes id,
                                struct text *out) MUST_USE;

/* Until `*out` is closed nobody else changes a list of this home: held from the reading of one
 * to its keeping. */
enum status accepted_lock_lists(int home, int *out) MUST_USE;
enum status accepted_keep_list(int home, const struct note_key *signer,
                               struct bytes file) MUST_USE;
/* The list kept of that signer, its file in `file`: STATUS_NOT_FOUND where there is none,
 * anything else where what is kept is not such a list. */
enum status accepted_find_list(int home, const struct note_key *signer, struct text *file,
                               struct revocation_list *out) MUST_USE;
