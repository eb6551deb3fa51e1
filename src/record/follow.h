/* What the watching process and the confined follower of one source say to each other.
 *
 * The follower is asked and answers, in turn.  It takes bytes of the source until it has used
 * them up, and stops before that where something stands that did not, or where the evidence's
 * own time went on by `pause_ns`.  With each order comes an empty memory file, into which it
 * puts a look: what was given since the look before (an examination), then what would stand if
 * the source ended here (another).  The first order brings the image of compile too.
 *
 * Input:  both are read by cursor; the follower has read hostile bytes.
 * Output: bytes borrow from the message.   Fuzzed: fuzz/follow.c.
 * Layout: order  u8 kind, u8 is_again, u64 offset_before, u64 lines_before, u64 pause_ns,
 *                u64 look_ns, bytes
 *         word   u8 why, u8 has_look, u8 is_full, u64 offset, moment now
 *         look   bytes examination given, bytes examination standing */
#pragma once

#include "base/cursor.h"
#include "base/moment.h"
#include "base/text.h"
#include "record/examination.h"

#define FOLLOW_BYTES_MAX (32U * 1024U)                       /* of the source in one order */
#define FOLLOW_LOOK_SIZE_MAX (2 * EXAMINATION_SIZE_MAX + 8U) /* two, each behind its size */

enum follow_kind {
    FOLLOW_BEGIN, /* `bytes` are an assignment (record/assignment.h) */
    FOLLOW_BYTES, /* `bytes` of the source follow those before */
    FOLLOW_ON,    /* go on with what you have */
    FOLLOW_LOOK,  /* say what stands now */
    FOLLOW_END,   /* there will be no more bytes; looks on the way only where look_ns asks */
};
#define FOLLOW_KIND_COUNT 5

struct follow_order {
    enum follow_kind kind;
    bool is_again;          /* of FOLLOW_BYTES: they were examined once and are context alone */
    uint64_t offset_before; /* of FOLLOW_BEGIN: where in the source the first byte lies */
    uint64_t lines_before;
    uint64_t pause_ns; /* 0: never pause */
    uint64_t look_ns;  /* at least one look in so much time of the evidence; 0: never */
    struct bytes bytes;
};

enum follow_why {
    FOLLOW_HUNGRY, /* all bytes are used but a line that is not complete */
    FOLLOW_PAUSED,
    FOLLOW_ENDED,
};
#define FOLLOW_WHY_COUNT 3

struct follow_word {
    enum follow_why why;
    bool has_look;
    bool is_full;      /* a limit was reached: better begun again */
    uint64_t offset;   /* of the first byte that was not used yet */
    struct moment now; /* the newest time of the source, as written; unknown at first */
};

/* What one look of a source holds, as messages (record/examination.h). */
struct follow_look {
    struct bytes given;
    struct bytes standing;
};

enum file_of_follow {
    FOLLOW_FILE_LOOK,
    FOLLOW_FILE_CONTENT, /* of FOLLOW_BEGIN alone */
};

void follow_order_write(struct text *out, const struct follow_order *order);
enum status follow_order_read(struct bytes message, struct follow_order *out) MUST_USE;
void follow_word_write(struct text *out, const struct follow_word *word);
enum status follow_word_read(struct bytes message, struct follow_word *out) MUST_USE;
void follow_look_write(struct text *out, const struct follow_look *look);
enum status follow_look_read(struct bytes message, struct follow_look *out) MUST_USE;
