#include "detect/behaviour/behaviour.h"

#include "detect/behaviour/web_log.h"

static void add_missing(struct web_log *log, const char *client, unsigned count,
                        const char *agent)
{
    for (unsigned i = 0; i < count; i++) {
        struct text AUTO(text_done) request = text_of_limit(64);
        text_addf(&request, "GET /folder%u/", i);
        web_log_add(log, client, text_terminated(&request), 404, agent);
    }
}

static void finds_a_search_for_paths(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    web_log_add(&log, "203.0.113.7", "GET /", 200, "list/1");
    add_missing(&log, "203.0.113.7", 40, "list/1");
    web_log_says(
        &log, "behaviour/web",
        "behaviour/web-scan low 0.60 T1595.003 address/source=203.0.113.7 "
        "request_count:41 refused_count:40 missing_count:40 probe: user_agent:list/1 @2 @41\n");
}

static void knows_a_scanner_by_what_it_asks_for(void **state)
{
    (void)state;
    static const char *const requests[] = {"GET /.env", "GET /.git/config",
                                           "GET /phpmyadmin/index.php", "GET /actuator/env"};
    struct web_log log;
    web_log_open(&log);
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        web_log_add(&log, "203.0.113.7", requests[i], 404, NULL);
    }
    web_log_says(&log, "behaviour/web",
                 "behaviour/web-scan low 0.90 T1595.002 address/source=203.0.113.7 "
                 "request_count:4 refused_count:4 missing_count:4 probe_count:4 probe:/.env "
                 "user_agent:" WEB_LOG_BROWSER " @1 @4\n");
}

static void knows_a_scanner_by_its_name(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    for (int i = 0; i < 10; i++) {
        web_log_add(&log, "203.0.113.7", "GET /", 200, "Mozilla/5.00 (Nikto/2.1.6)");
    }
    web_log_says(&log, "behaviour/web",
                 "behaviour/web-scan low 0.90 T1595.002 address/source=203.0.113.7 "
                 "request_count:10 tool_count:10 probe: "
                 "user_agent:Mozilla/5.00 (Nikto/2.1.6) @1 @10\n");
}

static void is_louder_where_a_secret_was_given(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    web_log_add(&log, "203.0.113.7", "GET /.git/config", 404, NULL);
    web_log_add(&log, "203.0.113.7", "GET /.env", 200, NULL);
    web_log_says(&log, "behaviour/web",
                 "behaviour/web-scan medium 0.60 T1595.002 address/source=203.0.113.7 "
                 "url/victim=/.env request_count:2 refused_count:1 missing_count:1 "
                 "probe_count:1 leak_count:1 "
                 "probe:/.git/config user_agent:" WEB_LOG_BROWSER " @1 @2 @2\n");
}

static void is_louder_where_a_known_scanner_asks_for_very_much(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    add_missing(&log, "203.0.113.7", 300, "gobuster/3.6");
    struct examine examine;
    examine_text(&examine, text_bytes(&log.text));
    assert_int_equal(examine.examination.finding_count, 1);
    assert_int_equal(examine.examination.findings[0].severity, SEVERITY_MEDIUM);
    assert_int_equal(examine.examination.findings[0].technique_count, 2);
    examine_done(&examine);
    text_done(&log.text);
}

static void tells_a_client_once_however_often_it_comes(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    for (int day = 0; day < 3; day++) {
        add_missing(&log, "203.0.113.7", 40, "list/1");
        log.seconds += 3600;
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&log.text));
    assert_int_equal(examine.examination.finding_count, 1);
    examine_done(&examine);
    text_done(&log.text);
}

static void counts_different_paths_to_a_bound(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    add_missing(&log, "203.0.113.7", 1000, "list/1");
    add_missing(&log, "203.0.113.7", 10, "list/1");
    web_log_says(&log, "behaviour/web",
                 "behaviour/web-scan low 0.60 T1595.003 address/source=203.0.113.7 "
                 "request_count:1010 refused_count:1010 missing_count:384 probe: "
                 "user_agent:list/1 @1 @1010\n");
}

/* A crawler with some dead links, a probe that asks each minute for what is not there, a page
 * whose pictures are gone, and a visitor who finds few things missing in a long time. */
static void leaves_an_ordinary_day_alone(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    for (unsigned i = 0; i < 200; i++) {
        struct text AUTO(text_done) request = text_of_limit(64);
        text_addf(&request, "GET /page%u", i);
        web_log_add(&log, "192.0.2.10", text_terminated(&request), i % 10 == 0 ? 404 : 200,
                    "crawler/1.0 (+https://search.example/bot)");
        web_log_add(&log, "192.0.2.11", "GET /health", 404, "monitor/1");
        text_clear(&request);
        text_addf(&request, "GET /img/p%u.png", i);
        web_log_add(&log, "192.0.2.12", text_terminated(&request), 404, NULL);
        web_log_add(&log, "192.0.2.13", "GET /favicon.ico", 404, NULL);
    }
    for (unsigned i = 0; i < 60; i++) {
        struct text AUTO(text_done) request = text_of_limit(64);
        text_addf(&request, "GET /old%u", i);
        web_log_add(&log, "192.0.2.14", text_terminated(&request), 404, NULL);
        log.seconds += 660;
    }
    web_log_says(&log, "behaviour/web", "");
}

