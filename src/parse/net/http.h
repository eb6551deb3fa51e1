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

struct http_framing {
    bool is_chunked;
    bool has_length;
    uint64_t length;
    bool is_ambiguous; /* two lengths that differ: the first was taken */
};

struct http_request {
    struct bytes method;
    struct bytes target;
    struct bytes host;
    struct bytes user_agent;
    struct http_framing framing;
};

struct http_response {
    uint16_t code;
    struct bytes status; /* its three digits */
    struct bytes content_type;
    struct http_framing framing;
};

/* Whether these may be the first bytes of a request, or of a response. */
bool http_request_begins(struct bytes stream);
bool http_response_begins(struct bytes stream);
/* STATUS_MALFORMED where the first line is not one of a request (response). */
enum status http_request_read(struct bytes head, struct http_request *out) MUST_USE;
enum status http_response_read(struct bytes head, struct http_response *out) MUST_USE;
