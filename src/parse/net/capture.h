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
