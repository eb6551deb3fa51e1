#include "train/question.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/sha256.h"
#include "codec/yaml.h"
#include "train/random.h"
#include "train/reading.h"

#define ARENA_SIZE_MAX (1U << 30)
#define DOCUMENT_SIZE_MAX (1U << 20)
#define EPOCHS 20
#define RATE 1.0F
#define PULL 1e-5F
#define GRADIENT_FIRST 1e-2F

/* ---- the shelf ---- */

static void add_groups(struct question_shelf *shelf, const struct tree_node *document)
{
    const struct tree_node *wordings = tree_member(document, "wordings");
    for (const struct tree_node *group = tree_first(wordings); group != NULL;
         group = tree_next(wordings, group)) {
        size_t i = 0;
        while (i < shelf->group_count && !bytes_equal(shelf->groups[i], group->key)) {
            i++;
        }
        if (i == shelf->group_count && i < QUESTION_GROUPS_MAX) {
            shelf->groups[shelf->group_count++] = group->key;
        }
    }
}

static enum status read_document(struct question_shelf *shelf, const char *folder,
                                 const char *name, struct sha256_state *digest)
{
    struct text AUTO(text_done) path = text_of_limit(512);
    struct text AUTO(text_done) text = text_of_limit(DOCUMENT_SIZE_MAX);
    struct bytes content;
    struct tree tree;
    struct tree_fault fault = {0};
    text_addf(&path, "%s/%s", folder, name);
    TRY(text_status(&path));
    TRY(reading_file(text_terminated(&path), &text));
    TRY(arena_copy(shelf->arena, text_bytes(&text), &content));
    sha256_add(digest, content);
    TRY(tree_of_yaml(content, shelf->arena, &tree, &fault));
    TRY(question_check(tree.nodes, &fault));
    if (strcmp(name, "words.yaml") == 0) {
        shelf->words = tree.nodes;
        return STATUS_OK;
    }
    if (shelf->count == QUESTION_KINDS_MAX) {
        return STATUS_LIMIT;
    }
    shelf->documents[shelf->count++] = tree.nodes;
    add_groups(shelf, tree.nodes);
    return STATUS_OK;
}

enum status question_shelf_open(const char *folder, struct question_shelf *out)
{
    struct dirent **names;
    struct sha256_state digest;
    *out = (struct question_shelf){.arena = arena_new(ARENA_SIZE_MAX)};
    int count = out->arena == NULL ? -1 : scandir(folder, &names, NULL, alphasort);
    if (count < 0) {
        return STATUS_NOT_FOUND;
    }
    enum status status = STATUS_OK;
    sha256_init(&digest);
    for (int i = 0; i < count; i++) {
        bool is_document = bytes_ends(bytes_of_text(names[i]->d_name), ".yaml");
        if (is_document && status == STATUS_OK) {
            status = read_document(out, folder, names[i]->d_name, &digest);
            if (status != STATUS_OK) {
                fprintf(stderr, "%s/%s: %s\n", folder, names[i]->d_name, status_name(status));
            }
        }
        free(names[i]);
    }
    free(names);
    struct sha256 finished = sha256_finish(&digest);
    memcpy(out->digest, finished.bytes, sizeof out->digest);
    return status == STATUS_OK && out->words == NULL ? STATUS_NOT_FOUND : status;
}

void question_shelf_close(struct question_shelf *shelf)
{
    arena_free(shelf->arena);
    shelf->arena = NULL;
}

/* ---- samples ---- */

struct sample {
    uint32_t *rows; /* numbers of features */
    float *values;  /* the length of all is one */
    size_t count;
    size_t kind;
};

struct lesson {
    struct arena *arena;
    struct sample *samples;
    size_t count;
    size_t capacity;
    size_t kind_count;
    uint32_t *hashes; /* ascending */
    size_t row_count;
    float *weights; /* (feature, kind) */
    float *squares; /* of gradients, summed */
};

