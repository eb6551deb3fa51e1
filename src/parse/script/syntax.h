/* The parts of the shell's grammar, from words to lists.  Each function reads its part from the
 * input in hand and adds it to what is being read (parse/script/parser.h). */
#pragma once

#include "parse/script/input.h"

/* ---- word.c ---- */

/* Bits of word_stops: what ends a run of ordinary bytes. */
#define STOPS_WORD 1U  /* in a word, its end included */
#define STOPS_QUOTE 2U /* in double quotes */
#define ENDS_WORD 4U   /* a blank, or a sign of the grammar */

uint8_t word_stops(uint8_t byte);
/* Reads one word.  `lead` is a byte already taken that belongs to it ("<" of "<("), or 0.
 * `*quote_at` is how many bytes of its text stand before the first quote. */
void word_read(struct shell_parser *parser, int lead, struct shell_word *out, size_t *quote_at);
/* In a here-document: the substitutions of `body`, which stands in memory. */
void word_read_expansions(struct shell_parser *parser);
/* After "((": up to the matching "))".  Text that proves to be a group in a group is read. */
void word_read_arithmetic(struct shell_parser *parser, size_t mark);

/* ---- grammar.c ---- */

/* Reads commands until one of the closers in scope.open, or the end. */
void grammar_read_list(struct shell_parser *parser);
/* One more level of anything; false, and an anomaly, where there are too many. */
bool grammar_enter(struct shell_parser *parser);
void grammar_leave(struct shell_parser *parser);
/* After "(": commands up to ")", standing in the pipeline being read. */
void grammar_read_inside(struct shell_parser *parser, enum shell_relation relation);
void grammar_skip_blanks(struct shell_parser *parser);
/* Takes a newline, and the here-documents that begin after it. */
void grammar_take_newline(struct shell_parser *parser);

/* ---- compound.c ---- */

/* What a reserved word begins or ends. */
enum reserved {
    RESERVED_NONE,
    RESERVED_SKIP, /* "!", or a word that closes nothing: as if it were not there */
    RESERVED_CLOSER,
    RESERVED_GROUP,
    RESERVED_IF,
    RESERVED_LOOP,
    RESERVED_FOR,
    RESERVED_CASE,
    RESERVED_FUNCTION,
    RESERVED_TEST,
};
/* For RESERVED_CLOSER `*closer` says which. */
enum reserved compound_reserved(struct bytes word, enum closer *closer);
/* After the reserved word: the rest of the compound command.  The words of its head are added
 * to the command being read. */
void compound_read(struct shell_parser *parser, enum reserved reserved);
/* After "name" before "()". */
void compound_read_function(struct shell_parser *parser);
/* One pipeline, at least one byte of it. */
void grammar_read_pipeline(struct shell_parser *parser);
/* Adds a word to the command being read. */
void grammar_add_word(struct shell_parser *parser, const struct shell_word *word);

/* ---- here.c ---- */

void here_read_all(struct shell_parser *parser);

/* ---- nested.c ---- */

/* Reads what the commands of `pipeline` hand to an interpreter. */
void nested_read(struct shell_parser *parser, const struct shell_pipeline *pipeline);
/* An input over `text`, which is what `word` stands for in the input in hand. */
struct shell_input nested_input(struct shell_parser *parser, struct bytes text,
                                const struct shell_word *word, uint64_t line);
/* Reads `text` as commands of `scope`.  `word` and `line` say where it stands. */
void nested_read_text(struct shell_parser *parser, struct bytes text,
                      const struct shell_word *word, uint64_t line, const struct scope *scope);

/* ---- give.c ---- */

/* True for what says nothing: no word, no redirect, no assignment. */
bool give_is_empty(const struct shell_pipeline *pipeline);
/* Gives a finished pipeline, or keeps it until its here-documents came. */
void give_pipeline(struct shell_parser *parser, struct shell_pipeline *pipeline, uint64_t size);
void give_waiting(struct shell_parser *parser);
