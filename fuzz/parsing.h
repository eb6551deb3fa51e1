/* Parses bytes as examine does and hands each record to a target, for claims about readers. */
#pragma once

#include "fuzz.h"

#include <string.h>

#include "base/text.h"
#include "parse/parse.h"

#define PARSING_MEMORY (96U << 20) /* of evidence, as src/program/examine.c gives it */
#define PARSING_BATCH (16U << 20)
#define PARSING_TEXT (64U << 20)

struct parsing {
    struct arena *evidence;
    struct arena *batch;
    struct arena *result;
    struct budget budget;
    struct coverage coverage;
    struct record_sink sink;
    struct parse parse;
};

/* Gives the bytes in small pieces, as a slow disk or a decompressor may. */
struct parsing_slow {
    struct bytes left;
    size_t step;
};

static inline enum status parsing_slowly(void *context, uint8_t *buffer, size_t capacity,
                                         size_t *out)
{
    struct parsing_slow *slow = context;
    struct bytes part =
        bytes_part(slow->left, 0, slow->step < capacity ? slow->step : capacity);
    if (part.size > 0) {
        memcpy(buffer, part.data, part.size);
    }
    slow->left = bytes_from(slow->left, part.size);
    *out = part.size;
    return STATUS_OK;
}

/* Work may grow with the size and nothing else: so many steps a byte, and some to begin. */
static inline void parsing_open(struct parsing *parsing, struct bytes input, const char *name,
                                enum status (*take)(void *, const struct record *),
                                void *context)
{
    *parsing = (struct parsing){.evidence = arena_new(PARSING_MEMORY),
                                .batch = arena_new(PARSING_BATCH),
                                .result = arena_new(PARSING_BATCH),
                                .budget = budget_of(UINT64_C(2048) * input.size + 1000000),
                                .sink = {take, context}};
    coverage_init(&parsing->coverage, parsing->result);
    parsing->parse = (struct parse){.evidence = parsing->evidence,
                                    .batch = parsing->batch,
                                    .budget = &parsing->budget,
                                    .sink = &parsing->sink,
                                    .coverage = &parsing->coverage,
                                    .name = bytes_of_text(name)};
}

/* `step` 0 gives all at once. */
static inline enum status parsing_run(struct parsing *parsing, struct bytes input, size_t step)
{
    struct parsing_slow slow = {input, step == 0 ? SIZE_MAX : step};
    struct stream stream;
    CLAIM(stream_of_reader(&stream, parsing_slowly, &slow, parsing->evidence) == STATUS_OK);
    return parse_stream(&stream, &parsing->parse, 0);
}

static inline void parsing_close(struct parsing *parsing)
{
    arena_free(parsing->evidence);
    arena_free(parsing->batch);
    arena_free(parsing->result);
}
