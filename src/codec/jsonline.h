/* Reads lines of JSON, one object each, into flat values with paths: what logs are made of.
 *
 *   {"ts":1.5,"request":{"uri":"/","headers":{"Host":["a"]}},"MESSAGE":[104,105]}
 *   ts=1.5  request.uri="/"  request.headers.Host="a" (item)  MESSAGE="hi" (bytes)
 *
 * A list of numbers from 0 to 255 is what the journal writes for text that is no UTF-8: it is
 * one value, of bytes.  Every other list gives each of its items under the list's own path.
 * Values come in the order of the line; of a key that stands twice, both do.
 *
 * Input:  untrusted.
 * Output: text in `arena`; the values themselves are good until the next line.
 * Limits: `size_max` bytes of a line, JSONLINE_VALUES_MAX values, JSONLINE_DEPTH_MAX objects
 *         and lists in one another.
 * Walls:  opens nothing.  The library's memory is taken once, when the reader is opened.
 * Not checked: that what is passed over is JSON in all its parts.
 * Fuzzed: fuzz/jsonline.c.   Format: RFC 8259, through simdjson. */
#pragma once

#include "base/arena.h"

#define JSONLINE_VALUES_MAX 512
#define JSONLINE_DEPTH_MAX 8
#define JSONLINE_PATH_MAX 512

enum jsonline_kind {
    JSONLINE_TEXT,
    JSONLINE_BYTES,
    JSONLINE_NUMBER, /* text: as written */
    JSONLINE_TRUE,
    JSONLINE_FALSE,
    JSONLINE_NULL,
};

struct jsonline_value {
    struct bytes path;
    struct bytes text;
    enum jsonline_kind kind;
    bool is_item; /* of a list */
};

struct jsonline;

/* To be closed, also where the arena is freed. */
enum status jsonline_open(size_t size_max, struct jsonline **out) MUST_USE;
void jsonline_close(struct jsonline **reader);
/* STATUS_MALFORMED where the line is no object of JSON; STATUS_LIMIT where it has more than is
 * read.  The values before the fault are given then too, but for a line that does not end as
 * it began. */
enum status jsonline_read(struct jsonline *reader, struct bytes line, struct arena *arena,
                          const struct jsonline_value **values, size_t *count) MUST_USE;
