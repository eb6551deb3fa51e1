#include "detect/learned/model.h"

/* Words are chosen until this part of the threshold is missing from it: taken out of the text,
 * what stood on both sides of a word comes together and scores a little anew. */
#define SPARE 4
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
    if (scorer.shares == NULL) {
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

static void choose(struct account *account, int32_t threshold)
{
    int64_t left = (int64_t)account->score * SIEVE_SHARE;
    int64_t low_enough = (int64_t)(threshold - threshold / SPARE) * SIEVE_SHARE;
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
    choose(&account, threshold);
    return write_spans(scorer, &account, spans);
}
