/* Claims of parse/net/http.h: what is read of a head lies inside it, and holds no line end;
 * parameters lie inside their value. */
#include "fuzz.h"

#include "parse/net/http.h"

static void check_headers(const struct bytes headers[HTTP_HEADER_COUNT], struct bytes head)
{
    for (size_t i = 0; i < HTTP_HEADER_COUNT; i++) {
        CLAIM(lies_inside(headers[i], head));
        CLAIM(bytes_find_byte(headers[i], '\n') == headers[i].size);
        CLAIM(lies_inside(http_value(headers[i]), head));
        CLAIM(lies_inside(http_parameter(headers[i], "filename"), headers[i]));
        CLAIM(lies_inside(http_parameter(headers[i], "boundary"), headers[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes head = {data, size};
    struct http_request request;
    struct http_response response;
    if (http_request_read(head, &request) == STATUS_OK) {
        CLAIM(http_request_begins(head));
        CLAIM(lies_inside(request.method, head) && request.method.size > 0);
        CLAIM(lies_inside(request.target, head) && request.target.size > 0);
        CLAIM(lies_inside(request.version, head));
        check_headers(request.headers, head);
    }
    if (http_response_read(head, &response) == STATUS_OK) {
        CLAIM(http_response_begins(head) && response.code <= 999);
        CLAIM(response.status.size == 3);
        check_headers(response.headers, head);
    }
    return 0;
}
