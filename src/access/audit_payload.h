/* Keeps what entries commit to apart from the log, so that erasing it erases the content.
 *
 * Input:   what was asked for: anything.
 * Output:  one file for each entry that has a payload, named by its sequence: salt, then
 *          payload.  All of them are on the disk when the call returns.
 * Limits:  AUDIT_PAYLOAD_MAX bytes each, AUDIT_PAYLOADS_MAX at once.
 * Threads: the caller holds the log's lock.
 * Format:  docs/formats/audit.md, "Commitments". */
#pragma once

#include "access/audit.h"
#include "codec/sha256.h"

#define AUDIT_PAYLOADS_MAX 256

/* Those of the entries from `first` on: `commitments` has one for each that has a payload.  A
 * file under the number of one that has none is taken away: an append that was cut short may
 * have left it. */
enum status audit_payload_keep(int folder, uint64_t first,
                               const struct audit_addition *additions, size_t count,
                               struct sha256 *commitments) MUST_USE;
