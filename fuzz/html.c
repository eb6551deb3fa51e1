/* Claims of codec/html.h: a document with any bytes in its text and attributes reads back as it
 * was meant: the same elements in the same order, each closed, no mark that is not ours, and
 * the text and attribute values are what went in with the hidden made visible. */
#include "fuzz.h"

#include <string.h>

#include "base/cursor.h"
#include "codec/html.h"

#define INPUT_SIZE_MAX 4096
#define DEPTH_MAX 8

static const char *const elements[] = {"p", "li", "span", "pre", "code", "div", "mark", "td"};
#define ELEMENT_COUNT (sizeof elements / sizeof *elements)

/* What a reader should find: marks and decoded text, one after the other. */
static void add_visible(struct text *out, struct bytes theirs)
{
    struct bytes rest = theirs;
    while (rest.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(rest, &code_point);
        if (size == 0) {
            text_addf(out, "\\x%02x", rest.data[0]);
        } else if (code_point == '\n' || code_point == '\t' || !text_is_hidden(code_point)) {
            text_add_raw(out, bytes_part(rest, 0, size));
        } else {
            text_addf(out, code_point < 0x80 ? "\\x%02x" : "\\u{%x}", (unsigned)code_point);
        }
        rest = bytes_from(rest, size == 0 ? 1 : size);
    }
}

/* Writes a document that the input steers; `meant` gets marks as \1name\2 and \3, an
 * attribute's value as \4value\5: bytes that no text written can hold. */
static void write_document(struct cursor *cursor, struct text *html, struct text *meant)
{
    struct htmlout out = htmlout_of(html);
    unsigned depth = 0;
    htmlout_begin(&out, "main");
    text_add(meant, "\1main\2");
    while (!cursor_at_end(cursor)) {
        uint8_t order = cursor_u8(cursor);
        struct bytes theirs = cursor_take(
            cursor, cursor_left(cursor) < order / 4u ? cursor_left(cursor) : order / 4u);
        if (order % 4 == 0 && depth < DEPTH_MAX) {
            const char *element = elements[theirs.size % ELEMENT_COUNT];
            htmlout_begin(&out, element);
            htmlout_attribute(&out, "title", theirs);
            text_addf(meant, "\1%s\4", element);
            add_visible(meant, theirs);
            text_add(meant, "\5\2");
            depth++;
        } else if (order % 4 == 1 && depth > 0) {
            htmlout_end(&out);
            text_add(meant, "\3");
            depth--;
        } else {
            htmlout_string(&out, theirs);
            add_visible(meant, theirs);
        }
    }
    for (; depth > 0; depth--) {
        htmlout_end(&out);
        text_add(meant, "\3");
    }
    htmlout_end(&out);
    text_add(meant, "\3");
    CLAIM(htmlout_finish(&out) == STATUS_OK);
}

/* ---- a reader, written from the HTML standard and not from the writer ---- */

static void read_reference(struct cursor *cursor, struct text *read)
{
    static const struct {
        const char *name;
        char byte;
    } references[] = {
        {"amp;", '&'}, {"lt;", '<'}, {"gt;", '>'}, {"quot;", '"'}, {"#39;", '\''}};
    for (size_t i = 0; i < sizeof references / sizeof *references; i++) {
        if (cursor_accept(cursor, references[i].name)) {
            text_add_byte(read, references[i].byte);
            return;
        }
    }
    bool is_a_reference_of_ours = false;
    CLAIM(is_a_reference_of_ours);
}

static void read_value(struct cursor *cursor, struct text *read)
{
    text_add(read, "\4");
    CLAIM(cursor_accept(cursor, " title=\""));
    while (!cursor_accept(cursor, "\"")) {
        CLAIM(!cursor_at_end(cursor));
        if (cursor_accept(cursor, "&")) {
            read_reference(cursor, read);
        } else {
            text_add_raw(read, cursor_take(cursor, 1));
        }
    }
    text_add(read, "\5");
}

