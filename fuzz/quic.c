/* Claims of parse/net/quic.h: packets lie in their datagram, one behind the other, and their
 * ids and numbers in them; an opened packet is no longer than it was; parts of a handshake lie
 * in the frames, one behind the other. */
#include "fuzz.h"

#include "parse/net/quic.h"

static void check_opened(const struct quic_packet *packet, bool is_server)
{
    static uint8_t scratch[QUIC_PACKET_SIZE_MAX];
    struct quic_keys keys;
    struct bytes frames;
    CLAIM(quic_keys_of(packet->version, packet->destination, is_server, &keys) == STATUS_OK);
    enum status status = quic_open(packet, &keys, scratch, &frames);
    CLAIM(status == STATUS_OK || status == STATUS_MALFORMED || status == STATUS_LIMIT);
    if (status == STATUS_OK) {
        CLAIM(lies_inside(frames, (struct bytes){scratch, sizeof scratch}));
        CLAIM(frames.size < packet->whole.size);
    }
}

static void check_packets(struct bytes datagram)
{
    struct cursor cursor = cursor_of(datagram);
    struct quic_packet packet;
    size_t at = 0;
    while (quic_packet_next(&cursor, &packet)) {
        CLAIM(quic_begins(bytes_from(datagram, at)));
        CLAIM(lies_inside(packet.whole, bytes_from(datagram, at)) && packet.whole.size > 0);
        CLAIM(lies_inside(packet.destination, packet.whole));
        CLAIM(lies_inside(packet.source, packet.whole));
        CLAIM(packet.destination.size <= QUIC_ID_SIZE_MAX);
        CLAIM(packet.number_offset <= packet.whole.size);
        at += packet.whole.size;
        CLAIM(cursor_offset(&cursor) == at);
        if (packet.kind == QUIC_INITIAL) {
            check_opened(&packet, false);
            check_opened(&packet, true);
        }
    }
}

static void check_frames(struct bytes frames)
{
    struct cursor cursor = cursor_of(frames);
    struct bytes part;
    uint64_t offset;
    size_t at = 0;
    while (quic_crypto_next(&cursor, &offset, &part)) {
        CLAIM(lies_inside(part, bytes_from(frames, at)));
        CLAIM(offset < UINT64_C(1) << 62);
        CLAIM(cursor_offset(&cursor) >= at + 3 + part.size);
        at = cursor_offset(&cursor);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_packets((struct bytes){data, size});
    check_frames((struct bytes){data, size});
    return 0;
}
