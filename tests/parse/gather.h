/* Runs a text through parse_stream and keeps what it gives as lines that a test can name. */
#pragma once

#include "check.h"

#include <string.h>

#include "base/text.h"
#include "parse/parse.h"

struct gather {
    struct arena *evidence;
    struct arena *batch;
    struct arena *result;
    struct budget budget;
    struct coverage coverage;
    struct record_sink sink;
    struct parse parse;
    struct text lines; /* one a record: "3 login-failed user.name=root source.ip=192.0.2.1" */
    size_t count;
    enum status status;
};

/* All but what every event has. */
static inline void gather_fields(struct text *lines, const struct field_value *fields,
                                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        enum field field = fields[i].field;
        if (field != FIELD_MESSAGE && field != FIELD_HOST_NAME && field != FIELD_PROCESS_NAME &&
            field != FIELD_PROCESS_ID && field != FIELD_LOG_SEQUENCE &&
            field != FIELD_LOG_SEQUENCE_OF) {
            text_addf(lines, " %s=", field_name(field));
            text_add_raw(lines, fields[i].value);
        }
    }
}

static inline void gather_event(struct text *lines, const struct event *event)
{
    text_add(lines, event_action_name(event->action));
    if (event->repeats != 1) {
        text_addf(lines, " x%u", (unsigned)event->repeats);
    }
    gather_fields(lines, event->fields, event->field_count);
}

/* "http 203.0.113.7:80 http.request.method=GET ...", "-" for a client without an address. */
static inline void gather_transaction(struct text *lines, const struct transaction *transaction)
{
    static const char *const kinds[] = {"dns", "http", "tls"};
    assert_int_equal(transaction->flow_number, 0);
    text_addf(lines, "%s ", kinds[transaction->kind]);
    if (transaction->client.address_size > 0) {
        endpoint_add_address(lines, &transaction->client);
    } else {
        text_add(lines, "-");
    }
    if (transaction->client.port > 0) {
        text_addf(lines, ":%u", transaction->client.port);
    }
    gather_fields(lines, transaction->fields, transaction->field_count);
}

static inline enum status gather_take(void *context, const struct record *record)
{
    struct gather *gather = context;
    if (record->kind == RECORD_PIPELINE || record->kind == RECORD_SHELL_TEXT) {
        return STATUS_OK; /* what a command holds: tests/parse/script */
    }
    gather->count++;
    text_addf(&gather->lines, "%u ", (unsigned)record->place.first);
    if (record->kind == RECORD_EVENT) {
        gather_event(&gather->lines, record->event);
    } else if (record->kind == RECORD_TRANSACTION) {
        gather_transaction(&gather->lines, record->transaction);
    } else if (record->kind == RECORD_SETTING) {
        text_add(&gather->lines, setting_kind_name(record->setting->kind));
        gather_fields(&gather->lines, record->setting->fields, record->setting->field_count);
    }
    text_add(&gather->lines, "\n");
    return STATUS_OK;
}

static inline void gather_init(struct gather *gather, const char *name)
{
    *gather = (struct gather){.evidence = arena_new(64U << 20),
                              .batch = arena_new(8U << 20),
                              .result = arena_new(8U << 20),
                              .budget = budget_of(UINT64_C(1) << 32),
                              .lines = text_of_limit(64U << 20)};
    coverage_init(&gather->coverage, gather->result);
    gather->sink = (struct record_sink){gather_take, gather};
    gather->parse = (struct parse){.evidence = gather->evidence,
                                   .batch = gather->batch,
                                   .budget = &gather->budget,
                                   .sink = &gather->sink,
                                   .coverage = &gather->coverage,
                                   .name = bytes_of_text(name)};
}

static inline void gather_bytes(struct gather *gather, struct bytes bytes, const char *name)
{
    gather_init(gather, name);
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, bytes, gather->evidence));
    gather->status = parse_stream(&stream, &gather->parse, 0);
}

static inline void gather_text(struct gather *gather, const char *text, const char *name)
{
    gather_bytes(gather, bytes_of_text(text), name);
}

static inline void gather_done(struct gather *gather)
{
    text_done(&gather->lines);
    arena_free(gather->evidence);
    arena_free(gather->batch);
    arena_free(gather->result);
}

/* The records of a file of that name and kind, one a line, are exactly `expected`. */
static inline void assert_reads(const char *text, const char *name, const char *kind,
                                const char *expected)
{
    struct gather gather;
    gather_text(&gather, text, name);
    assert_ok(gather.status);
    if (kind != NULL) {
        assert_non_null(gather.coverage.kind);
        assert_string_equal(gather.coverage.kind, kind);
    }
    assert_string_equal(text_terminated(&gather.lines), expected);
    gather_done(&gather);
}

static inline void assert_gathers(const char *text, const char *expected)
{
    assert_reads(text, "auth.log", NULL, expected);
}
