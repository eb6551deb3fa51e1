#include "record/restricted.h"

#include "base/pack.h"

#define SHA256_HEX_SIZE 64
#define RULE_PREFIX "capability/"

bool restricted_is_name(struct bytes text)
{
    return bytes_are_label(text);
}

static bool is_version(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        if (!byte_is_letter(byte) && !byte_is_digit(byte) && byte != '.' && byte != '_' &&
            byte != '-') {
            return false;
        }
    }
    return text.size > 0 && text.size <= RESTRICTED_VERSION_MAX;
}

static bool is_tlp(struct bytes text)
{
    static const char *const labels[] = {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        if (bytes_equal_text(text, labels[i])) {
            return true;
        }
    }
    return false;
}

/* One line of words: what a reader sees is what it is. */
static bool is_line(struct bytes text, size_t size_max)
{
    if (text.size == 0 || text.size > size_max) {
        return false;
    }
    while (text.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(text, &code_point);
        if (size == 0 || text_is_hidden(code_point)) {
            return false;
        }
        text = bytes_from(text, size);
    }
    return true;
}

static bool is_sha256(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!byte_is_digit(text.data[i]) && !(text.data[i] >= 'a' && text.data[i] <= 'f')) {
            return false;
        }
    }
    return text.size == SHA256_HEX_SIZE || text.size == 0;
}

/* One word; whether it is a key that verifies is for whoever compares it. */
static bool is_word(struct bytes text, size_t size_max)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] <= 0x20 || text.data[i] >= 0x7f) {
            return false;
        }
    }
    return text.size <= size_max;
}

bool restricted_check(const struct restricted *restricted, const char **what)
{
    const struct {
        bool is_right;
        const char *what;
    } parts[] = {
        {restricted_is_name(restricted->name),
         "a name is 1 to 40 lower-case letters, digits and hyphens, a letter first"},
        {is_version(restricted->version),
         "a version is 1 to 32 letters, digits, dots, underscores and hyphens"},
        {is_tlp(restricted->tlp), "tlp is CLEAR, GREEN, AMBER, AMBER+STRICT or RED"},
        {is_line(restricted->group, RESTRICTED_GROUP_MAX),
         "a group is one line of at most 100 bytes, all of it to be seen"},
        {is_line(restricted->description, RESTRICTED_DESCRIPTION_MAX),
         "a description is one line of at most 500 bytes, all of it to be seen"},
        {is_sha256(restricted->sha256), "a hash is 64 hexadecimal digits"},
        {is_word(restricted->key, RESTRICTED_KEY_MAX),
         "a key is one word of at most 320 bytes: name+hash+key"},
        {is_word(restricted->grant, RESTRICTED_GRANT_MAX),
         "the id of a grant is one word of at most 128 bytes"},
        {restricted->rule_count > 0, "a pack has rules"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i].is_right) {
            *what = parts[i].what;
            return false;
        }
    }
    return true;
}

void restricted_write(struct text *out, const struct restricted *restricted)
{
    pack_bytes(out, restricted->name);
    pack_bytes(out, restricted->version);
    pack_bytes(out, restricted->tlp);
    pack_bytes(out, restricted->group);
    pack_bytes(out, restricted->key);
    pack_bytes(out, restricted->description);
    pack_bytes(out, restricted->sha256);
    pack_bytes(out, restricted->grant);
    pack_u32(out, restricted->rule_count);
}

enum status restricted_read(struct bytes message, struct restricted *out)
{
    struct cursor cursor = cursor_of(message);
    struct restricted restricted = {0};
    restricted.name = unpack_bytes(&cursor, RESTRICTED_NAME_MAX);
    restricted.version = unpack_bytes(&cursor, RESTRICTED_VERSION_MAX);
    restricted.tlp = unpack_bytes(&cursor, RESTRICTED_VERSION_MAX);
    restricted.group = unpack_bytes(&cursor, RESTRICTED_GROUP_MAX);
    restricted.key = unpack_bytes(&cursor, RESTRICTED_KEY_MAX);
    restricted.description = unpack_bytes(&cursor, RESTRICTED_DESCRIPTION_MAX);
    restricted.sha256 = unpack_bytes(&cursor, SHA256_HEX_SIZE);
    restricted.grant = unpack_bytes(&cursor, RESTRICTED_GRANT_MAX);
    restricted.rule_count = cursor_u32le(&cursor);
    TRY(unpack_end(&cursor));
    const char *what = NULL;
    if (!restricted_check(&restricted, &what)) {
        return STATUS_MALFORMED;
    }
    *out = restricted;
    return STATUS_OK;
}

/* A run of digits off the front, without zeros before it; none where there is no digit. */
static struct bytes take_number(struct bytes *rest)
{
    size_t size = 0;
    while (size < rest->size && byte_is_digit(rest->data[size])) {
        size++;
    }
    struct bytes number = bytes_part(*rest, 0, size);
    *rest = bytes_from(*rest, size);
    while (number.size > 1 && number.data[0] == '0') {
        number = bytes_from(number, 1);
    }
    return number;
}

int restricted_compare_versions(struct bytes a, struct bytes b)
{
    while (a.size > 0 && b.size > 0) {
        if (byte_is_digit(a.data[0]) && byte_is_digit(b.data[0])) {
            struct bytes of_a = take_number(&a);
            struct bytes of_b = take_number(&b);
            int order = of_a.size != of_b.size ? (of_a.size < of_b.size ? -1 : 1)
                                               : memcmp(of_a.data, of_b.data, of_a.size);
            if (order != 0) {
                return order;
            }
        } else if (a.data[0] != b.data[0]) {
            return a.data[0] < b.data[0] ? -1 : 1;
        } else {
            a = bytes_from(a, 1);
            b = bytes_from(b, 1);
        }
    }
    return (a.size > 0) - (b.size > 0);
}

struct bytes restricted_pack_of_rule(struct bytes rule)
{
    struct bytes prefix = bytes_of_text(RULE_PREFIX);
    if (!bytes_starts(rule, RULE_PREFIX)) {
        return BYTES_NONE;
    }
    struct bytes rest = bytes_from(rule, prefix.size);
    size_t size = bytes_find(rest, bytes_of_text("/"));
    struct bytes name = bytes_part(rest, 0, size);
    return size < rest.size && restricted_is_name(name) ? name : BYTES_NONE;
}
