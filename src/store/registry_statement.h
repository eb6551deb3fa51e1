/* One statement of SQLite, and its columns as values of ours.
 *
 * Input:  a row is untrusted: a value of another kind or size than is asked for fails the
 *         statement, and later ones yield nothing, as a cursor's do.
 * Output: in the arena. */
#pragma once

#include <sqlite3.h>

#include "base/arena.h"
#include "codec/sha256.h"

struct statement {
    sqlite3_stmt *raw;
    enum status status; /* the first thing that went wrong stays */
    int column;         /* or parameter that is next */
};

struct statement statement_of(sqlite3 *database, const char *sql);
void statement_done(struct statement *statement);

/* The next parameter. */
void statement_put_text(struct statement *statement, struct bytes value);
void statement_put_blob(struct statement *statement, struct bytes value);
void statement_put_number(struct statement *statement, uint64_t value);
/* Carries it out, for a statement without rows, and makes it ready for the next values. */
void statement_run(struct statement *statement);

/* The next row; false after the last, or where something went wrong. */
bool statement_step(struct statement *statement);
/* The next column: UTF-8 text or a blob of at least `least` and at most `most` bytes. */
struct bytes statement_text(struct statement *statement, struct arena *arena, size_t least,
                            size_t most);
struct sha256 statement_hash(struct statement *statement);
uint64_t statement_number(struct statement *statement, uint64_t most);
