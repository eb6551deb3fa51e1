#include "codec/markdown.h"

#include <string.h>

/* A character of one byte, or a byte that is none, by its byte; any other by its number. */
static void add_shown(struct text *out, uint32_t code_point, size_t size, const char *backslash)
{
    if (size == 1) {
        text_addf(out, "%sx%02x", backslash, (unsigned)code_point);
    } else {
        text_addf(out, "%su{%x}", backslash, (unsigned)code_point);
    }
}

/* One character off the front: its size; `*is_shown` where it is to be written as what it is
 * called.  A byte that is no character stands for itself. */
static size_t next(struct bytes rest, uint32_t *code_point, bool *is_shown)
{
    size_t size = text_utf8_next(rest, code_point);
    if (size == 0) {
        *code_point = rest.data[0];
        *is_shown = true;
        return 1;
    }
    *is_shown = text_is_hidden(*code_point);
    return size;
}

/* ---- prose ---- */

/* Marks wherever they stand. */
static bool is_mark(uint32_t code_point)
{
    return code_point > ' ' && code_point < 0x80 &&
           strchr("\\`*_{}[]<>#|~!&$", (int)code_point) != NULL;
}

/* Where a list, a line under a heading or a rule would begin: the place of the character that
 * makes it one; `theirs.size` for none. */
static size_t block_mark(struct bytes theirs)
{
    size_t at = 0;
    while (at < theirs.size && byte_is_digit(theirs.data[at])) {
        at++;
    }
    if (at == theirs.size) {
        return at;
    }
    const char *marks = at > 0 ? ".)" : "+-=";
    return strchr(marks, theirs.data[at]) != NULL && theirs.data[at] != '\0' ? at : theirs.size;
}

static void add_character(struct text *out, struct bytes rest, size_t size, bool is_mark_here)
{
    if (rest.data[0] == '@') {
        text_add(out, "\\[@\\]"); /* an address, or a name that would be called */
        return;
    }
    text_add(out, is_mark_here || bytes_starts(rest, "://") ? "\\" : "");
    text_add_raw(out, bytes_part(rest, 0, size));
}

/* "www." with its dot in brackets; its size, or 0. */
static size_t add_www(struct text *out, struct bytes rest)
{
    if (!bytes_equal_text_nocase(bytes_part(rest, 0, 4), "www.")) {
        return 0;
    }
    text_add_raw(out, bytes_part(rest, 0, 3));
    text_add(out, "\\[.\\]");
    return 4;
}

void markdown_add(struct text *out, struct bytes theirs)
{
    size_t mark = block_mark(theirs);
    for (size_t at = 0; at < theirs.size;) {
        struct bytes rest = bytes_from(theirs, at);
        size_t size = add_www(out, rest);
        if (size > 0) {
            at += size;
            continue;
        }
        uint32_t code_point = 0;
        bool is_shown = false;
        size = next(rest, &code_point, &is_shown);
        if (is_shown) {
            add_shown(out, code_point, size, "\\\\");
        } else if (code_point == ' ' && at == 0) {
            text_add(out, "&#32;"); /* spaces at the start of a line mean something */
        } else {
            add_character(out, rest, size, at == mark || is_mark(code_point));
        }
        at += size;
    }
}

/* ---- code ---- */

static size_t longest_fence(struct bytes theirs)
{
    size_t longest = 0;
    size_t run = 0;
    for (size_t i = 0; i < theirs.size; i++) {
        run = theirs.data[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

void markdown_add_code(struct text *out, struct bytes theirs)
{
    if (theirs.size == 0) {
        return; /* an empty span would be two marks */
    }
    size_t fence = longest_fence(theirs) + 1;
    uint8_t last = theirs.data[theirs.size - 1];
    bool is_padded =
        theirs.data[0] == '`' || last == '`' || theirs.data[0] == ' ' || last == ' ';
    text_add_repeat(out, "`", fence);
    text_add(out, is_padded ? " " : "");
    while (theirs.size > 0) {
        uint32_t code_point = 0;
        bool is_shown = false;
        size_t size = next(theirs, &code_point, &is_shown);
        if (is_shown) {
            add_shown(out, code_point, size, "\\");
        } else {
            text_add_raw(out, bytes_part(theirs, 0, size));
        }
        theirs = bytes_from(theirs, size);
    }
    text_add(out, is_padded ? " " : "");
    text_add_repeat(out, "`", fence);
}
