/* Reads JSON text as a tree.
 *
 * Input:  untrusted.  Any bytes at all yield a tree or a status with the line of the fault.
 * Output: in `arena`.
 * Limits: JSON_READ_SIZE_MAX bytes, and those of codec/tree.h.  While it reads it takes about
 *         seven times the input's size, and 64 bytes a value, beside the arena.
 * Walls:  opens nothing; what the processor can do is asked of the processor.
 * Fuzzed: fuzz/json_read.c.   Format: RFC 8259, through simdjson.
 *
 * Refused: a key that stands twice in one object (readers differ in which one they believe),
 * invalid UTF-8, lone surrogates, a byte order mark.  A number beyond 64 bits is a double. */
#pragma once

#include "codec/tree.h"

#define JSON_READ_SIZE_MAX (16U * 1024U * 1024U)

/* STATUS_MALFORMED for what is not JSON. */
enum status tree_of_json(struct bytes input, struct arena *arena, struct tree *out,
                         struct tree_fault *fault) MUST_USE;
/* The same for what codec/json.h wrote: bytes named after a U+FFFD become bytes again. */
enum status tree_of_jsonout(struct bytes input, struct arena *arena, struct tree *out,
                            struct tree_fault *fault) MUST_USE;
