/* What somebody typed where it does not belong, and nobody must keep or show: a secret key of
 * age, or the words of a share.
 *
 * Input:  the caller's own words, and lines that may quote them. */
#pragma once

#include "base/text.h"

struct secret_words {
    int count;
    const char *const *at;
};

bool secret_is(const char *word);
/* The line without the secrets among the words, cut short or not, and without any key of age;
 * nothing else of it changes. */
void secret_add_line(const struct secret_words *words, struct bytes line, struct text *out);
