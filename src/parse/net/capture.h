/* Reads captures in the classic pcap format: flows, and the questions and answers in them.
 *
 * Both byte orders, times in micro- or nanoseconds.  Damage in the middle is passed over to the
 * next record that looks like one; a capture that ends too early keeps what came before.
 *
 *   file:   0 magic  4 version  8 zone, accuracy (0)  16 snapshot length  20 link type
 *   record: 0 seconds  4 fraction  8 captured length  12 length when sent  16 the frame
 *
 * Input:  untrusted.   Output: RECORD_FLOW when a flow ends, RECORD_TRANSACTION when a request
 *         is answered or its flow ends.   Fuzzed: fuzz/capture.c.
 * Limits: CAPTURE_*, and those of parse/net/dissect.h.
 * Format: draft-ietf-opsawg-pcap; the "modified" format of old Linux patches and pcapng are
 * not read. */
#pragma once

#include "parse/parse.h"

#define CAPTURE_HEADER_SIZE 24
#define CAPTURE_RECORD_HEADER_SIZE 16
/* What libpcap accepts for a frame; a record that claims more is damaged. */
#define CAPTURE_FRAME_SIZE_MAX 262144U
/* How much of a frame is looked at: the largest IP packet and its link header. */
#define CAPTURE_EXAMINED_SIZE_MAX 66000U
/* How far the time may jump for a record found after damage to be believed. */
#define CAPTURE_JUMP_SECONDS (7 * 24 * 3600)

/* Damage, and what is not read, is said in coverage; see parse/parse.h for when it fails. */
enum status capture_read(struct stream *stream, struct parse *parse) MUST_USE;
