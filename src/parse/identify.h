/* Says what an evidence is: by its first bytes, then by what its first part contains.
 *
 * One row a format, in the order they are tried (identify.c).  A row knows a format by magic
 * bytes, by a question to the sample, or by both, and has the reader.  A row without a reader
 * names what we know but cannot read yet: it is never mistaken for something harmless.
 *
 * Input:  untrusted.   Limits: the first IDENTIFY_SAMPLE_MAX bytes are looked at.
 * A file's name is a hint: it can make weak content enough, it is never enough alone.
 * Fuzzed: fuzz/identify.c. */
#pragma once

#include "parse/parse.h"

#define IDENTIFY_SAMPLE_MAX (64U * 1024U)
#define IDENTIFY_LINES_MAX 200 /* lines of the sample that are judged */

/* What rows look at. */
struct sample {
    struct bytes head; /* the first bytes of the evidence */
    struct bytes name; /* last part of its name, may be empty */
    bool is_whole;     /* nothing comes after `head` */
    bool is_text;      /* no byte in `head` that text does not have */
};

struct reader {
    const char *kind;   /* for people: "system log" */
    const char *why;    /* why it is not read: "PDF document: not examined yet" */
    struct bytes magic; /* what stands at `magic_offset`; empty where `matches` decides alone */
    size_t magic_offset;
    bool (*matches)(const struct sample *sample); /* NULL where the magic is enough */
    enum status (*read)(struct stream *stream, struct parse *parse);
    /* For containers, in place of `read`: gives what is inside to parse_stream. */
    enum status (*unpack)(struct stream *stream, struct parse *parse, unsigned depth);
};

/* NULL where the type is not understood, and for what is empty, whatever its name. */
const struct reader *identify(const struct sample *sample);
/* True where `head` has no control byte but space, tab, line ends, escape and form feed. */
bool sample_is_text(struct bytes head);
