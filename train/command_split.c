#include "train/command.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "train/reading.h"
#include "train/split.h"

#define FOLDER "data/split"
#define ORDINARY_FOLDER "data/ordinary"
#define SCRIPTS "build/train/scripts"

/* True where the file holds exactly that text. */
static bool is_same(const char *folder, const char *name, struct bytes text)
{
    struct text AUTO(text_done) path = text_of_limit(256);
    struct text AUTO(text_done) found = text_of_limit(SPLIT_FILE_SIZE_MAX);
    text_addf(&path, "%s/%s", folder, name);
    return text_status(&path) == STATUS_OK &&
           reading_file(text_terminated(&path), &found) == STATUS_OK &&
           bytes_equal(text_bytes(&found), text);
}

static int put(const char *in, const char *name, struct bytes text, bool is_check)
{
    if (is_check) {
        bool same = is_same(in, name, text);
        printf("  %s/%s: %s\n", in, name, same ? "the same" : "NOT the same");
        return same ? 0 : 1;
    }
    AUTO(file_done) int folder = open(in, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum status status =
        folder < 0 ? STATUS_NOT_FOUND : file_replace(folder, folder, name, text, 0644);
    return status == STATUS_OK ? 0 : command_fail(in, status);
}

static void show_counts(const char *what, const struct split_counts *counts)
{
    printf("%-16s %6zu items, %6zu clusters: %6zu train, %6zu score (%zu of them held out)\n",
           what, counts->items, counts->clusters, counts->train_clusters,
           counts->score_clusters, counts->held_out_clusters);
    fflush(stdout);
}

static int split_kind(enum corpus_kind kind, bool is_check)
{
    struct text AUTO(text_done) listed = text_of_limit(SPLIT_FILE_SIZE_MAX);
    struct text AUTO(text_done) held_out = text_of_limit(SPLIT_FILE_SIZE_MAX);
    struct split_counts counts;
    enum status status = split_make(command_data(), kind, &listed, &held_out, &counts);
    if (status != STATUS_OK) {
        return command_fail(corpus_kind_name(kind), status);
    }
    show_counts(corpus_kind_name(kind), &counts);
    char name[64];
    snprintf(name, sizeof name, "%s.txt", corpus_kind_name(kind));
    int result = put(FOLDER, name, text_bytes(&listed), is_check);
    if (counts.held_out_clusters > 0) {
        snprintf(name, sizeof name, "%s-held-out.txt", corpus_kind_name(kind));
        int second = put(FOLDER, name, text_bytes(&held_out), is_check);
        result = second > result ? second : result;
    }
    return result;
}

/* Ordinary scripts, where they were gathered: their clusters and which of them there are. */
static int split_scripts(bool is_check)
{
    struct text AUTO(text_done) listed = text_of_limit(SPLIT_FILE_SIZE_MAX);
    struct split_counts counts;
    enum status status = split_make_files(SCRIPTS, &listed, &counts);
    if (status == STATUS_NOT_FOUND) {
        printf("ordinary scripts: none are in " SCRIPTS " (tools/gather-scripts)\n");
        return 0;
    }
    if (status != STATUS_OK) {
        return command_fail(SCRIPTS, status);
    }
    show_counts("ordinary scripts", &counts);
    return put(ORDINARY_FOLDER, "scripts.txt", text_bytes(&listed), is_check);
}

int command_split(int argument_count, char **arguments)
{
    bool is_check = argument_count == 1 && strcmp(arguments[0], "--check") == 0;
    if (argument_count > 0 && !is_check) {
        fprintf(stderr, "usage: tocsin-train split [--check]\n");
        return 2;
    }
    int worst = split_scripts(is_check);
    for (int kind = 0; kind < CORPUS_KIND_COUNT; kind++) {
        int result = split_kind((enum corpus_kind)kind, is_check);
        worst = result > worst ? result : worst;
    }
    return worst;
}
