/* tocsin-train: makes the split of the data, the weights and what is printed of them. */
#include <stdio.h>
#include <string.h>

#include "train/command.h"

static const struct command commands[] = {
    {"split", "[--check]", "data/split anew from TOCSIN_DATA, or whether it still is so",
     command_split},
    {"train", "", "models/sieve-shell.bin and its card anew", command_train},
    {"evaluate", "", "the card's figures anew, and whether they are those that ship",
     command_evaluate},
    {"questions", "[--leave-out [--misses]]",
     "models/questions.bin anew, or how well it does on those who are left out",
     command_questions},
    {"bench", "", "how fast the shipped weights score shell text", command_bench},
};

static int show_usage(void)
{
    fprintf(stderr, "usage: tocsin-train COMMAND, in the root of the project\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        fprintf(stderr, "  %-9s %-24s %s\n", commands[i].name, commands[i].arguments,
                commands[i].what);
    }
    return 2;
}

int main(int argument_count, char **arguments)
{
    for (size_t i = 0; argument_count > 1 && i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(arguments[1], commands[i].name) == 0) {
            return commands[i].run(argument_count - 2, arguments + 2);
        }
    }
    return show_usage();
}
