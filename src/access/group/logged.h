/* Finds the entry of this home's log that names a paper.
 *
 * Input:  the log, untrusted: it must be whole and signed by this home's key. */
#pragma once

#include "access/session.h"
#include "codec/sha256.h"

/* The first entry by which that operation was done with that object.  STATUS_NOT_FOUND where
 * there is none, STATUS_CONFLICT where the log is not whole. */
enum status logged_find(const struct access_session *session, const char *operation,
                        const struct sha256 *object, uint64_t *sequence,
                        struct fault *fault) MUST_USE;
