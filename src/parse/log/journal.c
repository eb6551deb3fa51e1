#include "parse/log/journal.h"

#include <string.h>

#include "codec/jsonline.h"
#include "parse/log/journal_entry.h"

#define SEQUENCE_MARK 0x1e /* before each object of json-seq (RFC 7464) */
#define SAMPLE_SIZE 8192U
#define SIZE_SIZE 8U

static const char what_broken[] = "a line is not JSON, or not all of it could be read";
static const char what_field[] = "a field of a journal entry is damaged";
static const char what_large[] = "a journal entry is larger than is kept";
static const char what_open[] = "the last journal entry is not complete";

struct journal {
    struct feed feed;
    struct message_reader *messages;
    struct journal_entry entry;
    bool is_begun;
    size_t used;
    uint8_t memory[JOURNAL_ENTRY_SIZE_MAX]; /* of the fields of the entry in hand */
};

static enum status open_journal(struct parse *parse, struct journal **out)
{
    struct journal *journal = arena_take(parse->evidence, sizeof *journal);
    if (journal == NULL) {
        return STATUS_NO_MEMORY;
    }
    feed_init(&journal->feed, parse);
    journal->messages = message_reader_new(parse->evidence);
    *out = journal;
    return journal->messages == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* ---- JSON ---- */

static struct bytes without_mark(struct bytes line)
{
    if (line.size > 0 && line.data[0] == SEQUENCE_MARK) {
        return bytes_from(line, 1);
    }
    return bytes_starts(line, "data: ") ? bytes_from(line, 6) : line;
}

bool journal_json_matches(const struct sample *sample)
{
    struct bytes line = without_mark(bytes_part(sample->head, 0, SAMPLE_SIZE));
    line = bytes_part(line, 0, bytes_find_byte(line, '\n'));
    return bytes_starts(line, "{") && bytes_contains(line, "\"__REALTIME_TIMESTAMP\"");
}

static enum status read_object(struct journal *journal, struct jsonline *json,
                               struct bytes line)
{
    const struct jsonline_value *values;
    size_t count;
    struct feed *feed = &journal->feed;
    struct journal_entry entry = {.place = feed_place(feed), .source = line};
    enum status status =
        jsonline_read(json, without_mark(line), feed->parse->batch, &values, &count);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK) {
        feed_anomaly(feed, what_broken);
    }
    for (size_t i = 0; i < count; i++) {
        enum journal_field field = journal_field_find(values[i].path);
        if (field < JOURNAL_FIELD_COUNT && entry.fields[field].size == 0 &&
            values[i].kind != JSONLINE_NULL) {
            entry.fields[field] = values[i].text;
        }
    }
    /* What was said is what a person wants to see of a line of thirty fields. */
    if (entry.fields[JOURNAL_MESSAGE].size > 0) {
        entry.source = entry.fields[JOURNAL_MESSAGE];
    }
    return journal_entry_give(&entry, feed, journal->messages);
}

static enum status read_objects(struct journal *journal, struct stream *stream,
                                struct jsonline *json)
{
    for (;;) {
        struct bytes line = BYTES_NONE;
        bool more;
        TRY(feed_line(&journal->feed, stream, &line, &more));
        if (!more) {
            return STATUS_OK;
        }
        TRY(read_object(journal, json, line));
    }
}

enum status journal_json_read(struct stream *stream, struct parse *parse)
{
    struct journal *journal;
    TRY(open_journal(parse, &journal));
    struct jsonline AUTO(jsonline_close) *json = NULL;
    TRY(jsonline_open(FEED_LINE_MAX, &json));
    enum status status = read_objects(journal, stream, json);
    feed_finish(&journal->feed);
    return status;
}

/* ---- export ---- */

bool journal_export_matches(const struct sample *sample)
{
    struct bytes start = bytes_part(sample->head, 0, SAMPLE_SIZE);
    return bytes_starts(start, "_") && (bytes_starts(start, "__REALTIME_TIMESTAMP=") ||
                                        bytes_contains(start, "\n__REALTIME_TIMESTAMP="));
}

static void begin_entry(struct journal *journal)
{
    if (!journal->is_begun) {
        journal->entry = (struct journal_entry){.place = feed_place(&journal->feed)};
        journal->used = 0;
        journal->is_begun = true;
    }
}

/* Where a field we use goes; nowhere for the others.  What does not fit is left out. */
struct room {
    uint8_t *data;
    size_t size;
};

static struct room room_for(struct journal *journal, struct bytes name, uint64_t size)
{
    enum journal_field field = journal_field_find(name);
    if (field == JOURNAL_FIELD_COUNT || journal->entry.fields[field].size > 0) {
        return (struct room){NULL, 0};
    }
    size_t left = JOURNAL_ENTRY_SIZE_MAX - journal->used;
    if (size > left) {
        feed_anomaly(&journal->feed, what_large);
    }
    struct room room = {&journal->memory[journal->used], size < left ? (size_t)size : left};
    journal->used += room.size;
    journal->entry.fields[field] = (struct bytes){room.data, room.size};
    return room;
}

