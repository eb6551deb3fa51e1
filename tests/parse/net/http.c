#include "parse/net/http.h"

#include "check.h"

static void reads_the_head_of_a_request(void **state)
{
    (void)state;
    struct http_request request;
    assert_ok(http_request_read(
        (struct bytes)BYTES_LITERAL("POST /up?a=b c HTTP/1.1\r\nhost: files.test:8080\r\n"
                                    "User-Agent:  curl/8.0 \r\nContent-Length: 300\r\n\r\n"),
        &request));
    assert_bytes(request.method, "POST");
    assert_bytes(request.target, "/up?a=b c");
    assert_bytes(request.headers[HTTP_HOST], "files.test:8080");
    assert_bytes(request.headers[HTTP_USER_AGENT], "curl/8.0");
    assert_true(request.framing.has_length);
    assert_int_equal(request.framing.length, 300);
    assert_false(request.framing.is_chunked);
}

static void reads_the_head_of_a_response(void **state)
{
    (void)state;
    struct http_response response;
    assert_ok(http_response_read(
        (struct bytes)BYTES_LITERAL("HTTP/1.1 404 Not Found\nContent-Type: text/html\n"
                                    "Transfer-Encoding: gzip, Chunked\n\n"),
        &response));
    assert_int_equal(response.code, 404);
    assert_bytes(response.status, "404");
    assert_bytes(response.headers[HTTP_CONTENT_TYPE], "text/html");
    assert_true(response.framing.is_chunked);
    assert_false(response.framing.has_length);
}

static void keeps_the_first_of_two_lengths_and_says_so(void **state)
{
    (void)state;
    struct http_request request;
    assert_ok(
        http_request_read((struct bytes)BYTES_LITERAL("GET / HTTP/1.0\r\nContent-Length: 3\r\n"
                                                      "Content-Length: 4\r\n\r\n"),
                          &request));
    assert_int_equal(request.framing.length, 3);
    assert_true(request.framing.is_ambiguous);
}

static void reads_as_much_of_a_head_as_there_is(void **state)
{
    (void)state;
    struct http_request request;
    assert_ok(http_request_read((struct bytes)BYTES_LITERAL("GET /x HTTP/1.1\r\nHost: a.te"),
                                &request));
    assert_bytes(request.target, "/x");
    assert_bytes(request.headers[HTTP_HOST], "a.te");
    assert_ok(http_request_read((struct bytes)BYTES_LITERAL("GET /x"), &request));
    assert_bytes(request.target, "/x");
}

static void knows_the_beginning_of_a_message(void **state)
{
    (void)state;
    assert_true(http_request_begins((struct bytes)BYTES_LITERAL("GE")));
    assert_true(http_request_begins((struct bytes)BYTES_LITERAL("PROPFIND /")));
    assert_true(http_request_begins((struct bytes)BYTES_LITERAL("X-ODD / HTTP/1.1\r\n")));
    assert_true(http_request_begins((struct bytes)BYTES_LITERAL("GET /x\r\nHost: a.test\r\n")));
    assert_true(http_request_begins((struct bytes)BYTES_LITERAL("POST /x\r\n")));
    assert_true(http_request_begins((struct bytes)BYTES_LITERAL("HEAD /x\r\n")));
    assert_false(http_request_begins((struct bytes)BYTES_LITERAL("GET key\r\n")));
    assert_false(http_request_begins((struct bytes)BYTES_LITERAL("EHLO me\r\n")));
    assert_false(http_request_begins((struct bytes)BYTES_LITERAL("PRI * HTTP/2.0\r\n")));
    assert_false(http_request_begins((struct bytes)BYTES_LITERAL("get / HTTP/1.1\r\n")));
    assert_false(http_request_begins((struct bytes)BYTES_LITERAL("ABCDEFGHIJKLMNOPQRSTUVW /")));
    assert_false(http_request_begins(BYTES_NONE));
    assert_true(http_response_begins((struct bytes)BYTES_LITERAL("HTTP/1.0 200 OK")));
    assert_false(http_response_begins((struct bytes)BYTES_LITERAL("HTTP/2 200")));
}

static void keeps_the_headers_that_are_asked_for(void **state)
{
    (void)state;
    struct http_request request;
    assert_ok(http_request_read(
        (struct bytes)BYTES_LITERAL("GET / HTTP/1.1\r\nHost: one.test\r\nHost: two.test\r\n"
                                    "Referer: http://a.test/\r\nCookie: a=b\r\n"
                                    "Authorization: Basic dTpw\r\nX-Odd: 1\r\n\r\n"),
        &request));
    assert_bytes(request.version, "1.1");
    assert_bytes(request.headers[HTTP_HOST], "one.test");
    assert_bytes(request.headers[HTTP_REFERRER], "http://a.test/");
    assert_bytes(request.headers[HTTP_COOKIE], "a=b");
    assert_bytes(request.headers[HTTP_AUTHORIZATION], "Basic dTpw");
    struct http_response response;
    assert_ok(http_response_read(
        (struct bytes)BYTES_LITERAL("HTTP/1.0 302 Found\r\nLocation: /b\r\nServer: x\r\n\r\n"),
        &response));
    assert_bytes(response.version, "1.0");
    assert_bytes(response.headers[HTTP_LOCATION], "/b");
    assert_bytes(response.headers[HTTP_SERVER], "x");
}

static void reads_parameters_quoted_or_not(void **state)
{
    (void)state;
    struct bytes value = BYTES_LITERAL("form-data; name=\"f;g\"; Filename=a.php ; x");
    assert_bytes(http_value(value), "form-data");
    assert_bytes(http_parameter(value, "name"), "f;g");
    assert_bytes(http_parameter(value, "filename"), "a.php");
    assert_int_equal(http_parameter(value, "x").size, 0);
    assert_int_equal(http_parameter(BYTES_NONE, "name").size, 0);
    assert_bytes(http_parameter((struct bytes)BYTES_LITERAL("a; b=\"open"), "b"), "open");
}

static void refuses_what_is_no_head(void **state)
{
    (void)state;
    struct http_request request;
    struct http_response response;
    assert_status(http_request_read((struct bytes)BYTES_LITERAL("GET  HTTP/1.1\r\n"), &request),
                  STATUS_MALFORMED);
    assert_status(http_request_read(BYTES_NONE, &request), STATUS_MALFORMED);
    assert_status(
        http_response_read((struct bytes)BYTES_LITERAL("HTTP/1.1 2x0 OK\r\n"), &response),
        STATUS_MALFORMED);
    assert_status(http_response_read((struct bytes)BYTES_LITERAL("HTTP/1.1 "), &response),
                  STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_head_of_a_request),
        cmocka_unit_test(reads_the_head_of_a_response),
        cmocka_unit_test(keeps_the_first_of_two_lengths_and_says_so),
        cmocka_unit_test(reads_as_much_of_a_head_as_there_is),
        cmocka_unit_test(knows_the_beginning_of_a_message),
        cmocka_unit_test(keeps_the_headers_that_are_asked_for),
        cmocka_unit_test(reads_parameters_quoted_or_not),
        cmocka_unit_test(refuses_what_is_no_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
