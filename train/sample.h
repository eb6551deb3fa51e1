/* Labelled shell text to train and measure on: each sample a command or a script, folded and
 * hashed as detection does it, with its cluster and side.
 *
 * Sources: atomic-red-team and gtfobins (used in attacks), tldr and the scripts of the packages
 * in data/ordinary (ordinary).  Commands for Windows are not shell text and stay out.
 *
 * Placeholders that betray a source ("PathToAtomicsFolder", "path/to/file") are replaced with
 * names drawn from one list for all sources, by the sample's own hash. */
#pragma once

#include "base/arena.h"
#include "codec/sha256.h"
#include "detect/learned/shell_view.h"
#include "model/sieve.h"
#include "train/split.h"

enum source {
    SOURCE_ATOMIC,
    SOURCE_GTFOBINS,
    SOURCE_TLDR,
    SOURCE_SCRIPT,     /* of a package: its files */
    SOURCE_MAINTAINER, /* of a package: what runs when it is installed or removed */
    SOURCE_SEGMENT,    /* some lines of one of these two, as long as an attack's */
};
#define SOURCE_COUNT 6

/* One line as the Sieve takes it: its buckets, as indexes, with repeats. */
struct sample_line {
    const uint32_t *buckets;
    uint32_t count;
    uint32_t size;   /* bytes of the view it takes up */
    bool begins_run; /* no window reaches over it */
};

struct shell_parser;

struct sample {
    enum source source;
    bool is_attack;
    struct sha256 hash; /* of the row or file as it stands in its source */
    struct bytes label; /* technique or function */
    uint64_t cluster;
    enum side side;
    uint8_t draw;      /* second byte of the cluster: divides what only scores */
    struct bytes text; /* placeholders replaced */
    const struct sample_line *lines;
    size_t line_count;
};

struct samples {
    struct arena *arena;
    struct sample *items;
    size_t count;
    size_t capacity;
    uint32_t bits;
    struct arena *reader; /* of the shell reader and the view, and what a sample needs of it */
    struct arena *scratch;
    struct shell_parser *shell;
    struct shell_view view;
    size_t scripts_missing;  /* named by data/ordinary, not at hand */
    size_t ordinary_dropped; /* commands of attack sources that tldr has word for word */
    struct sha256 digest;    /* of what was read, in order */
};

/* Reads all sources.  STATUS_NOT_FOUND without TOCSIN_DATA or the split; missing scripts are
 * counted. */
enum status samples_read(const char *data, uint32_t bits, struct samples *out) MUST_USE;
void samples_done(struct samples *samples);
/* Adds a sample of some text with the properties of `like`: segments, mixtures. */
enum status samples_add(struct samples *samples, const struct sample *like, struct bytes text,
                        struct sample **out) MUST_USE;
/* Static: "atomic-red-team". */
const char *source_name(enum source source);
