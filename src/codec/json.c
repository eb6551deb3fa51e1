#include "codec/json.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/number.h"

#define REPLACEMENT 0xfffdU
#define DOUBLE_SIZE_MAX 32

struct jsonout jsonout_of(struct text *text, enum jsonout_layout layout)
{
    return (struct jsonout){.text = text, .layout = layout};
}

enum status jsonout_finish(const struct jsonout *out)
{
    assert(out->depth == 0 && out->has_root && !out->has_key);
    return text_status(out->text);
}

static void break_line(struct jsonout *out)
{
    if (out->layout == JSONOUT_PRETTY) {
        text_add_byte(out->text, '\n');
        text_add_repeat(out->text, "  ", out->depth);
    }
}

static void begin_item(struct jsonout *out)
{
    if (out->open[out->depth - 1].has_items) {
        text_add_byte(out->text, ',');
    }
    out->open[out->depth - 1].has_items = true;
    break_line(out);
}

/* Before any value: a key, a place in a list, or the root. */
static void begin_value(struct jsonout *out)
{
    if (out->depth == 0) {
        assert(!out->has_root);
        out->has_root = true;
    } else if (out->open[out->depth - 1].is_object) {
        assert(out->has_key);
        out->has_key = false;
    } else {
        begin_item(out);
    }
}

static void open_level(struct jsonout *out, bool is_object)
{
    begin_value(out);
    assert(out->depth < JSONOUT_DEPTH_MAX);
    text_add_byte(out->text, is_object ? '{' : '[');
    out->open[out->depth].is_object = is_object;
    out->open[out->depth].has_items = false;
    out->depth++;
}

static void close_level(struct jsonout *out, bool is_object)
{
    assert(out->depth > 0 && !out->has_key);
    assert(out->open[out->depth - 1].is_object == is_object);
    out->depth--;
    if (out->open[out->depth].has_items) {
        break_line(out);
    }
    text_add_byte(out->text, is_object ? '}' : ']');
}

static void add_escaped(struct text *text, uint32_t code_point)
{
    if (code_point > 0xffff) {
        uint32_t above = code_point - 0x10000;
        text_addf(text, "\\u%04x\\u%04x", 0xd800 + (unsigned)(above >> 10),
                  0xdc00 + (unsigned)(above & 0x3ff));
    } else {
        text_addf(text, "\\u%04x", (unsigned)code_point);
    }
}

static void add_named_bytes(struct text *text, struct bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        text_addf(text, "\\ufffd%02x", bytes.data[i]);
    }
}

/* The size of the plain ASCII at the front, which is nearly all there ever is. */
static size_t plain_size(struct bytes bytes)
{
    size_t size = 0;
    while (size < bytes.size && bytes.data[size] >= 0x20 && bytes.data[size] < 0x7f &&
           bytes.data[size] != '"' && bytes.data[size] != '\\') {
        size++;
    }
    return size;
}

static void add_character(struct text *text, struct bytes character, uint32_t code_point)
{
    if (code_point == '"' || code_point == '\\') {
        text_add_byte(text, '\\');
        text_add_raw(text, character);
    } else if (code_point == '\n') {
        text_add(text, "\\n");
    } else if (code_point == '\t') {
        text_add(text, "\\t");
    } else if (code_point == '\r') {
        text_add(text, "\\r");
    } else if (code_point == REPLACEMENT) {
        add_named_bytes(text, character);
    } else if (text_is_hidden(code_point)) {
        add_escaped(text, code_point);
    } else {
        text_add_raw(text, character);
    }
}

static void add_string(struct text *text, struct bytes theirs)
{
    text_add_byte(text, '"');
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
            add_named_bytes(text, bytes_part(rest, 0, 1));
        } else {
            add_character(text, bytes_part(rest, 0, size), code_point);
        }
        rest = bytes_from(rest, size);
    }
    text_add_byte(text, '"');
}

void jsonout_object_begin(struct jsonout *out)
{
    open_level(out, true);
}

void jsonout_object_end(struct jsonout *out)
{
    close_level(out, true);
}

void jsonout_list_begin(struct jsonout *out)
{
    open_level(out, false);
}

void jsonout_list_end(struct jsonout *out)
{
    close_level(out, false);
}

void jsonout_key_bytes(struct jsonout *out, struct bytes key)
{
    assert(out->depth > 0 && out->open[out->depth - 1].is_object && !out->has_key);
    begin_item(out);
    add_string(out->text, key);
    text_add(out->text, out->layout == JSONOUT_PRETTY ? ": " : ":");
    out->has_key = true;
}

