/* What rules ask of one shell command: the file it saves, the file it runs, its flags.
 *
 * Input: untrusted commands.  Not checked: that a program knows the options it is given.  A
 * variable in a name stays as written, so that two uses of it are the same file. */
#pragma once

#include "record/shell.h"

/* The file the program at word `at` writes what it got to: curl -o, wget -O, tee, a redirect.
 * Empty where there is none. */
struct bytes subject_saved_file(const struct shell_command *command, size_t at);
/* True where the command runs that file, by itself or through an interpreter. */
bool subject_runs_file(const struct shell_command *command, struct bytes file);
/* True where one of the words after `at` is that file. */
bool subject_uses_file(const struct shell_command *command, size_t at, struct bytes file);
/* The same file, as far as names tell: "./x", "x" and "/tmp/x" are, "/a/x" and "/b/x" not. */
bool subject_same_file(struct bytes a, struct bytes b);
/* True where the words after `at` have the flag: "-x", also among joined letters, "--long",
 * also with "=value", or a word as it is ("-exec"). */
bool subject_has_flag(const struct shell_command *command, size_t at, struct bytes flag);
/* The value of an option after `at`: the next word, or what is joined to it.  Begin with
 * `*from` at + 1; false after the last. */
bool subject_next_value(const struct shell_command *command, struct bytes option, size_t *from,
                        struct bytes *out);
/* A shell or another interpreter at `at` that is handed no file and no string: it runs what
 * comes in. */
bool subject_reads_input(const struct shell_command *command, size_t at);
/* The name rules know a program by: "python" for "python3.11". */
struct bytes subject_plain_name(struct bytes base_name);
