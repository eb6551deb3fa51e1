/* Opens a gzip file: what is inside is a member of the evidence and is read like any other.
 *
 * The member is named as the file without ".gz", else as the gzip header says, else "content".
 *
 * Input:  untrusted.
 * Limits: GZIP_OUTPUT_MAX bytes come out; INFLATE_RATIO_MAX for each byte of input;
 *         PARSE_DEPTH_MAX containers within containers.
 * Fuzzed: fuzz/gzip.c (what is packed says the same as it does plain). */
#pragma once

#include "parse/parse.h"

#define GZIP_OUTPUT_MAX (UINT64_C(16) << 30)

/* What comes out of a compressed stream, as a stream. */
enum status gzip_open(struct stream *compressed, struct arena *arena,
                      struct stream *out) MUST_USE;
enum status gzip_unpack(struct stream *stream, struct parse *parse, unsigned depth) MUST_USE;
