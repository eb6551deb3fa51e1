#include "parse/log/audit.h"

#include "parse/log/audit_meaning.h"

static const char what_other[] = "a line is no record of the audit log";
static const char what_cut[] = "an audit event has more values than are kept";

/* The events not given yet, in a ring: the oldest is at `first`. */
struct audit {
    struct feed feed;
    struct audit_accounts accounts;
    struct audit_event *events;
    size_t first;
    size_t count;
};

static struct audit_event *event_at(struct audit *log, size_t index)
{
    return &log->events[(log->first + index) % AUDIT_OPEN_MAX];
}

static enum status give_oldest(struct audit *log)
{
    struct audit_event *event = event_at(log, 0);
    if (event->is_cut) {
        coverage_anomaly(log->feed.parse->coverage, what_cut, event->place);
    }
    enum status status = audit_meaning_give(event, &log->accounts, &log->feed);
    event->is_open = false;
    log->first = (log->first + 1) % AUDIT_OPEN_MAX;
    log->count--;
    return status;
}

static bool is_of(const struct audit_event *event, const struct audit_record *record)
{
    return event->id.size == event->node.size + record->id.size &&
           bytes_equal(bytes_from(event->id, event->node.size), record->id) &&
           bytes_equal(event->node, record->node);
}

static struct audit_event *find(struct audit *log, const struct audit_record *record)
{
    for (size_t i = log->count; i > 0; i--) {
        struct audit_event *event = event_at(log, i - 1);
        if (!event->is_done && is_of(event, record)) {
            return event;
        }
    }
    return NULL;
}

static enum status take_record(struct audit *log, const struct audit_record *record,
                               struct bytes line)
{
    struct place place = feed_place(&log->feed);
    struct audit_event *event = find(log, record);
    if (event == NULL) {
        if (bytes_equal_text(record->type, "EOE")) {
            return STATUS_OK; /* the end of what was given */
        }
        if (log->count == AUDIT_OPEN_MAX) {
            TRY(give_oldest(log));
        }
        event = event_at(log, log->count++);
        audit_event_begin(event, record, line, place);
    }
    TRY(audit_event_take(event, record, line, place, log->feed.parse->batch));
    while (log->count > 0 && event_at(log, 0)->is_done) {
        TRY(give_oldest(log));
    }
    return STATUS_OK;
}

static enum status read_lines(struct audit *log, struct stream *stream)
{
    bool more = true;
    while (more) {
        struct bytes line = BYTES_NONE;
        struct audit_record record;
        TRY(feed_line(&log->feed, stream, &line, &more));
        if (more && audit_record_read(line, &record)) {
            TRY(take_record(log, &record, line));
        } else if (more) {
            feed_anomaly(&log->feed, what_other);
        }
    }
    while (log->count > 0) {
        TRY(give_oldest(log));
    }
    return STATUS_OK;
}

bool audit_matches(const struct sample *sample)
{
    struct cursor cursor = cursor_of(sample->head);
    struct bytes line = BYTES_NONE;
    size_t lines = 0;
    size_t count = 0;
    while (lines < IDENTIFY_LINES_MAX && cursor_line(&cursor, &line)) {
        struct audit_record record;
        lines += bytes_trim(line).size > 0;
        count += audit_record_read(line, &record);
    }
    return count > 0 && count * 3 >= lines;
}

enum status audit_read(struct stream *stream, struct parse *parse)
{
    struct audit *log = arena_take(parse->evidence, sizeof *log);
    if (log == NULL) {
        return STATUS_NO_MEMORY;
    }
    feed_init(&log->feed, parse);
    audit_accounts_init(&log->accounts, parse->evidence);
    log->events = arena_take_many(parse->evidence, AUDIT_OPEN_MAX, sizeof *log->events);
    if (log->events == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = read_lines(log, stream);
    feed_finish(&log->feed);
    return status;
}
