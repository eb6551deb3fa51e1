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
