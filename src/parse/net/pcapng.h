/* The pcapng format, as a source of frames: several sections, each in its own byte order, and
 * several interfaces, each with its own link type and clock.
 *
 * Frames are numbered as other tools do: enhanced, simple and old packet blocks count, other
 * blocks are passed over.  A block that contradicts itself is passed over to the next place
 * where one begins and ends as it says.
 *
 *   block:  0 type  4 size (of all, a multiple of 4)  8 body  size-4 size again
 *   SHB body: 0 byte order  4 version  8 size of the section (not used)  16 options
 *   IDB body: 0 link type  2 reserved  4 snapshot length  8 options
 *   EPB body: 0 interface  4 time, high  8 time, low  12 captured  16 when sent  20 the frame
 *   PB body:  as EPB, with the interface in two bytes and a count of drops in two
 *   SPB body: 0 length when sent  4 the frame, of the first interface, without a time
 *
 * Input:  untrusted.   Limits: FRAMES_INTERFACES_MAX interfaces in a section, the frames of
 *         others have no link type; PCAPNG_OPTIONS_MAX options are looked at.
 * Fuzzed: fuzz/frames.c.   Format: draft-ietf-opsawg-pcapng.
 * Not kept: comments, names, statistics, decryption secrets, journal entries. */
#pragma once

#include "parse/net/frames.h"

#define PCAPNG_START_SIZE 12
#define PCAPNG_BLOCK_SIZE_MIN 12
/* What a block of another kind may have; a larger one is damage. */
#define PCAPNG_BLOCK_SIZE_MAX (64U << 20)
#define PCAPNG_OPTIONS_MAX 64
/* What may follow a frame in its block. */
#define PCAPNG_OPTIONS_SIZE_MAX 65536U

bool pcapng_matches(struct bytes start);
/* STATUS_TRUNCATED where the stream ends in the first section's header, STATUS_MALFORMED where
 * that is none. */
enum status pcapng_open(struct frames *frames) MUST_USE;
