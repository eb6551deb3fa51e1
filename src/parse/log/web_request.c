#include "parse/log/web_request.h"

#include "base/number.h"

#define METHOD_SIZE_MAX 32U
#define VERSION_MARK " HTTP/"

/* ---- escapes ---- */

/* What stands for the escape after a backslash; 0 and nothing taken where it is none. */
static uint8_t take_escape(struct cursor *cursor)
{
    static const char signs[] = "\"\\'nrtbvf";
    static const char meant[] = "\"\\'\n\r\t\b\v\f";
    struct cursor ahead = *cursor;
    uint8_t sign = cursor_u8(&ahead);
    for (size_t i = 0; sign != 0 && signs[i] != '\0'; i++) {
        if (sign == (uint8_t)signs[i]) {
            *cursor = ahead;
            return (uint8_t)meant[i];
        }
    }
    int high = sign == 'x' ? number_hex_digit(cursor_u8(&ahead)) : -1;
    int low = high >= 0 ? number_hex_digit(cursor_u8(&ahead)) : -1;
    if (low < 0 || high * 16 + low == 0) {
        return 0; /* "\x00" stays as it is: no field holds a NUL */
    }
    *cursor = ahead;
    return (uint8_t)(high * 16 + low);
}

enum status web_unescape(struct bytes text, struct arena *batch, struct bytes *out)
{
    size_t plain = bytes_find_byte(text, '\\');
    if (plain == text.size) {
        *out = text;
        return STATUS_OK;
    }
    uint8_t *written = arena_take(batch, text.size);
    if (written == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct cursor cursor = cursor_of(text);
    size_t size = 0;
    while (!cursor_at_end(&cursor)) {
        uint8_t byte = cursor_u8(&cursor);
        uint8_t meant = byte == '\\' ? take_escape(&cursor) : byte;
        written[size++] = meant == 0 ? byte : meant;
    }
    *out = (struct bytes){written, size};
    return STATUS_OK;
}

/* ---- parts ---- */

bool web_address(struct bytes text, struct endpoint *out)
{
    static const struct bytes mapped = BYTES_LITERAL("::ffff:");
    struct bytes address = text;
    struct bytes port = BYTES_NONE;
    size_t colon = bytes_find_byte(text, ':');
    if (bytes_starts(text, "[")) {
        size_t close = bytes_find_byte(text, ']');
        address = bytes_part(text, 1, close - 1);
        port = bytes_from(text, close + 2);
    } else if (colon < text.size &&
               bytes_find_byte(bytes_from(text, colon + 1), ':') == text.size - colon - 1) {
        address = bytes_part(text, 0, colon);
        port = bytes_from(text, colon + 1);
    }
    if (bytes_starts(address, "::ffff:") && bytes_find_byte(address, '.') < address.size) {
        address = bytes_from(address, mapped.size);
    }
    struct endpoint endpoint;
    uint64_t number = 0;
    if (endpoint_read(address, &endpoint) != STATUS_OK ||
        (port.size > 0 && number_decimal_max(port, UINT16_MAX, &number) != STATUS_OK)) {
        return false;
    }
    endpoint.port = (uint16_t)number;
    *out = endpoint;
    return true;
}

static bool is_method(struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        uint8_t byte = word.data[i];
        if ((byte < 'A' || byte > 'Z') && byte != '-' && byte != '_') {
            return false;
        }
    }
    return word.size > 0 && word.size <= METHOD_SIZE_MAX;
}

/* The last " HTTP/" of the line: a target may hold one. */
static size_t find_version(struct bytes line)
{
    for (size_t i = line.size; i > 0; i--) {
        if (line.data[i - 1] == ' ' && bytes_starts(bytes_from(line, i - 1), VERSION_MARK)) {
            return i - 1;
        }
    }
    return line.size;
}

bool web_request_split(struct bytes line, struct bytes *method, struct bytes *target,
                       struct bytes *version)
{
    size_t space = bytes_find_byte(line, ' ');
    struct bytes word = bytes_part(line, 0, space);
    struct bytes rest = bytes_from(line, space + 1);
    if (!is_method(word) || bytes_trim(rest).size == 0) {
        return false;
    }
    size_t end = find_version(rest);
    *method = word;
    *target = bytes_part(rest, 0, end);
    *version = bytes_from(rest, end + 1);
    return target->size > 0;
}

