/* Opens packed files: gzip, xz, Zstandard and bzip2.  What is inside is a member of the
 * evidence and is read like any other.
 *
 * The member is named as the file without ".gz", ".xz", ".zst" or ".bz2", else as a gzip header
 * says, else "content".
 *
 * Input:  untrusted.
 * Limits: PACKED_OUTPUT_MAX bytes come out; INFLATE_RATIO_MAX or UNPACK_RATIO_MAX for each byte
 *         of input; UNPACK_MEMORY_MAX; PARSE_DEPTH_MAX containers within containers.
 * Fuzzed: fuzz/gzip.c, fuzz/unpack.c. */
#pragma once

#include "parse/parse.h"

#define PACKED_OUTPUT_MAX (UINT64_C(16) << 30)

/* What comes out of a packed stream, as a stream.  STATUS_UNSUPPORTED where its first bytes are
 * those of none that we open. */
enum status packed_open(struct stream *packed, struct arena *arena,
                        struct stream *out) MUST_USE;
enum status packed_unpack(struct stream *stream, struct parse *parse, unsigned depth) MUST_USE;
