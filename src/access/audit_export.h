/* Writes an audit log out as C2SP tlog-tiles lays one out, for other people's readers.
 *
 * Input:  the folder of the log, untrusted: it is checked whole first, under one lock with the
 *         copying, and a log that is not whole is not written out.
 * Output: checkpoint, tile/<L>/<N>[.p/<W>] and tile/entries/<N>[.p/<W>]; the checkpoint comes
 *         last, so that what was cut short has none.  Payloads stay where they are: the entries
 *         commit to what was asked and do not tell it.
 * Format: C2SP tlog-tiles; docs/formats/audit.md. */
#pragma once

#include "access/note.h"

struct audit_exported {
    uint64_t entry_count;
    uint64_t file_count;
};

/* Where a log of `size` entries has the tile or, for AUDIT_PATH_ENTRIES, the bundle. */
void audit_export_path(struct text *path, int level, uint64_t index, uint64_t size);
/* Into the empty folder `target`.  STATUS_NOT_FOUND where there is no log, STATUS_CONFLICT
 * where it is not whole or not that key's. */
enum status audit_export(int home, const struct note_key *key, int target,
                         struct audit_exported *out, struct fault *fault) MUST_USE;
