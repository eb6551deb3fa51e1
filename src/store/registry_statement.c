#include "store/registry_statement.h"

#include <limits.h>

static void fail(struct statement *statement, enum status status)
{
    if (statement->status == STATUS_OK) {
        statement->status = status;
    }
}

static void check(struct statement *statement, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        fail(statement, code == SQLITE_NOMEM ? STATUS_NO_MEMORY : STATUS_MALFORMED);
    }
}

struct statement statement_of(sqlite3 *database, const char *sql)
{
    struct statement statement = {.raw = NULL};
    check(&statement, sqlite3_prepare_v2(database, sql, -1, &statement.raw, NULL));
    return statement;
}

void statement_done(struct statement *statement)
{
    sqlite3_finalize(statement->raw);
    statement->raw = NULL;
}

/* ---- writing ---- */

void statement_put_text(struct statement *statement, struct bytes value)
{
    const char *data = value.size == 0 ? "" : (const char *)value.data;
    statement->column++;
    if (value.size > INT_MAX) {
        fail(statement, STATUS_LIMIT);
        return;
    }
    check(statement, sqlite3_bind_text(statement->raw, statement->column, data, (int)value.size,
                                       SQLITE_TRANSIENT));
}

void statement_put_blob(struct statement *statement, struct bytes value)
{
    statement->column++;
    if (value.size > INT_MAX) {
        fail(statement, STATUS_LIMIT);
        return;
    }
    check(statement, sqlite3_bind_blob(statement->raw, statement->column, value.data,
                                       (int)value.size, SQLITE_TRANSIENT));
}

void statement_put_number(struct statement *statement, uint64_t value)
{
    statement->column++;
    if (value > INT64_MAX) {
        fail(statement, STATUS_LIMIT);
        return;
    }
    check(statement,
          sqlite3_bind_int64(statement->raw, statement->column, (sqlite3_int64)value));
}

void statement_run(struct statement *statement)
{
    if (statement->status == STATUS_OK) {
        check(statement, sqlite3_step(statement->raw));
        check(statement, sqlite3_reset(statement->raw));
    }
    statement->column = 0;
}

/* ---- reading ---- */

bool statement_step(struct statement *statement)
{
    statement->column = 0;
    if (statement->status != STATUS_OK) {
        return false;
    }
    int code = sqlite3_step(statement->raw);
    check(statement, code);
    return code == SQLITE_ROW && statement->status == STATUS_OK;
}

/* Borrowed until the next step. */
static struct bytes borrow(struct statement *statement, int kind, size_t least, size_t most)
{
    int column = statement->column++;
    if (statement->status != STATUS_OK) {
        return BYTES_NONE;
    }
    if (sqlite3_column_type(statement->raw, column) != kind) {
        fail(statement, STATUS_MALFORMED);
        return BYTES_NONE;
    }
    const uint8_t *data = sqlite3_column_blob(statement->raw, column);
    int size = sqlite3_column_bytes(statement->raw, column);
    if (size < 0 || (size_t)size < least || (size_t)size > most || (size > 0 && data == NULL)) {
        fail(statement, STATUS_MALFORMED);
        return BYTES_NONE;
    }
    return (struct bytes){data, (size_t)size};
}

struct bytes statement_text(struct statement *statement, struct arena *arena, size_t least,
                            size_t most)
{
    struct bytes kept = BYTES_NONE;
    struct bytes found = borrow(statement, SQLITE_TEXT, least, most);
    if (statement->status == STATUS_OK && arena_copy(arena, found, &kept) != STATUS_OK) {
        fail(statement, STATUS_NO_MEMORY);
    }
    return kept;
}

struct sha256 statement_hash(struct statement *statement)
{
    struct sha256 hash = {{0}};
    struct bytes found = borrow(statement, SQLITE_BLOB, sizeof hash.bytes, sizeof hash.bytes);
    if (found.size == sizeof hash.bytes) {
        memcpy(hash.bytes, found.data, sizeof hash.bytes);
    }
    return hash;
}

uint64_t statement_number(struct statement *statement, uint64_t most)
{
    int column = statement->column++;
    if (statement->status != STATUS_OK) {
        return 0;
    }
    sqlite3_int64 number = sqlite3_column_int64(statement->raw, column);
    if (sqlite3_column_type(statement->raw, column) != SQLITE_INTEGER || number < 0 ||
        (uint64_t)number > most) {
        fail(statement, STATUS_MALFORMED);
        return 0;
    }
    return (uint64_t)number;
}
