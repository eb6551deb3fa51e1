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
                          "wordings: [\"how did they get in\", \"how was it entered\"]\n";
static const char who[] = "id: who\nasks: Who?\notherwise: who\n"
                          "wordings: [\"who was it\", \"who are the bad guys\"]\n";

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct arena *arena = arena_new(64 << 20);
    const struct tree_node *documents[] = {read(how, arena), read(who, arena)};
    struct question_book book;
    CLAIM(question_book_open(read(words, arena), documents, 2, NULL, arena, &book) ==
          STATUS_OK);
    struct question_match match;
    struct question_match again;
    if (question_match(&book, input, &match) == STATUS_OK) {
        CLAIM(match.best == NULL || (match.best != match.second && match.margin >= 0));
        CLAIM(match.known >= 0 && match.known <= 1);
        CLAIM(question_match(&book, input, &again) == STATUS_OK);
        CLAIM(again.best == match.best && again.is_sure == match.is_sure);
    }
    check_document(input, arena);
    arena_free(arena);
    return 0;
}
