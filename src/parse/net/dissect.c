#include "parse/net/dissect.h"

#include "parse/net/emit.h"
#include "parse/net/tunnel.h"

#define PROTOCOL_TCP 6

static enum status end_conversation(void *context, struct conversation *conversation)
{
    struct dissection *dissection = context;
    dissection->flows++;
    TRY(speech_end(dissection, conversation));
    return emit_flow(dissection, conversation);
}

enum status dissection_init(struct dissection *dissection, struct parse *parse)
{
    *dissection = (struct dissection){.parse = parse};
    dissection->excerpt = text_of_limit(EMIT_EXCERPT_SIZE_MAX);
    fragments_init(&dissection->fragments, parse->evidence);
    speeches_init(&dissection->speeches, parse->evidence);
    transfers_init(&dissection->transfers, parse->evidence);
    return conversations_init(&dissection->conversations, parse->evidence, end_conversation,
                              dissection);
}

void dissection_done(struct dissection *dissection)
{
    text_done(&dissection->excerpt);
    transfers_done(&dissection->transfers);
}

void dissection_anomaly(struct dissection *dissection, const char *what)
{
    uint32_t member = dissection->parse->member;
    /* Before the first frame there is none to name. */
    struct place place = dissection->frame == 0
                             ? (struct place){.kind = PLACE_WHOLE, .member = member}
                             : place_frame(member, dissection->frame);
    coverage_anomaly(dissection->parse->coverage, what, place);
}

struct moment dissection_moment(int64_t ns)
{
    if (ns == 0) {
        return (struct moment){0};
    }
    return moment_of_unix(ns / MOMENT_SECOND_NS, ns % MOMENT_SECOND_NS);
}

static enum status take_internet(struct dissection *dissection, const struct link_frame *frame);

/* What a tunnel carries is read like any packet; the tunnel itself is a flow too. */
static enum status take_inside(struct dissection *dissection, const struct internet *internet,
                               const struct packet *packet)
{
    struct link_frame inside;
    if (dissection->depth == TUNNEL_DEPTH_MAX || !tunnel_open(internet, packet, &inside)) {
        return STATUS_OK;
    }
    dissection->depth++;
    enum status status = take_internet(dissection, &inside);
    dissection->depth--;
    return status;
}

static enum status take_packet(struct dissection *dissection, const struct internet *internet,
                               struct packet *packet)
{
    packet->source = internet->source;
    packet->destination = internet->destination;
    packet->size = internet->size;
    if (!transport_read(internet->protocol, internet->payload, internet->payload_size,
                        packet)) {
        dissection_anomaly(dissection, packet->is_cut
                                           ? "a packet was captured without its whole header"
                                           : "a packet's TCP, UDP or ICMP header is damaged");
    }
    if (packet->is_cut && dissection->cut_packets++ == 0) {
        dissection_anomaly(dissection, "packets were captured in part: sizes are known, what "
                                       "was said is not all there");
    }
    dissection->packets += packet->packet_count;
    struct conversation *conversation;
    unsigned side;
    uint64_t fresh;
    TRY(conversations_take(&dissection->conversations, packet, &conversation, &side, &fresh));
    if (packet->payload_size > 0) {
        TRY(speech_take(dissection, conversation, packet, side));
    }
    return internet->protocol == PROTOCOL_TCP ? STATUS_OK
                                              : take_inside(dissection, internet, packet);
}

static enum status take_datagram(struct dissection *dissection, const struct datagram *datagram)
{
    if (!datagram->is_whole) {
        dissection_anomaly(dissection, "a fragmented packet is missing a part");
    }
    struct packet packet = {.frame = datagram->frame,
                            .at_ns = datagram->at_ns,
                            .packet_count = datagram->packet_count};
    return take_packet(dissection, &datagram->internet, &packet);
}

static enum status take_fragment(struct dissection *dissection, const struct internet *piece)
{
    bool is_added = false;
    while (!is_added) {
        struct datagram datagram;
        bool is_given = fragments_add(&dissection->fragments, piece, dissection->frame,
                                      dissection->at_ns, &datagram, &is_added);
        if (!is_given) {
            break;
        }
        TRY(take_datagram(dissection, &datagram));
    }
    return is_added ? STATUS_OK : STATUS_NO_MEMORY;
}

static enum status take_internet(struct dissection *dissection, const struct link_frame *frame)
{
    struct internet internet;
    enum status status = internet_read(frame, &internet);
    if (status != STATUS_OK) {
        dissection_anomaly(dissection, status == STATUS_TRUNCATED
                                           ? "a packet was captured without its whole header"
                                           : "a packet's IP header is damaged");
        dissection->other_frames++;
        return STATUS_OK;
    }
    if (internet.is_longer_than_frame) {
        dissection_anomaly(dissection, "an IP header claims more bytes than its frame has");
    }
    if (internet.is_fragment && dissection->depth > 0) {
        /* The packet around it may lie in what fragments are put together in. */
        dissection_anomaly(dissection, "a fragment within a tunnel is not put together");
        return STATUS_OK;
    }
    if (internet.is_fragment) {
        return take_fragment(dissection, &internet);
    }
    struct packet packet = {
        .frame = dissection->frame, .at_ns = dissection->at_ns, .packet_count = 1};
    return take_packet(dissection, &internet, &packet);
}

