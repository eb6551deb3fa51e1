#include "train/sample.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "detect/learned/shell_view.h"
#include "parse/script/shell.h"
#include "train/placeholder.h"
#include "train/reading.h"

#define MEMORY_MAX ((size_t)6 << 30)
#define SAMPLES_MAX (1U << 20)
#define TEXT_SIZE_MAX (1U << 20) /* of a sample: what comes after is left out */
#define RUN_SIZE_MAX 65536U
#define READER_MEMORY_MAX (64U << 20)
#define SCRIPTS "build/train/scripts"
#define SCRIPTS_SPLIT "data/ordinary/scripts.txt"
#define COMMANDS_SPLIT "data/split/commands.txt"

const char *source_name(enum source source)
{
    static const char *const names[SOURCE_COUNT] = {
        "atomic-red-team", "gtfobins",           "tldr",
        "package scripts", "maintainer scripts", "script segments"};
    return names[source];
}

/* ---- lines and buckets, from what the shell reader gives ---- */

struct hashing {
    struct samples *samples;
    struct shell_view *view;
    struct sample_line *lines;
    size_t count;
    size_t capacity;
};

static enum status add_line(struct hashing *hashing, struct bytes line, bool begins_run,
                            size_t size)
{
    if (hashing->count == hashing->capacity) {
        size_t capacity = hashing->capacity == 0 ? 64 : 2 * hashing->capacity;
        struct sample_line *lines = realloc(hashing->lines, capacity * sizeof *lines);
        if (lines == NULL) {
            return STATUS_NO_MEMORY;
        }
        hashing->lines = lines;
        hashing->capacity = capacity;
    }
    uint32_t buckets[SIEVE_ORDERS * (SIEVE_LINE_SIZE + 2)];
    size_t count = sieve_buckets(hashing->samples->bits, line, buckets);
    uint32_t *kept = arena_take_many(hashing->samples->arena, count + 1, sizeof *kept);
    if (kept == NULL) {
        return STATUS_NO_MEMORY;
    }
    memcpy(kept, buckets, count * sizeof *kept);
    hashing->lines[hashing->count++] =
        (struct sample_line){kept, (uint32_t)count, (uint32_t)size, begins_run};
    return STATUS_OK;
}

static enum status take_run(void *context, const struct record *record)
{
    struct hashing *hashing = context;
    if (record->kind != RECORD_SHELL_TEXT) {
        return STATUS_OK;
    }
    shell_view_fill(hashing->view, record->shell_text->text);
    struct bytes rest = shell_view_text(hashing->view);
    struct bytes line;
    size_t before = rest.size;
    bool begins_run = true;
    while (sieve_next_line(&rest, &line)) {
        TRY(add_line(hashing, line, begins_run, before - rest.size));
        before = rest.size;
        begins_run = false;
    }
    return STATUS_OK;
}

/* What reading takes, made once for all samples. */
static enum status open_reader(struct samples *samples)
{
    if (samples->reader != NULL) {
        return STATUS_OK;
    }
    samples->reader = arena_new(READER_MEMORY_MAX);
    samples->scratch = arena_new(READER_MEMORY_MAX);
    if (samples->reader == NULL || samples->scratch == NULL) {
        return STATUS_NO_MEMORY;
    }
    return shell_view_new(samples->reader, RUN_SIZE_MAX, false, &samples->view);
}

/* Reads the text as a script, as examine does, and hashes the runs of lines it gives. */
static enum status hash_text(struct samples *samples, struct sample *sample)
{
    TRY(open_reader(samples));
    arena_reset(samples->scratch);
    struct hashing hashing = {.samples = samples, .view = &samples->view};
    struct budget budget = budget_of(UINT64_MAX);
    struct record_sink sink = {take_run, &hashing};
    struct coverage coverage;
    coverage_init(&coverage, samples->scratch);
    struct parse parse = {.evidence = samples->reader,
                          .batch = samples->scratch,
                          .budget = &budget,
                          .sink = &sink,
                          .coverage = &coverage,
                          .shell = samples->shell};
    struct stream stream;
    TRY(stream_of_bytes(&stream, sample->text, samples->scratch));
    enum status status = shell_read(&stream, &parse);
    samples->shell = parse.shell;
    struct bytes kept = BYTES_NONE;
    if (status == STATUS_OK && hashing.count > 0) {
        struct bytes made = {(const uint8_t *)hashing.lines,
                             hashing.count * sizeof *hashing.lines};
        status = arena_copy(samples->arena, made, &kept);
    }
    free(hashing.lines);
    sample->lines = (const void *)kept.data;
    sample->line_count = hashing.count;
    return status;
}

enum status samples_add(struct samples *samples, const struct sample *like, struct bytes text,
                        struct sample **out)
{
    if (samples->count == samples->capacity) {
        size_t capacity = samples->capacity == 0 ? 4096 : 2 * samples->capacity;
        struct sample *items =
            capacity > SAMPLES_MAX ? NULL : realloc(samples->items, capacity * sizeof *items);
        if (items == NULL) {
            return STATUS_NO_MEMORY;
        }
        samples->items = items;
        samples->capacity = capacity;
    }
    struct sample sample = *like;
    TRY(arena_copy(samples->arena, bytes_part(text, 0, TEXT_SIZE_MAX), &sample.text));
    TRY(hash_text(samples, &sample));
    samples->items[samples->count] = sample;
    if (out != NULL) {
        *out = &samples->items[samples->count];
    }
    samples->count++;
    return STATUS_OK;
}

/* ---- sources ---- */

struct loading {
    struct samples *samples;
    struct split commands;
    struct split scripts;
    struct table ordinary; /* the folded text of every command of tldr */
    struct shell_view view;
    struct sha256_state digest;
    bool is_first_pass; /* over the commands: only tldr's are noted */
};

