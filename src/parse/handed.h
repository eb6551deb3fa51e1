/* Commands inside the commands of a pasted text: what ssh runs on another machine, what docker
 * and kubectl run in a container, what a task runs later.
 *
 * They are read for whoever explains the text alone: detectors judge what happens on the
 * machine that a record comes from, and these run elsewhere.  What a shell on the same machine
 * is handed (sh -c) was read before (parse/script/nested.c).
 *
 * Input:  untrusted; the commands that the statement holds, and the text they were read from.
 * Output: more commands of the statement, each `within` the one that hands it on, which says
 *         where it runs and which of its words are handed.
 * Limits: HANDED_DEPTH_MAX in one another; those of the statement.
 * Not checked: that the options are ones the program knows.
 * Fuzzed: fuzz/paste.c. */
#pragma once

#include "parse/parse.h"
#include "record/statement.h"

#define HANDED_DEPTH_MAX 5
#define HANDED_TEXT_MAX (16U * 1024U) /* of one command inside another */

/* A text that is run as commands, and where it stands in the pasted text: byte by byte, or all
 * of it at one place. */
struct handed_text {
    struct bytes text;
    enum shell_dialect dialect;
    uint64_t offset;
    uint32_t size;
    bool is_literal;
};

/* Has it read as commands `within` the one that the statement says. */
enum status handed_add_text(const struct handed_text *handed, struct parse *parse,
                            struct statement *statement) MUST_USE;
/* The words of a command behind its assignments, up to what is no argument any more, in
 * `words`, which has room for STATEMENT_WORDS_MAX; `*first` is the place of the first. */
struct shell_command handed_words(const struct statement_command *command,
                                  struct shell_word *words, size_t *first);
/* In how many others a command stands. */
uint32_t handed_depth(const struct statement *statement, size_t index);
enum status handed_read(struct parse *parse, struct statement *statement) MUST_USE;
