/* Runs a reader over bytes and keeps what it gave, for tests. */
#pragma once

#include "make/kept.h"
#include "parse/parse.h"

#include <string.h>

#define READING_RECORDS_MAX 4096

/* A record with what it points to, copied. */
struct reading_record {
    enum record_kind kind;
    struct place place;
    struct moment at;
    struct bytes source;
    struct flow flow;
    struct transaction transaction;
    struct artifact artifact;
};

struct reading {
    struct arena *evidence;
    struct arena *batch;
    struct arena *result;
    struct budget budget;
    struct coverage coverage;
    struct reading_record records[READING_RECORDS_MAX];
    size_t count;
    size_t flow_count;
    size_t transaction_count;
    enum status sink_status; /* what the sink says */
    enum status status;
};

static inline enum status reading_take(void *context, const struct record *record)
{
    struct reading *reading = context;
    assert_true(reading->count < READING_RECORDS_MAX);
    struct reading_record *copy = &reading->records[reading->count++];
    *copy = (struct reading_record){.kind = record->kind,
                                    .place = record->place,
                                    .at = record->at,
                                    .source = kept_bytes(reading->result, record->source)};
    if (record->kind == RECORD_FLOW) {
        reading->flow_count++;
        copy->flow = *record->flow;
        copy->flow.server_name = kept_bytes(reading->result, copy->flow.server_name);
    } else if (record->kind == RECORD_TRANSACTION) {
        reading->transaction_count++;
        copy->transaction = *record->transaction;
        for (size_t i = 0; i < copy->transaction.field_count; i++) {
            struct field_value *field = &copy->transaction.fields[i];
            field->value = kept_bytes(reading->result, field->value);
        }
        copy->transaction.body_fields = kept_fields(reading->result, record->transaction);
    } else if (record->kind == RECORD_ARTIFACT) {
        copy->artifact = kept_artifact(reading->result, record->artifact);
    }
    return reading->sink_status;
}

static inline void reading_open(struct reading *reading)
{
    memset(reading, 0, sizeof *reading);
    reading->evidence = arena_new(192U << 20);
    reading->batch = arena_new(16U << 20);
    reading->result = arena_new(64U << 20);
    reading->budget = budget_of(UINT64_MAX);
    coverage_init(&reading->coverage, reading->result);
}

static inline void reading_run(struct reading *reading,
                               enum status (*read)(struct stream *, struct parse *),
                               struct bytes bytes)
{
    struct record_sink sink = {reading_take, reading};
    struct parse parse = {.evidence = reading->evidence,
                          .batch = reading->batch,
                          .budget = &reading->budget,
                          .sink = &sink,
                          .coverage = &reading->coverage};
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, bytes, reading->evidence));
    reading->status = read(&stream, &parse);
}

static inline void reading_close(struct reading *reading)
{
    arena_free(reading->evidence);
    arena_free(reading->batch);
    arena_free(reading->result);
}

/* The index-th record of a kind, from 0. */
static inline const struct reading_record *reading_nth(const struct reading *reading,
                                                       enum record_kind kind, size_t index)
{
    for (size_t i = 0; i < reading->count; i++) {
        if (reading->records[i].kind == kind && index-- == 0) {
            return &reading->records[i];
        }
    }
    fail_msg("there are fewer records of this kind");
    return NULL;
}

static inline const struct flow *reading_flow(const struct reading *reading, size_t index)
{
    return &reading_nth(reading, RECORD_FLOW, index)->flow;
}

static inline const struct reading_record *reading_transaction(const struct reading *reading,
                                                               size_t index)
{
    return reading_nth(reading, RECORD_TRANSACTION, index);
}

static inline size_t reading_count_of(const struct reading *reading, enum record_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < reading->count; i++) {
        count += reading->records[i].kind == kind;
    }
    return count;
}

static inline bool reading_has_anomaly(const struct reading *reading, const char *what)
{
    for (size_t i = 0; i < reading->coverage.anomaly_count; i++) {
        if (strstr(reading->coverage.anomalies[i].what, what) != NULL) {
            return true;
        }
    }
    return false;
}
