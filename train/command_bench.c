#include "train/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "detect/learned/model.h"
#include "train/random.h"
#include "train/reading.h"

#define RUNS 5
#define TEXT_SIZE (64U << 20)
#define RUN_SIZE 1024U /* what the shell reader gives at once */
#define MEMORY_MAX (256U << 20)

/* Shell text of no meaning: words of a list, in lines of ordinary length. */
static void make_text(struct text *out)
{
    static const char *const words[] = {
        "if [ -f",    "\"$1\" ]; then", "echo",          "\"done\"",        "fi",
        "for i in",   "/usr/bin/",      "--verbose",     "cp -a",           "\"$file\"",
        ">/dev/null", "2>&1",           "| grep -q",     "'^[a-z]*$'",      "return",
        "$(basename", "/etc/default",   "while read -r", "line; do",        "done",
        "mkdir -p",   "/var/lib/",      "exit 0",        "case $action in",
    };
    struct random random = {1};
    while (out->size < TEXT_SIZE && out->status == STATUS_OK) {
        text_add(out, words[random_below(&random, sizeof words / sizeof *words)]);
        text_addf(out, random_below(&random, 4) == 0 ? "%zu\n" : "%zu ",
                  random_below(&random, 1000));
    }
}

/* This process's time on its core: others that want the core do not count. */
static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec + (double)at.tv_nsec * 1e-9;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;
    return (left > right) - (left < right);
}

static enum status load(struct text *file, struct weights *weights, struct sieve *sieve)
{
    struct fault fault;
    TRY(reading_file("models/sieve-shell.bin", file));
    TRY(weights_read(text_bytes(file), weights, &fault));
    return sieve_load(weights, sieve, &fault);
}

/* Seconds of one core for all of the text, in pieces as detection gets them. */
static double measure(struct learned_scorer *scorer, struct bytes text, int64_t *sum)
{
    double began = now();
    for (size_t at = 0; at < text.size; at += RUN_SIZE) {
        *sum += learned_score(scorer, bytes_part(text, at, RUN_SIZE));
    }
    return now() - began;
}

int command_bench(int argument_count, char **arguments)
{
    if (argument_count > 0) {
        fprintf(stderr, "usage: tocsin-train bench, not %s\n", arguments[0]);
        return 2;
    }
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct text AUTO(text_done) text = text_of_limit(TEXT_SIZE + 4096);
    struct text AUTO(text_done) file = text_of_limit(WEIGHTS_SIZE_MAX);
    struct weights weights;
    struct sieve sieve;
    struct learned_scorer scorer;
    enum status status = arena == NULL ? STATUS_NO_MEMORY : load(&file, &weights, &sieve);
    if (status == STATUS_OK) {
        status = learned_scorer_new(&sieve, arena, &scorer);
    }
    if (status != STATUS_OK) {
        return command_fail("models/sieve-shell.bin", status);
    }
    make_text(&text);
    double seconds[RUNS];
    int64_t sum = 0;
    for (size_t i = 0; i < RUNS; i++) {
        seconds[i] = measure(&scorer, text_bytes(&text), &sum);
    }
    qsort(seconds, RUNS, sizeof *seconds, compare);
    double megabytes = (double)text.size / 1e6;
    printf("Sieve: %.0f MB/s (median of %d, %.0f to %.0f; sum of scores %lld)\n",
           megabytes / seconds[RUNS / 2], RUNS, megabytes / seconds[RUNS - 1],
           megabytes / seconds[0], (long long)sum);
    return 0;
}
