#include "parse/log/web_access.h"

#include "parse/gather.h"

#define TIME "[03/Mar/2026:02:10:00 +0100]"

static void assert_access(const char *text, const char *expected)
{
    assert_reads(text, "access.log", "web access log", expected);
}

static void reads_the_common_and_the_combined_format(void **state)
{
    (void)state;
    assert_access("203.0.113.7 - - " TIME " \"GET /a?b=c HTTP/1.1\" 200 512\n"
                  "2001:DB8::1 - anna " TIME " \"POST /login HTTP/2.0\" 302 -"
                  " \"https://shop.example/\" \"Mozilla/5.0 (X11)\"\n",
                  "1 http 203.0.113.7 http.request.method=GET url.original=/a?b=c url.path=/a"
                  " url.query=b=c http.version=HTTP/1.1 http.response.status_code=200"
                  " http.response.bytes=512\n"
                  "2 http 2001:db8::1 http.request.method=POST url.original=/login"
                  " url.path=/login http.version=HTTP/2.0 http.response.status_code=302"
                  " user_agent.original=Mozilla/5.0 (X11)"
                  " http.request.referrer=https://shop.example/ user.name=anna\n");
}

static void knows_a_host_before_the_client_by_the_file(void **state)
{
    (void)state;
    assert_access("shop.example:443 203.0.113.7 - - " TIME
                  " \"GET / HTTP/1.1\" 200 5 \"-\" \"a\"\n"
                  "shop.example:80 client.example - - " TIME " \"GET /b HTTP/1.1\" 200 5\n"
                  "shop.example:80 203.0.113.8 - - " TIME " \"GET /c HTTP/1.1\" 200 5\n",
                  "1 http 203.0.113.7 http.request.method=GET url.original=/ url.path=/"
                  " http.version=HTTP/1.1 http.response.status_code=200 http.response.bytes=5"
                  " url.domain=shop.example:443 user_agent.original=a\n"
                  "2 http - source.domain=client.example http.request.method=GET"
                  " url.original=/b url.path=/b http.version=HTTP/1.1"
                  " http.response.status_code=200 http.response.bytes=5"
                  " url.domain=shop.example:80\n"
                  "3 http 203.0.113.8 http.request.method=GET url.original=/c url.path=/c"
                  " http.version=HTTP/1.1 http.response.status_code=200 http.response.bytes=5"
                  " url.domain=shop.example:80\n");
}

static void reads_a_host_behind_the_client(void **state)
{
    (void)state;
    assert_access("203.0.113.7 shop.example - " TIME " \"GET / HTTP/1.1\" 200 5 \"-\" \"-\"\n",
                  "1 http 203.0.113.7 http.request.method=GET url.original=/ url.path=/"
                  " http.version=HTTP/1.1 http.response.status_code=200 http.response.bytes=5"
                  " url.domain=shop.example\n");
}

static void finds_whom_a_proxy_asked_for(void **state)
{
    (void)state;
    assert_access("::ffff:192.0.2.9 - - " TIME " \"GET / HTTP/1.1\" 200 5 \"-\" \"a\""
                  " \"203.0.113.7, 192.0.2.4\" rt=0.004 \"x\"\n",
                  "1 http 192.0.2.9 http.request.method=GET url.original=/ url.path=/"
                  " http.version=HTTP/1.1 http.response.status_code=200 http.response.bytes=5"
                  " user_agent.original=a network.forwarded_ip=203.0.113.7, 192.0.2.4\n");
}

static void undoes_what_the_server_escaped(void **state)
{
    (void)state;
    assert_access("203.0.113.7 - - " TIME
                  " \"GET /a\\\"b\\x22c%22\\x00\\q HTTP/1.1\" 404 0 \"-\" \"a\\\\b\\t\"\n"
                  "203.0.113.7 - - " TIME " \"\\x16\\x03\\x01\" 400 157 \"-\" \"-\"\n",
                  "1 http 203.0.113.7 http.request.method=GET"
                  " url.original=/a\"b\"c%22\\x00\\q url.path=/a\"b\"c%22\\x00\\q"
                  " http.version=HTTP/1.1 http.response.status_code=404 http.response.bytes=0"
                  " user_agent.original=a\\b\t\n"
                  "2 http 203.0.113.7 url.original=\x16\x03\x01"
                  " http.response.status_code=400 http.response.bytes=157\n");
}

