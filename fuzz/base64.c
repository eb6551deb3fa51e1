/* Claims of codec/base64.h: bytes come back from both alphabets, with padding and without,
 * and what the strict decoder takes is exactly what the writer writes. */
#include "codec/base64.h"

#include "fuzz.h"

#define MEMORY (1U << 22)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY);
    static const unsigned forms[] = {0, BASE64_URL, BASE64_UNPADDED};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        unsigned flags = forms[i];
        struct text AUTO(text_done) text = text_of_limit(MEMORY);
        struct bytes out = BYTES_NONE;
        base64_add(&text, input, flags);
        CLAIM(base64_decode(text_bytes(&text), flags, arena, &out) == STATUS_OK);
        CLAIM(bytes_equal(out, input));

        struct bytes tolerant = BYTES_NONE;
        enum status as_tolerant =
            base64_decode(input, flags | BASE64_TOLERANT, arena, &tolerant);
        if (base64_decode(input, flags, arena, &out) == STATUS_OK) {
            text_clear(&text);
            base64_add(&text, out, flags);
            CLAIM(bytes_equal(text_bytes(&text), input));
            CLAIM(as_tolerant == STATUS_OK && bytes_equal(tolerant, out));
        }
    }
    return 0;
}
