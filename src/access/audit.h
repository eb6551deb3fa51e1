/* Writes the audit log: append-only, signed, durable before the call returns.
 *
 * The log is a C2SP tlog-tiles tree in a folder of its own (docs/formats/audit.md): entry
 * bundles, hash tiles and a signed checkpoint.  What the checkpoint does not sign does not
 * count: an append that was cut short is cut away by the next one, which says so in the log.
 *
 * Input:   what is already there, which must be what the last checkpoint signed.
 * Owner:   the identity's; a log is written by its own key only.
 * Limits:  AUDIT_PAYLOAD_MAX bytes of payload to an entry; AUDIT_LOCK_MS of waiting.
 * Threads: several programs may append at once: an exclusive lock on the folder orders them. */
#pragma once

#include "access/audit_entry.h"
#include "access/identity.h"

#define AUDIT_PAYLOAD_MAX 65536
#define AUDIT_SALT_SIZE 32
#define AUDIT_LOCK_MS 10000

struct audit {
    int home;     /* where checkpoints are prepared; on the log's file system */
    int folder;   /* audit/ */
    int payloads; /* payloads/ */
    const struct identity *identity;
};

/* Makes a log of no entries in the empty folder `folder`: its checkpoint, signed. */
enum status audit_begin(const struct audit *audit, struct fault *fault) MUST_USE;
/* Adds one entry: sequence and time are filled in, the time never earlier than that of the
 * entry before, whatever the clock says; subject is the identity, and where `payload` is not
 * empty its salted commitment is added and it is kept apart from the log. STATUS_OK means that
 * all of it is on the disk.  STATUS_CONFLICT where the log is not what its checkpoint signed:
 * nothing is written then. */
enum status audit_append(const struct audit *audit, const struct audit_entry *entry,
                         struct bytes payload, uint64_t *sequence,
                         struct fault *fault) MUST_USE;

/* One of several entries that are appended together. */
struct audit_addition {
    const struct audit_entry *entry;
    struct bytes payload;
    uint64_t sequence; /* filled in */
};

/* The same of several, in their order, with as many checkpoints as bundles are touched: what it
 * costs to make an entry durable is paid once for many.  `*appended` of them, from the first
 * on, are on the disk, also where it fails. */
enum status audit_append_all(const struct audit *audit, struct audit_addition *additions,
                             size_t count, size_t *appended, struct fault *fault) MUST_USE;
