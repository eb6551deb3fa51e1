/* Where the files of an audit log lie in its folder.
 *
 * Shared by what writes a log and what makes proofs from it; what checks a log has its own.
 * Format: C2SP tlog-tiles, "Paths"; docs/formats/audit.md. */
#pragma once

#include "base/text.h"

#define AUDIT_PATH_ENTRIES (-1)

/* "tile/0/x001/x234/067"; for AUDIT_PATH_ENTRIES "tile/entries/000". */
void audit_path_add(struct text *path, int level, uint64_t index);
