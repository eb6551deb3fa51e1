/* Examines a text as the program does, parse and detect, and writes down what came out. */
#pragma once

#include "check.h"

#include <string.h>

#include "base/text.h"
#include "detect/engine.h"
#include "parse/parse.h"

struct examine {
    struct arena *evidence;
    struct arena *batch;
    struct arena *result;
    struct budget budget;
    struct examination examination;
    struct analysis_options options;
    struct detection detection;
    struct text said;
};

static inline void say_entities(struct text *text, const struct entity *entities, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_addf(text, " %s/%s=", entity_kind_name(entities[i].kind),
                  entity_role_name(entities[i].role));
        text_add_raw(text, entities[i].name);
    }
}

static inline void say_facts(struct text *text, const struct fact *facts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool is_text = facts[i].kind == FACT_TEXT;
        if (is_text || facts[i].count > 0) {
            text_add(text, " ");
            text_add_raw(text, facts[i].name);
            text_add(text, ":");
            is_text ? text_add_raw(text, facts[i].text)
                    : text_addf(text, "%llu", (unsigned long long)facts[i].count);
        }
    }
}

static inline void say_cites(struct text *text, const struct cite *cites, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_addf(text, " @%llu", (unsigned long long)cites[i].place.first);
        assert_true(cites[i].excerpt.size > 0);
    }
    text_add(text, "\n");
}

/* One line an observation or finding: its kind, count or severity, entities, facts that are not
 * zero, and the lines it cites. */
static inline void examine_say(struct examine *examine)
{
    struct text *text = &examine->said;
    const struct examination *examination = &examine->examination;
    for (size_t i = 0; i < examination->observation_count; i++) {
        const struct observation *observation = &examination->observations[i];
        text_addf(text, "%s x%llu", observation_kind_name(observation->kind),
                  (unsigned long long)observation->count);
        say_entities(text, observation->entities, observation->entity_count);
        say_facts(text, observation->facts, observation->fact_count);
        say_cites(text, observation->cites, observation->cite_count);
    }
    for (size_t i = 0; i < examination->finding_count; i++) {
        const struct finding *finding = &examination->findings[i];
        text_add_raw(text, finding->rule);
        text_addf(text, " %s %.2f", severity_name(finding->severity), finding->confidence);
        for (size_t k = 0; k < finding->technique_count; k++) {
            text_add(text, " ");
            text_add_raw(text, finding->techniques[k]);
        }
        say_entities(text, finding->entities, finding->entity_count);
        say_facts(text, finding->facts, finding->fact_count);
        say_cites(text, finding->cites, finding->cite_count);
    }
}

static inline void examine_text(struct examine *examine, struct bytes text)
{
    *examine = (struct examine){.evidence = arena_new(128U << 20),
                                .batch = arena_new(16U << 20),
                                .result = arena_new(128U << 20),
                                .budget = budget_of(UINT64_C(1) << 34),
                                .said = text_of_limit(64U << 20)};
    struct fault fault = {0};
    const struct engine *engine = NULL;
    assert_ok(engine_load(&(struct engine_supply){0}, examine->evidence, &engine, &fault));
    coverage_init(&examine->examination.coverage, examine->result);
    assert_ok(detection_open(engine, &examine->options, examine->evidence, examine->result,
                             &examine->examination, &examine->detection));
    struct record_sink sink = {detection_take, &examine->detection};
    struct parse parse = {.evidence = examine->evidence,
                          .batch = examine->batch,
                          .budget = &examine->budget,
                          .sink = &sink,
                          .coverage = &examine->examination.coverage,
                          .name = bytes_of_text("auth.log")};
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, text, examine->evidence));
    assert_ok(parse_stream(&stream, &parse, 0));
    assert_ok(detection_finish(&examine->detection));
    examine_say(examine);
}

static inline void examine_done(struct examine *examine)
{
    text_done(&examine->said);
    arena_free(examine->evidence);
    arena_free(examine->batch);
    arena_free(examine->result);
}

/* What is said of `text`, in lines that begin with `prefix`, is exactly `expected`. */
static inline void assert_says(const char *text, const char *prefix, const char *expected)
{
    struct examine examine;
    examine_text(&examine, bytes_of_text(text));
    struct text AUTO(text_done) kept = text_of_limit(16U << 20);
    struct bytes rest = text_bytes(&examine.said);
    struct bytes line = BYTES_NONE;
    while (bytes_split(&rest, '\n', &line)) {
        if (bytes_starts(line, prefix)) {
            text_add_raw(&kept, line);
            text_add(&kept, "\n");
        }
    }
    assert_string_equal(text_terminated(&kept), expected);
    examine_done(&examine);
}
