/* Writes HTML.  `struct htmlout` keeps the stack of open elements, puts the marks and escapes
 * whatever stands between them; a wrong order of calls is a mistake of ours and asserted.
 *
 * Input:  `struct bytes` may be any bytes at all; names of elements and attributes are ours.
 * Output: appended to the text: HTML that reads back as it was meant, in valid UTF-8.
 * Limits: HTMLOUT_DEPTH_MAX elements in one another.
 * Fuzzed: fuzz/html.c.   Format: the HTML standard, "The HTML syntax".
 *
 * Outside text can become text and the value of a harmless attribute, never a mark: & < > " '
 * are written as references, in text as in attributes.  What is hidden or turns the reading
 * direction (text_is_hidden) and what is not UTF-8 is written so that it is seen, \x1b or
 * \u{202e}, because a browser would hide it or obey it; line breaks and tabs stay.
 *
 * No element that runs or loads something can be written, no attribute that does, and a link
 * only to a place of the same page: a report never reaches out of itself. */
#pragma once

#include "base/text.h"

#define HTMLOUT_DEPTH_MAX 64

struct htmlout {
    struct text *text;
    unsigned depth;
    unsigned kept;    /* open elements in which line breaks count */
    bool is_tag_open; /* attributes may still follow */
    const char *open[HTMLOUT_DEPTH_MAX];
};

/* Begins a document: its doctype is written. */
struct htmlout htmlout_of(struct text *text);
/* Asserts that every element was closed; the status is that of the text. */
enum status htmlout_finish(const struct htmlout *out) MUST_USE;

/* An element; void ones (meta, input, br, ...) close themselves at the next call. */
void htmlout_begin(struct htmlout *out, const char *element);
void htmlout_end(struct htmlout *out);

/* Right behind htmlout_begin.  Outside text must not be an address, a style or an id: those
 * are ours (asserted). */
void htmlout_attribute(struct htmlout *out, const char *name, struct bytes theirs);
void htmlout_attribute_text(struct htmlout *out, const char *name, const char *ours);
/* printf with text of ours only. */
void htmlout_attributef(struct htmlout *out, const char *name, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* An attribute without a value: "open". */
void htmlout_flag(struct htmlout *out, const char *name);

void htmlout_string(struct htmlout *out, struct bytes theirs);
void htmlout_words(struct htmlout *out, const char *ours);
void htmlout_wordsf(struct htmlout *out, const char *format, ...) PRINTF_LIKE(2, 3);
/* The one <style> of the document: a sheet of ours, as it is. */
void htmlout_style(struct htmlout *out, const char *sheet);
