/* Reads the heads of HTTP/1 requests and responses.
 *
 * Input:  untrusted: a head up to its empty line, or as much of it as there is.
 * Output: borrows from the input.   Limits: HTTP_HEADERS_MAX headers are looked at.
 * Fuzzed: fuzz/http.c.   Format: RFC 9112.
 * Does not check: folded headers, what makes two readers disagree where a message ends. */
#pragma once

#include "base/cursor.h"

#define HTTP_HEADERS_MAX 200
#define HTTP_METHOD_SIZE_MAX 20
#define HTTP_PARAMETERS_MAX 16

struct http_framing {
    bool is_chunked;
    bool has_length;
    uint64_t length;
    bool is_ambiguous; /* two lengths that differ: the first was taken */
};

/* The headers that are kept; of one that comes twice, the first. */
enum http_header {
    HTTP_HOST,
    HTTP_USER_AGENT,
    HTTP_REFERRER,
    HTTP_COOKIE,
    HTTP_AUTHORIZATION,
    HTTP_FORWARDED_FOR,
    HTTP_CONTENT_TYPE,
    HTTP_CONTENT_ENCODING,
    HTTP_CONTENT_DISPOSITION,
    HTTP_SERVER,
    HTTP_LOCATION,
};
#define HTTP_HEADER_COUNT 11

struct http_request {
    struct bytes method;
    struct bytes target;
    struct bytes version; /* "1.1"; empty where there is none */
    struct bytes headers[HTTP_HEADER_COUNT];
    struct http_framing framing;
};

struct http_response {
    uint16_t code;
    struct bytes status; /* its three digits */
    struct bytes version;
    struct bytes headers[HTTP_HEADER_COUNT];
    struct http_framing framing;
};

/* Whether these may be the first bytes of a request, or of a response. */
bool http_request_begins(struct bytes stream);
bool http_response_begins(struct bytes stream);
/* STATUS_MALFORMED where the first line is not one of a request (response). */
enum status http_request_read(struct bytes head, struct http_request *out) MUST_USE;
enum status http_response_read(struct bytes head, struct http_response *out) MUST_USE;
/* The next header of a head or of a part of a body, from behind its first line; false at the
 * empty line or the end. */
bool http_header_next(struct cursor *cursor, struct bytes *name, struct bytes *value);
/* What stands before the first ";" of a value like "text/html; charset=utf-8". */
struct bytes http_value(struct bytes header);
/* A parameter of such a value, without its quotes; empty where it is missing.  Of a file name
 * in the extended form (filename*=utf-8''a%20b) the encoded text. */
struct bytes http_parameter(struct bytes header, const char *name);
