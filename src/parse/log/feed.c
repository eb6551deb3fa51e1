#include "parse/log/feed.h"

#include "base/number.h"
#include "parse/script/shell.h"

static const char what_long[] = "a line is longer than 65536 bytes";
static const char what_nul[] = "a line holds NUL bytes";

void feed_init(struct feed *feed, struct parse *parse)
{
    *feed = (struct feed){.parse = parse, .line = parse->lines_before};
    table_init(&feed->host_table, parse->evidence, FEED_HOSTS_MAX);
}

struct place feed_place(const struct feed *feed)
{
    return place_line(feed->parse->member, feed->line);
}

void feed_anomaly(const struct feed *feed, const char *what)
{
    coverage_anomaly(feed->parse->coverage, what, feed_place(feed));
}

enum status feed_damage(struct feed *feed, const char *damage, uint64_t count,
                        struct place place, struct bytes source)
{
    struct event event = {.action = EVENT_LOG_DAMAGED, .repeats = number_most(count, 1)};
    event_add(&event, FIELD_LOG_DAMAGE, bytes_of_text(damage));
    return parse_give(feed->parse, &(struct record){
                                       .kind = RECORD_EVENT,
                                       .place = place,
                                       .source = source,
                                       .event = &event,
                                   });
}

/* Without what damage put into it: bytes past the limit, and the NULs that a machine which lost
 * its power leaves where a line should be, as does one who wipes what stood there. */
static struct bytes repair(struct feed *feed, struct bytes line, bool was_cut,
                           size_t *nul_count)
{
    *nul_count = 0;
    if (was_cut || line.size > FEED_LINE_MAX) {
        feed_anomaly(feed, what_long);
        feed->was_cut = true;
    }
    if (line.size > 0 && bytes_find_byte(line, 0) < line.size) {
        feed_anomaly(feed, what_nul);
        *nul_count = bytes_count(line, 0);
        size_t first = 0;
        while (first < line.size && line.data[first] == 0) {
            first++;
        }
        line = bytes_from(line, first);
    }
    return bytes_part(line, 0, FEED_LINE_MAX);
}

enum status feed_line(struct feed *feed, struct stream *stream, struct bytes *out, bool *more)
{
    struct bytes line = BYTES_NONE;
    bool was_cut = false;
    if (arena_used(feed->parse->batch) > 0) {
        arena_reset(feed->parse->batch);
    }
    *more = false;
    while (stream_line(stream, &line, &was_cut)) {
        feed->line++;
        if (!budget_spend(feed->parse->budget, line.size + 1)) {
            return STATUS_LIMIT;
        }
        size_t nul_count;
        struct bytes raw = line;
        line = repair(feed, line, was_cut, &nul_count);
        if (nul_count > 0) {
            TRY(feed_damage(feed, "nul-bytes", nul_count, feed_place(feed), raw));
        }
        if (bytes_trim(line).size > 0) {
            *out = line;
            *more = true;
            break;
        }
    }
    return STATUS_OK;
}

enum status feed_host(struct feed *feed, struct bytes host)
{
    if (host.size == 0) {
        return STATUS_OK;
    }
    size_t slot = (host.size * 31U + host.data[host.size - 1] * 7U + host.data[host.size / 2]) %
                  FEED_HOST_CACHE_COUNT;
    if (bytes_equal(feed->hosts[slot], host)) {
        return STATUS_OK;
    }
    struct table_entry *entry;
    enum status status = table_add(&feed->host_table, host, &entry);
    if (status != STATUS_OK) {
        return status == STATUS_LIMIT ? STATUS_OK : status;
    }
    if (entry->value == NULL) {
        entry->value = feed;
        coverage_host(feed->parse->coverage, host);
    }
    feed->hosts[slot] = entry->key;
    return STATUS_OK;
}

/* A name server's word on who asked for what is the transaction that a capture shows. */
static enum status give_question(struct feed *feed, const struct record *record)
{
    struct transaction transaction = {.kind = TRANSACTION_DNS};
    struct record given = *record;
    uint64_t port = 0;
    for (size_t i = 0; i < record->event->field_count; i++) {
        const struct field_value *field = &record->event->fields[i];
        if (field->field == FIELD_SOURCE_ADDRESS) {
            IGNORE(endpoint_read(field->value, &transaction.client),
                   "a client without an address stays unknown");
        } else if (field->field == FIELD_SOURCE_PORT) {
            IGNORE(number_decimal_max(field->value, UINT16_MAX, &port), "0 where it is none");
        } else {
            transaction_add(&transaction, field->field, field->value);
        }
    }
    transaction.client.port = (uint16_t)port;
    given.kind = RECORD_TRANSACTION;
    given.event = NULL;
    given.transaction = &transaction;
    feed->request_count++;
    return parse_give(feed->parse, &given);
}

enum status feed_event(struct feed *feed, const struct record *record)
{
    enum event_action action = record->event->action;
    if (action == EVENT_NAME_ASKED &&
        event_field(record->event, FIELD_SOURCE_ADDRESS).size > 0) {
        return give_question(feed, record);
    }
    feed->event_count++;
    TRY(parse_give(feed->parse, record));
    if (action != EVENT_COMMAND_RUN && action != EVENT_PROCESS_STARTED) {
        return STATUS_OK;
    }
    struct bytes command = event_field(record->event, FIELD_PROCESS_COMMAND_LINE);
    if (command.size == 0) {
        return STATUS_OK;
    }
    struct record carrier = *record;
    carrier.origin = SHELL_LOGGED;
    return shell_parse_line(command, feed->parse, &carrier);
}

void feed_finish(const struct feed *feed)
{
    struct coverage *coverage = feed->parse->coverage;
    coverage_count_add(coverage, "lines", feed->line - feed->parse->lines_before);
    if (feed->event_count > 0 || feed->request_count + feed->setting_count == 0) {
        coverage_count_add(coverage, "events", feed->event_count);
    }
    if (feed->request_count > 0) {
        coverage_count_add(coverage, "requests", feed->request_count);
    }
    if (feed->setting_count > 0) {
        coverage_count_add(coverage, "settings", feed->setting_count);
    }
    if (feed->was_cut) {
        coverage->examined = EXAMINED_PARTLY;
        coverage->why = what_long;
    }
}
