#include "parse/net/fragment.h"

#include "base/number.h"

#include <string.h>

struct partial {
    struct partial *newer;
    struct internet first; /* addresses, protocol, identification */
    uint32_t packet_count;
    uint64_t size; /* of all fragments, headers included */
    uint64_t frame;
    int64_t first_ns;
    int64_t at_ns;
    uint32_t total; /* payload size; 0 until the last fragment is seen */
    uint32_t high;  /* one past the highest byte sent */
    uint64_t sent;  /* payload of all fragments */
    uint32_t block_count;
    bool is_cut;
    uint64_t has[FRAGMENT_BLOCK_COUNT / 64];
    uint8_t data[FRAGMENT_PACKET_SIZE_MAX + 1];
};

void fragments_init(struct fragments *fragments, struct arena *arena)
{
    *fragments = (struct fragments){0};
    pool_init(&fragments->pool, arena, sizeof(struct partial), FRAGMENT_PACKETS_MAX);
}

static bool is_same(const struct internet *a, const struct internet *b)
{
    return a->identification == b->identification && a->protocol == b->protocol &&
           endpoint_equal(&a->source, &b->source) &&
           endpoint_equal(&a->destination, &b->destination);
}

static bool has_block(const struct partial *partial, uint32_t block)
{
    return (partial->has[block / 64] >> (block % 64) & 1) != 0;
}

/* Bytes from the start without a hole. */
static uint32_t contiguous(const struct partial *partial)
{
    uint32_t word = 0;
    while (word < FRAGMENT_BLOCK_COUNT / 64 && partial->has[word] == UINT64_MAX) {
        word++;
    }
    uint32_t block = word * 64;
    while (block < FRAGMENT_BLOCK_COUNT && has_block(partial, block)) {
        block++;
    }
    return (uint32_t)number_least(block * FRAGMENT_BLOCK_SIZE, partial->high);
}

/* Takes `partial` out and describes it; its memory is not touched until the next is added. */
static void give(struct fragments *fragments, struct partial *partial, bool is_whole,
                 struct datagram *out)
{
    struct partial **link = &fragments->oldest;
    while (*link != partial) {
        link = &(*link)->newer;
    }
    *link = partial->newer;
    fragments->count--;
    *out = (struct datagram){.internet = partial->first,
                             .packet_count = partial->packet_count,
                             .frame = partial->frame,
                             .at_ns = partial->at_ns,
                             .is_whole = is_whole};
    out->internet.size = (uint32_t)number_least(partial->size, UINT32_MAX);
    /* Where a part never came, its size was never sent either: one fragment far behind the
     * others does not make a large packet. */
    uint32_t extent = partial->total != 0 ? partial->total : partial->high;
    out->internet.payload_size = (uint32_t)number_least(extent, partial->sent);
    out->internet.payload =
        bytes_part((struct bytes){partial->data, sizeof partial->data}, 0,
                   number_least(contiguous(partial), out->internet.payload_size));
    pool_give(&fragments->pool, partial);
}

static struct partial *begin(struct fragments *fragments, const struct internet *piece,
                             int64_t at_ns)
{
    struct partial *partial = pool_take_raw(&fragments->pool);
    if (partial == NULL) {
        return NULL;
    }
    memset(partial, 0, offsetof(struct partial, data));
    partial->first = *piece;
    partial->first_ns = at_ns;
    struct partial **link = &fragments->oldest;
    while (*link != NULL) {
        link = &(*link)->newer;
    }
    *link = partial;
    fragments->count++;
    return partial;
}

/* Copies block by block what is not there yet. */
static void copy_blocks(struct fragments *fragments, struct partial *partial,
                        struct bytes payload, uint32_t offset, bool is_last)
{
    bool overlaps = false;
    for (size_t at = 0; at < payload.size; at += FRAGMENT_BLOCK_SIZE) {
        struct bytes part = bytes_part(payload, at, FRAGMENT_BLOCK_SIZE);
        if (part.size < FRAGMENT_BLOCK_SIZE && !is_last) {
            break; /* cut by the capture in the middle of a block */
        }
        uint32_t block = (offset + (uint32_t)at) / FRAGMENT_BLOCK_SIZE;
        if (has_block(partial, block)) {
            overlaps = true;
            continue;
        }
        memcpy(&partial->data[(size_t)block * FRAGMENT_BLOCK_SIZE], part.data, part.size);
        partial->has[block / 64] |= UINT64_C(1) << (block % 64);
        partial->block_count++;
    }
    fragments->overlaps += overlaps;
}

/* True once nothing is missing. */
static bool add(struct fragments *fragments, struct partial *partial,
                const struct internet *piece)
{
    uint32_t offset = piece->fragment_offset;
    bool is_cut = piece->payload.size < piece->payload_size;
    partial->packet_count++;
    partial->size += piece->size;
    if (offset + (uint64_t)piece->payload_size > FRAGMENT_PACKET_SIZE_MAX) {
        fragments->too_long++;
        return false;
    }
    uint32_t end = offset + piece->payload_size;
    if (!piece->has_more_fragments && partial->total == 0) {
        partial->total = end;
    }
    partial->high = end > partial->high ? end : partial->high;
    partial->sent += piece->payload_size;
    partial->is_cut |= is_cut;
    /* Only the end of the packet may stop within a block; a second end elsewhere is a lie. */
    bool is_last = !piece->has_more_fragments && !is_cut && end == partial->total;
    copy_blocks(fragments, partial, piece->payload, offset, is_last);
    uint32_t blocks = (partial->total + FRAGMENT_BLOCK_SIZE - 1) / FRAGMENT_BLOCK_SIZE;
    return partial->total != 0 && partial->block_count >= blocks &&
           contiguous(partial) >= partial->total;
}

static struct partial *find(const struct fragments *fragments, const struct internet *piece)
{
    struct partial *partial = fragments->oldest;
    while (partial != NULL && !is_same(&partial->first, piece)) {
        partial = partial->newer;
    }
    return partial;
}

bool fragments_add(struct fragments *fragments, const struct internet *piece, uint64_t frame,
                   int64_t at_ns, struct datagram *out, bool *is_added)
{
    *is_added = false;
    struct partial *partial = find(fragments, piece);
    if (partial != NULL && at_ns - partial->first_ns > FRAGMENT_AGE_NS) {
        give(fragments, partial, false, out);
        return true;
    }
    if (partial == NULL) {
        partial = begin(fragments, piece, at_ns);
    }
    if (partial == NULL) {
        if (fragments->oldest == NULL) {
            return false; /* no memory at all */
        }
        give(fragments, fragments->oldest, false, out);
        return true;
    }
    *is_added = true;
    partial->frame = frame;
    partial->at_ns = at_ns;
    if (!add(fragments, partial, piece)) {
        return false;
    }
    give(fragments, partial, true, out);
    return true;
}

bool fragments_drain(struct fragments *fragments, struct datagram *out)
{
    if (fragments->oldest == NULL) {
        return false;
    }
    give(fragments, fragments->oldest, false, out);
    return true;
}
