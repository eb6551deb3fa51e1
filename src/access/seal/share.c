#include "access/seal/share.h"

#include <assert.h>
#include <sodium.h>

#include "access/seal/word.h"

#define WORD_BITS 10
#define CHECKSUM_WORDS 3
#define HEAD_WORDS 4
#define PADDING_MAX 8
#define SUM_MASK 0xfffffU

/* Bits of a list of words, the first word's highest first. */
struct bits {
    uint16_t *words;
    size_t at;
};

static uint32_t take(struct bits *bits, unsigned count)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < count; i++, bits->at++) {
        unsigned word = bits->words[bits->at / WORD_BITS];
        value = value << 1 | ((word >> (WORD_BITS - 1 - bits->at % WORD_BITS)) & 1);
    }
    return value;
}

/* Into words that are zero. */
static void put(struct bits *bits, uint32_t value, unsigned count)
{
    for (unsigned i = count; i-- > 0; bits->at++) {
        uint32_t bit = (value >> i) & 1;
        bits->words[bits->at / WORD_BITS] |=
            (uint16_t)(bit << (WORD_BITS - 1 - bits->at % WORD_BITS));
    }
}

/* The Reed-Solomon code RS1024: SLIP-0039, "Checksum". */
static uint32_t checksum_step(uint32_t sum, uint32_t value)
{
    static const uint32_t generator[] = {0x00e0e040, 0x01c1c080, 0x03838100, 0x07070200,
                                         0x0e0e0009, 0x1c0c2412, 0x38086c24, 0x3090fc48,
                                         0x21b1f890, 0x03f3f120};
    uint32_t top = sum >> 20;
    sum = ((sum & SUM_MASK) << WORD_BITS) ^ value;
    for (unsigned i = 0; i < WORD_BITS; i++) {
        sum ^= ((top >> i) & 1) != 0 ? generator[i] : 0;
    }
    return sum;
}

