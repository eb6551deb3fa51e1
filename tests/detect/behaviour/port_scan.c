#include "detect/behaviour/behaviour.h"

#include "detect/observe.h"

#define RULE "behaviour/port-scan"

static const struct make_talk INSIDE = {.client = {10, 0, 0, 66},
                                        .server = {10, 0, 0, 5},
                                        .client_port = 40000,
                                        .server_port = 1,
                                        .client_sequence = 1,
                                        .server_sequence = 1};
static const struct make_talk OUTSIDE = {.client = {203, 0, 113, 9},
                                         .server = {10, 0, 0, 5},
                                         .client_port = 40000,
                                         .server_port = 1,
                                         .client_sequence = 1,
                                         .server_sequence = 1};

enum reply {
    SILENCE,
    RESET,
    OPENED,  /* and closed without a word */
    EXCHANGE /* something is said */
};

static void make_try(struct make_capture *capture, const struct make_talk *talk,
                     enum reply reply)
{
    struct make_talk copy = *talk;
    switch (reply) {
    case SILENCE:
        make_segment(capture, &copy, true, 7, MAKE_SYN, BYTES_NONE);
        break;
    case RESET:
        make_segment(capture, &copy, true, 7, MAKE_SYN, BYTES_NONE);
        make_segment(capture, &copy, false, 0, MAKE_RST | MAKE_ACK, BYTES_NONE);
        break;
    case OPENED:
        make_connect(capture, &copy);
        make_close(capture, &copy);
        break;
    case EXCHANGE:
        make_exchange(capture, copy, 40, 400);
        break;
    }
    capture->at_ns += MAKE_SECOND_NS / 10;
}

/* Tries `count` ports from `first` on. */
static void make_ports(struct make_capture *capture, struct make_talk talk, unsigned first,
                       unsigned count, enum reply reply)
{
    for (unsigned i = 0; i < count; i++) {
        talk.client_port++;
        talk.server_port = (uint16_t)(first + i);
        make_try(capture, &talk, reply);
    }
}

/* Tries one port of `count` machines. */
static void make_machines(struct make_capture *capture, struct make_talk talk, unsigned first,
                          unsigned count, uint16_t port, enum reply reply)
{
    talk.server_port = port;
    for (unsigned i = 0; i < count; i++) {
        talk.client_port++;
        talk.server[2] = (uint8_t)((first + i) / 250);
        talk.server[3] = (uint8_t)((first + i) % 250 + 1);
        make_try(capture, &talk, reply);
    }
}

/* ---- what is found ---- */

static void finds_many_closed_ports_of_one_machine(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    make_ports(&capture, INSIDE, 1, 20, RESET);
    assert_observes_one(&capture, RULE,
                        RULE " medium 0.90 T1046 address/source=10.0.0.66 "
                             "address/victim=10.0.0.5 try_count:20 port_count:20 "
                             "scanned_machine_count:1 partly_scanned_machine_count:1 "
                             "from_inside:1 duration:1900000000 port_threshold:20 "
                             "machine_threshold:30 @1 @20\n");
}

static void leaves_a_client_with_a_few_closed_ports_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    make_ports(&capture, INSIDE, 1, 19, SILENCE);
    assert_observes(&capture, RULE, "");
}

static void is_low_from_the_internet_until_a_machine_was_gone_through(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    make_ports(&capture, OUTSIDE, 1, 149, SILENCE);
    assert_observes_one(&capture, RULE,
                        RULE " low 0.90 T1595.001 address/source=203.0.113.9 "
                             "address/victim=10.0.0.5 try_count:149 port_count:149");
    capture = (struct make_capture){0};
    make_open(&capture, 1);
    make_ports(&capture, OUTSIDE, 1, 250, SILENCE);
    assert_observes_one(&capture, RULE,
                        RULE " medium 0.95 T1595.001 address/source=203.0.113.9 "
                             "address/victim=10.0.0.5 try_count:250 port_count:192 "
                             "scanned_machine_count:1 partly_scanned_machine_count:1 "
                             "counts_are_least:1");
}

static void finds_packets_that_belong_to_no_connection(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    for (uint16_t port = 1; port <= 20; port++) {
        talk.client_port++;
        talk.server_port = port;
        make_segment(&capture, &talk, true, 7, MAKE_FIN, BYTES_NONE);
    }
    assert_observes_one(&capture, RULE, RULE " low 0.90 T1595.001");
}

