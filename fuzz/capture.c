/* Claims of parse/net/capture.h: the size of the windows changes nothing that is said; a frame
 * that is cited was there; members that are cited have names; what a transaction says is short
 * and, where it is a file, is no larger than its first bytes; each carried file has a row that
 * can be cited, or is counted. */
#include "fuzz.h"

#include <string.h>

#include "base/text.h"
#include "parse/net/capture.h"
#include "parse/net/speech.h"

#define MEMORY_MAX (128U << 20)
#define SAID_MAX (64U << 20)

struct run {
    struct coverage *coverage;
    struct text said;
    uint64_t frame; /* the highest that was cited */
};

static void say_fields(struct run *run, const struct transaction *transaction)
{
    for (size_t i = 0; i < transaction->field_count; i++) {
        CLAIM(transaction->fields[i].value.size > 0);
        CLAIM(transaction->fields[i].field < FIELD_COUNT);
        text_add(&run->said, field_name(transaction->fields[i].field));
        text_add_raw(&run->said, transaction->fields[i].value);
    }
    for (size_t i = 0; i < transaction->body_field_count; i++) {
        const struct body_field *field = &transaction->body_fields[i];
        CLAIM(field->value.size <= SPEECH_BODY_SIZE_MAX);
        text_add_raw(&run->said, field->name);
        text_add_raw(&run->said, field->value);
    }
}

static void say_artifact(struct run *run, const struct artifact *artifact)
{
    CLAIM(artifact->kind != NULL && artifact->size > 0);
    CLAIM(artifact->head.size <= ARTIFACT_HEAD_MAX && artifact->head.size <= artifact->size);
    CLAIM(artifact->member < run->coverage->member_count);
    text_addf(&run->said, "%s %llu %d ", artifact->kind, (unsigned long long)artifact->size,
              artifact->is_whole);
    CLAIM(artifact->is_notable || artifact->member == 0);
    if (artifact->is_hashed) {
        sha256_add_hex(&run->said, &artifact->sha256);
    }
    text_add_raw(&run->said, artifact->name);
}

static enum status take(void *context, const struct record *record)
{
    struct run *run = context;
    CLAIM(record->place.member < run->coverage->member_count);
    text_addf(&run->said, "\n%d %u %llu %llu ", (int)record->kind, record->place.member,
              (unsigned long long)record->place.first, (unsigned long long)record->place.last);
    if (record->place.kind == PLACE_FRAME && record->place.first > run->frame) {
        run->frame = record->place.first;
    }
    text_add_raw(&run->said, record->source);
    if (record->kind == RECORD_TRANSACTION) {
        say_fields(run, record->transaction);
    } else if (record->kind == RECORD_ARTIFACT) {
        say_artifact(run, record->artifact);
    }
    return STATUS_OK;
}

static void say_carried(struct run *run, const struct coverage *coverage)
{
    CLAIM(coverage->carried_count + coverage->carried_dropped ==
          coverage_count_get(coverage, "carried files"));
    for (size_t i = 0; i < coverage->carried_count; i++) {
        const struct carried *carried = &coverage->carried[i];
        CLAIM(carried_path_is_valid(carried->path));
        CLAIM(carried->from.size > 0 && carried->to.size > 0);
        text_add_raw(&run->said, carried->path);
        text_add_raw(&run->said, carried->from);
        sha256_add_hex(&run->said, &carried->sha256);
    }
}

struct slow {
    struct bytes left;
    size_t step;
};

static enum status read_slowly(void *context, uint8_t *buffer, size_t capacity, size_t *out)
{
    struct slow *slow = context;
    struct bytes part =
        bytes_part(slow->left, 0, slow->step < capacity ? slow->step : capacity);
    if (part.size > 0) {
        memcpy(buffer, part.data, part.size);
    }
    slow->left = bytes_from(slow->left, part.size);
    *out = part.size;
    return STATUS_OK;
}

static void run_over(struct run *run, struct bytes input, size_t step)
{
    struct arena *evidence = arena_new(MEMORY_MAX);
    struct arena *batch = arena_new(MEMORY_MAX);
    struct arena *result = arena_new(MEMORY_MAX);
    struct coverage coverage;
    struct budget budget = budget_of(UINT64_C(1) << 40);
    struct record_sink sink = {take, run};
    coverage_init(&coverage, result);
    run->coverage = &coverage;
    run->said = text_of_limit(SAID_MAX);
    struct parse parse = {.evidence = evidence,
                          .batch = batch,
                          .budget = &budget,
                          .sink = &sink,
                          .coverage = &coverage};
    struct slow slow = {input, step};
    struct stream stream;
    CLAIM(stream_of_reader(&stream, read_slowly, &slow, evidence) == STATUS_OK);
    CLAIM(capture_read(&stream, &parse) == STATUS_OK);
    CLAIM(run->frame <= coverage_count_get(&coverage, "frames"));
    for (size_t i = 0; i < coverage.anomaly_count; i++) {
        CLAIM(coverage.anomalies[i].place.member < coverage.member_count);
        text_add(&run->said, coverage.anomalies[i].what);
    }
    say_carried(run, &coverage);
    arena_free(evidence);
    arena_free(batch);
    arena_free(result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run whole = {0};
    struct run parts = {0};
    run_over(&whole, (struct bytes){data, size}, SIZE_MAX);
    run_over(&parts, (struct bytes){data, size}, 997);
    CLAIM(bytes_equal(text_bytes(&whole.said), text_bytes(&parts.said)));
    text_done(&whole.said);
    text_done(&parts.said);
    return 0;
}
