/* Where a watch was when it ended, so that the next one goes on from there.
 *
 * A file of the owner's under $TOCSIN_HOME/watch/, signed by the owner's key.  It is read as
 * hostile all the same: looks and vigil came from processes that read hostile bytes, and nobody
 * here reads them again.
 *
 * Input:  untrusted: a copy may be damaged, cut, or made by somebody.
 * Output: bytes borrow from the message; `sources` in `arena`.
 * Limits: VIGIL_SOURCES_MAX sources.   Fuzzed: fuzz/bookmark.c (read, written, read: equal).
 * Layout: "TCWB", u16 version, u32 count, then per source bytes path, u64 offset, u64 lines,
 *         bytes tail, bytes look; bytes vigil. */
#pragma once

#include "record/vigil.h"

#define BOOKMARK_TAIL_MAX 64 /* of a source, before the place it was read to */
#define BOOKMARK_SIZE_MAX (512U * 1024U * 1024U)

struct bookmark_source {
    struct bytes path; /* absolute */
    uint64_t offset;   /* read so far */
    uint64_t lines;    /* before it */
    struct bytes tail; /* what stood just before: another file has something else there */
    struct bytes look; /* taken there (record/follow.h) */
};

struct bookmark {
    struct bookmark_source *sources;
    size_t source_count;
    struct bytes vigil;
};

void bookmark_write(struct text *out, const struct bookmark *bookmark);
enum status bookmark_read(struct bytes message, struct arena *arena,
                          struct bookmark *out) MUST_USE;
