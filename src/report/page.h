/* A page of text being laid out: wrapping, indents, colour. */
#pragma once

#include "base/text.h"
#include "record/severity.h"

enum style {
    STYLE_PLAIN,
    STYLE_STRONG,
    STYLE_FAINT,
    STYLE_RED,
    STYLE_YELLOW,
    STYLE_GREEN,
};
#define STYLE_COUNT 6

struct page {
    struct text *out;
    unsigned columns;
    bool colour;
    unsigned indent; /* of the lines that follow */
    unsigned column; /* where the next character comes; 0: nothing on this line yet */
    bool is_spaced;  /* the next word needs no space before it */
};

struct page page_of(struct text *out, unsigned columns, bool colour);
void page_style(struct page *page, enum style style); /* until the next one */
/* Words of ours or finished text, wrapped at spaces; a word longer than a line is not broken.
 */
void page_words(struct page *page, struct bytes words);
void page_text(struct page *page, const char *ours);
/* Ends the line, if anything stands on it. */
void page_line(struct page *page);
void page_blank(struct page *page);
/* Spaces up to `column`, at least one. */
void page_tab(struct page *page, unsigned column);
void page_heading(struct page *page, const char *ours);
enum style page_severity_style(enum severity severity);
