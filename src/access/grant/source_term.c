#include "access/grant/date.h"
#include "access/grant/source_parts.h"

#include "base/number.h"
#include "codec/hex.h"

enum status source_refuse(struct source *source, enum status status, const char *what)
{
    cursor_fail(&source->cursor, status, what);
    return cursor_status(&source->cursor);
}

void source_skip_space(struct source *source)
{
    for (;;) {
        uint8_t byte = cursor_peek(&source->cursor);
        if ((byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r') ||
            cursor_at_end(&source->cursor)) {
            return;
        }
        cursor_skip(&source->cursor, 1);
    }
}

static bool is_name_byte(uint8_t byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '_' || byte == ':';
}

static struct bytes take_while(struct source *source, bool (*is_part)(uint8_t))
{
    struct bytes left = bytes_from(source->cursor.input, cursor_offset(&source->cursor));
    size_t size = 0;
    while (size < left.size && is_part(left.data[size])) {
        size++;
    }
    return cursor_take(&source->cursor, size);
}

struct bytes source_name(struct source *source)
{
    return byte_is_letter(cursor_peek(&source->cursor)) ? take_while(source, is_name_byte)
                                                        : BYTES_NONE;
}

enum status source_variable(struct source *source, uint32_t *out)
{
    struct bytes name = take_while(source, is_name_byte);
    if (name.size == 0) {
        return source_refuse(source, STATUS_MALFORMED, "a variable has no name");
    }
    if (source->rule == NULL) {
        return source_refuse(source, STATUS_MALFORMED, "a fact may not have variables");
    }
    enum status status = rule_variable(source->rule, source->arena, name, out);
    return status == STATUS_OK ? status
                               : source_refuse(source, status, "a rule has too many variables");
}

/* ---- scalars ---- */

static enum status read_escaped(struct source *source, struct bytes raw, struct term *out)
{
    uint8_t *plain = arena_take(source->arena, raw.size + 1);
    size_t size = 0;
    if (plain == NULL) {
        return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
    }
    for (size_t i = 0; i < raw.size; i++) {
        uint8_t byte = raw.data[i];
        if (byte == '\\') {
            byte = raw.data[++i];
            byte = byte == 'n' ? '\n' : byte;
        }
        plain[size++] = byte;
    }
    out->bytes = (struct bytes){plain, size};
    return STATUS_OK;
}

/* After the opening quote. */
static enum status read_string(struct source *source, struct term *out)
{
    *out = (struct term){.kind = TERM_STRING};
    struct bytes left = bytes_from(source->cursor.input, cursor_offset(&source->cursor));
    bool is_escaped = false;
    for (size_t size = 0; size < left.size; size++) {
        uint8_t byte = left.data[size];
        if (byte == '"') {
            struct bytes raw = cursor_take(&source->cursor, size);
            cursor_skip(&source->cursor, 1);
            out->bytes = raw;
            return is_escaped ? read_escaped(source, raw, out) : STATUS_OK;
        }
        if (byte == '\\') {
            uint8_t next = size + 1 < left.size ? left.data[size + 1] : 0;
            if (next != '\\' && next != '"' && next != 'n') {
                return source_refuse(source, STATUS_MALFORMED,
                                     "a string has an escape that means nothing");
            }
            is_escaped = true;
            size++;
        }
    }
    return source_refuse(source, STATUS_MALFORMED, "a string has no end");
}

static enum status read_integer(struct source *source, struct term *out)
{
    bool is_negative = cursor_accept(&source->cursor, "-");
    uint64_t most = (uint64_t)INT64_MAX + is_negative;
    uint64_t value;
    if (number_decimal_max(take_while(source, byte_is_digit), most, &value) != STATUS_OK) {
        return source_refuse(source, STATUS_MALFORMED, "an integer is not of 64 bits");
    }
    int64_t integer = is_negative ? (int64_t)(0 - value) : (int64_t)value;
    *out = (struct term){.kind = TERM_INTEGER, .integer = integer};
    return STATUS_OK;
}

static bool is_hex(uint8_t byte)
{
    return number_hex_digit(byte) >= 0;
}

static enum status read_bytes(struct source *source, struct term *out)
{
    *out = (struct term){.kind = TERM_BYTES};
    struct bytes digits = take_while(source, is_hex);
    enum status status =
        digits.size == 0 ? STATUS_MALFORMED : hex_decode(digits, source->arena, &out->bytes);
    return status == STATUS_OK
               ? status
               : source_refuse(source, status, "bytes are not pairs of hex digits");
}

/* ---- lists ---- */

struct items {
    struct term *items;
    uint32_t count;
};

static enum status add_item(struct source *source, struct items *items, struct term term)
{
    if (term.kind == TERM_VARIABLE) {
        return source_refuse(source, STATUS_MALFORMED, "a variable inside a list");
    }
    items->items =
        datalog_grow(source->arena, items->items, items->count, sizeof *items->items);
    if (items->items == NULL) {
        return source_refuse(source, STATUS_NO_MEMORY, "the text needs too much memory");
    }
    items->items[items->count++] = term;
    return STATUS_OK;
}

/* True where a further item follows, false where the list has ended with `end`. */
static enum status pass_comma(struct source *source, const char *end, bool *has_more)
{
    source_skip_space(source);
    *has_more = cursor_accept(&source->cursor, ",");
    if (!*has_more && !cursor_accept(&source->cursor, end)) {
        return source_refuse(source, STATUS_MALFORMED, "a list needs a comma or its end");
    }
    return STATUS_OK;
}

static enum status read_array(struct source *source, unsigned depth, struct term *out)
{
    struct items items = {0};
    source_skip_space(source);
    bool has_more = !cursor_accept(&source->cursor, "]");
    while (has_more) {
        struct term term;
        TRY(source_term(source, depth + 1, &term));
        TRY(add_item(source, &items, term));
        TRY(pass_comma(source, "]", &has_more));
    }
    *out = (struct term){.kind = TERM_ARRAY};
    out->list.items = items.items;
    out->list.count = items.count;
    return STATUS_OK;
}

static enum status read_map(struct source *source, unsigned depth, struct term key,
                            struct term *out)
{
    struct items items = {0};
    bool has_more = true;
    while (has_more) {
        struct term value;
        if (key.kind != TERM_STRING && key.kind != TERM_INTEGER) {
            return source_refuse(source, STATUS_MALFORMED,
                                 "a map's key is neither string nor integer");
        }
        source_skip_space(source);
        if (!cursor_accept(&source->cursor, ":")) {
            return source_refuse(source, STATUS_MALFORMED, "a map's key has no value");
        }
        TRY(source_term(source, depth + 1, &value));
        TRY(add_item(source, &items, key));
        TRY(add_item(source, &items, value));
        TRY(pass_comma(source, "}", &has_more));
        if (has_more) {
            TRY(source_term(source, depth + 1, &key));
        }
    }
    *out = (struct term){.kind = TERM_MAP};
    out->list.count = term_sort_map(items.items, items.count);
    out->list.items = items.items;
    return STATUS_OK;
}

static enum status read_set(struct source *source, unsigned depth, struct term first,
                            struct term *out)
{
    struct items items = {0};
    struct term term = first;
    bool has_more = true;
    while (has_more) {
        if (term.kind == TERM_SET || term.kind != first.kind) {
            return source_refuse(source, STATUS_MALFORMED,
                                 "a set of sets, or of several kinds");
        }
        TRY(add_item(source, &items, term));
        TRY(pass_comma(source, "}", &has_more));
        if (has_more) {
            TRY(source_term(source, depth + 1, &term));
        }
    }
    *out = (struct term){.kind = TERM_SET};
    out->list.count = term_sort_set(items.items, items.count);
    out->list.items = items.items;
    return STATUS_OK;
}

/* After the brace: `{,}` is the empty set, `{}` the empty map. */
static enum status read_braces(struct source *source, unsigned depth, struct term *out)
{
    if (cursor_accept(&source->cursor, ",}")) {
        *out = (struct term){.kind = TERM_SET};
        return STATUS_OK;
    }
    source_skip_space(source);
    if (cursor_accept(&source->cursor, "}")) {
        *out = (struct term){.kind = TERM_MAP};
        return STATUS_OK;
    }
    struct term first;
    TRY(source_term(source, depth + 1, &first));
    source_skip_space(source);
    return cursor_peek(&source->cursor) == ':' ? read_map(source, depth, first, out)
                                               : read_set(source, depth, first, out);
}

static enum status read_word(struct source *source, struct term *out)
{
    struct cursor *cursor = &source->cursor;
    if (cursor_accept(cursor, "hex:")) {
        return read_bytes(source, out);
    }
    if (cursor_accept(cursor, "true")) {
        *out = (struct term){.kind = TERM_BOOLEAN, .is_true = true};
    } else if (cursor_accept(cursor, "false")) {
        *out = (struct term){.kind = TERM_BOOLEAN};
    } else if (cursor_accept(cursor, "null")) {
        *out = (struct term){.kind = TERM_NULL};
    } else {
        return source_refuse(source, STATUS_MALFORMED, "a term is expected here");
    }
    return STATUS_OK;
}

enum status source_term(struct source *source, unsigned depth, struct term *out)
{
    if (depth > DATALOG_DEPTH_MAX) {
        return source_refuse(source, STATUS_LIMIT, "terms lie too deep in one another");
    }
    source_skip_space(source);
    struct cursor *cursor = &source->cursor;
    uint64_t date;
    if (datalog_date_take(cursor, &date)) {
        *out = (struct term){.kind = TERM_DATE, .date = date};
        return STATUS_OK;
    }
    switch (cursor_peek(cursor)) {
    case '"':
        cursor_skip(cursor, 1);
        return read_string(source, out);
    case '$':
        cursor_skip(cursor, 1);
        *out = (struct term){.kind = TERM_VARIABLE};
        return source_variable(source, &out->variable);
    case '[':
        cursor_skip(cursor, 1);
        return read_array(source, depth, out);
    case '{':
        cursor_skip(cursor, 1);
        return read_braces(source, depth, out);
    default:
        break;
    }
    bool is_number = byte_is_digit(cursor_peek(cursor)) || cursor_peek(cursor) == '-';
    return is_number ? read_integer(source, out) : read_word(source, out);
}
