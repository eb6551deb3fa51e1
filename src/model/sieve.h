/* The Sieve: a linear score over which short byte strings occur in a window of lines.
 *
 * Every run of 3, 4, 6 and 8 bytes within a line is hashed into one table of 8-bit weights; a
 * window's score is the sum of the weights of the buckets that occur in it, each once.  A
 * window begins with a line and ends with one: it ends once it holds SIEVE_WINDOW_SIZE bytes,
 * or where its score is no longer above 0, as what came before then only hides what follows.
 * The score is taken after each line and an object's is the highest: since a score looks only
 * back, lines added after others leave all their scores as they were, and add to the maximum or
 * not. A line longer than SIEVE_LINE_SIZE is taken in parts of that size.
 *
 * It knows nothing of what the bytes mean.  Sums are whole numbers, so every way to compute
 * them gives the same: sieve_scan is the fast one, sieve_explain the plain one.
 *
 * Input:  any bytes as text; weights through sieve_load, which checks them.
 * Output: borrows from the weights.
 * Limits: SIEVE_BITS_MAX; a text of 4 GB. */
#pragma once

#include "base/arena.h"
#include "model/calibration.h"
#include "model/weights.h"

#define SIEVE_BITS_MIN 8U
#define SIEVE_BITS_MAX 20U
#define SIEVE_WINDOW_SIZE 512U
#define SIEVE_LINE_SIZE 512U
#define SIEVE_ORDERS 4
#define SIEVE_ORDER_MAX 8
/* Each byte of an n-gram has 1/n of its weight: in these units all of them are whole. */
#define SIEVE_SHARE 24

struct sieve {
    struct bytes table; /* (2^bits) int8 */
    uint32_t bits;
    int32_t threshold; /* scores from here are raised */
    uint32_t
        class_size; /* the claim of `calibration` holds for objects up to this many bytes */
    struct calibration calibration;
};

/* The tensors "sieve.table", "sieve.settings" and "sieve.calibration". */
enum status sieve_load(const struct weights *weights, struct sieve *out,
                       struct fault *fault) MUST_USE;

/* The table again, each weight beside the number of the window that last had its bucket: one
 * place in memory to look at for each n-gram.  One per process that scores. */
struct sieve_scratch {
    uint16_t *cells; /* (2^bits): weight in the low byte, window in the high one */
    uint16_t window; /* the number of the window at hand, in the high byte */
};

enum status sieve_scratch_new(const struct sieve *sieve, struct arena *arena,
                              struct sieve_scratch *out) MUST_USE;

/* A window and its score: lines [begin, end) of the text. */
struct sieve_window {
    int32_t score;
    size_t begin;
    size_t end;
};

/* The best window of a text whose lines end in "\n"; score 0 where none is above it.  Of equal
 * ones the first. */
struct sieve_window sieve_scan(const struct sieve *sieve, struct sieve_scratch *scratch,
                               struct bytes text);
/* What each byte of the window added to its score, in units of 1/SIEVE_SHARE: the sum of
 * `shares` (window bytes) is its score times SIEVE_SHARE.  Gives back the score. */
int32_t sieve_explain(const struct sieve *sieve, struct sieve_scratch *scratch,
                      struct bytes window, int32_t *shares);

/* One line, or a part of a long one, as n-grams: sets `buckets` to those that occur, with
 * repeats, at most SIEVE_ORDERS * (size of the line + 2).  For training. */
size_t sieve_buckets(uint32_t bits, struct bytes line, uint32_t *buckets);
/* Takes the next line, or part of a long one, off the text; false at its end. */
bool sieve_next_line(struct bytes *text, struct bytes *line);
