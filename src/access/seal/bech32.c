#include "access/seal/bech32.h"

#include <assert.h>
#include <sodium.h>

#define CHECKSUM_SIZE 6
#define CHECKSUM_MASK 0x1ffffffU
#define GROUP_COUNT 52 /* of five bits: 32 bytes and four bits of nothing */
#define BODY_SIZE (GROUP_COUNT + CHECKSUM_SIZE)

static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/* One step of the checksum, a BCH code over groups of five bits: BIP 173, "Checksum". */
static uint32_t checksum_step(uint32_t sum, uint8_t value)
{
    static const uint32_t generator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                         0x2a1462b3};
    uint32_t top = sum >> 25;
    sum = ((sum & CHECKSUM_MASK) << 5) ^ value;
    for (unsigned i = 0; i < 5; i++) {
        sum ^= ((top >> i) & 1) != 0 ? generator[i] : 0;
    }
    return sum;
}

static uint32_t checksum_of(const char *prefix, const uint8_t *values, size_t count)
{
    uint32_t sum = 1;
    for (const char *at = prefix; *at != '\0'; at++) {
        sum = checksum_step(sum, (uint8_t)((uint8_t)*at >> 5));
    }
    sum = checksum_step(sum, 0);
    for (const char *at = prefix; *at != '\0'; at++) {
        sum = checksum_step(sum, (uint8_t)*at & 31);
    }
    for (size_t i = 0; i < count; i++) {
        sum = checksum_step(sum, values[i]);
    }
    return sum;
}

/* Groups of five bits as bytes; false where the bits left over are not zero. */
static bool join_groups(const uint8_t *groups, uint8_t out[BECH32_KEY_SIZE])
{
    uint32_t held = 0;
    unsigned bits = 0;
    size_t size = 0;
    for (size_t i = 0; i < GROUP_COUNT; i++) {
        held = (held << 5 | groups[i]) & 0xfff;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            out[size++] = (uint8_t)(held >> bits);
        }
    }
    return (held & ((1U << bits) - 1)) == 0;
}

static void split_groups(const uint8_t key[BECH32_KEY_SIZE], uint8_t *out)
{
    uint32_t held = 0;
    unsigned bits = 0;
    size_t count = 0;
    for (size_t i = 0; i < BECH32_KEY_SIZE; i++) {
        held = (held << 8 | key[i]) & 0xfff;
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            out[count++] = (uint8_t)(held >> bits) & 31;
        }
    }
    out[count] = (uint8_t)(held << (5 - bits)) & 31;
}

/* The five bits a character stands for; 32 for what is none, without a look-up that a secret
 * would steer. */
static uint8_t value_of(uint8_t character)
{
    unsigned found = 32;
    for (unsigned i = 0; i < 32; i++) {
        unsigned differs = (uint8_t)alphabet[i] ^ character;
        unsigned is_same = (differs - 1) >> 31;
        found ^= is_same * (found ^ i);
    }
    return (uint8_t)found;
}

static bool is_of_one_case(struct bytes text)
{
    bool has_lower = false;
    bool has_upper = false;
    for (size_t i = 0; i < text.size; i++) {
        has_lower = has_lower || (text.data[i] >= 'a' && text.data[i] <= 'z');
        has_upper = has_upper || (text.data[i] >= 'A' && text.data[i] <= 'Z');
    }
    return !(has_lower && has_upper);
}

static enum status read_body(struct bytes body, const char *prefix,
                             uint8_t out[BECH32_KEY_SIZE], const char **why)
{
    uint8_t values[BODY_SIZE];
    uint8_t worst = 0;
    for (size_t i = 0; i < BODY_SIZE; i++) {
        values[i] = value_of(byte_lower(body.data[i]));
        worst |= values[i];
    }
    *why = "a character is none that keys are written in";
    bool is_good = worst < 32;
    if (is_good) {
        *why = "its checksum is wrong: a character is mistyped";
        is_good = checksum_of(prefix, values, BODY_SIZE) == 1;
    }
    uint8_t key[BECH32_KEY_SIZE];
    if (is_good) {
        *why = "the bits after the key are not zero";
        is_good = join_groups(values, key);
    }
    if (is_good) {
        memcpy(out, key, sizeof key);
    }
    sodium_memzero(key, sizeof key);
    sodium_memzero(values, sizeof values);
    return is_good ? STATUS_OK : STATUS_MALFORMED;
}

enum status bech32_read_key(struct bytes text, const char *prefix, uint8_t out[BECH32_KEY_SIZE],
                            const char **why)
{
    size_t prefix_size = strlen(prefix);
    assert(prefix_size <= BECH32_PREFIX_MAX);
    *why = "it does not begin as a key of this kind does";
    if (text.size < prefix_size + 1 ||
        !bytes_equal_text_nocase(bytes_part(text, 0, prefix_size), prefix) ||
        text.data[prefix_size] != '1') {
        return STATUS_MALFORMED;
    }
    *why = "it has upper and lower case letters";
    if (!is_of_one_case(text)) {
        return STATUS_MALFORMED;
    }
    *why = "it is not as long as a key";
    struct bytes body = bytes_from(text, prefix_size + 1);
    if (body.size != BODY_SIZE) {
        return STATUS_MALFORMED;
    }
    return read_body(body, prefix, out, why);
}

size_t bech32_write_key(const char *prefix, const uint8_t key[BECH32_KEY_SIZE], bool is_upper,
                        char out[BECH32_TEXT_MAX + 1])
{
    size_t prefix_size = strlen(prefix);
    assert(prefix_size <= BECH32_PREFIX_MAX);
    uint8_t values[BODY_SIZE] = {0};
    split_groups(key, values);
    uint32_t sum = checksum_of(prefix, values, BODY_SIZE) ^ 1;
    for (unsigned i = 0; i < CHECKSUM_SIZE; i++) {
        values[GROUP_COUNT + i] = (uint8_t)(sum >> (5 * (CHECKSUM_SIZE - 1 - i))) & 31;
    }
    size_t size = prefix_size;
    memcpy(out, prefix, prefix_size);
    out[size++] = '1';
    for (size_t i = 0; i < BODY_SIZE; i++) {
        out[size++] = alphabet[values[i]];
    }
    for (size_t i = 0; is_upper && i < size; i++) {
        out[i] = (char)(out[i] >= 'a' && out[i] <= 'z' ? out[i] - 'a' + 'A' : out[i]);
    }
    out[size] = '\0';
    sodium_memzero(values, sizeof values);
    return size;
}
