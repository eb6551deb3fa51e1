#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/web_log.h"
#include "detect/behaviour/web_post.h"
#include "detect/observe.h"

static void finds_an_attempt_that_was_answered(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    web_log_add(&log, "203.0.113.7", "GET /", 200, NULL);
    web_log_add(&log, "203.0.113.7", "GET /item?id=1%27%20or%20%271%27=%271", 404, "probe/1");
    web_log_add(&log, "203.0.113.7", "GET /item?id=1+union+select+1,2", 200, "probe/1");
    web_log_add(&log, "203.0.113.7", "GET /item?id=1+union+select+1,2,3", 301, "probe/1");
    web_log_says(
        &log, "behaviour/web",
        "behaviour/web-attack medium 0.90 T1190 address/source=203.0.113.7 "
        "url/victim=/item?id=1+union+select+1,2 attempt:words for a database "
        "words:union select 1,2 url:/item?id=1+union+select+1,2 method:GET status:200 "
        "user_agent:probe/1 request_count:3 answered_count:1 refused_count:2 @2 @3 @4\n");
}

static void calls_what_was_refused_low(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    web_log_add(&log, "203.0.113.7", "GET /get?file=../../../etc/passwd", 403, "probe/1");
    web_log_says(&log, "behaviour/web",
                 "behaviour/web-attack low 0.80 T1190 address/source=203.0.113.7 "
                 "url/victim=/get?file=../../../etc/passwd "
                 "attempt:a path out of what is served words:../../../etc/passwd "
                 "url:/get?file=../../../etc/passwd method:GET status:403 "
                 "user_agent:probe/1 request_count:1 refused_count:1 @1\n");
}

static void makes_one_finding_of_a_thousand_attempts(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    for (unsigned i = 0; i < 1000; i++) {
        web_log_add(&log, "203.0.113.7", "GET /?x=$(id)", 403, "probe/1");
        web_log_add(&log, "203.0.113.8", "GET /?x=$(id)", 403, "probe/1");
    }
    const char *text = text_terminated(&log.text);
    struct examine examine;
    examine_text(&examine, bytes_of_text(text));
    assert_int_equal(examine.examination.finding_count, 2);
    examine_done(&examine);
    text_done(&log.text);
}

static void reads_headers_too(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    web_log_add(&log, "2001:db8::7", "GET /", 200, "${jndi:dns://192.0.2.1/a}");
    web_log_says(&log, "behaviour/web",
                 "behaviour/web-attack medium 0.80 T1190 address/source=2001:db8::7 "
                 "url/victim=/ attempt:code for the program itself "
                 "words:${jndi:dns://192.0.2.1/a} url:/ method:GET status:200 "
                 "user_agent:${jndi:dns://192.0.2.1/a} request_count:1 answered_count:1 @1\n");
}

static void finds_it_in_a_capture_as_in_a_log(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = {.client = {203, 0, 113, 7},
                             .server = {192, 0, 2, 80},
                             .client_port = 40000,
                             .server_port = 80,
                             .client_sequence = 1,
                             .server_sequence = 1};
    make_connect(&capture, &talk);
    make_say(&capture, &talk, true,
             bytes_of_text("GET /a?x=1+or+1=1-- HTTP/1.1\r\nHost: Shop.example:80\r\n\r\n"));
    make_say(&capture, &talk, false,
             bytes_of_text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    assert_observes_one(&capture, "behaviour/web-attack",
                        "behaviour/web-attack medium 0.80 T1190 address/source=203.0.113.7 "
                        "address/victim=192.0.2.80 name/victim=shop.example "
                        "url/victim=/a?x=1+or+1=1--");
}

static void leaves_an_ordinary_shop_alone(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "GET /search?q=select+a+phone",
        "GET /search?q=union+select+committee",
        "GET /api/v1/items?select=id,name&where=age%3E3%20and%20name%3D%27a%27",
        "GET /token?t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0%2B%2Fa%3D%3D",
        "POST /wp-admin/admin-ajax.php?action=heartbeat",
        "POST /wp-admin/post.php?post=7&action=edit",
    };
    struct web_log log;
    web_log_open(&log);
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        web_log_add(&log, "192.0.2.9", requests[i], 200, NULL);
    }
    web_log_says(&log, "behaviour/web", "");
}

static void a_flood_of_clients_is_told_in_part_and_counted(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    for (unsigned i = 0; i < 600; i++) {
        char client[32];
        struct text AUTO(text_done) name = text_of_limit(32);
        text_addf(&name, "198.51.%u.%u", i / 250, 1 + i % 250);
        memcpy(client, text_terminated(&name), name.size + 1);
        web_log_add(&log, client, "GET /?x=$(id)", 403, NULL);
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&log.text));
    assert_int_equal(examine.examination.finding_count, 500);
    assert_int_equal(examine.examination.findings_dropped, 100);
    examine_done(&examine);
    text_done(&log.text);
}

static size_t findings_of(const char *request)
{
    struct web_log log;
    web_log_open(&log);
    web_log_add(&log, "203.0.113.7", request, 200, NULL);
    struct examine examine;
    examine_text(&examine, text_bytes(&log.text));
    size_t count = examine.examination.finding_count;
    examine_done(&examine);
    text_done(&log.text);
    return count;
}

