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
#include "record/record.h"

#define STATEMENT_TEXT_MAX (64U * 1024U)
#define STATEMENT_COMMANDS_MAX 200
#define STATEMENT_WORDS_MAX 120 /* of one command */
#define STATEMENT_FIELDS_MAX 40
#define STATEMENT_VIEWS_MAX 16

enum statement_kind {
    STATEMENT_COMMAND, /* shell text; what else a few words may be is for knowledge to say */
    STATEMENT_LOG,
    STATEMENT_URL,
    STATEMENT_REQUEST,
    STATEMENT_AGENT,    /* how a program names itself to a web server */
    STATEMENT_SCHEDULE, /* lines of a crontab: five times, then a command */
};
#define STATEMENT_KIND_COUNT 6

enum word_role {
    WORD_PROGRAM,
    WORD_ARGUMENT,
    WORD_ASSIGNMENT,
    WORD_READ, /* targets of redirects */
    WORD_WRITE,
    WORD_APPEND,
    WORD_HERE,
    WORD_DUPLICATE,
    WORD_OPEN,
};
#define WORD_ROLE_COUNT 9

struct statement_word {
    enum word_role role;
    bool is_quoted;
    bool has_expansion;
    struct bytes text; /* quotes removed */
    uint64_t offset;
    uint32_t size; /* in the source */
};

struct statement_command {
    uint32_t view;     /* 0: the text itself; else the view it stands in, from 1 */
    uint32_t pipeline; /* number of its pipeline */
    uint32_t parent;   /* the pipeline it stands in, 0 for none */
    enum shell_relation relation;
    enum shell_dialect dialect;
    uint32_t position; /* in its pipeline, from 0 */
    uint32_t length;   /* of its pipeline */
    uint32_t loops;
    bool is_background;
    bool is_compound;
    struct statement_word *words;
    size_t word_count;
};

/* What a part of the text hides. */
struct statement_view {
    struct bytes how; /* "base64": ours, yet from a message */
    struct bytes text;
    uint32_t parent; /* the view it was found in, 0 for the text itself */
    uint64_t offset; /* of what was decoded */
    uint64_t size;
};

struct statement {
    struct arena *arena;
    enum statement_kind kind;
    enum event_action action; /* of a log line */
    uint32_t view;            /* which one is being read */
    bool is_deaf;             /* what is read now is for others: nothing is taken */
    bool is_usage;            /* "[a|b]" of its was read as a choice of two words */
    struct field_value fields[STATEMENT_FIELDS_MAX];
    size_t field_count;
    struct statement_command *commands;
    size_t command_count;
    uint64_t commands_dropped;
    struct statement_view views[STATEMENT_VIEWS_MAX];
    size_t view_count;
};

enum status statement_init(struct statement *statement, struct arena *arena) MUST_USE;
/* Keeps what an event, a pipeline or a transaction says. */
enum status statement_take(struct statement *statement, const struct record *record) MUST_USE;
enum status statement_add_field(struct statement *statement, enum field field,
                                struct bytes value) MUST_USE;
/* BYTES_NONE where the field is missing. */
struct bytes statement_field(const struct statement *statement, enum field field);

void statement_write(struct text *out, const struct statement *statement);
enum status statement_read(struct cursor *cursor, struct arena *arena,
                           struct statement *out) MUST_USE;
