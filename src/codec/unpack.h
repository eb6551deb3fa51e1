/* Unpacks xz, Zstandard and bzip2 streams in bounded memory; gzip is codec/inflate.h's.
 *
 * Input:  untrusted, taken from a source in windows.
 * Output: in the caller's buffer.  What a damaged or truncated stream held before the damage is
 *         given first, but for the last 16 KB of Zstandard's, then the status; it stays.
 * Limits: those of `struct inflate_limits`; UNPACK_MEMORY_MAX bytes of the arena, which is
 *         enough for `xz -9` and `zstd -19`.  A stream that asks for more is STATUS_LIMIT.
 * Walls:  opens nothing.  The libraries' memory is the arena's; what they give back is kept for
 *         their next request, so that many small streams need no more than one.
 * Fuzzed: fuzz/unpack.c.   Format: xz file format 1.1.0, RFC 8878, bzip2; several streams after
 *         one another are one, zeros may follow, anything else there is STATUS_MALFORMED. */
#pragma once

#include "codec/inflate.h"

#define UNPACK_WINDOW_SIZE 65536U
#define UNPACK_MEMORY_MAX (68U << 20)
#define UNPACK_ZSTD_WINDOW_LOG_MAX 26 /* 64 MB */
/* Logs of one line over and over reach thousands; what only a bomb reaches is beyond. */
#define UNPACK_RATIO_MAX 20000U

enum unpack_format {
    UNPACK_XZ,
    UNPACK_ZSTD,
    UNPACK_BZIP2,
};
#define UNPACK_FORMAT_COUNT 3

struct unpack;

/* STATUS_NO_MEMORY is the only failure: what the stream is worth is seen when it is read. */
enum status unpack_open(struct arena *arena, enum unpack_format format,
                        struct inflate_source source, struct inflate_limits limits,
                        struct unpack **out) MUST_USE;
/* As inflate_read. */
enum status unpack_read(struct unpack *unpack, uint8_t *buffer, size_t capacity,
                        size_t *size) MUST_USE;
/* Why the last read failed; the offset is in the packed bytes. */
struct fault unpack_fault(const struct unpack *unpack);
