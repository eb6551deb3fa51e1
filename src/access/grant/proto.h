/* Reads and writes the part of Protocol Buffers that grants are written in: numbers and
 * length-delimited fields.
 *
 * Input:  untrusted.
 * Output: bytes borrow from the input.
 * Limits: the caller's; a message inside another is a read of its own, so that whoever nests
 *         carries the depth (docs/decisions/0160-grants-are-read-with-the-cursor.md).
 * Fuzzed: fuzz/grant_token.c.   Format: protobuf.dev, Encoding.
 *
 * Not checked: that a field stands once; as the format says, the last one counts. */
#pragma once

#include "base/cursor.h"
#include "base/text.h"

enum proto_wire {
    PROTO_NUMBER = 0,
    PROTO_FIXED64 = 1,
    PROTO_BYTES = 2,
    PROTO_FIXED32 = 5,
};

struct proto_field {
    uint32_t number;
    enum proto_wire wire;
    uint64_t value;     /* of PROTO_NUMBER */
    struct bytes bytes; /* of PROTO_BYTES */
};

/* The next field; false at the end, and where the cursor has failed.  Groups, which the format
 * has given up, are STATUS_MALFORMED. */
bool proto_next(struct cursor *cursor, struct proto_field *out);
/* True where the field is `number` and a number or bytes; one of another kind under that number
 * fails the cursor. */
bool proto_is_number(struct cursor *cursor, const struct proto_field *field, uint32_t number);
bool proto_is_bytes(struct cursor *cursor, const struct proto_field *field, uint32_t number);
/* How many fields of bytes with that number a message has, as far as it can be read. */
size_t proto_count(struct bytes message, uint32_t number);

void proto_add_number(struct text *out, uint32_t number, uint64_t value);
void proto_add_bytes(struct text *out, uint32_t number, struct bytes bytes);
