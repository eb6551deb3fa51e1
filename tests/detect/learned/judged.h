/* One evidence, parsed and judged with weights, and what the model raised of it. */
#pragma once

#include "check.h"

#include "detect/engine.h"
#include "parse/parse.h"

/* One evidence, examined with weights. */
struct judged {
    struct arena *arena;
    struct arena *batch;
    struct budget budget;
    struct analysis_options options;
    struct examination examination;
};

static inline void judge(struct judged *judged, struct bytes weights, struct bytes text,
                         const char *name)
{
    struct fault fault = {0};
    const struct engine *engine;
    struct detection detection;
    *judged = (struct judged){.arena = arena_new(256U << 20),
                              .batch = arena_new(16U << 20),
                              .budget = budget_of(UINT64_C(1) << 34)};
    struct examination *examination = &judged->examination;
    coverage_init(&examination->coverage, judged->arena);
    assert_ok(
        engine_load(&(struct engine_supply){.model = weights}, judged->arena, &engine, &fault));
    assert_ok(detection_open(engine, &judged->options, judged->arena, judged->arena,
                             examination, &detection));
    struct record_sink sink = {detection_take, &detection};
    struct parse parse = {.evidence = judged->arena,
                          .batch = judged->batch,
                          .budget = &judged->budget,
                          .sink = &sink,
                          .coverage = &examination->coverage,
                          .name = bytes_of_text(name)};
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, text, judged->arena));
    assert_ok(parse_stream(&stream, &parse, 0));
    assert_ok(detection_finish(&detection));
}

static inline void judged_done(struct judged *judged)
{
    arena_free(judged->arena);
    arena_free(judged->batch);
}

/* The learned findings; `*first` is the first. */
static inline size_t count_learned(const struct judged *judged, const struct finding **first)
{
    size_t count = 0;
    for (size_t i = judged->examination.finding_count; i > 0; i--) {
        const struct finding *finding = &judged->examination.findings[i - 1];
        if (bytes_starts(finding->rule, "learned/")) {
            *first = finding;
            count++;
        }
    }
    return count;
}

static inline size_t learned_of(struct bytes weights, const char *text, const char *name)
{
    struct judged judged;
    const struct finding *first;
    judge(&judged, weights, bytes_of_text(text), name);
    size_t count = count_learned(&judged, &first);
    judged_done(&judged);
    return count;
}
