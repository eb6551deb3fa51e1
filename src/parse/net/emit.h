/* Makes records of what a capture shows and gives them to the sink.
 *
 * What a record holds lies in the batch arena, which is reset after each. */
#pragma once

#include "parse/net/dissect.h"
#include "parse/net/dns.h"
#include "parse/net/http.h"

#define EMIT_EXCERPT_SIZE_MAX 4096

/* A conversation that ended, as RECORD_FLOW.  Its excerpt is a line of ours: the frames of a
 * flow lie apart, so there is no text of theirs to show. */
enum status emit_flow(struct dissection *dissection,
                      const struct conversation *conversation) MUST_USE;

/* A request: where it came, and its bytes. */
struct exchange_view {
    uint64_t frame;
    int64_t at_ns;
    unsigned side; /* who asked */
    struct bytes request;
    struct bytes body; /* as much of it as is kept */
    uint64_t body_size;
    bool has_body;
};

/* `response` is NULL where none came. */
enum status emit_http(struct dissection *dissection, const struct conversation *conversation,
                      const struct exchange_view *view,
                      const struct http_response *response) MUST_USE;
/* `message` is the response, or the question where none came.  Its excerpt is a line of ours.
 */
enum status emit_dns(struct dissection *dissection, const struct conversation *conversation,
                     const struct exchange_view *view,
                     const struct dns_message *message) MUST_USE;
/* The request is the server's name. */
enum status emit_tls(struct dissection *dissection, const struct conversation *conversation,
                     const struct exchange_view *view) MUST_USE;
