#include "parse/net/certificate.h"

#include <string.h>

#include "base/number.h"

#define TAG_INTEGER 0x02
#define TAG_OCTETS 0x04
#define TAG_OBJECT 0x06
#define TAG_BMP 0x1e
#define TAG_TIME_SHORT 0x17
#define TAG_TIME_LONG 0x18
#define TAG_SEQUENCE 0x30
#define TAG_SET 0x31
#define TAG_VERSION 0xa0
#define TAG_EXTENSIONS 0xa3
#define TAG_DNS_NAME 0x82
#define LENGTH_BYTES_MAX 4

/* The next element: its tag, and a cursor over its content.  Fails the parent where the length
 * is none that DER knows. */
static uint8_t next_element(struct cursor *cursor, struct cursor *content)
{
    uint8_t tag = cursor_u8(cursor);
    uint64_t size = cursor_u8(cursor);
    if (size >= 0x80) {
        unsigned count = size & 0x7f;
        size = 0;
        if (count == 0 || count > LENGTH_BYTES_MAX) {
            cursor_fail(cursor, STATUS_MALFORMED, "a length that is none");
        }
        for (unsigned i = 0; i < count && i < LENGTH_BYTES_MAX; i++) {
            size = size << 8 | cursor_u8(cursor);
        }
    }
    *content = cursor_part(cursor, size);
    return tag;
}

/* The next element, which must have this tag. */
static struct cursor expect(struct cursor *cursor, uint8_t tag)
{
    struct cursor content;
    if (next_element(cursor, &content) != tag) {
        cursor_fail(cursor, STATUS_MALFORMED, "another element was expected");
    }
    return content;
}

/* ---- names ---- */

static void add_bytes(struct certificate_text *text, struct bytes bytes)
{
    bytes = bytes_part(bytes, 0, CERTIFICATE_TEXT_MAX - text->size);
    if (bytes.size > 0) {
        memcpy(&text->bytes[text->size], bytes.data, bytes.size);
    }
    text->size += bytes.size;
}

