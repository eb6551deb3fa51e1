/* Words with alternatives in braces, "a{b,c}", which a Unix shell makes into several words.
 *
 * Input: untrusted.   Limits: BRACES_WORDS_MAX words come of one; what has more, or braces in
 * braces, stays as it is written. */
#pragma once

#include "base/text.h"

#define BRACES_WORDS_MAX 8

/* Adds the words that come of it, between commas, and says how many; 0, nothing added, where it
 * stays one word. */
size_t braces_add_words(struct text *list, struct bytes word, size_t shown_max);
