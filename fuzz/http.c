/* Claims of parse/net/http.h: what is read lies inside the head and on one line; a head put
 * together from it is read as the same; the beginning of what begins a request begins one; what
 * stands behind the empty line changes nothing. */
#include "fuzz.h"

#include "base/text.h"
#include "parse/net/http.h"

#define SIZE_MAX_WRITTEN (1U << 20)

static void check_value(struct bytes value, struct bytes head)
{
    CLAIM(lies_inside(value, head));
    CLAIM(bytes_find_byte(value, '\n') == value.size);
    CLAIM(bytes_equal(bytes_trim(value), value));
}

static void check_request(const struct http_request *request, struct bytes head)
{
    check_value(request->method, head);
    check_value(request->target, head);
    check_value(request->host, head);
    check_value(request->user_agent, head);
    CLAIM(request->method.size > 0 && request->method.size <= HTTP_METHOD_SIZE_MAX);
    CLAIM(request->target.size > 0);
    CLAIM(request->framing.has_length || request->framing.length == 0);
}

static void add_header(struct text *text, const char *name, struct bytes value)
{
    text_add(text, name);
    text_add_raw(text, value);
    text_add(text, "\r\n");
}

static void check_again(const struct http_request *request)
{
    if (bytes_equal_text(request->method, "PRI")) {
        return; /* with one space more it would be HTTP/2 */
    }
    AUTO(text_done) struct text text = text_of_limit(SIZE_MAX_WRITTEN);
    text_add_raw(&text, request->method);
    text_add(&text, " ");
    text_add_raw(&text, request->target);
    text_add(&text, " HTTP/1.1\r\n");
    add_header(&text, "host: ", request->host);
    add_header(&text, "User-Agent:", request->user_agent);
    if (request->framing.has_length) {
        text_addf(&text, "Content-Length: %llu\r\n",
                  (unsigned long long)request->framing.length);
    }
    text_add(&text, request->framing.is_chunked ? "transfer-encoding: gzip, Chunked\r\n" : "");
    text_add(&text, "\r\nHost: behind.example\r\n");
    struct http_request again;
    CLAIM(http_request_read(text_bytes(&text), &again) == STATUS_OK);
    CLAIM(bytes_equal(again.method, request->method));
    CLAIM(bytes_equal(again.target, request->target));
    CLAIM(bytes_equal(again.host, request->host.size > 0 ? request->host : BYTES_NONE));
    CLAIM(bytes_equal(again.user_agent, request->user_agent));
    CLAIM(again.framing.length == request->framing.length);
    CLAIM(again.framing.is_chunked == request->framing.is_chunked);
}

static void check_response(struct bytes head)
{
    struct http_response response;
    if (http_response_read(head, &response) != STATUS_OK) {
        return;
    }
    CLAIM(http_response_begins(head) && response.status.size == 3 && response.code <= 999);
    check_value(response.status, head);
    check_value(response.content_type, head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes head = {data, size};
    struct http_request request;
    check_response(head);
    if (http_request_read(head, &request) != STATUS_OK) {
        return 0;
    }
    CLAIM(http_request_begins(head));
    for (size_t i = 1; i < size && i < 64; i++) {
        CLAIM(bytes_find_byte(bytes_part(head, 0, i), '\n') < i ||
              http_request_begins(bytes_part(head, 0, i)));
    }
    check_request(&request, head);
    check_again(&request);
    return 0;
}
