#include "access/seal/canonical.h"

#include <assert.h>
#include <sodium.h>

static int variant_of(bool is_padded)
{
    return is_padded ? sodium_base64_VARIANT_ORIGINAL
                     : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
}

/* The library takes some bytes above ASCII for letters, so what it read is written again and
 * compared. */
bool canonical_read(struct bytes text, bool is_padded, uint8_t out[CANONICAL_BYTES],
                    size_t *size)
{
    *size = 0;
    if (text.size == 0) {
        return true;
    }
    char again[CANONICAL_COLUMNS + 1];
    if (text.size > CANONICAL_COLUMNS ||
        sodium_base642bin(out, CANONICAL_BYTES, (const char *)text.data, text.size, NULL, size,
                          NULL, variant_of(is_padded)) != 0) {
        return false;
    }
    sodium_bin2base64(again, sizeof again, out, *size, variant_of(is_padded));
    return bytes_equal_text(text, again);
}

void canonical_add(struct text *text, struct bytes bytes, bool is_padded)
{
    char line[CANONICAL_COLUMNS + 1];
    assert(bytes.size <= CANONICAL_BYTES);
    text_add(text, sodium_bin2base64(line, sizeof line, bytes.data, bytes.size,
                                     variant_of(is_padded)));
}
