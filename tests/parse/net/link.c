#include "parse/net/link.h"

#include "check.h"
#include "make/capture.h"

static struct link_frame frame;

static enum status read_frame(uint32_t link_type, struct bytes captured)
{
    frame = (struct link_frame){0};
    return link_read(link_type, captured, captured.size, &frame);
}

static void each_link_layer_is_taken_off(void **state)
{
    (void)state;
    static const struct {
        uint32_t type;
        struct bytes captured;
        enum link_holds holds;
    } cases[] = {
        {LINK_ETHERNET, BYTES_LITERAL("\1\2\3\4\5\6\1\2\3\4\5\6\x08\0Ip"), LINK_HOLDS_IPV4},
        {LINK_ETHERNET, BYTES_LITERAL("\1\2\3\4\5\6\1\2\3\4\5\6\x86\xddIp"), LINK_HOLDS_IPV6},
        {LINK_ETHERNET, BYTES_LITERAL("\1\2\3\4\5\6\1\2\3\4\5\6\x08\6Ip"), LINK_HOLDS_OTHER},
        {LINK_COOKED, BYTES_LITERAL("\0\0\0\1\0\6\1\2\3\4\5\6\0\0\x08\0Ip"), LINK_HOLDS_IPV4},
        {LINK_COOKED2, BYTES_LITERAL("\x86\xdd\0\0\0\0\0\2\0\1\0\6\1\2\3\4\5\6\0\0Ip"),
         LINK_HOLDS_IPV6},
        {LINK_ETHERNET, BYTES_LITERAL("\1\2\3\4\5\6\1\2\3\4\5\6\x88\x64\x11\0\0\1\0\3\x21Ip"),
         LINK_HOLDS_IPV4},
        {LINK_HDLC, BYTES_LITERAL("\x0f\0\x08\0Ip"), LINK_HOLDS_IPV4},
        {LINK_ETHERNET, BYTES_LITERAL("\1\2\3\4\5\6\1\2\3\4\5\6\x88\x64\x11\0\0\1\0\4\0\x21Ip"),
         LINK_HOLDS_IPV4},
        {LINK_ETHERNET, BYTES_LITERAL("\1\2\3\4\5\6\1\2\3\4\5\6\x88\x64\x11\0\0\1\0\4\0\x57Ip"),
         LINK_HOLDS_IPV6},
        {LINK_ETHERNET,
         BYTES_LITERAL("\1\2\3\4\5\6\1\2\3\4\5\6\x88\x64\x11\0\0\1\0\4\xc0\x21Ip"),
         LINK_HOLDS_OTHER},
        {LINK_NULL, BYTES_LITERAL("\2\0\0\0Ip"), LINK_HOLDS_IPV4},
        {LINK_NULL, BYTES_LITERAL("\0\0\0\2Ip"), LINK_HOLDS_IPV4},
        {LINK_LOOP, BYTES_LITERAL("\0\0\0\x1eIp"), LINK_HOLDS_IPV6},
        {LINK_NULL, BYTES_LITERAL("\x1c\0\0\0Ip"), LINK_HOLDS_IPV6},
        {LINK_NULL, BYTES_LITERAL("\x18\0\0\0Ip"), LINK_HOLDS_IPV6},
        {LINK_NULL, BYTES_LITERAL("\x0a\0\0\0Ip"), LINK_HOLDS_IPV6},
        {LINK_NULL, BYTES_LITERAL("\x63\0\0\0Ip"), LINK_HOLDS_OTHER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ok(read_frame(cases[i].type, cases[i].captured));
        assert_int_equal(frame.holds, cases[i].holds);
        assert_bytes(frame.network, "Ip");
        assert_int_equal(frame.wire_size, 2);
    }
    static const uint32_t raw[] = {LINK_RAW, LINK_RAW_BSD, LINK_RAW_OPENBSD, LINK_IPV4,
                                   LINK_IPV6};
    for (size_t i = 0; i < sizeof raw / sizeof *raw; i++) {
        assert_ok(read_frame(raw[i], bytes_of_text("E")));
        assert_int_equal(frame.holds, LINK_HOLDS_IPV4);
        assert_ok(read_frame(raw[i], bytes_of_text("`")));
        assert_int_equal(frame.holds, LINK_HOLDS_IPV6);
        assert_ok(read_frame(raw[i], bytes_of_text("p")));
        assert_int_equal(frame.holds, LINK_HOLDS_OTHER);
    }
}

static void tags_are_passed_up_to_a_limit(void **state)
{
    (void)state;
    for (unsigned count = 0; count <= LINK_TAGS_MAX + 1; count++) {
        AUTO(text_done) struct text bytes = text_of_limit(128);
        text_add_repeat(&bytes, "m", 12);
        for (unsigned i = 0; i < count; i++) {
            make_u16(&bytes, i % 2 == 0 ? 0x8100 : 0x88a8);
            make_u16(&bytes, i);
        }
        make_u16(&bytes, 0x0800);
        text_add(&bytes, "Ip");
        assert_ok(read_frame(LINK_ETHERNET, text_bytes(&bytes)));
        assert_int_equal(frame.holds,
                         count <= LINK_TAGS_MAX ? LINK_HOLDS_IPV4 : LINK_HOLDS_OTHER);
    }
}

static void a_frame_that_ends_in_its_header_is_said_to(void **state)
{
    (void)state;
    static const struct {
        uint32_t type;
        size_t size;
    } headers[] = {{LINK_ETHERNET, 14},
                   {LINK_COOKED, 16},
                   {LINK_COOKED2, 20},
                   {LINK_NULL, 4},
                   {LINK_HDLC, 4}};
    static const uint8_t zeros[32];
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        for (size_t size = 0; size <= headers[i].size; size++) {
            enum status status = read_frame(headers[i].type, (struct bytes){zeros, size});
            assert_int_equal(status, size < headers[i].size ? STATUS_TRUNCATED : STATUS_OK);
        }
    }
}

static void a_frame_is_as_long_as_it_was_when_sent(void **state)
{
    (void)state;
    struct bytes captured = BYTES_LITERAL("\1\2\3\4\5\6\1\2\3\4\5\6\x08\0Ip");
    assert_ok(link_read(LINK_ETHERNET, captured, 1514, &frame));
    assert_int_equal(frame.wire_size, 1500);
    /* One that claims less than there is is not believed. */
    assert_ok(link_read(LINK_ETHERNET, captured, 3, &frame));
    assert_int_equal(frame.wire_size, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_link_layer_is_taken_off),
        cmocka_unit_test(tags_are_passed_up_to_a_limit),
        cmocka_unit_test(a_frame_that_ends_in_its_header_is_said_to),
        cmocka_unit_test(a_frame_is_as_long_as_it_was_when_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