static const char *attribute_name(struct bytes object)
{
    static const struct {
        struct bytes object;
        const char *name;
    } names[] = {
        {BYTES_LITERAL("\x55\x04\x03"), "CN"},
        {BYTES_LITERAL("\x55\x04\x06"), "C"},
        {BYTES_LITERAL("\x55\x04\x07"), "L"},
        {BYTES_LITERAL("\x55\x04\x08"), "ST"},
        {BYTES_LITERAL("\x55\x04\x0a"), "O"},
        {BYTES_LITERAL("\x55\x04\x0b"), "OU"},
        {BYTES_LITERAL("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01"), "emailAddress"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (bytes_equal(names[i].object, object)) {
            return names[i].name;
        }
    }
    return NULL;
}

/* Of two-byte characters those that one byte holds. */
static void add_wide(struct certificate_text *text, struct cursor *value)
{
    while (cursor_left(value) >= 2) {
        uint16_t wide = cursor_u16be(value);
        uint8_t byte = wide < 0x80 ? (uint8_t)wide : '?';
        add_bytes(text, (struct bytes){&byte, 1});
    }
}

/* SEQUENCE OF SET OF SEQUENCE { object, value }. */
static void read_name(struct cursor name, struct certificate_text *out)
{
    for (int i = 0; i < CERTIFICATE_PARTS_MAX && !cursor_at_end(&name); i++) {
        struct cursor set = expect(&name, TAG_SET);
        struct cursor pair = expect(&set, TAG_SEQUENCE);
        struct cursor object = expect(&pair, TAG_OBJECT);
        struct cursor value;
        uint8_t tag = next_element(&pair, &value);
        const char *label = attribute_name(cursor_rest(&object));
        if (cursor_status(&pair) != STATUS_OK || cursor_status(&name) != STATUS_OK) {
            return;
        }
        if (label == NULL) {
            continue;
        }
        add_bytes(out, bytes_of_text(out->size == 0 ? "" : ", "));
        add_bytes(out, bytes_of_text(label));
        add_bytes(out, bytes_of_text("="));
        if (tag == TAG_BMP) {
            add_wide(out, &value);
        } else {
            add_bytes(out, cursor_rest(&value));
        }
    }
}

/* ---- times ---- */

/* "260303021000Z" and "20260303021000Z" as people write it; empty where it is neither. */
static void read_time(struct cursor *validity, char out[CERTIFICATE_TIME_SIZE + 1])
{
    struct cursor value;
    uint8_t tag = next_element(validity, &value);
    struct bytes text = cursor_rest(&value);
    size_t year_size = tag == TAG_TIME_LONG ? 4 : 2;
    bool is_time = (tag == TAG_TIME_LONG || tag == TAG_TIME_SHORT) &&
                   text.size == year_size + 11 && text.data[text.size - 1] == 'Z';
    uint64_t number;
    if (!is_time || number_decimal(bytes_part(text, 0, text.size - 1), &number) != STATUS_OK) {
        return;
    }
    struct bytes clock = bytes_from(text, year_size);
    /* RFC 5280 section 4.1.2.5.1: two digits below 50 are of this century. */
    memcpy(out, text.data[0] >= '5' ? "19" : "20", 2);
    memcpy(&out[4 - year_size], text.data, year_size);
    static const char after[] = {'-', '-', 'T', ':', ':', 'Z'};
    for (size_t i = 0; i < sizeof after; i++) {
        size_t at = 4 + i * 3;
        out[at] = after[i];
        if (i + 1 < sizeof after) {
            memcpy(&out[at + 1], &clock.data[i * 2], 2);
        }
    }
    out[CERTIFICATE_TIME_SIZE] = '\0';
}

/* ---- extensions ---- */

static void read_alternatives(struct cursor octets, struct certificate *out)
{
    struct cursor list = expect(&octets, TAG_SEQUENCE);
    while (!cursor_at_end(&list) && out->name_count < CERTIFICATE_NAMES_MAX) {
        struct cursor value;
        uint8_t tag = next_element(&list, &value);
        if (cursor_status(&list) == STATUS_OK && tag == TAG_DNS_NAME) {
            add_bytes(&out->names[out->name_count++], cursor_rest(&value));
        }
    }
}

static void read_extensions(struct cursor extensions, struct certificate *out)
{
    static const struct bytes alternative_names = BYTES_LITERAL("\x55\x1d\x11");
    struct cursor list = expect(&extensions, TAG_SEQUENCE);
    for (int i = 0; i < CERTIFICATE_EXTENSIONS_MAX && !cursor_at_end(&list); i++) {
        struct cursor extension = expect(&list, TAG_SEQUENCE);
        struct cursor object = expect(&extension, TAG_OBJECT);
        struct cursor value;
        uint8_t tag = next_element(&extension, &value);
        if (tag != TAG_OCTETS) { /* whether it is critical stands before it */
            value = expect(&extension, TAG_OCTETS);
        }
        if (cursor_status(&extension) == STATUS_OK &&
            bytes_equal(cursor_rest(&object), alternative_names)) {
            read_alternatives(value, out);
            return;
        }
    }
}

/* ---- certificates ---- */

static void read_rest(struct cursor *body, struct certificate *out)
{
    struct cursor content;
    while (!cursor_at_end(body)) {
        if (next_element(body, &content) == TAG_EXTENSIONS &&
            cursor_status(body) == STATUS_OK) {
            read_extensions(content, out);
        }
    }
}

enum status certificate_read(struct bytes der, struct certificate *out)
{
    struct cursor cursor = cursor_of(der);
    struct cursor whole = expect(&cursor, TAG_SEQUENCE);
    struct cursor body = expect(&whole, TAG_SEQUENCE);
    struct cursor content;
    if (cursor_peek(&body) == TAG_VERSION) {
        next_element(&body, &content);
    }
    expect(&body, TAG_INTEGER);
    expect(&body, TAG_SEQUENCE); /* how it was signed */
    struct cursor issuer = expect(&body, TAG_SEQUENCE);
    struct cursor validity = expect(&body, TAG_SEQUENCE);
    struct cursor subject = expect(&body, TAG_SEQUENCE);
    TRY(cursor_status(&cursor));
    TRY(cursor_status(&whole));
    TRY(cursor_status(&body));
    struct certificate certificate = {0};
    certificate.is_self_issued = bytes_equal(issuer.input, subject.input);
    read_name(issuer, &certificate.issuer);
    read_name(subject, &certificate.subject);
    read_time(&validity, certificate.not_before);
    read_time(&validity, certificate.not_after);
    read_rest(&body, &certificate);
    *out = certificate;
    return STATUS_OK;
}
