/* What an evidence could have shown, and what was damaged in it.
 *
 * Coverage is what lets a sentence say "no logs from the database server were provided". */
#pragma once

#include "base/arena.h"
#include "base/moment.h"
#include "base/table.h"
#include "record/carried.h"
#include "record/place.h"

#define COVERAGE_HOSTS_MAX 64
#define COVERAGE_COUNTS_MAX 16
#define COVERAGE_ANOMALIES_MAX 32
#define COVERAGE_MEMBERS_MAX 256
#define COVERAGE_HOST_SIZE_MAX 255 /* of a DNS name; a longer one is cut */

enum examined {
    EXAMINED_NO,
    EXAMINED_PARTLY,
    EXAMINED_WHOLE,
};
#define EXAMINED_COUNT 3
/* The kind of what holds no byte: it is examined whole, and says nothing. */
#define COVERAGE_KIND_EMPTY "empty file"

/* A damaged or surprising part; the rest was kept. */
struct anomaly {
    const char *what; /* ours, plain words: "a line is longer than 65536 bytes" */
    struct place place;
    uint64_t count; /* of the same kind; `place` is the first */
};

struct coverage_count {
    const char *name; /* ours: "lines", "events", "packets", "flows", "commands" */
    uint64_t count;
};

/* Its lists lie in the arena and are no longer than they must be once they were read from a
 * message: a report may hold a hundred thousand of these. */
struct coverage {
    struct arena *arena; /* the result's */
    const char *kind;    /* "system log", "capture", ...; NULL where not known */
    enum examined examined;
    const char *why;     /* why not, or not whole: "Windows event log: not examined yet" */
    struct moment first; /* of what has a time */
    struct moment last;
    struct bytes *hosts; /* machines that wrote, or addresses captured */
    size_t host_count;
    uint64_t hosts_dropped;
    struct coverage_count *counts;
    size_t count_count;
    struct anomaly *anomalies;
    size_t anomaly_count;
    uint64_t anomalies_dropped;
    /* Names of members below member 0 (which is the evidence); "" for member 0. */
    struct bytes *members;
    size_t member_count;
    struct carried *carried; /* files that passed in it: those that are notable first */
    size_t carried_count;
    size_t carried_notable; /* how many of them are */
    uint64_t carried_dropped;
};

/* Where the arena has no room for a list, nothing is kept in it. */
void coverage_init(struct coverage *coverage, struct arena *arena);
/* `name` and `what` are static.  Kinds beyond the limit are counted in *_dropped. */
void coverage_count_add(struct coverage *coverage, const char *name, uint64_t count);
uint64_t coverage_count_get(const struct coverage *coverage, const char *name);
void coverage_anomaly(struct coverage *coverage, const char *what, struct place place);
void coverage_host(struct coverage *coverage, struct bytes host);
/* Widens first..last. */
void coverage_time(struct coverage *coverage, struct moment at);
/* A member's number for places, from 1; `parent`'s name is put before it with "!/".
 * STATUS_LIMIT where there are too many. */
enum status coverage_member(struct coverage *coverage, uint32_t parent, struct bytes name,
                            uint32_t *out) MUST_USE;
/* Whether a file that passes now will be listed: what is not need not be hashed. */
bool coverage_has_row(const struct coverage *coverage, bool is_notable);
/* A file that passed in it, `name` below `parent`.  Where there are too many, a notable one
 * takes the row of one that is not, and what was not hashed has none. */
void coverage_carried(struct coverage *coverage, uint32_t parent, struct bytes name,
                      const struct artifact *artifact, struct moment at);
const char *examined_name(enum examined examined);
