#include "detect/learned/model.h"

#include <string.h>

/* How far below the threshold the rest is brought, in parts of it: taken out of the text, what
 * stood on both sides of a word comes together and scores anew, so that more may be needed. */
#define SPARES 4
#define WORDS_MAX 512 /* of a window; each has a byte and one between */

/* A word of the folded window, and what it added to the score. */
struct word {
    size_t begin;
    size_t end;
    int64_t share;
    bool is_chosen;
};

/* The window explained: its folded bytes within the view, and its words in order. */
struct account {
    size_t begin; /* of the window in the view */
    size_t part;  /* of the part in the text */
    int32_t score;
    struct word words[WORDS_MAX];
    size_t word_count;
};

enum status learned_scorer_new(const struct sieve *sieve, struct arena *arena,
                               struct learned_scorer *out)
{
    struct learned_scorer scorer = {.sieve = sieve};
    TRY(sieve_scratch_new(sieve, arena, &scorer.scratch));
    TRY(shell_view_new(arena, LEARNED_PART_SIZE, false, &scorer.view));
    TRY(shell_view_new(arena, LEARNED_PART_SIZE, true, &scorer.located));
    scorer.shares =
        arena_take_many(arena, SIEVE_WINDOW_SIZE + SIEVE_LINE_SIZE + 2, sizeof *scorer.shares);
    scorer.rest = arena_take(arena, LEARNED_PART_SIZE);
    if (scorer.shares == NULL || scorer.rest == NULL) {
        return STATUS_NO_MEMORY;
    }
    *out = scorer;
    return STATUS_OK;
}

/* The best window over all parts of the text, in the view of its part. */
static struct sieve_window scan(struct learned_scorer *scorer, struct bytes text, size_t *part)
{
    struct sieve_window best = {0};
    for (size_t at = 0; at < text.size; at += LEARNED_PART_SIZE) {
        shell_view_fill(&scorer->view, bytes_part(text, at, LEARNED_PART_SIZE));
        struct sieve_window window =
            sieve_scan(scorer->sieve, &scorer->scratch, shell_view_text(&scorer->view));
        if (window.score > best.score) {
            best = window;
            *part = at;
        }
    }
    return best;
}

int32_t learned_score(struct learned_scorer *scorer, struct bytes text)
{
    size_t part = 0;
    return scan(scorer, text, &part).score;
}

static void find_words(struct bytes window, const int32_t *shares, struct account *account)
{
    size_t at = 0;
    while (at < window.size && account->word_count < WORDS_MAX) {
        struct word word = {.begin = at};
        while (at < window.size && window.data[at] != ' ' && window.data[at] != '\n') {
            word.share += shares[at++];
        }
        word.end = at;
        if (at < window.size) {
            word.share += shares[at++];
        }
        if (word.end > word.begin) {
            account->words[account->word_count++] = word;
        }
    }
}

/* Chooses the word that gave most among those left; false where none gave anything. */
static bool choose_next(struct account *account, int64_t *left)
{
    struct word *most = NULL;
    for (size_t i = 0; i < account->word_count; i++) {
        struct word *word = &account->words[i];
        if (!word->is_chosen && word->share > 0 &&
            (most == NULL || word->share > most->share)) {
            most = word;
        }
    }
    if (most == NULL) {
        return false;
    }
    most->is_chosen = true;
    *left -= most->share;
    return true;
}

/* Runs of chosen words beside each other. */
static size_t count_spans(const struct account *account)
{
    size_t count = 0;
    for (size_t i = 0; i < account->word_count; i++) {
        count += account->words[i].is_chosen && (i == 0 || !account->words[i - 1].is_chosen);
    }
    return count;
}

static void choose(struct account *account, int64_t threshold)
{
    int64_t left = (int64_t)account->score * SIEVE_SHARE;
    int64_t low_enough = threshold * SIEVE_SHARE;
    for (size_t i = 0; i < account->word_count; i++) {
        account->words[i].is_chosen = false;
    }
    while (left >= low_enough) {
        struct account before = *account;
        if (!choose_next(account, &left)) {
            break;
        }
        if (count_spans(account) > LEARNED_SPANS_MAX) {
            *account = before;
            break;
        }
    }
}

/* From places in the window to places in the text. */
static size_t write_spans(const struct learned_scorer *scorer, const struct account *account,
                          struct learned_span *spans)
{
    size_t count = 0;
    for (size_t i = 0; i < account->word_count; i++) {
        const struct word *word = &account->words[i];
        if (!word->is_chosen) {
            continue;
        }
        const uint32_t *offsets = scorer->located.offsets + account->begin;
        size_t begin = account->part + offsets[word->begin];
        size_t end = account->part + offsets[word->end - 1] + 1;
        if (i > 0 && account->words[i - 1].is_chosen) {
            spans[count - 1].size = end - spans[count - 1].begin;
        } else {
            spans[count++] = (struct learned_span){begin, end - begin};
        }
    }
    return count;
}

/* True where the text would score below the threshold without the spans; long texts are not
 * tried. */
static bool is_enough(struct learned_scorer *scorer, struct bytes text,
                      const struct learned_span *spans, size_t count, int32_t threshold)
{
    if (text.size > LEARNED_PART_SIZE) {
        return true;
    }
    size_t at = 0;
    size_t size = 0;
    for (size_t i = 0; i <= count; i++) {
        size_t end = i < count ? spans[i].begin : text.size;
        struct bytes kept = bytes_part(text, at, end - at);
        if (kept.size > 0) {
            memcpy(scorer->rest + size, kept.data, kept.size);
        }
        size += kept.size;
        at = i < count ? end + spans[i].size : end;
    }
    return learned_score(scorer, (struct bytes){scorer->rest, size}) < threshold;
}

size_t learned_explain(struct learned_scorer *scorer, struct bytes text, int32_t threshold,
                       struct learned_span *spans)
{
    struct account account = {0};
    struct sieve_window window = scan(scorer, text, &account.part);
    if (window.score <= 0) {
        return 0;
    }
    shell_view_fill(&scorer->located, bytes_part(text, account.part, LEARNED_PART_SIZE));
    struct bytes folded =
        bytes_part(shell_view_text(&scorer->located), window.begin, window.end - window.begin);
    account.begin = window.begin;
    account.score = sieve_explain(scorer->sieve, &scorer->scratch, folded, scorer->shares);
    find_words(folded, scorer->shares, &account);
    for (int64_t spare = 0; spare < SPARES; spare++) {
        choose(&account, threshold - threshold * spare / SPARES);
        size_t count = write_spans(scorer, &account, spans);
        if (is_enough(scorer, text, spans, count, threshold)) {
            return count;
        }
    }
    /* Another window carries the text as well: the words of this one are cited all the same. */
    choose(&account, threshold);
    return write_spans(scorer, &account, spans);
}
