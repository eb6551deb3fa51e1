/* The model of shell text, as the learned detectors share it: weights once, then the best
 * window of a text and the words that made it so.
 *
 * Input:  texts are untrusted; weights are checked by model/.
 * Limits: LEARNED_PART_SIZE bytes are looked at together; longer texts are taken in parts. */
#pragma once

#include "detect/learned/shell_view.h"
#include "model/sieve.h"

#define LEARNED_PART_SIZE 65536U
#define LEARNED_SPANS_MAX 8

/* Words beside each other that a score rests on: a range of the text as it was given. */
struct learned_span {
    size_t begin;
    size_t size;
};

struct learned_scorer {
    const struct sieve *sieve;
    struct sieve_scratch scratch;
    struct shell_view view;    /* of the text at hand */
    struct shell_view located; /* the same, with offsets */
    int32_t *shares;           /* of the window explained */
    uint8_t *rest;             /* a text without the words that were chosen */
};

/* Memory for scoring, from `arena`. */
enum status learned_scorer_new(const struct sieve *sieve, struct arena *arena,
                               struct learned_scorer *out) MUST_USE;
/* The highest score of a window of the text; 0 where none is above it. */
int32_t learned_score(struct learned_scorer *scorer, struct bytes text);
/* Finds the best window again and the words that made it so: those that gave most first, as
 * many as it takes for the rest to stay below `threshold`, in order of place.  Gives their
 * count. */
size_t learned_explain(struct learned_scorer *scorer, struct bytes text, int32_t threshold,
                       struct learned_span *spans);
