/* Reads a text that somebody pasted: a command or a part of a script, a line of a log, an
 * address, a request, how a program names itself; and what it hides.
 *
 * Records go to the sink as from a file, those of decoded views with `statement->view` set.
 *
 * Input:  untrusted.   Limits: STATEMENT_TEXT_MAX bytes, STATEMENT_VIEWS_MAX views.
 * Fuzzed: fuzz/paste.c. */
#pragma once

#include "parse/parse.h"
#include "record/statement.h"

enum status paste_read(struct bytes text, struct parse *parse,
                       struct statement *statement) MUST_USE;