/* First the hashes themselves stand for the rows. */
static enum status add_sample(struct lesson *lesson, struct question_lexicon *lexicon,
                              struct bytes wording, size_t kind)
{
    if (lesson->count == lesson->capacity) {
        return STATUS_LIMIT;
    }
    struct question_text *text = malloc(sizeof *text);
    enum status status =
        text == NULL ? STATUS_NO_MEMORY : question_text_read(lexicon, wording, text);
    if (status == STATUS_OK) {
        struct sample *sample = &lesson->samples[lesson->count++];
        *sample = (struct sample){
            .rows = arena_take_many(lesson->arena, text->count, sizeof *sample->rows),
            .values = arena_take_many(lesson->arena, text->count, sizeof *sample->values),
            .count = text->count,
            .kind = kind,
        };
        double squares = 0;
        for (size_t i = 0; i < text->count; i++) {
            squares += (double)text->features[i].value * text->features[i].value;
        }
        bool has_room = sample->rows != NULL && sample->values != NULL;
        for (size_t i = 0; has_room && i < text->count; i++) {
            sample->rows[i] = text->features[i].hash;
            sample->values[i] = (float)(text->features[i].value / sqrt(squares));
        }
        status = has_room ? STATUS_OK : STATUS_NO_MEMORY;
    }
    free(text);
    return status;
}

static enum status add_kind(struct lesson *lesson, struct question_lexicon *lexicon,
                            const struct tree_node *document, struct bytes left_out,
                            size_t kind)
{
    struct question_wordings wordings = question_wordings_of(document, left_out);
    lexicon->is_own = tree_member(document, "refused") == NULL;
    struct bytes wording;
    while (question_wording_next(&wordings, &wording)) {
        TRY(add_sample(lesson, lexicon, wording, kind));
    }
    return STATUS_OK;
}

