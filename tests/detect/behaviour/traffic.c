#include "detect/behaviour/behaviour.h"

#include "detect/observe.h"

static const struct make_talk WEB = {.client = {10, 0, 0, 5},
                                     .server = {198, 51, 100, 9},
                                     .client_port = 40000,
                                     .server_port = 443,
                                     .client_sequence = 1,
                                     .server_sequence = 1};

static void observes_who_spoke_with_which_service(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = WEB;
    for (int i = 0; i < 3; i++) {
        talk.client_port++;
        make_exchange(&capture, talk, 100, 1000);
        capture.at_ns += MAKE_SECOND_NS;
    }
    talk.server_port = 25; /* nobody answers */
    make_segment(&capture, &talk, true, 1, MAKE_SYN, BYTES_NONE);
    assert_observes(&capture, "traffic ",
                    "traffic x3 address/actor=10.0.0.5 address/unknown=198.51.100.9 "
                    "service/unknown=198.51.100.9:443/tcp client_payload:300 "
                    "server_payload:3000 established_count:3 @1 @3\n"
                    "traffic x1 address/actor=10.0.0.5 address/unknown=198.51.100.9 "
                    "service/unknown=198.51.100.9:25/tcp @4\n");
}

static void gives_a_service_before_it_gives_way_to_others(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = WEB;
    for (uint16_t i = 0; i < 5000; i++) { /* a scan */
        talk.server_port = (uint16_t)(1 + i);
        make_segment(&capture, &talk, true, 1, MAKE_SYN, BYTES_NONE);
    }
    struct text AUTO(text_done) said = observe_lines(&capture, "traffic ");
    assert_int_equal(bytes_count(text_bytes(&said), '\n'), 5000);
}

static void shows_nothing_of_a_service_that_gave_way(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = WEB;
    for (uint16_t i = 0; i < 4000; i++) { /* each fills all there is of a contact */
        talk.server_port = (uint16_t)(1000 + i);
        make_connect(&capture, &talk);
        make_say(&capture, &talk, true,
                 bytes_of_text("GET / HTTP/1.1\r\nHost: files.test\r\n\r\n"));
        make_say(&capture, &talk, false,
                 bytes_of_text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    }
    talk = WEB;
    talk.server[0] = 203;
    for (uint16_t i = 0; i < 4200; i++) {
        talk.server_port = (uint16_t)(1000 + i);
        make_segment(&capture, &talk, true, 1, MAKE_SYN, BYTES_NONE);
    }
    struct text AUTO(text_done) said = observe_lines(&capture, "traffic ");
    size_t lines = 0;
    struct bytes rest = text_bytes(&said);
    struct bytes line;
    while (bytes_split(&rest, '\n', &line)) {
        if (bytes_contains(line, "=203.51.100.9:")) {
            lines++;
            assert_true(bytes_starts(line, "traffic x1 "));
            assert_false(bytes_contains(line, "files.test"));
            assert_false(bytes_contains(line, "payload:"));
            assert_int_equal(bytes_count(line, '@'), 1); /* the flow, and it is both ends */
        }
    }
    assert_int_equal(lines, 4200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(observes_who_spoke_with_which_service),
        cmocka_unit_test(gives_a_service_before_it_gives_way_to_others),
        cmocka_unit_test(shows_nothing_of_a_service_that_gave_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
