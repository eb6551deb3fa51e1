#include "parse/net/emit.h"

#include <stdio.h>

#include "codec/base64.h"
#include "parse/net/body_field.h"

static void add_side(struct text *text, const char *before, const struct flow_side *side)
{
    text_add(text, before);
    text_add_number(text, side->packets);
    text_add(text, " packets, ");
    text_add_number(text, side->bytes);
    text_add(text, " bytes");
}

static void add_flow_line(struct text *text, const struct flow *flow)
{
    static const char *const names[] = {
        [FLOW_OTHER] = "ip", [FLOW_TCP] = "tcp", [FLOW_UDP] = "udp", [FLOW_ICMP] = "icmp"};
    endpoint_add(text, &flow->client.endpoint);
    text_add(text, " > ");
    endpoint_add(text, &flow->server.endpoint);
    text_add(text, " ");
    text_add(text, names[flow->protocol]);
    add_side(text, ": ", &flow->client);
    add_side(text, "; back ", &flow->server);
}

static struct flow_side flow_side(const struct conversation *conversation, unsigned side)
{
    const struct conversation_side *from = &conversation->sides[side];
    return (struct flow_side){.endpoint = conversation_endpoint(conversation, side),
                              .packets = from->packets,
                              .bytes = from->bytes,
                              .payload_bytes = from->payload_bytes,
                              .tcp_flags = from->tcp_flags};
}

/* A refused connection is answered too, but by nothing except a reset. */
static bool is_established(const struct flow *flow)
{
    bool was_answered = flow->client.packets > 0 && flow->server.packets > 0;
    bool was_refused = flow->protocol == FLOW_TCP && (flow->server.tcp_flags & TCP_RST) != 0 &&
                       (flow->client.tcp_flags & TCP_SYN) != 0 &&
                       (flow->server.tcp_flags & TCP_SYN) == 0 &&
                       flow->server.payload_bytes == 0;
    return was_answered && !was_refused;
}

static void note_host(struct dissection *dissection, const struct endpoint *endpoint)
{
    struct text *text = &dissection->excerpt;
    text_clear(text);
    endpoint_add_address(text, endpoint);
    coverage_host(dissection->parse->coverage, text_bytes(text));
}

enum status emit_flow(struct dissection *dissection, const struct conversation *conversation)
{
    struct flow flow = {
        .number = conversation->number,
        .protocol = conversation_protocol(conversation),
        .client = flow_side(conversation, conversation->client),
        .server = flow_side(conversation, 1U - conversation->client),
        .last = dissection_moment(conversation->last_ns),
        .application = conversation->application,
        .server_name = conversation->server_name,
        .start_was_seen = conversation->start_was_seen,
        .is_echo = conversation->is_echo,
        .turn_count = conversation->turn_count,
    };
    flow.is_established = is_established(&flow);
    if (conversation->rhythm != NULL) {
        flow.turn_intervals_ms = conversation->rhythm->intervals_ms;
        flow.turn_interval_count = conversation->rhythm->count;
    }
    note_host(dissection, &flow.client.endpoint);
    note_host(dissection, &flow.server.endpoint);
    text_clear(&dissection->excerpt);
    add_flow_line(&dissection->excerpt, &flow);
    struct record record = {
        .kind = RECORD_FLOW,
        .place = place_flow(dissection->parse->member, flow.number),
        .at = dissection_moment(conversation->first_ns),
        .source = text_bytes(&dissection->excerpt),
        .flow = &flow,
    };
    return parse_give(dissection->parse, &record);
}

/* ---- transactions ---- */

static enum status give_transaction(struct dissection *dissection,
                                    const struct conversation *conversation,
                                    const struct exchange_view *view, struct bytes source,
                                    struct transaction *transaction)
{
    struct parse *parse = dissection->parse;
    transaction->flow_number = conversation->number;
    transaction->client = conversation_endpoint(conversation, view->side);
    transaction->server = conversation_endpoint(conversation, 1U - view->side);
    struct record record = {
        .kind = RECORD_TRANSACTION,
        .place = place_frame(parse->member, view->frame),
        .at = dissection_moment(view->at_ns),
        .source = source,
        .transaction = transaction,
    };
    enum status status = parse_give(parse, &record);
    arena_reset(parse->batch);
    return status;
}

