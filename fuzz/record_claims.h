/* What a record says, in one line, for "the same as"; what holds of every place and coverage.
 */
#pragma once

#include "fuzz.h"

#include "base/text.h"
#include "record/coverage.h"
#include "record/record.h"

static inline void parsing_say_fields(struct text *text, const struct field_value *fields,
                                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_addf(text, " %s=", field_name(fields[i].field));
        text_add_raw(text, fields[i].value);
    }
}

static inline void parsing_say_flow(struct text *text, const struct flow *flow)
{
    text_addf(text, " %llu %llu/%llu %llu/%llu %llu %zu ", (unsigned long long)flow->number,
              (unsigned long long)flow->client.packets,
              (unsigned long long)flow->server.packets,
              (unsigned long long)flow->client.payload_bytes,
              (unsigned long long)flow->server.payload_bytes,
              (unsigned long long)flow->turn_count, flow->turn_interval_count);
    endpoint_add_address(text, &flow->client.endpoint);
    text_add(text, " ");
    endpoint_add_address(text, &flow->server.endpoint);
    text_add_raw(text, flow->server_name);
}

static inline void parsing_say_pipeline(struct text *text,
                                        const struct shell_pipeline *pipeline)
{
    text_addf(text, " %u<%u", pipeline->number, pipeline->parent);
    for (size_t i = 0; i < pipeline->command_count; i++) {
        text_add(text, " |");
        for (size_t j = 0; j < pipeline->commands[i].word_count; j++) {
            text_add(text, " ");
            text_add_raw(text, pipeline->commands[i].words[j].text);
        }
    }
}

static inline void parsing_say(struct text *text, const struct record *record)
{
    text_addf(text, "%d %d %u %llu %llu %lld ", (int)record->kind, (int)record->place.kind,
              record->place.member, (unsigned long long)record->place.first,
              (unsigned long long)record->place.last, (long long)record->at.ns);
    if (record->kind == RECORD_EVENT) {
        text_add(text, event_action_name(record->event->action));
        parsing_say_fields(text, record->event->fields, record->event->field_count);
    } else if (record->kind == RECORD_FLOW) {
        parsing_say_flow(text, record->flow);
    } else if (record->kind == RECORD_TRANSACTION) {
        parsing_say_fields(text, record->transaction->fields, record->transaction->field_count);
    } else if (record->kind == RECORD_PIPELINE) {
        parsing_say_pipeline(text, record->pipeline);
    }
    text_add(text, "\n");
}

/* What coverage says, for "the same as". */
static inline void parsing_say_coverage(struct text *text, const struct coverage *coverage)
{
    text_addf(text, "%s %d %s\n", coverage->kind == NULL ? "-" : coverage->kind,
              (int)coverage->examined, coverage->why == NULL ? "-" : coverage->why);
    for (size_t i = 0; i < coverage->count_count; i++) {
        text_addf(text, "%s %llu\n", coverage->counts[i].name,
                  (unsigned long long)coverage->counts[i].count);
    }
    for (size_t i = 0; i < coverage->anomaly_count; i++) {
        const struct anomaly *anomaly = &coverage->anomalies[i];
        text_addf(text, "%s %llu %llu %llu\n", anomaly->what,
                  (unsigned long long)anomaly->place.first,
                  (unsigned long long)anomaly->place.last, (unsigned long long)anomaly->count);
    }
}

static inline void check_place(const struct place *place, const struct coverage *coverage)
{
    CLAIM(place->member < coverage->member_count);
    switch (place->kind) {
    case PLACE_LINES:
        CLAIM(place->first >= 1 && place->first <= place->last);
        break;
    case PLACE_FRAME:
    case PLACE_FLOW:
        CLAIM(place->first >= 1 && place->first == place->last);
        break;
    case PLACE_BYTES:
    case PLACE_WHOLE:
    case PLACE_RECORD:
        break;
    }
}

/* What must hold of every coverage, whatever was read. */
static inline void check_coverage(const struct coverage *coverage)
{
    CLAIM(coverage->member_count >= 1 && coverage->member_count <= COVERAGE_MEMBERS_MAX);
    CLAIM(coverage->host_count <= COVERAGE_HOSTS_MAX);
    /* Nothing is left out without a word. */
    CLAIM((coverage->examined == EXAMINED_WHOLE) == (coverage->why == NULL));
    CLAIM(coverage->kind != NULL || coverage->examined == EXAMINED_NO);
    CLAIM(coverage->first.is_known == coverage->last.is_known);
    CLAIM(!coverage->first.is_known || moment_compare(coverage->first, coverage->last) <= 0);
    for (size_t i = 0; i < coverage->anomaly_count; i++) {
        CLAIM(coverage->anomalies[i].count >= 1);
        check_place(&coverage->anomalies[i].place, coverage);
    }
}
