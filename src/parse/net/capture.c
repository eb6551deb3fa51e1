#include "parse/net/capture.h"

#include "parse/net/dissect.h"
#include "parse/net/frames.h"

#define CAPTURE_CARVE_STEPS_MAX (UINT64_C(64) << 30)
#define CAPTURE_CARVE_MEMORY_MAX (112U << 20)
#define CAPTURE_CARVE_BATCH_MAX (4U << 20)

/* Not everything could be read. */
static void cut_short(struct dissection *dissection, const char *why)
{
    dissection_anomaly(dissection, why);
    dissection->parse->coverage->examined = EXAMINED_PARTLY;
    dissection->parse->coverage->why = why;
}

/* Excerpt has what it looked for. */
static bool is_carved(const struct parse *parse)
{
    const struct carving *carving = parse->carving;
    return carving != NULL && (carving->is_done || carving->status != STATUS_OK);
}

static enum status read_frames(struct frames *frames, struct dissection *dissection)
{
    for (;;) {
        if (is_carved(dissection->parse)) {
            return STATUS_OK;
        }
        struct captured captured;
        switch (frames_next(frames, &captured)) {
        case FRAMES_GIVEN:
            TRY(dissection_take(dissection, &captured));
            break;
        case FRAMES_DAMAGED:
            dissection_anomaly(dissection, frames->what);
            break;
        case FRAMES_ENDED:
            if (frames->what != NULL) {
                cut_short(dissection, frames->what);
            }
            return dissection->parse->budget->is_spent ? STATUS_LIMIT : STATUS_OK;
        }
    }
}

static void refuse(struct parse *parse, enum status status)
{
    struct coverage *coverage = parse->coverage;
    coverage->examined = EXAMINED_NO;
    coverage->why = "the capture's header is damaged";
    if (status == STATUS_UNSUPPORTED) {
        coverage->why = "modified pcap capture: not examined yet";
    } else if (status == STATUS_TRUNCATED) {
        coverage->why = "the capture ends within its header";
    }
}

enum status capture_read(struct stream *stream, struct parse *parse)
{
    if (parse->is_carried) {
        parse->coverage->examined = EXAMINED_NO;
        parse->coverage->why = "a capture within a capture is not examined";
        return STATUS_OK;
    }
    struct frames frames;
    enum status status = frames_open(&frames, stream, parse->evidence, parse->budget);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK) {
        refuse(parse, status);
        return STATUS_OK;
    }
    AUTO(dissection_done) struct dissection dissection;
    TRY(dissection_init(&dissection, parse));
    status = read_frames(&frames, &dissection);
    /* What was seen is given whatever stopped the reading, unless it was the sink. */
    if (status == STATUS_OK || status == STATUS_LIMIT) {
        enum status finished = dissection_finish(&dissection);
        status = finished == STATUS_OK ? status : finished;
    }
    return status;
}

static enum status take_nothing(void *context, const struct record *record)
{
    (void)context;
    (void)record;
    return STATUS_OK;
}

static enum status carve(struct stream *stream, struct arena *scratch, struct arena *batch,
                         struct carving *carving)
{
    struct coverage *coverage = arena_take(scratch, sizeof *coverage);
    if (coverage == NULL) {
        return STATUS_NO_MEMORY;
    }
    coverage_init(coverage, scratch);
    struct budget budget = budget_of(CAPTURE_CARVE_STEPS_MAX);
    const struct record_sink sink = {.take = take_nothing};
    struct parse parse = {.evidence = scratch,
                          .batch = batch,
                          .budget = &budget,
                          .sink = &sink,
                          .coverage = coverage,
                          .carving = carving};
    TRY(capture_read(stream, &parse));
    if (!carving->is_found) {
        return STATUS_NOT_FOUND;
    }
    TRY(carving->status);
    return text_status(carving->out);
}

enum status capture_carve(struct stream *stream, struct bytes name, struct arena *arena,
                          size_t size_max, struct bytes *out)
{
    struct text AUTO(text_done) content = text_of_limit(size_max);
    struct carving carving = {.wanted = name, .out = &content, .size_max = size_max};
    struct arena *scratch = arena_new(CAPTURE_CARVE_MEMORY_MAX);
    struct arena *batch = arena_new(CAPTURE_CARVE_BATCH_MAX);
    enum status status = STATUS_NO_MEMORY;
    if (scratch != NULL && batch != NULL) {
        status = carve(stream, scratch, batch, &carving);
    }
    arena_free(scratch);
    arena_free(batch);
    TRY(status);
    return arena_copy(arena, text_bytes(&content), out);
}
