/* The words in which shares of a secret are written down.
 *
 * Sorted, four to eight letters each, told apart by their first four.
 * Input:  a word from outside, of either case.
 * Format: SLIP-0039, section "Wordlist". */
#pragma once

#include "base/bytes.h"
#include "base/status.h"

#define WORD_COUNT 1024
#define WORD_SIZE_MAX 8

const char *word_at(unsigned index);
/* STATUS_NOT_FOUND for what is none of them. */
enum status word_find(struct bytes word, unsigned *out) MUST_USE;
