#include "detect/behaviour/probe.h"

#include "base/number.h"
#include "detect/behaviour/own_network.h"

#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

#define RULE_WORDS_MAX 128
#define PORT_PRIVILEGED 1024
#define PORT_EPHEMERAL 32768
/* traceroute counts up from here, three ports a hop. */
#define PORT_TRACEROUTE_MIN 33434
#define PORT_TRACEROUTE_MAX 33534

static bool is_traceroute(uint16_t port)
{
    return port >= PORT_TRACEROUTE_MIN && port <= PORT_TRACEROUTE_MAX;
}

/* Spoken to everybody on the local network; nobody has to answer. */
static bool is_announcement(uint16_t port)
{
    static const uint16_t ports[] = {67, 68, 137, 138, 546, 547, 1900, 3702, 5353, 5355};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        if (ports[i] == port) {
            return true;
        }
    }
    return false;
}

/* From where services are to where clients are: an answer to a question that was not seen, or
 * that came when nobody waited any more. */
static bool is_answer(uint16_t from, uint16_t to)
{
    return (from < PORT_PRIVILEGED && to >= PORT_PRIVILEGED) ||
           (from < PORT_EPHEMERAL && to >= PORT_EPHEMERAL);
}

/* ---- flows ---- */

static enum probe_outcome judge_tcp(const struct flow *flow)
{
    uint8_t asked = flow->client.tcp_flags;
    uint8_t answered = flow->server.tcp_flags;
    bool is_refused = (answered & TCP_RST) != 0 && (answered & TCP_SYN) == 0;
    bool is_silent = flow->server.packets == 0;
    if (flow->client.payload_bytes > 0) {
        return is_silent || is_refused ? PROBE_NONE : PROBE_ANSWERED;
    }
    bool is_opening = (asked & TCP_SYN) != 0 && (asked & TCP_ACK) == 0;
    /* Neither opens a connection nor belongs to one: no program does that by itself. */
    bool is_odd = flow->client.packets > 0 && (asked & (TCP_SYN | TCP_ACK | TCP_RST)) == 0;
    return (is_opening || is_odd) && (is_silent || is_refused) ? PROBE_MISSED : PROBE_NONE;
}

static enum probe_outcome judge_flow(const struct flow *flow)
{
    uint16_t port = flow->server.endpoint.port;
    bool is_no_question = is_answer(flow->client.endpoint.port, port) || is_traceroute(port) ||
                          is_announcement(port);
    bool is_silent = flow->server.packets == 0;
    switch (flow->protocol) {
    case FLOW_TCP:
        return judge_tcp(flow);
    case FLOW_UDP:
        return !is_silent ? PROBE_ANSWERED : is_no_question ? PROBE_NONE : PROBE_MISSED;
    case FLOW_ICMP:
        return !flow->is_echo ? PROBE_NONE : is_silent ? PROBE_MISSED : PROBE_ANSWERED;
    case FLOW_OTHER:
        break;
    }
    return PROBE_NONE;
}

/* ---- lines of packet filters ---- */

/* A rule's own words, as the administrator chose them, in small letters. */
struct rule_words {
    uint8_t data[RULE_WORDS_MAX];
    size_t size;
};

static struct rule_words words_of(struct bytes rule)
{
    rule = bytes_part(rule, 0, RULE_WORDS_MAX);
    struct rule_words words = {.size = rule.size};
    for (size_t i = 0; i < rule.size; i++) {
        uint8_t byte = rule.data[i];
        words.data[i] = byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
    }
    return words;
}

static bool holds_word(const struct rule_words *rule, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_contains((struct bytes){rule->data, rule->size}, words[i])) {
            return true;
        }
    }
    return false;
}

/* rows: one deleted at a time by make prove */
static const char *const stopped[] = {"block", "drop",    "den",     "rej",
                                      "refus", "discard", "invalid", "illegal"};
/* rows: one deleted at a time by make prove */
static const char *const passed[] = {"allow", "accept", "pass", "permit"};

