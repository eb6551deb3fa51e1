/* Learns which question is asked (explain/question.h) from the wordings of content/questions.
 *
 * A multinomial logistic regression over the features of explain/question_text.h: stochastic
 * gradient descent in an order that is mixed and always the same, with a rate for each weight
 * (AdaGrad: Duchi, Hazan and Singer, 2011) and a pull towards zero.  Weights become signed
 * bytes.
 *
 * Owner: everything is in the shelf's arena; what is written borrows nothing. */
#pragma once

#include "base/text.h"
#include "explain/question.h"

#define QUESTION_GROUPS_MAX 16
#define QUESTION_FILE_SIZE_MAX (16U << 20)

/* content/questions as it lies on the disk. */
struct question_shelf {
    struct arena *arena;
    const struct tree_node *words;
    const struct tree_node *documents[QUESTION_KINDS_MAX];
    size_t count;
    struct bytes groups[QUESTION_GROUPS_MAX]; /* who asks, each once */
    size_t group_count;
    uint8_t digest[QUESTION_DIGEST_SIZE]; /* of all that is learned from */
};

enum status question_shelf_open(const char *folder, struct question_shelf *out) MUST_USE;
void question_shelf_close(struct question_shelf *shelf);
/* Weights for all wordings but those of `left_out`, as a file; empty: for all. */
enum status question_fit(const struct question_shelf *shelf, struct bytes left_out,
                         struct text *out) MUST_USE;