static void read_tag(struct cursor *cursor, struct text *read, const char **open,
                     unsigned *depth)
{
    static const char *const known[] = {"main", "p",   "li",   "span", "pre",
                                        "code", "div", "mark", "td"};
    if (cursor_accept(cursor, "/")) {
        CLAIM(*depth > 0 && cursor_accept(cursor, open[--*depth]) &&
              cursor_accept(cursor, ">"));
        text_add(read, "\3");
        return;
    }
    size_t i = 0;
    while (i < sizeof known / sizeof *known) {
        struct cursor ahead = *cursor;
        if (cursor_accept(&ahead, known[i]) &&
            (cursor_accept(&ahead, " ") || cursor_accept(&ahead, ">"))) {
            break;
        }
        i++;
    }
    CLAIM(i < sizeof known / sizeof *known && *depth <= DEPTH_MAX);
    CLAIM(cursor_accept(cursor, known[i]));
    open[(*depth)++] = known[i];
    text_addf(read, "\1%s", known[i]);
    if (!cursor_accept(cursor, ">")) {
        read_value(cursor, read);
        CLAIM(cursor_accept(cursor, ">"));
    }
    text_add(read, "\2");
    if (strcmp(known[i], "pre") == 0) {
        IGNORE(cursor_accept(cursor, "\n"), "a reader drops a line break behind <pre>");
    }
}

/* True where a line break of ours, that means nothing, stands before a mark. */
static bool is_layout(struct cursor *cursor)
{
    struct cursor ahead = *cursor;
    return cursor_accept(&ahead, "\n<") && !cursor_accept(&ahead, "/");
}

static void read_document(struct bytes html, struct text *read)
{
    const char *open[DEPTH_MAX + 2];
    unsigned depth = 0;
    struct cursor cursor = cursor_of(html);
    CLAIM(cursor_accept(&cursor, "<!doctype html>"));
    while (!cursor_at_end(&cursor)) {
        if (is_layout(&cursor) && text_bytes(read).size > 0) {
            text_add(read, "\n");
            IGNORE(cursor_take(&cursor, 1).size == 0, "the line break");
        } else if (depth == 0 && cursor_accept(&cursor, "\n")) {
            continue;
        } else if (cursor_accept(&cursor, "<")) {
            read_tag(&cursor, read, open, &depth);
        } else if (cursor_accept(&cursor, "&")) {
            read_reference(&cursor, read);
        } else {
            text_add_raw(read, cursor_take(&cursor, 1));
        }
    }
    CLAIM(depth == 0 && cursor_status(&cursor) == STATUS_OK);
}

/* The same text where line breaks before a mark mean nothing. */
static void strip_layout(struct text *out, struct bytes text)
{
    size_t breaks = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\n') {
            breaks++;
            continue;
        }
        text_add_repeat(out, "\n", text.data[i] == 1 ? 0 : breaks);
        text_add_byte(out, (char)text.data[i]);
        breaks = 0;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_part((struct bytes){data, size}, 0, INPUT_SIZE_MAX);
    struct text AUTO(text_done) html = text_of_limit(64 * INPUT_SIZE_MAX);
    struct text AUTO(text_done) meant = text_of_limit(64 * INPUT_SIZE_MAX);
    struct text AUTO(text_done) read = text_of_limit(64 * INPUT_SIZE_MAX);
    struct cursor cursor = cursor_of(input);
    write_document(&cursor, &html, &meant);
    read_document(text_bytes(&html), &read);
    struct text AUTO(text_done) left = text_of_limit(64 * INPUT_SIZE_MAX);
    struct text AUTO(text_done) right = text_of_limit(64 * INPUT_SIZE_MAX);
    strip_layout(&left, text_bytes(&meant));
    strip_layout(&right, text_bytes(&read));
    CLAIM(bytes_equal(text_bytes(&left), text_bytes(&right)));
    return 0;
}
