#include "explain/question.h"

#include "check.h"
#include "codec/sha256.h"
#include "codec/yaml.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "content/questions"
#define WEIGHTS "models/questions.bin"
#define FILE_SIZE_MAX (16U << 20)
#define RIGHT_MIN 0.98 /* of what was learned */

struct shelf {
    struct arena *arena;
    const struct tree_node *documents[QUESTION_KINDS_MAX];
    struct question_source source;
    struct sha256 digest;
    struct question_book book;
};

static struct bytes read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    uint8_t *buffer = arena_take(arena, FILE_SIZE_MAX);
    assert_non_null(buffer);
    struct bytes content = {buffer, fread(buffer, 1, FILE_SIZE_MAX, file)};
    fclose(file);
    return content;
}

static const struct tree_node *read_document(struct bytes content, const char *name,
                                             struct arena *arena)
{
    struct tree tree;
    struct tree_fault fault = {0};
    enum status status = tree_of_yaml(content, arena, &tree, &fault);
    if (status == STATUS_OK) {
        status = question_check(tree.nodes, &fault);
    }
    if (status != STATUS_OK) {
        fail_msg("%s:%u: %s", name, fault.line, fault.what);
    }
    return tree.nodes;
}

/* What ships: the questions, and the weights that were learned from them. */
static void open_shelf(struct shelf *shelf)
{
    *shelf = (struct shelf){.arena = arena_new(UINT64_C(1) << 30)};
    struct sha256_state digest;
    struct dirent **names;
    int count = scandir(FOLDER, &names, NULL, alphasort);
    assert_true(count > 2);
    sha256_init(&digest);
    for (int i = 0; i < count; i++) {
        char path[512];
        snprintf(path, sizeof path, FOLDER "/%s", names[i]->d_name);
        if (names[i]->d_name[0] != '.') {
            struct bytes content = read_file(shelf->arena, path);
            const struct tree_node *document = read_document(content, path, shelf->arena);
            sha256_add(&digest, content);
            if (strcmp(names[i]->d_name, "words.yaml") == 0) {
                shelf->source.words = document;
            } else {
                shelf->documents[shelf->source.count++] = document;
            }
        }
        free(names[i]);
    }
    free(names);
    shelf->digest = sha256_finish(&digest);
    shelf->source.documents = shelf->documents;
    shelf->source.weights = read_file(shelf->arena, WEIGHTS);
    assert_ok(question_book_open(&shelf->source, shelf->arena, &shelf->book));
}

static struct question_match match(struct shelf *shelf, const char *question)
{
    struct question_match found;
    assert_ok(question_match(&shelf->book, bytes_of_text(question), &found));
    return found;
}

static bool is_asked(const struct question_match *match, const char *id)
{
    return match->is_sure && bytes_equal_text(match->likely[0]->id, id);
}

/* The weights in models/ are those of the wordings in content/: `make train` makes them. */
static void weights_are_those_of_the_wordings(void **state)
{
    (void)state;
    struct shelf shelf;
    open_shelf(&shelf);
    assert_int_equal(shelf.book.weights.digest.size, sizeof shelf.digest.bytes);
    assert_memory_equal(shelf.book.weights.digest.data, shelf.digest.bytes,
                        sizeof shelf.digest.bytes);
    for (size_t i = 0; i < shelf.book.kind_count; i++) {
        assert_true(shelf.book.kinds[i].column < shelf.book.weights.kind_count);
    }
    arena_free(shelf.arena);
}

struct tally {
    size_t all;
    size_t right;
    size_t other;
    size_t refused;
    size_t answered;
};

static void count_wordings(struct shelf *shelf, const struct question_kind *kind,
                           struct tally *tally)
{
    const struct tree_node *groups = tree_member(kind->document, "wordings");
    for (const struct tree_node *group = tree_first(groups); group != NULL;
         group = tree_next(groups, group)) {
        for (const struct tree_node *child = tree_first(group); child != NULL;
             child = tree_next(group, child)) {
            struct question_match found;
            assert_ok(question_match(&shelf->book, tree_text(child), &found));
            bool is_right = found.is_sure && found.likely[0] == kind;
            tally->all += !kind->is_refused;
            tally->right += is_right;
            tally->other += found.is_sure && !is_right && !kind->is_refused;
            tally->refused += kind->is_refused;
            tally->answered += found.is_sure && kind->is_refused;
        }
    }
}