static void finds_one_port_tried_on_many_machines(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    make_machines(&capture, INSIDE, 0, 30, 445, SILENCE);
    assert_observes_one(&capture, RULE,
                        RULE " medium 0.80 T1046 address/source=10.0.0.66 try_count:30 "
                             "port_count:1 machine_count:30 swept_port:445 "
                             "swept_port_count:1 from_inside:1");
    capture = (struct make_capture){0};
    make_open(&capture, 1);
    make_machines(&capture, INSIDE, 0, 29, 445, SILENCE);
    assert_observes(&capture, RULE, "");
}

static void a_sweep_of_the_internet_is_low_until_it_is_large(void **state)
{
    (void)state;
    struct make_talk talk = INSIDE;
    memcpy(talk.server, (uint8_t[]){198, 51, 100, 1}, 4);
    struct make_capture capture = {0};
    make_open(&capture, 1);
    make_machines(&capture, talk, 0, 149, 23, SILENCE);
    assert_observes_one(&capture, RULE, RULE " low 0.80 T1046 address/source=10.0.0.66");
    capture = (struct make_capture){0};
    make_open(&capture, 1);
    make_machines(&capture, talk, 0, 150, 23, SILENCE);
    assert_observes_one(&capture, RULE, RULE " medium 0.95 T1046 address/source=10.0.0.66");
}

static void finds_datagrams_that_nothing_answers(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = INSIDE;
    for (unsigned i = 0; i < 64; i++) {
        talk.server_port = 161;
        talk.server[3] = (uint8_t)(i + 1);
        make_datagram(&capture, &talk, true, bytes_of_text("?"));
        capture.at_ns += MAKE_SECOND_NS;
    }
    assert_observes_one(&capture, RULE,
                        RULE " low 0.80 T1046 address/source=10.0.0.66 try_count:64 "
                             "port_count:1 machine_count:64 swept_port:161 "
                             "");
}

static void make_echo(struct make_capture *capture, const uint8_t *from, const uint8_t *to,
                      uint8_t type)
{
    const uint8_t echo[8] = {type, 0, 0, 0, 0, 1, 0, 1};
    make_ip_frame(capture, from, to, 1, (struct bytes){echo, sizeof echo});
    capture->at_ns += MAKE_SECOND_NS / 10;
}

static void finds_who_asks_which_addresses_have_a_machine(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    for (uint8_t i = 1; i <= 36; i++) {
        const uint8_t target[4] = {10, 0, 0, i};
        make_echo(&capture, INSIDE.client, target, 8);
        if (i > 30) {
            make_echo(&capture, target, INSIDE.client, 0);
        }
    }
    assert_observes_one(&capture, RULE,
                        RULE " low 0.80 T1018 address/source=10.0.0.66 try_count:30 "
                             "machine_count:30 swept_port_count:1");
}

static void finds_a_few_ports_of_several_machines(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    for (uint16_t port = 21; port <= 23; port++) {
        make_machines(&capture, INSIDE, 0, 10, port, RESET);
    }
    assert_observes_one(&capture, RULE,
                        RULE " low 0.60 T1046 address/source=10.0.0.66 "
                             "address/victim=10.0.0.1 try_count:30 port_count:3 "
                             "partly_scanned_machine_count:10");
}

static void finds_a_scan_that_takes_days(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = INSIDE;
    for (uint16_t i = 0; i < 24; i++) {
        talk.client_port++;
        talk.server_port = (uint16_t)(8000 + i);
        make_try(&capture, &talk, SILENCE);
        capture.at_ns += INT64_C(4) * 3600 * MAKE_SECOND_NS;
    }
    assert_observes_one(&capture, RULE,
                        RULE " medium 0.90 T1046 address/source=10.0.0.66 "
                             "address/victim=10.0.0.5 try_count:24 port_count:24");
}

/* ---- ordinary twins ---- */

static void leaves_a_crowd_behind_one_address_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = INSIDE;
    memcpy(talk.server, (uint8_t[]){198, 51, 100, 1}, 4);
    make_machines(&capture, talk, 0, 200, 443, EXCHANGE);
    make_machines(&capture, talk, 300, 40, 443, SILENCE);
    assert_observes(&capture, RULE, "");
}

static void leaves_a_monitoring_system_alone_when_what_it_watches_goes_down(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    for (unsigned hour = 0; hour < 3; hour++) { /* all is well, then all is down */
        make_ports(&capture, INSIDE, 100, 30, hour < 2 ? EXCHANGE : SILENCE);
        make_machines(&capture, INSIDE, 0, 40, 443, hour < 2 ? EXCHANGE : RESET);
        capture.at_ns += INT64_C(3600) * MAKE_SECOND_NS;
    }
    assert_observes(&capture, RULE, "");
}