/* ---- the record ---- */

static struct bytes present(struct bytes value)
{
    return value.size == 1 && value.data[0] == '-' ? BYTES_NONE : value;
}

struct making {
    struct transaction transaction;
    struct arena *batch;
    bool is_plain;
};

static enum status plain(const struct making *making, struct bytes value, struct bytes *out)
{
    *out = present(value);
    return making->is_plain ? STATUS_OK : web_unescape(*out, making->batch, out);
}

static enum status add(struct making *making, enum field field, struct bytes value)
{
    TRY(plain(making, value, &value));
    transaction_add(&making->transaction, field, value);
    return STATUS_OK;
}

static void add_number(struct making *making, enum field field, struct bytes value)
{
    uint64_t number;
    if (number_decimal(value, &number) == STATUS_OK) {
        transaction_add(&making->transaction, field, value);
    }
}

static void add_client(struct making *making, const struct web_request *request)
{
    struct endpoint *client = &making->transaction.client;
    uint64_t port = 0;
    if (!web_address(request->client, client)) {
        *client = (struct endpoint){0};
        transaction_add(&making->transaction, FIELD_SOURCE_NAME, present(request->client));
    } else if (number_decimal_max(request->port, UINT16_MAX, &port) == STATUS_OK) {
        client->port = (uint16_t)port;
    }
}

static enum status add_request(struct making *making, const struct web_request *request)
{
    struct bytes method = request->method;
    struct bytes target = request->target;
    struct bytes version = request->version;
    struct bytes line;
    TRY(plain(making, request->request, &line));
    if (line.size > 0 && !web_request_split(line, &method, &target, &version)) {
        transaction_add(&making->transaction, FIELD_URL_PATH, line);
        return STATUS_OK;
    }
    if (line.size == 0) {
        TRY(plain(making, target, &target));
    }
    transaction_add(&making->transaction, FIELD_HTTP_METHOD, present(method));
    transaction_add_target(&making->transaction, target);
    transaction_add(&making->transaction, FIELD_HTTP_VERSION, present(version));
    return STATUS_OK;
}

/* The size of all that a transaction is but its fields, which need no clearing: it is half of
 * the time a line takes. */
static void clear(struct transaction *transaction)
{
    transaction->kind = TRANSACTION_HTTP;
    transaction->flow_number = 0;
    transaction->client = (struct endpoint){0};
    transaction->server = (struct endpoint){0};
    transaction->field_count = 0;
}

enum status web_request_give(struct feed *feed, const struct web_request *request,
                             struct bytes source)
{
    struct making making;
    making.batch = feed->parse->batch;
    making.is_plain = request->is_plain;
    clear(&making.transaction);
    add_client(&making, request);
    TRY(add_request(&making, request));
    add_number(&making, FIELD_HTTP_STATUS, request->status);
    add_number(&making, FIELD_HTTP_RESPONSE_BYTES, request->size);
    add_number(&making, FIELD_HTTP_REQUEST_BYTES, request->request_size);
    TRY(add(&making, FIELD_HTTP_HOST, request->host));
    TRY(add(&making, FIELD_HTTP_USER_AGENT, request->user_agent));
    TRY(add(&making, FIELD_HTTP_REFERRER, request->referrer));
    TRY(add(&making, FIELD_USER_NAME, request->user));
    TRY(add(&making, FIELD_HTTP_FORWARDED, request->forwarded));
    TRY(add(&making, FIELD_HTTP_CONTENT_TYPE, request->content_type));
    struct record record = {
        .kind = RECORD_TRANSACTION,
        .place = feed_place(feed),
        .at = request->at,
        .source = source,
        .transaction = &making.transaction,
    };
    if (request->at.is_known) {
        coverage_time(feed->parse->coverage, request->at);
    }
    feed->request_count++;
    return parse_give(feed->parse, &record);
}
