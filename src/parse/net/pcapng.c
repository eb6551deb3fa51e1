#include "parse/net/pcapng.h"

#include "base/moment.h"
#include "base/number.h"

#define BLOCK_SECTION 0x0a0d0d0aU
#define BLOCK_INTERFACE 1
#define BLOCK_PACKET 2
#define BLOCK_SIMPLE 3
#define BLOCK_ENHANCED 6

#define BYTE_ORDER_MAGIC 0x1a2b3c4dU
#define BLOCK_HEADER_SIZE 8
#define BLOCK_TRAILER_SIZE 4
#define PACKET_HEADER_SIZE 20
#define SIMPLE_HEADER_SIZE 4

#define OPTION_END 0
#define OPTION_TIME_RESOLUTION 9
#define OPTION_TIME_OFFSET 14
#define UNITS_USUAL 1000000U

#define ALL_DAMAGED "the rest of the capture is damaged"
#define CUT_SHORT "the capture ends in the middle of a packet"

struct block {
    uint32_t type;
    uint32_t size;
};

/* ---- where blocks begin ---- */

static bool has_section_magic(struct bytes view, bool *is_big_endian)
{
    struct cursor cursor = cursor_of(view);
    cursor_skip(&cursor, BLOCK_HEADER_SIZE);
    uint32_t magic = cursor_u32le(&cursor);
    *is_big_endian = magic == __builtin_bswap32(BYTE_ORDER_MAGIC);
    return cursor_status(&cursor) == STATUS_OK && (magic == BYTE_ORDER_MAGIC || *is_big_endian);
}

bool pcapng_matches(struct bytes start)
{
    struct cursor cursor = cursor_of(start);
    return cursor_u32le(&cursor) == BLOCK_SECTION && cursor_status(&cursor) == STATUS_OK;
}

/* A section's header is read in its own byte order, everything else in the section's. */
static struct frames in_order_of(const struct frames *frames, struct bytes view)
{
    struct frames order = *frames;
    bool is_big_endian;
    if (pcapng_matches(view) && has_section_magic(view, &is_big_endian)) {
        order.is_big_endian = is_big_endian;
    }
    return order;
}

static struct block read_block(const struct frames *frames, struct bytes view)
{
    struct frames order = in_order_of(frames, view);
    struct cursor cursor = cursor_of(view);
    struct block block = {.type = frames_u32(&order, &cursor)};
    block.size = frames_u32(&order, &cursor);
    return cursor_status(&cursor) == STATUS_OK ? block : (struct block){0};
}

static bool is_possible(const struct block *block)
{
    return block->size >= PCAPNG_BLOCK_SIZE_MIN && block->size % 4 == 0 &&
           block->size <= PCAPNG_BLOCK_SIZE_MAX;
}

/* Whether the size stands at the end of the block again, as far as the view reaches. */
static bool ends_as_said(const struct frames *frames, struct bytes view,
                         const struct block *block)
{
    struct frames order = in_order_of(frames, view);
    struct cursor cursor = cursor_of(view);
    cursor_skip(&cursor, block->size - BLOCK_TRAILER_SIZE);
    uint32_t again = frames_u32(&order, &cursor);
    return cursor_status(&cursor) != STATUS_OK || again == block->size;
}

/* For finding a block after damage: of a kind that captures are made of, and whole. */
static bool begins_block(const struct frames *frames, struct bytes view)
{
    struct block block = read_block(frames, view);
    bool is_known = block.type == BLOCK_SECTION ||
                    (block.type >= BLOCK_INTERFACE && block.type <= BLOCK_ENHANCED);
    return is_known && is_possible(&block) && block.size <= view.size &&
           ends_as_said(frames, view, &block);
}

/* `otherwise`: what is said where no block follows. */
static enum frames_step pass_damage(struct frames *frames, const char *otherwise)
{
    bool is_found = frames_search(frames, begins_block);
    return is_found
               ? frames_say(frames, FRAMES_DAMAGED, "a damaged packet record was passed over")
               : frames_say(frames, FRAMES_ENDED, otherwise);
}

/* ---- sections and interfaces ---- */

static bool begin_section(struct frames *frames, struct bytes view)
{
    bool is_big_endian;
    if (!has_section_magic(view, &is_big_endian)) {
        return false;
    }
    frames->is_big_endian = is_big_endian;
    frames->interface_count = 0;
    return true;
}

/* How many units a second has: a power of ten, or of two where the highest bit is set. */
static uint64_t units_of(uint8_t resolution)
{
    unsigned power = resolution & 0x7f;
    if ((resolution & 0x80) != 0) {
        return power < 64 ? UINT64_C(1) << power : 0;
    }
    uint64_t units = 1;
    for (unsigned i = 0; i < power; i++) {
        units = number_multiply(units, 10);
    }
    return units == UINT64_MAX ? 0 : units;
}

