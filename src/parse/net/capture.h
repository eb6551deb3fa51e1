/* Reads captures: flows, the questions and answers in them, and the files they carry.
 *
 * Whatever the format (parse/net/frames.h), each frame goes to one dissection.  A capture that
 * ends too early keeps what came before.
 *
 * Input:  untrusted.   Output: RECORD_FLOW when a flow ends, RECORD_TRANSACTION when a request
 *         is answered or its flow ends.   Fuzzed: fuzz/capture.c.
 * Limits: those of parse/net/frames.h and parse/net/dissect.h. */
#pragma once

#include "parse/parse.h"

/* Damage, and what is not read, is said in coverage; see parse/parse.h for when it fails. */
enum status capture_read(struct stream *stream, struct parse *parse) MUST_USE;
/* The bytes of a file that the capture carries, by the name of its member as citations have it:
 * the capture is read again up to there.  STATUS_NOT_FOUND where it has no such member,
 * STATUS_LIMIT where it is larger than `size_max`. */
enum status capture_carve(struct stream *stream, struct bytes name, struct arena *arena,
                          size_t size_max, struct bytes *out) MUST_USE;
