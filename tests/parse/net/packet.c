#include "parse/net/packet.h"

#include "check.h"
#include "make/talk.h"

static const uint8_t FROM[4] = {192, 0, 2, 1};
static const uint8_t TO[4] = {198, 51, 100, 2};

static struct link_frame frame_of(enum link_holds holds, const struct text *bytes)
{
    return (struct link_frame){
        .holds = holds, .network = text_bytes(bytes), .wire_size = bytes->size};
}

/* An IPv6 header; what it says follows is `size` bytes. */
static void make_ipv6(struct text *out, unsigned next, unsigned size)
{
    make_u32(out, 0x60000000);
    make_u16(out, size);
    text_add_byte(out, (char)next);
    text_add_byte(out, 64);
    text_add_raw(out, (struct bytes)BYTES_LITERAL("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"));
    text_add_raw(out, (struct bytes)BYTES_LITERAL("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2"));
}

static void the_smaller_of_two_lengths_is_believed(void **state)
{
    (void)state;
    AUTO(text_done) struct text bytes = text_of_limit(4096);
    struct internet internet;
    make_ipv4(&bytes, FROM, TO, 17, 7, 0, bytes_of_text("12345678abcd"));
    text_add(&bytes, "padding of the frame");
    struct link_frame frame = frame_of(LINK_HOLDS_IPV4, &bytes);
    assert_ok(internet_read(&frame, &internet));
    assert_int_equal(internet.size, 32);
    assert_bytes(internet.payload, "12345678abcd");
    assert_false(internet.is_longer_than_frame);
    bytes.data[2] = 0x7f; /* the header claims 32,544 bytes */
    assert_ok(internet_read(&frame, &internet));
    assert_true(internet.is_longer_than_frame);
    assert_int_equal(internet.size, bytes.size);
    bytes.data[2] = 0; /* and 0 where the card splits packets itself */
    bytes.data[3] = 0;
    assert_ok(internet_read(&frame, &internet));
    assert_false(internet.is_longer_than_frame);
    assert_int_equal(internet.size, bytes.size);
    frame.wire_size = UINT32_MAX; /* what no card was ever handed */
    assert_ok(internet_read(&frame, &internet));
    assert_int_equal(internet.size, PACKET_SIZE_MAX);
}

static void headers_that_contradict_themselves_are_refused(void **state)
{
    (void)state;
    AUTO(text_done) struct text bytes = text_of_limit(4096);
    struct internet internet;
    make_ipv4(&bytes, FROM, TO, 17, 7, 0, bytes_of_text("12345678"));
    struct link_frame frame = frame_of(LINK_HOLDS_IPV4, &bytes);
    bytes.data[0] = 0x44; /* shorter than a header is */
    assert_int_equal(internet_read(&frame, &internet), STATUS_MALFORMED);
    bytes.data[0] = 0x65; /* version 6 in a frame of version 4 */
    assert_int_equal(internet_read(&frame, &internet), STATUS_MALFORMED);
    bytes.data[0] = 0x4f; /* options that are not there */
    assert_int_equal(internet_read(&frame, &internet), STATUS_TRUNCATED);
    bytes.data[0] = 0x47; /* options longer than the packet says it is */
    bytes.data[3] = 24;
    assert_int_equal(internet_read(&frame, &internet), STATUS_MALFORMED);
    bytes.data[0] = 0x45;
    for (size_t size = 0; size < 20; size++) {
        struct link_frame part = frame;
        part.network = bytes_part(frame.network, 0, size);
        assert_int_equal(internet_read(&part, &internet), STATUS_TRUNCATED);
    }
}

static void extension_headers_are_passed_up_to_a_limit(void **state)
{
    (void)state;
    for (unsigned count = 0; count <= PACKET_EXTENSIONS_MAX + 1; count++) {
        AUTO(text_done) struct text bytes = text_of_limit(4096);
        make_ipv6(&bytes, count == 0 ? 17 : 60, count * 8 + 8);
        for (unsigned i = 0; i < count; i++) {
            text_add_byte(&bytes, i + 1 == count ? 17 : 60);
            text_add_raw(&bytes, (struct bytes)BYTES_LITERAL("\0\1\4\0\0\0\0"));
        }
        text_add(&bytes, "datagram");
        struct link_frame frame = frame_of(LINK_HOLDS_IPV6, &bytes);
        struct internet internet;
        assert_ok(internet_read(&frame, &internet));
        bool is_passed = count <= PACKET_EXTENSIONS_MAX;
        assert_int_equal(internet.protocol, is_passed ? 17 : 60);
        assert_int_equal(internet.source.address_size, 16);
        if (is_passed) {
            assert_bytes(internet.payload, "datagram");
        }
    }
}

