/* Entries for a log: any, or of an operation with its object. */
#pragma once

#include "access/decide.h"
#include "check.h"

static const uint8_t log_policy[AUDIT_HASH_SIZE] = {7};

static inline void append_entries(struct access_session *session, int count)
{
    struct audit_entry entry = {
        .event = AUDIT_DONE,
        .operation = bytes_of_text("evidence.analyze"),
        .rule = bytes_of_text("open-to-anyone"),
        .policy = {log_policy, sizeof log_policy},
    };
    uint64_t sequence = 0;
    struct fault fault;
    for (int i = 0; i < count; i++) {
        assert_ok(audit_append(&session->audit, &entry, BYTES_NONE, &sequence, &fault));
    }
}

/* That an operation was done, or what else became of it, with that object; its place. */
static inline uint64_t append_entry_of(struct access_session *session, enum audit_event event,
                                       const char *operation, const struct sha256 *object)
{
    const struct audit_entry entry = {
        .event = event,
        .operation = bytes_of_text(operation),
        .class = CLASS_VERIFIED,
        .rule = bytes_of_text("owner-on-own-machine"),
        .policy = {object->bytes, sizeof object->bytes},
        .object = {object->bytes, sizeof object->bytes},
    };
    uint64_t sequence = 0;
    struct fault fault;
    assert_ok(audit_append(&session->audit, &entry, BYTES_NONE, &sequence, &fault));
    return sequence;
}
