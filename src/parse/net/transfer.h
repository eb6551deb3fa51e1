/* A file that a conversation carries: known by its first bytes, and kept only where there is a
 * reader for what it holds.
 *
 * Its bytes come unpacked from gzip and deflate codings.  At its end it is given as
 * RECORD_ARTIFACT, and listed in coverage, with its hash, while there is a row left for it. Its
 * name is "flow-77/2-drop.sh" (the second file of flow 77).  What is more than a page, a
 * picture or a text is also a member of the capture, and a shell script, gzipped or not, is
 * read like a file of its own, so its places are "capture.pcap!/flow-77/2-drop.sh@0x10+5".
 *
 * Input:  untrusted.   Owner: the dissection's pools.
 * Limits: TRANSFER_*, CARRIED_MAX rows; of the rest the count.
 * Fuzzed: fuzz/capture.c.
 * Does not check: brotli and zstd codings, whose bytes are taken as they are. */
#pragma once

#include "codec/inflater.h"
#include "parse/net/pool.h"
#include "record/artifact.h"

#define TRANSFER_COUNT_MAX 384    /* at once */
#define TRANSFER_INFLATERS_MAX 48 /* packed ones at once */
#define TRANSFER_BLOCK_SIZE 4096
#define TRANSFER_BLOCKS_MAX 1536     /* kept of all, 6 MB */
#define TRANSFER_KEPT_MAX (1U << 20) /* kept of one */
#define TRANSFER_UNPACKED_MAX (1U << 30)
#define TRANSFER_MEMBERS_MAX 200 /* of a capture */
#define TRANSFER_WORDS_SIZE 1536
#define TRANSFER_ARENA_MAX (24U << 20) /* for reading one kept file */

struct hearing;
struct parse;

/* What is known of a file before its first byte.  Everything is copied. */
struct transfer_start {
    const char *protocol; /* ours */
    bool is_sent;         /* by the client */
    uint64_t frame;
    int64_t at_ns;
    struct bytes name;
    struct bytes media_type;
    struct bytes coding; /* of the content */
    struct bytes method;
    struct bytes url;
    struct bytes host;
    struct bytes status;
};

struct transfer;

struct transfers {
    struct pool pool;
    struct pool inflaters;
    struct pool blocks;
    struct arena *scratch; /* for reading a kept file; NULL until the first */
    uint64_t files;
    uint64_t unexamined; /* more at once than there is room for */
    uint64_t member_count;
};

/* Bytes of one member, looked for by excerpt: set in struct parse. */
struct carving {
    struct bytes wanted; /* the member's name, encoded as in citations */
    struct text *out;
    size_t size_max;
    bool is_found;      /* it began ... */
    bool is_done;       /* ... and ended */
    enum status status; /* of what was found */
};

void transfers_init(struct transfers *transfers, struct arena *arena);
void transfers_done(struct transfers *transfers);
/* NULL where there is no room: it is counted. */
struct transfer *transfer_begin(struct hearing *hearing, const struct transfer_start *start);
enum status transfer_take(struct hearing *hearing, struct transfer *transfer,
                          struct bytes bytes) MUST_USE;
/* Some of it is not there. */
void transfer_gap(struct transfer *transfer);
/* Gives it, and lets go of it. */
enum status transfer_end(struct hearing *hearing, struct transfer *transfer,
                         bool is_whole) MUST_USE;
void transfer_drop(struct hearing *hearing, struct transfer *transfer);
/* The last part of a path, without what is asked of it; empty for a folder. */
struct bytes transfer_file_name(struct bytes path);
