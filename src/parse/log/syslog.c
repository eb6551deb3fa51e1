#include "parse/log/syslog.h"

#include <string.h>

#include "base/number.h"
#include "base/table.h"
#include "parse/log/message.h"
#include "parse/script/shell.h"

#define DISORDER_NS (60 * MOMENT_DAY_NS) /* how far a date may fall back within a year */
#define YEAR_NS (366 * MOMENT_DAY_NS)    /* of the calendar of times without a year */
#define HOST_CACHE_COUNT 64U
#define HOSTS_MAX 4096U /* told apart; coverage counts no more than these */
#define REMEMBERED_SIZE_MAX 2048U
#define CERTAIN_COUNT 8 /* so many headers are enough even among much garbage */

static const char what_long[] = "a line is longer than 65536 bytes";
static const char what_nul[] = "a line holds NUL bytes";
static const char what_bare[] = "a line has no system log header";
static const char what_repeat[] = "a line says that one we do not have was repeated";

struct syslog {
    struct parse *parse;
    struct message_reader *messages;
    unsigned prefix_words;
    unsigned year_index;
    struct moment newest; /* of times without a year */
    uint64_t line;
    uint64_t event_count;
    bool was_cut;
    struct table host_table;
    struct bytes hosts[HOST_CACHE_COUNT];    /* keys of the table, seen lately */
    uint8_t remembered[REMEMBERED_SIZE_MAX]; /* the last line, for "last message repeated" */
    size_t remembered_size;
};

bool syslog_matches(const struct sample *sample)
{
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

static enum status note_host(struct syslog *log, struct bytes host)
{
    if (host.size == 0) {
        return STATUS_OK;
    }
    size_t slot = (host.size * 31U + host.data[host.size - 1] * 7U + host.data[host.size / 2]) %
                  HOST_CACHE_COUNT;
    if (bytes_equal(log->hosts[slot], host)) {
        return STATUS_OK;
    }
    struct table_entry *entry;
    enum status status = table_add(&log->host_table, host, &entry);
    if (status != STATUS_OK) {
        return status == STATUS_LIMIT ? STATUS_OK : status;
    }
    if (entry->value == NULL) {
        entry->value = log;
        coverage_host(log->parse->coverage, host);
    }
    log->hosts[slot] = entry->key;
    return STATUS_OK;
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
    struct record record = {
        .kind = RECORD_EVENT,
        .place = place_line(log->parse->member, log->line),
        .at = at,
        .source = line,
        .event = event,
    };
    log->event_count++;
    TRY(parse_give(log->parse, &record));
    struct bytes command = event_field(event, FIELD_PROCESS_COMMAND_LINE);
    if (event->action != EVENT_COMMAND_RUN || command.size == 0) {
        return STATUS_OK;
    }
    record.origin = SHELL_LOGGED;
    return shell_parse_line(command, log->parse, &record);
}

/* "last message repeated 3 times": what the line before said, said again at this time. */
static enum status give_again(struct syslog *log, struct bytes line, struct moment at,
                              struct bytes host, uint64_t repeats)
{
    struct syslog_header header;
    struct bytes before = {log->remembered, log->remembered_size};
    if (before.size == 0 || !syslog_header_read(before, log->prefix_words, &header) ||
        !bytes_equal(header.host, host)) {
        coverage_anomaly(log->parse->coverage, what_repeat,
                         place_line(log->parse->member, log->line));
        return STATUS_OK;
    }
    struct event event;
    TRY(message_read(log->messages, &header, log->parse->batch, &event));
    event.repeats = number_multiply(event.repeats, repeats);
    return give(log, line, at, &event);
}

static enum status read_line(struct syslog *log, struct bytes line)
{
    struct syslog_header header;
    if (!syslog_header_read(line, log->prefix_words, &header)) {
        coverage_anomaly(log->parse->coverage, what_bare,
                         place_line(log->parse->member, log->line));
        return STATUS_OK;
    }
    struct moment at = moment_of_header(log, &header);
    coverage_time(log->parse->coverage, at);
    TRY(note_host(log, header.host));
    uint64_t repeats = message_repeats(header.message);
    if (repeats > 0) {
        return give_again(log, line, at, header.host, repeats);
    }
    remember(log, line);
    struct event event;
    TRY(message_read(log->messages, &header, log->parse->batch, &event));
    return give(log, line, at, &event);
}

/* Without what damage put into it: bytes past the limit, and the NULs that a machine which lost
 * its power leaves where a line should be. */
static struct bytes repair(struct syslog *log, struct bytes line, bool was_cut)
{
    struct place place = place_line(log->parse->member, log->line);
    if (was_cut || line.size > SYSLOG_LINE_MAX) {
        coverage_anomaly(log->parse->coverage, what_long, place);
        log->was_cut = true;
    }
    if (line.size > 0 && bytes_find_byte(line, 0) < line.size) {
        coverage_anomaly(log->parse->coverage, what_nul, place);
        size_t first = 0;
        while (first < line.size && line.data[first] == 0) {
            first++;
        }
        line = bytes_from(line, first);
    }
    return bytes_part(line, 0, SYSLOG_LINE_MAX);
}

static enum status read_lines(struct syslog *log, struct stream *stream)
{
    struct bytes line = BYTES_NONE;
    bool was_cut = false;
    while (stream_line(stream, &line, &was_cut)) {
        log->line++;
        if (!budget_spend(log->parse->budget, line.size + 1)) {
            return STATUS_LIMIT;
        }
        line = repair(log, line, was_cut);
        if (bytes_trim(line).size > 0) {
            TRY(read_line(log, line));
        }
        if (arena_used(log->parse->batch) > 0) {
            arena_reset(log->parse->batch);
        }
    }
    return STATUS_OK;
}

enum status syslog_read(struct stream *stream, struct parse *parse)
{
    struct syslog *log = arena_take(parse->evidence, sizeof *log);
    if (log == NULL) {
        return STATUS_NO_MEMORY;
    }
    log->parse = parse;
    table_init(&log->host_table, parse->evidence, HOSTS_MAX);
    log->messages = message_reader_new(parse->evidence);
    if (log->messages == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct bytes head =
        bytes_part(stream_peek(stream, IDENTIFY_SAMPLE_MAX), 0, IDENTIFY_SAMPLE_MAX);
    log->prefix_words = syslog_layout_find(head, IDENTIFY_LINES_MAX).prefix_words;
    enum status status = read_lines(log, stream);
    coverage_count_add(parse->coverage, "lines", log->line);
    coverage_count_add(parse->coverage, "events", log->event_count);
    if (log->was_cut) {
        parse->coverage->examined = EXAMINED_PARTLY;
        parse->coverage->why = what_long;
    }
    return status;
}
