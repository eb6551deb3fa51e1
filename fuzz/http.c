/* Claims of parse/net/http.h: what is read of a head lies inside it, and holds no line end;
 * parameters lie inside their value.  Of parse/net/body_field.h, for what follows the head: as
 * many fields as the limit, none of them empty, each no longer than the body it comes from. */
#include "fuzz.h"

#include "parse/net/body_field.h"
#include "parse/net/http.h"

#define MEMORY_MAX (16U << 20)

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

static void check_body(const struct http_request *request, struct bytes input)
{
    size_t end = bytes_find(input, bytes_of_text("\r\n\r\n"));
    struct bytes body = bytes_from(input, end + 4);
    struct bytes type = request->headers[HTTP_CONTENT_TYPE];
    struct arena *arena = arena_new(MEMORY_MAX);
    struct body_fields fields;
    CLAIM(arena != NULL && body.size < MEMORY_MAX / 16);
    CLAIM(body_fields_read(type, body, arena, &fields) == STATUS_OK);
    CLAIM(fields.count <= BODY_FIELDS_MAX);
    CLAIM(fields.dropped == 0 || fields.count == BODY_FIELDS_MAX);
    CLAIM(fields.count == 0 || body_has_fields(type, BYTES_NONE));
    for (size_t i = 0; i < fields.count; i++) {
        const struct body_field *field = &fields.fields[i];
        CLAIM(field->name.size + field->value.size > 0);
        CLAIM(field->name.size <= body.size && field->value.size <= body.size);
    }
    arena_free(arena);
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
        check_body(&request, head);
    }
    if (http_response_read(head, &response) == STATUS_OK) {
        CLAIM(http_response_begins(head) && response.code <= 999);
        CLAIM(response.status.size == 3);
        check_headers(response.headers, head);
    }
    return 0;
}