static uint32_t checksum_of(bool is_extendable, const uint16_t *words, size_t count)
{
    uint32_t sum = 1;
    for (const char *at = is_extendable ? "shamir_extendable" : "shamir"; *at != '\0'; at++) {
        sum = checksum_step(sum, (uint8_t)*at);
    }
    for (size_t i = 0; i < count; i++) {
        sum = checksum_step(sum, words[i]);
    }
    return sum;
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* The next word of the text, and what follows it; false at its end. */
static bool next_word(struct bytes *rest, struct bytes *out)
{
    size_t begin = 0;
    while (begin < rest->size && is_space(rest->data[begin])) {
        begin++;
    }
    size_t end = begin;
    while (end < rest->size && !is_space(rest->data[end])) {
        end++;
    }
    *out = bytes_part(*rest, begin, end - begin);
    *rest = bytes_from(*rest, end);
    return end > begin;
}

static enum status read_words(struct bytes text, uint16_t out[SHARE_WORDS_MAX], size_t *count,
                              const char **why)
{
    struct bytes word;
    *count = 0;
    while (next_word(&text, &word)) {
        if (*count == SHARE_WORDS_MAX) {
            *why = "the share has more words than any share";
            return STATUS_LIMIT;
        }
        unsigned index = 0;
        if (word_find(word, &index) != STATUS_OK) {
            *why = "a word of the share is none of the list";
            return STATUS_MALFORMED;
        }
        out[(*count)++] = (uint16_t)index;
    }
    return STATUS_OK;
}

size_t share_find_unknown(struct bytes words)
{
    struct bytes word;
    unsigned index = 0;
    for (size_t number = 1; next_word(&words, &word); number++) {
        if (word_find(word, &index) != STATUS_OK) {
            return number;
        }
    }
    return 0;
}

size_t share_count_words(struct bytes words)
{
    struct bytes word;
    size_t count = 0;
    while (next_word(&words, &word)) {
        count++;
    }
    return count;
}

static void read_head(struct bits *bits, struct share *out)
{
    out->identifier = (uint16_t)take(bits, SHARE_IDENTIFIER_BITS);
    out->is_extendable = take(bits, 1) != 0;
    out->exponent = (uint8_t)take(bits, 4);
    out->group_index = (uint8_t)take(bits, 4);
    out->group_threshold = (uint8_t)(take(bits, 4) + 1);
    out->group_count = (uint8_t)(take(bits, 4) + 1);
    out->member_index = (uint8_t)take(bits, 4);
    out->member_threshold = (uint8_t)(take(bits, 4) + 1);
}

static enum status read_share(uint16_t *words, size_t count, struct share *out,
                              const char **why)
{
    if (count < SHARE_WORDS_MIN) {
        *why = "the share has too few words";
        return STATUS_TRUNCATED;
    }
    size_t value_bits = (count - HEAD_WORDS - CHECKSUM_WORDS) * WORD_BITS;
    unsigned padding = (unsigned)(value_bits % 16);
    if (padding > PADDING_MAX) {
        *why = "no share has so many words";
        return STATUS_MALFORMED;
    }
    struct bits bits = {words, 0};
    read_head(&bits, out);
    if (checksum_of(out->is_extendable, words, count) != 1) {
        *why = "the share's checksum is wrong: a word is mistyped, missing or in another place";
        return STATUS_MALFORMED;
    }
    if (out->group_threshold > out->group_count) {
        *why = "the share asks for more groups than there are";
        return STATUS_MALFORMED;
    }
    if (out->exponent > SHARE_EXPONENT_MAX) {
        *why = "the share asks for more work than is done";
        return STATUS_LIMIT;
    }
    if (take(&bits, padding) != 0) {
        *why = "the bits before the share's value are not zero";
        return STATUS_MALFORMED;
    }
    out->value_size = value_bits / 16 * 2;
    for (size_t i = 0; i < out->value_size; i++) {
        out->value[i] = (uint8_t)take(&bits, 8);
    }
    return STATUS_OK;
}

enum status share_read(struct bytes text, struct share *out, const char **why)
{
    uint16_t words[SHARE_WORDS_MAX];
    size_t count = 0;
    struct share share = {0};
    enum status status = read_words(text, words, &count, why);
    if (status == STATUS_OK) {
        status = read_share(words, count, &share, why);
    }
    if (status == STATUS_OK) {
        *out = share;
    }
    sodium_memzero(words, sizeof words);
    sodium_memzero(&share, sizeof share);
    return status;
}

static void write_head(struct bits *bits, const struct share *share)
{
    put(bits, share->identifier, SHARE_IDENTIFIER_BITS);
    put(bits, share->is_extendable, 1);
    put(bits, share->exponent, 4);
    put(bits, share->group_index, 4);
    put(bits, share->group_threshold - 1U, 4);
    put(bits, share->group_count - 1U, 4);
    put(bits, share->member_index, 4);
    put(bits, share->member_threshold - 1U, 4);
}

size_t share_write(const struct share *share, char out[SHARE_TEXT_MAX + 1])
{
    assert(share->value_size >= SHARE_SECRET_MIN && share->value_size <= SHARE_SECRET_MAX &&
           share->value_size % 2 == 0);
    uint16_t words[SHARE_WORDS_MAX] = {0};
    struct bits bits = {words, 0};
    size_t value_words = (share->value_size * 8 + WORD_BITS - 1) / WORD_BITS;
    size_t count = HEAD_WORDS + value_words + CHECKSUM_WORDS;
    write_head(&bits, share);
    bits.at += value_words * WORD_BITS - share->value_size * 8;
    for (size_t i = 0; i < share->value_size; i++) {
        put(&bits, share->value[i], 8);
    }
    uint32_t sum = checksum_of(share->is_extendable, words, count) ^ 1;
    put(&bits, sum, CHECKSUM_WORDS * WORD_BITS);
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        const char *word = word_at(words[i]);
        size_t word_size = strlen(word);
        memcpy(out + size, word, word_size);
        size += word_size;
        out[size++] = ' ';
    }
    out[--size] = '\0';
    sodium_memzero(words, sizeof words);
    return size;
}
