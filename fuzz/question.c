/* Claims of explain/question.h: any text, as a question or as content, gives a match within its
 * bounds, and the same one each time. */
#include "fuzz.h"

#include <string.h>

#include "codec/yaml.h"
#include "explain/answer.h"

static const char words[] =
    "words: {intruder: [attacker, they, \"bad guys\"], enter: [\"get in\", entered]}\n"
    "ignore: [the, a]\n";
static const char how[] = "id: how\nasks: How?\notherwise: how\n"
                          "wordings: {a: [\"how did they get in\", \"how was it entered\"]}\n";
static const char who[] = "id: who\nasks: Who?\notherwise: who\n"
                          "wordings: {a: [\"who was it\", \"who are the bad guys\"]}\n";

static const struct tree_node *read(const char *text, struct arena *arena)
{
    struct tree tree;
    struct tree_fault fault;
    CLAIM(tree_of_yaml(bytes_of_text(text), arena, &tree, &fault) == STATUS_OK);
    CLAIM(question_check(tree.nodes, &fault) == STATUS_OK);
    return tree.nodes;
}

static void check_document(struct bytes input, struct arena *arena)
{
    struct tree tree;
    struct tree_fault fault = {0};
    if (tree_of_yaml(input, arena, &tree, &fault) != STATUS_OK) {
        return;
    }
    if (question_check(tree.nodes, &fault) != STATUS_OK ||
        answer_check(tree.nodes, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL);
    }
}

/* Weights that know both questions, each row for a feature of one of them. */
static void write_weights(struct question_book *book, struct text *out)
{
    static const uint8_t digest[QUESTION_DIGEST_SIZE] = {0};
    struct question_text *text = arena_take(book->arena, sizeof *text);
    uint32_t *hashes = arena_take_many(book->arena, QUESTION_FEATURES_MAX, sizeof *hashes);
    uint8_t *rows = arena_take_many(book->arena, QUESTION_FEATURES_MAX, 2);
    CLAIM(text != NULL && hashes != NULL && rows != NULL);
    CLAIM(question_text_read(&book->lexicon, bytes_of_text("how did they get in, and who"),
                             text) == STATUS_OK);
    for (size_t i = 0; i < text->count; i++) {
        hashes[i] = text->features[i].hash;
        rows[2 * i + i % 2] = 100;
    }
    const struct question_weights weights = {
        .digest = {digest, sizeof digest},
        .ids = {bytes_of_text("how"), bytes_of_text("who")},
        .kind_count = 2,
        .unit = 0.5,
        .hashes = hashes,
        .row_count = text->count,
        .rows = {rows, text->count * 2},
    };
    question_weights_write(out, &weights);
    CLAIM(text_status(out) == STATUS_OK);
}

static void check_weights(struct bytes input, struct arena *arena)
{
    struct question_weights weights;
    if (question_weights_read(input, arena, &weights) != STATUS_OK) {
        return;
    }
    CLAIM(weights.kind_count <= QUESTION_KINDS_MAX);
    CLAIM(weights.rows.size == weights.row_count * weights.kind_count);
    for (size_t i = 0; i < weights.row_count; i++) {
        CLAIM(question_weights_of(&weights, weights.hashes[i]) != NULL ||
              weights.kind_count == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct arena *arena = arena_new(64 << 20);
    const struct tree_node *documents[] = {read(how, arena), read(who, arena)};
    AUTO(text_done) struct text file = text_of_limit(1 << 20);
    struct question_book book;
    struct question_source source = {
        .words = read(words, arena), .documents = documents, .count = 2};
    CLAIM(question_book_open(&source, arena, &book) == STATUS_OK);
    write_weights(&book, &file);
    source.weights = text_bytes(&file);
    CLAIM(question_book_open(&source, arena, &book) == STATUS_OK);
    struct question_match match;
    struct question_match again;
    if (question_match(&book, input, &match) == STATUS_OK) {
        CLAIM(match.likely_count <= QUESTION_LIKELY_MAX);
        CLAIM(!match.is_sure || match.likely_count > 0);
        for (size_t i = 0; i < match.likely_count; i++) {
            CLAIM(match.shares[i] >= 0 && match.shares[i] <= 1);
            CLAIM(i == 0 || match.shares[i] <= match.shares[i - 1]);
        }
        CLAIM(match.unknown >= 0 && match.unknown <= 1);
        CLAIM(question_match(&book, input, &again) == STATUS_OK);
        CLAIM(again.likely[0] == match.likely[0] && again.is_sure == match.is_sure);
    }
    check_document(input, arena);
    check_weights(input, arena);
    arena_free(arena);
    return 0;
}
