#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/contact.h"
#include "detect/observe.h"

static const struct make_talk OUTSIDE = {.client = {10, 0, 0, 5},
                                         .server = {198, 51, 100, 9},
                                         .client_port = 40000,
                                         .server_port = 443,
                                         .client_sequence = 1,
                                         .server_sequence = 1};

/* `count` connections `interval` seconds apart, less or more by up to `jitter` percent. */
static void make_calls(struct make_capture *capture, struct make_talk talk, int count,
                       int interval, unsigned jitter, size_t server_size)
{
    make_open(capture, 1);
    uint32_t seed = 5;
    for (int i = 0; i < count; i++) {
        talk.client_port++;
        make_exchange(capture, talk, 120, server_size);
        int64_t percent =
            jitter == 0 ? 0 : (int64_t)(observe_random(&seed) % (2 * jitter + 1)) - jitter;
        capture->at_ns += interval * MAKE_SECOND_NS / 100 * (100 + percent);
    }
}

static void finds_regular_connections_to_an_address_outside(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_calls(&capture, OUTSIDE, 30, 60, 0, 80);
    assert_observes_one(&capture, "behaviour/call-home",
                        "behaviour/call-home low 0.56 T1095 address/victim=10.0.0.5 "
                        "address/controller=198.51.100.9 "
                        "service/controller=198.51.100.9:443/tcp contact_count:30 "
                        "interval_median:60006040000 duration:1740175160000 bytes:6000 @1 @30");
}

static void finds_them_where_the_time_is_varied_on_purpose(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_calls(&capture, OUTSIDE, 40, 60, 40, 80);
    assert_observes_one(&capture, "behaviour/call-home", "behaviour/call-home low");
}

