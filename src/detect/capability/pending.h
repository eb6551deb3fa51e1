/* Findings that are held until the end of the evidence, so that ten places of one capability
 * are one finding with ten cites.
 *
 * Owner: all memory is the evidence's arena. */
#pragma once

#include "detect/capability/mention.h"
#include "detect/capability/rule.h"
#include "detect/engine.h"

/* Whose commands they are: a script, or an account on a host in a log. */
struct script_scope {
    uint32_t member;
    enum shell_origin origin;
    struct bytes host;
    struct bytes account;
    uint64_t pipeline_count;
    struct moment first;
    struct moment last;
    struct cite cites[2]; /* the first and the last place; excerpts are in `excerpts` */
    uint8_t excerpts[2][EXCERPT_SIZE_MAX];
    struct entity *mentions;
    size_t mention_count;
    uint64_t mentions_dropped;
};

struct pending {
    const struct rule *rule;
    const struct script_scope *scope;
    struct finding finding; /* its arrays have room for the most there may be */
    uint64_t occurrences;
    uint64_t line; /* of the first, where it has one */
};

/* What was seen just now. */
struct sighting {
    const struct rule *rule;
    const struct script_scope *scope;
    const struct record *record;
    const struct mentions *mentions;
    const struct cite *earlier; /* the steps before it, of a sequence */
    size_t earlier_count;
};

/* Makes a new pending finding of the sighting. */
enum status pending_open(struct arena *arena, const struct sighting *sighting,
                         struct pending *out) MUST_USE;
/* True where the sighting belongs to it: the same rule and scope, and not much later. */
bool pending_takes(const struct pending *pending, const struct sighting *sighting);
enum status pending_add(struct arena *arena, struct pending *pending,
                        const struct sighting *sighting) MUST_USE;
enum status pending_raise(struct detection *detection, const struct pending *pending) MUST_USE;
