/* Takes frames apart and gives records: flows when they end, transactions when they are
 * answered.
 *
 * One struct dissection per capture; every format of captures gives its frames to it.
 *
 * Input:  untrusted frames.   Owner: the parse's evidence arena.
 * Limits: those of the parts it is made of; what they drop is counted in coverage.
 * Fuzzed: fuzz/capture.c. */
#pragma once

#include "parse/net/conversation.h"
#include "parse/net/fragment.h"
#include "parse/net/speech.h"
#include "parse/parse.h"

struct dissection {
    struct parse *parse;
    struct conversations conversations;
    struct fragments fragments;
    struct speeches speeches;
    struct text excerpt; /* of the record being given */
    uint64_t frame;      /* number of the newest, from 1 */
    int64_t at_ns;       /* of the newest */
    int64_t first_ns;
    int64_t last_ns;
    uint64_t packets; /* IP packets and fragments counted in flows */
    uint64_t other_frames;
    uint64_t cut_packets;
    uint64_t flows;
};

enum status dissection_init(struct dissection *dissection, struct parse *parse) MUST_USE;
void dissection_done(struct dissection *dissection);
/* The next frame: `wire_size` is how long it was when it was sent. */
enum status dissection_take(struct dissection *dissection, uint32_t link_type, int64_t at_ns,
                            struct bytes captured, uint64_t wire_size) MUST_USE;
/* A frame that cannot be looked into, but has a number. */
void dissection_pass(struct dissection *dissection);
/* Gives what has not ended and says in coverage what was seen. */
enum status dissection_finish(struct dissection *dissection) MUST_USE;

/* An anomaly at the newest frame, or at the capture where there was none. */
void dissection_anomaly(struct dissection *dissection, const char *what);
struct moment dissection_moment(int64_t ns);
