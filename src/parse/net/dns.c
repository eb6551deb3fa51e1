#include "parse/net/dns.h"

#include <stdio.h>
#include <string.h>

#define LABEL_POINTER 0xc0
#define TYPE_A 1
#define TYPE_NS 2
#define TYPE_CNAME 5
#define TYPE_PTR 12
#define TYPE_MX 15
#define TYPE_TXT 16
#define TYPE_AAAA 28
#define CLASS_INTERNET 1

struct word {
    uint16_t number;
    const char *name;
};

static void add_char(struct dns_name *name, uint8_t byte)
{
    if (byte == '.' || byte == '\\') {
        name->text[name->size++] = '\\';
        name->text[name->size++] = (char)byte;
    } else if (byte > ' ' && byte < 0x7f) {
        name->text[name->size++] = (char)byte;
    } else {
        name->text[name->size++] = '\\';
        name->text[name->size++] = (char)('0' + byte / 100);
        name->text[name->size++] = (char)('0' + byte / 10 % 10);
        name->text[name->size++] = (char)('0' + byte % 10);
    }
}

/* One label after its length; fails the cursor where the name gets too long. */
static void read_label(struct cursor *cursor, uint8_t size, size_t *wire_size,
                       struct dns_name *out)
{
    struct bytes label = cursor_take(cursor, size);
    *wire_size += (size_t)size + 1;
    if (*wire_size > DNS_NAME_WIRE_MAX - 1) {
        cursor_fail(cursor, STATUS_MALFORMED, "a name is longer than 255 bytes");
        return;
    }
    if (out->size > 0 && label.size > 0) {
        out->text[out->size++] = '.';
    }
    for (size_t i = 0; i < label.size; i++) {
        add_char(out, label.data[i]);
    }
}

/* A name at `cursor`, which then stands behind it.  A pointer must lead to before where the
 * name, or the part of it that points, began: so no chain of pointers can go in a circle. */
static void read_name(struct cursor *cursor, struct dns_name *out)
{
    out->size = 0;
    struct cursor at = *cursor;
    size_t bound = cursor_offset(cursor);
    size_t wire_size = 0;
    bool has_jumped = false;
    for (;;) {
        uint8_t size = cursor_u8(&at);
        if (size >= LABEL_POINTER) {
            size_t target = (size_t)(size & 0x3f) << 8 | cursor_u8(&at);
            if (!has_jumped) {
                *cursor = at;
                has_jumped = true;
            }
            if (target >= bound) {
                cursor_fail(&at, STATUS_MALFORMED, "a name points forward");
            }
            bound = target;
            cursor_seek(&at, target);
        } else if (size >= 0x40) {
            cursor_fail(&at, STATUS_MALFORMED, "a label of an unknown kind");
        } else if (size > 0) {
            read_label(&at, size, &wire_size, out);
        }
        if (cursor_status(&at) != STATUS_OK || size == 0) {
            break;
        }
    }
    if (!has_jumped || cursor_status(&at) != STATUS_OK) {
        *cursor = at;
    }
    if (out->size == 0) {
        out->text[out->size++] = '.';
    }
}

/* Passes a name without keeping it. */
static void pass_name(struct cursor *cursor)
{
    for (;;) {
        uint8_t size = cursor_u8(cursor);
        if (size >= LABEL_POINTER) {
            cursor_skip(cursor, 1);
            return;
        }
        if (size == 0) {
            return;
        }
        cursor_skip(cursor, size);
    }
}

static void add_answer(struct dns_message *message, struct bytes data)
{
    if (message->answer_count == DNS_ANSWERS_MAX) {
        message->answers_dropped++;
        return;
    }
    struct endpoint *answer = &message->answers[message->answer_count++];
    *answer = (struct endpoint){.address_size = (uint8_t)data.size};
    memcpy(answer->address, data.data, data.size);
}

/* The first string of a TXT record, escaped like a name. */
static void read_text(struct bytes data, struct dns_name *out)
{
    struct cursor cursor = cursor_of(data);
    struct bytes text = cursor_take(&cursor, cursor_u8(&cursor));
    out->size = 0;
    for (size_t i = 0; i < text.size && cursor_status(&cursor) == STATUS_OK; i++) {
        add_char(out, text.data[i]);
    }
}

/* Bytes of a record that nothing is known of, escaped like a name. */
static void read_raw(struct bytes data, struct dns_name *out)
{
    data = bytes_part(data, 0, DNS_NAME_WIRE_MAX);
    out->size = 0;
    for (size_t i = 0; i < data.size; i++) {
        add_char(out, data.data[i]);
    }
}

/* `at` stands at the record's data in the message, so that names in it can point back. */
static void keep_record(struct dns_message *message, uint16_t type, struct cursor at,
                        struct bytes data)
{
    switch (type) {
    case TYPE_MX:
        cursor_skip(&at, 2);
        read_name(&at, &message->record);
        break;
    case TYPE_NS:
    case TYPE_CNAME:
    case TYPE_PTR:
        read_name(&at, &message->record);
        break;
    case TYPE_TXT:
        read_text(data, &message->record);
        break;
    case TYPE_A:
    case TYPE_AAAA:
        break;
    default:
        read_raw(data, &message->record);
        break;
    }
}

