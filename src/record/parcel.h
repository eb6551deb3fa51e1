/* A parcel: named files in one image, as the parent hands content/ and models/ to compile.
 *
 * compile is a service (sandbox/service.h).  A request to it has no body and the files of enum
 * parcel_request; it writes one image for examine and conclude into the first, and where the
 * files are not right its reply's body says which and why, in one line.
 *
 * The parent names and copies, and understands nothing of what it packs.
 * Input:  untrusted; names are checked to be plain relative paths, contents are not.
 * Output: everything borrows from `image`; the array lives in `arena`.
 * Limits: the constants below.   Fuzzed: fuzz/parcel.c.
 * Layout: "TCPA", u16 version, u32 count, then per file bytes name, bytes content. */
#pragma once

#include "base/arena.h"
#include "base/text.h"

#define PARCEL_FILES_MAX 20000
#define PARCEL_NAME_SIZE_MAX 4096
#define PARCEL_FILE_SIZE_MAX (16U * 1024U * 1024U)
#define PARCEL_SIZE_MAX (64U * 1024U * 1024U)

enum parcel_request {
    PARCEL_REQUEST_OUTPUT, /* an empty memory file to write into */
    PARCEL_REQUEST_PARCEL, /* sealed */
};

/* The body of the other request to compile: whether one file is a rule pack, and whose.  Its
 * files are those of enum pack_request; the reply's body is the pack's head
 * (record/restricted.h), or one line that says what is wrong. */
#define PARCEL_ASKS_PACK "pack"

enum pack_request {
    PACK_REQUEST_PACK,    /* sealed */
    PACK_REQUEST_CONTENT, /* the image it will be used beside; left out to check it alone */
};

struct parcel_file {
    struct bytes name; /* "content/capabilities/download.yaml", "models/sieve" */
    struct bytes content;
};

void parcel_begin(struct text *out, uint32_t file_count);
void parcel_add(struct text *out, const struct parcel_file *file);
enum status parcel_read(struct bytes image, struct arena *arena, const struct parcel_file **out,
                        size_t *count) MUST_USE;
