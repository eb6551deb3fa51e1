/* One share of a secret, and the words it is written down in.
 *
 * Input:  untrusted words.  Any bytes at all yield a share or a reason.
 * Output: a share holds a secret: make it in memory that is wiped.
 * Limits: secrets of SHARE_SECRET_MIN to SHARE_SECRET_MAX bytes; SHARE_EXPONENT_MAX, because
 *         each step doubles the work of joining.
 * Fuzzed: fuzz/share.c.   Format: SLIP-0039, "Format of the share mnemonic".
 *
 * Layout of a share, in bits, ten to a word:
 *   15 identifier   1 extendable   4 exponent
 *    4 group index  4 group threshold - 1  4 group count - 1
 *    4 member index 4 member threshold - 1
 *    n value, behind zeros to a whole number of words   30 checksum */
#pragma once

#include "base/bytes.h"
#include "base/status.h"
#include "base/text.h"

#define SHARE_SECRET_MIN 16
#define SHARE_SECRET_MAX 64
#define SHARE_COUNT_MAX 16 /* of groups, and of members of each */
#define SHARE_EXPONENT_MAX 8
#define SHARE_IDENTIFIER_BITS 15
#define SHARE_WORDS_MIN 20
#define SHARE_WORDS_MAX 59
/* The words, and a space after each. */
#define SHARE_TEXT_MAX (SHARE_WORDS_MAX * 9)

struct share {
    uint16_t identifier; /* the same in all shares of one split */
    bool is_extendable;  /* the identifier is no part of the encryption */
    uint8_t exponent;
    uint8_t group_index;
    uint8_t group_threshold;
    uint8_t group_count;
    uint8_t member_index;
    uint8_t member_threshold;
    size_t value_size;
    uint8_t value[SHARE_SECRET_MAX];
};

/* Words between white space.  `*why` says why not. */
enum status share_read(struct bytes words, struct share *out, const char **why) MUST_USE;
/* Which word, from 1, is the first that is none of the list; 0 where all are. */
size_t share_find_unknown(struct bytes words);
size_t share_count_words(struct bytes words);
/* One space between each two, terminated; the number of characters. */
size_t share_write(const struct share *share, char out[SHARE_TEXT_MAX + 1]);