static void note_record(struct dns_message *message, uint16_t type, uint32_t ttl, size_t size)
{
    bool is_first = message->record_count == 0;
    message->record_type = is_first ? type : message->record_type;
    message->ttl_least = is_first || ttl < message->ttl_least ? ttl : message->ttl_least;
    message->record_count++;
    message->data_size += (uint32_t)size;
}

static void read_answers(struct cursor *cursor, uint16_t count, struct dns_message *message)
{
    for (uint16_t i = 0; i < count && i < DNS_RECORDS_MAX; i++) {
        pass_name(cursor);
        uint16_t type = cursor_u16be(cursor);
        uint16_t class = cursor_u16be(cursor);
        uint32_t ttl = cursor_u32be(cursor);
        uint16_t size = cursor_u16be(cursor);
        struct cursor at = *cursor;
        struct bytes data = cursor_take(cursor, size);
        if (cursor_status(cursor) != STATUS_OK) {
            message->is_damaged = true;
            return;
        }
        note_record(message, type, ttl, size);
        if (message->record.size == 0) {
            keep_record(message, type, at, data);
        }
        if (class == CLASS_INTERNET &&
            ((type == TYPE_A && data.size == 4) || (type == TYPE_AAAA && data.size == 16))) {
            add_answer(message, data);
        }
    }
}

/* The questions: the first is kept. */
static enum status read_questions(struct cursor *cursor, uint16_t count,
                                  struct dns_message *message)
{
    for (uint16_t i = 0; i < count; i++) {
        if (i == 0) {
            read_name(cursor, &message->question);
        } else {
            pass_name(cursor);
        }
        uint16_t type = cursor_u16be(cursor);
        cursor_skip(cursor, 2);
        TRY(cursor_status(cursor));
        if (i == 0) {
            message->type = type;
            message->has_question = true;
        }
    }
    return STATUS_OK;
}

enum status dns_read(struct bytes bytes, struct dns_message *out)
{
    struct cursor cursor = cursor_of(bytes);
    struct dns_message message = {.id = cursor_u16be(&cursor), .size = bytes.size};
    uint16_t flags = cursor_u16be(&cursor);
    uint16_t question_count = cursor_u16be(&cursor);
    uint16_t answer_count = cursor_u16be(&cursor);
    cursor_skip(&cursor, 4);
    TRY(cursor_status(&cursor));
    if ((flags >> 11 & 15) != 0) {
        return STATUS_UNSUPPORTED;
    }
    message.is_response = (flags & 0x8000) != 0;
    message.response_code = flags & 15;
    TRY(read_questions(&cursor, question_count, &message));
    if (message.is_response) {
        read_answers(&cursor, answer_count, &message);
    }
    *out = message;
    return STATUS_OK;
}

struct bytes dns_name_bytes(const struct dns_name *name)
{
    return bytes_part((struct bytes){(const uint8_t *)name->text, sizeof name->text}, 0,
                      name->size);
}

static struct bytes find_word(const struct word *words, size_t count, uint16_t number,
                              const char *otherwise, char *buffer)
{
    for (size_t i = 0; i < count; i++) {
        if (words[i].number == number) {
            return bytes_of_text(words[i].name);
        }
    }
    int size = snprintf(buffer, DNS_WORD_SIZE, "%s%u", otherwise, (unsigned)number);
    return bytes_part((struct bytes){(const uint8_t *)buffer, DNS_WORD_SIZE}, 0, (size_t)size);
}

struct bytes dns_type_name(uint16_t type, char buffer[DNS_WORD_SIZE])
{
    static const struct word words[] = {
        {1, "A"},      {2, "NS"},     {5, "CNAME"},   {6, "SOA"},    {10, "NULL"},
        {12, "PTR"},   {13, "HINFO"}, {15, "MX"},     {16, "TXT"},   {24, "SIG"},
        {25, "KEY"},   {28, "AAAA"},  {33, "SRV"},    {35, "NAPTR"}, {37, "CERT"},
        {43, "DS"},    {46, "RRSIG"}, {48, "DNSKEY"}, {52, "TLSA"},  {64, "SVCB"},
        {65, "HTTPS"}, {252, "AXFR"}, {255, "ANY"},   {257, "CAA"},
    };
    return find_word(words, sizeof words / sizeof *words, type, "TYPE", buffer);
}

struct bytes dns_response_code_name(uint8_t code, char buffer[DNS_WORD_SIZE])
{
    static const struct word words[] = {
        {0, "NOERROR"}, {1, "FORMERR"}, {2, "SERVFAIL"}, {3, "NXDOMAIN"},
        {4, "NOTIMP"},  {5, "REFUSED"}, {6, "YXDOMAIN"}, {7, "YXRRSET"},
        {8, "NXRRSET"}, {9, "NOTAUTH"}, {10, "NOTZONE"},
    };
    return find_word(words, sizeof words / sizeof *words, code, "RCODE", buffer);
}
