#include "detect/behaviour/behaviour.h"

#include "detect/observe.h"

#define RULE "behaviour/call-home"

static void ask(struct make_capture *capture, struct make_talk *talk, const char *request)
{
    make_say(capture, talk, true, bytes_of_text(request));
    make_say(capture, talk, false,
             bytes_of_text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
}

/* The page each minute, in one long connection, and in between pages at no fixed time. */
static void make_requests(struct make_capture *capture, const uint8_t server[4], uint16_t port,
                          const char *page, const char *const *others, size_t other_count)
{
    struct make_talk talk = {.client = {10, 0, 0, 5},
                             .client_port = 40000,
                             .server_port = port,
                             .client_sequence = 1,
                             .server_sequence = 1};
    memcpy(talk.server, server, 4);
    make_open(capture, 1);
    make_connect(capture, &talk);
    uint32_t seed = 7;
    for (unsigned i = 0; i < 40; i++) {
        ask(capture, &talk, page);
        int64_t left = 60;
        for (unsigned k = 0; k < other_count * 2 && left > 20; k++) {
            int64_t wait = 1 + observe_random(&seed) % 17;
            capture->at_ns += wait * MAKE_SECOND_NS;
            left -= wait;
            ask(capture, &talk, others[observe_random(&seed) % other_count]);
        }
        capture->at_ns += left * MAKE_SECOND_NS;
    }
}

static const uint8_t OUTSIDE[4] = {198, 51, 100, 9};
static const uint8_t INSIDE[4] = {10, 0, 0, 1};
static const char GATE[] = "GET /gate?n=1 HTTP/1.1\r\nHost: gate.example.test\r\n\r\n";
static const char *const OTHERS[] = {"GET /news HTTP/1.1\r\nHost: www.example.test\r\n\r\n",
                                     "GET /sport HTTP/1.1\r\nHost: www.example.test\r\n\r\n"};

static void finds_a_regular_page_among_others(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_requests(&capture, OUTSIDE, 80, GATE, OTHERS, 2);
    assert_observes_one(&capture, RULE,
                        RULE
                        " low 0.35 T1071.001 address/victim=10.0.0.5 "
                        "address/controller=198.51.100.9 name/controller=gate.example.test "
                        "contact_count:40 ");
}

static void finds_it_behind_a_proxy_of_the_own_network(void **state)
{
    (void)state;
    static const char gate[] = "GET http://gate.example.test/in?n=1 HTTP/1.1\r\n"
                               "Host: gate.example.test\r\n\r\n";
    static const char *const others[] = {
        "GET http://www.example.test/news HTTP/1.1\r\nHost: www.example.test\r\n\r\n",
        "GET http://www.example.test/sport HTTP/1.1\r\nHost: www.example.test\r\n\r\n"};
    struct make_capture capture = {0};
    make_requests(&capture, INSIDE, 3128, gate, others, 2);
    assert_observes_one(&capture, RULE,
                        RULE " low 0.35 T1071.001 address/victim=10.0.0.5 "
                             "name/controller=gate.example.test contact_count:40 ");
}

static void leaves_a_server_of_our_own_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_requests(&capture, INSIDE, 80, GATE, OTHERS, 2);
    assert_observes(&capture, RULE, "");
}

static void leaves_pages_at_no_fixed_time_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_requests(&capture, OUTSIDE, 80, OTHERS[0], OTHERS, 2);
    assert_observes(&capture, RULE, "");
}

static void says_a_contact_that_is_nothing_else_once(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_requests(&capture, OUTSIDE, 80, GATE, NULL, 0);
    assert_observes_one(&capture, RULE, RULE " low 0.60 T1071.001 ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_regular_page_among_others),
        cmocka_unit_test(finds_it_behind_a_proxy_of_the_own_network),
        cmocka_unit_test(leaves_a_server_of_our_own_alone),
        cmocka_unit_test(leaves_pages_at_no_fixed_time_alone),
        cmocka_unit_test(says_a_contact_that_is_nothing_else_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
