#include "parse/parse.h"

#include "parse/identify.h"

/* Why a stream ended before its end. */
static const char *damage_of(enum status status)
{
    switch (status) {
    case STATUS_TRUNCATED:
        return "the data ends too early";
    case STATUS_MALFORMED:
        return "the data is damaged: what comes after was not read";
    case STATUS_LIMIT:
        return "a limit was reached: what comes after was not read";
    case STATUS_IO:
        return "the file could not be read to its end";
    case STATUS_NO_MEMORY:
        return "the memory allowed was used up";
    case STATUS_OK:
    case STATUS_UNSUPPORTED:
    case STATUS_NOT_FOUND:
    case STATUS_DENIED:
    case STATUS_CONFLICT:
        break;
    }
    return "reading stopped early";
}

static void note_damage(struct stream *stream, struct parse *parse)
{
    if (stream->status == STATUS_OK) {
        return;
    }
    const char *what = damage_of(stream->status);
    coverage_anomaly(parse->coverage, what, place_bytes(parse->member, stream->offset, 0));
    if (parse->coverage->examined == EXAMINED_WHOLE) {
        parse->coverage->examined = EXAMINED_PARTLY;
        parse->coverage->why = what;
    }
}

/* The reader failed: sink, memory or steps.  What it gave before counts. */
static void note_failure(enum status status, struct parse *parse)
{
    struct coverage *coverage = parse->coverage;
    coverage->examined = EXAMINED_PARTLY;
    coverage->why = parse->budget->is_spent
                        ? "the limit on steps was reached: the rest was not read"
                        : damage_of(status);
}

static enum status parse_unknown(const struct sample *sample, const struct stream *stream,
                                 struct parse *parse)
{
    struct coverage *coverage = parse->coverage;
    if (sample->head.size == 0 && stream->status != STATUS_OK) {
        coverage->why = damage_of(stream->status);
        return STATUS_OK;
    }
    if (sample->head.size == 0) {
        coverage->kind = COVERAGE_KIND_EMPTY;
        coverage->examined = EXAMINED_WHOLE;
        return STATUS_OK;
    }
    coverage->kind = sample->is_text ? "text" : "data";
    coverage->examined = EXAMINED_NO;
    coverage->why = "not examined: the type is not understood";
    return STATUS_OK;
}

/* The first lines of a live stream may not be enough to tell: then those that follow are. */
static const struct reader *recognise(struct stream *stream, const struct parse *parse,
                                      struct sample *sample)
{
    struct bytes head = stream_sample(stream, IDENTIFY_SAMPLE_MAX);
    for (;;) {
        *sample = (struct sample){.head = bytes_part(head, 0, IDENTIFY_SAMPLE_MAX),
                                  .name = parse->name,
                                  .is_whole = head.size < IDENTIFY_SAMPLE_MAX};
        sample->is_text = sample_is_text(sample->head);
        const struct reader *reader = identify(sample);
        if (reader != NULL || !stream->is_live || stream->is_ended || !sample->is_whole) {
            return reader;
        }
        head = stream_peek(stream, head.size + 1);
    }
}

enum status parse_stream(struct stream *stream, struct parse *parse, unsigned depth)
{
    struct coverage *coverage = parse->coverage;
    struct sample sample;
    const struct reader *reader = recognise(stream, parse, &sample);
    enum status status = STATUS_OK;
    if (reader == NULL) {
        status = parse_unknown(&sample, stream, parse);
    } else if (reader->unpack != NULL) {
        coverage->kind = reader->kind;
        status = reader->unpack(stream, parse, depth);
    } else if (reader->read != NULL) {
        coverage->kind = reader->kind;
        coverage->examined = EXAMINED_WHOLE;
        status = reader->read(stream, parse);
    } else {
        coverage->kind = reader->kind;
        coverage->examined = EXAMINED_NO;
        coverage->why = reader->why;
    }
    note_damage(stream, parse);
    if (status != STATUS_OK) {
        note_failure(status, parse);
    }
    return status;
}

enum status parse_evidence(int fd, struct parse *parse)
{
    struct stream stream;
    TRY(stream_of_file_part(&stream, fd, parse->has_size_max ? parse->size_max : UINT64_MAX,
                            parse->evidence));
    return parse_stream(&stream, parse, 0);
}
