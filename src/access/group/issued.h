/* What a group has issued, by its own log and the papers that the log names.
 *
 * A draft is seen too, from when it was made: the block it is revoked by is the one it is
 * issued with, so that what is revoked in between is never issued.
 *
 * Input:  log and papers, untrusted: the log must be whole and signed by this home's key, each
 *         paper must have the hash the log says.  One that was erased or damaged is counted,
 * and hides no other. Output: what a visit is shown is gone after it. */
#pragma once

#include "access/grant/terms.h"
#include "access/group/grant_file.h"
#include "access/group/revocation.h"
#include "access/session.h"

#define ISSUED_DRAFT_OPERATION "group.draft" /* whose entry names the draft as a paper */

/* Papers of which nothing is known any more. */
struct issued_unread {
    size_t erased_count;
    size_t damaged_count;
};

struct issued_visitor {
    /* One issuance or draft: its terms, and what its first block is revoked by. */
    enum status (*visit)(void *context, const struct grant_terms *terms,
                         const struct sha256 *block);
    void *context;
    bool leaves_drafts_out;
    uint64_t from; /* nothing is looked at before this entry */
    /* Told of each entry whose paper is read next, or NULL. */
    void (*announce)(void *context, const struct audit_entry *entry);
};

/* Each in the order of the log, as long as `visit` returns STATUS_OK.  STATUS_CONFLICT where
 * the log is not whole. */
enum status issued_visit(const struct access_session *session,
                         const struct issued_visitor *visitor, struct issued_unread *unread,
                         struct fault *fault) MUST_USE;