struct header_field {
    enum http_header header;
    enum field field;
};

static void add_headers(struct transaction *transaction, const struct header_field *rows,
                        size_t count, const struct bytes headers[HTTP_HEADER_COUNT])
{
    for (size_t i = 0; i < count; i++) {
        transaction_add(transaction, rows[i].field, headers[rows[i].header]);
    }
}

/* A number needs memory of its own until the record is given. */
static enum status add_number(struct dissection *dissection, struct transaction *transaction,
                              enum field field, uint64_t number)
{
    struct bytes copy;
    text_clear(&dissection->excerpt);
    text_add_number(&dissection->excerpt, number);
    TRY(arena_copy(dissection->parse->batch, text_bytes(&dissection->excerpt), &copy));
    transaction_add(transaction, field, copy);
    return STATUS_OK;
}

/* Who the request says it is from: the scheme and, where it is in the open, the account.  The
 * password that comes with it is not kept. */
static enum status add_account(struct dissection *dissection, struct transaction *transaction,
                               struct bytes authorization)
{
    size_t end = bytes_find_byte(authorization, ' ');
    struct bytes scheme = bytes_part(authorization, 0, end);
    transaction_add(transaction, FIELD_AUTH_METHOD, scheme);
    struct bytes pair;
    if (!bytes_equal_text_nocase(scheme, "basic") ||
        base64_decode(bytes_from(authorization, end), BASE64_TOLERANT, dissection->parse->batch,
                      &pair) != STATUS_OK) {
        return STATUS_OK;
    }
    transaction_add(transaction, FIELD_USER_NAME,
                    bytes_part(pair, 0, bytes_find_byte(pair, ':')));
    return STATUS_OK;
}

/* What the program behind the server gets of it, value by value. */
static enum status add_body(struct dissection *dissection, struct transaction *transaction,
                            const struct exchange_view *view,
                            const struct http_request *request)
{
    struct bytes type = request->headers[HTTP_CONTENT_TYPE];
    transaction_add(transaction, FIELD_HTTP_REQUEST_BODY, view->body);
    if (view->body.size == 0 ||
        !body_has_fields(type, request->headers[HTTP_CONTENT_ENCODING])) {
        return STATUS_OK;
    }
    struct body_fields fields;
    TRY(body_fields_read(type, view->body, dissection->parse->batch, &fields));
    transaction->body_fields = fields.fields;
    transaction->body_field_count = fields.count;
    dissection->speeches.bodies_cut += view->body_is_cut || fields.dropped > 0;
    return STATUS_OK;
}

static enum status add_request(struct dissection *dissection, struct transaction *transaction,
                               const struct exchange_view *view,
                               const struct http_request *request)
{
    static const struct header_field rows[] = {
        {HTTP_HOST, FIELD_HTTP_HOST},
        {HTTP_USER_AGENT, FIELD_HTTP_USER_AGENT},
        {HTTP_REFERRER, FIELD_HTTP_REFERRER},
        {HTTP_COOKIE, FIELD_HTTP_COOKIE},
        {HTTP_FORWARDED_FOR, FIELD_HTTP_FORWARDED},
        {HTTP_CONTENT_TYPE, FIELD_HTTP_REQUEST_TYPE},
    };
    transaction_add(transaction, FIELD_HTTP_METHOD, request->method);
    transaction_add_target(transaction, request->target);
    transaction_add(transaction, FIELD_HTTP_VERSION, request->version);
    add_headers(transaction, rows, sizeof rows / sizeof *rows, request->headers);
    TRY(add_account(dissection, transaction, request->headers[HTTP_AUTHORIZATION]));
    TRY(add_body(dissection, transaction, view, request));
    return view->has_body
               ? add_number(dissection, transaction, FIELD_HTTP_REQUEST_BYTES, view->body_size)
               : STATUS_OK;
}