static void fill_room(struct room *room, struct bytes bytes)
{
    bytes = bytes_part(bytes, 0, room->size);
    if (bytes.size > 0) {
        memcpy(room->data, bytes.data, bytes.size);
        room->data = &room->data[bytes.size];
        room->size -= bytes.size;
    }
}

/* Passes `size` bytes, of which `room` gets what it can hold; lines in them are counted. */
static bool pass(struct journal *journal, struct stream *stream, uint64_t size,
                 struct room room)
{
    while (size > 0) {
        struct bytes view = stream_peek(stream, 1);
        struct bytes part = bytes_part(view, 0, size < view.size ? (size_t)size : view.size);
        if (part.size == 0 || !budget_spend(journal->feed.parse->budget, part.size)) {
            break;
        }
        fill_room(&room, part);
        journal->feed.line += bytes_count(part, '\n');
        stream_take(stream, part.size);
        size -= part.size;
    }
    if (room.size > 0) {
        memset(room.data, ' ', room.size); /* the stream ended within the field */
    }
    return size == 0;
}

/* After a name that stands alone: eight bytes say how many follow, then a line break.  False
 * where they do not: what was taken for a name is passed over as a line. */
static bool take_binary(struct journal *journal, struct bytes name, struct stream *stream)
{
    static const struct room nowhere = {NULL, 0};
    uint8_t kept[32];
    size_t name_size = name.size < sizeof kept ? name.size : 0; /* none of ours is longer */
    memcpy(kept, name.data, name_size); /* the line goes when the stream moves */
    struct cursor cursor = cursor_of(bytes_part(stream_peek(stream, SIZE_SIZE), 0, SIZE_SIZE));
    uint64_t size = cursor_u64le(&cursor);
    if (cursor_status(&cursor) != STATUS_OK || size > JOURNAL_FIELD_SIZE_MAX) {
        return false;
    }
    if (!pass(journal, stream, SIZE_SIZE, nowhere)) {
        return false;
    }
    struct room room = room_for(journal, (struct bytes){kept, name_size}, size);
    return pass(journal, stream, size, room) && pass(journal, stream, 1, nowhere);
}

static enum status end_entry(struct journal *journal)
{
    if (!journal->is_begun) {
        return STATUS_OK;
    }
    struct journal_entry *entry = &journal->entry;
    entry->source = entry->fields[JOURNAL_MESSAGE];
    journal->is_begun = false;
    return journal_entry_give(entry, &journal->feed, journal->messages);
}

static bool is_name(struct bytes line)
{
    for (size_t i = 0; i < line.size; i++) {
        uint8_t byte = line.data[i];
        bool is_part =
            (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
        if (!is_part) {
            return false;
        }
    }
    return line.size > 0;
}

static enum status read_field(struct journal *journal, struct stream *stream, struct bytes line)
{
    begin_entry(journal);
    journal->entry.place.last = journal->feed.line;
    size_t equals = bytes_find_byte(line, '=');
    struct bytes name = bytes_part(line, 0, equals);
    struct bytes value = bytes_from(line, equals + 1);
    if (equals < line.size && is_name(name)) {
        struct room room = room_for(journal, name, value.size);
        fill_room(&room, value);
    } else if (!is_name(line) || !take_binary(journal, line, stream)) {
        feed_anomaly(&journal->feed, what_field);
    }
    journal->entry.place.last = journal->feed.line;
    return journal->feed.parse->budget->is_spent ? STATUS_LIMIT : STATUS_OK;
}

static enum status read_entries(struct journal *journal, struct stream *stream)
{
    struct parse *parse = journal->feed.parse;
    struct bytes line = BYTES_NONE;
    bool was_cut = false;
    while (stream_line(stream, &line, &was_cut)) {
        journal->feed.line++;
        if (!budget_spend(parse->budget, line.size + 1)) {
            return STATUS_LIMIT;
        }
        if (line.size > 0) {
            TRY(read_field(journal, stream, line));
            continue;
        }
        TRY(end_entry(journal));
        if (arena_used(parse->batch) > 0) {
            arena_reset(parse->batch);
        }
    }
    if (journal->is_begun) {
        coverage_anomaly(parse->coverage, what_open, journal->entry.place);
    }
    return end_entry(journal);
}

enum status journal_export_read(struct stream *stream, struct parse *parse)
{
    struct journal *journal;
    TRY(open_journal(parse, &journal));
    enum status status = read_entries(journal, stream);
    feed_finish(&journal->feed);
    return status;
}
