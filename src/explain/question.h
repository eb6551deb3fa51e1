/* Which of the questions we know is being asked, learned from their many wordings.
 *
 * A question's text becomes features (explain/question_text.h); each speaks for or against each
 * kind of question by weights learned beforehand (explain/question_weights.h,
 * train/question.h). What speaks for a kind, as a share of what speaks for any, is how sure it
 * is.  Where no kind has most of it, where the text is like those that no report answers, or
 * where too many of its words are in no wording, it is not sure: an answer to another question
 * is worse than none.
 *
 * content/questions/words.yaml     words: { token: [words or several words...] }, ignore: [...]
 * content/questions/<id>.yaml      id, asks, wordings: { who asks so: [texts...] }, answer,
 *                                  otherwise (explain/answer.h); refused: true for what no
 * report is asked about
 *
 * Input:  the question is untrusted text.   Limits: QUESTION_*.
 * Fuzzed: fuzz/question.c. */
#pragma once

#include "explain/question_text.h"
#include "explain/question_weights.h"

#define QUESTION_LIKELY_MAX 4
/* Chosen by leaving out each group of those who ask in turn: tocsin-train questions. */
#define QUESTION_SHARE_MIN 0.4
#define QUESTION_REFUSED_MAX 0.25
#define QUESTION_UNKNOWN_MAX 0.5

struct question_kind {
    const struct tree_node *document;
    struct bytes id;
    struct bytes asks;
    bool is_refused; /* not about the report: what is like it is not answered */
    size_t column;   /* in the weights; QUESTION_KINDS_MAX where they do not know it */
};

struct question_source {
    const struct tree_node *words;            /* the root of words.yaml */
    const struct tree_node *const *documents; /* of the others, in the order of their names */
    size_t count;
    struct bytes weights;        /* a file of them; empty: nothing is recognised */
    struct bytes left_out;       /* whose wordings are not known; empty: all are */
    const struct report *report; /* whose names stand for their kind; NULL: none */
};

struct question_book {
    struct arena *arena;
    struct question_lexicon lexicon;
    struct question_weights weights;
    struct question_kind kinds[QUESTION_KINDS_MAX];
    size_t kind_count;
};

struct question_match {
    const struct question_kind *likely[QUESTION_LIKELY_MAX]; /* the likeliest first */
    double shares[QUESTION_LIKELY_MAX];
    size_t likely_count; /* 0: nothing is like it */
    double refused;      /* share of the kinds that are refused */
    double unknown;      /* share of its words that are in no wording that a report answers */
    bool is_sure;        /* that the first is what is asked */
};

/* Goes through a document's wordings, of all who ask but one; what the question asks by itself
 * comes last, as nobody's. */
struct question_wordings {
    const struct tree_node *document;
    struct bytes left_out; /* whose are passed over; empty: nobody's */
    const struct tree_node *group;
    const struct tree_node *next;
    bool is_over;
};
struct question_wordings question_wordings_of(const struct tree_node *document,
                                              struct bytes left_out);
bool question_wording_next(struct question_wordings *wordings, struct bytes *out);

/* Whether a document of content/questions/ is right, one with a member `words` as words.yaml.
 */
enum status question_check(const struct tree_node *document, struct tree_fault *fault) MUST_USE;
enum status question_book_open(const struct question_source *source, struct arena *arena,
                               struct question_book *out) MUST_USE;
enum status question_match(struct question_book *book, struct bytes question,
                           struct question_match *out) MUST_USE;
