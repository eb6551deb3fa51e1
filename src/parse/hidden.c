#include "parse/hidden.h"

#include "base/number.h"
#include "codec/base64.h"
#include "codec/hex.h"
#include "codec/utf16.h"

#define TEXT_SIZE_MAX (1U << 20)
#define ESCAPES_MIN 4 /* fewer are ordinary */

static bool is_base64(uint8_t byte)
{
    uint8_t folded = byte | 0x20;
    return (folded >= 'a' && folded <= 'z') || (byte >= '0' && byte <= '9') || byte == '+' ||
           byte == '/' || byte == '=' || byte == '-' || byte == '_';
}

static bool is_hex(uint8_t byte)
{
    return number_hex_digit(byte) >= 0;
}

static size_t run_of(struct bytes text, bool (*belongs)(uint8_t byte))
{
    size_t size = 0;
    while (size < text.size && belongs(text.data[size])) {
        size++;
    }
    return size;
}

/* Mostly letters, spaces and signs, and nothing that no text has. */
static bool is_readable(struct bytes text)
{
    size_t letters = 0;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        uint8_t folded = byte | 0x20;
        if (byte < 0x20 && byte != '\n' && byte != '\t' && byte != '\r') {
            return false;
        }
        if (byte >= 0x7f) {
            return false;
        }
        letters +=
            (folded >= 'a' && folded <= 'z') || byte == ' ' || (byte >= '0' && byte <= '9');
    }
    return text.size >= 4 && letters * 10 >= text.size * 6;
}

/* As it is, or as the UTF-16 that PowerShell is handed. */
static bool make_readable(struct bytes raw, struct arena *arena, struct bytes *out)
{
    if (is_readable(raw)) {
        *out = raw;
        return true;
    }
    if (raw.size < 8 || raw.size % 2 != 0 || raw.data[1] != 0) {
        return false;
    }
    AUTO(text_done) struct text text = text_of_limit(TEXT_SIZE_MAX);
    size_t damaged = 0;
    return utf16_add(&text, raw, UTF16_LITTLE, &damaged) == STATUS_OK && damaged == 0 &&
           is_readable(text_bytes(&text)) &&
           arena_copy(arena, text_bytes(&text), out) == STATUS_OK;
}

static bool try_base64(struct bytes run, struct arena *arena, struct bytes *out)
{
    struct bytes raw;
    return run.size >= HIDDEN_RUN_MIN &&
           (base64_decode(run, BASE64_TOLERANT, arena, &raw) == STATUS_OK ||
            base64_decode(run, BASE64_TOLERANT | BASE64_URL, arena, &raw) == STATUS_OK) &&
           make_readable(raw, arena, out);
}

static bool try_hex(struct bytes run, struct arena *arena, struct bytes *out)
{
    struct bytes raw;
    run.size -= run.size % 2;
    return run.size >= HIDDEN_RUN_MIN && hex_decode(run, arena, &raw) == STATUS_OK &&
           make_readable(raw, arena, out);
}

/* "\x41" or "%41": how many bytes of source it takes, or 0. */
static size_t escape_at(struct bytes text, uint8_t *out)
{
    bool is_percent = text.size >= 3 && text.data[0] == '%';
    bool is_slash = text.size >= 4 && text.data[0] == '\\' && text.data[1] == 'x';
    size_t at = is_percent ? 1 : 2;
    if ((!is_percent && !is_slash) || number_hex_digit(text.data[at]) < 0 ||
        number_hex_digit(text.data[at + 1]) < 0) {
        return 0;
    }
    *out =
        (uint8_t)(number_hex_digit(text.data[at]) * 16 + number_hex_digit(text.data[at + 1]));
    return at + 2;
}

static bool is_space(uint8_t byte)
{
    return byte <= ' ' || byte == '\'' || byte == '"';
}

/* From the first escape to the next space or quote, with what stands between as it is. */
static bool try_escapes(struct bytes text, struct arena *arena, size_t *size, struct bytes *out)
{
    AUTO(text_done) struct text decoded = text_of_limit(TEXT_SIZE_MAX);
    size_t escapes = 0;
    size_t at = 0;
    while (at < text.size && !is_space(text.data[at])) {
        uint8_t byte = text.data[at];
        size_t taken = escape_at(bytes_from(text, at), &byte);
        escapes += taken > 0;
        at += taken > 0 ? taken : 1;
        text_add_byte(&decoded, (char)byte);
    }
    *size = at;
    return escapes >= ESCAPES_MIN && is_readable(text_bytes(&decoded)) &&
           arena_copy(arena, text_bytes(&decoded), out) == STATUS_OK;
}

static bool try_run(struct bytes rest, struct arena *arena, struct hidden *found)
{
    uint8_t byte;
    if (escape_at(rest, &byte) > 0) {
        found->how = rest.data[0] == '%' ? "percent signs" : "backslash signs";
        return try_escapes(rest, arena, &found->size, &found->text);
    }
    found->size = run_of(rest, is_base64);
    struct bytes run = bytes_part(rest, 0, found->size);
    if (run_of(run, is_hex) == run.size && try_hex(run, arena, &found->text)) {
        found->how = "hexadecimal numbers";
        return true;
    }
    found->how = "base64";
    return try_base64(run, arena, &found->text);
}

bool hidden_next(struct bytes text, size_t *from, struct arena *arena, struct hidden *out)
{
    while (*from < text.size) {
        struct hidden found = {.offset = *from};
        bool is_found = try_run(bytes_from(text, *from), arena, &found);
        *from += found.size > 0 ? found.size : 1;
        if (is_found) {
            *out = found;
            return true;
        }
    }
    return false;
}
