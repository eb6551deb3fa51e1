/* What a question says, as numbers: its words, what they mean here, and how they stand
 * together.
 *
 * Words are folded to what they mean ("hacker", "intruder", "they" are one), by the table of
 * content/questions/words.yaml.  What has the form of an address, a file or another name, and
 * every name of the report, stands for its kind alone.  A long word that nobody ever used here
 * is read as the one it differs from by one letter.  Features are hashes of the words, the
 * meanings, neighbours of both, how it is asked, and parts of words of four and five letters;
 * each has a value by its sort.
 *
 * Input:  the text is untrusted.   Limits: QUESTION_*.
 * Fuzzed: fuzz/question.c. */
#pragma once

#include "base/table.h"
#include "codec/tree.h"
#include "record/reply.h"

#define QUESTION_FEATURES_MAX 2048 /* of one text; what comes after is left out */
#define QUESTION_PHRASE_WORDS_MAX 5

struct question_feature {
    uint32_t hash;
    uint32_t value;
};

struct question_text {
    struct question_feature features[QUESTION_FEATURES_MAX]; /* by hash, each once */
    size_t count;
    size_t word_count;
    size_t unknown_count; /* words in no wording that a report answers */
};

struct word_list;

struct question_lexicon {
    struct arena *arena;
    struct word_list *list;      /* of the text being read */
    struct table meanings;       /* stems joined by spaces -> what they mean, a struct bytes */
    struct table ignored;        /* stems */
    struct table vocabulary;     /* words -> how often they were used */
    struct table stems;          /* of wordings that a report answers -> how often */
    bool is_own;                 /* the text being read is one of the wordings itself */
    bool corrects;               /* words that were misspelt */
    const struct report *report; /* whose names stand for their kind; NULL: none */
};

/* `words`: the root of content/questions/words.yaml. */
enum status question_lexicon_open(const struct tree_node *words, struct arena *arena,
                                  struct question_lexicon *out) MUST_USE;
/* The words of a wording are known from here on; `is_ours`: one that a report answers. */
enum status question_lexicon_learn(struct question_lexicon *lexicon, struct bytes wording,
                                   bool is_ours) MUST_USE;
enum status question_text_read(struct question_lexicon *lexicon, struct bytes text,
                               struct question_text *out) MUST_USE;
/* The first entity of the report that the question names, or NULL. */
const struct entity *question_entity(const struct report *report, struct bytes question);
