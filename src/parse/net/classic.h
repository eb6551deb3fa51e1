/* The classic pcap format, as a source of frames.
 *
 * Both byte orders, times in micro- or nanoseconds.  Damage in the middle is passed over to the
 * next record that looks like one.
 *
 *   file:   0 magic  4 version  8 zone, accuracy (0)  16 snapshot length  20 link type
 *   record: 0 seconds  4 fraction  8 captured length  12 length when sent  16 the frame
 *
 * Input:  untrusted.   Fuzzed: fuzz/frames.c.
 * Format: draft-ietf-opsawg-pcap; the "modified" format of old Linux patches is not read. */
#pragma once

#include "parse/net/frames.h"

#define CLASSIC_HEADER_SIZE 24
#define CLASSIC_RECORD_HEADER_SIZE 16
/* How far the time may jump for a record found after damage to be believed. */
#define CLASSIC_JUMP_SECONDS (7 * 24 * 3600)

/* STATUS_MALFORMED where this is no pcap, STATUS_UNSUPPORTED for the modified format,
 * STATUS_TRUNCATED where the stream ends in its header. */
enum status classic_open(struct frames *frames) MUST_USE;
