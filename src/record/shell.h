/* Which program a recorded shell command really runs: sees through sudo, env, nohup, xargs, ...
 *
 * Used where commands are read (to find the text an interpreter is handed) and where they are
 * judged, so that both see the same program.
 *
 * Input: untrusted words.  Not checked: that the options are ones the program knows. */
#pragma once

#include "record/record.h"

/* The part after the last "/", or all of it. */
struct bytes shell_base_name(struct bytes path);
/* The program that the one at word `at` runs in its turn: `*out` is the index of its word.
 * False where `at` is no wrapper, or wraps nothing. */
bool shell_next_program(const struct shell_command *command, size_t at, size_t *out);
/* The index of the program behind all wrappers; 0 for a command without words. */
size_t shell_last_program(const struct shell_command *command);
/* sh, bash, dash, ... by base name. */
bool shell_is_shell(struct bytes base_name);
/* True for a word that begins with "-" and has `letter` among its joined short options. */
bool shell_has_letter(struct bytes word, char letter);
