#include "parse/log/web_json.h"

#include <stddef.h>

#include "codec/jsonline.h"
#include "parse/log/stamp.h"
#include "parse/log/web_request.h"

static const char what_broken[] = "a line is not JSON, or not all of it could be read";

struct member {
    struct bytes path;
    size_t at; /* of the struct bytes in struct web_request */
};

#define MEMBER(path, name) \
    { \
        BYTES_LITERAL(path), offsetof(struct web_request, name) \
    }

/* Of several members for one thing, the first in the line counts. */
static const struct member members[] = {
    MEMBER("request.client_ip", client), /* Caddy */
    MEMBER("request.remote_ip", client),
    MEMBER("request.remote_addr", client),
    MEMBER("request.remote_port", port),
    MEMBER("request.method", method),
    MEMBER("request.host", host),
    MEMBER("request.uri", target),
    MEMBER("request.proto", version),
    MEMBER("request.headers.User-Agent", user_agent),
    MEMBER("request.headers.Referer", referrer),
    MEMBER("request.headers.X-Forwarded-For", forwarded),
    MEMBER("resp_headers.Content-Type", content_type),
    MEMBER("bytes_read", request_size),
    MEMBER("size", size),
    MEMBER("user_id", user),
    MEMBER("ClientHost", client), /* Traefik */
    MEMBER("ClientPort", port),
    MEMBER("ClientUsername", user),
    MEMBER("RequestMethod", method),
    MEMBER("RequestHost", host),
    MEMBER("RequestPath", target),
    MEMBER("RequestProtocol", version),
    MEMBER("DownstreamStatus", status),
    MEMBER("DownstreamContentSize", size),
    MEMBER("RequestContentSize", request_size),
    MEMBER("request_User-Agent", user_agent),
    MEMBER("request_Referer", referrer),
    MEMBER("request_X-Forwarded-For", forwarded),
    MEMBER("remote_addr", client), /* nginx's variables, and what people call them */
    MEMBER("remote_ip", client),
    MEMBER("client_ip", client),
    MEMBER("clientip", client),
    MEMBER("client", client),
    MEMBER("remote_port", port),
    MEMBER("remote_user", user),
    MEMBER("host", host),
    MEMBER("http_host", host),
    MEMBER("vhost", host),
    MEMBER("server_name", host),
    MEMBER("request", request),
    MEMBER("request_method", method),
    MEMBER("method", method),
    MEMBER("request_uri", target),
    MEMBER("uri", target),
    MEMBER("url", target),
    MEMBER("server_protocol", version),
    MEMBER("protocol", version),
    MEMBER("status", status),
    MEMBER("body_bytes_sent", size),
    MEMBER("bytes_sent", size),
    MEMBER("bytes", size),
    MEMBER("http_referer", referrer),
    MEMBER("http_referrer", referrer),
    MEMBER("referer", referrer),
    MEMBER("referrer", referrer),
    MEMBER("http_user_agent", user_agent),
    MEMBER("user_agent", user_agent),
    MEMBER("agent", user_agent),
    MEMBER("http_x_forwarded_for", forwarded),
};

static const struct bytes times[] = {
    BYTES_LITERAL("ts"),         BYTES_LITERAL("StartUTC"),     BYTES_LITERAL("time"),
    BYTES_LITERAL("@timestamp"), BYTES_LITERAL("time_iso8601"), BYTES_LITERAL("time_local"),
    BYTES_LITERAL("timestamp"),  BYTES_LITERAL("msec"),
};

static bool read_time(struct bytes text, struct moment *out)
{
    struct cursor cursor = cursor_of(text);
    return stamp_epoch(text, out) || stamp_web(text, out) || stamp_dated(&cursor, out);
}

static void take_value(const struct jsonline_value *value, struct web_request *out)
{
    if (value->kind != JSONLINE_TEXT && value->kind != JSONLINE_NUMBER) {
        return;
    }
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (bytes_equal(value->path, members[i].path)) {
            /* The table says where the member lies: each is a struct bytes. */
            struct bytes *member = (void *)((char *)out + members[i].at);
            *member = member->size == 0 ? value->text : *member;
            return;
        }
    }
    for (size_t i = 0; !out->at.is_known && i < sizeof times / sizeof *times; i++) {
        if (bytes_equal(value->path, times[i]) && read_time(value->text, &out->at)) {
            return;
        }
    }
}

static enum status read_line(struct feed *feed, struct jsonline *json, struct bytes line)
{
    const struct jsonline_value *values;
    size_t count;
    enum status status = jsonline_read(json, line, feed->parse->batch, &values, &count);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK) {
        feed_anomaly(feed, what_broken);
    }
    struct web_request request = {.is_plain = true};
    for (size_t i = 0; i < count; i++) {
        take_value(&values[i], &request);
    }
    bool says_who = request.client.size > 0;
    bool says_what = request.request.size > 0 || request.target.size > 0;
    return says_who && says_what ? web_request_give(feed, &request, line) : STATUS_OK;
}

bool web_json_matches(const struct sample *sample)
{
    static const char *const targets[] = {"\"uri\"", "\"request\"", "\"request_uri\"",
                                          "\"RequestPath\"", "\"url\""};
    static const char *const clients[] = {"\"remote_ip\"",  "\"client_ip\"", "\"remote_addr\"",
                                          "\"ClientHost\"", "\"clientip\"",  "\"client\""};
    struct bytes line = bytes_part(sample->head, 0, bytes_find_byte(sample->head, '\n'));
    bool has_target = false;
    bool has_client = false;
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        has_target = has_target || bytes_contains(line, targets[i]);
    }
    for (size_t i = 0; i < sizeof clients / sizeof *clients; i++) {
        has_client = has_client || bytes_contains(line, clients[i]);
    }
    bool has_status =
        bytes_contains(line, "\"status\"") || bytes_contains(line, "\"DownstreamStatus\"");
    return bytes_starts(line, "{") && has_target && has_client && has_status;
}

static enum status read_lines(struct feed *feed, struct stream *stream, struct jsonline *json)
{
    for (;;) {
        struct bytes line = BYTES_NONE;
        bool more;
        TRY(feed_line(feed, stream, &line, &more));
        if (!more) {
            return STATUS_OK;
        }
        TRY(read_line(feed, json, line));
    }
}

enum status web_json_read(struct stream *stream, struct parse *parse)
{
    struct feed feed;
    feed_init(&feed, parse);
    struct jsonline AUTO(jsonline_close) *json = NULL;
    TRY(jsonline_open(FEED_LINE_MAX, &json));
    enum status status = read_lines(&feed, stream, json);
    feed_finish(&feed);
    return status;
}
