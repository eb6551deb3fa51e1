/* Checks a whole audit log: every byte of every file, offline, changing nothing.
 *
 * Input:  untrusted.  The folder may hold anything; the verifier key says whose log it is.
 * Output: what was counted, and each difference as one line for a person.
 * Limits: AUDIT_DIFFERENCES_MAX lines are kept, the rest counted.
 * Shares no code with the writer but SHA-256 and libsodium: a mistake in one is not repeated
 * by the other.  An older copy of the whole folder is whole: only a witness notices it.
 * Fuzzed: fuzz/audit_log.c.   Format: docs/formats/audit.md. */
#pragma once

#include "access/audit_entry.h"
#include "codec/sha256.h"

#define AUDIT_DIFFERENCES_MAX 20

/* How the log stands to a checkpoint that somebody remembered. */
enum audit_continuation {
    AUDIT_NOT_COMPARED, /* none was given, or its entries cannot be read that far */
    AUDIT_CONTINUES,    /* it begins with what was signed then */
    AUDIT_IS_SHORTER,   /* it has fewer entries: it was cut, or put back */
    AUDIT_IS_ANOTHER,   /* the same key signed other entries */
};

struct audit_mark {
    uint64_t size;
    struct sha256 root;
};

struct audit_check {
    struct text checkpoint; /* the file, where this key signed it in its one form */
    uint64_t size;          /* what it says */
    struct sha256 root;
    enum audit_continuation continuation;
    uint64_t entry_count;
    uint64_t file_count;
    uint64_t byte_count;
    uint64_t payload_count; /* present, and opening their commitments */
    uint64_t erased_count;  /* committed to, and absent */
    uint64_t difference_count;
    struct text differences; /* one line each */
};

/* Sees each entry that could be read, in order.  `arguments` is what its payload holds, empty
 * where it is erased or absent.  What is borrowed is gone after the call. */
struct audit_visitor {
    void (*visit)(void *context, const struct audit_entry *entry, struct bytes arguments);
    void *context;
};

void audit_check_done(struct audit_check *check);

/* Checks `audit/` and the payloads beside it in `home`.  `verifier` is the key line
 * ("name+hash+key") the log must be signed with; `visitor` may be NULL.  STATUS_OK means that
 * the check was carried out: whether the log is whole says `difference_count`.
 * STATUS_NOT_FOUND where there is no log, STATUS_MALFORMED where `verifier` is not a key. */
/* The same; and with the roots of all its entries computed anew, whether it goes on from
 * `mark`.
 */
enum status audit_verify_since(int home, struct bytes verifier, const struct audit_mark *mark,
                               const struct audit_visitor *visitor,
                               struct audit_check *out) MUST_USE;
enum status audit_verify(int home, struct bytes verifier, const struct audit_visitor *visitor,
                         struct audit_check *out) MUST_USE;
