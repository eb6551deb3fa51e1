/* Runs a reader of logs over bytes, whole and in small windows, for fuzz targets to claim
 * things of what it gives: what is said is the same, places rise, nothing holds a line break
 * that one line cannot hold. */
#pragma once

#include "fuzz.h"

#include <string.h>

#include "base/text.h"
#include "parse/parse.h"

#define READING_MEMORY_MAX (32U << 20)
#define READING_STEPS_MAX (UINT64_C(1) << 30)

struct reading {
    struct bytes input;
    struct text said;
    uint64_t next; /* places rise: the least that the next may begin with */
    /* What the target claims of each record. */
    void (*claim)(struct bytes input, const struct record *record);
};

static inline void reading_say(struct reading *reading, const struct field_value *fields,
                               size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CLAIM(fields[i].value.size > 0);
        text_add(&reading->said, field_name(fields[i].field));
        text_add_raw(&reading->said, fields[i].value);
    }
}

static inline enum status reading_take(void *context, const struct record *record)
{
    struct reading *reading = context;
    bool is_shell = record->kind == RECORD_PIPELINE || record->kind == RECORD_SHELL_TEXT;
    if (record->kind == RECORD_EVENT && record->event->action == EVENT_LOG_DAMAGED) {
        /* Before what is left of its line, which is given with the same place. */
        CLAIM(record->place.first >= reading->next);
        CLAIM(event_field(record->event, FIELD_LOG_DAMAGE).size > 0);
        text_addf(&reading->said, "damage %llu %llu", (unsigned long long)record->place.first,
                  (unsigned long long)record->event->repeats);
        return STATUS_OK;
    }
    CLAIM(record->place.kind != PLACE_LINES || record->place.first <= record->place.last);
    CLAIM(record->place.first >= reading->next ||
          (is_shell && record->place.first + 1 == reading->next));
    reading->next = record->place.first + 1;
    if (is_shell) {
        return STATUS_OK;
    }
    reading->claim(reading->input, record);
    text_addf(&reading->said, "%d %llu %lld", record->kind,
              (unsigned long long)record->place.first, (long long)record->at.ns);
    if (record->kind == RECORD_EVENT) {
        CLAIM(record->event->repeats >= 1);
        text_add(&reading->said, event_action_name(record->event->action));
        reading_say(reading, record->event->fields, record->event->field_count);
    } else if (record->kind == RECORD_TRANSACTION) {
        CLAIM(record->transaction->flow_number == 0);
        endpoint_add_address(&reading->said, &record->transaction->client);
        reading_say(reading, record->transaction->fields, record->transaction->field_count);
    } else if (record->kind == RECORD_SETTING) {
        text_add(&reading->said, setting_kind_name(record->setting->kind));
        reading_say(reading, record->setting->fields, record->setting->field_count);
    }
    return STATUS_OK;
}

struct reading_window {
    struct bytes left;
    size_t step;
};

static inline enum status reading_window_read(void *context, uint8_t *buffer, size_t capacity,
                                              size_t *out)
{
    struct reading_window *window = context;
    size_t size = window->step < capacity ? window->step : capacity;
    struct bytes part = bytes_part(window->left, 0, size);
    if (part.size > 0) {
        memcpy(buffer, part.data, part.size);
    }
    window->left = bytes_from(window->left, part.size);
    *out = part.size;
    return STATUS_OK;
}

static inline void reading_over(struct reading *reading, size_t step,
                                enum status (*read)(struct stream *, struct parse *))
{
    struct arena *evidence = arena_new(READING_MEMORY_MAX);
    struct arena *batch = arena_new(READING_MEMORY_MAX);
    struct arena *result = arena_new(READING_MEMORY_MAX);
    struct budget budget = budget_of(READING_STEPS_MAX);
    struct coverage coverage;
    struct record_sink sink = {reading_take, reading};
    coverage_init(&coverage, result);
    struct parse parse = {.evidence = evidence,
                          .batch = batch,
                          .budget = &budget,
                          .sink = &sink,
                          .coverage = &coverage};
    struct reading_window window = {reading->input, step};
    struct stream stream;
    CLAIM(stream_of_reader(&stream, reading_window_read, &window, evidence) == STATUS_OK);
    CLAIM(read(&stream, &parse) == STATUS_OK);
    arena_free(evidence);
    arena_free(batch);
    arena_free(result);
}

/* Reads `input` twice and claims that windows change nothing. */
static inline void reading_claim(struct bytes input,
                                 enum status (*read)(struct stream *, struct parse *),
                                 void (*claim)(struct bytes, const struct record *))
{
    struct reading whole = {
        .input = input, .said = text_of_limit(READING_MEMORY_MAX), .claim = claim};
    struct reading parts = {
        .input = input, .said = text_of_limit(READING_MEMORY_MAX), .claim = claim};
    reading_over(&whole, SIZE_MAX, read);
    reading_over(&parts, 7, read);
    CLAIM(text_status(&whole.said) == STATUS_OK);
    CLAIM(bytes_equal(text_bytes(&whole.said), text_bytes(&parts.said)));
    text_done(&whole.said);
    text_done(&parts.said);
}
