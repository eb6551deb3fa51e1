/* Finds what pasted code calls, by name, with the text it hands on: PHP, Python, Perl,
 * JavaScript and others, SQL, pages, JSON; whole texts, and the programs that python -c, perl
 * -e, awk and their like are handed.  What a call has a shell run is read as commands.
 *
 * Input:  untrusted.
 * Output: calls of the statement, and commands.
 * Limits: those of the statement; CODE_TEXT_MAX bytes of a text are looked at.
 * Not checked: that it would run.  Strings are told apart only so far that what stands in them
 * is no call. Fuzzed: fuzz/paste.c. */
#pragma once

#include "parse/parse.h"
#include "record/statement.h"

#define CODE_TEXT_MAX (32U * 1024U)

/* The calls of a text, or of the view that `statement->view` says. */
enum status code_read(struct bytes text, enum statement_language language, struct parse *parse,
                      struct statement *statement) MUST_USE;
/* Those of the programs that commands of the statement are handed. */
enum status code_read_handed(struct parse *parse, struct statement *statement) MUST_USE;
