/* Text being written: grows up to a limit, fails once and stays failed.
 *
 * Outside text reaches a person only through text_add_quoted, which escapes terminal controls,
 * bidirectional controls, other invisible characters and invalid UTF-8. */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

struct text {
    char *data; /* always terminated once something was added */
    size_t size;
    size_t capacity;
    size_t limit;
    enum status status;
};

/* An empty text of at most `limit` bytes; no memory is taken yet. */
struct text text_of_limit(size_t limit);
void text_done(struct text *text);
enum status text_status(const struct text *text) MUST_USE;
/* What was written so far, borrowed until the next change. */
struct bytes text_bytes(const struct text *text);
/* The same, terminated; "" when nothing was written. */
const char *text_terminated(const struct text *text);
void text_clear(struct text *text);
void text_cut(struct text *text, size_t size);

void text_add(struct text *text, const char *ours);
/* printf with text of ours only. */
void text_addf(struct text *text, const char *format, ...) PRINTF_LIKE(2, 3);
void text_add_byte(struct text *text, char byte);
/* Unchanged bytes: for machine formats whose writer has escaped or checked them. */
void text_add_raw(struct text *text, struct bytes bytes);
void text_add_repeat(struct text *text, const char *ours, size_t count);
/* Outside text for a person: at most `size_max` source bytes, then an ellipsis.  What cannot be
 * seen is \xNN or \u{N}; a backslash is itself, so that paths can be copied, but \x5c where it
 * would read as one of those. */
void text_add_quoted(struct text *text, struct bytes theirs, size_t size_max);
void text_add_hex(struct text *text, struct bytes bytes);
/* In decimal, as "%" PRIu64 writes it, in a fraction of the time. */
void text_add_number(struct text *text, uint64_t number);

/* One code point off the front: its length in bytes, or 0 where the bytes are not UTF-8
 * (overlong forms and surrogates included).  RFC 3629. */
size_t text_utf8_next(struct bytes bytes, uint32_t *out);
/* True for what is invisible or turns the reading direction: C0, C1, DEL, bidirectional and
 * other format characters, line and paragraph separators. */
bool text_is_hidden(uint32_t code_point);
/* Columns a terminal gives a code point: 0, 1 or 2.  Approximates UAX #11. */
int text_columns(uint32_t code_point);
