#include "train/command.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "train/question.h"

#define QUESTIONS "content/questions"
#define FOLDER "models"
#define WEIGHTS "questions.bin"

struct tally {
    size_t all;
    size_t right;
    size_t unsure;
    size_t other;    /* taken for another question */
    size_t refused;  /* questions that no report answers */
    size_t answered; /* of these, for what they are not */
};

static void show_miss(const struct question_kind *kind, const struct question_match *match,
                      struct bytes wording)
{
    printf("  %-7s %-14.*s \"%.*s\":", match->is_sure ? "TAKEN" : "unsure", (int)kind->id.size,
           kind->id.data, (int)wording.size, wording.data);
    for (size_t i = 0; i < match->likely_count; i++) {
        printf(" %.*s %.2f", (int)match->likely[i]->id.size, match->likely[i]->id.data,
               match->shares[i]);
    }
    printf(" (refused %.2f, unknown %.2f)\n", match->refused, match->unknown);
}

static void count_match(const struct question_kind *kind, const struct question_match *match,
                        struct bytes wording, bool is_listed, struct tally *tally)
{
    bool is_right = match->is_sure && match->likely[0] == kind;
    if (kind->is_refused) {
        tally->refused++;
        tally->answered += match->is_sure;
        is_right = !match->is_sure;
    } else {
        tally->all++;
        tally->right += is_right;
        tally->unsure += !match->is_sure;
        tally->other += match->is_sure && !is_right;
    }
    if (!is_right && is_listed) {
        show_miss(kind, match, wording);
    }
}

static enum status score_group(struct question_book *book, struct bytes group, bool is_listed,
                               struct tally *tally)
{
    for (size_t i = 0; i < book->kind_count; i++) {
        const struct tree_node *wordings = tree_member(book->kinds[i].document, "wordings");
        for (const struct tree_node *list = tree_first(wordings); list != NULL;
             list = tree_next(wordings, list)) {
            for (const struct tree_node *child = tree_first(list);
                 bytes_equal(list->key, group) && child != NULL;
                 child = tree_next(list, child)) {
                struct question_match match;
                TRY(question_match(book, tree_text(child), &match));
                count_match(&book->kinds[i], &match, tree_text(child), is_listed, tally);
            }
        }
    }
    return STATUS_OK;
}

/* How well the wordings of each group are understood by weights that never saw them. */
static enum status leave_out(const struct question_shelf *shelf, bool is_listed)
{
    for (size_t i = 0; i < shelf->group_count; i++) {
        struct arena *AUTO(arena_done) arena = arena_new(256U << 20);
        struct text AUTO(text_done) weights = text_of_limit(QUESTION_FILE_SIZE_MAX);
        struct question_book book;
        struct tally tally = {0};
        TRY(question_fit(shelf, shelf->groups[i], &weights));
        const struct question_source source = {
            .words = shelf->words,
            .documents = shelf->documents,
            .count = shelf->count,
            .weights = text_bytes(&weights),
            .left_out = shelf->groups[i],
        };
        TRY(question_book_open(&source, arena, &book));
        TRY(score_group(&book, shelf->groups[i], is_listed, &tally));
        printf("%-10.*s %5zu wordings: %5.1f%% right, %4.1f%% unsure, %4.1f%% taken for "
               "another; of %3zu that no report answers %2zu answered\n",
               (int)shelf->groups[i].size, shelf->groups[i].data, tally.all,
               100.0 * (double)tally.right / (double)tally.all,
               100.0 * (double)tally.unsure / (double)tally.all,
               100.0 * (double)tally.other / (double)tally.all, tally.refused, tally.answered);
        fflush(stdout);
    }
    return STATUS_OK;
}

static enum status write_file(const struct question_shelf *shelf)
{
    struct text AUTO(text_done) weights = text_of_limit(QUESTION_FILE_SIZE_MAX);
    TRY(question_fit(shelf, BYTES_NONE, &weights));
    AUTO(file_done) int folder = open(FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return folder < 0 ? STATUS_NOT_FOUND
                      : file_replace(folder, folder, WEIGHTS, text_bytes(&weights), 0644);
}

int command_questions(int argument_count, char **arguments)
{
    bool leaves_out = argument_count > 0 && strcmp(arguments[0], "--leave-out") == 0;
    bool is_listed = argument_count > 1 && strcmp(arguments[1], "--misses") == 0;
    if (argument_count > leaves_out + is_listed) {
        fprintf(stderr, "usage: tocsin-train questions [--leave-out [--misses]]\n");
        return 2;
    }
    struct question_shelf shelf;
    enum status status = question_shelf_open(QUESTIONS, &shelf);
    if (status == STATUS_OK) {
        status = leaves_out ? leave_out(&shelf, is_listed) : write_file(&shelf);
    }
    question_shelf_close(&shelf);
    return status == STATUS_OK ? 0 : command_fail(QUESTIONS, status);
}
