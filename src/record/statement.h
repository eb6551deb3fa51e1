/* What a pasted text says, part by part: a command, a log line, a request, an address, a name.
 *
 * Filled from records while the text is parsed, written as a message, and read where it is
 * explained.  Places are bytes of the pasted text; of a view, bytes of what it decodes to.
 *
 * Input:  of statement_read, untrusted: it comes from a process that has read hostile bytes.
 * Output: statement_take copies into its arena; statement_read borrows text from the message.
 * Limits: those below; what is beyond is counted.
 * Fuzzed: fuzz/statement.c (what is read is written back and read again: equal). */
#pragma once

#include "base/arena.h"
#include "base/cursor.h"
#include "record/statement_part.h"

#define STATEMENT_TEXT_MAX (64U * 1024U)
#define STATEMENT_COMMANDS_MAX 200
#define STATEMENT_WORDS_MAX 120 /* of one command */
#define STATEMENT_FIELDS_MAX 40
#define STATEMENT_VIEWS_MAX 16
#define STATEMENT_CALLS_MAX 40

enum statement_kind {
    STATEMENT_COMMAND, /* shell text; what else a few words may be is for knowledge to say */
    STATEMENT_LOG,
    STATEMENT_URL,
    STATEMENT_REQUEST,
    STATEMENT_AGENT,    /* how a program names itself to a web server */
    STATEMENT_SCHEDULE, /* lines of a crontab: five times, then a command */
    STATEMENT_UNIT,     /* lines of a unit of systemd */
    STATEMENT_CODE,     /* in a language that is no shell's */
};
#define STATEMENT_KIND_COUNT 8

struct statement {
    struct arena *arena;
    enum statement_kind kind;
    enum event_action action; /* of a log line */
    uint32_t view;            /* which one is being read */
    uint32_t within;          /* what is read is handed to this command, from 1 */
    bool is_deaf;             /* what is read now is for others: nothing is taken */
    bool is_usage;            /* "[a|b]" of its was read as a choice of two words */
    struct field_value fields[STATEMENT_FIELDS_MAX];
    size_t field_count;
    struct statement_command *commands;
    size_t command_count;
    uint64_t commands_dropped;
    struct statement_view views[STATEMENT_VIEWS_MAX];
    size_t view_count;
    enum statement_language language; /* of STATEMENT_CODE */
    struct statement_call calls[STATEMENT_CALLS_MAX];
    size_t call_count;
};

enum status statement_init(struct statement *statement, struct arena *arena) MUST_USE;
/* Keeps what an event, a pipeline or a transaction says. */
enum status statement_take(struct statement *statement, const struct record *record) MUST_USE;
/* A place for one more command of that view, or NULL, counted, where there is none. */
enum status statement_add_command(struct statement *statement,
                                  struct statement_command **out) MUST_USE;
enum status statement_add_field(struct statement *statement, enum field field,
                                struct bytes value) MUST_USE;
/* BYTES_NONE where the field is missing. */
struct bytes statement_field(const struct statement *statement, enum field field);

void statement_write(struct text *out, const struct statement *statement);
enum status statement_read(struct cursor *cursor, struct arena *arena,
                           struct statement *out) MUST_USE;