static int compare_hashes(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a;
    uint32_t right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

/* Numbers the features: rows become places in `hashes`. */
static enum status number_rows(struct lesson *lesson)
{
    size_t all = 0;
    for (size_t i = 0; i < lesson->count; i++) {
        all += lesson->samples[i].count;
    }
    lesson->hashes = arena_take_many(lesson->arena, all + 1, sizeof *lesson->hashes);
    if (lesson->hashes == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t at = 0;
    for (size_t i = 0; i < lesson->count; i++) {
        memcpy(lesson->hashes + at, lesson->samples[i].rows,
               lesson->samples[i].count * sizeof *lesson->hashes);
        at += lesson->samples[i].count;
    }
    qsort(lesson->hashes, all, sizeof *lesson->hashes, compare_hashes);
    for (size_t i = 0; i < all; i++) {
        if (i == 0 || lesson->hashes[i] != lesson->hashes[lesson->row_count - 1]) {
            lesson->hashes[lesson->row_count++] = lesson->hashes[i];
        }
    }
    for (size_t i = 0; i < lesson->count; i++) {
        struct sample *sample = &lesson->samples[i];
        for (size_t j = 0; j < sample->count; j++) {
            const uint32_t *found = bsearch(&sample->rows[j], lesson->hashes, lesson->row_count,
                                            sizeof *found, compare_hashes);
            sample->rows[j] = (uint32_t)(found - lesson->hashes);
        }
    }
    return STATUS_OK;
}

/* ---- descent ---- */

/* What each kind's share of this sample is too much; of the right one, too little. */
static void find_errors(const struct lesson *lesson, const struct sample *sample,
                        float errors[QUESTION_KINDS_MAX])
{
    size_t kinds = lesson->kind_count;
    memset(errors, 0, QUESTION_KINDS_MAX * sizeof *errors);
    for (size_t i = 0; i < sample->count; i++) {
        const float *row = &lesson->weights[sample->rows[i] * kinds];
        for (size_t k = 0; k < kinds; k++) {
            errors[k] += row[k] * sample->values[i];
        }
    }
    float highest = errors[0];
    float total = 0;
    for (size_t k = 0; k < kinds; k++) {
        highest = errors[k] > highest ? errors[k] : highest;
    }
    for (size_t k = 0; k < kinds; k++) {
        errors[k] = expf(errors[k] - highest);
        total += errors[k];
    }
    for (size_t k = 0; k < kinds; k++) {
        errors[k] /= total;
    }
    errors[sample->kind] -= 1;
}

static void learn_sample(struct lesson *lesson, const struct sample *sample)
{
    float errors[QUESTION_KINDS_MAX];
    size_t kinds = lesson->kind_count;
    find_errors(lesson, sample, errors);
    for (size_t i = 0; i < sample->count; i++) {
        float *row = &lesson->weights[sample->rows[i] * kinds];
        float *squares = &lesson->squares[sample->rows[i] * kinds];
        for (size_t k = 0; k < kinds; k++) {
            float gradient = errors[k] * sample->values[i] + PULL * row[k];
            squares[k] += gradient * gradient;
            row[k] -= RATE * gradient / sqrtf(squares[k]);
        }
    }
}

static enum status descend(struct lesson *lesson)
{
    size_t cells = lesson->row_count * lesson->kind_count;
    size_t *order = arena_take_many(lesson->arena, lesson->count, sizeof *order);
    lesson->weights = arena_take_many(lesson->arena, cells, sizeof *lesson->weights);
    lesson->squares = arena_take_many(lesson->arena, cells, sizeof *lesson->squares);
    if (order == NULL || lesson->weights == NULL || lesson->squares == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < cells; i++) {
        lesson->squares[i] = GRADIENT_FIRST;
    }
    for (size_t i = 0; i < lesson->count; i++) {
        order[i] = i;
    }
    struct random random = {.state = 1};
    for (size_t epoch = 0; epoch < EPOCHS; epoch++) {
        for (size_t i = lesson->count; i > 1; i--) {
            size_t other = random_below(&random, i);
            size_t swap = order[i - 1];
            order[i - 1] = order[other];
            order[other] = swap;
        }
        for (size_t i = 0; i < lesson->count; i++) {
            learn_sample(lesson, &lesson->samples[order[i]]);
        }
    }
    return STATUS_OK;
}

/* ---- what is written ---- */

static enum status write_weights(const struct lesson *lesson,
                                 const struct question_shelf *shelf, struct text *out)
{
    size_t cells = lesson->row_count * lesson->kind_count;
    float largest = 0;
    for (size_t i = 0; i < cells; i++) {
        largest = fmaxf(largest, fabsf(lesson->weights[i]));
    }
    float unit = largest > 0 ? largest / INT8_MAX : 1;
    uint8_t *rows = arena_take_many(lesson->arena, cells + 1, 1);
    if (rows == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < cells; i++) {
        rows[i] = (uint8_t)(int8_t)lroundf(lesson->weights[i] / unit);
    }
    struct question_weights weights = {
        .digest = {shelf->digest, sizeof shelf->digest},
        .kind_count = lesson->kind_count,
        .unit = unit,
        .hashes = lesson->hashes,
        .row_count = lesson->row_count,
        .rows = {rows, cells},
    };
    for (size_t i = 0; i < shelf->count; i++) {
        weights.ids[i] = tree_text(tree_member(shelf->documents[i], "id"));
    }
    question_weights_write(out, &weights);
    return text_status(out);
}

enum status question_fit(const struct question_shelf *shelf, struct bytes left_out,
                         struct text *out)
{
    static const size_t samples_max = 65536;
    struct arena *AUTO(arena_done) arena = arena_new(ARENA_SIZE_MAX);
    struct question_book book;
    const struct question_source source = {
        .words = shelf->words,
        .documents = shelf->documents,
        .count = shelf->count,
        .left_out = left_out,
    };
    struct lesson lesson = {
        .arena = arena, .capacity = samples_max, .kind_count = shelf->count};
    if (arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    lesson.samples = arena_take_many(arena, samples_max, sizeof *lesson.samples);
    if (lesson.samples == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(question_book_open(&source, arena, &book));
    for (size_t i = 0; i < shelf->count; i++) {
        TRY(add_kind(&lesson, &book.lexicon, shelf->documents[i], left_out, i));
    }
    TRY(number_rows(&lesson));
    TRY(descend(&lesson));
    return write_weights(&lesson, shelf, out);
}
