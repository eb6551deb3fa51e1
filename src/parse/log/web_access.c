#include "parse/log/web_access.h"

#include "parse/log/stamp.h"

#define TIME_SIZE_MAX 40U
#define STATUS_SIZE 3U

static const char what_other[] = "a line has not the form of an access log";

static struct bytes take_word(struct bytes *rest)
{
    struct bytes word = BYTES_NONE;
    while (word.size == 0 && bytes_split(rest, ' ', &word)) {
    }
    return word;
}

/* ---- the parts of a line ---- */

/* The place of " [time] \"": `*head` stands before it and `*tail` after its quote. */
static bool find_time(struct bytes line, struct bytes *head, struct bytes *tail,
                      struct moment *at)
{
    size_t from = 0;
    for (unsigned i = 0; i < WEB_BRACKETS_MAX; i++) {
        size_t open = from + bytes_find_byte(bytes_from(line, from), '[');
        if (open >= line.size) {
            return false;
        }
        from = open + 1;
        struct bytes rest = bytes_from(line, from);
        size_t close = bytes_find_byte(bytes_part(rest, 0, TIME_SIZE_MAX), ']');
        if (bytes_starts(bytes_from(rest, close), "] \"") &&
            stamp_web(bytes_part(rest, 0, close), at)) {
            *head = bytes_part(line, 0, open);
            *tail = bytes_from(rest, close + 3);
            return true;
        }
    }
    return false;
}

/* Up to the quote that closes; an escaped one does not. */
static bool take_quoted(struct bytes *rest, struct bytes *out)
{
    size_t end = 0;
    for (;;) {
        end += bytes_find_byte(bytes_from(*rest, end), '"');
        if (end >= rest->size) {
            return false;
        }
        size_t slashes = 0;
        while (slashes < end && rest->data[end - 1 - slashes] == '\\') {
            slashes++;
        }
        if (slashes % 2 == 0) {
            break;
        }
        end++;
    }
    *out = bytes_part(*rest, 0, end);
    *rest = bytes_from(*rest, end + 1);
    return true;
}

static bool is_status(struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        if (!stamp_is_digit(word.data[i])) {
            return bytes_equal_text(word, "-");
        }
    }
    return word.size == STATUS_SIZE;
}

/* "192.0.2.1, 198.51.100.2": the first is the one farthest away. */
static bool is_address_list(struct bytes text)
{
    struct endpoint endpoint;
    return web_address(bytes_trim(bytes_part(text, 0, bytes_find_byte(text, ','))), &endpoint);
}

/* What follows the size: the referrer, the agent, and more that differs between servers. */
static void read_rest(struct bytes rest, struct web_request *out)
{
    struct bytes quoted = BYTES_NONE;
    for (unsigned i = 0; bytes_find_byte(rest, '"') < rest.size; i++) {
        rest = bytes_from(rest, bytes_find_byte(rest, '"') + 1);
        if (!take_quoted(&rest, &quoted)) {
            return;
        }
        if (i == 0) {
            out->referrer = quoted;
        } else if (i == 1) {
            out->user_agent = quoted;
        } else if (out->forwarded.size == 0 && is_address_list(quoted)) {
            out->forwarded = quoted;
        }
    }
}

static bool is_host(struct bytes word)
{
    return bytes_find_byte(word, '.') < word.size || bytes_find_byte(word, ':') < word.size;
}

static bool read_head(struct bytes head, const struct web_layout *layout,
                      struct web_request *out)
{
    if (layout->has_host) {
        out->host = take_word(&head);
    }
    out->client = take_word(&head);
    struct bytes ident = take_word(&head);
    out->user = bytes_trim(head);
    if (!layout->has_host && is_host(ident)) {
        out->host = ident; /* lighttpd; nobody has an ident that looks like a host */
    }
    return out->client.size > 0 && out->user.size > 0;
}

