#include "parse/log/web_error.h"

#include "parse/log/stamp.h"
#include "parse/log/web_request.h"

#define TIME_SIZE_MAX 48U

static const char what_clients[] = "an error line names more than one client";
static const char count_more[] = "lines that go on with the one before";

/* One line, taken apart. */
struct report {
    struct moment at;
    struct bytes program;
    struct bytes level;
    struct bytes pid;
    struct bytes client;
    struct bytes message;
    struct bytes request;
    struct bytes host;
    struct bytes referrer;
    bool is_doubtful;
};

/* ---- nginx ---- */

/* The value of `name` in ", name: value, " or `, name: "value"`; none where it is missing. */
static struct bytes named(struct bytes text, const char *name)
{
    size_t at = bytes_find(text, bytes_of_text(name));
    if (at == text.size) {
        return BYTES_NONE;
    }
    struct bytes value = bytes_from(text, at + bytes_of_text(name).size);
    if (bytes_starts(value, "\"")) {
        value = bytes_from(value, 1);
        return bytes_part(value, 0, bytes_find_byte(value, '"'));
    }
    return bytes_part(value, 0, bytes_find_byte(value, ','));
}

/* "7#7: *1 text" after the level. */
static bool read_nginx(struct bytes line, struct report *out)
{
    static const struct bytes client = BYTES_LITERAL(", client: ");
    struct cursor cursor = cursor_of(line);
    struct bytes level = BYTES_NONE;
    struct bytes pid = BYTES_NONE;
    if (!stamp_dated(&cursor, &out->at) || !cursor_accept(&cursor, " [") ||
        !cursor_until(&cursor, ']', &level) || !cursor_accept(&cursor, " ") ||
        !cursor_until(&cursor, '#', &pid) || pid.size > 10) {
        return false;
    }
    struct bytes thread = BYTES_NONE;
    if (!cursor_until(&cursor, ':', &thread) || thread.size > 10) {
        return false;
    }
    out->program = bytes_of_text("nginx");
    out->level = level;
    out->pid = pid;
    out->message = bytes_trim(cursor_rest(&cursor));
    size_t at = bytes_find(out->message, client);
    struct bytes tail = bytes_from(out->message, at);
    out->is_doubtful =
        bytes_find(bytes_from(tail, client.size), client) < bytes_from(tail, client.size).size;
    if (tail.size > 0 && !out->is_doubtful) {
        out->client = named(tail, ", client: ");
        out->request = named(tail, ", request: ");
        out->host = named(tail, ", host: ");
        out->referrer = named(tail, ", referrer: ");
    }
    return true;
}

/* ---- Apache ---- */

/* "[part] " at the cursor. */
static bool take_part(struct cursor *cursor, struct bytes *out)
{
    struct cursor ahead = *cursor;
    if (!cursor_accept(&ahead, "[") || !cursor_until(&ahead, ']', out)) {
        return false;
    }
    cursor_accept(&ahead, " ");
    *cursor = ahead;
    return true;
}

static void take_word_part(struct bytes part, struct report *out)
{
    if (bytes_starts(part, "client ")) {
        out->client = bytes_from(part, 7);
    } else if (bytes_starts(part, "pid ")) {
        struct bytes pid = bytes_from(part, 4);
        out->pid = bytes_part(pid, 0, bytes_find_byte(pid, ':'));
    }
}

static bool read_apache(struct bytes line, struct report *out)
{
    static const struct bytes mark = BYTES_LITERAL(", referer: ");
    struct cursor cursor = cursor_of(line);
    struct bytes time = BYTES_NONE;
    struct bytes level = BYTES_NONE;
    if (!take_part(&cursor, &time) || time.size > TIME_SIZE_MAX ||
        !stamp_asctime(time, &out->at) || !take_part(&cursor, &level)) {
        return false;
    }
    out->program = bytes_of_text("apache2");
    out->level = bytes_from(level, bytes_find_byte(level, ':') + 1);
    out->level = out->level.size > 0 ? out->level : level;
    struct bytes part = BYTES_NONE;
    struct cursor before = cursor;
    while (out->client.size == 0 && take_part(&cursor, &part)) {
        take_word_part(part, out);
        if (out->client.size == 0 && !bytes_starts(part, "pid ")) {
            cursor = before; /* brackets of the message itself */
            break;
        }
        before = cursor;
    }
    out->message = bytes_trim(cursor_rest(&cursor));
    for (size_t i = out->message.size; i > 0 && out->client.size > 0; i--) {
        struct bytes tail = bytes_from(out->message, i - 1);
        if (tail.data[0] == ',' && bytes_starts(tail, ", referer: ")) {
            out->referrer = bytes_from(tail, mark.size);
            out->message = bytes_part(out->message, 0, i - 1);
            break;
        }
    }
    return true;
}

