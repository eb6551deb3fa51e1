/* A file that --out names, written little by little: it has its name whole or not at all,
 * nothing is overwritten, and what got the name is what was written.
 *
 * Until then it has a name of its own beside it.  Others may be able to write to that folder,
 * though nobody should: both names are looked up in the folder as it was opened, and after the
 * link the file is compared with the one that was written.
 * Owner: whoever called output_begin calls output_done.
 * Each call that fails has said why in the answer. */
#pragma once

#include "operation/operation.h"

#define OUTPUT_NAME_MAX 40

struct output {
    int folder;
    int file;
    const char *path; /* as it was asked for */
    const char *name; /* the last part of it */
    char unfinished[OUTPUT_NAME_MAX];
};

/* The name is free and its folder can be written to: asked before anything is done. */
enum status output_check(struct answer *answer, const char *path) MUST_USE;
struct output output_none(void);
enum status output_begin(struct answer *answer, const char *path, struct output *out) MUST_USE;
/* Durable, name and all, where it returns STATUS_OK. */
enum status output_finish(struct answer *answer, struct output *output) MUST_USE;
/* What was not finished is gone. */
void output_done(struct output *output);
