/* What tocsin-train can be asked, each in a file of its own.
 *
 * Each runs in the root of the project, takes its data from the folder TOCSIN_DATA names (by
 * default ../shared/data), speaks to a person on standard output and error, and gives back what
 * main does: 0 done, 1 it is not so, 2 it could not be done. */
#pragma once

#include "base/status.h"

struct command {
    const char *name;
    const char *arguments;
    const char *what;
    int (*run)(int argument_count, char **arguments);
};

int command_split(int argument_count, char **arguments);
int command_train(int argument_count, char **arguments);
int command_evaluate(int argument_count, char **arguments);
int command_questions(int argument_count, char **arguments);
int command_bench(int argument_count, char **arguments);

/* The folder of data. */
const char *command_data(void);
/* Says what could not be done, and why; gives back 2. */
int command_fail(const char *what, enum status status);
