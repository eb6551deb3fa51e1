/* Help, for people, made from the tables: what is not in them cannot be asked for. */
#pragma once

#include "operation/operation.h"

/* All commands, one line each. */
void help_add_commands(struct text *out);
/* One command with its options. */
void help_add_command(const char *command, struct text *out);
/* docs/operations.md. */
void help_add_operations(struct text *out);