static void finds_requests_in_one_connection_and_cites_them(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    make_connect(&capture, &talk);
    for (int i = 0; i < 20; i++) {
        make_say(&capture, &talk, true,
                 bytes_of_text("GET /gate HTTP/1.1\r\nHost: Cdn.example.test\r\n\r\n"));
        make_say(&capture, &talk, false,
                 bytes_of_text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        capture.at_ns += 30 * MAKE_SECOND_NS;
    }
    assert_observes_one(&capture, "behaviour/call-home",
                        "behaviour/call-home low 0.52 T1071.001 address/victim=10.0.0.5 "
                        "address/controller=198.51.100.9 "
                        "service/controller=198.51.100.9:443/tcp "
                        "name/controller=cdn.example.test contact_count:20");
}

static void finds_regular_exchanges_in_one_long_connection(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    make_connect(&capture, &talk);
    for (int i = 0; i < 40; i++) {
        make_say(&capture, &talk, true, bytes_of_text("?"));
        make_say(&capture, &talk, false, bytes_of_text("nothing"));
        capture.at_ns += 10 * MAKE_SECOND_NS;
    }
    assert_observes_one(&capture, "behaviour/call-home",
                        "behaviour/call-home low 0.60 T1095 address/victim=10.0.0.5 "
                        "address/controller=198.51.100.9 "
                        "service/controller=198.51.100.9:443/tcp contact_count:40 "
                        "interval_median:10000000000");
}

/* One question and one answer each time, from one port or from ever new ones. */
static void make_datagrams(struct make_capture *capture, uint16_t port, int count,
                           int64_t seconds, bool is_one_port)
{
    make_open(capture, 1);
    struct make_talk talk = OUTSIDE;
    talk.server_port = port;
    for (int i = 0; i < count; i++) {
        talk.client_port += !is_one_port;
        make_datagram(capture, &talk, true, bytes_of_text("?"));
        capture->at_ns += 30000000;
        make_datagram(capture, &talk, false, bytes_of_text("nothing"));
        capture->at_ns += seconds * MAKE_SECOND_NS;
    }
}

static void finds_regular_exchanges_without_a_connection(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        bool is_one_port;
    } rows[] = {{30, true}, {30, false}, {300, true}, {300, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct make_capture capture = {0};
        make_datagrams(&capture, 4500, 40, rows[i].seconds, rows[i].is_one_port);
        assert_observes_one(&capture, "behaviour/call-home",
                            "behaviour/call-home low 0.60 T1095 address/victim=10.0.0.5 "
                            "address/controller=198.51.100.9 "
                            "service/controller=198.51.100.9:4500/udp contact_count:40 ");
    }
}

/* Connections to services that nobody asks twice, refused at once or left without an answer. */
static void make_crowd(struct make_capture *capture, uint32_t *number, uint32_t count,
                       bool is_refused)
{
    for (uint32_t i = 0; i < count; i++, (*number)++) {
        struct make_talk talk = OUTSIDE;
        talk.server[0] = 11;
        talk.server[1] = (uint8_t)(*number >> 16);
        talk.server[2] = (uint8_t)(*number >> 8);
        talk.server[3] = (uint8_t)*number;
        make_segment(capture, &talk, true, 1, MAKE_SYN, BYTES_NONE);
        if (is_refused) {
            make_segment(capture, &talk, false, 1, MAKE_RST | MAKE_ACK, BYTES_NONE);
        }
    }
}

/* Refused ones are over between two calls, of which the first was given up then; the others
 * last longer than the calls, of which all were heard before. */
static void finds_them_among_more_services_than_are_held(void **state)
{
    (void)state;
    for (int is_refused = 0; is_refused < 2; is_refused++) {
        struct make_capture capture = {0};
        make_open(&capture, 1);
        struct make_talk talk = OUTSIDE;
        uint32_t number = 0;
        for (int i = 0; i < 12; i++) {
            talk.client_port++;
            make_exchange(&capture, talk, 120, 80);
            make_crowd(&capture, &number, CONTACTS_MAX + 100, is_refused);
            capture.at_ns += 60 * MAKE_SECOND_NS;
        }
        struct text AUTO(text_done) said = observe_lines(&capture, "behaviour/call-home");
        const char *expected = is_refused ? "198.51.100.9:443/tcp contact_count:11 "
                                          : "198.51.100.9:443/tcp contact_count:12 ";
        assert_non_null(strstr(text_terminated(&said), expected));
        assert_int_equal(bytes_count(text_bytes(&said), '\n'), 1);
    }
}

/* What comes back gives way to what comes back, and not to what is seen once. */
static void what_comes_back_is_known_from_flow_to_flow(void **state)
{
    (void)state;
    struct contacts contacts = {.remembers = true};
    struct arena *AUTO(arena_done) arena = arena_new(96U << 20);
    struct contact *contact = NULL;
    /* Each of more than are held comes twice, so that all but the last are back. */
    uint32_t count = CONTACTS_MAX + CONTACTS_BACK_MAX + 10;
    for (uint32_t i = 0; i < 2 * count; i++) {
        uint32_t number = i % count;
        struct flow flow = {.protocol = FLOW_TCP};
        flow.client.endpoint = (struct endpoint){.address = {10, 0, 0, 5}, .address_size = 4};
        flow.server.endpoint = (struct endpoint){
            .address = {11, 0, (uint8_t)(number / 200), (uint8_t)(1 + number % 200)},
            .address_size = 4,
            .port = 443};
        struct record record = {
            .kind = RECORD_FLOW, .at = moment_of_unix(1000 + i, 0), .flow = &flow};
        assert_ok(contacts_take(&contacts, arena, &record, NULL, &contact));
        assert_int_equal(contact->server.address[3], 1 + number % 200);
    }
    size_t held = 0;
    size_t back = 0;
    for (contact = contacts_first(&contacts); contact != NULL;
         contact = contacts_after(&contacts, contact)) {
        held++;
        back += contact->is_back;
    }
    assert_int_equal(back, CONTACTS_BACK_MAX);
    assert_int_equal(held, CONTACTS_MAX + CONTACTS_BACK_MAX);
}

static void does_not_call_chance_regular(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    uint32_t seed = 9;
    for (int i = 0; i < 60; i++) {
        talk.client_port++;
        make_exchange(&capture, talk, 120, 900);
        uint32_t random = observe_random(&seed) % 1000; /* few long pauses, many short */
        capture.at_ns += (int64_t)random * random * random / 1000 * 200000;
    }
    assert_observes(&capture, "behaviour/call-home", "");
}

static void is_less_sure_within_the_own_network(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    struct make_talk talk = OUTSIDE;
    talk.server[0] = 10;
    make_calls(&capture, talk, 30, 60, 0, 80);
    assert_observes_one(&capture, "behaviour/call-home",
                        "behaviour/call-home info 0.28 T1095 address/victim=10.0.0.5 "
                        "address/unknown=10.51.100.9");
}

static void does_not_blame_a_server_that_is_called_from_outside(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    struct make_talk talk = OUTSIDE;
    memcpy(talk.client, OUTSIDE.server, 4);
    memcpy(talk.server, OUTSIDE.client, 4);
    talk.server_port = 22;
    make_calls(&capture, talk, 30, 3, 0, 80);
    assert_observes(&capture, "behaviour/call-home", "");
}

static void leaves_streams_and_downloads_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_calls(&capture, OUTSIDE, 12, 6, 0, 200000);
    assert_observes(&capture, "behaviour/call-home", "");
}