/* ---- events ---- */

static bool read_report(struct bytes line, struct report *out)
{
    *out = (struct report){0};
    return line.size > 0 && line.data[0] == '[' ? read_apache(line, out)
                                                : read_nginx(line, out);
}

static enum status add_client(struct event *event, struct bytes client, struct arena *batch)
{
    struct endpoint endpoint;
    if (!web_address(client, &endpoint)) {
        event_add(event, FIELD_SOURCE_NAME, client);
        return STATUS_OK;
    }
    struct text AUTO(text_done) text = text_of_limit(128);
    endpoint_add_address(&text, &endpoint);
    size_t size = text.size;
    text_addf(&text, "%u", endpoint.port);
    TRY(text_status(&text));
    struct bytes copy;
    TRY(arena_copy(batch, text_bytes(&text), &copy));
    event_add(event, FIELD_SOURCE_ADDRESS, bytes_part(copy, 0, size));
    if (endpoint.port != 0) {
        event_add(event, FIELD_SOURCE_PORT, bytes_from(copy, size));
    }
    return STATUS_OK;
}

static void add_request(struct event *event, struct bytes request)
{
    struct bytes method;
    struct bytes target;
    struct bytes version;
    if (web_request_split(request, &method, &target, &version)) {
        event_add(event, FIELD_HTTP_METHOD, method);
        event_add_target(event, target);
        event_add(event, FIELD_HTTP_VERSION, version);
    } else {
        event_add(event, FIELD_URL_PATH, request);
    }
}

static enum status give(struct feed *feed, const struct report *report, struct bytes line)
{
    struct event event = {.repeats = 1};
    event.action = report->client.size > 0 ? EVENT_REQUEST_FAILED : EVENT_OTHER;
    event_add(&event, FIELD_PROCESS_NAME, report->program);
    event_add(&event, FIELD_PROCESS_ID, report->pid);
    event_add(&event, FIELD_LOG_LEVEL, report->level);
    event_add(&event, FIELD_MESSAGE, report->message);
    if (report->client.size > 0) {
        TRY(add_client(&event, report->client, feed->parse->batch));
    }
    add_request(&event, report->request);
    event_add(&event, FIELD_HTTP_HOST, report->host);
    event_add(&event, FIELD_HTTP_REFERRER, report->referrer);
    if (report->is_doubtful) {
        feed_anomaly(feed, what_clients);
    }
    coverage_time(feed->parse->coverage, report->at);
    return feed_event(feed, &(struct record){
                                .kind = RECORD_EVENT,
                                .place = feed_place(feed),
                                .at = report->at,
                                .source = line,
                                .event = &event,
                            });
}

bool web_error_matches(const struct sample *sample)
{
    struct cursor cursor = cursor_of(sample->head);
    struct bytes line = BYTES_NONE;
    size_t lines = 0;
    size_t count = 0;
    if (!stamp_has_clock(sample->head)) {
        return false;
    }
    while (lines < IDENTIFY_LINES_MAX && cursor_line(&cursor, &line)) {
        struct report report;
        lines += bytes_trim(line).size > 0;
        count += read_report(line, &report);
    }
    return count > 0 && count * 3 >= lines;
}

enum status web_error_read(struct stream *stream, struct parse *parse)
{
    struct feed feed;
    feed_init(&feed, parse);
    enum status status = STATUS_OK;
    bool more = true;
    uint64_t going_on = 0;
    while (status == STATUS_OK && more) {
        struct bytes line = BYTES_NONE;
        struct report report;
        status = feed_line(&feed, stream, &line, &more);
        if (status != STATUS_OK || !more) {
            break;
        }
        if (read_report(line, &report)) {
            status = give(&feed, &report, line);
        } else {
            going_on++;
        }
    }
    feed_finish(&feed);
    if (going_on > 0) {
        coverage_count_add(parse->coverage, count_more, going_on);
    }
    return status;
}
