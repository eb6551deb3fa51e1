/* Claims of parse/log/syslog.h: what a record says lies inside the evidence or is ours; the
 * size of the windows it is read in changes nothing; places rise. */
#include "fuzz.h"

#include <string.h>

#include "base/text.h"
#include "parse/log/syslog.h"

#define MEMORY_MAX (32U << 20)
#define STEPS_MAX (UINT64_C(1) << 30)

struct run {
    struct parse parse;
    struct bytes input;
    struct text said;
    uint64_t line;
};

/* `all` is the evidence: the fields of a repetition come from the line it repeats. */
static void check_field(struct bytes all, const struct field_value *value)
{
    /* An address in its canonical form, or a word of ours, is not part of any line. */
    bool is_made = value->field == FIELD_SOURCE_ADDRESS ||
                   value->field == FIELD_DESTINATION_ADDRESS ||
                   value->field == FIELD_AUTH_METHOD;
    CLAIM(value->value.size > 0);
    CLAIM(is_made || bytes_find(all, value->value) < all.size);
    CLAIM(bytes_find_byte(value->value, '\n') == value->value.size);
}

static enum status take(void *context, const struct record *record)
{
    struct run *run = context;
    if (record->kind == RECORD_TRANSACTION) {
        CLAIM(record->transaction->kind == TRANSACTION_DNS);
        CLAIM(record->place.first > run->line && record->transaction->flow_number == 0);
        run->line = record->place.first;
        text_addf(&run->said, "%llu dns", (unsigned long long)record->place.first);
        return STATUS_OK;
    }
    if (record->kind != RECORD_EVENT) {
        CLAIM(record->event->action == EVENT_COMMAND_RUN);
        CLAIM(record->origin == SHELL_LOGGED && record->place.first == run->line);
        return STATUS_OK;
    }
    CLAIM(record->place.first == record->place.last && record->place.first > run->line);
    if (record->event->action == EVENT_LOG_DAMAGED) { /* before what is left of its line */
        text_addf(&run->said, "%llu damage %llu", (unsigned long long)record->place.first,
                  (unsigned long long)record->event->repeats);
        return STATUS_OK;
    }
    CLAIM(record->event->repeats >= 1);
    CLAIM(bytes_find(run->input, record->source) < run->input.size);
    run->line = record->place.first;
    text_addf(&run->said, "%llu %s %llu %lld", (unsigned long long)record->place.first,
              event_action_name(record->event->action),
              (unsigned long long)record->event->repeats, (long long)record->at.ns);
    for (size_t i = 0; i < record->event->field_count; i++) {
        check_field(run->input, &record->event->fields[i]);
        text_add(&run->said, field_name(record->event->fields[i].field));
        text_add_raw(&run->said, record->event->fields[i].value);
    }
    return STATUS_OK;
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
    struct budget budget = budget_of(STEPS_MAX);
    struct coverage coverage;
    struct record_sink sink = {take, run};
    coverage_init(&coverage, result);
    run->parse = (struct parse){.evidence = evidence,
                                .batch = batch,
                                .budget = &budget,
                                .sink = &sink,
                                .coverage = &coverage,
                                .name = bytes_of_text("auth.log")};
    struct slow slow = {input, step};
    struct stream stream;
    CLAIM(stream_of_reader(&stream, read_slowly, &slow, evidence) == STATUS_OK);
    CLAIM(syslog_read(&stream, &run->parse) == STATUS_OK);
    CLAIM(coverage_count_get(&coverage, "lines") >= run->line);
    arena_free(evidence);
    arena_free(batch);
    arena_free(result);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct run whole = {.input = input, .said = text_of_limit(MEMORY_MAX)};
    struct run parts = {.input = input, .said = text_of_limit(MEMORY_MAX)};
    run_over(&whole, input, SIZE_MAX);
    run_over(&parts, input, 7);
    CLAIM(text_status(&whole.said) == STATUS_OK);
    CLAIM(bytes_equal(text_bytes(&whole.said), text_bytes(&parts.said)));
    text_done(&whole.said);
    text_done(&parts.said);
    return 0;
}
