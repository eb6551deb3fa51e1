#include "explain/question.h"

#include "check.h"
#include "codec/yaml.h"
#include "explain/answer.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "content/questions"
#define FOLDS 5
#define RIGHT_MIN 0.60 /* of the wordings left out: what it reaches, a little below */
#define OTHER_MAX 0.08

struct shelf {
    struct arena *arena;
    const struct tree_node *words;
    const struct tree_node *documents[QUESTION_KINDS_MAX];
    size_t count;
    struct question_book book;
};

/* The file without every FOLDS-th wording from `fold` on; `fold` FOLDS leaves none out. */
static struct bytes read_file(struct arena *arena, const char *name, unsigned fold)
{
    char path[512];
    snprintf(path, sizeof path, FOLDER "/%s", name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    AUTO(text_done) struct text text = text_of_limit(1 << 18);
    char line[2048];
    unsigned number = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        bool is_wording = strncmp(line, "  - ", 4) == 0;
        if (!is_wording || number++ % FOLDS != fold) {
            text_add(&text, line);
        }
    }
    fclose(file);
    struct bytes content;
    assert_ok(arena_copy(arena, text_bytes(&text), &content));
    return content;
}

static const struct tree_node *read_document(struct arena *arena, const char *name,
                                             unsigned fold)
{
    struct tree tree;
    struct tree_fault fault = {0};
    enum status status = tree_of_yaml(read_file(arena, name, fold), arena, &tree, &fault);
    if (status == STATUS_OK) {
        status = question_check(tree.nodes, &fault);
    }
    if (status != STATUS_OK) {
        fail_msg("%s:%u: %s", name, fault.line, fault.what);
    }
    return tree.nodes;
}

static void open_shelf(struct shelf *shelf, unsigned fold)
{
    *shelf = (struct shelf){.arena = arena_new(256 << 20)};
    struct dirent **names;
    int count = scandir(FOLDER, &names, NULL, alphasort);
    assert_true(count > 2);
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i]->d_name, "words.yaml") == 0) {
            shelf->words = read_document(shelf->arena, names[i]->d_name, FOLDS);
        } else if (names[i]->d_name[0] != '.') {
            shelf->documents[shelf->count++] =
                read_document(shelf->arena, names[i]->d_name, fold);
        }
        free(names[i]);
    }
    free(names);
    assert_ok(question_book_open(shelf->words, shelf->documents, shelf->count, NULL,
                                 shelf->arena, &shelf->book));
}

struct tally {
    size_t all;
    size_t right;
    size_t unsure;
    size_t other;
};

static void tell(const struct question_kind *kind, struct bytes wording,
                 const struct question_match *match)
{
    if (getenv("QUESTION_VERBOSE") == NULL || (match->is_sure && match->best == kind)) {
        return;
    }
    printf("%-14.*s %s \"%.*s\": %.*s, %.*s, margin %.2f, known %.2f\n", (int)kind->id.size,
           kind->id.data, match->is_sure ? "OTHER " : "unsure", (int)wording.size, wording.data,
           match->best ? (int)match->best->id.size : 0,
           match->best ? (const char *)match->best->id.data : "",
           match->second ? (int)match->second->id.size : 0,
           match->second ? (const char *)match->second->id.data : "", match->margin,
           match->known);
}

static void ask_those_left_out(struct shelf *learned, const struct shelf *whole, unsigned fold,
                               struct tally *tally)
{
    for (size_t k = 0; k < whole->count; k++) {
        const struct question_kind *kind = &learned->book.kinds[k];
        const struct tree_node *list = tree_member(whole->documents[k], "wordings");
        unsigned number = 0;
        for (const struct tree_node *child = tree_first(list); child != NULL;
             child = tree_next(list, child)) {
            if (number++ % FOLDS != fold) {
                continue;
            }
            struct question_match match;
            assert_ok(question_match(&learned->book, tree_text(child), &match));
            tally->all++;
            tally->unsure += !match.is_sure;
            tally->right += match.is_sure && match.best == kind;
            tally->other += match.is_sure && match.best != kind && !match.best->is_refused;
            tell(kind, tree_text(child), &match);
        }
    }
}

/* Wordings that were not learned are still known for what they ask; those that are not are
 * rather unsure than taken for another question. */
static void wordings_left_out_are_understood(void **state)
{
    (void)state;
    struct tally tally = {0};
    struct shelf whole;
    open_shelf(&whole, FOLDS);
    for (unsigned fold = 0; fold < FOLDS; fold++) {
        struct shelf learned;
        open_shelf(&learned, fold);
        ask_those_left_out(&learned, &whole, fold, &tally);
        arena_free(learned.arena);
    }
    printf(
        "%zu wordings of %zu questions, a fifth left out in turn: %zu right, %zu unsure, %zu "
        "taken for another\n",
        tally.all, whole.count, tally.right, tally.unsure, tally.other);
    assert_true((double)tally.right >= RIGHT_MIN * (double)tally.all);
    assert_true((double)tally.other <= OTHER_MAX * (double)tally.all);
    arena_free(whole.arena);
}

/* Every wording in the book is known for what it asks. */
static void wordings_learned_are_understood(void **state)
{
    (void)state;
    struct tally tally = {0};
    struct shelf whole;
    open_shelf(&whole, FOLDS);
    for (unsigned fold = 0; fold < FOLDS; fold++) {
        ask_those_left_out(&whole, &whole, fold, &tally);
    }
    printf("%zu wordings, all learned: %zu right, %zu unsure, %zu taken for another\n",
           tally.all, tally.right, tally.unsure, tally.other);
    assert_true((double)tally.right >= 0.97 * (double)tally.all);
    assert_int_equal(tally.other, 0);
    arena_free(whole.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wordings_learned_are_understood),
        cmocka_unit_test(wordings_left_out_are_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
