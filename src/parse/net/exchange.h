/* A request of a conversation while it waits for its answer: the beginnings of its head and of
 * its body.
 *
 * Input:  untrusted.   Owner: the dissection's pools (parse/net/speech.h).
 * Limits: SPEECH_*.   Fuzzed: fuzz/capture.c. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SPEECH_HEAD_SIZE_MAX 2000 /* kept of a request's head ... */
#define SPEECH_BODY_SIZE_MAX 4096 /* ... and of its body */

/* The beginning of a request's body; of a form with files in it, without what the files hold.
 */
struct body_start {
    uint16_t size;
    bool is_over; /* nothing is added any more: more came than is kept, or something is missing
                   */
    uint8_t data[SPEECH_BODY_SIZE_MAX];
};

/* A request that waits for its answer. */
struct exchange {
    struct exchange *next;
    uint64_t frame;
    int64_t at_ns;
    uint64_t body_size;      /* as announced, or as counted where it comes in chunks */
    struct body_start *body; /* NULL until its first byte, or where there is no room */
    bool has_body;
    bool body_is_lost; /* there was no room */
    uint8_t side;      /* who asked */
    uint16_t size;     /* of the head */
    uint8_t data[SPEECH_HEAD_SIZE_MAX];
};
