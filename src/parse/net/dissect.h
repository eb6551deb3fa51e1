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
#include "parse/net/frames.h"
#include "parse/net/speech.h"
#include "parse/net/transfer.h"
#include "parse/parse.h"

struct dissection {
    struct parse *parse;
    struct conversations conversations;
    struct fragments fragments;
    struct speeches speeches;
    struct transfers transfers;
    struct text excerpt; /* of the record being given */
    unsigned depth;      /* of tunnels */
    uint64_t frame;      /* number of the newest, from 1 */
    int64_t at_ns;       /* of the newest that has a time */
    bool has_time;
    int64_t first_ns;
    int64_t last_ns;
    uint64_t packets; /* IP packets and fragments counted in flows */
    uint64_t other_frames;
    uint64_t cut_packets;
    uint64_t flows;
};

enum status dissection_init(struct dissection *dissection, struct parse *parse) MUST_USE;
void dissection_done(struct dissection *dissection);
/* The next frame. */
enum status dissection_take(struct dissection *dissection,
                            const struct captured *captured) MUST_USE;
/* Gives what has not ended and says in coverage what was seen. */
enum status dissection_finish(struct dissection *dissection) MUST_USE;

/* An anomaly at the newest frame, or at the capture where there was none. */
void dissection_anomaly(struct dissection *dissection, const char *what);
/* 0, which no clock that was set gives, is an unknown time. */
struct moment dissection_moment(int64_t ns);