static void tells_who_gives_way_to_others(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    add_missing(&log, "203.0.113.7", 40, "list/1");
    for (unsigned i = 0; i < 2100; i++) {
        struct text AUTO(text_done) client = text_of_limit(32);
        text_addf(&client, "198.51.%u.%u", i / 250, 1 + i % 250);
        web_log_add(&log, text_terminated(&client), "GET /", 200, NULL);
    }
    web_log_says(&log, "behaviour/web",
                 "behaviour/web-scan low 0.60 T1595.003 address/source=203.0.113.7 "
                 "request_count:40 refused_count:40 missing_count:40 probe: "
                 "user_agent:list/1 @1 @40\n");
}

static void keeps_clients_apart(void **state)
{
    (void)state;
    struct web_log log;
    web_log_open(&log);
    for (unsigned i = 0; i < 40; i++) {
        struct text AUTO(text_done) client = text_of_limit(32);
        struct text AUTO(text_done) request = text_of_limit(64);
        text_addf(&client, "198.51.100.%u", i + 1);
        text_addf(&request, "GET /old%u", i);
        web_log_add(&log, text_terminated(&client), text_terminated(&request), 404, NULL);
    }
    web_log_says(&log, "behaviour/web", "");
}

/* Whether there is one finding of requests that each hold `mark` after another folder. */
static bool finds_marked(const char *mark, unsigned count, unsigned status, const char *agent)
{
    struct web_log log;
    web_log_open(&log);
    for (unsigned i = 0; i < count; i++) {
        struct text AUTO(text_done) request = text_of_limit(128);
        text_addf(&request, "GET /%u%s", i, mark);
        web_log_add(&log, "203.0.113.7", text_terminated(&request), status, agent);
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&log.text));
    bool found = examine.examination.finding_count == 1;
    examine_done(&examine);
    text_done(&log.text);
    return found;
}

static void knows_every_mark_of_a_scanner(void **state)
{
    (void)state;
    static const char *const probes[] = {
        "/.env",          "/.git/",         "/.svn/",      "/.aws/",          "/.ssh/",
        "/.ds_store",     "/.htpasswd",     "/phpmyadmin", "/pma/",           "/adminer",
        "/cgi-bin/",      "/actuator",      "/solr/admin", "/manager/html",   "/hnap1",
        "/boaform",       "/gponform",      "/setup.cgi",  "/vendor/phpunit", "/_ignition",
        "/jmx-console",   "/invoker/",      "/owa/auth",   "/web-inf/",       "/server-status",
        "/phpinfo",       "/wp-config",     "/backup.sql", "/dump.sql",       "/telescope",
        "/debug/default", "/etc/passwd",    "/shell.php",  "/eval-stdin",     "/wlwmanifest",
        "/thinkphp",      "/console/login", "/id_rsa"};
    static const char *const leaks[] = {"/.env",           "/.git/config",      "/.git/head",
                                        "/.svn/entries",   "/.aws/credentials", "/.ssh/id_",
                                        "/.htpasswd",      "/backup.sql",       "/dump.sql",
                                        "/wp-config.php.", "/wp-config.php~",   "/id_rsa"};
    static const char *const tools[] = {
        "nikto",       "sqlmap",  "nmap scripting", "gobuster", "dirbuster", "dirb/",
        "feroxbuster", "wpscan",  "nuclei",         "masscan",  "zgrab",     "acunetix",
        "nessus",      "openvas", "w3af",           "arachni",  "ffuf",      "fuzz faster",
        "whatweb",     "jorgee",  "zmeu",           "skipfish", "havij",     "wfuzz"};
    static const char *const furniture[] = {".png",   ".jpg", ".jpeg", ".gif", ".ico", ".css",
                                            ".js",    ".svg", ".webp", ".map", ".ttf", ".woff",
                                            ".woff2", ".mp4", ".avif", ".eot", ".bmp", ".mp3"};
    for (size_t i = 0; i < sizeof probes / sizeof *probes; i++) {
        assert_true(finds_marked(probes[i], 4, 404, NULL));
    }
    for (size_t i = 0; i < sizeof leaks / sizeof *leaks; i++) {
        assert_true(finds_marked(leaks[i], 3, 200, NULL));
    }
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        assert_true(finds_marked("/", 10, 200, tools[i]));
    }
    for (size_t i = 0; i < sizeof furniture / sizeof *furniture; i++) {
        assert_false(finds_marked(furniture[i], 40, 404, NULL));
    }
    assert_true(finds_marked(".html", 40, 404, NULL));
    assert_false(finds_marked("/", 10, 200, "curl/8"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_a_search_for_paths),
        cmocka_unit_test(knows_a_scanner_by_what_it_asks_for),
        cmocka_unit_test(knows_a_scanner_by_its_name),
        cmocka_unit_test(is_louder_where_a_secret_was_given),
        cmocka_unit_test(is_louder_where_a_known_scanner_asks_for_very_much),
        cmocka_unit_test(tells_a_client_once_however_often_it_comes),
        cmocka_unit_test(counts_different_paths_to_a_bound),
        cmocka_unit_test(leaves_an_ordinary_day_alone),
        cmocka_unit_test(tells_who_gives_way_to_others),
        cmocka_unit_test(keeps_clients_apart),
        cmocka_unit_test(knows_every_mark_of_a_scanner),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
