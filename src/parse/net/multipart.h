/* Takes a multipart body apart as its bytes come: parts with heads and contents.
 *
 * Input:  untrusted.   Output: contents borrow from what was taken, or from the delimiter.
 * Limits: MULTIPART_*.   Fuzzed: fuzz/multipart.c.   Format: RFC 2046 section 5.1, RFC 7578.
 * Does not check: parts within parts; lines that end without a carriage return before a
 * delimiter. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

#define MULTIPART_BOUNDARY_MAX 200 /* RFC 2046 allows 70 */
#define MULTIPART_HEAD_MAX 1024    /* kept of a part's head */
#define MULTIPART_PARTS_MAX 64

struct multipart_sink {
    enum status (*begin)(void *context, struct bytes head);
    enum status (*bytes)(void *context, struct bytes bytes);
    enum status (*end)(void *context, bool is_whole);
    void *context;
};

struct multipart {
    uint8_t delimiter[4 + MULTIPART_BOUNDARY_MAX]; /* with the line end before it */
    size_t delimiter_size;
    size_t matched; /* of the delimiter */
    uint8_t phase;
    uint8_t line; /* how much of the end of a head was seen */
    uint32_t part_count;
    size_t head_size;
    uint8_t head[MULTIPART_HEAD_MAX];
};

/* STATUS_MALFORMED where `boundary` is none. */
enum status multipart_begin(struct multipart *multipart, struct bytes boundary) MUST_USE;
enum status multipart_take(struct multipart *multipart, struct bytes bytes,
                           const struct multipart_sink *sink) MUST_USE;
/* No more comes: a part that is open is not whole. */
enum status multipart_end(struct multipart *multipart,
                          const struct multipart_sink *sink) MUST_USE;