/* The request ends at the quote that a status follows.  Most servers escape quotes, so that the
 * first is the one; of those that do not, the request may hold some. */
static bool read_request(struct bytes *tail, struct web_request *out)
{
    struct bytes whole = *tail;
    struct bytes part = BYTES_NONE;
    for (unsigned i = 0; i < WEB_QUOTES_MAX && take_quoted(tail, &part); i++) {
        struct bytes rest = *tail;
        out->status = take_word(&rest);
        if (bytes_starts(*tail, " ") && is_status(out->status)) {
            out->request = bytes_part(whole, 0, whole.size - tail->size - 1);
            *tail = rest;
            return true;
        }
    }
    return false;
}

bool web_line_read(struct bytes line, const struct web_layout *layout, struct web_request *out)
{
    struct web_request request = {0};
    struct bytes head = BYTES_NONE;
    struct bytes tail = BYTES_NONE;
    if (!find_time(line, &head, &tail, &request.at) || !read_head(head, layout, &request) ||
        !read_request(&tail, &request)) {
        return false;
    }
    request.size = tail.size > 0 && tail.data[0] == '"' ? BYTES_NONE : take_word(&tail);
    read_rest(tail, &request);
    *out = request;
    return true;
}

/* ---- the file ---- */

/* How many of the lines have the form, and in how many a host stands before the client. */
static size_t count_lines(struct bytes text, size_t line_max, size_t *hosts, size_t *lines)
{
    static const struct web_layout plain = {false};
    struct cursor cursor = cursor_of(text);
    struct bytes line = BYTES_NONE;
    size_t count = 0;
    *hosts = 0;
    *lines = 0;
    while (*lines < line_max && cursor_line(&cursor, &line)) {
        struct web_request request;
        struct endpoint endpoint;
        *lines += bytes_trim(line).size > 0;
        if (!web_line_read(line, &plain, &request)) {
            continue;
        }
        count++;
        /* "host client ident user": read as if the host were the client, the client stands
         * where ident would and the account has two words. */
        struct bytes second = bytes_from(line, bytes_find_byte(line, ' ') + 1);
        second = bytes_part(second, 0, bytes_find_byte(second, ' '));
        bool has_address =
            web_address(second, &endpoint) && bytes_find_byte(request.user, ' ') > 0;
        *hosts += has_address && bytes_find_byte(request.user, ' ') < request.user.size;
    }
    return count;
}

struct web_layout web_layout_find(struct bytes text, size_t line_max)
{
    size_t hosts;
    size_t lines;
    size_t count = count_lines(text, line_max, &hosts, &lines);
    return (struct web_layout){.has_host = hosts * 2 > count};
}

bool web_access_matches(const struct sample *sample)
{
    if (!stamp_has_clock(sample->head)) {
        return false;
    }
    size_t hosts;
    size_t lines;
    size_t count = count_lines(sample->head, IDENTIFY_LINES_MAX, &hosts, &lines);
    bool is_named = bytes_contains(sample->name, "access");
    return count > 0 && (count * 3 >= lines || is_named);
}

enum status web_access_read(struct stream *stream, struct parse *parse)
{
    struct feed feed;
    feed_init(&feed, parse);
    struct bytes head =
        bytes_part(stream_sample(stream, IDENTIFY_SAMPLE_MAX), 0, IDENTIFY_SAMPLE_MAX);
    struct web_layout layout = web_layout_find(head, IDENTIFY_LINES_MAX);
    enum status status = STATUS_OK;
    bool more = true;
    while (status == STATUS_OK && more) {
        struct bytes line = BYTES_NONE;
        struct web_request request;
        status = feed_line(&feed, stream, &line, &more);
        if (status != STATUS_OK || !more) {
            break;
        }
        if (web_line_read(line, &layout, &request)) {
            status = web_request_give(&feed, &request, line);
        } else {
            feed_anomaly(&feed, what_other);
        }
    }
    feed_finish(&feed);
    return status;
}