/* A frame without a time is taken for as old as the one before it. */
static void note_time(struct dissection *dissection, const struct captured *captured)
{
    if (!captured->has_time) {
        dissection_anomaly(dissection, "a packet has no time of its own: the one before it "
                                       "stands for it");
        return;
    }
    int64_t at_ns = captured->at_ns;
    if (!dissection->has_time) {
        dissection->has_time = true;
        dissection->first_ns = at_ns;
        dissection->last_ns = at_ns;
    }
    if (at_ns < dissection->at_ns) {
        dissection_anomaly(dissection, "a packet's time is before that of the one before it");
    }
    dissection->at_ns = at_ns;
    dissection->first_ns = at_ns < dissection->first_ns ? at_ns : dissection->first_ns;
    dissection->last_ns = at_ns > dissection->last_ns ? at_ns : dissection->last_ns;
}

enum status dissection_take(struct dissection *dissection, const struct captured *captured)
{
    dissection->frame++;
    note_time(dissection, captured);
    if (!captured->has_link || !link_is_supported(captured->link_type)) {
        dissection->other_frames++;
        dissection_anomaly(dissection,
                           captured->has_link
                               ? "frames of a link type that is not examined yet"
                               : "a packet of an interface that the capture does not describe");
        return STATUS_OK;
    }
    struct link_frame frame;
    if (link_read(captured->link_type, captured->bytes, captured->wire_size, &frame) !=
        STATUS_OK) {
        dissection->other_frames++;
        dissection_anomaly(dissection, "a frame ends within its link header");
        return STATUS_OK;
    }
    if (frame.holds == LINK_HOLDS_OTHER) {
        dissection->other_frames++;
        return STATUS_OK;
    }
    return take_internet(dissection, &frame);
}

static void say_bodies(struct dissection *dissection)
{
    const struct speeches *speeches = &dissection->speeches;
    struct coverage *coverage = dissection->parse->coverage;
    if (speeches->bodies_cut > 0) {
        coverage_count_add(coverage, "request bodies read in part", speeches->bodies_cut);
        dissection_anomaly(dissection, "what requests brought in their bodies was longer than "
                                       "is kept, or not all there: its beginning was read");
    }
    if (speeches->bodies_lost > 0) {
        coverage_count_add(coverage, "request bodies not read", speeches->bodies_lost);
        dissection_anomaly(dissection, "more bodies of requests at once than are kept, or "
                                       "without their beginning: they were not read");
    }
}

static void say_coverage(struct dissection *dissection)
{
    struct coverage *coverage = dissection->parse->coverage;
    coverage_count_add(coverage, "frames", dissection->frame);
    coverage_count_add(coverage, "packets", dissection->packets);
    coverage_count_add(coverage, "flows", dissection->flows);
    coverage_count_add(coverage, "requests", dissection->speeches.requests);
    if (dissection->speeches.unlistened > 0) {
        coverage_count_add(coverage, "flows not listened to", dissection->speeches.unlistened);
        dissection_anomaly(dissection, "more conversations at once than can be listened to");
        coverage->examined = EXAMINED_PARTLY;
        coverage->why = "more conversations at once than can be listened to";
    }
    say_bodies(dissection);
    if (dissection->transfers.files > 0) {
        coverage_count_add(coverage, "carried files", dissection->transfers.files);
    }
    if (dissection->transfers.unexamined > 0) {
        coverage_count_add(coverage, "carried files not looked at",
                           dissection->transfers.unexamined);
        dissection_anomaly(dissection, "more carried files at once than can be looked at");
    }
    if (dissection->speeches.gap_bytes > 0) {
        coverage_count_add(coverage, "TCP bytes missing", dissection->speeches.gap_bytes);
    }
    if (dissection->speeches.assemblies.starved > 0) {
        coverage_count_add(coverage, "TCP gaps said early",
                           dissection->speeches.assemblies.starved);
        dissection_anomaly(dissection, "more TCP segments out of order than are held: what "
                                       "was missing was not waited for");
    }
    if (dissection->other_frames > 0) {
        coverage_count_add(coverage, "frames that are not IP", dissection->other_frames);
    }
    if (dissection->cut_packets > 0) {
        coverage_count_add(coverage, "packets captured in part", dissection->cut_packets);
    }
    if (dissection->conversations.evicted > 0) {
        coverage_count_add(coverage, "flows given early", dissection->conversations.evicted);
        dissection_anomaly(dissection, "more conversations at once than are kept: those "
                                       "longest silent were given early");
    }
    if (dissection->fragments.overlaps > 0) {
        coverage_count_add(coverage, "overlapping fragments", dissection->fragments.overlaps);
        dissection_anomaly(dissection,
                           "fragments say the same bytes twice: the first was kept");
    }
    if (dissection->fragments.too_long > 0) {
        dissection_anomaly(dissection, "a fragment reaches past the largest packet");
    }
    if (dissection->has_time) {
        coverage_time(coverage, dissection_moment(dissection->first_ns));
        coverage_time(coverage, dissection_moment(dissection->last_ns));
    }
}

enum status dissection_finish(struct dissection *dissection)
{
    struct datagram datagram;
    while (fragments_drain(&dissection->fragments, &datagram)) {
        TRY(take_datagram(dissection, &datagram));
    }
    enum status status = conversations_finish(&dissection->conversations);
    say_coverage(dissection);
    return status;
}
