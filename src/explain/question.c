#include "explain/question.h"

#include <math.h>
#include <string.h>

/* ---- the book ---- */

/* The first group from `group` on that is not left out. */
static const struct tree_node *group_from(const struct question_wordings *wordings,
                                          const struct tree_node *group)
{
    const struct tree_node *all = tree_member(wordings->document, "wordings");
    while (group != NULL && bytes_equal(group->key, wordings->left_out)) {
        group = tree_next(all, group);
    }
    return group;
}

struct question_wordings question_wordings_of(const struct tree_node *document,
                                              struct bytes left_out)
{
    struct question_wordings wordings = {.document = document, .left_out = left_out};
    wordings.group = group_from(&wordings, tree_first(tree_member(document, "wordings")));
    wordings.next = tree_first(wordings.group);
    return wordings;
}

bool question_wording_next(struct question_wordings *wordings, struct bytes *out)
{
    const struct tree_node *all = tree_member(wordings->document, "wordings");
    while (wordings->group != NULL && wordings->next == NULL) {
        wordings->group = group_from(wordings, tree_next(all, wordings->group));
        wordings->next = tree_first(wordings->group);
    }
    if (wordings->next != NULL) {
        *out = tree_text(wordings->next);
        wordings->next = tree_next(wordings->group, wordings->next);
        return true;
    }
    *out = tree_text(tree_member(wordings->document, "asks"));
    bool was_over = wordings->is_over;
    wordings->is_over = true;
    return !was_over;
}

static enum status learn_wordings(const struct question_source *source,
                                  const struct tree_node *document,
                                  struct question_lexicon *lexicon)
{
    struct question_wordings wordings = question_wordings_of(document, source->left_out);
    bool is_ours = tree_member(document, "refused") == NULL;
    struct bytes wording;
    while (question_wording_next(&wordings, &wording)) {
        TRY(question_lexicon_learn(lexicon, wording, is_ours));
    }
    return STATUS_OK;
}

static void add_kind(struct question_book *book, const struct tree_node *document)
{
    struct question_kind kind = {
        .document = document,
        .id = tree_text(tree_member(document, "id")),
        .asks = tree_text(tree_member(document, "asks")),
        .is_refused = tree_member(document, "refused") != NULL,
        .column = QUESTION_KINDS_MAX,
    };
    for (size_t i = 0; i < book->weights.kind_count; i++) {
        if (bytes_equal(book->weights.ids[i], kind.id)) {
            kind.column = i;
        }
    }
    book->kinds[book->kind_count++] = kind;
}

enum status question_book_open(const struct question_source *source, struct arena *arena,
                               struct question_book *out)
{
    *out = (struct question_book){.arena = arena};
    if (source->count > QUESTION_KINDS_MAX) {
        return STATUS_LIMIT;
    }
    if (source->weights.size > 0) {
        TRY(question_weights_read(source->weights, arena, &out->weights));
    }
    TRY(question_lexicon_open(source->words, arena, &out->lexicon));
    for (size_t i = 0; i < source->count; i++) {
        TRY(learn_wordings(source, source->documents[i], &out->lexicon));
        add_kind(out, source->documents[i]);
    }
    out->lexicon.report = source->report;
    return STATUS_OK;
}

/* ---- matching ---- */

/* How much the text speaks for each column: products of whole numbers, the length of the text
 * taken out. */
static void add_scores(const struct question_weights *weights, const struct question_text *text,
                       double scores[QUESTION_KINDS_MAX])
{
    int64_t sums[QUESTION_KINDS_MAX] = {0};
    uint64_t squares = 0;
    for (size_t i = 0; i < text->count; i++) {
        const struct question_feature *feature = &text->features[i];
        const uint8_t *row = question_weights_of(weights, feature->hash);
        squares += (uint64_t)feature->value * feature->value;
        for (size_t k = 0; row != NULL && k < weights->kind_count; k++) {
            sums[k] += (int64_t)(int8_t)row[k] * feature->value;
        }
    }
    for (size_t k = 0; k < weights->kind_count; k++) {
        scores[k] = weights->unit * (double)sums[k] / sqrt((double)squares);
    }
}

