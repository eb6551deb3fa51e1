/* What shell commands name: URLs, addresses, domain names, files, accounts.
 *
 * Input:  untrusted commands.   Output: names borrow from the commands, or are copied to
 * `scratch` where they are rewritten (lower case).   Limits: MENTIONS_MAX of a pipeline. */
#pragma once

#include "record/entity.h"
#include "record/record.h"

#define MENTIONS_MAX 48
#define MENTION_SCRATCH_SIZE 4096

struct mentions {
    struct entity list[MENTIONS_MAX]; /* all ROLE_UNKNOWN, in order, each once */
    size_t count;
    uint8_t scratch[MENTION_SCRATCH_SIZE];
    size_t scratch_used;
};

/* Adds what the pipeline names to `mentions`, which begins zeroed. */
void mention_pipeline(struct mentions *mentions, const struct shell_pipeline *pipeline);
