#include "parse/net/body_field.h"

#include "base/cursor.h"
#include "base/number.h"
#include "codec/utf16.h"
#include "parse/net/http.h"
#include "parse/net/multipart.h"

#define UTF16_UNIT_SIZE 2

enum body_form {
    BODY_OTHER,
    BODY_FORM,
    BODY_MULTIPART,
    BODY_JSON,
    BODY_TEXT,   /* one value without a name */
    BODY_UNSAID, /* a form where it looks like one, else a text */
};

struct reading {
    struct arena *arena;
    struct body_field *fields;
    size_t count;
    size_t dropped;
    struct text *part; /* a value in hand, of parts and of JSON */
    struct bytes name;
};

static enum body_form form_of(struct bytes media_type)
{
    static const struct {
        const char *type;
        enum body_form form;
    } rows[] = {
        {"", BODY_UNSAID},
        {"application/x-www-form-urlencoded", BODY_FORM},
        {"multipart/form-data", BODY_MULTIPART},
        {"application/json", BODY_JSON},
        {"text/json", BODY_JSON},
        {"text/plain", BODY_TEXT},
    };
    struct bytes type = http_value(media_type);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (bytes_equal_text_nocase(type, rows[i].type)) {
            return rows[i].form;
        }
    }
    return bytes_ends_nocase(type, "+json") ? BODY_JSON : BODY_OTHER;
}

bool body_has_fields(struct bytes media_type, struct bytes coding)
{
    bool is_packed = coding.size > 0 && !bytes_equal_text_nocase(coding, "identity");
    return !is_packed && form_of(media_type) != BODY_OTHER;
}

static bool is_full(const struct reading *reading)
{
    return reading->count == BODY_FIELDS_MAX;
}

/* Of one for which there is no place it is asked only whether it is one: it need not be decoded
 * for that. */
static void add_field(struct reading *reading, struct bytes name, struct bytes value)
{
    if (value.size == 0 && name.size == 0) {
        return;
    }
    if (is_full(reading)) {
        reading->dropped++;
        return;
    }
    reading->fields[reading->count++] = (struct body_field){name, value};
}

/* ---- forms ---- */

