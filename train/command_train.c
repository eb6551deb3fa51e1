#include "train/command.h"

#include <fcntl.h>
#include <stdio.h>

#include "base/file.h"
#include "train/figures.h"
#include "train/reading.h"

#define BITS 18
#define FOLDER "models"
#define WEIGHTS "sieve-shell.bin"
#define CARD "sieve-shell.md"
#define CARD_SIZE_MAX (1U << 20)

static enum status put(const char *name, struct bytes bytes)
{
    AUTO(file_done) int folder = open(FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return folder < 0 ? STATUS_NOT_FOUND : file_replace(folder, folder, name, bytes, 0644);
}

/* Trains and measures; the file of weights and the card's text. */
static enum status make(struct text *weights, struct text *card)
{
    struct samples samples;
    struct figures figures;
    enum status status = samples_read(command_data(), BITS, &samples);
    if (status == STATUS_OK) {
        if (samples.scripts_missing > 0) {
            printf("%zu ordinary scripts are missing: these weights will be others "
                   "(tools/gather-scripts)\n",
                   samples.scripts_missing);
        }
        status = figures_make(&samples, weights, &figures);
        figures_write(&figures, card);
        figures_done(&figures);
    }
    samples_done(&samples);
    return status == STATUS_OK ? text_status(card) : status;
}

int command_train(int argument_count, char **arguments)
{
    if (argument_count > 0) {
        fprintf(stderr, "usage: tocsin-train train, not %s\n", arguments[0]);
        return 2;
    }
    struct text AUTO(text_done) weights = text_of_limit(WEIGHTS_SIZE_MAX);
    struct text AUTO(text_done) card = text_of_limit(CARD_SIZE_MAX);
    enum status status = make(&weights, &card);
    if (status == STATUS_OK) {
        status = put(WEIGHTS, text_bytes(&weights));
    }
    if (status == STATUS_OK) {
        status = put(CARD, text_bytes(&card));
    }
    if (status != STATUS_OK) {
        return command_fail("no weights were made", status);
    }
    printf("%s", text_terminated(&card));
    return 0;
}

static bool is_committed(const char *name, struct bytes bytes)
{
    struct text AUTO(text_done) path = text_of_limit(256);
    struct text AUTO(text_done) found = text_of_limit(WEIGHTS_SIZE_MAX);
    text_addf(&path, FOLDER "/%s", name);
    return text_status(&path) == STATUS_OK &&
           reading_file(text_terminated(&path), &found) == STATUS_OK &&
           bytes_equal(text_bytes(&found), bytes);
}

/* The same anew, without writing: the figures, and whether they are those of the weights that
 * ship. */
int command_evaluate(int argument_count, char **arguments)
{
    if (argument_count > 0) {
        fprintf(stderr, "usage: tocsin-train evaluate, not %s\n", arguments[0]);
        return 2;
    }
    struct text AUTO(text_done) weights = text_of_limit(WEIGHTS_SIZE_MAX);
    struct text AUTO(text_done) card = text_of_limit(CARD_SIZE_MAX);
    enum status status = make(&weights, &card);
    if (status != STATUS_OK) {
        return command_fail("the model was not evaluated", status);
    }
    printf("%s\n", text_terminated(&card));
    bool same = is_committed(WEIGHTS, text_bytes(&weights));
    bool same_card = is_committed(CARD, text_bytes(&card));
    printf("the weights that ship are %s, and their card %s\n", same ? "these" : "NOT these",
           same_card ? "says so" : "says something else");
    return same && same_card ? 0 : 1;
}
