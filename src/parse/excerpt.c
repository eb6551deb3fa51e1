#include "parse/excerpt.h"

#include "parse/archive/packed.h"
#include "parse/identify.h"
#include "parse/net/capture.h"
#include "parse/net/frames.h"
#include "parse/said.h"
#include "record/citation.h"
#include "record/quote.h"

#define LINE_SHOWN_MAX 2000
#define DUMP_WIDTH 16
#define WHOLE_SHOWN_LINES 20
#define NAME_MAX_SIZE 256

/* ---- the way in ---- */

/* What a container holds: all of a compressed file, or the named file that a capture carries.
 */
static enum status open_member(struct stream *outer, struct bytes name, struct arena *arena,
                               struct stream *inner)
{
    struct sample sample = {.head = stream_peek(outer, IDENTIFY_SAMPLE_MAX)};
    const struct reader *reader = identify(&sample);
    if (reader == NULL || reader->read != capture_read) {
        return packed_open(outer, arena, inner);
    }
    struct bytes content;
    TRY(capture_carve(outer, name, arena, EXCERPT_OUTPUT_MAX, &content));
    return stream_of_bytes(inner, content, arena);
}

static enum status open_place(int fd, struct bytes word, struct arena *arena,
                              struct stream *stream, struct place *place)
{
    struct citation citation;
    TRY(citation_read(word, &citation));
    if (citation.kind != CITATION_EVIDENCE) {
        return STATUS_NOT_FOUND;
    }
    struct stream *outer = arena_take(arena, sizeof *outer);
    if (outer == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(stream_of_file(outer, fd, arena));
    struct bytes rest = citation.subject;
    const struct bytes mark = bytes_of_text("!/");
    for (unsigned depth = 0; bytes_find(rest, mark) < rest.size; depth++) {
        struct stream *inner = arena_take(arena, sizeof *inner);
        if (depth == PARSE_DEPTH_MAX || inner == NULL) {
            return depth == PARSE_DEPTH_MAX ? STATUS_LIMIT : STATUS_NO_MEMORY;
        }
        rest = bytes_from(rest, bytes_find(rest, mark) + mark.size);
        TRY(open_member(outer, bytes_part(rest, 0, bytes_find(rest, mark)), arena, inner));
        outer = inner;
    }
    *stream = *outer;
    *place = citation.place;
    return STATUS_OK;
}

/* Passes over `size` bytes; false where there are fewer. */
static bool pass(struct stream *stream, uint64_t size)
{
    while (size > 0) {
        struct bytes view = stream_peek(stream, 1);
        size_t step = view.size < size ? view.size : (size_t)size;
        if (step == 0) {
            return false;
        }
        stream_take(stream, step);
        size -= step;
    }
    return true;
}

static enum status copy_bytes(struct stream *stream, uint64_t size, struct text *out)
{
    while (size > 0) {
        struct bytes view = stream_peek(stream, 1);
        struct bytes part = bytes_part(view, 0, size < view.size ? (size_t)size : view.size);
        if (part.size == 0) {
            return STATUS_NOT_FOUND;
        }
        if (out->size + part.size > EXCERPT_OUTPUT_MAX) {
            return STATUS_LIMIT;
        }
        text_add_raw(out, part);
        stream_take(stream, part.size);
        size -= part.size;
    }
    return text_status(out);
}

/* ---- the bytes themselves ---- */

static enum status extract_whole(struct stream *stream, struct text *out)
{
    for (;;) {
        struct bytes view = stream_peek(stream, 1);
        if (view.size == 0) {
            return stream->status;
        }
        TRY(copy_bytes(stream, view.size, out));
    }
}

/* Copies or passes the next line with its end; false at the end of the stream. */
static enum status take_line(struct stream *stream, bool is_wanted, struct text *out,
                             bool *more)
{
    *more = false;
    for (;;) {
        struct bytes view = stream_peek(stream, 1);
        if (view.size == 0) {
            return STATUS_OK;
        }
        *more = true;
        size_t end = bytes_find_byte(view, '\n');
        size_t size = end < view.size ? end + 1 : view.size;
        if (is_wanted) {
            TRY(copy_bytes(stream, size, out));
        } else {
            stream_take(stream, size);
        }
        if (end < view.size) {
            return STATUS_OK;
        }
    }
}

static enum status extract_lines(struct stream *stream, const struct place *place,
                                 struct text *out)
{
    if (place->first == 0) {
        return STATUS_NOT_FOUND; /* lines are counted from 1 */
    }
    for (uint64_t line = 1; line <= place->last; line++) {
        bool more;
        TRY(take_line(stream, line >= place->first, out, &more));
        if (!more) {
            return STATUS_NOT_FOUND;
        }
    }
    return STATUS_OK;
}

/* Frames are counted as the reader counts them, so damage before the place does not move it. */
static enum status find_frame(struct stream *stream, uint64_t number, struct arena *arena,
                              uint32_t *size)
{
    struct budget budget = budget_of(UINT64_MAX);
    struct frames frames;
    enum status status = frames_open(&frames, stream, arena, &budget);
    if (status != STATUS_OK) {
        return status == STATUS_NO_MEMORY ? status : STATUS_NOT_FOUND;
    }
    struct captured captured;
    enum frames_step step = FRAMES_DAMAGED;
    for (uint64_t count = 0; count < number; count += step == FRAMES_GIVEN) {
        step = frames_next(&frames, &captured);
        if (step == FRAMES_ENDED) {
            return STATUS_NOT_FOUND;
        }
    }
    *size = captured.size;
    return STATUS_OK;
}

static enum status extract_frame(struct stream *stream, const struct place *place,
                                 struct arena *arena, struct text *out)
{
    uint32_t size = 0;
    TRY(place->first == 0 ? STATUS_NOT_FOUND : find_frame(stream, place->first, arena, &size));
    return copy_bytes(stream, size, out);
}

static enum status extract_range(struct stream *stream, const struct place *place,
                                 struct text *out)
{
    return pass(stream, place->first) ? copy_bytes(stream, place->last, out) : STATUS_NOT_FOUND;
}

enum status excerpt_extract(int fd, struct bytes citation, struct arena *arena,
                            struct text *out)
{
    struct stream stream;
    struct place place;
    TRY(open_place(fd, citation, arena, &stream, &place));
    switch (place.kind) {
    case PLACE_WHOLE:
        return extract_whole(&stream, out);
    case PLACE_LINES:
        return extract_lines(&stream, &place, out);
    case PLACE_FRAME:
        return extract_frame(&stream, &place, arena, out);
    case PLACE_BYTES:
        return extract_range(&stream, &place, out);
    case PLACE_FLOW:
    case PLACE_RECORD:
        break;
    }
    return STATUS_UNSUPPORTED;
}

/* ---- the place for a person ---- */

static enum status show_lines(struct stream *stream, uint64_t first, uint64_t last,
                              struct text *out)
{
    if (first == 0) {
        return STATUS_NOT_FOUND;
    }
    uint64_t from = first > EXCERPT_CONTEXT_LINES ? first - EXCERPT_CONTEXT_LINES : 1;
    uint64_t number = 0;
    struct bytes line;
    bool was_cut;
    while (number < last + EXCERPT_CONTEXT_LINES && stream_line(stream, &line, &was_cut)) {
        number++;
        if (number < from) {
            continue;
        }
        bool is_cited = number >= first && number <= last;
        text_addf(out, "%c %6llu  ", is_cited ? '>' : ' ', (unsigned long long)number);
        quote_add_text(out, line, LINE_SHOWN_MAX);
        text_add(out, "\n");
        if (out->size > EXCERPT_OUTPUT_MAX) {
            text_addf(out, "  (cut here; cited to line %llu)\n", (unsigned long long)last);
            return text_status(out);
        }
    }
    return number >= first ? text_status(out) : STATUS_NOT_FOUND;
}

static void dump_row(struct bytes row, uint64_t offset, bool is_cited, struct text *out)
{
    text_addf(out, "%c 0x%08llx  ", is_cited ? '>' : ' ', (unsigned long long)offset);
    for (size_t i = 0; i < DUMP_WIDTH; i++) {
        if (i < row.size) {
            text_addf(out, "%02x ", row.data[i]);
        } else {
            text_add(out, "   ");
        }
    }
    text_add(out, " ");
    for (size_t i = 0; i < row.size; i++) {
        bool is_plain = row.data[i] >= ' ' && row.data[i] < 0x7f;
        text_add_byte(out, is_plain ? (char)row.data[i] : '.');
    }
    text_add(out, "\n");
}

static void dump(struct bytes bytes, uint64_t offset, uint64_t first, uint64_t end,
                 struct text *out)
{
    for (size_t i = 0; i < bytes.size; i += DUMP_WIDTH) {
        struct bytes row = bytes_part(bytes, i, DUMP_WIDTH);
        uint64_t at = offset + i;
        dump_row(row, at, at < end && at + row.size > first, out);
    }
}

static enum status show_frame(struct stream *stream, const struct place *place,
                              struct arena *arena, struct text *out)
{
    AUTO(text_done) struct text frame = text_of_limit(FRAMES_FRAME_SIZE_MAX);
    TRY(extract_frame(stream, place, arena, &frame));
    dump(text_bytes(&frame), 0, 0, frame.size, out);
    return text_status(out);
}

/* The last part of the path that a citation names. */
static enum status name_of(struct bytes word, struct text *out)
{
    struct citation citation;
    TRY(citation_read(word, &citation));
    struct bytes rest = citation.subject;
    struct bytes part = BYTES_NONE;
    while (bytes_split(&rest, '/', &part)) {
    }
    return citation_decode_name(part, out);
}

/* What was read at a place whose bytes say nothing to a person. */
static enum status add_said(int fd, struct bytes word, struct arena *arena, struct text *out)
{
    struct stream stream;
    struct place place;
    AUTO(text_done) struct text name = text_of_limit(NAME_MAX_SIZE);
    if (name_of(word, &name) != STATUS_OK) {
        text_clear(&name); /* a name is a hint, and what it holds is known without it mostly */
    }
    TRY(open_place(fd, word, arena, &stream, &place));
    return said_of_place(&stream, text_bytes(&name), &place, out);
}

/* Text is shown with the lines around it, anything else as a dump with the bytes around it. */
static enum status show_range(struct stream *stream, const struct place *place, bool *is_text,
                              struct text *out)
{
    uint64_t before =
        place->first < EXCERPT_CONTEXT_BYTES ? place->first : EXCERPT_CONTEXT_BYTES;
    uint64_t start = place->first - before;
    start -= start % DUMP_WIDTH;
    if (!pass(stream, start)) {
        return STATUS_NOT_FOUND;
    }
    uint64_t size = place->first - start + place->last + EXCERPT_CONTEXT_BYTES;
    AUTO(text_done) struct text bytes = text_of_limit(EXCERPT_OUTPUT_MAX);
    enum status status = copy_bytes(stream, size, &bytes);
    if (status != STATUS_OK && status != STATUS_NOT_FOUND) {
        return status;
    }
    if (bytes.size <= place->first - start) {
        return STATUS_NOT_FOUND;
    }
    struct bytes seen = text_bytes(&bytes);
    *is_text = bytes_find_byte(seen, 0) == seen.size;
    if (!*is_text) {
        dump(seen, start, place->first, place->first + place->last, out);
        return text_status(out);
    }
    uint64_t at = start;
    struct bytes rest = seen;
    struct bytes line;
    while (bytes_split(&rest, '\n', &line)) {
        uint64_t end = at + line.size;
        bool is_cited = at < place->first + place->last && end > place->first;
        text_addf(out, "%c 0x%08llx  ", is_cited ? '>' : ' ', (unsigned long long)at);
        quote_add_text(out, line, LINE_SHOWN_MAX);
        text_add(out, "\n");
        at = end + 1;
    }
    return text_status(out);
}

enum status excerpt_show(int fd, struct bytes citation, struct arena *arena, struct text *out)
{
    struct stream stream;
    struct place place;
    bool is_text = true;
    TRY(open_place(fd, citation, arena, &stream, &place));
    switch (place.kind) {
    case PLACE_WHOLE:
        return show_lines(&stream, 1, WHOLE_SHOWN_LINES, out);
    case PLACE_LINES:
        return show_lines(&stream, place.first, place.last, out);
    case PLACE_FRAME:
        return show_frame(&stream, &place, arena, out);
    case PLACE_BYTES:
        TRY(show_range(&stream, &place, &is_text, out));
        return is_text ? STATUS_OK : add_said(fd, citation, arena, out);
    case PLACE_FLOW:
    case PLACE_RECORD:
        break;
    }
    return STATUS_UNSUPPORTED;
}
