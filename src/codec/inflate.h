/* Unpacks gzip, zlib and bare deflate streams in fixed memory.
 *
 * Input:  untrusted, taken from a source in windows.
 * Output: in the caller's buffer.  What a damaged or truncated stream held before the damage is
 *         given first, then the status; it stays.
 * Limits: those of `struct inflate_limits`; INFLATE_MEMORY_MAX bytes of the arena.
 * Walls:  opens nothing.
 * Fuzzed: fuzz/inflate.c.   Format: RFC 1950, 1951, 1952; several gzip members are one stream,
 *         zeros after the last are padding, anything else there is STATUS_MALFORMED.
 * Not kept: names, comments and times in gzip headers. */
#pragma once

#include "base/arena.h"
#include "base/cursor.h"

#define INFLATE_WINDOW_SIZE 65536U
#define INFLATE_MEMORY_MAX (192U * 1024U)
/* Below so much output no ratio is asked for. */
#define INFLATE_RATIO_FREE (4U * 1024U * 1024U)
/* Deflate reaches 1032; the most repetitive of logs stay below this. */
#define INFLATE_RATIO_MAX 500U

enum inflate_format {
    INFLATE_GZIP,
    INFLATE_ZLIB,
    INFLATE_RAW,
};

/* Where compressed bytes come from: `*size` bytes of at most `capacity`, 0 at the end. */
struct inflate_source {
    enum status (*read)(void *context, uint8_t *buffer, size_t capacity, size_t *size);
    void *context;
};

struct inflate_limits {
    uint64_t output_max;
    uint32_t ratio_max; /* output for each byte of input, past INFLATE_RATIO_FREE */
};

struct inflate;

/* A source that gives the bytes a cursor has left. */
struct inflate_source inflate_source_of(struct cursor *cursor);

enum status inflate_open(struct arena *arena, enum inflate_format format,
                         struct inflate_source source, struct inflate_limits limits,
                         struct inflate **out) MUST_USE;
/* Up to `capacity` bytes; STATUS_OK and `*size` 0 once all is read.  STATUS_TRUNCATED,
 * STATUS_MALFORMED, STATUS_LIMIT or the source's status where the rest cannot be had. */
enum status inflate_read(struct inflate *inflate, uint8_t *buffer, size_t capacity,
                         size_t *size) MUST_USE;
/* Why the last read failed; the offset is in the compressed bytes. */
struct fault inflate_fault(const struct inflate *inflate);
/* Unpacked bytes given so far. */
uint64_t inflate_total(const struct inflate *inflate);
