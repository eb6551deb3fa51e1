/* Claims of parse/net/fragment.h, over packets of known bytes sent in fragments chosen by the
 * input: what is put together is the packet's bytes, whatever the order and the repetition; a
 * packet is whole exactly when nothing is missing; every fragment is counted in one packet.
 *
 * Input: for each fragment: which packet (1 byte), offset in blocks (2), size (2), seconds
 * since the one before and whether more follow (1). */
#include "fuzz.h"

#include "base/arena.h"
#include "base/cursor.h"
#include "parse/net/fragment.h"

#define MEMORY_MAX (32U << 20)
#define HEADER_SIZE 20

static uint8_t byte_at(uint32_t id, size_t at)
{
    return (uint8_t)(id * 57 + at * 13 + (at >> 8));
}

struct totals {
    uint64_t added;
    uint64_t given;
};

static void check_datagram(const struct datagram *datagram, struct totals *totals)
{
    const struct internet *internet = &datagram->internet;
    CLAIM(internet->payload.size <= internet->payload_size);
    CLAIM(internet->payload_size <= FRAGMENT_PACKET_SIZE_MAX);
    CLAIM(datagram->packet_count >= 1);
    CLAIM(internet->payload_size + (uint64_t)datagram->packet_count * HEADER_SIZE <=
          internet->size);
    CLAIM(!datagram->is_whole || internet->payload.size == internet->payload_size);
    for (size_t i = 0; i < internet->payload.size; i++) {
        CLAIM(internet->payload.data[i] == byte_at(internet->identification, i));
    }
    totals->given += datagram->packet_count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t payload[2 * 65536];
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY_MAX);
    struct fragments fragments;
    struct totals totals = {0};
    struct datagram datagram;
    fragments_init(&fragments, arena);
    struct cursor cursor = cursor_of((struct bytes){data, size});
    int64_t at_ns = 0;
    while (cursor_left(&cursor) >= 6) {
        struct internet piece = {.is_fragment = true, .protocol = 17};
        piece.identification = cursor_u8(&cursor);
        piece.fragment_offset = (cursor_u16be(&cursor) & 0x1fffU) * 8;
        piece.payload_size = cursor_u16be(&cursor);
        uint8_t last = cursor_u8(&cursor);
        piece.has_more_fragments = (last & 1) != 0;
        piece.payload_size &= piece.has_more_fragments ? ~7U : ~0U;
        piece.size = piece.payload_size + HEADER_SIZE;
        at_ns += (int64_t)(last >> 4) * MOMENT_SECOND_NS;
        for (size_t i = 0; i < piece.payload_size; i++) {
            payload[i] = byte_at(piece.identification, piece.fragment_offset + i);
        }
        size_t captured = (last & 2) != 0 ? piece.payload_size / 2 : piece.payload_size;
        piece.payload = (struct bytes){payload, captured};
        bool is_added = false;
        for (int turn = 0; !is_added; turn++) {
            CLAIM(turn < 2);
            if (fragments_add(&fragments, &piece, 1, at_ns, &datagram, &is_added)) {
                check_datagram(&datagram, &totals);
            }
        }
        totals.added++;
        CLAIM(fragments.count <= FRAGMENT_PACKETS_MAX);
    }
    while (fragments_drain(&fragments, &datagram)) {
        CLAIM(!datagram.is_whole);
        check_datagram(&datagram, &totals);
    }
    CLAIM(totals.added == totals.given);
    return 0;
}
