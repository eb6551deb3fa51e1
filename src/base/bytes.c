#include "base/bytes.h"

#include <string.h>

#define SHORT_SIZE_MAX 32

bool bytes_equal_text_nocase(struct bytes a, const char *text)
{
    struct bytes b = bytes_of_text(text);
    if (a.size != b.size) {
        return false;
    }
    for (size_t i = 0; i < a.size; i++) {
        if (byte_lower(a.data[i]) != byte_lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

int bytes_compare(struct bytes a, struct bytes b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

bool bytes_ends(struct bytes bytes, const char *suffix)
{
    struct bytes want = bytes_of_text(suffix);
    return bytes.size >= want.size &&
           bytes_equal(bytes_from(bytes, bytes.size - want.size), want);
}

bool bytes_ends_nocase(struct bytes bytes, const char *suffix)
{
    size_t size = strlen(suffix);
    return bytes.size >= size &&
           bytes_equal_text_nocase(bytes_from(bytes, bytes.size - size), suffix);
}

struct bytes bytes_trim(struct bytes bytes)
{
    size_t first = 0;
    size_t end = bytes.size;
    while (first < end && bytes.data[first] <= ' ') {
        first++;
    }
    while (end > first && bytes.data[end - 1] <= ' ') {
        end--;
    }
    return bytes_part(bytes, first, end - first);
}

struct bytes bytes_after_last(struct bytes bytes, uint8_t byte)
{
    size_t at = bytes.size;
    while (at > 0 && bytes.data[at - 1] != byte) {
        at--;
    }
    return bytes_from(bytes, at);
}

/* memmem prepares a table before it looks at anything, which takes longer than to look through
 * a line.  Here each byte may be compared as often as the needle is long: it must be short.
 * Where a needle begins with a space, what stands behind it is rarer in a text. */
static size_t find_short(struct bytes bytes, struct bytes needle)
{
    size_t mark = needle.data[0] == ' ' ? 1 : 0;
    struct bytes marks = {bytes.data + mark, bytes.size - needle.size + 1};
    for (size_t at = 0; at < marks.size; at++) {
        at += bytes_find_byte(bytes_from(marks, at), needle.data[mark]);
        if (at < marks.size && bytes.data[at] == needle.data[0] &&
            memcmp(bytes.data + at, needle.data, needle.size) == 0) {
            return at;
        }
    }
    return bytes.size;
}

size_t bytes_find(struct bytes bytes, struct bytes needle)
{
    if (needle.size == 0) {
        return 0;
    }
    if (bytes.size < needle.size) {
        return bytes.size;
    }
    if (needle.size == 1) {
        return bytes_find_byte(bytes, needle.data[0]);
    }
    if (needle.size <= SHORT_SIZE_MAX) {
        return find_short(bytes, needle);
    }
    const uint8_t *at = memmem(bytes.data, bytes.size, needle.data, needle.size);
    return at == NULL ? bytes.size : (size_t)(at - bytes.data);
}

size_t bytes_count(struct bytes bytes, uint8_t byte)
{
    size_t count = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        count += bytes.data[i] == byte;
    }
    return count;
}

bool bytes_contains(struct bytes bytes, const char *needle)
{
    struct bytes want = bytes_of_text(needle);
    return want.size == 0 || bytes_find(bytes, want) < bytes.size;
}

bool bytes_split(struct bytes *rest, uint8_t separator, struct bytes *out)
{
    if (rest->size == 0) {
        return false;
    }
    size_t at = bytes_find_byte(*rest, separator);
    *out = bytes_part(*rest, 0, at);
    *rest = bytes_from(*rest, at + 1);
    return true;
}

bool bytes_are_label(struct bytes bytes)
{
    for (size_t i = 0; i < bytes.size; i++) {
        uint8_t byte = bytes.data[i];
        bool is_inner = i > 0 && (byte_is_digit(byte) || byte == '-');
        if (!(byte >= 'a' && byte <= 'z') && !is_inner) {
            return false;
        }
    }
    return bytes.size > 0 && bytes.size <= BYTES_LABEL_MAX;
}