static void takes_requests_that_are_none(void **state)
{
    (void)state;
    assert_access("203.0.113.7 - - " TIME " \"-\" 408 -\n"
                  "203.0.113.7 - - " TIME " \"GET http://a.example/x?y HTTP/1.0\" 400 1\n"
                  "203.0.113.7 - - " TIME " \"GET /a b HTTP/1.1 HTTP/1.1\" 400 1\n"
                  "203.0.113.7 - - " TIME " \"hello\" 400 1\n",
                  "1 http 203.0.113.7 http.response.status_code=408\n"
                  "2 http 203.0.113.7 http.request.method=GET"
                  " url.original=http://a.example/x?y url.path=/x url.query=y"
                  " http.version=HTTP/1.0 http.response.status_code=400 http.response.bytes=1\n"
                  "3 http 203.0.113.7 http.request.method=GET"
                  " url.original=/a b HTTP/1.1 url.path=/a b HTTP/1.1"
                  " http.version=HTTP/1.1 http.response.status_code=400 http.response.bytes=1\n"
                  "4 http 203.0.113.7 url.original=hello http.response.status_code=400"
                  " http.response.bytes=1\n");
}

/* An account's name is typed by whoever asks. */
static void is_not_deceived_by_an_account(void **state)
{
    (void)state;
    assert_access("203.0.113.7 - x " TIME " \\\"GET /forged HTTP/1.1\\\" 200 1 " TIME
                  " \"GET /real HTTP/1.1\" 401 9 \"-\" \"a\"\n",
                  "1 http 203.0.113.7 http.request.method=GET url.original=/real"
                  " url.path=/real http.version=HTTP/1.1 http.response.status_code=401"
                  " http.response.bytes=9 user_agent.original=a user.name=x " TIME
                  " \"GET /forged HTTP/1.1\" 200 1\n");
}

static void takes_quotes_that_a_server_did_not_escape(void **state)
{
    (void)state;
    assert_access("203.0.113.7 - - [03/Mar/2026 02:10:00] \"GET /a\"b HTTP/1.1\" 404 -\n",
                  "1 http 203.0.113.7 http.request.method=GET url.original=/a\"b"
                  " url.path=/a\"b http.version=HTTP/1.1 http.response.status_code=404\n");
}

static void keeps_the_rest_around_damage(void **state)
{
    (void)state;
    static const char text[] =
        "203.0.113.7 - - " TIME " \"GET / HTTP/1.1\" 200 5\n"
        "203.0.113.7 - - [03/Mar/2026:02:10:0\n"
        "garbage \x01\n"
        "203.0.113.7 - - [99/Mar/2026:02:10:00 +0100] \"GET / H\" 200 5\n"
        "203.0.113.7 - - " TIME " \"GET /no end";
    struct gather gather;
    gather_text(&gather, text, "access.log");
    assert_ok(gather.status);
    assert_int_equal(gather.count, 1);
    assert_int_equal(gather.coverage.anomaly_count, 1);
    assert_int_equal(gather.coverage.anomalies[0].count, 4);
    assert_int_equal(gather.coverage.anomalies[0].place.first, 2);
    assert_int_equal(coverage_count_get(&gather.coverage, "requests"), 1);
    assert_int_equal(coverage_count_get(&gather.coverage, "lines"), 5);
    gather_done(&gather);
}

static void keeps_the_zone(void **state)
{
    (void)state;
    struct web_layout layout = {false};
    struct web_request request;
    assert_true(web_line_read(bytes_of_text("::1 - - " TIME " \"GET / HTTP/1.1\" 200 5"),
                              &layout, &request));
    struct text AUTO(text_done) text = text_of_limit(64);
    moment_add_rfc3339(&text, request.at);
    assert_string_equal(text_terminated(&text), "2026-03-03T01:10:00Z");
    assert_int_equal(request.at.zone_minutes, 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_common_and_the_combined_format),
        cmocka_unit_test(knows_a_host_before_the_client_by_the_file),
        cmocka_unit_test(reads_a_host_behind_the_client),
        cmocka_unit_test(finds_whom_a_proxy_asked_for),
        cmocka_unit_test(undoes_what_the_server_escaped),
        cmocka_unit_test(takes_requests_that_are_none),
        cmocka_unit_test(is_not_deceived_by_an_account),
        cmocka_unit_test(takes_quotes_that_a_server_did_not_escape),
        cmocka_unit_test(keeps_the_rest_around_damage),
        cmocka_unit_test(keeps_the_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
