#include "detect/behaviour/behaviour.h"

#include <stdio.h>

#include "detect/observe.h"

static const struct make_talk WEB = {.client = {10, 0, 0, 5},
                                     .server = {198, 51, 100, 9},
                                     .client_port = 40000,
                                     .server_port = 8080,
                                     .client_sequence = 1,
                                     .server_sequence = 1};
static const struct make_talk RESOLVER = {
    .client = {10, 0, 0, 5}, .server = {10, 0, 0, 1}, .client_port = 50000, .server_port = 53};

static void make_fetch(struct make_capture *capture, struct make_talk *talk,
                       const char *request)
{
    make_say(capture, talk, true, bytes_of_text(request));
    make_say(capture, talk, false,
             bytes_of_text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
}

static void observes_what_was_fetched(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = WEB;
    make_connect(&capture, &talk);
    for (int i = 0; i < 3; i++) {
        make_fetch(&capture, &talk,
                   "GET /a/drop.sh?x=/y HTTP/1.1\r\nHost: Files.test:8080\r\n"
                   "User-Agent: curl/8\r\n\r\n");
    }
    make_fetch(&capture, &talk, "GET / HTTP/1.0\r\n\r\n");
    assert_observes(
        &capture, "fetch ",
        "fetch x3 address/actor=10.0.0.5 address/unknown=198.51.100.9 "
        "name/unknown=files.test url/unknown=http://Files.test:8080/a/drop.sh?x=/y "
        "file/tool=drop.sh method:GET status:200 user_agent:curl/8 @4 @8\n"
        "fetch x1 address/actor=10.0.0.5 address/unknown=198.51.100.9 "
        "url/unknown=http://198.51.100.9:8080/ method:GET status:200 user_agent: @10\n");
}

static void observes_which_names_were_resolved(void **state)
{
    (void)state;
    static const struct bytes addresses[] = {BYTES_LITERAL("\xcb\0\x71\x07"),
                                             BYTES_LITERAL("\xcb\0\x71\x08")};
    struct make_capture capture = {0};
    make_open(&capture, 1);
    for (unsigned i = 0; i < 5; i++) {
        struct text message = text_of_limit(512);
        make_dns(&message, i, false, i == 4 ? "nobody.test" : "Cdn.Test", 1, BYTES_NONE);
        make_datagram(&capture, &RESOLVER, true, text_bytes(&message));
        text_clear(&message);
        make_dns(&message, i, true, i == 4 ? "nobody.test" : "Cdn.Test", 1,
                 i == 4 ? BYTES_NONE : addresses[i % 2]);
        make_datagram(&capture, &RESOLVER, false, text_bytes(&message));
        text_done(&message);
    }
    assert_observes(&capture, "name ",
                    "name x4 address/actor=10.0.0.5 name/unknown=cdn.test "
                    "address/unknown=203.0.113.7 address/unknown=203.0.113.8 @1 @7\n");
}

static void shows_nothing_of_a_request_that_gave_way(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = WEB;
    make_connect(&capture, &talk);
    char request[128];
    for (int i = 0; i < 2100; i++) {
        (void)snprintf(request, sizeof request,
                       "GET /answered/%d HTTP/1.1\r\nHost: files.test\r\n"
                       "User-Agent: curl/8\r\n\r\n",
                       i);
        make_fetch(&capture, &talk, request);
    }
    for (int i = 0; i < 2100; i++) {
        talk = WEB;
        talk.client_port = (uint16_t)(1024 + i);
        make_connect(&capture, &talk);
        (void)snprintf(request, sizeof request, "GET /silent/%d HTTP/1.1\r\n\r\n", i);
        make_say(&capture, &talk, true, bytes_of_text(request));
    }
    struct text AUTO(text_done) said = observe_lines(&capture, "fetch ");
    size_t lines = 0;
    struct bytes rest = text_bytes(&said);
    struct bytes line;
    while (bytes_split(&rest, '\n', &line)) {
        if (bytes_contains(line, "/silent/")) {
            lines++;
            assert_true(bytes_starts(line, "fetch x1 "));
            assert_true(bytes_contains(line, " method:GET status: user_agent: @"));
            assert_false(bytes_contains(line, "files.test"));
        }
    }
    assert_int_equal(lines, 2100);
}

static void takes_no_request_of_a_log_for_a_fetch(void **state)
{
    (void)state;
    assert_says("203.0.113.7 - - [03/Mar/2026:02:10:00 +0100] \"GET /x HTTP/1.1\" 200 5\n"
                "203.0.113.7 - - [03/Mar/2026:02:11:00 +0100] \"PUT /x HTTP/1.1\" 200 9\n",
                "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(observes_what_was_fetched),
        cmocka_unit_test(takes_no_request_of_a_log_for_a_fetch),
        cmocka_unit_test(observes_which_names_were_resolved),
        cmocka_unit_test(shows_nothing_of_a_request_that_gave_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
