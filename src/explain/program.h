/* What can be seen of a program from the word that names it: its base name, whether it lies
 * where such programs lie, whether it is a script.
 *
 * Input:  untrusted; a word of a command.
 * Output: borrows from the word. */
#pragma once

#include "record/record.h"

struct bytes program_base_name(struct bytes path, enum shell_dialect dialect);
/* Elsewhere a program may have any name. */
bool program_is_at_home(struct bytes path, enum shell_dialect dialect);
/* A script of somebody's, by its ending. */
bool program_is_script(struct bytes word);
/* The place of a file of settings, accounts or logs, or of the kernel's state: no program. */
bool program_is_other_file(struct bytes word);
/* The sign that ends what find runs: it is find's own. */
bool program_is_end_of_run(struct bytes word);
/* One of those that work on what comes in, so that a bar before it hands something over. */
bool program_is_filter(struct bytes base_name);
