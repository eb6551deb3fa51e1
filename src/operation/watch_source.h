/* One source of a watch: a file as it grows, and the confined follower that reads it.
 *
 * The file is followed by its name: when another file takes the name it is read to its end
 * first, then the new one from its beginning; when it is cut short, or was cut and has grown
 * past the place again (what stood before that place tells), it is read from its beginning;
 * when it is gone, what is written to it is still read until another appears.  Nothing of it is
 * interpreted here: bytes are counted and passed on.
 *
 * Owner: whoever called source_init; source_done closes file and follower. */
#pragma once

#include "operation/operation.h"
#include "record/bookmark.h"
#include "record/follow.h"
#include "sandbox/worker.h"

#define SOURCE_BEFORE_MAX (1024U * 1024U) /* read again, or first, before the end of a file */
#define SOURCE_RENEWED_AFTER (64U * 1024U * 1024U) /* bytes one follower reads */
#define SOURCE_CRASHES_MAX 10
#define SOURCE_LEAVING_STEPS 4 /* without a new byte, before another file is turned to */

enum source_event {
    SOURCE_NOTHING, /* no new bytes */
    SOURCE_FED,     /* all there was in this turn was used, or time went on: `is_paused` */
    SOURCE_LOOKED,  /* a look came back: ask conclude, then go on */
    SOURCE_TURNED,  /* its follower came to an end: ask conclude, then source_begin */
    SOURCE_OVER,    /* it will give nothing more */
};

struct source {
    const char *path;
    struct bytes name; /* in citations */
    int fd;            /* -1 while there is no file */
    bool is_input;     /* standard input: no file to come back to */
    bool is_replay;
    uint64_t device;
    uint64_t inode;
    uint64_t offset; /* of the next byte to read */
    uint64_t lines;  /* before it */
    uint8_t tail[BOOKMARK_TAIL_MAX];
    size_t tail_size;
    uint64_t read_size; /* by this follower */
    struct worker worker;
    struct message_buffer *buffer; /* shared by all sources */
    uint64_t pause_ns;
    struct moment now;
    struct text look;
    bool is_taken; /* conclude has had what the look says was given */
    bool is_over;  /* the follower ended: what stands becomes past with the next question */
    bool is_ended; /* by itself: nothing in it was understood, or it failed */
    bool is_paused;
    bool is_ending; /* it was told that no more bytes come */
    bool is_fresh;  /* bytes were fed since the look */
    bool is_full;
    bool is_missing; /* and that was said */
    bool is_given_up;
    unsigned leaving; /* steps since another file was seen under the name */
    unsigned crashes;
    const char *note; /* what happened to it, for people; NULL for nothing.  Taken by the
                         caller */
};

void source_init(struct source *source, const char *path, struct bytes name,
                 struct message_buffer *buffer);
void source_done(struct source *source);

/* Opens the file if it is there: at its beginning for a replay, else not far before its end,
 * or, where `mark` (may be NULL) fits the file, where that left off. */
enum status source_open(struct source *source, const struct bookmark_source *mark) MUST_USE;
/* Starts a follower where none runs. */
enum status source_begin(struct source *source, const struct call *call, struct answer *answer,
                         int content) MUST_USE;
/* One step: goes on after a pause, or reads some bytes and has them used.  What happened to
 * the file on the way is in `note`. */
enum source_event source_step(struct source *source);
/* Asks what stands, where bytes came since the last look. */
enum source_event source_look(struct source *source);
/* After conclude has had the look. */
void source_take(struct source *source);