/* Every wording that was learned is known for what it asks, and none is answered that no report
 * answers.  How it is with those that were not learned: tests/train/question.c. */
static void what_was_learned_is_understood(void **state)
{
    (void)state;
    struct shelf shelf;
    struct tally tally = {0};
    open_shelf(&shelf);
    for (size_t i = 0; i < shelf.book.kind_count; i++) {
        count_wordings(&shelf, &shelf.book.kinds[i], &tally);
    }
    printf("%zu wordings: %zu right, %zu taken for another; of %zu that no report answers %zu "
           "answered\n",
           tally.all, tally.right, tally.other, tally.refused, tally.answered);
    assert_true((double)tally.right >= RIGHT_MIN * (double)tally.all);
    assert_true((double)tally.other <= (1 - RIGHT_MIN) * (double)tally.all);
    assert_int_equal(tally.answered, 0);
    arena_free(shelf.arena);
}

/* One letter wrong, one left out, two that changed places. */
static void misspelt_words_are_read(void **state)
{
    (void)state;
    struct shelf shelf;
    open_shelf(&shelf);
    static const char *const questions[] = {"which acounts are affected",
                                            "which accoutns are affected",
                                            "which accomnts are affected"};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct question_match found = match(&shelf, questions[i]);
        assert_true(is_asked(&found, "accounts"));
        assert_true(found.unknown == 0);
    }
    arena_free(shelf.arena);
}

/* An address or a file stands for its kind, whatever it is. */
static void names_are_known_by_their_form(void **state)
{
    (void)state;
    struct shelf shelf;
    open_shelf(&shelf);
    static const char *const questions[] = {
        "what is 203.0.113.250", "what do you know about 2001:db8::77",
        "tell me about zzz-unheard.sh", "what is known about 198.51.100[.]9?"};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct question_match found = match(&shelf, questions[i]);
        assert_true(is_asked(&found, "about-name"));
    }
    arena_free(shelf.arena);
}

static void nothing_is_sure_of_what_says_nothing(void **state)
{
    (void)state;
    struct shelf shelf;
    open_shelf(&shelf);
    static const char *const questions[] = {"", "?", "   ", "xyzzy", "qwfp zxcv arst oienth"};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        struct question_match found = match(&shelf, questions[i]);
        assert_false(found.is_sure);
    }
    shelf.source.weights = BYTES_NONE;
    assert_ok(question_book_open(&shelf.source, shelf.arena, &shelf.book));
    struct question_match found = match(&shelf, "how did they get in");
    assert_int_equal(found.likely_count, 0);
    assert_false(found.is_sure);
    arena_free(shelf.arena);
}

/* The likeliest first, and what is refused counted whether it is among them or not. */
static void likely_questions_are_in_order(void **state)
{
    (void)state;
    struct shelf shelf;
    open_shelf(&shelf);
    struct question_match found =
        match(&shelf, "when and how did they get in, and are they gone");
    assert_int_equal(found.likely_count, QUESTION_LIKELY_MAX);
    double sum = 0;
    for (size_t i = 0; i < found.likely_count; i++) {
        assert_true(i == 0 || found.shares[i] <= found.shares[i - 1]);
        sum += found.shares[i];
    }
    assert_true(sum <= 1.000001);
    assert_true(found.refused >= 0 && found.refused <= 1);
    arena_free(shelf.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(weights_are_those_of_the_wordings),
        cmocka_unit_test(what_was_learned_is_understood),
        cmocka_unit_test(misspelt_words_are_read),
        cmocka_unit_test(names_are_known_by_their_form),
        cmocka_unit_test(nothing_is_sure_of_what_says_nothing),
        cmocka_unit_test(likely_questions_are_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
