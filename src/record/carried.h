/* A file that passed in a capture, as a row of the evidence: what it was called, between whom
 * it went and when, what it is, and where its bytes can be read again.
 *
 * Output: carried_make copies all text into `arena`.
 * Limits: CARRIED_*. */
#pragma once

#include "base/arena.h"
#include "base/moment.h"
#include "record/artifact.h"

#define CARRIED_MAX 200             /* of one evidence; more are counted */
#define CARRIED_NAME_SIZE_MAX 255   /* of a name or a host; a longer one is cut */
#define CARRIED_PATH_SIZE_MAX 4096  /* CITATION_SIZE_MAX / 2, as of members */
#define CARRIED_ADDRESS_SIZE_MAX 64 /* "[" IPv6 "]:65535" and room */

struct carried {
    struct bytes path; /* below the evidence, encoded as in citations: "flow-77/2-drop.sh" */
    struct bytes name; /* as the protocol says it; may be empty */
    struct bytes host; /* as whoever asked for it called the server; may be empty */
    struct bytes from; /* "203.0.113.7:8080" */
    struct bytes to;
    const char *protocol; /* ours: "http" */
    const char *kind;     /* ours: "ELF program" */
    struct moment at;     /* when its message began */
    uint64_t size;        /* unpacked, of what is there */
    bool is_whole;
    struct sha256 sha256; /* of what is whole alone: nobody knows the hash of a part */
};

/* The artifact must be hashed.  STATUS_MALFORMED for a path that no citation can have. */
enum status carried_make(const struct artifact *artifact, struct moment at, struct bytes path,
                         struct arena *arena, struct carried *out) MUST_USE;
/* Whether `path` is what a citation can go on with below an evidence. */
bool carried_path_is_valid(struct bytes path);
