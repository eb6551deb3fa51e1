/* The reading grade of English prose: Flesch-Kincaid (Kincaid and others, 1975),
 * 0.39 words/sentence + 11.8 syllables/word - 15.59. */
#pragma once

#include "base/bytes.h"

struct grade {
    uint64_t sentences;
    uint64_t words;
    uint64_t syllables;
};

/* Counts one finished sentence text (it may hold several sentences).  Names, addresses and
 * numbers count as words of one syllable: what is being graded is our prose. */
void grade_add(struct grade *grade, struct bytes text);
/* 0 where there are no words; never below 0. */
double grade_value(const struct grade *grade);