static void read_options(struct frames *frames, struct cursor *cursor,
                         struct frame_interface *interface)
{
    for (int i = 0; i < PCAPNG_OPTIONS_MAX && cursor_left(cursor) >= 4; i++) {
        uint16_t code = frames_u16(frames, cursor);
        uint16_t size = frames_u16(frames, cursor);
        if (code == OPTION_END) {
            return;
        }
        struct cursor value = cursor_part(cursor, size);
        if (code == OPTION_TIME_RESOLUTION && size == 1) {
            interface->units = units_of(cursor_u8(&value));
        } else if (code == OPTION_TIME_OFFSET && size == 8) {
            uint64_t offset =
                frames->is_big_endian ? cursor_u64be(&value) : cursor_u64le(&value);
            interface->offset_seconds = (int64_t)offset;
        }
        cursor_skip(cursor, (size_t)(-size & 3));
    }
}

/* `body` may lack its last options; false where the rest is not there. */
static bool add_interface(struct frames *frames, struct bytes body)
{
    struct cursor cursor = cursor_of(body);
    struct frame_interface interface = {.units = UNITS_USUAL};
    interface.link_type = frames_u16(frames, &cursor);
    cursor_skip(&cursor, 2);
    interface.snapshot_size = frames_u32(frames, &cursor);
    if (cursor_status(&cursor) != STATUS_OK) {
        return false;
    }
    read_options(frames, &cursor, &interface);
    if (frames->interface_count < FRAMES_INTERFACES_MAX) {
        frames->interfaces[frames->interface_count] = interface;
    }
    frames->interface_count++;
    return true;
}

/* ---- packets ---- */

/* False where the time cannot be held in nanoseconds since 1970. */
static bool time_of(const struct frame_interface *interface, uint64_t time, int64_t *out)
{
    uint64_t units = interface->units;
    if (units == 0) {
        return false;
    }
    uint64_t seconds = time / units;
    uint64_t fraction = time % units;
    int64_t limit = INT64_MAX / MOMENT_SECOND_NS - 1;
    if (seconds > (uint64_t)limit || interface->offset_seconds > limit ||
        interface->offset_seconds < -limit) {
        return false;
    }
    int64_t total = (int64_t)seconds + interface->offset_seconds;
    if (total < 0 || total > limit) {
        return false;
    }
    uint64_t each = units / (uint64_t)MOMENT_SECOND_NS;
    if (each > 0 && units % (uint64_t)MOMENT_SECOND_NS == 0) { /* finer, and even */
        *out = total * MOMENT_SECOND_NS + (int64_t)(fraction / each);
        return true;
    }
    while (units >> 34 != 0) { /* the product below must fit into 64 bits */
        units >>= 1;
        fraction >>= 1;
    }
    *out = total * MOMENT_SECOND_NS + (int64_t)(fraction * (uint64_t)MOMENT_SECOND_NS / units);
    return true;
}

static const struct frame_interface *find_interface(const struct frames *frames, uint32_t index)
{
    bool is_known = index < frames->interface_count && index < FRAMES_INTERFACES_MAX;
    return is_known ? &frames->interfaces[index] : NULL;
}

/* The header of an enhanced or old packet block. */
static void read_packet(const struct frames *frames, struct cursor *cursor, uint32_t type,
                        struct captured *out)
{
    uint32_t index =
        type == BLOCK_ENHANCED ? frames_u32(frames, cursor) : frames_u16(frames, cursor);
    if (type == BLOCK_PACKET) {
        cursor_skip(cursor, 2);
    }
    uint64_t time = (uint64_t)frames_u32(frames, cursor) << 32;
    time |= frames_u32(frames, cursor);
    out->size = frames_u32(frames, cursor);
    out->wire_size = frames_u32(frames, cursor);
    const struct frame_interface *interface = find_interface(frames, index);
    out->has_link = interface != NULL;
    if (interface != NULL) {
        out->link_type = interface->link_type;
        out->has_time = time_of(interface, time, &out->at_ns);
    }
}

static void read_simple(const struct frames *frames, struct cursor *cursor, uint32_t room,
                        struct captured *out)
{
    out->wire_size = frames_u32(frames, cursor);
    out->size = (uint32_t)number_least(out->wire_size, room);
    const struct frame_interface *interface = find_interface(frames, 0);
    out->has_link = interface != NULL;
    if (interface != NULL) {
        out->link_type = interface->link_type;
        if (interface->snapshot_size != 0) {
            out->size = (uint32_t)number_least(out->size, interface->snapshot_size);
        }
    }
}

/* Takes the block's header; the frame is what comes next.  False where it does not fit into
 * its block. */