static enum status add_response(struct dissection *dissection, struct transaction *transaction,
                                const struct http_response *response)
{
    static const struct header_field rows[] = {
        {HTTP_CONTENT_TYPE, FIELD_HTTP_CONTENT_TYPE},
        {HTTP_SERVER, FIELD_HTTP_SERVER},
        {HTTP_LOCATION, FIELD_HTTP_LOCATION},
    };
    transaction_add(transaction, FIELD_HTTP_STATUS, response->status);
    add_headers(transaction, rows, sizeof rows / sizeof *rows, response->headers);
    return response->framing.has_length
               ? add_number(dissection, transaction, FIELD_HTTP_RESPONSE_BYTES,
                            response->framing.length)
               : STATUS_OK;
}

enum status emit_http(struct dissection *dissection, const struct conversation *conversation,
                      const struct exchange_view *view, const struct http_request *request,
                      const struct http_response *response)
{
    struct transaction transaction = {.kind = TRANSACTION_HTTP};
    TRY(add_request(dissection, &transaction, view, request));
    if (response != NULL) {
        TRY(add_response(dissection, &transaction, response));
    }
    return give_transaction(dissection, conversation, view, view->request, &transaction);
}

/* Adds the addresses; each needs memory of its own until the record is given. */
static enum status add_answers(struct dissection *dissection, const struct dns_message *message,
                               struct transaction *transaction)
{
    for (size_t i = 0; i < message->answer_count; i++) {
        text_clear(&dissection->excerpt);
        endpoint_add_address(&dissection->excerpt, &message->answers[i]);
        struct bytes copy;
        TRY(arena_copy(dissection->parse->batch, text_bytes(&dissection->excerpt), &copy));
        transaction_add(transaction, FIELD_DNS_ANSWER, copy);
    }
    return STATUS_OK;
}

/* How much was answered, and what: a tunnel shows in it. */
static enum status add_records(struct dissection *dissection, const struct dns_message *message,
                               struct transaction *transaction, char type[DNS_WORD_SIZE])
{
    TRY(add_number(dissection, transaction, FIELD_DNS_RESPONSE_BYTES, message->size));
    if (message->record_count == 0) {
        return STATUS_OK;
    }
    transaction_add(transaction, FIELD_DNS_RECORD_TYPE,
                    dns_type_name(message->record_type, type));
    transaction_add(transaction, FIELD_DNS_RECORD_DATA, dns_name_bytes(&message->record));
    TRY(add_number(dissection, transaction, FIELD_DNS_RECORD_COUNT, message->record_count));
    TRY(add_number(dissection, transaction, FIELD_DNS_RECORD_BYTES, message->data_size));
    return add_number(dissection, transaction, FIELD_DNS_RECORD_TTL, message->ttl_least);
}

/* The values of the first fields, one after the other. */
static void add_line(struct text *text, const struct transaction *transaction, size_t count)
{
    text_clear(text);
    for (size_t i = 0; i < transaction->field_count && i < count; i++) {
        text_add(text, i == 0 ? "" : " ");
        text_add_raw(text, transaction->fields[i].value);
    }
}

enum status emit_dns(struct dissection *dissection, const struct conversation *conversation,
                     const struct exchange_view *view, const struct dns_message *message)
{
    struct transaction transaction = {.kind = TRANSACTION_DNS};
    char type[DNS_WORD_SIZE];
    char code[DNS_WORD_SIZE];
    char record_type[DNS_WORD_SIZE];
    size_t shown = EVENT_FIELDS_MAX;
    if (message->has_question) {
        transaction_add(&transaction, FIELD_DNS_QUESTION, dns_name_bytes(&message->question));
        transaction_add(&transaction, FIELD_DNS_TYPE, dns_type_name(message->type, type));
    }
    if (message->is_response) {
        transaction_add(&transaction, FIELD_DNS_RESPONSE_CODE,
                        dns_response_code_name(message->response_code, code));
        TRY(add_answers(dissection, message, &transaction));
        shown = transaction.field_count; /* people need no sizes beside the answer */
        TRY(add_records(dissection, message, &transaction, record_type));
    }
    add_line(&dissection->excerpt, &transaction, shown);
    return give_transaction(dissection, conversation, view, text_bytes(&dissection->excerpt),
                            &transaction);
}

