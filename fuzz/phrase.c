/* Claims of explain/phrase.h: a phrase that is accepted is written where its facts are there;
 * one whose facts are missing adds nothing at all, not even a gloss; what is refused has a
 * reason. */
#include "fuzz.h"

#include "codec/yaml.h"
#include "explain/phrase.h"

#define MEMORY_MAX (64U << 20)
#define WRITTEN_MAX (4U << 20)
#define NAMES_MAX SLOTS_MAX

/* Each fact the phrase asks for; false where there are more than slots. */
static bool set_facts(struct slots *slots, struct bytes phrase)
{
    struct cursor cursor = cursor_of(phrase);
    while (!cursor_at_end(&cursor)) {
        struct bytes word;
        if (!cursor_accept(&cursor, "{")) {
            cursor_skip(&cursor, 1);
            continue;
        }
        CLAIM(cursor_until(&cursor, '}', &word));
        struct text AUTO(text_done) name = text_of_limit(PHRASE_SIZE_MAX);
        text_add_raw(&name, word);
        if (bytes_find_byte(word, 0) < word.size || slots->count == NAMES_MAX) {
            return false;
        }
        const char *kept = arena_copy_text(slots->arena, text_terminated(&name));
        CLAIM(kept != NULL);
        slots_set_text(slots, kept, "a fact");
    }
    return true;
}

static void check_phrase(struct phrase_book *book, const struct tree_node *node,
                         struct arena *arena)
{
    if (node->key.size == 0 || bytes_find_byte(node->key, 0) < node->key.size) {
        return;
    }
    struct text AUTO(text_done) out = text_of_limit(WRITTEN_MAX);
    struct text AUTO(text_done) key = text_of_limit(WRITTEN_MAX);
    struct slots none = {.arena = arena};
    struct slots all = {.arena = arena};
    text_add_raw(&key, node->key);
    text_add(&out, "before");
    size_t glossed = book->glossed_count;
    if (phrase_add(book, text_terminated(&key), &none, &out) != STATUS_OK) {
        CLAIM(bytes_equal_text(text_bytes(&out), "before"));
        CLAIM(book->glossed_count == glossed);
    }
    CLAIM(book->glossed_count <= GLOSSED_MAX);
    if (set_facts(&all, tree_text(node))) {
        CLAIM(phrase_add(book, text_terminated(&key), &all, &out) == STATUS_OK);
        CLAIM(bytes_starts(text_bytes(&out), "before"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct tree tree;
    struct tree_fault fault = {0};
    if (tree_of_yaml((struct bytes){data, size}, arena, &tree, &fault) != STATUS_OK) {
        return 0;
    }
    fault = (struct tree_fault){0};
    if (phrase_check(tree.nodes, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL);
        return 0;
    }
    struct phrase_book book = {.phrases = tree_member(tree.nodes, "phrases"),
                               .glossary = tree_member(tree.nodes, "terms")};
    for (const struct tree_node *node = tree_first(book.phrases); node != NULL;
         node = tree_next(book.phrases, node)) {
        check_phrase(&book, node, arena);
    }
    return 0;
}
