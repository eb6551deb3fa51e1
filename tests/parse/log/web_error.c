#include "parse/log/web_error.h"

#include "parse/gather.h"

static void reads_nginx(void **state)
{
    (void)state;
    assert_reads(
        "2026/03/03 02:10:00 [notice] 7#7: signal process started\n"
        "2026/03/03 02:10:00 [error] 7#9: *45 open() \"/srv/x\" failed (2: No such file"
        " or directory), client: 203.0.113.7, server: shop.example, request: \"GET"
        " /x?y HTTP/1.1\", host: \"shop.example\", referrer: \"http://a.example/\"\n"
        "and what goes on\n",
        "error.log", "web error log",
        "1 other log.level=notice\n"
        "2 request-failed log.level=error source.ip=203.0.113.7"
        " http.request.method=GET url.original=/x?y url.path=/x url.query=y"
        " http.version=HTTP/1.1 url.domain=shop.example"
        " http.request.referrer=http://a.example/\n");
}

static void reads_apache(void **state)
{
    (void)state;
    assert_reads("[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok\n"
                 "[Tue Mar  3 02:10:00.123456 2026] [core:error] [pid 7:tid 140] [client"
                 " 203.0.113.7:51234] AH00126: Invalid URI in request [x] GET, referer: a, b\n"
                 "[Tue Mar 03 02:10:00 2026] [error] [client 203.0.113.7] denied\n"
                 "[Tue Mar 03 02:10:00 2026] [error] [x] [client 203.0.113.7] forged\n",
                 "error.log", "web error log",
                 "1 other log.level=notice\n"
                 "2 request-failed log.level=error source.ip=203.0.113.7 source.port=51234"
                 " http.request.referrer=a, b\n"
                 "3 request-failed log.level=error source.ip=203.0.113.7\n"
                 "4 other log.level=error\n");
}

static void believes_no_client_where_two_are_named(void **state)
{
    (void)state;
    struct gather gather;
    gather_text(
        &gather,
        "2026/03/03 02:10:00 [error] 7#9: *45 open() \"/srv/, client: 192.0.2.1, server:"
        " a, request: \"GET / HTTP/1.1\"\" failed, client: 203.0.113.7, server: b\n",
        "error.log");
    assert_string_equal(text_terminated(&gather.lines), "1 other log.level=error\n");
    assert_int_equal(gather.coverage.anomaly_count, 1);
    gather_done(&gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_nginx),
        cmocka_unit_test(reads_apache),
        cmocka_unit_test(believes_no_client_where_two_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