static bool is_one_of(struct bytes text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal_text(text, words[i])) {
            return true;
        }
    }
    return false;
}

/* Which source a row is of; SOURCE_COUNT for what is no shell text. */
static enum source source_of(const struct corpus_item *item)
{
    static const char *const shells[] = {"sh", "bash"};
    static const char *const platforms[] = {"common", "linux",   "osx",  "freebsd",
                                            "netbsd", "openbsd", "sunos"};
    struct bytes file = bytes_of_text(item->file);
    if (bytes_equal_text(file, "commands/atomic-red-team.tsv") &&
        is_one_of(item->how, shells, sizeof shells / sizeof *shells)) {
        return SOURCE_ATOMIC;
    }
    if (bytes_equal_text(file, "commands/gtfobins.tsv")) {
        return SOURCE_GTFOBINS;
    }
    if (bytes_equal_text(file, "commands/benign-tldr.tsv") &&
        is_one_of(item->group, platforms, sizeof platforms / sizeof *platforms)) {
        return SOURCE_TLDR;
    }
    return SOURCE_COUNT;
}

static void set_membership(const struct split *split, struct sample *sample)
{
    struct membership membership = split_find(split, &sample->hash);
    sample->cluster = membership.cluster;
    sample->side = membership.side;
    sample->draw = (uint8_t)(membership.cluster >> 8 * (SPLIT_DIGITS / 2 - 2));
}

static enum status take_command(void *context, const struct corpus_item *item)
{
    struct loading *loading = context;
    enum source source = source_of(item);
    if (source == SOURCE_COUNT || (loading->is_first_pass && source != SOURCE_TLDR)) {
        return STATUS_OK;
    }
    struct sample sample = {
        .source = source, .is_attack = source != SOURCE_TLDR, .hash = sha256_of(item->text)};
    set_membership(&loading->commands, &sample);
    struct text AUTO(text_done) plain = text_of_limit(TEXT_SIZE_MAX);
    struct text AUTO(text_done) text = text_of_limit(TEXT_SIZE_MAX);
    struct random random = {sample.cluster ^ sample.hash.bytes[31]};
    reading_unescape(item->text, &plain);
    placeholder_replace(text_bytes(&plain), &random, &text);
    TRY(text_status(&text));
    shell_view_fill(&loading->view, text_bytes(&plain));
    struct bytes folded = shell_view_text(&loading->view);
    if (loading->is_first_pass) {
        struct table_entry *entry;
        TRY(table_add(&loading->ordinary, folded, &entry));
        entry->value = loading; /* anything: that it is there is what is asked */
        return STATUS_OK;
    }
    if (sample.is_attack && table_get(&loading->ordinary, folded) != NULL) {
        loading->samples->ordinary_dropped++;
        return STATUS_OK;
    }
    sha256_add(&loading->digest, (struct bytes){sample.hash.bytes, sizeof sample.hash.bytes});
    TRY(arena_copy(loading->samples->arena, item->label, &sample.label));
    return samples_add(loading->samples, &sample, text_bytes(&text), NULL);
}

/* A script of the packages: files are named by what they are, "control-" or "file-" first. */
static enum status take_script(void *context, const char *path, const char *name)
{
    struct loading *loading = context;
    struct text AUTO(text_done) content = text_of_limit(READING_FILE_SIZE_MAX);
    TRY(reading_file(path, &content));
    struct sample sample = {.hash = sha256_of(text_bytes(&content))};
    sample.source =
        bytes_starts(bytes_of_text(name), "control-") ? SOURCE_MAINTAINER : SOURCE_SCRIPT;
    if (!split_has(&loading->scripts, &sample.hash)) {
        return STATUS_OK;
    }
    set_membership(&loading->scripts, &sample);
    sha256_add(&loading->digest, (struct bytes){sample.hash.bytes, sizeof sample.hash.bytes});
    return samples_add(loading->samples, &sample, text_bytes(&content), NULL);
}

static enum status read_split(const char *path, struct split *out)
{
    struct text AUTO(text_done) text = text_of_limit(SPLIT_FILE_SIZE_MAX);
    TRY(reading_file(path, &text));
    TRY(split_add(out, text_bytes(&text), false));
    split_seal(out);
    return STATUS_OK;
}

static enum status read_sources(const char *data, struct loading *loading)
{
    struct samples *samples = loading->samples;
    TRY(read_split(COMMANDS_SPLIT, &loading->commands));
    TRY(read_split(SCRIPTS_SPLIT, &loading->scripts));
    TRY(shell_view_new(samples->arena, TEXT_SIZE_MAX, false, &loading->view));
    table_init(&loading->ordinary, samples->arena, SAMPLES_MAX);
    sha256_init(&loading->digest);
    loading->is_first_pass = true;
    TRY(corpus_read(data, CORPUS_COMMANDS, take_command, loading));
    loading->is_first_pass = false;
    TRY(corpus_read(data, CORPUS_COMMANDS, take_command, loading));
    size_t commands = samples->count;
    enum status status = reading_folder(SCRIPTS, take_script, loading);
    samples->scripts_missing = loading->scripts.count - (samples->count - commands);
    samples->digest = sha256_finish(&loading->digest);
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status samples_read(const char *data, uint32_t bits, struct samples *out)
{
    *out = (struct samples){.bits = bits, .arena = arena_new(MEMORY_MAX)};
    if (out->arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct loading loading = {.samples = out};
    enum status status = read_sources(data, &loading);
    split_done(&loading.commands);
    split_done(&loading.scripts);
    return status;
}

void samples_done(struct samples *samples)
{
    free(samples->items);
    arena_free(samples->arena);
    arena_free(samples->reader);
    arena_free(samples->scratch);
    *samples = (struct samples){0};
}
