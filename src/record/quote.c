#include "record/quote.h"

#include "record/record.h"

#include <string.h>

#define NAME_SHOWN_MAX 200

static bool is_public_address(struct bytes word)
{
    struct endpoint endpoint;
    return endpoint_read(word, &endpoint) == STATUS_OK && !endpoint_is_private(&endpoint);
}

/* The name with its last `separator` in brackets. */
static void add_bracketed(struct text *text, struct bytes name, uint8_t separator)
{
    size_t last = name.size;
    for (size_t i = 0; i < name.size; i++) {
        last = name.data[i] == separator ? i : last;
    }
    text_add_quoted(text, bytes_part(name, 0, last), NAME_SHOWN_MAX);
    if (last < name.size) {
        text_addf(text, "[%c]", separator);
        text_add_quoted(text, bytes_from(name, last + 1), NAME_SHOWN_MAX);
    }
}

static void add_host(struct text *text, struct bytes host)
{
    struct endpoint endpoint;
    bool is_address = endpoint_read(host, &endpoint) == STATUS_OK;
    if (is_address && endpoint_is_private(&endpoint)) {
        text_add_quoted(text, host, NAME_SHOWN_MAX);
    } else {
        add_bracketed(text, host, is_address && endpoint.address_size == 16 ? ':' : '.');
    }
}

static bool is_address_byte(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || byte == '.';
}

static bool is_word_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           byte == '-' || byte >= 0x80;
}

/* The size of a public IPv4 address at the front, 0 for none. */
static size_t address_size(struct bytes rest)
{
    size_t size = 0;
    while (size < rest.size && is_address_byte(rest.data[size])) {
        size++;
    }
    while (size > 0 && rest.data[size - 1] == '.') {
        size--;
    }
    bool goes_on = size < rest.size && is_word_byte(rest.data[size]);
    return size >= 7 && !goes_on && is_public_address(bytes_part(rest, 0, size)) ? size : 0;
}

/* The size of the host in "host[:port][/...]", up to what cannot belong to one. */
static size_t host_size(struct bytes rest)
{
    size_t size = 0;
    while (size < rest.size && rest.data[size] > ' ' &&
           memchr("/:?#\"'<>|;)\\", rest.data[size], 12) == NULL) {
        size++;
    }
    return size;
}

static bool starts_nocase(struct bytes rest, const char *prefix)
{
    return bytes_equal_text_nocase(bytes_part(rest, 0, strlen(prefix)), prefix);
}

/* Shows "http://host" or "https://host" at the front defanged; its size, 0 for none. */
static size_t add_url_start(struct text *text, struct bytes rest)
{
    size_t scheme = starts_nocase(rest, "http://")    ? 7
                    : starts_nocase(rest, "https://") ? 8
                    : starts_nocase(rest, "ftp://")   ? 6
                                                      : 0;
    if (scheme == 0) {
        return 0;
    }
    text_add(text, scheme == 6 ? "fxp://" : scheme == 7 ? "hxxp://" : "hxxps://");
    size_t host = host_size(bytes_from(rest, scheme));
    add_host(text, bytes_part(rest, scheme, host));
    return scheme + host;
}

void quote_add_text(struct text *text, struct bytes theirs, size_t size_max)
{
    struct bytes shown = bytes_part(theirs, 0, size_max);
    size_t plain = 0; /* the start of what was not shown yet */
    size_t at = 0;
    while (at < shown.size) {
        struct bytes rest = bytes_from(shown, at);
        bool begins_word = at == 0 || (!is_word_byte(shown.data[at - 1]) &&
                                       !is_address_byte(shown.data[at - 1]));
        size_t address = begins_word ? address_size(rest) : 0;
        bool may_be_url =
            begins_word && ((rest.data[0] | 0x20) == 'h' || (rest.data[0] | 0x20) == 'f');
        if (address == 0 && !may_be_url) {
            at++;
            continue;
        }
        struct bytes before = bytes_part(shown, plain, at - plain);
        size_t mark = text->size;
        text_add_quoted(text, before, before.size);
        size_t size = address > 0 ? address : add_url_start(text, rest);
        if (size == 0) {
            text_cut(text, mark);
            at++;
            continue;
        }
        if (address > 0) {
            add_host(text, bytes_part(rest, 0, address));
        }
        at += size;
        plain = at;
    }
    text_add_quoted(text, bytes_from(theirs, plain), shown.size - plain);
}

void quote_add_entity(struct text *text, const struct entity *entity)
{
    switch (entity->kind) {
    case ENTITY_ADDRESS:
    case ENTITY_NAME:
        add_host(text, entity->name);
        break;
    case ENTITY_ACCOUNT:
    case ENTITY_HOST:
    case ENTITY_FILE:
    case ENTITY_HASH:
    case ENTITY_URL:
    case ENTITY_PROCESS:
    case ENTITY_KEY:
    case ENTITY_SERVICE:
        quote_add_text(text, entity->name, NAME_SHOWN_MAX);
        break;
    }
}

static bool is_plain_word(struct bytes name)
{
    for (size_t i = 0; i < name.size; i++) {
        uint8_t byte = name.data[i];
        bool is_letter = (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
        bool is_digit = byte >= '0' && byte <= '9';
        if (!is_letter && !is_digit && memchr("._:/@+-=%$#~", byte, 12) == NULL) {
            return false;
        }
    }
    return name.size > 0;
}

void quote_add_name(struct text *text, const struct entity *entity, bool is_marked)
{
    AUTO(text_done) struct text shown = text_of_limit(NAME_SHOWN_MAX * 16);
    quote_add_entity(&shown, entity);
    bool needs_marks = !is_marked && !is_plain_word(entity->name);
    text_add(text, needs_marks ? "\"" : "");
    struct bytes rest = text_bytes(&shown);
    while (rest.size > 0) {
        size_t mark = bytes_find_byte(rest, '"');
        bool ends_open = mark > 0 && rest.data[mark - 1] == '\\'; /* would escape the mark */
        text_add_raw(text, bytes_part(rest, 0, mark - ends_open));
        text_add(text, ends_open ? "\\x5c" : "");
        text_add(text, mark < rest.size ? "\\\"" : "");
        rest = bytes_from(rest, mark + 1);
    }
    text_add(text, needs_marks ? "\"" : "");
}
