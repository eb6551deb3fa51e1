#include "parse/log/service_log.h"

#include "parse/log/feed.h"
#include "parse/log/message.h"
#include "parse/log/stamp.h"

#define ASCTIME_SIZE 24U /* "Tue Mar  3 02:10:00 2026" */

static const char count_more[] = "lines that go on with the one before";

struct said {
    struct moment at;
    struct syslog_header header; /* program, number and message */
};

/* "03-Mar-2026 02:10:00.123 " */
static bool read_named(struct bytes line, struct said *out)
{
    struct cursor cursor = cursor_of(line);
    struct civil civil = {.day = stamp_digits(&cursor, 2)};
    stamp_expect(&cursor, '-');
    civil.month = stamp_month(cursor_take(&cursor, 3));
    stamp_expect(&cursor, '-');
    civil.year = stamp_digits(&cursor, 4);
    stamp_expect(&cursor, ' ');
    stamp_clock(&cursor, &civil);
    stamp_expect(&cursor, ' ');
    if (!stamp_settle(&cursor, &civil, false, 0, &out->at)) {
        return false;
    }
    cursor_accept(&cursor, "queries: ");
    cursor_accept(&cursor, "info: ");
    out->header.program = bytes_of_text("named");
    out->header.message = bytes_trim(cursor_rest(&cursor));
    return true;
}

static bool read_fail2ban(struct bytes line, struct said *out)
{
    struct cursor cursor = cursor_of(line);
    if (!stamp_dated(&cursor, &out->at) || !cursor_accept(&cursor, " ")) {
        return false;
    }
    struct bytes program = BYTES_NONE;
    struct bytes number = BYTES_NONE;
    if (!cursor_until(&cursor, '[', &program) || !bytes_starts(program, "fail2ban") ||
        !cursor_until(&cursor, ']', &number) || !cursor_accept(&cursor, ": ")) {
        return false;
    }
    out->header.program = bytes_of_text("fail2ban");
    out->header.pid = bytes_trim(number);
    out->header.message = bytes_trim(cursor_rest(&cursor));
    return true;
}

static bool read_vsftpd(struct bytes line, struct said *out)
{
    struct cursor cursor = cursor_of(bytes_from(line, ASCTIME_SIZE));
    struct bytes number = BYTES_NONE;
    if (!stamp_asctime(bytes_part(line, 0, ASCTIME_SIZE), &out->at) ||
        !cursor_accept(&cursor, " [pid ") || !cursor_until(&cursor, ']', &number)) {
        return false;
    }
    out->header.program = bytes_of_text("vsftpd");
    out->header.pid = number;
    out->header.message = bytes_trim(cursor_rest(&cursor));
    return true;
}

static bool read_said(struct bytes line, struct said *out)
{
    *out = (struct said){.header = {.has_tag = true}};
    return read_named(line, out) || read_fail2ban(line, out) || read_vsftpd(line, out);
}

static enum status give(struct feed *feed, struct message_reader *messages,
                        const struct said *said, struct bytes line)
{
    struct event event;
    coverage_time(feed->parse->coverage, said->at);
    TRY(message_read(messages, &said->header, feed->parse->batch, &event));
    return feed_event(feed, &(struct record){
                                .kind = RECORD_EVENT,
                                .place = feed_place(feed),
                                .at = said->at,
                                .source = line,
                                .event = &event,
                            });
}

static enum status read_lines(struct feed *feed, struct stream *stream,
                              struct message_reader *messages)
{
    uint64_t going_on = 0;
    for (;;) {
        struct bytes line = BYTES_NONE;
        struct said said;
        bool more;
        TRY(feed_line(feed, stream, &line, &more));
        if (!more) {
            break;
        }
        if (read_said(line, &said)) {
            TRY(give(feed, messages, &said, line));
        } else {
            going_on++;
        }
    }
    if (going_on > 0) {
        coverage_count_add(feed->parse->coverage, count_more, going_on);
    }
    return STATUS_OK;
}

bool service_log_matches(const struct sample *sample)
{
    struct cursor cursor = cursor_of(sample->head);
    struct bytes line = BYTES_NONE;
    size_t lines = 0;
    size_t count = 0;
    if (!stamp_has_clock(sample->head)) {
        return false;
    }
    while (lines < IDENTIFY_LINES_MAX && cursor_line(&cursor, &line)) {
        struct said said;
        lines += bytes_trim(line).size > 0;
        count += read_said(line, &said);
    }
    return count > 0 && count * 3 >= lines;
}

enum status service_log_read(struct stream *stream, struct parse *parse)
{
    struct feed feed;
    feed_init(&feed, parse);
    struct message_reader *messages = message_reader_new(parse->evidence);
    if (messages == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = read_lines(&feed, stream, messages);
    feed_finish(&feed);
    return status;
}
