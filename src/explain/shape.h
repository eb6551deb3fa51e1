/* What the shape of a pasted text says of one of its commands: when it runs, whether it gives a
 * name to others, whether it is such a name. */
#pragma once

#include "record/statement.h"

enum shape_joint {
    JOINT_NONE,
    JOINT_AND, /* it runs if what stands before it worked */
    JOINT_OR,  /* if that failed */
    JOINT_THEN,
    JOINT_ELSE,
    JOINT_CALL, /* "& $program": PowerShell runs what that names */
};

/* By what stands in the text before the command; JOINT_NONE where it does not stand there as it
 * is.  `text` is what was pasted. */
enum shape_joint shape_joint(struct bytes text, const struct statement *statement,
                             const struct statement_command *command);
/* "name() { ... }". */
bool shape_is_function(struct bytes text, const struct statement *statement,
                       const struct statement_command *command);
/* Whether the command is a name that such a one gave. */
bool shape_is_call(struct bytes text, const struct statement *statement,
                   const struct statement_command *command);
/* Whether a function, or a file of commands, starts itself more than once each time it runs, so
 * that processes multiply without end. */
bool shape_is_bomb(struct bytes text, const struct statement *statement,
                   const struct statement_command *command);