static void knows_a_path_that_was_encoded_to_be_read_later(void **state)
{
    (void)state;
    static const char *const requests[] = {
        "GET /%2e%2e/%2e%2e/a",         "GET /%2E%2E/%2E%2E/a", "GET /%252e%252e/%252e%252e/a",
        "GET /%252E%252E/%252E%252E/a", "GET /..%5c..%5ca",     "GET /..%5C..%5Ca",
    };
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        assert_int_equal(findings_of(requests[i]), 1);
    }
    assert_int_equal(findings_of("GET /a/../../b"), 0);
}

static void finds_it_in_each_kind_of_body(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *body;
    } rows[] = {
        {WEB_POST_FORM, "count=4&host=192.0.2.1%3B+cat+%2Fetc%2Fpasswd"},
        {WEB_POST_JSON, "{\"count\": 4, \"host\": \"192.0.2.1; cat \\/etc/passwd\"}"},
        {WEB_POST_PARTS, "--b7\r\nContent-Disposition: form-data; name=\"host\"\r\n\r\n"
                         "192.0.2.1; cat /etc/passwd\r\n--b7--\r\n"},
        {"text/plain", "host=192.0.2.1; cat /etc/passwd"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct web_post post;
        web_post_open(&post);
        web_post_add_text(&post, "/ping", rows[i].type, rows[i].body);
        web_post_says(&post, "behaviour/web-attack",
                      "behaviour/web-attack medium 0.80 T1190 address/source=203.0.113.7 "
                      "address/victim=192.0.2.80 name/victim=shop.example url/victim=/ping "
                      "attempt:a command for a shell words:; cat /etc/passwd url:/ping "
                      "method:POST status:200 user_agent:tool/1 request_count:1 "
                      "answered_count:1 in_body_count:1 @4\n");
    }
}

static void finds_what_stands_behind_a_file_in_a_form(void **state)
{
    (void)state;
    struct text AUTO(text_done) body = text_of_limit(1U << 16);
    text_add(&body, "--b7\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n"
                    "\r\n");
    text_add_repeat(&body, "; cat /etc/passwd\n", 900);
    text_add(&body, "\r\n--b7\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n"
                    "1' or 1=1 --\r\n--b7--\r\n");
    struct web_post post;
    web_post_open(&post);
    web_post_add(&post, "/item", WEB_POST_PARTS, text_bytes(&body), 403);
    struct text AUTO(text_done) lines = observe_lines(&post.capture, "behaviour/web-attack");
    assert_true(bytes_contains(text_bytes(&lines), "attempt:words for a database"));
    assert_false(bytes_contains(text_bytes(&lines), "a command for a shell"));
}

static void prints_no_password_of_a_body(void **state)
{
    (void)state;
    struct web_post post;
    web_post_open(&post);
    web_post_add_text(&post, "/login", WEB_POST_FORM, "user=a&password=Hunter2' or 1=1 --");
    struct text AUTO(text_done) lines = observe_lines(&post.capture, "");
    assert_true(bytes_contains(text_bytes(&lines), "words:[redacted]"));
    assert_false(bytes_contains(text_bytes(&lines), "unter2"));
}

/* A login, a page of a wiki, a tool for a database, a document, a program's call, a search. */
static void leaves_ordinary_bodies_alone(void **state)
{
    (void)state;
    static const struct {
        const char *type;
        const char *body;
    } rows[] = {
        {WEB_POST_FORM, "user=alice&password=S3cret%27%3B%26%7C&next=%2Fhome"},
        {WEB_POST_FORM, "title=Shell&summary=typo&text=First+type%0A%0A++cat+%2Fetc%2Fpasswd%3B"
                        "+ls+-la%0A%0Aor%0A%0A++%27+or+1%3D1+--%0A%0Aand+read+it."},
        {WEB_POST_FORM, "server=1&db=shop&sql_query=SELECT+a+FROM+information_schema.tables+"
                        "WHERE+1%3D1"},
        {WEB_POST_PARTS, "--b7\r\nContent-Disposition: form-data; name=\"f\"; "
                         "filename=\"a.txt\"\r\n\r\n"
                         "x; cat /etc/passwd\r\n1' or 1=1 --\r\n--b7--\r\n"},
        {WEB_POST_JSON, "{\"name\":\"nightly\",\"script\":[\"cd /build && ls -la\"],"
                        "\"sources\":[\"../../../a/b.c\"],\"tags\":[\"a\",\"b\"]}"},
        {WEB_POST_JSON, "{\"channel\":\"ops\",\"message\":\"try `ls -la` there\"}"},
        {WEB_POST_FORM, "q=cat+%2Fetc%2Fpasswd"},
    };
    struct web_post post;
    web_post_open(&post);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        web_post_add_text(&post, "/index.php", rows[i].type, rows[i].body);
    }
    web_post_says(&post, "behaviour/web", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_an_attempt_that_was_answered),
        cmocka_unit_test(calls_what_was_refused_low),
        cmocka_unit_test(makes_one_finding_of_a_thousand_attempts),
        cmocka_unit_test(reads_headers_too),
        cmocka_unit_test(finds_it_in_a_capture_as_in_a_log),
        cmocka_unit_test(finds_it_in_each_kind_of_body),
        cmocka_unit_test(finds_what_stands_behind_a_file_in_a_form),
        cmocka_unit_test(prints_no_password_of_a_body),
        cmocka_unit_test(leaves_ordinary_bodies_alone),
        cmocka_unit_test(knows_a_path_that_was_encoded_to_be_read_later),
        cmocka_unit_test(leaves_an_ordinary_shop_alone),
        cmocka_unit_test(a_flood_of_clients_is_told_in_part_and_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
