#include "detect/behaviour/behaviour.h"

#include "detect/observe.h"

static const struct make_talk OUTSIDE = {.client = {10, 0, 0, 5},
                                         .server = {198, 51, 100, 9},
                                         .client_port = 40000,
                                         .server_port = 9999,
                                         .client_sequence = 1,
                                         .server_sequence = 1};

static void finds_much_that_was_sent_in_one_connection(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    make_exchange(&capture, OUTSIDE, 400000, 200);
    assert_observes_one(&capture, "behaviour/upload",
                        "behaviour/upload low 0.50 T1048.003 address/victim=10.0.0.5 "
                        "address/controller=198.51.100.9 "
                        "service/controller=198.51.100.9:9999/tcp client_payload:400000 "
                        "server_payload:200 flow_count:1 @1");
}

static void finds_what_was_sent_in_many_small_connections(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    for (uint16_t i = 0; i < 20; i++) {
        talk.client_port++;
        talk.server_port = (uint16_t)(9000 + i % 4);
        make_exchange(&capture, talk, 20000, 100);
    }
    assert_observes_one(&capture, "behaviour/upload",
                        "behaviour/upload low 0.50 T1048.003 address/victim=10.0.0.5 "
                        "address/controller=198.51.100.9 "
                        "service/controller=198.51.100.9:9003/tcp client_payload:400000 "
                        "server_payload:2000 flow_count:20");
}

static void finds_one_upload_among_downloads_from_the_same_address(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    make_exchange(&capture, talk, 400000, 200);
    talk.client_port++;
    make_exchange(&capture, talk, 200, 900000);
    assert_observes_one(&capture, "behaviour/upload", "behaviour/upload low");
}

static void tells_the_one_connection_in_which_nearly_all_left(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    for (uint16_t i = 0; i < 30; i++) {
        talk.client_port++;
        make_exchange(&capture, talk, 200, 100);
    }
    talk.client_port++;
    make_exchange(&capture, talk, 400000, 200);
    assert_observes_one(&capture, "behaviour/upload",
                        "behaviour/upload low 0.50 T1048.003 address/victim=10.0.0.5 "
                        "address/controller=198.51.100.9 "
                        "service/controller=198.51.100.9:9999/tcp client_payload:400000 "
                        "server_payload:200 flow_count:1 @31");
}

static void names_the_request_that_carried_it(void **state)
{
    (void)state;
    static const uint8_t noise[400000];
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    make_connect(&capture, &talk);
    make_say(&capture, &talk, true,
             bytes_of_text("PUT /in/a.tgz HTTP/1.1\r\nHost: files.example.test:9999\r\n"
                           "Content-Length: 400000\r\n\r\n"));
    make_say(&capture, &talk, true, (struct bytes){noise, sizeof noise});
    make_say(&capture, &talk, false,
             bytes_of_text("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"));
    assert_observes_one(&capture, "behaviour/upload",
                        "behaviour/upload low 0.40 T1048.003 address/victim=10.0.0.5 "
                        "address/controller=198.51.100.9 "
                        "service/controller=198.51.100.9:9999/tcp "
                        "name/controller=files.example.test client_payload:400081 "
                        "server_payload:43 flow_count:1 method:PUT url:/in/a.tgz @1 @4");
}

static void calls_an_encrypted_one_so(void **state)
{
    (void)state;
    static const uint8_t noise[400000];
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    struct text hello = text_of_limit(1024);
    make_hello(&hello, "drop.example.test", 0);
    make_connect(&capture, &talk);
    make_say(&capture, &talk, true, text_bytes(&hello));
    make_say(&capture, &talk, false, bytes_of_text("hello"));
    make_say(&capture, &talk, true, (struct bytes){noise, sizeof noise});
    text_done(&hello);
    assert_observes_one(&capture, "behaviour/upload", "behaviour/upload low 0.30 T1048.002");
}

static void leaves_what_stays_within_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    talk.server[0] = 10;
    make_exchange(&capture, talk, 900000, 200);
    assert_observes(&capture, "behaviour/upload", "");
}

static void leaves_what_others_fetch_from_a_server_of_ours_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    memcpy(talk.client, OUTSIDE.server, 4);
    memcpy(talk.server, OUTSIDE.client, 4);
    make_exchange(&capture, talk, 200, 900000); /* fetched */
    talk.client_port++;
    make_exchange(&capture, talk, 900000, 200); /* brought */
    assert_observes(&capture, "behaviour/upload", "");
}

static void knows_a_server_of_ours_by_what_all_flows_share(void **state)
{
    (void)state;
    for (int is_ours = 0; is_ours < 2; is_ours++) {
        struct make_capture capture = {0};
        make_open(&capture, 1);
        struct make_talk talk = OUTSIDE;
        memcpy(talk.client, (uint8_t[]){203, 0, 113, 77}, 4);
        make_exchange(&capture, talk, 900000, 200);
        for (uint8_t i = 1; i < 12; i++) { /* others speak with one of the two */
            memcpy(talk.client,
                   is_ours ? (uint8_t[]){192, i, 2, 5} : (uint8_t[]){203, 0, 113, 77}, 4);
            memcpy(talk.server,
                   is_ours ? (uint8_t[]){198, 51, 100, 9} : (uint8_t[]){192, i, 2, 5}, 4);
            make_exchange(&capture, talk, 200, 900);
        }
        struct text AUTO(text_done) said = observe_lines(&capture, "behaviour/upload");
        assert_int_equal(said.size > 0, !is_ours);
    }
}

static void leaves_a_client_alone_that_sends_as_much_to_others(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    for (uint8_t i = 0; i < 6; i++) {
        talk.server[3] = (uint8_t)(10 + i);
        make_exchange(&capture, talk, 300000, 200);
    }
    assert_observes(&capture, "behaviour/upload", "");
}

static void leaves_small_and_balanced_traffic_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    make_exchange(&capture, talk, 200000, 200);
    talk.server[3]++;
    make_exchange(&capture, talk, 300000, 50000);
    assert_observes(&capture, "behaviour/upload", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_much_that_was_sent_in_one_connection),
        cmocka_unit_test(finds_what_was_sent_in_many_small_connections),
        cmocka_unit_test(finds_one_upload_among_downloads_from_the_same_address),
        cmocka_unit_test(tells_the_one_connection_in_which_nearly_all_left),
        cmocka_unit_test(names_the_request_that_carried_it),
        cmocka_unit_test(calls_an_encrypted_one_so),
        cmocka_unit_test(leaves_what_stays_within_alone),
        cmocka_unit_test(leaves_what_others_fetch_from_a_server_of_ours_alone),
        cmocka_unit_test(knows_a_server_of_ours_by_what_all_flows_share),
        cmocka_unit_test(leaves_a_client_alone_that_sends_as_much_to_others),
        cmocka_unit_test(leaves_small_and_balanced_traffic_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
