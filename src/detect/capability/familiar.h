/* Logged commands that were judged before and found to mean nothing: logs repeat them by the
 * thousand (a schedule's job, a status that is asked for), and judging is most of what reading
 * a command costs.
 *
 * Only what stands by itself is kept: a whole pipeline of a log, of which judging depends on
 * its text and its account alone.  Compared as text, not as a hash, so that nothing can be
 * hidden behind a command that was made to look the same.
 *
 * Limits: FAMILIAR_MAX commands of at most FAMILIAR_SIZE_MAX bytes; the one longest not seen
 * gives way. */
#pragma once

#include "detect/behaviour/recent.h"
#include "record/record.h"

#define FAMILIAR_MAX 2048
#define FAMILIAR_SIZE_MAX 320U

struct familiar {
    struct recent table;
    bool is_open;
};

struct familiar_command {
    struct recent_entry entry;
    bool names_something; /* an address, a file ...: its places are counted */
};

/* The key of what the record holds, told apart by `scope`; false for what is not to be kept. */
bool familiar_key(const struct record *record, size_t scope, struct recent_key *out);
/* NULL for a command that is not known to mean nothing. */
const struct familiar_command *familiar_find(struct familiar *familiar,
                                             const struct recent_key *key);
enum status familiar_add(struct familiar *familiar, struct arena *arena,
                         const struct recent_key *key, bool names_something) MUST_USE;