static void leaves_clocks_and_resolvers_alone(void **state)
{
    (void)state;
    static const uint16_t ports[] = {53, 123};
    for (size_t i = 0; i < 2; i++) {
        struct make_capture capture = {0};
        make_open(&capture, 1);
        struct make_talk talk = OUTSIDE;
        talk.server_port = ports[i];
        for (int k = 0; k < 30; k++) {
            talk.client_port++;
            make_datagram(&capture, &talk, true, bytes_of_text("what time is it"));
            make_datagram(&capture, &talk, false, bytes_of_text("late"));
            capture.at_ns += 64 * MAKE_SECOND_NS;
        }
        assert_observes(&capture, "behaviour/call-home", "");
    }
}

static void leaves_a_session_kept_open_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    talk.server_port = 22;
    make_connect(&capture, &talk);
    for (int i = 0; i < 40; i++) {
        make_say(&capture, &talk, true, bytes_of_text("still here"));
        make_say(&capture, &talk, false, bytes_of_text("me too"));
        capture.at_ns += 60 * MAKE_SECOND_NS;
    }
    assert_observes(&capture, "behaviour/call-home", "");
}

static void leaves_announcements_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    memcpy(talk.server, (uint8_t[]){239, 255, 255, 250}, 4);
    talk.server_port = 9999;
    for (int k = 0; k < 30; k++) {
        talk.client_port++;
        make_datagram(&capture, &talk, true, bytes_of_text("anybody?"));
        capture.at_ns += 60 * MAKE_SECOND_NS;
    }
    assert_observes(&capture, "behaviour/call-home", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_regular_connections_to_an_address_outside),
        cmocka_unit_test(finds_them_where_the_time_is_varied_on_purpose),
        cmocka_unit_test(finds_requests_in_one_connection_and_cites_them),
        cmocka_unit_test(finds_regular_exchanges_in_one_long_connection),
        cmocka_unit_test(finds_regular_exchanges_without_a_connection),
        cmocka_unit_test(finds_them_among_more_services_than_are_held),
        cmocka_unit_test(what_comes_back_is_known_from_flow_to_flow),
        cmocka_unit_test(does_not_call_chance_regular),
        cmocka_unit_test(is_less_sure_within_the_own_network),
        cmocka_unit_test(does_not_blame_a_server_that_is_called_from_outside),
        cmocka_unit_test(leaves_streams_and_downloads_alone),
        cmocka_unit_test(leaves_clocks_and_resolvers_alone),
        cmocka_unit_test(leaves_a_session_kept_open_alone),
        cmocka_unit_test(leaves_announcements_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
