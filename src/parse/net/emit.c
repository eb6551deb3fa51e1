#include "parse/net/emit.h"

#include <inttypes.h>

static void add_endpoint(struct text *text, const struct endpoint *endpoint)
{
    bool is_v6 = endpoint->address_size == 16;
    text_add(text, is_v6 && endpoint->port != 0 ? "[" : "");
    endpoint_add_address(text, endpoint);
    text_add(text, is_v6 && endpoint->port != 0 ? "]" : "");
    if (endpoint->port != 0) {
        text_addf(text, ":%u", (unsigned)endpoint->port);
    }
}

static void add_flow_line(struct text *text, const struct flow *flow)
{
    static const char *const names[] = {
        [FLOW_OTHER] = "ip", [FLOW_TCP] = "tcp", [FLOW_UDP] = "udp", [FLOW_ICMP] = "icmp"};
    add_endpoint(text, &flow->client.endpoint);
    text_add(text, " > ");
    add_endpoint(text, &flow->server.endpoint);
    text_addf(text,
              " %s: %" PRIu64 " packets, %" PRIu64 " bytes; back %" PRIu64 " packets, %" PRIu64
              " bytes",
              names[flow->protocol], flow->client.packets, flow->client.bytes,
              flow->server.packets, flow->server.bytes);
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
        .server_name = conversation->server_name,
        .start_was_seen = conversation->start_was_seen,
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

enum status emit_http(struct dissection *dissection, const struct conversation *conversation,
                      const struct exchange_view *view, const struct http_response *response)
{
    struct transaction transaction = {.kind = TRANSACTION_HTTP};
    struct http_request request;
    if (http_request_read(view->request, &request) != STATUS_OK) {
        return STATUS_OK; /* kept bytes of a request begin like one */
    }
    transaction_add(&transaction, FIELD_HTTP_METHOD, request.method);
    transaction_add_target(&transaction, request.target);
    transaction_add(&transaction, FIELD_HTTP_HOST, request.host);
    transaction_add(&transaction, FIELD_HTTP_USER_AGENT, request.user_agent);
    if (response != NULL) {
        transaction_add(&transaction, FIELD_HTTP_STATUS, response->status);
        transaction_add(&transaction, FIELD_HTTP_CONTENT_TYPE, response->content_type);
    }
    text_clear(&dissection->excerpt);
    if (view->has_body) {
        text_addf(&dissection->excerpt, "%" PRIu64, view->body_size);
        transaction_add(&transaction, FIELD_HTTP_REQUEST_BYTES,
                        text_bytes(&dissection->excerpt));
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

static void add_dns_line(struct text *text, const struct transaction *transaction)
{
    text_clear(text);
    for (size_t i = 0; i < transaction->field_count; i++) {
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
    if (message->has_question) {
        transaction_add(&transaction, FIELD_DNS_QUESTION, dns_name_bytes(&message->question));
        transaction_add(&transaction, FIELD_DNS_TYPE, dns_type_name(message->type, type));
    }
    if (message->is_response) {
        transaction_add(&transaction, FIELD_DNS_RESPONSE_CODE,
                        dns_response_code_name(message->response_code, code));
        TRY(add_answers(dissection, message, &transaction));
    }
    add_dns_line(&dissection->excerpt, &transaction);
    return give_transaction(dissection, conversation, view, text_bytes(&dissection->excerpt),
                            &transaction);
}

enum status emit_tls(struct dissection *dissection, const struct conversation *conversation,
                     const struct exchange_view *view)
{
    struct transaction transaction = {.kind = TRANSACTION_TLS};
    transaction_add(&transaction, FIELD_TLS_SERVER_NAME, view->request);
    return give_transaction(dissection, conversation, view, view->request, &transaction);
}
