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
        [JOURNAL_CURSOR] = BYTES_LITERAL("__CURSOR"),
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

/* "s=ID;i=a3f;b=...": the number of the entry, hexadecimal, and the journal that counts it.
 * __SEQNUM says the same since systemd 254, the cursor always did. */
static enum status add_number(struct event *event, struct bytes cursor, struct arena *batch)
{
    struct bytes of = BYTES_NONE;
    struct bytes part;
    while (bytes_split(&cursor, ';', &part)) {
        uint64_t number = 0;
        if (bytes_starts(part, "s=")) {
            of = bytes_from(part, 2);
        } else if (bytes_starts(part, "i=") && of.size > 0 &&
                   number_hex(bytes_from(part, 2), &number) == STATUS_OK) {
            struct text AUTO(text_done) text = text_of_limit(32);
            text_add_number(&text, number);
            struct bytes kept;
            TRY(arena_copy(batch, text_bytes(&text), &kept));
            event_add(event, FIELD_LOG_SEQUENCE, kept);
            event_add(event, FIELD_LOG_SEQUENCE_OF, of);
            return STATUS_OK;
        }
    }
    return STATUS_OK;
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
    struct event event;
    event.action = EVENT_OTHER;
    event.repeats = 1;
    event.field_count = 0;
    struct bytes cursor = entry->fields[JOURNAL_CURSOR];
    if (header.message.size == 0) {
        /* It is counted by whoever looks for numbers that are missing, and says nothing else.
         */
        TRY(add_number(&event, cursor, feed->parse->batch));
        return event.field_count == 0 ? STATUS_OK
                                      : parse_give(feed->parse, &(struct record){
                                                                    .kind = RECORD_EVENT,
                                                                    .place = entry->place,
                                                                    .at = time_of(entry),
                                                                    .source = entry->source,
                                                                    .event = &event,
                                                                });
    }
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
    TRY(add_number(&event, cursor, feed->parse->batch));
    return feed_event(feed, &(struct record){
                                .kind = RECORD_EVENT,
                                .place = entry->place,
                                .at = at,
                                .source = entry->source,
                                .event = &event,
                            });
}
