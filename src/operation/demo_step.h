/* What demonstrations show: the steps of each, which src/operation/demo.c carries out.
 *
 * A step is a command as a person would type it.  Those that belong together stand under one
 * title; homes are named, because who does it is the point. */
#pragma once

#include "operation/operation.h"

#define STEP_WORDS_MAX 16

/* What shows, the command that shows it, and how that has to end. */
struct step {
    const char *title; /* NULL: it goes on with the one before */
    const char *why;
    const char *words[STEP_WORDS_MAX]; /* behind the program's name */
    int ends_with;
    size_t lines_max;    /* of its output; the rest is counted */
    const char *home;    /* whose; NULL: the one home there is */
    const char *outcome; /* "granted", "refused", "revoked": said behind it; NULL: nothing is */
    bool goes_on;        /* it is left running while the next are shown ... */
    bool is_awaited;     /* ... and this is its end: no command of its own */
};

const struct step *demo_intrusion_steps(size_t *count);
/* A group and its members, from its founding to a grant that is taken back. */
const struct step *demo_access_steps(size_t *count);
/* The files that those begin with, in the folder: what an officer of the group checked, a
 * script that a pack knows, and one that takes a while. */
enum status demo_access_begin(int folder) MUST_USE;
