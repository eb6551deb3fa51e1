/* One script, judged by rules. */
#pragma once

#include "detect/capability/rules.h"

#include "parse/script/shell.h"

struct judged {
    struct arena *evidence;
    struct arena *batch;
    struct arena *result;
    struct budget budget;
    struct analysis_options options;
    struct examination examination;
    struct detection detection;
};

static inline void judged_begin(struct judged *judged, const struct rules *rules)
{
    *judged = (struct judged){.evidence = arena_new(64U << 20),
                              .batch = arena_new(64U << 20),
                              .result = arena_new(64U << 20),
                              .budget = budget_of(UINT64_C(1) << 32)};
    coverage_init(&judged->examination.coverage, judged->result);
    assert_ok(detection_open(rules->engine, &judged->options, judged->evidence, judged->result,
                             &judged->examination, &judged->detection));
}

/* `read` is shell_read, parse_stream or their like. */
static inline void judged_open(struct judged *judged, const struct rules *rules,
                               struct bytes script,
                               enum status (*read)(struct stream *, struct parse *))
{
    judged_begin(judged, rules);
    struct record_sink sink = {detection_take, &judged->detection};
    struct parse parse = {.evidence = judged->evidence,
                          .batch = judged->batch,
                          .budget = &judged->budget,
                          .sink = &sink,
                          .coverage = &judged->examination.coverage};
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, script, judged->evidence));
    assert_ok(read(&stream, &parse));
    assert_ok(detection_finish(&judged->detection));
}

static inline void judged_close(struct judged *judged)
{
    arena_free(judged->evidence);
    arena_free(judged->batch);
    arena_free(judged->result);
}

/* The finding of that rule, or NULL. */
static inline const struct finding *judged_find(const struct judged *judged, struct bytes rule)
{
    for (size_t i = 0; i < judged->examination.finding_count; i++) {
        if (bytes_equal(judged->examination.findings[i].rule, rule)) {
            return &judged->examination.findings[i];
        }
    }
    return NULL;
}
