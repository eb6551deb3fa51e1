/* Reads what a log's checkpoint says: whose log, how many entries, and their root.
 *
 * Input:  untrusted: the text of a note, whose signatures somebody else checks.
 * Output: the origin borrows from `text`.
 * Not checked: what extension lines say; only that there are some.
 * Fuzzed: fuzz/note.c.   Format: C2SP tlog-checkpoint. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "codec/sha256.h"

struct checkpoint {
    struct bytes origin;
    uint64_t size;
    struct sha256 root;
    bool has_extension;
};

/* STATUS_MALFORMED for anything but the one form. */
enum status checkpoint_read(struct bytes text, struct checkpoint *out) MUST_USE;
/* A size in decimal, without zeros before it: the one form it has in all these formats. */
bool checkpoint_read_size(struct bytes digits, uint64_t *out);
