/* Makes records of what a capture shows and gives them to the sink.
 *
 * What a record holds lies in the batch arena, which is reset after each. */
#pragma once

#include "codec/sha256.h"
#include "parse/net/certificate.h"
#include "parse/net/dissect.h"
#include "parse/net/dns.h"
#include "parse/net/http.h"
#include "parse/net/tls_hello.h"
#include "parse/net/tls_server.h"

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
    bool body_is_cut;
    uint64_t body_size;
    bool has_body;
};

/* `request` is read from what `view` keeps of it; `response` is NULL where none came. */
enum status emit_http(struct dissection *dissection, const struct conversation *conversation,
                      const struct exchange_view *view, const struct http_request *request,
                      const struct http_response *response) MUST_USE;
/* `message` is the response, or the question where none came.  Its excerpt is a line of ours.
 */
enum status emit_dns(struct dissection *dissection, const struct conversation *conversation,
                     const struct exchange_view *view,
                     const struct dns_message *message) MUST_USE;
/* What a TLS client and server said in the open. */
struct emit_tls_view {
    struct exchange_view exchange;
    struct bytes server_name;
    struct bytes ja4;
    struct bytes offered; /* protocols of ALPN, with commas between them */
    uint16_t version;     /* agreed on, or the highest offered */
    bool is_answered;     /* what follows holds */
    uint16_t cipher;
    struct bytes chosen;
    const struct certificate *certificate; /* NULL where it was not seen */
    struct sha256 certificate_hash;
};

/* Its excerpt is a line of ours. */
enum status emit_tls(struct dissection *dissection, const struct conversation *conversation,
                     const struct emit_tls_view *view) MUST_USE;
/* What a protocol without more of its own said, with the fields that are not empty.  Its
 * excerpt is a line of ours. */
enum status emit_fields(struct dissection *dissection, const struct conversation *conversation,
                        const struct exchange_view *view, enum transaction_kind kind,
                        const struct field_value *fields, size_t count) MUST_USE;