static void leaves_health_checks_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    make_ports(&capture, INSIDE, 100, 30, OPENED);
    make_machines(&capture, INSIDE, 0, 60, 8080, OPENED);
    assert_observes(&capture, RULE, "");
}

static void leaves_file_sharing_with_dead_peers_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = INSIDE;
    memcpy(talk.server, (uint8_t[]){198, 51, 100, 1}, 4);
    for (unsigned i = 0; i < 60; i++) { /* two of three peers are gone */
        make_machines(&capture, talk, 3 * i, 1, 6881, EXCHANGE);
        make_machines(&capture, talk, 3 * i + 1, 2, 6881, SILENCE);
        make_machines(&capture, talk, 1000 + i, 1, (uint16_t)(20000 + 7 * i), SILENCE);
    }
    assert_observes(&capture, RULE, "");
}

static void leaves_a_resolver_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = INSIDE;
    talk.server_port = 53;
    for (unsigned i = 0; i < 200; i++) {
        talk.client_port++;
        talk.server[3] = (uint8_t)(i + 1);
        make_datagram(&capture, &talk, true, bytes_of_text("??"));
        if (i % 3 != 0) {
            make_datagram(&capture, &talk, false, bytes_of_text("!!"));
        }
        capture.at_ns += MAKE_SECOND_NS;
    }
    assert_observes(&capture, RULE, "");
}

static void leaves_resets_for_connections_long_over_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = INSIDE;
    for (unsigned i = 0; i < 60; i++) { /* stale clients, and late answers of a server */
        talk.client_port++;
        talk.client[3] = (uint8_t)(i + 1);
        talk.server_port = 443;
        make_segment(&capture, &talk, true, 7, MAKE_ACK, BYTES_NONE);
        make_segment(&capture, &talk, false, 7, MAKE_RST, BYTES_NONE);
        make_segment(&capture, &OUTSIDE, false, 9, MAKE_RST, BYTES_NONE);
    }
    make_ports(&capture, INSIDE, 5000, 1, RESET);
    assert_observes(&capture, RULE, "");
}

static void leaves_answers_to_questions_that_were_not_seen_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = INSIDE;
    for (uint16_t i = 0; i < 100; i++) { /* of a resolver, and of a service with a high port */
        talk.client_port = 53;
        talk.server_port = (uint16_t)(1024 + i);
        make_datagram(&capture, &talk, true, bytes_of_text("!"));
        talk.client_port = 3478;
        talk.server_port = (uint16_t)(40000 + i);
        make_datagram(&capture, &talk, true, bytes_of_text("!"));
        capture.at_ns += 20 * MAKE_SECOND_NS;
    }
    assert_observes(&capture, RULE, "");
}

static void leaves_the_way_to_a_machine_being_traced_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    struct make_talk talk = OUTSIDE;
    for (uint16_t i = 0; i < 90; i++) {
        talk.server_port = (uint16_t)(33434 + i);
        make_datagram(&capture, &talk, true, bytes_of_text("?"));
    }
    assert_observes(&capture, RULE, "");
}

static void leaves_a_router_that_says_what_cannot_be_reached_alone(void **state)
{
    (void)state;
    struct make_capture capture = {0};
    make_open(&capture, 1);
    for (uint8_t i = 1; i <= 60; i++) {
        make_echo(&capture, INSIDE.server, (uint8_t[]){10, 0, 1, i}, 3);
    }
    assert_observes(&capture, RULE, "");
}

/* ---- lines of packet filters ---- */

struct lines {
    struct text text;
    unsigned minute;
};

static void add_line(struct lines *lines, const char *rule, const char *from, const char *to,
                     const char *rest)
{
    unsigned at = lines->minute++;
    text_addf(&lines->text,
              "Mar %2u %02u:%02u:00 gate kernel: [  %u.5] %sIN=eth0 OUT= MAC=0 SRC=%s DST=%s "
              "LEN=44 TTL=240 ID=1 %s URGP=0 \n",
              3 + at / 1440, at / 60 % 24, at % 60, at, rule, from, to, rest);
}

static void add_tcp(struct lines *lines, const char *rule, const char *from, const char *to,
                    unsigned port)
{
    char rest[100];
    (void)snprintf(rest, sizeof rest, "PROTO=TCP SPT=55000 DPT=%u WINDOW=1024 RES=0x00 SYN",
                   port);
    add_line(lines, rule, from, to, rest);
}

