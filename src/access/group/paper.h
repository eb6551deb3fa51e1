/* Papers: what the audit log names by its SHA-256 and is kept beside it, in payloads/.
 *
 * Input:  a kept paper is untrusted until its hash is the one asked for, which is checked.
 * Output: in `arena`.
 * Limits: PAPER_SIZE_MAX bytes.
 * Format: docs/formats/audit.md ("Papers"). */
#pragma once

#include "base/arena.h"
#include "codec/sha256.h"

#define PAPER_SIZE_MAX 65536

/* Durable when it returns; the same paper twice is one. */
enum status paper_keep(int payloads, struct bytes paper, struct sha256 *out) MUST_USE;
/* STATUS_NOT_FOUND where it was erased, STATUS_CONFLICT where something else has its name. */
enum status paper_find(int payloads, const struct sha256 *hash, struct arena *arena,
                       struct bytes *out) MUST_USE;
