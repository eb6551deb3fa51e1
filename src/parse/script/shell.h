/* Reads shell scripts, shell histories, crontabs and single commands: a tolerant lexer and
 * parser of our own, for POSIX sh and what bash, dash, ksh, zsh and busybox add to it.
 *
 * Gives RECORD_PIPELINE, what stands inside first, then the pipeline that holds it, and
 * RECORD_SHELL_TEXT: runs of whole lines, about a kilobyte each.  Text that an interpreter is
 * handed (sh -c, eval, su -c, a here-document or a printed text for a shell) is read as
 * commands one level deeper; aliases and functions are not followed, variables not expanded.
 *
 * Input:  untrusted.  Any bytes give records; what is not closed, too deep or too long is an
 *         anomaly, and the rest is kept.
 * Places: byte ranges of a script; lines of a history; the log line of a logged command.
 * Limits: those of parse/script/parser.h.   Steps: one per byte and level of nesting.
 * Fuzzed: fuzz/shell.c, fuzz/history.c. */
#pragma once

#include "parse/parse.h"

enum status shell_read(struct stream *stream, struct parse *parse) MUST_USE;
/* ~/.bash_history and its like: "#1700000000" lines and zsh's ": 1700000000:0;" give times. */
enum status shell_read_history(struct stream *stream, struct parse *parse) MUST_USE;
/* A table of cron: the command after the five times, and the account where the table has it. */
enum status shell_read_crontab(struct stream *stream, struct parse *parse) MUST_USE;
/* A command that something else recorded: place, time, origin and event are `carrier`'s. */
enum status shell_parse_line(struct bytes line, struct parse *parse,
                             const struct record *carrier) MUST_USE;

/* The command of a line of such a table, without times and account; BYTES_NONE where the line
 * is none. */
struct bytes shell_crontab_command(struct bytes line);

/* Whether the first bytes of a file, and its name, are those of ... */
bool shell_matches(struct bytes start, struct bytes name);
bool shell_history_matches(struct bytes start, struct bytes name);
bool shell_crontab_matches(struct bytes start, struct bytes name);
