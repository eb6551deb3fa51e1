#include "codec/html.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define OURS_SIZE_MAX 512

static bool is_one_of(const char *name, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_void(const char *element)
{
    static const char *const names[] = {"br", "hr", "input", "meta", "wbr", NULL};
    return is_one_of(element, names);
}

/* Those that run, load, or change what the rest of the page means. */
static bool is_refused(const char *element)
{
    static const char *const names[] = {
        "animate", "applet",   "audio",    "base",   "embed",   "foreignObject", "form",
        "frame",   "frameset", "iframe",   "image",  "img",     "link",          "listing",
        "noembed", "noframes", "noscript", "object", "picture", "plaintext",     "portal",
        "script",  "select",   "set",      "source", "style",   "template",      "textarea",
        "track",   "use",      "video",    "xmp",    NULL};
    return is_one_of(element, names);
}

/* Those that stand within a line: no line break of ours comes before them. */
static bool is_inline(const char *element)
{
    static const char *const names[] = {
        "a",    "abbr",  "b",    "bdi",    "br",  "cite", "code", "dfn",   "em",  "i", "kbd",
        "mark", "small", "span", "strong", "sub", "sup",  "time", "tspan", "wbr", NULL};
    return is_one_of(element, names);
}

/* Names are letters, digits and hyphens; a colon would open a namespace. */
static bool is_name(const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        bool is_letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        if (!is_letter && (at == name || !((*at >= '0' && *at <= '9') || *at == '-'))) {
            return false;
        }
    }
    return name[0] != '\0';
}

static bool may_be_theirs(const char *attribute)
{
    static const char *const names[] = {"aria-label", "datetime", "title", "value", NULL};
    return is_one_of(attribute, names);
}

/* Ours too reach nothing outside the page. */
static bool is_harmless(const char *attribute, const char *value)
{
    static const char *const refused[] = {
        "action", "background", "cite",   "data",  "formaction", "ping", "poster",
        "src",    "srcdoc",     "srcset", "style", "target",     NULL};
    bool is_link = strcmp(attribute, "href") == 0;
    return is_name(attribute) && strncmp(attribute, "on", 2) != 0 &&
           !is_one_of(attribute, refused) && (!is_link || value[0] == '#');
}

static void close_tag(struct htmlout *out)
{
    if (!out->is_tag_open) {
        return;
    }
    text_add_byte(out->text, '>');
    out->is_tag_open = false;
    if (is_void(out->open[out->depth - 1])) {
        out->depth--;
    }
}

static void break_line(struct htmlout *out)
{
    if (out->kept == 0) {
        text_add_byte(out->text, '\n');
    }
}

struct htmlout htmlout_of(struct text *text)
{
    text_add(text, "<!doctype html>");
    return (struct htmlout){.text = text};
}

enum status htmlout_finish(const struct htmlout *out)
{
    assert(out->depth == 0 && !out->is_tag_open);
    text_add_byte(out->text, '\n');
    return text_status(out->text);
}

void htmlout_begin(struct htmlout *out, const char *element)
{
    assert(is_name(element) && !is_refused(element));
    close_tag(out);
    assert(out->depth < HTMLOUT_DEPTH_MAX);
    if (!is_inline(element)) {
        break_line(out);
    }
    text_addf(out->text, "<%s", element);
    out->open[out->depth++] = element;
    out->kept += strcmp(element, "pre") == 0;
    out->is_tag_open = true;
}

void htmlout_end(struct htmlout *out)
{
    close_tag(out);
    assert(out->depth > 0);
    const char *element = out->open[--out->depth];
    text_addf(out->text, "</%s>", element);
    out->kept -= strcmp(element, "pre") == 0;
}

static const char *reference(uint8_t byte)
{
    switch (byte) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static void add_character(struct text *text, struct bytes character, uint32_t code_point)
{
    const char *mark = reference(character.data[0]);
    if (mark != NULL) {
        text_add(text, mark);
    } else if (code_point == '\n' || code_point == '\t' || !text_is_hidden(code_point)) {
        text_add_raw(text, character);
    } else {
        text_addf(text, code_point < 0x80 ? "\\x%02x" : "\\u{%x}", (unsigned)code_point);
    }
}

/* The size of the plain ASCII at the front, which is nearly all there ever is. */
static size_t plain_size(struct bytes bytes)
{
    size_t size = 0;
    while (size < bytes.size && bytes.data[size] >= 0x20 && bytes.data[size] < 0x7f &&
           reference(bytes.data[size]) == NULL) {
        size++;
    }
    return size;
}

static void add_escaped(struct text *text, struct bytes theirs)
{
    struct bytes rest = theirs;
    while (rest.size > 0) {
        size_t plain = plain_size(rest);
        text_add_raw(text, bytes_part(rest, 0, plain));
        rest = bytes_from(rest, plain);
        if (rest.size == 0) {
            break;
        }
        uint32_t code_point = 0;
        size_t size = text_utf8_next(rest, &code_point);
        if (size == 0) {
            size = 1;
            text_addf(text, "\\x%02x", rest.data[0]);
        } else {
            add_character(text, bytes_part(rest, 0, size), code_point);
        }
        rest = bytes_from(rest, size);
    }
}

static void add_attribute(struct htmlout *out, const char *name, struct bytes value)
{
    assert(out->is_tag_open);
    text_addf(out->text, " %s=\"", name);
    add_escaped(out->text, value);
    text_add_byte(out->text, '"');
}

void htmlout_attribute(struct htmlout *out, const char *name, struct bytes theirs)
{
    assert(may_be_theirs(name));
    add_attribute(out, name, theirs);
}

void htmlout_attribute_text(struct htmlout *out, const char *name, const char *ours)
{
    assert(is_harmless(name, ours));
    add_attribute(out, name, bytes_of_text(ours));
}

void htmlout_attributef(struct htmlout *out, const char *name, const char *format, ...)
{
    char value[OURS_SIZE_MAX];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(value, sizeof value, format, arguments);
    va_end(arguments);
    assert(size >= 0 && (size_t)size < sizeof value);
    htmlout_attribute_text(out, name, value);
}

void htmlout_flag(struct htmlout *out, const char *name)
{
    assert(out->is_tag_open && is_harmless(name, ""));
    text_addf(out->text, " %s", name);
}

void htmlout_string(struct htmlout *out, struct bytes theirs)
{
    if (theirs.size == 0) {
        return; /* the tag stays open: what comes next is the first text in it */
    }
    bool is_first = out->is_tag_open;
    close_tag(out);
    assert(out->depth > 0);
    bool is_kept = strcmp(out->open[out->depth - 1], "pre") == 0;
    if (is_first && is_kept && bytes_starts(theirs, "\n")) {
        text_add_byte(out->text, '\n'); /* a reader drops one behind <pre> */
    }
    add_escaped(out->text, theirs);
}

void htmlout_words(struct htmlout *out, const char *ours)
{
    htmlout_string(out, bytes_of_text(ours));
}

void htmlout_wordsf(struct htmlout *out, const char *format, ...)
{
    char words[OURS_SIZE_MAX];
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(words, sizeof words, format, arguments);
    va_end(arguments);
    assert(size >= 0 && (size_t)size < sizeof words);
    htmlout_words(out, words);
}

void htmlout_style(struct htmlout *out, const char *sheet)
{
    assert(strstr(sheet, "</") == NULL && strstr(sheet, "<!--") == NULL);
    close_tag(out);
    assert(out->depth > 0);
    text_add(out->text, "\n<style>");
    text_add(out->text, sheet);
    text_add(out->text, "</style>");
}
