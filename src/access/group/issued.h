/* What a group has issued, by its own log and the papers that the log names.
 *
 * Input:  log and papers, untrusted: the log must be whole and signed by this home's key, each
 *         paper must have the hash the log says.  A paper that was erased says nothing more.
 * Output: what a visit is shown is gone after it. */
#pragma once

#include "access/grant/terms.h"
#include "access/group/revocation.h"
#include "access/session.h"

struct issued_visitor {
    /* One issuance: its terms, and what its first block is revoked by. */
    enum status (*visit)(void *context, const struct grant_terms *terms,
                         const struct sha256 *block);
    void *context;
};

/* Each in the order of the log, as long as `visit` returns STATUS_OK.  STATUS_CONFLICT where
 * the log is not whole. */
enum status issued_visit(const struct access_session *session,
                         const struct issued_visitor *visitor, struct fault *fault) MUST_USE;
/* Takes what has ended by `now_s` off the list: it needs no revoking, and would fill it. */
enum status issued_prune(const struct access_session *session, uint64_t now_s,
                         struct revocation_list *list, struct fault *fault) MUST_USE;
