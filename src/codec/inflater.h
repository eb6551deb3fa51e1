/* Unpacks gzip, zlib and bare deflate as the compressed bytes come, in memory of one fixed size
 * that is used again: for many streams at once, of which each may stop at any time.
 *
 * codec/inflate.h asks a source for bytes and takes memory from an arena; this is handed them.
 *
 * Input:  untrusted.   Output: in the caller's buffer.
 * Limits: `output_max` bytes, and INFLATE_RATIO_MAX times its input past INFLATE_RATIO_FREE.
 * Fuzzed: fuzz/inflater.c.   Format: RFC 1950, 1951, 1952; what follows the first gzip member
 *         is passed over. */
#pragma once

#include "codec/inflate.h"

#define INFLATER_SIZE (50U * 1024U)

struct inflater;

/* Begins in `memory`, INFLATER_SIZE bytes aligned for anything, which holds all there is; NULL
 * where the library will not have it. */
struct inflater *inflater_begin(void *memory, enum inflate_format format, uint64_t output_max);
/* Unpacks the front of `*input` and takes it off; `*size` is how much was written to `buffer`.
 * To be called again until nothing is written and nothing is left.  STATUS_MALFORMED or
 * STATUS_LIMIT where the rest cannot be had; it stays. */
enum status inflater_push(struct inflater *inflater, struct bytes *input, uint8_t *buffer,
                          size_t capacity, size_t *size) MUST_USE;
/* Whether the stream came to its own end. */
bool inflater_is_finished(const struct inflater *inflater);
