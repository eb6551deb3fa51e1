/* A registry as the rows of an SQLite database in memory, and as the bytes of its file.
 *
 * The same registry makes the same bytes always.  Nothing is ever opened by name: SQLite sees
 * bytes whose hash was checked, as a database that it may read alone.
 *
 * Input:  the bytes of a database, and each of its rows, untrusted.
 * Output: in `arena`.  The card and the policy are papers: only their hash stands in the rows.
 * Fuzzed: fuzz/registry.c.   Format: docs/formats/registry.md. */
#pragma once

#include "store/registry.h"

/* What a row of its own says of the whole. */
struct registry_head {
    struct sha256 card;
};

enum status registry_rows_write(const struct registry *registry, struct text *out) MUST_USE;
/* STATUS_UNSUPPORTED for a database of another version, STATUS_MALFORMED for one that holds
 * what no registry holds. */
enum status registry_rows_read(struct bytes database, struct arena *arena, struct registry *out,
                               struct registry_head *head) MUST_USE;
