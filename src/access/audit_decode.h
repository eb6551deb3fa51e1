/* Reads one entry of the audit log, for whoever checks or shows it.
 *
 * Input:  untrusted.  Accepts only the one canonical form, so that decoding and encoding again
 *         gives the same bytes.  Shares no code with the writer.
 * Output: words and hashes borrow from `input`; words hold lower-case letters, digits and
 *         ". _ -" only.
 * Fuzzed: fuzz/audit_entry.c.   Format: docs/formats/audit.md. */
#pragma once

#include "access/audit_entry.h"

enum status audit_entry_decode(struct bytes input, struct audit_entry *out) MUST_USE;
