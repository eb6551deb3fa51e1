/* Reads a command line into a request.
 *
 * Input:  argv, the caller's own words; the request borrows from it.
 * Options may stand anywhere behind the command: "--name value", "--name=value", "-n value",
 * "-nvalue"; "--" ends them, "-" alone is an operand.
 * Fuzzed: fuzz/arguments.c. */
#pragma once

#include "operation/operation.h"

#define ARGUMENTS_OPERANDS_MAX 4096

struct arguments {
    struct request request;
    const char *operands[ARGUMENTS_OPERANDS_MAX];
};

/* `out` is filled whole; the request's operands point into it.  Where the words are wrong,
 * STATUS_MALFORMED and one line in `problem` that says what is, with a hint where there is one.
 * Without a command the request asks for help. */
enum status arguments_read(int count, const char *const *words, struct arguments *out,
                           struct text *problem) MUST_USE;
