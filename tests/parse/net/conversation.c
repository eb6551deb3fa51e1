#include "parse/net/conversation.h"

#include "check.h"

#include <string.h>

#include "base/arena.h"

#define ENDED_MAX (CONVERSATIONS_MAX + 10)

static struct arena *arena;
static struct conversations all;
static uint64_t ended[ENDED_MAX]; /* numbers, in the order they were given */
static size_t ended_count;
static struct conversation *last; /* of the packet taken last */
static unsigned last_side;

static enum status take_ended(void *context, struct conversation *conversation)
{
    (void)context;
    assert_true(ended_count < ENDED_MAX);
    ended[ended_count++] = conversation->number;
    return STATUS_OK;
}

static int open_table(void **state)
{
    (void)state;
    arena = arena_new(256U << 20);
    ended_count = 0;
    assert_ok(conversations_init(&all, arena, take_ended, NULL));
    return 0;
}

static int close_table(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* A packet from client `index` to the one server, or back. */
static struct packet packet_of(uint32_t index, enum flow_protocol protocol, bool is_answer)
{
    static const uint8_t numbers[] = {
        [FLOW_OTHER] = 47, [FLOW_TCP] = 6, [FLOW_UDP] = 17, [FLOW_ICMP] = 1};
    struct endpoint client = {.address_size = 4, .port = 40000};
    struct endpoint server = {.address = {198, 51, 100, 9}, .address_size = 4, .port = 443};
    client.address[0] = 10;
    client.address[1] = (uint8_t)(index >> 16);
    client.address[2] = (uint8_t)(index >> 8);
    client.address[3] = (uint8_t)index;
    return (struct packet){.source = is_answer ? server : client,
                           .destination = is_answer ? client : server,
                           .protocol = protocol,
                           .protocol_number = numbers[protocol],
                           .packet_count = 1,
                           .size = 40};
}

static void take(struct packet packet, int64_t at_ns)
{
    uint64_t fresh;
    packet.at_ns = at_ns;
    assert_ok(conversations_take(&all, &packet, &last, &last_side, &fresh));
}

static void say(uint32_t index, enum flow_protocol protocol, uint8_t flags, int64_t at_ns)
{
    struct packet packet = packet_of(index, protocol, false);
    packet.tcp_flags = flags;
    take(packet, at_ns);
}

static void both_directions_are_one_conversation(void **state)
{
    (void)state;
    say(1, FLOW_TCP, TCP_SYN, 0);
    const struct conversation *first = last;
    struct packet answer = packet_of(1, FLOW_TCP, true);
    answer.tcp_flags = TCP_SYN | TCP_ACK;
    take(answer, 1);
    assert_ptr_equal(last, first);
    assert_int_equal(all.count, 1);
    assert_int_equal(conversation_endpoint(last, last->client).port, 40000);
    assert_int_equal(conversation_endpoint(last, 1U - last->client).port, 443);
    assert_int_equal(conversation_protocol(last), FLOW_TCP);
    /* The same endpoints over another protocol are another one. */
    say(1, FLOW_UDP, 0, 2);
    assert_ptr_not_equal(last, first);
    assert_int_equal(last->number, 2);
}

static void silence_ends_what_has_no_end(void **state)
{
    (void)state;
    static const struct {
        enum flow_protocol protocol;
        uint8_t flags;
        int64_t limit;
    } cases[] = {
        {FLOW_UDP, 0, CONVERSATION_UDP_IDLE_NS},
        {FLOW_ICMP, 0, CONVERSATION_OTHER_IDLE_NS},
        {FLOW_OTHER, 0, CONVERSATION_OTHER_IDLE_NS},
        {FLOW_TCP, TCP_RST, CONVERSATION_LINGER_NS},
    };
    int64_t now = 0;
    for (uint32_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ended_count = 0;
        say(2 * i, cases[i].protocol, cases[i].flags, now);
        uint64_t number = last->number;
        /* Another's packet lets time pass; a connection may be silent for ever. */
        say(1000, FLOW_TCP, TCP_SYN, now + cases[i].limit);
        assert_int_equal(ended_count, 0);
        say(1000, FLOW_TCP, TCP_ACK, now + cases[i].limit + 1);
        assert_int_equal(ended_count, 1);
        assert_int_equal(ended[0], number);
        now += 1000 * MOMENT_SECOND_NS;
    }
    say(1001, FLOW_TCP, TCP_SYN, now + 100000 * MOMENT_SECOND_NS);
    assert_int_equal(all.count, 2);
}

/* What is closed gives way first, then what has no connection, then the longest silent. */
static void the_least_is_lost_where_the_table_is_full(void **state)
{
    (void)state;
    say(0, FLOW_TCP, TCP_SYN, 0);
    say(1, FLOW_UDP, 0, 1);
    say(2, FLOW_ICMP, 0, 2);
    say(3, FLOW_TCP, TCP_RST, 3);
    for (uint32_t i = 4; i < CONVERSATIONS_MAX; i++) {
        say(i, FLOW_TCP, TCP_SYN, i);
    }
    assert_int_equal(all.count, CONVERSATIONS_MAX);
    assert_int_equal(ended_count, 0);
    static const uint64_t order[] = {4, 3, 2, 1, 5};
    for (uint32_t i = 0; i < 5; i++) {
        say(CONVERSATIONS_MAX + i, FLOW_TCP, TCP_SYN, CONVERSATIONS_MAX);
        assert_int_equal(ended_count, i + 1);
        assert_int_equal(ended[i], order[i]);
    }
    assert_int_equal(all.count, CONVERSATIONS_MAX);
    assert_int_equal(all.evicted, 4); /* the closed one is given when it would be anyway */
}

static void all_that_is_left_is_given_in_order_without_more_memory(void **state)
{
    (void)state;
    struct packet packet = packet_of(0, FLOW_TCP, false);
    uint64_t fresh;
    struct arena *AUTO(arena_done) small = arena_new(CONVERSATIONS_MAX * 32);
    assert_ok(conversations_init(&all, small, take_ended, NULL));
    enum status status = STATUS_OK;
    uint32_t count = 0;
    while (status == STATUS_OK && count < 100000) {
        packet = packet_of(count, count % 3 == 0 ? FLOW_UDP : FLOW_TCP, false);
        status = conversations_take(&all, &packet, &last, &last_side, &fresh);
        count += ended_count == 0;
        if (ended_count > 0) {
            break; /* the memory is used up */
        }
    }
    size_t before = ended_count;
    uint64_t left = all.count;
    assert_true(left > 1000);
    assert_ok(conversations_finish(&all));
    assert_int_equal(ended_count, before + left);
    for (size_t i = before + 1; i < ended_count; i++) {
        assert_true(ended[i] > ended[i - 1]);
    }
    assert_int_equal(all.count, 0);
}

static void speak(uint32_t index, int64_t at_ns, uint32_t sequence)
{
    struct packet packet = packet_of(index, FLOW_TCP, false);
    packet.tcp_flags = TCP_ACK;
    packet.payload_size = 10;
    packet.sequence = sequence;
    take(packet, at_ns);
}

static void the_times_between_turns_are_a_sample_where_they_are_many(void **state)
{
    (void)state;
    uint32_t turns = 10 * CONVERSATION_TURNS_KEPT;
    for (uint32_t i = 0; i <= turns; i++) {
        speak(1, (int64_t)i * 5 * MOMENT_SECOND_NS, i * 10);
    }
    assert_int_equal(last->turn_count, turns + 1);
    assert_non_null(last->rhythm);
    assert_true(last->rhythm->count > CONVERSATION_TURNS_KEPT / 2 - 1);
    assert_true(last->rhythm->count <= CONVERSATION_TURNS_KEPT);
    for (uint32_t i = 0; i < last->rhythm->count; i++) {
        assert_int_equal(last->rhythm->intervals_ms[i], 5000);
    }
    /* What follows within a second is the same turn. */
    speak(1, (int64_t)turns * 5 * MOMENT_SECOND_NS + CONVERSATION_SILENCE_NS - 1,
          turns * 10 + 10);
    assert_int_equal(last->turn_count, turns + 1);
}

static void turns_are_counted_where_there_is_no_room_for_their_times(void **state)
{
    (void)state;
    for (uint32_t turn = 0; turn < 2; turn++) {
        for (uint32_t i = 0; i <= CONVERSATION_RHYTHMS_MAX; i++) {
            speak(i, (int64_t)turn * 60 * MOMENT_SECOND_NS, turn * 10);
        }
    }
    assert_int_equal(last->turn_count, 2);
    assert_null(last->rhythm);
    assert_int_equal(all.rhythms.count, CONVERSATION_RHYTHMS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(both_directions_are_one_conversation, open_table,
                                        close_table),
        cmocka_unit_test_setup_teardown(silence_ends_what_has_no_end, open_table, close_table),
        cmocka_unit_test_setup_teardown(the_least_is_lost_where_the_table_is_full, open_table,
                                        close_table),
        cmocka_unit_test_setup_teardown(all_that_is_left_is_given_in_order_without_more_memory,
                                        open_table, close_table),
        cmocka_unit_test_setup_teardown(
            the_times_between_turns_are_a_sample_where_they_are_many, open_table, close_table),
        cmocka_unit_test_setup_teardown(
            turns_are_counted_where_there_is_no_room_for_their_times, open_table, close_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
