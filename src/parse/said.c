#include "parse/said.h"

#include "record/quote.h"

#define MEMORY_MAX (64U << 20)
#define LINE_SHOWN_MAX 2000

struct listener {
    const struct place *place;
    struct text *out;
    size_t line_count;
};

/* Ends the reading behind the place. */
static enum status take(void *context, const struct record *record)
{
    struct listener *listener = context;
    const struct place *place = listener->place;
    if (record->place.kind != PLACE_BYTES || record->place.first < place->first ||
        record->source.size == 0) {
        return STATUS_OK;
    }
    if (record->place.first - place->first >= place->last ||
        listener->line_count == SAID_LINES_MAX) {
        return STATUS_CONFLICT;
    }
    listener->line_count++;
    text_add(listener->out, "read as: ");
    if (record->at.is_known) {
        moment_add_rfc3339(listener->out, record->at);
        text_add_byte(listener->out, ' ');
    }
    quote_add_text(listener->out, record->source, LINE_SHOWN_MAX);
    text_add_byte(listener->out, '\n');
    return text_status(listener->out);
}

static enum status listen(struct stream *stream, struct bytes name, struct listener *listener,
                          struct arena *evidence, struct arena *batch)
{
    struct coverage coverage;
    coverage_init(&coverage, evidence);
    struct budget budget = budget_of(SAID_STEPS_MAX);
    const struct record_sink sink = {take, listener};
    struct parse parse = {.evidence = evidence,
                          .batch = batch,
                          .budget = &budget,
                          .sink = &sink,
                          .coverage = &coverage,
                          .name = name};
    enum status status = parse_stream(stream, &parse, 0);
    /* What was said before the reading ended is true, however it ended. */
    return status == STATUS_NO_MEMORY ? status : text_status(listener->out);
}

enum status said_of_place(struct stream *stream, struct bytes name, const struct place *place,
                          struct text *out)
{
    struct listener listener = {.place = place, .out = out};
    struct arena *evidence = arena_new(MEMORY_MAX);
    struct arena *batch = arena_new(MEMORY_MAX);
    enum status status = STATUS_NO_MEMORY;
    if (evidence != NULL && batch != NULL) {
        status = listen(stream, name, &listener, evidence, batch);
    }
    arena_free(evidence);
    arena_free(batch);
    return status;
}