static void an_extension_longer_than_the_packet_is_cut(void **state)
{
    (void)state;
    AUTO(text_done) struct text bytes = text_of_limit(4096);
    make_ipv6(&bytes, 0, 16);
    text_add_raw(&bytes, (struct bytes)BYTES_LITERAL("\x11\xff\0\0\0\0\0\0datagram"));
    struct link_frame frame = frame_of(LINK_HOLDS_IPV6, &bytes);
    struct internet internet;
    assert_int_equal(internet_read(&frame, &internet), STATUS_TRUNCATED);
}

/* RFC 6946. */
static void an_atomic_fragment_is_a_whole_packet(void **state)
{
    (void)state;
    AUTO(text_done) struct text bytes = text_of_limit(4096);
    make_ipv6(&bytes, 44, 16);
    text_add_raw(&bytes, (struct bytes)BYTES_LITERAL("\x11\0\0\0\0\0\0\7datagram"));
    struct link_frame frame = frame_of(LINK_HOLDS_IPV6, &bytes);
    struct internet internet;
    assert_ok(internet_read(&frame, &internet));
    assert_false(internet.is_fragment);
    assert_bytes(internet.payload, "datagram");
    bytes.data[43] = 1; /* more fragments follow */
    assert_ok(internet_read(&frame, &internet));
    assert_true(internet.is_fragment && internet.has_more_fragments);
    assert_int_equal(internet.identification, 7);
}

static void a_datagram_is_as_long_as_fits(void **state)
{
    (void)state;
    static const struct {
        const char *length;
        size_t payload;
    } cases[] = {{"\0\x0b", 3}, {"\0\0", 4}, {"\0\7", 4}, {"\xff\xff", 4}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done) struct text bytes = text_of_limit(64);
        text_add_raw(&bytes, (struct bytes)BYTES_LITERAL("\0\1\0\2"));
        text_add_raw(&bytes, (struct bytes){(const uint8_t *)cases[i].length, 2});
        text_add_raw(&bytes, (struct bytes)BYTES_LITERAL("\0\0abcd"));
        struct packet packet = {0};
        assert_true(transport_read(17, text_bytes(&bytes), bytes.size, &packet));
        assert_int_equal(packet.payload_size, cases[i].payload);
        assert_int_equal(packet.payload.size, cases[i].payload);
        assert_int_equal(packet.destination.port, 2);
    }
}

static void a_segment_whose_header_is_not_there_has_no_payload(void **state)
{
    (void)state;
    AUTO(text_done) struct text bytes = text_of_limit(64);
    make_u32(&bytes, 0x00500051);
    make_u32(&bytes, 9);
    make_u32(&bytes, 0);
    make_u32(&bytes, 0x60020000); /* a header of 24 bytes, SYN */
    make_u32(&bytes, 0);
    text_add(&bytes, "opt:payload");
    struct packet packet = {0};
    assert_true(transport_read(6, text_bytes(&bytes), bytes.size, &packet));
    assert_bytes(packet.payload, "payload");
    for (size_t size = 0; size < bytes.size; size++) {
        packet = (struct packet){0};
        bool is_read =
            transport_read(6, bytes_part(text_bytes(&bytes), 0, size), bytes.size, &packet);
        assert_int_equal(is_read, size >= 20);
        assert_true(packet.is_cut);
        assert_int_equal(packet.payload.size, size < 24 ? 0 : size - 24);
        assert_int_equal(packet.payload_size, is_read ? 7 : 0);
    }
    bytes.data[12] = 0x40; /* a header shorter than headers are */
    assert_false(transport_read(6, text_bytes(&bytes), bytes.size, &packet));
    bytes.data[12] = (char)0xf0; /* and one longer than the packet */
    assert_false(transport_read(6, text_bytes(&bytes), bytes.size, &packet));
}

static void what_is_not_understood_is_counted_all_the_same(void **state)
{
    (void)state;
    struct packet packet = {0};
    assert_true(transport_read(47, bytes_of_text("tunnel"), 6, &packet));
    assert_int_equal(packet.protocol, FLOW_OTHER);
    assert_int_equal(packet.payload_size, 0);
    assert_false(transport_read(58, bytes_of_text("short"), 5, &packet));
    assert_true(transport_read(1, bytes_of_text("12345678ping"), 12, &packet));
    assert_int_equal(packet.protocol, FLOW_ICMP);
    assert_int_equal(packet.payload_size, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_smaller_of_two_lengths_is_believed),
        cmocka_unit_test(headers_that_contradict_themselves_are_refused),
        cmocka_unit_test(extension_headers_are_passed_up_to_a_limit),
        cmocka_unit_test(an_extension_longer_than_the_packet_is_cut),
        cmocka_unit_test(an_atomic_fragment_is_a_whole_packet),
        cmocka_unit_test(a_datagram_is_as_long_as_fits),
        cmocka_unit_test(a_segment_whose_header_is_not_there_has_no_payload),
        cmocka_unit_test(what_is_not_understood_is_counted_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
