/* Claims of access/seal/bech32.h: a key that is accepted is written down again as the very text
 * it was read from, and one that is not has a reason. */
#include "fuzz.h"

#include "access/seal/sealing_key.h"

static void check(struct bytes input, const char *prefix)
{
    uint8_t key[BECH32_KEY_SIZE];
    const char *why = NULL;
    if (bech32_read_key(input, prefix, key, &why) != STATUS_OK) {
        CLAIM(why != NULL);
        return;
    }
    char lower[BECH32_TEXT_MAX + 1];
    char upper[BECH32_TEXT_MAX + 1];
    size_t size = bech32_write_key(prefix, key, false, lower);
    CLAIM(bech32_write_key(prefix, key, true, upper) == size && size == input.size);
    CLAIM(bytes_equal_text(input, lower) || bytes_equal_text(input, upper));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    check(input, "age");
    check(input, "age-secret-key-");
    struct sealing_key key;
    const char *why = NULL;
    if (sealing_key_read(input, &key, &why) == STATUS_OK) {
        AUTO(text_done) struct text text = text_of_limit(BECH32_TEXT_MAX + 1);
        struct recipient recipient;
        recipient_add(&key.recipient, &text);
        CLAIM(recipient_read(text_bytes(&text), &recipient, &why) == STATUS_OK);
        CLAIM(recipient_equal(&recipient, &key.recipient));
        sealing_key_done(&key);
    } else {
        CLAIM(why != NULL);
    }
    return 0;
}
