/* One entry of the audit log: the noun, and how the writer makes bytes of it.
 *
 * Output: canonical CBOR (RFC 8949, 4.2.1) of at most AUDIT_ENTRY_MAX bytes, one map with small
 *         integers as keys, the same bytes for the same entry always.
 * Limits: AUDIT_WORD_MAX bytes in each word.
 * Format: docs/formats/audit.md. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"

#define AUDIT_ENTRY_MAX 512
#define AUDIT_ENTRY_VERSION 1
#define AUDIT_WORD_MAX 64
#define AUDIT_HASH_SIZE 32
#define AUDIT_SUBJECT_SIZE 16

enum audit_event {
    AUDIT_BEGIN,     /* the log begins; object: SHA-256 of the owner's public key */
    AUDIT_REFUSED,   /* access was refused; nothing was done */
    AUDIT_ALLOWED,   /* a change was allowed and is about to be tried */
    AUDIT_DONE,      /* an operation ended well; object: what came out */
    AUDIT_FAILED,    /* an operation ended otherwise; reason: how */
    AUDIT_RECOVERED, /* an unfinished append was cut away; object: its SHA-256 */
};
#define AUDIT_EVENT_COUNT 6

enum audit_key {
    AUDIT_KEY_VERSION,
    AUDIT_KEY_SEQUENCE,
    AUDIT_KEY_TIME,
    AUDIT_KEY_EVENT,
    AUDIT_KEY_SUBJECT,
    AUDIT_KEY_OPERATION,
    AUDIT_KEY_CLASS,
    AUDIT_KEY_RULE,
    AUDIT_KEY_REASON,
    AUDIT_KEY_POLICY,
    AUDIT_KEY_OBJECT,     /* absent where there is none */
    AUDIT_KEY_COMMITMENT, /* absent where there is none */
    AUDIT_KEY_DECISION,   /* absent where there is none */
};

/* Words are lower-case letters, digits, '.', '_' and '-'.  Empty bytes mean "none". */
struct audit_entry {
    uint64_t sequence;
    uint64_t time_ms; /* since 1970-01-01 UTC, by this machine's clock; never before the last */
    enum audit_event event;
    uint8_t class;
    bool has_decision;
    uint64_t decision;    /* sequence of the AUDIT_ALLOWED entry this one completes */
    struct bytes subject; /* AUDIT_SUBJECT_SIZE: the key that asked */
    struct bytes operation;
    struct bytes rule;
    struct bytes reason;
    struct bytes policy;     /* SHA-256 of the rules in force */
    struct bytes object;     /* SHA-256 of the report or payload */
    struct bytes commitment; /* to arguments and salt kept apart from the log */
};

/* "refused" */
const char *audit_event_name(enum audit_event event);

/* STATUS_LIMIT where a word is too long or a hash of another size. */
enum status audit_entry_encode(const struct audit_entry *entry, struct text *out) MUST_USE;
/* The time of an entry that was encoded here, for whoever writes the next.  What else it says
 * is read by access/audit_decode.h, which shares no code with the writer. */
enum status audit_entry_time(struct bytes encoded, uint64_t *time_ms) MUST_USE;
