/* What a watch remembers from one look to the next, and what it is shown.
 *
 * Made by conclude, kept by the watching process, which reads nothing of it, also over a
 * restart: so it is hostile when it comes back.  It holds what was found in the parts of each
 * source that no follower knows any more, and the matters that were spoken of.
 *
 * Output: vigil_read and vigil_show_read borrow text from the message; lists are in `arena`.
 * Limits: those below.   Fuzzed: fuzz/vigil.c (what is read is written back and read again).
 * Layout: "TCVG", u16 version, then each part as vigil.c packs it (base/pack.h). */
#pragma once

#include "base/arena.h"
#include "base/moment.h"
#include "base/text.h"
#include "record/severity.h"

#define VIGIL_SIZE_MAX (48U * 1024U * 1024U)
#define VIGIL_SOURCES_MAX 32
#define VIGIL_MATTERS_MAX 4096 /* the one longest not heard of is forgotten */
#define VIGIL_KEY_SIZE 16
#define VIGIL_PATH_MAX 4096

/* One thing that builds up: who does what to whom. */
struct vigil_matter {
    uint8_t key[VIGIL_KEY_SIZE];
    enum severity severity; /* when it was spoken of last */
    uint64_t measure;       /* the same: how many tries, requests, contacts */
    struct moment first;    /* of what it rests on: the first try */
    struct moment last;
    struct moment said; /* first; unknown where it was held back */
};

/* What was found in parts of a source that are over. */
struct vigil_past {
    struct bytes path;
    struct bytes examination;
};

/* What was said over the whole watch. */
struct vigil_tally {
    uint64_t warnings;
    uint64_t held_back; /* for want of room on their day */
    uint64_t entries;
    uint64_t entries_foretold; /* of them, with a warning before */
    struct moment first;       /* the evidence's own time */
    struct moment last;
    int64_t day;       /* the one in hand, counted from 1970 */
    uint64_t day_low;  /* said on it */
    uint64_t day_said; /* on it, of any weight */
    uint64_t day_most; /* on the fullest day before */
};

struct vigil {
    struct vigil_past *past;
    size_t past_count;
    struct vigil_matter *matters;
    size_t matter_count;
    struct vigil_tally tally;
};

void vigil_write(struct text *out, const struct vigil *vigil);
/* An empty message is a watch that begins. */
enum status vigil_read(struct bytes message, struct arena *arena, struct vigil *out) MUST_USE;

/* One source, as it is now. */
struct vigil_source {
    struct bytes path;
    bool is_taken;     /* what the look says was given is in the vigil already */
    bool is_over;      /* its follower ends here: what stands becomes past */
    bool is_ended;     /* it came to its end by itself */
    struct bytes look; /* record/follow.h; may be empty */
};

/* What conclude is shown: all sources, and the vigil as a message. */
struct vigil_show {
    struct vigil_source *sources;
    size_t source_count;
    bool is_last; /* the watch ends: totals are wanted */
    struct bytes vigil;
};

void vigil_show_write(struct text *out, const struct vigil_show *show);
enum status vigil_show_read(struct bytes message, struct arena *arena,
                            struct vigil_show *out) MUST_USE;

/* What conclude gives back: lines to say, ready as they are, and the vigil from now on. */
struct vigil_said {
    struct bytes lines;
    struct bytes vigil;
};
void vigil_said_write(struct text *out, const struct vigil_said *said);
enum status vigil_said_read(struct bytes message, struct vigil_said *out) MUST_USE;
