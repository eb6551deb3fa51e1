/* Gives the frames of a capture one by one, whatever format it has.
 *
 * Who numbers frames and who finds a cited one again both walk with this, so a citation leads
 * to the same frame also behind damage.
 *
 * Input:  untrusted.   Output: borrows from the stream's window until the next call.
 * Limits: FRAMES_*; a step of the budget for each byte passed.
 * Fuzzed: fuzz/frames.c. */
#pragma once

#include "base/budget.h"
#include "parse/stream.h"

/* What libpcap accepts for a frame; a record that claims more is damaged. */
#define FRAMES_FRAME_SIZE_MAX 262144U
/* How much of a frame is looked at: the largest IP packet and its link header. */
#define FRAMES_EXAMINED_SIZE_MAX 66000U
#define FRAMES_INTERFACES_MAX 256

struct frame_interface {
    uint32_t link_type;
    uint32_t snapshot_size; /* 0: everything */
    uint64_t units;         /* of time, in a second */
    int64_t offset_seconds; /* to add to every time */
};

enum frames_step {
    FRAMES_GIVEN,
    FRAMES_DAMAGED, /* a part was passed over, or is odd: `what`; more may come */
    FRAMES_ENDED,   /* `what` where it ended too early */
};

struct captured {
    bool has_link; /* false: of an interface that was not described */
    bool has_time;
    uint32_t link_type;
    int64_t at_ns;
    uint32_t size;      /* as it was captured */
    uint64_t wire_size; /* as it was sent */
    struct bytes bytes; /* the first FRAMES_EXAMINED_SIZE_MAX of it; fewer where it is cut */
};

struct frames {
    struct stream *stream;
    struct budget *budget;
    enum frames_step (*next)(struct frames *frames, struct captured *out);
    const char *what; /* ours, static */
    uint64_t left;    /* of the frame given last, not passed yet */
    bool is_big_endian;
    struct frame_interface *interfaces; /* FRAMES_INTERFACES_MAX of them */
    size_t interface_count;             /* pcap has one */
    /* For finding a pcap record after damage: the time of one that was believed. */
    bool has_time;
    uint32_t seconds;
    /* pcapng: of the block the frame given last stands in. */
    uint32_t block_size;
    uint32_t padding;
};

/* STATUS_MALFORMED, _TRUNCATED, _UNSUPPORTED for what is no capture that is read, and
 * STATUS_NO_MEMORY. */
enum status frames_open(struct frames *frames, struct stream *stream, struct arena *arena,
                        struct budget *budget) MUST_USE;
/* The next frame.  The stream stands at its first byte; what of it the caller takes is passed
 * no second time only where `frames->left` is lowered by as much. */
enum frames_step frames_next(struct frames *frames, struct captured *out);

/* ---- for the formats ---- */

/* Passes `size` bytes, which may be more than a window; false where the stream ends first. */
bool frames_pass(struct frames *frames, uint64_t size);
/* Passes bytes up to the next place at which `begins` holds; false when there is none. */
bool frames_search(struct frames *frames,
                   bool (*begins)(const struct frames *frames, struct bytes view));
enum frames_step frames_say(struct frames *frames, enum frames_step step, const char *what);
uint32_t frames_u32(const struct frames *frames, struct cursor *cursor);
uint16_t frames_u16(const struct frames *frames, struct cursor *cursor);
