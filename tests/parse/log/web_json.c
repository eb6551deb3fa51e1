#include "parse/log/web_json.h"

#include "parse/gather.h"

static void reads_caddy(void **state)
{
    (void)state;
    assert_reads(
        "{\"level\":\"info\",\"ts\":1772503800.25,\"logger\":\"http.log.access\",\"msg\":"
        "\"handled "
        "request\",\"request\":{\"remote_ip\":\"203.0.113.7\",\"remote_port\":\"4711\","
        "\"client_ip\":\"203.0.113.7\",\"proto\":\"HTTP/2.0\",\"method\":\"GET\",\"host\":"
        "\"shop.example\",\"uri\":\"/a?b=\\u0022\",\"headers\":{\"User-Agent\":[\"curl/8\"],"
        "\"Accept\":[\"*/*\",\"x\"]}},\"bytes_read\":0,\"user_id\":\"\",\"duration\":0.0009,"
        "\"size\":10900,\"status\":200,\"resp_headers\":{\"Content-Type\":[\"text/html\"]}}\n",
        "access.log", "web access log",
        "1 http 203.0.113.7:4711 http.request.method=GET url.original=/a?b=\" url.path=/a"
        " url.query=b=\" http.version=HTTP/2.0 http.response.status_code=200"
        " http.response.bytes=10900 http.request.body.bytes=0 url.domain=shop.example"
        " user_agent.original=curl/8 http.response.mime_type=text/html\n");
}

static void reads_the_names_of_nginx_and_traefik(void **state)
{
    (void)state;
    assert_reads(
        "{\"time_iso8601\":\"2026-03-03T02:10:00+01:00\",\"remote_addr\":\"192.0.2.9\","
        "\"request\":\"GET /x HTTP/1.1\",\"status\":\"404\",\"body_bytes_sent\":\"9\","
        "\"http_user_agent\":\"-\",\"http_x_forwarded_for\":\"203.0.113.7\"}\n",
        "access.json", "web access log",
        "1 http 192.0.2.9 http.request.method=GET url.original=/x url.path=/x"
        " http.version=HTTP/1.1 http.response.status_code=404 http.response.bytes=9"
        " network.forwarded_ip=203.0.113.7\n");
    assert_reads(
        "{\"ClientAddr\":\"192.0.2.9:50\",\"ClientHost\":\"192.0.2.9\",\"ClientPort\":"
        "\"50\",\"DownstreamStatus\":200,\"RequestMethod\":\"GET\",\"RequestPath\":\"/\","
        "\"StartUTC\":\"2026-03-03T02:10:00.123456789Z\"}\n",
        "access.log", "web access log",
        "1 http 192.0.2.9:50 http.request.method=GET url.original=/ url.path=/"
        " http.response.status_code=200\n");
}

static void keeps_the_rest_around_damage(void **state)
{
    (void)state;
    struct gather gather;
    gather_text(&gather,
                "{\"ts\":1,\"client_ip\":\"192.0.2.9\",\"uri\":\"/a\",\"status\":200}\n"
                "{\"ts\":1,\"client_ip\":\"192.0.2.9\",\"uri\":\"/b\",\"status\"\n"
                "[]\n"
                "nothing\n"
                "{\"msg\":\"started\"}\n"
                "{\"ts\":2,\"client_ip\":\"192.0.2.9\",\"uri\":\"/c\",\"status\":200}\n",
                "access.log");
    assert_ok(gather.status);
    assert_string_equal(text_terminated(&gather.lines),
                        "1 http 192.0.2.9 url.original=/a url.path=/a"
                        " http.response.status_code=200\n"
                        "6 http 192.0.2.9 url.original=/c url.path=/c"
                        " http.response.status_code=200\n");
    assert_int_equal(gather.coverage.anomalies[0].count, 3);
    assert_int_equal(gather.coverage.anomalies[0].place.first, 2);
    gather_done(&gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_caddy),
        cmocka_unit_test(reads_the_names_of_nginx_and_traefik),
        cmocka_unit_test(keeps_the_rest_around_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
