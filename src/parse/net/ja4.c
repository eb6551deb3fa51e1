#include "parse/net/ja4.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "codec/sha256.h"

#define COUNT_MAX 99
#define DIGEST_SIZE 12
#define EXTENSION_SERVER_NAME 0
#define EXTENSION_PROTOCOLS 16
/* "1301," for every value of two lists. */
#define LIST_TEXT_MAX (2 * TLS_LIST_MAX * 5 + 2)

static const char *version_name(uint16_t version)
{
    static const struct {
        uint16_t version;
        const char *name;
    } names[] = {
        {0x0304, "13"}, {0x0303, "12"}, {0x0302, "11"}, {0x0301, "10"}, {0x0300, "s3"},
        {0x0002, "s2"}, {0xfeff, "d1"}, {0xfefd, "d2"}, {0xfefc, "d3"},
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].version == version) {
            return names[i].name;
        }
    }
    return "00";
}

static unsigned count_real(const struct tls_list *list)
{
    unsigned count = 0;
    for (size_t i = 0; i < list->count; i++) {
        count += !tls_is_grease(list->values[i]);
    }
    return (unsigned)number_least(count, COUNT_MAX);
}

static bool is_alphanumeric(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z');
}

/* The first and last letter of the first protocol, or the first and last digit of its bytes. */
static void protocol_letters(const struct tls_hello *hello, char out[3])
{
    static const char digits[] = "0123456789abcdef";
    struct cursor list = cursor_of(hello->protocols);
    struct bytes name;
    memcpy(out, "00", 3);
    if (!tls_protocol_next(&list, &name) || name.size == 0) {
        return;
    }
    uint8_t first = name.data[0];
    uint8_t last = name.data[name.size - 1];
    bool is_text = is_alphanumeric(first) && is_alphanumeric(last);
    out[0] = is_text ? (char)first : digits[first >> 4];
    out[1] = is_text ? (char)last : digits[last & 15];
}

static int by_value(const void *a, const void *b)
{
    const uint16_t *left = a;
    const uint16_t *right = b;
    return (int)*left - (int)*right;
}

static void add_list(struct text *text, const struct tls_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (!tls_is_grease(list->values[i])) {
            bool is_first = text->size == 0 || text->data[text->size - 1] == '_';
            text_addf(text, "%s%04x", is_first ? "" : ",", (unsigned)list->values[i]);
        }
    }
}

/* The first digits of the digest; zeros for an empty list. */
static void add_digest(char *out, const struct text *text, bool is_empty)
{
    struct text AUTO(text_done) hex = text_of_limit(2 * sizeof(struct sha256));
    struct sha256 digest = sha256_of(text_bytes(text));
    sha256_add_hex(&hex, &digest);
    memset(out, '0', DIGEST_SIZE);
    if (!is_empty && text_status(&hex) == STATUS_OK) {
        memcpy(out, hex.data, DIGEST_SIZE);
    }
}

static struct tls_list sorted(const struct tls_list *list, bool without_named)
{
    struct tls_list copy = {.count = 0};
    for (size_t i = 0; i < list->count; i++) {
        uint16_t value = list->values[i];
        bool is_named = value == EXTENSION_SERVER_NAME || value == EXTENSION_PROTOCOLS;
        if (!tls_is_grease(value) && !(without_named && is_named)) {
            copy.values[copy.count++] = value;
        }
    }
    qsort(copy.values, copy.count, sizeof *copy.values, by_value);
    return copy;
}

void ja4_write(const struct tls_hello *hello, char transport, char out[JA4_SIZE + 1])
{
    char protocol[3];
    protocol_letters(hello, protocol);
    unsigned ciphers = count_real(&hello->ciphers);
    unsigned extensions = count_real(&hello->extensions);
    snprintf(out, JA4_SIZE + 1, "%c%s%c%02u%02u%s_", transport,
             version_name(tls_hello_version(hello)), hello->has_server_name ? 'd' : 'i',
             ciphers, extensions, protocol);
    struct text AUTO(text_done) text = text_of_limit(LIST_TEXT_MAX);
    struct tls_list list = sorted(&hello->ciphers, false);
    add_list(&text, &list);
    add_digest(&out[11], &text, ciphers == 0);
    out[11 + DIGEST_SIZE] = '_';
    text_clear(&text);
    list = sorted(&hello->extensions, true);
    add_list(&text, &list);
    if (hello->signature_algorithms.count > 0) {
        text_add(&text, "_");
        add_list(&text, &hello->signature_algorithms);
    }
    add_digest(&out[12 + DIGEST_SIZE], &text, extensions == 0);
    out[JA4_SIZE] = '\0';
}
