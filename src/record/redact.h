/* Takes secrets out of text that is quoted: passwords in commands, tokens, keys, URLs with
 * credentials, Authorization headers, private key blocks.  What was taken out is "[redacted]".
 *
 * Input:  untrusted text, read once from front to end; at most EXCERPT-like sizes are meant,
 *         any size is bounded work.
 * Output: text with everything else unchanged.
 * Not checked: whether something is a secret.  It goes by where secrets stand and what they
 * look like, takes out rather too much than too little, and cannot know a password that stands
 * where an ordinary word may. */
#pragma once

#include "base/arena.h"

/* `*out` is `theirs` itself where nothing was taken out. */
enum status redact_secrets(struct bytes theirs, struct arena *arena,
                           struct bytes *out) MUST_USE;
/* Whether what a name like this stands for is a password, token or key. */
bool redact_names_secret(struct bytes name);
