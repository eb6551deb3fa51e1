/* Which of the questions we know is being asked, learned from their many wordings.
 *
 * Words are folded to what they mean here ("hacker", "intruder", "they" are one word), those
 * that say nothing are left out, names from the report stand for their kind.  Single words, how
 * it is asked, and which words stand together are features of an averaged perceptron, trained
 * on all wordings when the book is opened: whole numbers in a fixed order, so the same on every
 * machine.  Where two questions are too near each other, or too much of what was asked is in no
 * wording, it says so: an answer to another question is worse than none.
 *
 * content/questions/words.yaml     words: { token: [words or several words...] }, ignore: [...]
 * content/questions/<id>.yaml      id, asks, wordings, answer, otherwise (explain/answer.h);
 *                                  refused: true for what no report is asked about
 *
 * Input:  the question is untrusted text.   Limits: QUESTION_*.
 * Fuzzed: fuzz/question.c. */
#pragma once

#include "base/table.h"
#include "codec/tree.h"
#include "record/reply.h"

#define QUESTION_FEATURES_MAX 192 /* of one text; what comes after is left out */
#define QUESTION_KINDS_MAX 64
#define QUESTION_WORDINGS_MAX 8192
#define QUESTION_PHRASE_WORDS_MAX 5
/* Chosen by leaving a fifth of the wordings out in turn: tests/explain/question.c. */
#define QUESTION_MARGIN_MIN 0.25
#define QUESTION_KNOWN_MIN 0.6 /* of the words that say something, in some wording */

/* What a text says: features, each once, by number in the book's table. */
struct question_text {
    uint32_t features[QUESTION_FEATURES_MAX];
    size_t count;
    size_t content_count; /* words that say something */
    size_t unknown_count; /* of these, in no wording */
};

struct question_kind {
    const struct tree_node *document;
    struct bytes id;
    struct bytes asks;
    bool is_refused; /* not about the report: what is like it is not answered */
    size_t first_wording;
    size_t wording_count;
};

struct word_list;

struct question_book {
    struct arena *arena;
    struct word_list *list; /* of the text being read */
    struct table words;     /* stems joined by spaces -> what they mean, a struct bytes */
    struct table features;  /* a feature's text -> number + 1 */
    struct table ignored;
    const struct report *report; /* whose names stand for their kind; NULL: none */
    struct question_kind kinds[QUESTION_KINDS_MAX];
    size_t kind_count;
    struct question_text *wordings;
    size_t wording_count;
    int64_t *weights; /* (feature, kind): of the features in wordings */
    size_t feature_count;
    int64_t step_count; /* by which weights are multiplied */
};

struct question_match {
    const struct question_kind *best; /* NULL: nothing is like it */
    const struct question_kind *second;
    double margin; /* between the two, for each feature */
    double known;  /* share of its words that some wording has */
    bool is_sure;
};

/* Whether a document of content/questions/ is right, one with a member `words` as words.yaml.
 */
enum status question_check(const struct tree_node *document, struct tree_fault *fault) MUST_USE;
/* `documents`: the roots of content/questions/ but for words.yaml, in the order of their names.
 */
enum status question_book_open(const struct tree_node *words,
                               const struct tree_node *const *documents, size_t count,
                               const struct report *report, struct arena *arena,
                               struct question_book *out) MUST_USE;
enum status question_match(struct question_book *book, struct bytes question,
                           struct question_match *out) MUST_USE;
/* The first entity of the report that the question names, or NULL. */
const struct entity *question_entity(const struct report *report, struct bytes question);