static bool open_packet(struct frames *frames, const struct block *block, struct captured *out)
{
    bool is_simple = block->type == BLOCK_SIMPLE;
    uint32_t header_size = is_simple ? SIMPLE_HEADER_SIZE : PACKET_HEADER_SIZE;
    uint32_t around = BLOCK_HEADER_SIZE + header_size + BLOCK_TRAILER_SIZE;
    if (block->size < around) {
        return false;
    }
    uint32_t room = block->size - around;
    struct cursor cursor =
        cursor_of(stream_peek(frames->stream, BLOCK_HEADER_SIZE + header_size));
    cursor_skip(&cursor, BLOCK_HEADER_SIZE);
    struct captured captured = {0};
    if (is_simple) {
        read_simple(frames, &cursor, room, &captured);
    } else {
        read_packet(frames, &cursor, block->type, &captured);
    }
    if (cursor_status(&cursor) != STATUS_OK || captured.size > room ||
        captured.size > FRAMES_FRAME_SIZE_MAX ||
        room - captured.size > PCAPNG_OPTIONS_SIZE_MAX) {
        return false;
    }
    captured.wire_size =
        captured.wire_size > captured.size ? captured.wire_size : captured.size;
    stream_take(frames->stream, BLOCK_HEADER_SIZE + header_size);
    frames->left = captured.size;
    frames->padding = room - captured.size; /* and options */
    frames->block_size = block->size;
    size_t examined = number_least(captured.size, FRAMES_EXAMINED_SIZE_MAX);
    captured.bytes = bytes_part(stream_peek(frames->stream, examined), 0, examined);
    *out = captured;
    return true;
}

/* ---- blocks ---- */

static bool holds_packet(uint32_t type)
{
    return type == BLOCK_ENHANCED || type == BLOCK_SIMPLE || type == BLOCK_PACKET;
}

/* Passes what is left of the block the last frame stands in. */
static bool finish_packet(struct frames *frames)
{
    uint64_t left = frames->left + frames->padding;
    bool is_open = frames->block_size != 0;
    frames->left = 0;
    frames->padding = 0;
    frames->block_size = 0;
    return frames_pass(frames, left + (is_open ? BLOCK_TRAILER_SIZE : 0));
}

/* A block that is no packet, from its first byte; false where it is damaged. */
static bool take_block(struct frames *frames, struct bytes view, const struct block *block)
{
    if (block->type == BLOCK_SECTION) {
        return begin_section(frames, view);
    }
    if (block->type == BLOCK_INTERFACE) {
        struct bytes body = bytes_from(bytes_part(view, 0, block->size - BLOCK_TRAILER_SIZE),
                                       BLOCK_HEADER_SIZE);
        return add_interface(frames, body);
    }
    return true;
}

/* Passes the block that was taken; its end was not in view where it is larger than a window. */
static enum frames_step pass_block(struct frames *frames, const struct block *block)
{
    if (!frames_pass(frames, block->size - BLOCK_TRAILER_SIZE)) {
        return frames_say(frames, FRAMES_ENDED, "the capture ends in the middle of a block");
    }
    struct cursor end = cursor_of(stream_peek(frames->stream, BLOCK_TRAILER_SIZE));
    if (frames_u32(frames, &end) != block->size || cursor_status(&end) != STATUS_OK) {
        return pass_damage(frames, ALL_DAMAGED);
    }
    stream_take(frames->stream, BLOCK_TRAILER_SIZE);
    return FRAMES_GIVEN;
}

/* One block; `*is_packet` says whether a frame was given. */
static enum frames_step next_block(struct frames *frames, struct captured *out, bool *is_packet)
{
    struct bytes view = stream_peek(frames->stream, PCAPNG_START_SIZE);
    if (view.size < BLOCK_HEADER_SIZE) {
        return frames_say(frames, FRAMES_ENDED, view.size == 0 ? NULL : CUT_SHORT);
    }
    struct block block = read_block(frames, view);
    if (!is_possible(&block)) {
        return pass_damage(frames, ALL_DAMAGED);
    }
    view =
        stream_peek(frames->stream, number_least(block.size, frames->stream->window_capacity));
    *is_packet = holds_packet(block.type);
    bool is_taken =
        ends_as_said(frames, view, &block) &&
        (*is_packet ? open_packet(frames, &block, out) : take_block(frames, view, &block));
    if (!is_taken) {
        bool is_cut = view.size < number_least(block.size, frames->stream->window_capacity);
        return pass_damage(frames, is_cut ? CUT_SHORT : ALL_DAMAGED);
    }
    return *is_packet ? FRAMES_GIVEN : pass_block(frames, &block);
}

static enum frames_step next(struct frames *frames, struct captured *out)
{
    if (!finish_packet(frames)) {
        return frames_say(frames, FRAMES_ENDED, CUT_SHORT);
    }
    for (;;) {
        bool is_packet = false;
        enum frames_step step = next_block(frames, out, &is_packet);
        if (step != FRAMES_GIVEN || is_packet) {
            return step;
        }
    }
}

enum status pcapng_open(struct frames *frames)
{
    struct bytes view = stream_peek(frames->stream, PCAPNG_START_SIZE);
    bool is_big_endian;
    if (!has_section_magic(view, &is_big_endian)) {
        return view.size < PCAPNG_START_SIZE ? STATUS_TRUNCATED : STATUS_MALFORMED;
    }
    frames->next = next;
    return STATUS_OK;
}