void jsonout_key(struct jsonout *out, const char *key)
{
    jsonout_key_bytes(out, bytes_of_text(key));
}

void jsonout_string(struct jsonout *out, struct bytes theirs)
{
    begin_value(out);
    add_string(out->text, theirs);
}

void jsonout_text(struct jsonout *out, const char *ours)
{
    jsonout_string(out, bytes_of_text(ours));
}

void jsonout_integer(struct jsonout *out, int64_t value)
{
    begin_value(out);
    text_addf(out->text, "%" PRId64, value);
}

void jsonout_unsigned(struct jsonout *out, uint64_t value)
{
    begin_value(out);
    text_addf(out->text, "%" PRIu64, value);
}

/* `value` with so many digits.  printf's radix is the locale's: whatever it is, a point is
 * written for it. */
static struct bytes format_double(double value, int digits, char out[DOUBLE_SIZE_MAX])
{
    char number[DOUBLE_SIZE_MAX];
    int written = snprintf(number, sizeof number, "%.*g", digits, value);
    assert(written > 0 && (size_t)written < sizeof number);
    size_t size = 0;
    bool has_point = false;
    for (int i = 0; i < written; i++) {
        bool is_radix = number[i] != '-' && number[i] != '+' && number[i] != 'e' &&
                        (number[i] < '0' || number[i] > '9');
        if (!is_radix) {
            out[size++] = number[i];
        } else if (!has_point) {
            out[size++] = '.';
            has_point = true;
        }
    }
    return (struct bytes){(const uint8_t *)out, size};
}

void jsonout_double(struct jsonout *out, double value)
{
    assert(isfinite(value));
    begin_value(out);
    char number[DOUBLE_SIZE_MAX];
    struct bytes shortest = BYTES_NONE;
    double again = 0;
    for (int digits = 1; digits <= 17; digits++) {
        shortest = format_double(value, digits, number);
        if (number_double(shortest, &again) == STATUS_OK && again == value) {
            break;
        }
    }
    assert(again == value);
    text_add_raw(out->text, shortest);
    if (!bytes_contains(shortest, ".") && !bytes_contains(shortest, "e")) {
        text_add(out->text, ".0");
    }
}

void jsonout_boolean(struct jsonout *out, bool value)
{
    begin_value(out);
    text_add(out->text, value ? "true" : "false");
}

void jsonout_null(struct jsonout *out)
{
    begin_value(out);
    text_add(out->text, "null");
}

static void write_node(struct jsonout *out, const struct tree_node *node)
{
    switch (node->kind) {
    case TREE_NULL:
        jsonout_null(out);
        break;
    case TREE_BOOLEAN:
        jsonout_boolean(out, node->is_true);
        break;
    case TREE_NUMBER:
        if (node->is_integer) {
            jsonout_integer(out, node->integer);
        } else {
            jsonout_double(out, node->number);
        }
        break;
    case TREE_TEXT:
        jsonout_string(out, node->text);
        break;
    case TREE_LIST:
        jsonout_list_begin(out);
        break;
    case TREE_MAP:
        jsonout_object_begin(out);
        break;
    }
}

void jsonout_tree(struct jsonout *out, const struct tree_node *root)
{
    const struct tree_node *open[TREE_DEPTH_MAX];
    unsigned depth = 0;
    for (const struct tree_node *node = root; node < root + root->span; node++) {
        if (depth > 0 && open[depth - 1]->kind == TREE_MAP) {
            jsonout_key_bytes(out, node->key);
        }
        write_node(out, node);
        if (node->kind == TREE_LIST || node->kind == TREE_MAP) {
            assert(depth < TREE_DEPTH_MAX);
            open[depth++] = node;
        }
        while (depth > 0 && open[depth - 1] + open[depth - 1]->span == node + 1) {
            depth--;
            close_level(out, open[depth]->kind == TREE_MAP);
        }
    }
}

void jsonout_member_string(struct jsonout *out, const char *key, struct bytes theirs)
{
    jsonout_key(out, key);
    jsonout_string(out, theirs);
}

void jsonout_member_text(struct jsonout *out, const char *key, const char *ours)
{
    jsonout_key(out, key);
    jsonout_text(out, ours);
}

void jsonout_member_unsigned(struct jsonout *out, const char *key, uint64_t value)
{
    jsonout_key(out, key);
    jsonout_unsigned(out, value);
}

void jsonout_member_double(struct jsonout *out, const char *key, double value)
{
    jsonout_key(out, key);
    jsonout_double(out, value);
}

void jsonout_member_boolean(struct jsonout *out, const char *key, bool value)
{
    jsonout_key(out, key);
    jsonout_boolean(out, value);
}
