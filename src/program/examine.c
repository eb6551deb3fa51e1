/* tocsin-examine: one evidence in, its findings, observations and coverage out.
 *
 * A nursery per processor maps rules and model once and reads no evidence; a confined child
 * per evidence wires parse to detect, writes one message and ends.  What it gives is a pure
 * function of the evidence, the rules, the model and the options. */
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/lent_file.h"
#include "base/memory_file.h"
#include "base/pack.h"
#include "codec/bundle.h"
#include "detect/capability/rule_pack.h"
#include "detect/engine.h"
#include "parse/excerpt.h"
#include "parse/parse.h"
#include "parse/paste.h"
#include "record/assignment.h"
#include "sandbox/confine.h"
#include "sandbox/nursery.h"

#define CHANNEL 3
#define SHARED_SIZE_MAX (128U << 20)   /* rules, prepared */
#define IMAGE_SIZE_MAX (128U << 20)    /* rules, as they come */
#define EVIDENCE_SIZE_MAX (112U << 20) /* parser and detector state */
#define BATCH_SIZE_MAX (16U << 20)
#define RESULT_SIZE_MAX (48U << 20)
/* About one step a byte: 64 GB of plain reading, far less of anything intricate. */
#define STEPS_MAX (UINT64_C(64) << 30)

/* What a nursery that is lent a restricted pack is told beside it. */
#define LEASE_OPTIONS_SIZE 8

struct shared {
    struct arena *arena;
    struct bytes content;
    struct bytes model;
    struct bundle bundle;
    const struct engine *engine;
};

/* The kernel ends this process when the lease ends, whoever else forgets; with it go its
 * children, and what they made of the pack. */
static enum status end_with_lease(struct bytes options)
{
    struct cursor cursor = cursor_of(options);
    uint64_t end_ms = cursor_u64le(&cursor);
    TRY(unpack_end(&cursor));
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    uint64_t now_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    if (end_ms <= now_ms) {
        return STATUS_DENIED;
    }
    uint64_t left_ms = end_ms - now_ms;
    struct itimerval alarm = {
        .it_value = {.tv_sec = (time_t)(left_ms / 1000),
                     .tv_usec = (suseconds_t)(left_ms % 1000 * 1000 + 1)}};
    return setitimer(ITIMER_REAL, &alarm, NULL) == 0 ? STATUS_OK : STATUS_DENIED;
}

/* What is kept of the pack is this process's own: the file can be wiped under it. */
static enum status take_pack(struct shared *shared, int file, struct bytes options,
                             struct rule_pack *out)
{
    struct bytes text;
    struct tree_fault fault = {0};
    TRY(end_with_lease(options));
    TRY(lent_file_map(file, RULE_PACK_SIZE_MAX, &text));
    enum status status = rule_pack_read(text, shared->arena, out, &fault);
    memory_file_unmap(&text);
    return status;
}

static enum status prepare(void *context, struct bytes options, const int *files,
                           size_t file_count)
{
    struct shared *shared = context;
    bool has_pack = file_count == 2;
    if ((file_count != 1 && !has_pack) || (has_pack ? LEASE_OPTIONS_SIZE : 0) != options.size) {
        return STATUS_MALFORMED;
    }
    struct fault fault = {0};
    struct rule_pack pack;
    TRY(memory_file_map(files[0], IMAGE_SIZE_MAX, &shared->content));
    TRY(bundle_read(shared->content, &shared->bundle, &fault));
    IGNORE(bundle_find(&shared->bundle, "models/sieve-shell.bin", &shared->model),
           "without weights the other detectors still work");
    shared->arena = arena_new(SHARED_SIZE_MAX);
    if (shared->arena == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (has_pack) {
        TRY(take_pack(shared, files[1], options, &pack));
    }
    struct engine_supply supply = {&shared->bundle, shared->model, has_pack ? &pack : NULL};
    return engine_load(&supply, shared->arena, &shared->engine, &fault);
}

#ifdef TOCSIN_TEST_HOOKS
#define HOOK_MEMORY_MAX (256U << 20)

/* In test builds an evidence can ask for what hostile bytes might achieve. */
static void misbehave(int evidence)
{
    char word[32] = "";
    ssize_t size = pread(evidence, word, sizeof word - 1, 0);
    volatile uint64_t turns = 0;
    /* No limit of the kernel's holds under a sanitizer: an arena's then must do. */
    struct arena *endless = arena_new(CONFINE_IS_SANITIZED ? HOOK_MEMORY_MAX : SIZE_MAX);
    if (size > 0 && strncmp(word, "TOCSIN-HOOK abort", 17) == 0) {
        abort();
    }
    while (size > 0 && strncmp(word, "TOCSIN-HOOK loop", 16) == 0) {
        turns++;
    }
    while (size > 0 && strncmp(word, "TOCSIN-HOOK memory", 18) == 0) {
        uint8_t *taken = arena_take(endless, 1U << 20);
        if (taken != NULL) {
            memset(taken, 1, 1U << 20);
        } else {
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
        .size_max = assignment->size,
        .has_size_max = true,
    };
    /* What stopped the reader is in the coverage; what was found before it counts. */
    IGNORE(parse_evidence(evidence, &parse), "coverage says why and how far");
    TRY(detection_finish(&detection));
    examination_write(message, examination);
    return text_status(message);
}

/* What a pasted text says, and what it matches. */
struct reading {
    struct statement *statement;
    struct detection *detection;
};

static enum status take_both(void *context, const struct record *record)
{
    struct reading *reading = context;
    TRY(statement_take(reading->statement, record));
    return detection_take(reading->detection, record);
}

static enum status read_text(const struct shared *shared, const struct assignment *assignment,
                             int evidence, const struct arenas *arenas, struct text *message)
{
    struct statement *statement = arena_take(arenas->result, sizeof *statement);
    struct examination *examination = arena_take(arenas->result, sizeof *examination);
    struct bytes text;
    if (statement == NULL || examination == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(memory_file_map(evidence, STATEMENT_TEXT_MAX, &text));
    TRY(statement_init(statement, arenas->result));
    coverage_init(&examination->coverage, arenas->result);
    struct detection detection;
    TRY(detection_open(shared->engine, &assignment->options, arenas->evidence, arenas->result,
                       examination, &detection));
    struct budget budget = budget_of(STEPS_MAX);
    struct reading reading = {statement, &detection};
    const struct record_sink sink = {.take = take_both, .context = &reading};
    struct parse parse = {
        .evidence = arenas->evidence,
        .batch = arenas->batch,
        .budget = &budget,
        .sink = &sink,
        .coverage = &examination->coverage,
    };
    TRY(paste_read(text, &parse, statement));
    TRY(detection_finish(&detection));
    AUTO(text_done) struct text said = text_of_limit(EXAMINATION_SIZE_MAX);
    statement_write(&said, statement);
    TRY(text_status(&said));
    pack_bytes(message, text_bytes(&said));
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
    case ASSIGNMENT_READ:
        return read_text(shared, assignment, evidence, arenas, message);
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
