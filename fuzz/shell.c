/* Any bytes read as a shell script: every word lies inside the script, windows of the stream
 * change nothing, and a pipeline's source read alone gives the same words again. */
#include "fuzz.h"

#include "base/text.h"
#include "parse/script/shell.h"

#include <string.h>

struct reading {
    struct text words; /* of every pipeline, one a line */
    struct text alone; /* of the last one that stands in no other */
    uint64_t size_max; /* of the script */
    struct bytes script;
    bool is_second; /* of one pipeline's source */
    bool says_all;  /* no limit was met */
};

static bool read_script(struct bytes script, size_t window, struct reading *reading);

static void add_words(struct text *text, const struct shell_pipeline *pipeline)
{
    text_clear(text);
    for (size_t i = 0; i < pipeline->command_count; i++) {
        const struct shell_command *command = &pipeline->commands[i];
        text_add(text, "|");
        for (size_t j = 0; j < command->word_count; j++) {
            text_addf(text, "%zu:", command->words[j].text.size);
            text_add_raw(text, command->words[j].text);
        }
    }
}

static void check_word(const struct reading *reading, const struct shell_word *word)
{
    CLAIM(word->offset <= reading->size_max);
    CLAIM(word->size <= reading->size_max - word->offset);
}

static void check_places(const struct reading *reading, const struct record *record)
{
    const struct shell_pipeline *pipeline = record->pipeline;
    CLAIM(record->place.first <= reading->size_max);
    CLAIM(record->place.last <= reading->size_max - record->place.first);
    CLAIM(pipeline->line >= 1);
    CLAIM(pipeline->parent == 0 || pipeline->parent != pipeline->number);
    for (size_t i = 0; i < pipeline->command_count; i++) {
        const struct shell_command *command = &pipeline->commands[i];
        for (size_t j = 0; j < command->word_count; j++) {
            check_word(reading, &command->words[j]);
        }
        for (size_t j = 0; j < command->assignment_count; j++) {
            check_word(reading, &command->assignments[j]);
        }
        for (size_t j = 0; j < command->redirect_count; j++) {
            check_word(reading, &command->redirects[j].target);
        }
    }
}

/* A here-document begun before it on its line may have its body in the middle of a pipeline. */
static bool may_hold_a_body(struct bytes script, uint64_t offset)
{
    size_t begin = (size_t)offset;
    while (begin > 0 && script.data[begin - 1] != '\n') {
        begin--;
    }
    return bytes_contains(bytes_part(script, begin, (size_t)offset - begin), "<<");
}

static enum status take(void *context, const struct record *record)
{
    struct reading *reading = context;
    if (record->kind == RECORD_SHELL_TEXT) {
        CLAIM(record->place.first + record->place.last <= reading->size_max);
        return STATUS_OK;
    }
    check_places(reading, record);
    const struct shell_pipeline *pipeline = record->pipeline;
    struct text words = text_of_limit(1U << 20);
    add_words(&words, pipeline);
    text_addf(&reading->words, "%u %u %lu ", pipeline->number, pipeline->parent,
              (unsigned long)pipeline->line);
    text_add_raw(&reading->words, text_bytes(&words));
    text_add(&reading->words, "\n");
    if (pipeline->relation == SHELL_ALONE) {
        text_clear(&reading->alone);
        text_add_raw(&reading->alone, text_bytes(&words));
        bool whole = pipeline->source.size == record->place.last &&
                     !may_hold_a_body(reading->script, record->place.first);
        if (!reading->is_second && whole) {
            struct reading second = {.is_second = true};
            if (read_script(pipeline->source, 0, &second) && second.says_all) {
                CLAIM(bytes_equal(text_bytes(&second.alone), text_bytes(&words)));
            }
            text_done(&second.words);
            text_done(&second.alone);
        }
    }
    text_done(&words);
    return STATUS_OK;
}

/* False where memory or steps ran out. */
static bool read_script(struct bytes script, size_t window, struct reading *reading)
{
    struct arena *arena = arena_new(32U << 20);
    struct coverage *coverage = arena_take(arena, sizeof *coverage);
    struct budget budget = budget_of(UINT64_C(100) * script.size + 100000);
    struct record_sink sink = {take, reading};
    struct parse parse = {.evidence = arena, .batch = arena, .budget = &budget, .sink = &sink};
    struct stream stream;
    CLAIM(coverage != NULL);
    coverage_init(coverage, arena);
    parse.coverage = coverage;
    reading->words = text_of_limit(1U << 24);
    reading->alone = text_of_limit(1U << 20);
    reading->size_max = script.size;
    reading->script = script;
    CLAIM(stream_of_bytes(&stream, script, arena) == STATUS_OK);
    stream.window_capacity = window > 0 ? window : stream.window_capacity;
    enum status status = shell_read(&stream, &parse);
    CLAIM(status == STATUS_OK || status == STATUS_LIMIT);
    CLAIM(status == STATUS_OK); /* work grows with the size alone */
    reading->says_all = true;
    for (size_t i = 0; i < coverage->anomaly_count; i++) {
        const char *what = coverage->anomalies[i].what;
        if (strstr(what, "too") != NULL || strstr(what, "binary") != NULL) {
            reading->says_all = false;
        }
    }
    arena_free(arena);
    return status == STATUS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes script = {data, size};
    struct reading whole = {0};
    struct reading small = {.is_second = true};
    read_script(script, 0, &whole);
    read_script(script, 1 + size % 61, &small);
    CLAIM(bytes_equal(text_bytes(&whole.words), text_bytes(&small.words)));
    text_done(&whole.words);
    text_done(&whole.alone);
    text_done(&small.words);
    text_done(&small.alone);
    return 0;
}