static enum probe_outcome judge_rule(struct bytes rule)
{
    struct rule_words words = words_of(rule);
    if (holds_word(&words, stopped, sizeof stopped / sizeof *stopped)) {
        return PROBE_MISSED;
    }
    bool is_through = holds_word(&words, passed, sizeof passed / sizeof *passed);
    return is_through ? PROBE_ANSWERED : PROBE_UNKNOWN;
}

static uint16_t port_of(const struct event *event, enum field field)
{
    uint64_t port = 0;
    return number_decimal_max(event_field(event, field), UINT16_MAX, &port) == STATUS_OK
               ? (uint16_t)port
               : 0;
}

/* The packet filter writes a packet's flags and its type as words. */
static bool asks_for_something(const struct record *record, enum flow_protocol protocol)
{
    uint16_t from = port_of(record->event, FIELD_SOURCE_PORT);
    uint16_t to = port_of(record->event, FIELD_DESTINATION_PORT);
    switch (protocol) {
    case FLOW_TCP:
        return to != 0 && bytes_contains(record->source, " SYN ") &&
               !bytes_contains(record->source, " ACK ");
    case FLOW_UDP:
        return to != 0 && !is_answer(from, to) && !is_traceroute(to) && !is_announcement(to);
    case FLOW_ICMP:
        return bytes_contains(record->source, " TYPE=8 ") ||
               bytes_contains(record->source, " TYPE=128 ");
    case FLOW_OTHER:
        break;
    }
    return false;
}

static enum flow_protocol protocol_of(struct bytes transport)
{
    if (bytes_equal_text_nocase(transport, "TCP") || bytes_equal_text(transport, "6")) {
        return FLOW_TCP;
    }
    if (bytes_equal_text_nocase(transport, "UDP") || bytes_equal_text(transport, "17")) {
        return FLOW_UDP;
    }
    bool is_icmp = bytes_equal_text_nocase(transport, "ICMP") ||
                   bytes_equal_text_nocase(transport, "ICMPv6") ||
                   bytes_equal_text(transport, "1") || bytes_equal_text(transport, "58");
    return is_icmp ? FLOW_ICMP : FLOW_OTHER;
}

static enum probe_outcome read_line(const struct record *record, struct probe *out)
{
    const struct event *event = record->event;
    if (event->action != EVENT_PACKET_LOGGED ||
        endpoint_read(event_field(event, FIELD_SOURCE_ADDRESS), &out->source) != STATUS_OK ||
        endpoint_read(event_field(event, FIELD_DESTINATION_ADDRESS), &out->target) !=
            STATUS_OK) {
        return PROBE_NONE;
    }
    out->protocol = protocol_of(event_field(event, FIELD_TRANSPORT));
    if (!asks_for_something(record, out->protocol)) {
        return PROBE_NONE;
    }
    out->target.port = port_of(event, FIELD_DESTINATION_PORT);
    enum probe_outcome outcome = judge_rule(event_field(event, FIELD_AUDIT_KEY));
    bool is_low = out->protocol != FLOW_ICMP && out->target.port < PORT_PRIVILEGED;
    return outcome == PROBE_UNKNOWN && !is_low ? PROBE_NONE : outcome;
}

enum probe_outcome probe_read(const struct record *record, struct probe *out)
{
    struct probe probe = {.outcome = PROBE_NONE};
    if (record->kind == RECORD_FLOW) {
        const struct flow *flow = record->flow;
        probe.source = flow->client.endpoint;
        probe.source.port = 0;
        probe.target = flow->server.endpoint;
        probe.protocol = flow->protocol;
        probe.outcome = judge_flow(flow);
    } else if (record->kind == RECORD_EVENT) {
        probe.outcome = read_line(record, &probe);
    }
    bool is_group = probe.outcome != PROBE_NONE && (own_network_is_group(&probe.source) ||
                                                    own_network_is_group(&probe.target));
    if (probe.outcome == PROBE_NONE || is_group) {
        return PROBE_NONE;
    }
    if (probe.protocol == FLOW_ICMP) {
        probe.target.port = 0;
    }
    *out = probe;
    return probe.outcome;
}
