#include "parse/log/journal_entry.h"

#include "base/number.h"

#define MICROSECONDS UINT64_C(1000000)
#define TIME_MAX (UINT64_C(7258118400) * MICROSECONDS) /* the year 2200 */

static const char what_time[] = "a journal entry has no time";

enum journal_field journal_field_find(struct bytes name)
{
    static const struct bytes names[JOURNAL_FIELD_COUNT] = {
        [JOURNAL_MESSAGE] = BYTES_LITERAL("MESSAGE"),
        [JOURNAL_IDENTIFIER] = BYTES_LITERAL("SYSLOG_IDENTIFIER"),
        [JOURNAL_COMM] = BYTES_LITERAL("_COMM"),
        [JOURNAL_EXE] = BYTES_LITERAL("_EXE"),
        [JOURNAL_HOSTNAME] = BYTES_LITERAL("_HOSTNAME"),
        [JOURNAL_SYSLOG_PID] = BYTES_LITERAL("SYSLOG_PID"),
        [JOURNAL_PID] = BYTES_LITERAL("_PID"),
        [JOURNAL_UNIT] = BYTES_LITERAL("_SYSTEMD_UNIT"),
        [JOURNAL_SOURCE_TIME] = BYTES_LITERAL("_SOURCE_REALTIME_TIMESTAMP"),
        [JOURNAL_TIME] = BYTES_LITERAL("__REALTIME_TIMESTAMP"),
    };
    for (size_t i = 0; i < JOURNAL_FIELD_COUNT; i++) {
        if (bytes_equal(name, names[i])) {
            return (enum journal_field)i;
        }
    }
    return JOURNAL_FIELD_COUNT;
}

static struct bytes either(const struct journal_entry *entry, enum journal_field first,
                           enum journal_field second)
{
    struct bytes value = entry->fields[first];
    return value.size > 0 ? value : entry->fields[second];
}

static struct moment time_of(const struct journal_entry *entry)
{
    uint64_t microseconds = 0;
    struct bytes text = either(entry, JOURNAL_SOURCE_TIME, JOURNAL_TIME);
    if (number_decimal_max(text, TIME_MAX, &microseconds) != STATUS_OK) {
        return (struct moment){0};
    }
    return moment_of_unix((int64_t)(microseconds / MICROSECONDS),
                          (int64_t)(microseconds % MICROSECONDS) * 1000);
}

/* The program as a tag names it: without its path. */
static struct bytes program_of(const struct journal_entry *entry)
{
    struct bytes name = either(entry, JOURNAL_IDENTIFIER, JOURNAL_COMM);
    size_t begin = bytes_starts(name, "/") ? name.size : 0;
    while (begin > 0 && name.data[begin - 1] != '/') {
        begin--;
    }
    return bytes_part(bytes_from(name, begin), 0, SYSLOG_NAME_SIZE_MAX);
}

enum status journal_entry_give(const struct journal_entry *entry, struct feed *feed,
                               struct message_reader *messages)
{
    struct syslog_header header = {
        .host = entry->fields[JOURNAL_HOSTNAME],
        .program = program_of(entry),
        .pid = either(entry, JOURNAL_SYSLOG_PID, JOURNAL_PID),
        .message = bytes_trim(entry->fields[JOURNAL_MESSAGE]),
    };
    header.has_tag = header.program.size > 0;
    if (header.message.size == 0) {
        return STATUS_OK;
    }
    struct event event;
    struct moment at = time_of(entry);
    if (at.is_known) {
        coverage_time(feed->parse->coverage, at);
    } else {
        coverage_anomaly(feed->parse->coverage, what_time, entry->place);
    }
    TRY(feed_host(feed, header.host));
    TRY(message_read(messages, &header, feed->parse->batch, &event));
    event_add(&event, FIELD_SYSTEMD_UNIT, entry->fields[JOURNAL_UNIT]);
    event_add(&event, FIELD_PROCESS_EXECUTABLE, entry->fields[JOURNAL_EXE]);
    return feed_event(feed, &(struct record){
                                .kind = RECORD_EVENT,
                                .place = entry->place,
                                .at = at,
                                .source = entry->source,
                                .event = &event,
                            });
}
