#include "parse/net/http.h"

#include "base/number.h"

#define VERSION_PREFIX "HTTP/"
#define RESPONSE_START_SIZE 9 /* "HTTP/1.1 " */

static bool is_method_byte(uint8_t byte)
{
    return (byte >= 'A' && byte <= 'Z') || byte == '-' || byte == '_';
}

bool http_request_begins(struct bytes stream)
{
    size_t size = 0;
    while (size < stream.size && size <= HTTP_METHOD_SIZE_MAX &&
           is_method_byte(stream.data[size])) {
        size++;
    }
    if (bytes_starts(stream, "PRI * ")) {
        return false; /* HTTP/2 (RFC 9113 section 3.4) */
    }
    if (size > HTTP_METHOD_SIZE_MAX || (size < stream.size && stream.data[size] != ' ') ||
        size == 0) {
        return false;
    }
    size_t end = bytes_find_byte(stream, '\n');
    return end == stream.size ||
           bytes_contains(bytes_part(stream, 0, end), " " VERSION_PREFIX) ||
           bytes_starts(stream, "GET /") || bytes_starts(stream, "POST /") ||
           bytes_starts(stream, "HEAD /"); /* as before HTTP/1.0, and as some tools still do */
}

bool http_response_begins(struct bytes stream)
{
    struct bytes start = bytes_part(stream, 0, RESPONSE_START_SIZE);
    return start.size == RESPONSE_START_SIZE && bytes_starts(start, "HTTP/1.") &&
           start.data[RESPONSE_START_SIZE - 1] == ' ';
}

static bool has_token(struct bytes list, const char *token)
{
    struct bytes part;
    while (bytes_split(&list, ',', &part)) {
        if (bytes_equal_text_nocase(bytes_trim(part), token)) {
            return true;
        }
    }
    return false;
}

/* The two headers that say where the message ends. */
static void read_framing(struct bytes name, struct bytes value, struct http_framing *framing)
{
    if (bytes_equal_text_nocase(name, "transfer-encoding")) {
        framing->is_chunked |= has_token(value, "chunked");
        return;
    }
    uint64_t length;
    if (!bytes_equal_text_nocase(name, "content-length") ||
        number_decimal(value, &length) != STATUS_OK) {
        return;
    }
    framing->is_ambiguous |= framing->has_length && framing->length != length;
    framing->length = framing->has_length ? framing->length : length;
    framing->has_length = true;
}

bool http_header_next(struct cursor *cursor, struct bytes *name, struct bytes *value)
{
    struct bytes line;
    if (!cursor_line(cursor, &line) || line.size == 0) {
        return false;
    }
    size_t colon = bytes_find_byte(line, ':');
    *name = bytes_trim(bytes_part(line, 0, colon));
    *value = bytes_trim(bytes_from(line, colon + 1));
    return true;
}

static void keep_header(struct bytes headers[HTTP_HEADER_COUNT], struct bytes name,
                        struct bytes value)
{
    static const char *const names[HTTP_HEADER_COUNT] = {
        [HTTP_HOST] = "host",
        [HTTP_USER_AGENT] = "user-agent",
        [HTTP_REFERRER] = "referer", /* as RFC 9110 spells it */
        [HTTP_COOKIE] = "cookie",
        [HTTP_AUTHORIZATION] = "authorization",
        [HTTP_FORWARDED_FOR] = "x-forwarded-for",
        [HTTP_CONTENT_TYPE] = "content-type",
        [HTTP_CONTENT_ENCODING] = "content-encoding",
        [HTTP_CONTENT_DISPOSITION] = "content-disposition",
        [HTTP_SERVER] = "server",
        [HTTP_LOCATION] = "location",
    };
    for (size_t i = 0; i < HTTP_HEADER_COUNT; i++) {
        if (headers[i].size == 0 && bytes_equal_text_nocase(name, names[i])) {
            headers[i] = value;
            return;
        }
    }
}

static void read_headers(struct cursor *cursor, struct bytes headers[HTTP_HEADER_COUNT],
                         struct http_framing *framing)
{
    struct bytes name;
    struct bytes value;
    for (int i = 0; i < HTTP_HEADERS_MAX && http_header_next(cursor, &name, &value); i++) {
        read_framing(name, value, framing);
        keep_header(headers, name, value);
    }
}

enum status http_request_read(struct bytes head, struct http_request *out)
{
    struct cursor cursor = cursor_of(head);
    struct bytes line;
    if (!http_request_begins(head) || !cursor_line(&cursor, &line)) {
        return STATUS_MALFORMED;
    }
    struct http_request request = {0};
    request.method = bytes_part(line, 0, bytes_find_byte(line, ' '));
    struct bytes rest = bytes_from(line, request.method.size + 1);
    /* The target may hold spaces, against the rules; the version is what follows the last. */
    size_t end = rest.size;
    for (size_t i = rest.size; i > 0; i--) {
        if (rest.data[i - 1] == ' ' && bytes_starts(bytes_from(rest, i), VERSION_PREFIX)) {
            end = i - 1;
            request.version = bytes_trim(bytes_from(rest, i + sizeof VERSION_PREFIX - 1));
            break;
        }
    }
    request.target = bytes_trim(bytes_part(rest, 0, end));
    if (request.target.size == 0) {
        return STATUS_MALFORMED;
    }
    read_headers(&cursor, request.headers, &request.framing);
    *out = request;
    return STATUS_OK;
}

enum status http_response_read(struct bytes head, struct http_response *out)
{
    struct cursor cursor = cursor_of(head);
    struct bytes line;
    if (!http_response_begins(head) || !cursor_line(&cursor, &line)) {
        return STATUS_MALFORMED;
    }
    struct http_response response = {0};
    response.status = bytes_part(line, RESPONSE_START_SIZE, 3);
    uint64_t code;
    if (response.status.size != 3 || number_decimal(response.status, &code) != STATUS_OK) {
        return STATUS_MALFORMED;
    }
    response.code = (uint16_t)code;
    response.version = bytes_part(line, sizeof VERSION_PREFIX - 1, 3);
    read_headers(&cursor, response.headers, &response.framing);
    *out = response;
    return STATUS_OK;
}

/* ---- values with parameters ---- */

struct bytes http_value(struct bytes header)
{
    return bytes_trim(bytes_part(header, 0, bytes_find_byte(header, ';')));
}

/* The value at the cursor, quoted or not; the cursor then stands behind its ";". */
static struct bytes read_value(struct cursor *cursor)
{
    struct bytes value;
    if (cursor_accept(cursor, "\"") && cursor_until(cursor, '"', &value)) {
        struct bytes passed;
        if (!cursor_until(cursor, ';', &passed)) {
            cursor_rest(cursor);
        }
        return value;
    }
    if (!cursor_until(cursor, ';', &value)) {
        value = cursor_rest(cursor);
    }
    return bytes_trim(value);
}

struct bytes http_parameter(struct bytes header, const char *name)
{
    struct cursor cursor = cursor_of(bytes_from(header, bytes_find_byte(header, ';') + 1));
    struct bytes key;
    for (int i = 0; i < HTTP_PARAMETERS_MAX && cursor_until(&cursor, '=', &key); i++) {
        struct bytes value = read_value(&cursor);
        if (bytes_equal_text_nocase(bytes_trim(key), name)) {
            return value;
        }
    }
    return BYTES_NONE;
}