static struct bytes certificate_bytes(const struct certificate_text *text)
{
    return bytes_part((struct bytes){text->bytes, sizeof text->bytes}, 0, text->size);
}

static enum status add_certificate(struct dissection *dissection,
                                   const struct emit_tls_view *view,
                                   struct transaction *transaction)
{
    const struct certificate *certificate = view->certificate;
    transaction_add(transaction, FIELD_TLS_SUBJECT, certificate_bytes(&certificate->subject));
    transaction_add(transaction, FIELD_TLS_ISSUER, certificate_bytes(&certificate->issuer));
    transaction_add(transaction, FIELD_TLS_NOT_BEFORE, bytes_of_text(certificate->not_before));
    transaction_add(transaction, FIELD_TLS_NOT_AFTER, bytes_of_text(certificate->not_after));
    for (size_t i = 0; i < certificate->name_count; i++) {
        transaction_add(transaction, FIELD_TLS_NAME, certificate_bytes(&certificate->names[i]));
    }
    if (certificate->is_self_issued) {
        transaction_add(transaction, FIELD_TLS_SELF_ISSUED, bytes_of_text("true"));
    }
    struct bytes copy;
    text_clear(&dissection->excerpt);
    sha256_add_hex(&dissection->excerpt, &view->certificate_hash);
    TRY(arena_copy(dissection->parse->batch, text_bytes(&dissection->excerpt), &copy));
    transaction_add(transaction, FIELD_TLS_CERTIFICATE_HASH, copy);
    return STATUS_OK;
}

enum status emit_tls(struct dissection *dissection, const struct conversation *conversation,
                     const struct emit_tls_view *view)
{
    struct transaction transaction = {.kind = TRANSACTION_TLS};
    char version[TLS_VERSION_SIZE];
    char cipher[TLS_VERSION_SIZE];
    transaction_add(&transaction, FIELD_TLS_SERVER_NAME, view->server_name);
    transaction_add(&transaction, FIELD_TLS_VERSION, tls_version_name(view->version, version));
    transaction_add(&transaction, FIELD_TLS_JA4, view->ja4);
    transaction_add(&transaction, FIELD_TLS_OFFERED_PROTOCOLS, view->offered);
    if (view->is_answered) {
        snprintf(cipher, sizeof cipher, "0x%04x", (unsigned)view->cipher);
        transaction_add(&transaction, FIELD_TLS_CIPHER, bytes_of_text(cipher));
        transaction_add(&transaction, FIELD_TLS_PROTOCOL, view->chosen);
    }
    if (view->certificate != NULL) {
        TRY(add_certificate(dissection, view, &transaction));
    }
    add_line(&dissection->excerpt, &transaction, EVENT_FIELDS_MAX);
    return give_transaction(dissection, conversation, &view->exchange,
                            text_bytes(&dissection->excerpt), &transaction);
}

enum status emit_fields(struct dissection *dissection, const struct conversation *conversation,
                        const struct exchange_view *view, enum transaction_kind kind,
                        const struct field_value *fields, size_t count)
{
    struct transaction transaction = {.kind = kind};
    for (size_t i = 0; i < count; i++) {
        transaction_add(&transaction, fields[i].field, fields[i].value);
    }
    add_line(&dissection->excerpt, &transaction, EVENT_FIELDS_MAX);
    return give_transaction(dissection, conversation, view, text_bytes(&dissection->excerpt),
                            &transaction);
}
