#include "parse/log/syslog.h"

#include <string.h>

#include "base/number.h"
#include "parse/log/feed.h"
#include "parse/log/message.h"
#include "parse/log/stamp.h"

#define DISORDER_NS (60 * MOMENT_DAY_NS) /* how far a date may fall back within a year */
#define YEAR_NS (366 * MOMENT_DAY_NS)    /* of the calendar of times without a year */
#define REMEMBERED_SIZE_MAX 2048U
#define CERTAIN_COUNT 8 /* so many headers are enough even among much garbage */

static const char what_bare[] = "a line has no system log header";
static const char what_repeat[] = "a line says that one we do not have was repeated";

struct syslog {
    struct feed feed;
    struct message_reader *messages;
    unsigned prefix_words;
    unsigned year_index;
    struct moment newest;                    /* of times without a year */
    uint8_t remembered[REMEMBERED_SIZE_MAX]; /* the last line, for "last message repeated" */
    size_t remembered_size;
};

bool syslog_matches(const struct sample *sample)
{
    if (!stamp_has_clock(sample->head)) {
        return false;
    }
    struct syslog_layout layout = syslog_layout_find(sample->head, IDENTIFY_LINES_MAX);
    if (layout.tag_count == 0 || layout.tag_count * 2 < layout.header_count) {
        return false;
    }
    bool is_named = bytes_contains(sample->name, "log") ||
                    bytes_contains(sample->name, "messages") ||
                    bytes_contains(sample->name, "secure");
    return layout.header_count * 3 >= layout.line_count ||
           (layout.header_count >= CERTAIN_COUNT &&
            layout.header_count * 10 >= layout.line_count) ||
           is_named;
}

/* The date may only fall back by a little: more means that a year has passed.  A line from
 * before the New Year that comes after it belongs to the year before. */
static struct moment place_in_year(struct syslog *log, const struct civil *civil)
{
    struct moment at = moment_of_yearless(civil, log->year_index);
    if (!log->newest.is_known) {
        log->newest = at;
        return at;
    }
    int64_t ahead = at.ns - log->newest.ns;
    if (ahead < -DISORDER_NS) {
        log->year_index++;
        at = moment_of_yearless(civil, log->year_index);
    } else if (ahead > YEAR_NS - DISORDER_NS && log->year_index > 0) {
        return moment_of_yearless(civil, log->year_index - 1);
    }
    if (at.ns > log->newest.ns) {
        log->newest = at;
    }
    return at;
}

static struct moment moment_of_header(struct syslog *log, const struct syslog_header *header)
{
    return header->civil.year == 0
               ? place_in_year(log, &header->civil)
               : moment_of_civil(&header->civil, header->zone_known, header->zone_minutes);
}

static void remember(struct syslog *log, struct bytes line)
{
    log->remembered_size = line.size <= REMEMBERED_SIZE_MAX ? line.size : 0;
    if (log->remembered_size > 0) {
        memcpy(log->remembered, line.data, line.size);
    }
}

static enum status give(struct syslog *log, struct bytes line, struct moment at,
                        const struct event *event)
{
    return feed_event(&log->feed, &(struct record){
                                      .kind = RECORD_EVENT,
                                      .place = feed_place(&log->feed),
                                      .at = at,
                                      .source = line,
                                      .event = event,
                                  });
}

/* "last message repeated 3 times": what the line before said, said again at this time. */
static enum status give_again(struct syslog *log, struct bytes line, struct moment at,
                              struct bytes host, uint64_t repeats)
{
    struct syslog_header header;
    struct bytes before = {log->remembered, log->remembered_size};
    if (before.size == 0 || !syslog_header_read(before, log->prefix_words, &header) ||
        !bytes_equal(header.host, host)) {
        feed_anomaly(&log->feed, what_repeat);
        return STATUS_OK;
    }
    struct event event;
    TRY(message_read(log->messages, &header, log->feed.parse->batch, &event));
    event.repeats = number_multiply(event.repeats, repeats);
    return give(log, line, at, &event);
}

static enum status read_line(struct syslog *log, struct bytes line)
{
    struct syslog_header header;
    if (!syslog_header_read(line, log->prefix_words, &header)) {
        feed_anomaly(&log->feed, what_bare);
        return STATUS_OK;
    }
    struct moment at = moment_of_header(log, &header);
    coverage_time(log->feed.parse->coverage, at);
    TRY(feed_host(&log->feed, header.host));
    uint64_t repeats = message_repeats(header.message);
    if (repeats > 0) {
        return give_again(log, line, at, header.host, repeats);
    }
    remember(log, line);
    struct event event;
    TRY(message_read(log->messages, &header, log->feed.parse->batch, &event));
    return give(log, line, at, &event);
}

static enum status read_lines(struct syslog *log, struct stream *stream)
{
    for (;;) {
        struct bytes line = BYTES_NONE;
        bool more;
        TRY(feed_line(&log->feed, stream, &line, &more));
        if (!more) {
            return STATUS_OK;
        }
        TRY(read_line(log, line));
    }
}

enum status syslog_read(struct stream *stream, struct parse *parse)
{
    struct syslog *log = arena_take(parse->evidence, sizeof *log);
    if (log == NULL) {
        return STATUS_NO_MEMORY;
    }
    feed_init(&log->feed, parse);
    log->messages = message_reader_new(parse->evidence);
    if (log->messages == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct bytes head =
        bytes_part(stream_sample(stream, IDENTIFY_SAMPLE_MAX), 0, IDENTIFY_SAMPLE_MAX);
    log->prefix_words = syslog_layout_find(head, IDENTIFY_LINES_MAX).prefix_words;
    enum status status = read_lines(log, stream);
    feed_finish(&log->feed);
    return status;
}