/* "+" is a blank, "%41" a byte; what is no escape stays as it is. */
static enum status decode(struct reading *reading, struct bytes text, struct bytes *out)
{
    bool is_plain =
        bytes_find_byte(text, '%') == text.size && bytes_find_byte(text, '+') == text.size;
    if (is_plain || is_full(reading)) {
        *out = text;
        return STATUS_OK;
    }
    uint8_t *written = arena_take(reading->arena, text.size);
    if (written == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct cursor cursor = cursor_of(text);
    size_t size = 0;
    while (!cursor_at_end(&cursor)) {
        uint8_t byte = cursor_u8(&cursor);
        struct cursor ahead = cursor;
        int high = byte == '%' ? number_hex_digit(cursor_u8(&ahead)) : -1;
        int low = high >= 0 ? number_hex_digit(cursor_u8(&ahead)) : -1;
        if (low >= 0) {
            cursor = ahead;
            byte = (uint8_t)(high * 16 + low);
        } else if (byte == '+') {
            byte = ' ';
        }
        written[size++] = byte;
    }
    *out = (struct bytes){written, size};
    return STATUS_OK;
}

static enum status read_form(struct reading *reading, struct bytes body)
{
    struct bytes pair;
    while (bytes_split(&body, '&', &pair)) {
        size_t equals = bytes_find_byte(pair, '=');
        struct bytes name = BYTES_NONE;
        struct bytes value = BYTES_NONE;
        /* A word without "=" is a value that nothing names. */
        TRY(decode(reading, bytes_part(pair, 0, equals < pair.size ? equals : 0), &name));
        TRY(decode(reading, bytes_from(pair, equals < pair.size ? equals + 1 : 0), &value));
        add_field(reading, name, value);
    }
    return STATUS_OK;
}

/* ---- forms with files in them ---- */

static enum status begin_part(void *context, struct bytes head)
{
    struct reading *reading = context;
    struct cursor cursor = cursor_of(head);
    struct bytes name;
    struct bytes value;
    text_clear(reading->part);
    reading->name = BYTES_NONE;
    for (int i = 0; i < HTTP_HEADERS_MAX && http_header_next(&cursor, &name, &value); i++) {
        if (!bytes_equal_text_nocase(name, "content-disposition")) {
            continue;
        }
        /* The head's bytes are gone with the part. */
        return arena_copy(reading->arena, http_parameter(value, "name"), &reading->name);
    }
    return STATUS_OK;
}

static enum status take_part(void *context, struct bytes bytes)
{
    struct reading *reading = context;
    text_add_raw(reading->part, bytes);
    return STATUS_OK;
}

static enum status end_part(void *context, bool is_whole)
{
    struct reading *reading = context;
    IGNORE(is_whole, "the body may have been cut off within it");
    struct bytes value;
    TRY(arena_copy(reading->arena, text_bytes(reading->part), &value));
    add_field(reading, reading->name, value);
    return STATUS_OK;
}

static enum status read_multipart(struct reading *reading, struct bytes media_type,
                                  struct bytes body)
{
    struct multipart *multipart = arena_take(reading->arena, sizeof *multipart);
    struct multipart_sink sink = {begin_part, take_part, end_part, reading};
    if (multipart == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (multipart_begin(multipart, http_parameter(media_type, "boundary")) != STATUS_OK) {
        return STATUS_OK; /* whoever reads the files says so */
    }
    TRY(multipart_take(multipart, body, &sink));
    return multipart_end(multipart, &sink);
}

/* ---- JSON ---- */

/* The unit of UTF-16 behind "\u"; false, and nothing taken, where there is none. */
static bool take_unit(struct cursor *cursor, uint8_t unit[UTF16_UNIT_SIZE])
{
    struct cursor ahead = *cursor;
    uint64_t number;
    if (number_hex(cursor_take(&ahead, 4), &number) != STATUS_OK ||
        cursor_status(&ahead) != STATUS_OK) {
        return false;
    }
    unit[0] = (uint8_t)(number >> 8);
    unit[1] = (uint8_t)number;
    *cursor = ahead;
    return true;
}

static enum status add_unit(struct cursor *cursor, struct text *out)
{
    uint8_t units[2 * UTF16_UNIT_SIZE];
    size_t damaged = 0;
    if (!take_unit(cursor, units)) {
        text_add(out, "\\u");
        return STATUS_OK;
    }
    struct cursor ahead = *cursor;
    bool is_first_of_two = (units[0] & 0xfc) == 0xd8;
    size_t size = UTF16_UNIT_SIZE;
    if (is_first_of_two && cursor_accept(&ahead, "\\u") &&
        take_unit(&ahead, &units[UTF16_UNIT_SIZE])) {
        *cursor = ahead;
        size = sizeof units;
    }
    return utf16_add(out, (struct bytes){units, size}, UTF16_BIG, &damaged);
}

static enum status add_escape(struct cursor *cursor, struct text *out)
{
    static const char signs[] = "nrtbf";
    static const char meant[] = "\n\r\t\b\f";
    uint8_t sign = cursor_u8(cursor);
    if (sign == 'u') {
        return add_unit(cursor, out);
    }
    for (size_t i = 0; signs[i] != '\0'; i++) {
        sign = sign == (uint8_t)signs[i] ? (uint8_t)meant[i] : sign;
    }
    text_add_byte(out, (char)sign);
    return STATUS_OK;
}

/* From behind a quote to behind the one that closes it, or to the end. */
static enum status take_string(struct reading *reading, struct cursor *cursor,
                               struct bytes *out)
{
    text_clear(reading->part);
    while (!cursor_at_end(cursor)) {
        uint8_t byte = cursor_u8(cursor);
        if (byte == '"') {
            break;
        }
        if (byte != '\\') {
            text_add_byte(reading->part, (char)byte);
        } else if (!cursor_at_end(cursor)) {
            TRY(add_escape(cursor, reading->part));
        }
    }
    return arena_copy(reading->arena, text_bytes(reading->part), out);
}

/* The same for a string that nobody will see: as it is written. */
static struct bytes pass_string(struct cursor *cursor)
{
    struct cursor begin = *cursor;
    size_t size = 0;
    while (!cursor_at_end(cursor)) {
        uint8_t byte = cursor_u8(cursor);
        if (byte == '"') {
            break;
        }
        bool is_pair = byte == '\\' && !cursor_at_end(cursor);
        cursor_skip(cursor, is_pair);
        size += is_pair ? 2 : 1;
    }
    return cursor_take(&begin, size);
}

static void skip_blanks(struct cursor *cursor)
{
    while (!cursor_at_end(cursor) && cursor_peek(cursor) <= ' ') {
        cursor_skip(cursor, 1);
    }
}

/* A string before a colon names what follows: a value, or all that a list holds. */
static enum status read_json(struct reading *reading, struct bytes body)
{
    struct cursor cursor = cursor_of(body);
    struct bytes name = BYTES_NONE;
    while (!cursor_at_end(&cursor)) {
        uint8_t byte = cursor_u8(&cursor);
        if (byte == '}') {
            name = BYTES_NONE;
        }
        if (byte != '"') {
            continue;
        }
        struct bytes string;
        if (is_full(reading)) {
            string = pass_string(&cursor);
        } else {
            TRY(take_string(reading, &cursor, &string));
        }
        skip_blanks(&cursor);
        if (cursor_peek(&cursor) == ':') {
            name = string;
        } else {
            add_field(reading, name, string);
        }
    }
    return STATUS_OK;
}

/* ---- all ---- */

static enum status read(struct reading *reading, struct bytes media_type, struct bytes body)
{
    switch (form_of(media_type)) {
    case BODY_OTHER:
        return STATUS_OK;
    case BODY_FORM:
        return read_form(reading, body);
    case BODY_MULTIPART:
        return read_multipart(reading, media_type, body);
    case BODY_JSON:
        return read_json(reading, body);
    case BODY_TEXT:
        break;
    case BODY_UNSAID:
        if (bytes_find_byte(body, '=') < body.size) {
            return read_form(reading, body);
        }
        break;
    }
    add_field(reading, BYTES_NONE, body);
    return STATUS_OK;
}

enum status body_fields_read(struct bytes media_type, struct bytes body, struct arena *arena,
                             struct body_fields *out)
{
    struct text AUTO(text_done) part = text_of_limit(body.size * 4 + 4);
    struct reading reading = {.arena = arena, .part = &part};
    reading.fields = arena_take_many(arena, BODY_FIELDS_MAX, sizeof *reading.fields);
    if (reading.fields == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(read(&reading, media_type, body));
    TRY(text_status(&part));
    *out = (struct body_fields){reading.fields, reading.count, reading.dropped};
    return STATUS_OK;
}
