#include "codec/jsonout_restore.h"

#include <string.h>

#include "base/number.h"

#define NAMED_SIZE 5U

/* Where the text begins with a named byte. */
static bool starts_named(struct bytes text, uint8_t *byte)
{
    uint64_t value = 0;
    struct bytes digits = bytes_part(text, 3, 2);
    bool is_named = text.size >= NAMED_SIZE && bytes_starts(text, "\xef\xbf\xbd") &&
                    number_hex(digits, &value) == STATUS_OK;
    *byte = (uint8_t)value;
    return is_named;
}

enum status jsonout_restore(struct bytes text, struct arena *arena, struct bytes *out)
{
    if (!bytes_contains(text, "\xef\xbf\xbd")) {
        *out = text;
        return STATUS_OK;
    }
    uint8_t *data = arena_take(arena, text.size);
    if (data == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t size = 0;
    struct bytes rest = text;
    while (rest.size > 0) {
        uint8_t byte;
        bool is_named = starts_named(rest, &byte);
        data[size++] = is_named ? byte : rest.data[0];
        rest = bytes_from(rest, is_named ? NAMED_SIZE : 1);
    }
    *out = (struct bytes){data, size};
    return STATUS_OK;
}
