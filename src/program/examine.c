/* tocsin-examine: one evidence in, its findings, observations and coverage out.
 *
 * A nursery per processor maps rules and model once and reads no evidence; a confined child
 * per evidence wires parse to detect, writes one message and ends.  What it gives is a pure
 * function of the evidence, the rules, the model and the options. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory_file.h"
#include "codec/bundle.h"
#include "detect/engine.h"
#include "parse/excerpt.h"
#include "parse/parse.h"
#include "record/assignment.h"
#include "sandbox/nursery.h"

#define CHANNEL 3
#define SHARED_SIZE_MAX (128U << 20)   /* rules, prepared */
#define IMAGE_SIZE_MAX (128U << 20)    /* rules, as they come */
#define EVIDENCE_SIZE_MAX (112U << 20) /* parser and detector state */
#define BATCH_SIZE_MAX (16U << 20)
#define RESULT_SIZE_MAX (48U << 20)
/* About one step a byte: 64 GB of plain reading, far less of anything intricate. */
#define STEPS_MAX (UINT64_C(64) << 30)

struct shared {
    struct arena *arena;
    struct bytes content;
    struct bytes model;
    struct bundle bundle;
    const struct engine *engine;
};

static enum status prepare(void *context, struct bytes options, const int *files,
                           size_t file_count)
{
    struct shared *shared = context;
    if (file_count != 1 || options.size > 0) {
        return STATUS_MALFORMED;
    }
    struct fault fault = {0};
    TRY(memory_file_map(files[0], IMAGE_SIZE_MAX, &shared->content));
    TRY(bundle_read(shared->content, &shared->bundle, &fault));
    IGNORE(bundle_find(&shared->bundle, "models/sieve-shell.bin", &shared->model),
           "without weights the other detectors still work");
    shared->arena = arena_new(SHARED_SIZE_MAX);
    if (shared->arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    return engine_load(&shared->bundle, shared->model, shared->arena, &shared->engine, &fault);
}

#ifdef TOCSIN_TEST_HOOKS
/* In test builds an evidence can ask for what hostile bytes might achieve. */
static void misbehave(int evidence)
{
    char word[32] = "";
    ssize_t size = pread(evidence, word, sizeof word - 1, 0);
    volatile uint64_t turns = 0;
    struct arena *endless = arena_new(SIZE_MAX);
    if (size > 0 && strncmp(word, "TOCSIN-HOOK abort", 17) == 0) {
        abort();
    }
    while (size > 0 && strncmp(word, "TOCSIN-HOOK loop", 16) == 0) {
        turns++;
    }
    while (size > 0 && strncmp(word, "TOCSIN-HOOK memory", 18) == 0) {
        if (arena_take(endless, 1U << 20) == NULL) {
            _exit(JOB_EXIT_STATUS + STATUS_NO_MEMORY);
        }
    }
}
#else
static void misbehave(int evidence)
{
    (void)evidence;
}
#endif

/* The three lifetimes of one examination. */
struct arenas {
    struct arena *evidence;
    struct arena *batch;
    struct arena *result;
};

static enum status examine(const struct shared *shared, const struct assignment *assignment,
                           int evidence, const struct arenas *arenas, struct text *message)
{
    struct examination *examination = arena_take(arenas->result, sizeof *examination);
    if (examination == NULL) {
        return STATUS_NO_MEMORY;
    }
    coverage_init(&examination->coverage, arenas->result);
    struct detection detection;
    TRY(detection_open(shared->engine, &assignment->options, arenas->evidence, arenas->result,
                       examination, &detection));
    struct budget budget = budget_of(STEPS_MAX);
    const struct record_sink sink = {.take = detection_take, .context = &detection};
    struct parse parse = {
        .evidence = arenas->evidence,
        .batch = arenas->batch,
        .budget = &budget,
        .sink = &sink,
        .coverage = &examination->coverage,
        .name = assignment->name,
    };
    /* What stopped the reader is in the coverage; what was found before it counts. */
    IGNORE(parse_evidence(evidence, &parse), "coverage says why and how far");
    TRY(detection_finish(&detection));
    examination_write(message, examination);
    return text_status(message);
}

static enum status carry_out(const struct shared *shared, const struct assignment *assignment,
                             int evidence, const struct arenas *arenas, struct text *message)
{
    switch (assignment->kind) {
    case ASSIGNMENT_EXAMINE:
        return examine(shared, assignment, evidence, arenas, message);
    case ASSIGNMENT_EXTRACT:
        return excerpt_extract(evidence, assignment->citation, arenas->evidence, message);
    case ASSIGNMENT_SHOW:
        return excerpt_show(evidence, assignment->citation, arenas->evidence, message);
    }
    return STATUS_MALFORMED;
}

static enum status work(void *context, struct bytes options, int evidence, int result)
{
    const struct shared *shared = context;
    struct assignment assignment;
    TRY(assignment_read(options, &assignment));
    misbehave(evidence);
    struct arenas arenas = {
        .evidence = arena_new(EVIDENCE_SIZE_MAX),
        .batch = arena_new(BATCH_SIZE_MAX),
        .result = arena_new(RESULT_SIZE_MAX),
    };
    if (arenas.evidence == NULL || arenas.batch == NULL || arenas.result == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct text message = text_of_limit(EXAMINATION_SIZE_MAX);
    TRY(carry_out(shared, &assignment, evidence, &arenas, &message));
    /* The process ends here: the kernel frees faster than we would. */
    return memory_file_write(result, text_bytes(&message));
}

int main(void)
{
    struct shared shared = {0};
    const struct nursery_plan plan = {
        .channel = CHANNEL,
        .prepare = prepare,
        .work = work,
        .context = &shared,
    };
    return nursery_run(&plan);
}
