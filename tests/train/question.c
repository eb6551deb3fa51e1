#include "train/question.h"

#include "check.h"

#include <stdio.h>

/* What is reached when everybody's wordings but the board's are learned, a little below. */
#define LEFT_OUT "board"
#define RIGHT_MIN 0.86
#define OTHER_MAX 0.05
#define ANSWERED_MAX 6 /* of sixty that no report answers */

struct tally {
    size_t all;
    size_t right;
    size_t other;
    size_t answered;
};

static void count_kind(struct question_book *book, const struct question_kind *kind,
                       struct tally *tally)
{
    const struct tree_node *list =
        tree_member(tree_member(kind->document, "wordings"), LEFT_OUT);
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        struct question_match match;
        assert_ok(question_match(book, tree_text(child), &match));
        bool is_right = match.is_sure && match.likely[0] == kind;
        tally->all += !kind->is_refused;
        tally->right += is_right;
        tally->other += match.is_sure && !is_right && !kind->is_refused;
        tally->answered += match.is_sure && kind->is_refused;
    }
}

/* Those who ask in words of their own are mostly understood, and rather not answered than for
 * something else. */
static void wordings_of_others_are_understood(void **state)
{
    (void)state;
    struct question_shelf shelf;
    struct question_book book;
    struct tally tally = {0};
    struct text AUTO(text_done) weights = text_of_limit(QUESTION_FILE_SIZE_MAX);
    assert_ok(question_shelf_open("content/questions", &shelf));
    assert_ok(question_fit(&shelf, bytes_of_text(LEFT_OUT), &weights));
    const struct question_source source = {
        .words = shelf.words,
        .documents = shelf.documents,
        .count = shelf.count,
        .weights = text_bytes(&weights),
        .left_out = bytes_of_text(LEFT_OUT),
    };
    assert_ok(question_book_open(&source, shelf.arena, &book));
    for (size_t i = 0; i < book.kind_count; i++) {
        count_kind(&book, &book.kinds[i], &tally);
    }
    printf("%zu wordings of those who were left out: %zu right, %zu taken for another; %zu "
           "answered that no report answers\n",
           tally.all, tally.right, tally.other, tally.answered);
    assert_true(tally.all > 500);
    assert_true((double)tally.right >= RIGHT_MIN * (double)tally.all);
    assert_true((double)tally.other <= OTHER_MAX * (double)tally.all);
    assert_true(tally.answered <= ANSWERED_MAX);
    question_shelf_close(&shelf);
}

static void a_folder_that_is_not_there_is_said(void **state)
{
    (void)state;
    struct question_shelf shelf;
    assert_int_equal(question_shelf_open("content/nothing-here", &shelf), STATUS_NOT_FOUND);
    question_shelf_close(&shelf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wordings_of_others_are_understood),
        cmocka_unit_test(a_folder_that_is_not_there_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