/* The likely kinds in order, each with its share of what speaks for any of them. */
static void rank(const struct question_book *book, const double scores[QUESTION_KINDS_MAX],
                 struct question_match *out)
{
    double highest = -HUGE_VAL;
    double total = 0;
    for (size_t k = 0; k < book->weights.kind_count; k++) {
        highest = scores[k] > highest ? scores[k] : highest;
    }
    for (size_t k = 0; k < book->weights.kind_count; k++) {
        total += exp(scores[k] - highest);
    }
    for (size_t i = 0; i < book->kind_count; i++) {
        const struct question_kind *kind = &book->kinds[i];
        if (kind->column == QUESTION_KINDS_MAX) {
            continue;
        }
        double share = exp(scores[kind->column] - highest) / total;
        out->refused += kind->is_refused ? share : 0;
        size_t at = out->likely_count;
        while (at > 0 && out->shares[at - 1] < share) {
            at--;
        }
        if (at == QUESTION_LIKELY_MAX) {
            continue;
        }
        out->likely_count += out->likely_count < QUESTION_LIKELY_MAX;
        for (size_t j = out->likely_count - 1; j > at; j--) {
            out->likely[j] = out->likely[j - 1];
            out->shares[j] = out->shares[j - 1];
        }
        out->likely[at] = kind;
        out->shares[at] = share;
    }
}

enum status question_match(struct question_book *book, struct bytes question,
                           struct question_match *out)
{
    struct question_match match = {.likely_count = 0};
    double scores[QUESTION_KINDS_MAX];
    struct question_text *asked = arena_take(book->arena, sizeof *asked);
    if (asked == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(question_text_read(&book->lexicon, question, asked));
    if (asked->word_count > 0 && book->weights.kind_count > 0) {
        add_scores(&book->weights, asked, scores);
        rank(book, scores, &match);
        match.unknown = (double)asked->unknown_count / (double)asked->word_count;
    }
    match.is_sure = match.likely_count > 0 && !match.likely[0]->is_refused &&
                    match.shares[0] >= QUESTION_SHARE_MIN &&
                    match.refused <= QUESTION_REFUSED_MAX &&
                    match.unknown <= QUESTION_UNKNOWN_MAX;
    *out = match;
    return STATUS_OK;
}

/* ---- checking a document ---- */

static enum status refuse(struct tree_fault *fault, const struct tree_node *node,
                          const char *what)
{
    *fault = (struct tree_fault){what, node == NULL ? 0 : node->line};
    return STATUS_MALFORMED;
}

static enum status check_texts(const struct tree_node *list, struct tree_fault *fault)
{
    if (!tree_is(list, TREE_LIST) || tree_first(list) == NULL) {
        return refuse(fault, list, "a list of texts is expected here");
    }
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        if (tree_text(child).size == 0 || tree_text(child).size > QUESTION_SIZE_MAX) {
            return refuse(fault, child, "a text of a sensible size is expected here");
        }
    }
    return STATUS_OK;
}

static enum status check_words(const struct tree_node *document, struct tree_fault *fault)
{
    const struct tree_node *words = tree_member(document, "words");
    if (!tree_is(words, TREE_MAP)) {
        return refuse(fault, document, "a map named words is expected here");
    }
    for (const struct tree_node *child = tree_first(words); child != NULL;
         child = tree_next(words, child)) {
        TRY(check_texts(child, fault));
    }
    return check_texts(tree_member(document, "ignore"), fault);
}

enum status question_check(const struct tree_node *document, struct tree_fault *fault)
{
    if (tree_member(document, "words") != NULL) {
        return check_words(document, fault);
    }
    static const char *const keys[] = {"id",     "asks",      "wordings",
                                       "answer", "otherwise", "refused"};
    if (!tree_is(document, TREE_MAP)) {
        return refuse(fault, document, "a question is a map");
    }
    for (const struct tree_node *child = tree_first(document); child != NULL;
         child = tree_next(document, child)) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            is_known = is_known || bytes_equal_text(child->key, keys[i]);
        }
        if (!is_known) {
            return refuse(fault, child, "a key that questions do not have");
        }
    }
    if (tree_text(tree_member(document, "id")).size == 0 ||
        !bytes_ends(tree_text(tree_member(document, "asks")), "?")) {
        return refuse(fault, document, "a question needs an id, and asks something?");
    }
    const struct tree_node *wordings = tree_member(document, "wordings");
    if (!tree_is(wordings, TREE_MAP) || tree_first(wordings) == NULL) {
        return refuse(fault, document, "wordings are a map: who asks so, and a list of texts");
    }
    for (const struct tree_node *child = tree_first(wordings); child != NULL;
         child = tree_next(wordings, child)) {
        TRY(check_texts(child, fault));
    }
    return STATUS_OK;
}