static void assert_lines_say(struct lines *lines, const char *expected)
{
    assert_says(text_terminated(&lines->text), RULE, expected);
    text_done(&lines->text);
}

static struct lines open_lines(void)
{
    return (struct lines){.text = text_of_limit(4U << 20)};
}

static void finds_a_scan_that_the_packet_filter_stopped(void **state)
{
    (void)state;
    struct lines lines = open_lines();
    for (unsigned i = 0; i < 20; i++) {
        add_tcp(&lines, "[UFW BLOCK] ", "203.0.113.9", "192.0.2.5", 8000 + i);
    }
    assert_lines_say(&lines, RULE
                     " low 0.90 T1595.001 address/source=203.0.113.9 "
                     "address/victim=192.0.2.5 try_count:20 port_count:20 "
                     "scanned_machine_count:1 partly_scanned_machine_count:1 "
                     "duration:1140000000000 port_threshold:20 machine_threshold:30 @1 @20\n");
}

static void finds_a_sweep_that_the_packet_filter_stopped(void **state)
{
    (void)state;
    struct lines lines = open_lines();
    for (unsigned i = 0; i < 30; i++) {
        char to[40];
        (void)snprintf(to, sizeof to, "10.1.0.%u", i + 1);
        add_line(&lines, "fw-in DROP: ", "10.0.0.66", to, "PROTO=ICMP TYPE=8 CODE=0");
    }
    assert_lines_say(&lines, RULE " low 0.80 T1018 address/source=10.0.0.66 try_count:30 "
                                  "machine_count:30 swept_port_count:1 from_inside:1 "
                                  "duration:1740000000000 port_threshold:20 "
                                  "machine_threshold:30 swept_protocol:icmp @1 @30\n");
}

static void takes_low_ports_where_no_word_says_what_was_done(void **state)
{
    (void)state;
    struct lines lines = open_lines();
    for (unsigned i = 0; i < 20; i++) {
        add_tcp(&lines, "NEW: ", "203.0.113.9", "192.0.2.5", 20 + i);
    }
    assert_lines_say(&lines, RULE
                     " low 0.90 T1595.001 address/source=203.0.113.9 "
                     "address/victim=192.0.2.5 try_count:20 port_count:20 "
                     "scanned_machine_count:1 partly_scanned_machine_count:1 "
                     "duration:1140000000000 port_threshold:20 machine_threshold:30 @1 @20\n");
}

static void leaves_a_log_of_all_new_connections_alone(void **state)
{
    (void)state;
    struct lines lines = open_lines();
    for (unsigned i = 0; i < 120; i++) {
        char to[40];
        (void)snprintf(to, sizeof to, "198.51.100.%u", i + 1);
        add_tcp(&lines, "NEW: ", "10.0.0.66", to, 443);                /* a busy client */
        add_tcp(&lines, "NEW: ", "10.0.0.67", "192.0.2.5", 40000 + i); /* passive FTP */
    }
    assert_lines_say(&lines, "");
}

/* Each of the words that say that a packet was let through. */
static void leaves_what_was_let_through_alone(void **state)
{
    (void)state;
    static const char *const rules[] = {"[UFW ALLOW] ", "ACCEPT ", "in-pass ", "permitted "};
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++) {
        struct lines lines = open_lines();
        char to[40];
        for (unsigned i = 0; i < 20; i++) {
            (void)snprintf(to, sizeof to, "198.51.100.%u", i + 1);
            add_tcp(&lines, rules[k], "10.0.0.66", to, 443);
        }
        for (unsigned i = 0; i < 38; i++) { /* a list of what nobody may reach */
            (void)snprintf(to, sizeof to, "203.0.113.%u", i + 1);
            add_tcp(&lines, "[UFW BLOCK] ", "10.0.0.66", to, 443);
        }
        assert_lines_say(&lines, "");
    }
}

/* Each of the words that say that a packet was stopped. */
static void knows_the_words_for_what_was_stopped(void **state)
{
    (void)state;
    static const char *const rules[] = {"[UFW BLOCK] ", "DROP ",    "denied: ", "REJECT: ",
                                        "refused ",     "DISCARD ", "INVALID ", "illegal "};
    for (size_t k = 0; k < sizeof rules / sizeof *rules; k++) {
        struct lines lines = open_lines();
        for (unsigned i = 0; i < 20; i++) {
            add_tcp(&lines, rules[k], "203.0.113.9", "192.0.2.5", 8000 + i);
        }
        struct examine examine;
        examine_text(&examine, text_bytes(&lines.text));
        assert_int_equal(examine.examination.finding_count, 1);
        examine_done(&examine);
        text_done(&lines.text);
    }
}

