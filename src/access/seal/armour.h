/* Sealed files as lines of text that pass through mail: read and written as they stream.
 *
 * Input:  untrusted.  Strict: lines of 64 columns, the last one shorter or as long, canonical
 *         base64 with padding; lines end in LF or CRLF.  White space may stand before and
 *         after, ARMOUR_SPACE_MAX bytes of it.
 * Owner:  whoever made it; the source or sink is borrowed.
 * Fuzzed: fuzz/armour.c.   Format: C2SP age, "ASCII armor"; RFC 7468, section 3, figure 3. */
#pragma once

#include "access/seal/channel.h"
#include "codec/base64.h"

#define ARMOUR_LINE_MAX 128
#define ARMOUR_SPACE_MAX 1024
#define ARMOUR_BUFFER_SIZE 4096

struct armour_reader {
    struct seal_source source;
    uint8_t buffer[ARMOUR_BUFFER_SIZE];
    size_t buffer_at;
    size_t buffer_size;
    uint8_t line[ARMOUR_LINE_MAX];
    size_t line_size;
    uint8_t part[BASE64_LINE_BYTES];
    size_t part_at;
    size_t part_size;
    bool has_begun;
    bool is_last; /* only the end may follow */
    bool is_over;
    const char *what; /* why it was refused; NULL while it was not */
};

struct armour_writer {
    struct seal_sink sink;
    uint8_t part[BASE64_LINE_BYTES];
    size_t part_size;
    char lines[ARMOUR_BUFFER_SIZE];
    size_t lines_size;
    bool has_begun;
};

/* True where text that begins so is armoured, or would be but for what follows. */
bool armour_is_likely(struct bytes beginning);

void armour_reader_init(struct armour_reader *reader, struct seal_source source);
/* What the lines hold.  A read gives STATUS_MALFORMED where they are not as they must be;
 * `what` says how. */
struct seal_source armour_reader_source(struct armour_reader *reader);

void armour_writer_init(struct armour_writer *writer, struct seal_sink sink);
struct seal_sink armour_writer_sink(struct armour_writer *writer);
/* Writes what is held back and the last line. */
enum status armour_writer_finish(struct armour_writer *writer) MUST_USE;
