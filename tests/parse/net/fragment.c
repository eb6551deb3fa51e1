#include "parse/net/fragment.h"

#include "check.h"

#include <string.h>

#define HEADER_SIZE 20
#define PAYLOAD_SIZE 2000

static struct arena *arena;
static struct fragments fragments;
static struct datagram datagram;
static uint8_t payload[FRAGMENT_PACKET_SIZE_MAX + 1];

static int open_fragments(void **state)
{
    (void)state;
    arena = arena_new(32U << 20);
    fragments_init(&fragments, arena);
    for (size_t i = 0; i < sizeof payload; i++) {
        payload[i] = (uint8_t)(i * 7 + (i >> 8));
    }
    return 0;
}

static int close_fragments(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* A fragment of packet `id`: the payload from `offset`; more follow where `has_more`. */
static struct internet piece_of(uint32_t id, uint32_t offset, uint32_t size, bool has_more)
{
    return (struct internet){
        .identification = id,
        .protocol = 17,
        .is_fragment = true,
        .has_more_fragments = has_more,
        .fragment_offset = offset,
        .payload = bytes_part((struct bytes){payload, sizeof payload}, offset, size),
        .payload_size = size,
        .size = size + HEADER_SIZE};
}

/* Whether a packet came out; the fragment must have been taken. */
static bool add(const struct internet *piece, int64_t at_ns)
{
    bool is_added = false;
    bool is_given = fragments_add(&fragments, piece, 1, at_ns, &datagram, &is_added);
    assert_true(is_added);
    return is_given;
}

static void check_payload(size_t size)
{
    assert_int_equal(datagram.internet.payload.size, size);
    assert_memory_equal(datagram.internet.payload.data, payload, size);
}

static void a_packet_is_whole_in_any_order_of_its_parts(void **state)
{
    (void)state;
    static const uint32_t orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                          {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (uint32_t i = 0; i < 6; i++) {
        for (size_t k = 0; k < 3; k++) {
            uint32_t at = orders[i][k] * 800;
            bool is_last = at == 1600;
            struct internet piece =
                piece_of(i, at, is_last ? PAYLOAD_SIZE - at : 800, !is_last);
            assert_int_equal(add(&piece, 0), k == 2);
        }
        assert_true(datagram.is_whole);
        assert_int_equal(datagram.packet_count, 3);
        assert_int_equal(datagram.internet.payload_size, PAYLOAD_SIZE);
        assert_int_equal(datagram.internet.size, PAYLOAD_SIZE + 3 * HEADER_SIZE);
        check_payload(PAYLOAD_SIZE);
    }
    assert_int_equal(fragments.count, 0);
    assert_int_equal(fragments.overlaps, 0);
}

static void what_comes_twice_is_kept_as_it_came_first(void **state)
{
    (void)state;
    uint8_t other[800];
    memset(other, 'x', sizeof other);
    struct internet first = piece_of(1, 0, 800, true);
    struct internet again = first;
    again.payload = (struct bytes){other, sizeof other};
    struct internet last = piece_of(1, 800, 100, false);
    assert_false(add(&first, 0));
    assert_false(add(&again, 0));
    assert_true(add(&last, 0));
    assert_int_equal(fragments.overlaps, 1);
    check_payload(900);
}

/* The second end would leave part of a block unwritten, and what was there of another packet
 * would be taken for what was said. */
static void a_packet_has_one_end(void **state)
{
    (void)state;
    uint8_t secret[16];
    memset(secret, 's', sizeof secret);
    struct internet before = piece_of(1, 0, 16, true);
    before.payload = (struct bytes){secret, sizeof secret};
    assert_false(add(&before, 0));
    assert_true(fragments_drain(&fragments, &datagram));
    struct internet end = piece_of(2, 16, 16, false);
    struct internet lie = piece_of(2, 0, 1, false);
    assert_false(add(&end, 0));
    assert_false(add(&lie, 0));
    assert_true(fragments_drain(&fragments, &datagram));
    assert_false(datagram.is_whole);
    assert_int_equal(datagram.internet.payload.size, 0);
}

static void a_part_that_never_came_was_never_sent(void **state)
{
    (void)state;
    struct internet far = piece_of(1, 64000, 80, true);
    assert_false(add(&far, 0));
    assert_true(fragments_drain(&fragments, &datagram));
    assert_false(datagram.is_whole);
    assert_int_equal(datagram.internet.payload_size, 80);
    assert_int_equal(datagram.internet.payload.size, 0);
    assert_false(fragments_drain(&fragments, &datagram));
}

static void the_oldest_gives_way_to_a_new_one(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < FRAGMENT_PACKETS_MAX; i++) {
        struct internet piece = piece_of(i, 0, 80, true);
        assert_false(add(&piece, 0));
    }
    assert_int_equal(fragments.count, FRAGMENT_PACKETS_MAX);
    struct internet piece = piece_of(1000, 0, 80, true);
    bool is_added = true;
    assert_true(fragments_add(&fragments, &piece, 1, 0, &datagram, &is_added));
    assert_false(is_added);
    assert_int_equal(datagram.internet.identification, 0);
    assert_false(datagram.is_whole);
    check_payload(80);
    assert_false(add(&piece, 0));
    assert_int_equal(fragments.count, FRAGMENT_PACKETS_MAX);
}

static void a_fragment_past_the_largest_packet_is_counted_and_left_out(void **state)
{
    (void)state;
    struct internet piece = piece_of(1, 65528, 8, false);
    assert_false(add(&piece, 0));
    assert_int_equal(fragments.too_long, 1);
    struct internet largest = piece_of(2, 0, 65528, true);
    struct internet end = piece_of(2, 65528, 7, false);
    assert_false(add(&largest, 0));
    assert_true(add(&end, 0));
    assert_int_equal(datagram.internet.payload_size, FRAGMENT_PACKET_SIZE_MAX);
    check_payload(FRAGMENT_PACKET_SIZE_MAX);
    assert_int_equal(fragments.too_long, 1);
}

static void a_number_used_again_is_another_packet(void **state)
{
    (void)state;
    struct internet old = piece_of(1, 0, 800, true);
    struct internet late = piece_of(1, 800, 100, false);
    assert_false(add(&old, 0));
    bool is_added = true;
    assert_true(fragments_add(&fragments, &late, 2, FRAGMENT_AGE_NS + 1, &datagram, &is_added));
    assert_false(is_added);
    assert_false(datagram.is_whole);
    check_payload(800);
    assert_false(add(&late, FRAGMENT_AGE_NS + 1));
    assert_int_equal(fragments.count, 1);
}

/* What the capture kept of a fragment ends in the middle of a block. */
static void a_fragment_captured_in_part_leaves_a_hole(void **state)
{
    (void)state;
    struct internet first = piece_of(1, 0, 800, true);
    first.payload = bytes_part(first.payload, 0, 99);
    struct internet last = piece_of(1, 800, 100, false);
    assert_false(add(&first, 0));
    assert_false(add(&last, 0));
    assert_true(fragments_drain(&fragments, &datagram));
    assert_false(datagram.is_whole);
    assert_int_equal(datagram.internet.payload_size, 900);
    check_payload(96);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_packet_is_whole_in_any_order_of_its_parts,
                                        open_fragments, close_fragments),
        cmocka_unit_test_setup_teardown(what_comes_twice_is_kept_as_it_came_first,
                                        open_fragments, close_fragments),
        cmocka_unit_test_setup_teardown(a_packet_has_one_end, open_fragments, close_fragments),
        cmocka_unit_test_setup_teardown(a_part_that_never_came_was_never_sent, open_fragments,
                                        close_fragments),
        cmocka_unit_test_setup_teardown(the_oldest_gives_way_to_a_new_one, open_fragments,
                                        close_fragments),
        cmocka_unit_test_setup_teardown(
            a_fragment_past_the_largest_packet_is_counted_and_left_out, open_fragments,
            close_fragments),
        cmocka_unit_test_setup_teardown(a_number_used_again_is_another_packet, open_fragments,
                                        close_fragments),
        cmocka_unit_test_setup_teardown(a_fragment_captured_in_part_leaves_a_hole,
                                        open_fragments, close_fragments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