static void leaves_late_answers_alone(void **state)
{
    (void)state;
    struct lines lines = open_lines();
    for (unsigned i = 0; i < 60; i++) {
        char rest[100];
        (void)snprintf(rest, sizeof rest, "PROTO=TCP SPT=443 DPT=%u WINDOW=0 RES=0x00 ACK RST",
                       40000 + i);
        add_line(&lines, "[UFW BLOCK] ", "203.0.113.9", "192.0.2.5", rest);
        (void)snprintf(rest, sizeof rest, "PROTO=TCP SPT=443 DPT=%u WINDOW=0 RES=0x00 ACK SYN",
                       40000 + i);
        add_line(&lines, "[UFW BLOCK] ", "203.0.113.9", "192.0.2.5", rest);
        (void)snprintf(rest, sizeof rest, "PROTO=UDP SPT=53 DPT=%u LEN=60", 40000 + i);
        add_line(&lines, "[UFW BLOCK] ", "203.0.113.9", "192.0.2.5", rest);
        (void)snprintf(rest, sizeof rest, "PROTO=UDP SPT=5000 DPT=%u LEN=60", 33434 + i);
        add_line(&lines, "[UFW BLOCK] ", "203.0.113.9", "192.0.2.5", rest);
        add_line(&lines, "[UFW BLOCK] ", "203.0.113.9", "224.0.0.1", "PROTO=2");
    }
    assert_lines_say(&lines, "");
}

static void a_flood_of_sources_hides_no_scan_that_goes_on_and_is_said(void **state)
{
    (void)state;
    struct lines lines = open_lines();
    for (unsigned i = 0; i < 6000; i++) {
        char from[40];
        (void)snprintf(from, sizeof from, "198.18.%u.%u", i / 250, i % 250 + 1);
        add_tcp(&lines, "[UFW BLOCK] ", from, "192.0.2.5", 445);
        if (i % 100 == 0) {
            add_tcp(&lines, "[UFW BLOCK] ", "203.0.113.9", "192.0.2.5", 8000 + i / 100);
        }
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&lines.text));
    assert_int_equal(examine.examination.finding_count, 1);
    assert_true(coverage_count_get(&examine.examination.coverage,
                                   "sources of scans given up before they could be judged") >
                0);
    examine_done(&examine);
    text_done(&lines.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_many_closed_ports_of_one_machine),
        cmocka_unit_test(leaves_a_client_with_a_few_closed_ports_alone),
        cmocka_unit_test(is_low_from_the_internet_until_a_machine_was_gone_through),
        cmocka_unit_test(finds_packets_that_belong_to_no_connection),
        cmocka_unit_test(finds_one_port_tried_on_many_machines),
        cmocka_unit_test(a_sweep_of_the_internet_is_low_until_it_is_large),
        cmocka_unit_test(finds_datagrams_that_nothing_answers),
        cmocka_unit_test(finds_who_asks_which_addresses_have_a_machine),
        cmocka_unit_test(finds_a_few_ports_of_several_machines),
        cmocka_unit_test(finds_a_scan_that_takes_days),
        cmocka_unit_test(leaves_a_crowd_behind_one_address_alone),
        cmocka_unit_test(leaves_a_monitoring_system_alone_when_what_it_watches_goes_down),
        cmocka_unit_test(leaves_health_checks_alone),
        cmocka_unit_test(leaves_file_sharing_with_dead_peers_alone),
        cmocka_unit_test(leaves_a_resolver_alone),
        cmocka_unit_test(leaves_resets_for_connections_long_over_alone),
        cmocka_unit_test(leaves_answers_to_questions_that_were_not_seen_alone),
        cmocka_unit_test(leaves_the_way_to_a_machine_being_traced_alone),
        cmocka_unit_test(leaves_a_router_that_says_what_cannot_be_reached_alone),
        cmocka_unit_test(finds_a_scan_that_the_packet_filter_stopped),
        cmocka_unit_test(finds_a_sweep_that_the_packet_filter_stopped),
        cmocka_unit_test(takes_low_ports_where_no_word_says_what_was_done),
        cmocka_unit_test(leaves_a_log_of_all_new_connections_alone),
        cmocka_unit_test(leaves_what_was_let_through_alone),
        cmocka_unit_test(knows_the_words_for_what_was_stopped),
        cmocka_unit_test(leaves_late_answers_alone),
        cmocka_unit_test(a_flood_of_sources_hides_no_scan_that_goes_on_and_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
