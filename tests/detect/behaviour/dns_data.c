#include "detect/behaviour/behaviour.h"

#include "base/number.h"
#include "detect/behaviour/name_talk.h"

#include <limits.h>
#include <stdio.h>

#define RULE "behaviour/dns-data"

/* What is said begins so. */
static void assert_raises(struct name_talk *talk, const char *expected)
{
    assert_observes_one(&talk->capture, RULE, expected);
}

static void assert_quiet(struct name_talk *talk)
{
    assert_observes(&talk->capture, RULE, "");
}

/* Nothing above low. */
static void assert_low_at_most(struct name_talk *talk)
{
    struct text AUTO(text_done) said = observe_lines(&talk->capture, RULE);
    if (said.size > 0 && !bytes_starts(text_bytes(&said), RULE " low")) {
        fail_msg("said: %s", text_terminated(&said));
    }
}

/* A name of `labels` labels of `size` letters each, then `zone`. */
static void add_name(struct name_talk *talk, struct text *name, const char *alphabet,
                     size_t labels, size_t size, const char *zone)
{
    text_clear(name);
    for (size_t i = 0; i < labels; i++) {
        talk_letters(talk, name, alphabet, size);
        text_add(name, ".");
    }
    text_add(name, zone);
}

/* What a table of lookups says: so many names of that shape, each answered so. */
struct series {
    unsigned count;
    int64_t seconds; /* between them */
    const char *alphabet;
    size_t labels;
    size_t size;
    const char *zone;
    unsigned type;
    size_t answer_size; /* bytes by chance; 0: `answer`, or none */
    const char *answer;
    unsigned code;
};

static void make_series(struct name_talk *talk, const struct series *series)
{
    for (unsigned i = 0; i < series->count; i++) {
        struct text AUTO(text_done) name = text_of_limit(512);
        struct text AUTO(text_done) data = text_of_limit(512);
        add_name(talk, &name, series->alphabet, series->labels, series->size, series->zone);
        if (series->answer_size > 0 && series->type == TYPE_TXT) {
            text_add_byte(&data, (char)series->answer_size);
        }
        for (size_t k = 0; k < series->answer_size; k++) {
            text_add_byte(&data, (char)observe_random(&talk->seed));
        }
        if (series->answer_size == 0 && series->answer != NULL) {
            text_add(&data, series->answer);
        }
        talk_lookup(talk, text_terminated(&name), series->type, text_bytes(&data),
                    series->code);
        talk_wait(talk, series->seconds);
    }
}

/* ---- what carries data ---- */

static void finds_text_answers_that_are_ever_new(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    make_series(&talk, &(struct series){.count = 60,
                                        .seconds = 60,
                                        .alphabet = BASE32,
                                        .labels = 1,
                                        .size = 30,
                                        .zone = "t.Example.test",
                                        .type = TYPE_TXT,
                                        .answer_size = 100});
    assert_raises(&talk, RULE " medium 0.75 T1071.004 T1048.003 address/victim=10.0.0.5 "
                              "name/controller=t.example.test contact_count:54 ");
}

static void finds_much_data_to_be_worse(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    make_series(&talk, &(struct series){.count = 300,
                                        .alphabet = HEXADECIMAL,
                                        .labels = 3,
                                        .size = 50,
                                        .zone = "t.example.test",
                                        .type = TYPE_TXT,
                                        .answer_size = 200});
    assert_raises(&talk, RULE " high 0.85 T1071.004 T1048.003 ");
}

static void finds_data_in_long_names_that_nobody_answers(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    for (unsigned i = 0; i < 120; i++) {
        struct text AUTO(text_done) name = text_of_limit(512);
        add_name(&talk, &name, BASE32, 1, 60, "t.example.test");
        talk_ask(&talk, text_terminated(&name), TYPE_A);
        talk_wait(&talk, 30);
    }
    assert_raises(&talk, RULE " medium 0.65 T1048.003 T1071.004 address/victim=10.0.0.5 "
                              "name/controller=t.example.test ");
}

static void finds_data_in_long_names_that_do_not_exist(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    make_series(&talk, &(struct series){.count = 100,
                                        .seconds = 5,
                                        .alphabet = HEXADECIMAL,
                                        .labels = 3,
                                        .size = 50,
                                        .zone = "t.example.test",
                                        .type = TYPE_A,
                                        .code = CODE_MISSING});
    assert_raises(&talk, RULE " medium 0.65 T1048.003 T1071.004 ");
}

static void finds_very_many_short_names(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    make_series(&talk, &(struct series){.count = 400,
                                        .seconds = 3,
                                        .alphabet = BASE64,
                                        .labels = 1,
                                        .size = 16,
                                        .zone = "t.example.test",
                                        .type = TYPE_A,
                                        .answer = "\xc6\x33\x64\x01"});
    assert_raises(&talk, RULE " medium 0.50 T1048.003 T1071.004 ");
}

static void finds_very_many_names_that_do_not_exist(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    make_series(&talk, &(struct series){.count = 400,
                                        .seconds = 3,
                                        .alphabet = HEXADECIMAL,
                                        .labels = 1,
                                        .size = 30,
                                        .zone = "t.example.test",
                                        .type = TYPE_A,
                                        .code = CODE_MISSING});
    assert_raises(&talk, RULE " medium 0.50 T1048.003 T1071.004 ");
}

static void finds_types_nobody_has_a_use_for(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    for (unsigned i = 0; i < 60; i++) {
        struct text AUTO(text_done) name = text_of_limit(256);
        text_addf(&name, "p%u.t.example.test", i);
        talk_ask(&talk, text_terminated(&name), TYPE_NULL);
        talk_wait(&talk, 1);
    }
    assert_raises(&talk, RULE " medium 0.75 ");
}

static void finds_addresses_that_are_none(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    make_series(&talk, &(struct series){.count = 120,
                                        .seconds = 1,
                                        .alphabet = BASE32,
                                        .labels = 1,
                                        .size = 10,
                                        .zone = "t.example.test",
                                        .type = TYPE_AAAA,
                                        .answer_size = 16});
    assert_raises(&talk, RULE " medium 0.70 ");
}

static void takes_the_zone_below_which_names_fan_out(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    static const char *const shops[] = {"garden", "bakery", "hotel",  "school", "travel",
                                        "coffee", "books",  "market", "health", "flowers"};
    for (unsigned i = 0; i < 100; i++) {
        struct text AUTO(text_done) name = text_of_limit(256);
        text_addf(&name, "%s%s.co.test", shops[i % 10], shops[i / 10]);
        talk_lookup(&talk, text_terminated(&name), TYPE_A, bytes_of_text("\xc6\x33\x64\x07"),
                    0);
        add_name(&talk, &name, BASE32, 1, 60, "drop.co.test");
        talk_lookup(&talk, text_terminated(&name), TYPE_A, bytes_of_text("\xc6\x33\x64\x01"),
                    0);
    }
    assert_raises(&talk, RULE " medium 0.65 T1048.003 T1071.004 address/victim=10.0.0.5 "
                              "name/controller=drop.co.test ");
}

static void takes_labels_of_sessions_as_part_of_what_is_carried(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    for (unsigned i = 0; i < 200; i++) {
        struct text AUTO(text_done) zone = text_of_limit(256);
        text_addf(&zone, "s%u.t.example.test", i % 5);
        struct text AUTO(text_done) name = text_of_limit(256);
        add_name(&talk, &name, BASE32, 1, 55, text_terminated(&zone));
        talk_ask(&talk, text_terminated(&name), TYPE_A);
    }
    assert_raises(&talk, RULE " medium 0.65 T1048.003 T1071.004 address/victim=10.0.0.5 "
                              "name/controller=t.example.test ");
}

static void finds_data_by_the_questions_that_a_name_server_logged(void **state)
{
    (void)state;
    struct name_talk talk = {.seed = 9};
    struct text AUTO(text_done) log = text_of_limit(1U << 20);
    for (unsigned i = 0; i < 150; i++) {
        text_addf(&log, "Mar  3 02:%02u:%02u ns dnsmasq[411]: query[TXT] ", i / 60, i % 60);
        talk_letters(&talk, &log, BASE32, 36);
        text_add(&log, ".t.example.test from 10.0.0.5\n");
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&log));
    assert_true(bytes_contains(text_bytes(&examine.said),
                               RULE " medium 0.55 T1048.003 T1071.004 "
                                    "address/victim=10.0.0.5 name/controller=t.example.test "));
    examine_done(&examine);
}

/* ---- ordinary twins ---- */

static void leaves_names_of_a_cloud_alone(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    for (unsigned i = 0; i < 500; i++) { /* by two types, each name twice, addresses in use */
        uint32_t seed = i % 250 + 1;
        struct name_talk again = {.seed = seed * 7919};
        struct text AUTO(text_done) name = text_of_limit(256);
        add_name(&again, &name, BASE32, 1, 13, "cloud.test");
        uint8_t address[4] = {203, 0, 113, (uint8_t)(i % 200)};
        talk_lookup(&talk, text_terminated(&name), TYPE_A, (struct bytes){address, 4}, 0);
        talk_lookup(&talk, text_terminated(&name), TYPE_AAAA, BYTES_NONE, 0);
        talk_wait(&talk, 5);
    }
    assert_quiet(&talk);
}

static void takes_long_names_with_addresses_of_their_own_for_machines(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    for (unsigned i = 0; i < 200; i++) {
        struct text AUTO(text_done) name = text_of_limit(256);
        add_name(&talk, &name, BASE32, 1, 45, "balancer.test");
        uint8_t address[4] = {52, (uint8_t)i, 7, (uint8_t)(i * 31)};
        talk_lookup(&talk, text_terminated(&name), TYPE_A, (struct bytes){address, 4}, 0);
        talk_wait(&talk, 3);
    }
    assert_low_at_most(&talk);
}

static void takes_names_whose_addresses_are_then_used_for_machines(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    for (unsigned i = 0; i < 400; i++) {
        struct text AUTO(text_done) name = text_of_limit(256);
        add_name(&talk, &name, BASE32, 1, 20, "probe.test");
        talk_lookup(&talk, text_terminated(&name), TYPE_A, bytes_of_text("\xc6\x33\x64\x09"),
                    0);
        struct make_talk visit = {.client = {10, 0, 0, 5},
                                  .server = {198, 51, 100, 9},
                                  .client_port = (uint16_t)(30000 + i),
                                  .server_port = 443};
        make_exchange(&talk.capture, visit, 100, 500);
        talk_wait(&talk, 4);
    }
    assert_low_at_most(&talk);
}

static void leaves_the_reputation_of_files_low(void **state)
{
    (void)state;
    static const struct series lookups[] = {
        {.count = 400,
         .alphabet = HEXADECIMAL,
         .labels = 2,
         .size = 32,
         .zone = "rep.test",
         .type = TYPE_A,
         .answer = "\xc6\x33\x64\x07"},
        {.count = 400,
         .alphabet = HEXADECIMAL,
         .labels = 1,
         .size = 32,
         .zone = "rep.test",
         .type = TYPE_TXT,
         .answer_size = 12},
        {.count = 400,
         .alphabet = BASE32,
         .labels = 2,
         .size = 26,
         .zone = "rep.test",
         .type = TYPE_A,
         .code = CODE_MISSING},
        {.count = 400,
         .alphabet = BASE32,
         .labels = 2,
         .size = 30,
         .zone = "rep.test",
         .type = TYPE_A,
         .answer = "\x7f\x01\x03\x02"},
    };
    for (size_t i = 0; i < sizeof lookups / sizeof *lookups; i++) {
        struct name_talk talk;
        talk_open(&talk);
        make_series(&talk, &lookups[i]);
        assert_low_at_most(&talk);
    }
}

static void takes_a_few_short_answers_for_outcomes_of_a_lookup(void **state)
{
    (void)state;
    static const char *const outcomes[] = {"\x02h1", "\x02u0", "\x02i4"};
    struct name_talk talk;
    talk_open(&talk);
    for (unsigned i = 0; i < 200; i++) {
        struct text AUTO(text_done) name = text_of_limit(256);
        add_name(&talk, &name, BASE32, 2, 20 + observe_random(&talk.seed) % 20, "rep.test");
        talk_lookup(&talk, text_terminated(&name), TYPE_TXT, bytes_of_text(outcomes[i % 3]), 0);
    }
    assert_low_at_most(&talk);
}

static void leaves_blocklists_and_reverse_lookups_alone(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    for (unsigned i = 0; i < 400; i++) {
        struct text AUTO(text_done) name = text_of_limit(256);
        for (unsigned k = 0; k < 4; k++) {
            text_addf(&name, "%u.", observe_random(&talk.seed) % 256);
        }
        size_t address = name.size;
        text_add(&name, "zen.blocklist.test");
        talk_lookup(&talk, text_terminated(&name), TYPE_TXT, BYTES_NONE, CODE_MISSING);
        text_cut(&name, address);
        text_add(&name, "in-addr.arpa");
        talk_lookup(&talk, text_terminated(&name), 12, BYTES_NONE, CODE_MISSING);
    }
    assert_quiet(&talk);
}

static void leaves_a_mail_server_alone(void **state)
{
    (void)state;
    static const char *const words[] = {"garden", "bakery", "hotel",  "school", "travel",
                                        "coffee", "books",  "market", "health", "flowers"};
    struct name_talk talk;
    talk_open(&talk);
    for (unsigned i = 0; i < 100; i++) {
        struct text AUTO(text_done) name = text_of_limit(256);
        text_addf(&name, "_dmarc.%s%s.co.test", words[i % 10], words[i / 10]);
        struct text AUTO(text_done) data = text_of_limit(256);
        text_addf(&data, "%cv=DMARC1; p=none; rua=mailto:d%u@mail.test", 38 + (i > 9), i);
        talk_lookup(&talk, text_terminated(&name), TYPE_TXT, text_bytes(&data), 0);
        add_name(&talk, &name, BASE32, 1, 32, "keys.mailer.test");
        text_clear(&data);
        text_add(&data, "\x6ap=");
        talk_letters(&talk, &data, BASE64, 104);
        talk_lookup(&talk, text_terminated(&name), TYPE_TXT, text_bytes(&data), 0);
    }
    assert_low_at_most(&talk);
}

static void leaves_the_probes_of_a_browser_alone(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    make_series(&talk, &(struct series){.count = 900,
                                        .seconds = 7,
                                        .alphabet = "abcdefghijklmnopqrstuvwxyz",
                                        .labels = 1,
                                        .size = 13,
                                        .zone = "corp.test",
                                        .type = TYPE_A,
                                        .code = CODE_MISSING});
    assert_quiet(&talk);
}

static void leaves_one_name_for_ever_alone(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    for (unsigned i = 0; i < 500; i++) {
        talk_lookup(&talk, "q7x2k9z4w8v3.status.service.test", TYPE_TXT,
                    bytes_of_text("\x02ok"), 0);
        talk_wait(&talk, 60);
    }
    assert_quiet(&talk);
}

static void counts_less_what_several_clients_do_alike(void **state)
{
    (void)state;
    struct name_talk talk;
    talk_open(&talk);
    for (uint8_t client = 1; client <= 3; client++) {
        talk.talk.client[3] = client + 10;
        make_series(&talk, &(struct series){.count = 100,
                                            .alphabet = BASE32,
                                            .labels = 1,
                                            .size = 50,
                                            .zone = "agent.test",
                                            .type = TYPE_A,
                                            .answer = "\xc6\x33\x64\x07"});
    }
    struct text AUTO(text_done) said = observe_lines(&talk.capture, RULE);
    assert_true(bytes_starts(text_bytes(&said), RULE " low 0.30"));
    assert_false(bytes_contains(text_bytes(&said), " medium "));
}

static void says_which_zones_it_gave_up(void **state)
{
    (void)state;
    struct text AUTO(text_done) log = text_of_limit(16U << 20);
    for (unsigned i = 0; i < 2100; i++) {
        for (unsigned k = 0; k < 12; k++) {
            text_addf(&log,
                      "Mar  3 02:00:00 ns dnsmasq[411]: query[A] h%u-%u.zone%u.test from "
                      "10.0.0.5\n",
                      k * 7919, i, i);
        }
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&log));
    assert_in_range(coverage_count_get(&examine.examination.coverage,
                                       "zones of names given up before they could be judged"),
                    30, 200);
    examine_done(&examine);
}

/* Digests of the sizes that there are, in the three ways to write them. */
static void takes_names_as_long_as_a_digest_for_lookups(void **state)
{
    (void)state;
    static const struct {
        const char *alphabet;
        size_t labels;
        size_t size;
    } rows[] = {
        {HEXADECIMAL, 1, 32}, {HEXADECIMAL, 1, 40}, {HEXADECIMAL, 1, 56}, {HEXADECIMAL, 2, 32},
        {HEXADECIMAL, 4, 32}, {BASE32, 1, 26},      {BASE32, 1, 32},      {BASE32, 1, 52},
        {BASE64, 1, 22},      {BASE64, 1, 27},      {BASE64, 1, 43},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (size_t more = 0; more < 3; more += 2) { /* two letters more are no digest */
            struct name_talk talk;
            talk_open(&talk);
            make_series(&talk, &(struct series){.count = 400,
                                                .alphabet = rows[i].alphabet,
                                                .labels = rows[i].labels,
                                                .size = rows[i].size + more,
                                                .zone = "rep.test",
                                                .type = TYPE_A,
                                                .answer = "\xc6\x33\x64\x07"});
            assert_raises(&talk, more == 0 ? RULE " low 0.30" : RULE " medium");
        }
    }
}

static void takes_keys_and_policies_of_mail_for_what_they_are(void **state)
{
    (void)state;
    static const char *const starts[] = {
        "v=spf1 ip4:", "v=DKIM1; p=",  "p=",           "k=rsa; p=",
        "v=DMARC1; ",  "v=STSv1; id=", "v=TLSRPTv1; ", "x=1"};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        struct name_talk talk;
        talk_open(&talk);
        for (unsigned k = 0; k < 60; k++) {
            struct text AUTO(text_done) name = text_of_limit(256);
            struct text AUTO(text_done) data = text_of_limit(256);
            add_name(&talk, &name, BASE32, 1, 12, "keys.mailer.test");
            text_add_byte(&data, (char)(strlen(starts[i]) + 100));
            text_add(&data, starts[i]);
            talk_letters(&talk, &data, BASE64, 100);
            talk_lookup(&talk, text_terminated(&name), TYPE_TXT, text_bytes(&data), 0);
        }
        assert_raises(&talk, i == 7 ? RULE " medium 0.75" : RULE " low 0.30");
    }
}

static void leaves_a_log_of_ordinary_questions_alone(void **state)
{
    (void)state;
    static const char *const words[] = {"garden", "bakery", "hotel",  "school", "travel",
                                        "coffee", "books",  "market", "health", "flowers"};
    uint32_t seed = 4;
    struct text AUTO(text_done) log = text_of_limit(4U << 20);
    for (unsigned i = 0; i < 4000; i++) {
        const char *word = words[observe_random(&seed) % 10];
        unsigned number = observe_random(&seed) % 300;
        text_addf(&log, "Mar  3 %02u:%02u:%02u ns dnsmasq[411]: query[%s] ", i / 1000 + 2,
                  i / 17 % 60, i % 60, i % 2 == 0 ? "A" : "AAAA");
        i % 5 == 0 ? text_addf(&log, "d%xq%ux%uz.cloud.test", number * 7919, number, number % 7)
        : i % 5 == 1 ? text_addf(&log, "%u.2.0.192.in-addr.arpa", number % 256)
        : i % 5 == 2 ? text_addf(&log, "node-%05u.rack%u.cluster.test", number, number % 9)
                     : text_addf(&log, "www.%s%u.co.test", word, number % 50);
        text_add(&log, " from 10.0.0.5\n");
    }
    struct examine examine;
    examine_text(&examine, text_bytes(&log));
    assert_false(bytes_contains(text_bytes(&examine.said), RULE));
    examine_done(&examine);
}

/* ---- how finding falls off ---- */

/* The fewest names, of those tried, at which it is found at medium; 0: not at any. */
static unsigned names_needed(size_t size, size_t answer_size)
{
    static const unsigned counts[] = {20, 32, 48, 64, 128, 320, 640, 1280};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        struct name_talk talk;
        talk_open(&talk);
        for (unsigned k = 0; k < counts[i]; k++) {
            struct text AUTO(text_done) name = text_of_limit(512);
            struct text AUTO(text_done) data = text_of_limit(512);
            for (size_t left = size; left > 0; left -= number_least(left, 50)) {
                talk_letters(&talk, &name, BASE32, number_least(left, 50));
                text_add(&name, ".");
            }
            text_add(&name, "t.example.test");
            if (answer_size > 0) {
                text_add_byte(&data, (char)answer_size);
                talk_letters(&talk, &data, BASE64, answer_size);
            } else {
                text_add(&data, "\xc6\x33\x64\x07");
            }
            talk_lookup(&talk, text_terminated(&name), answer_size > 0 ? TYPE_TXT : TYPE_A,
                        text_bytes(&data), 0);
            talk_wait(&talk, 60);
        }
        struct text AUTO(text_done) said = observe_lines(&talk.capture, RULE);
        if (bytes_starts(text_bytes(&said), RULE " medium")) {
            return counts[i];
        }
    }
    return 0;
}

/* docs/decisions/0091 shows what this prints. */
static void needs_fewer_names_the_more_each_of_them_carries(void **state)
{
    (void)state;
    static const size_t sizes[] = {6, 10, 14, 20, 30, 45, 90, 180};
    static const size_t answers[] = {0, 12, 60, 200};
    printf("letters a name   names needed, by bytes of each answer\n%16s", "");
    for (size_t k = 0; k < sizeof answers / sizeof *answers; k++) {
        printf("%6zu", answers[k]);
    }
    unsigned before[4] = {UINT_MAX, UINT_MAX, UINT_MAX, UINT_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        printf("\n%16zu", sizes[i]);
        for (size_t k = 0; k < sizeof answers / sizeof *answers; k++) {
            unsigned needed = names_needed(sizes[i], answers[k]);
            printf("%6u", needed);
            needed = needed == 0 ? UINT_MAX : needed;
            assert_true(needed <= before[k]);
            before[k] = needed;
        }
    }
    printf("\n");
    assert_true(before[0] <= 48 && before[3] <= 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_text_answers_that_are_ever_new),
        cmocka_unit_test(finds_much_data_to_be_worse),
        cmocka_unit_test(finds_data_in_long_names_that_nobody_answers),
        cmocka_unit_test(finds_data_in_long_names_that_do_not_exist),
        cmocka_unit_test(finds_very_many_short_names),
        cmocka_unit_test(finds_very_many_names_that_do_not_exist),
        cmocka_unit_test(finds_types_nobody_has_a_use_for),
        cmocka_unit_test(finds_addresses_that_are_none),
        cmocka_unit_test(takes_the_zone_below_which_names_fan_out),
        cmocka_unit_test(takes_labels_of_sessions_as_part_of_what_is_carried),
        cmocka_unit_test(finds_data_by_the_questions_that_a_name_server_logged),
        cmocka_unit_test(leaves_names_of_a_cloud_alone),
        cmocka_unit_test(takes_long_names_with_addresses_of_their_own_for_machines),
        cmocka_unit_test(takes_names_whose_addresses_are_then_used_for_machines),
        cmocka_unit_test(leaves_the_reputation_of_files_low),
        cmocka_unit_test(takes_a_few_short_answers_for_outcomes_of_a_lookup),
        cmocka_unit_test(leaves_blocklists_and_reverse_lookups_alone),
        cmocka_unit_test(leaves_a_mail_server_alone),
        cmocka_unit_test(leaves_the_probes_of_a_browser_alone),
        cmocka_unit_test(leaves_one_name_for_ever_alone),
        cmocka_unit_test(counts_less_what_several_clients_do_alike),
        cmocka_unit_test(says_which_zones_it_gave_up),
        cmocka_unit_test(takes_names_as_long_as_a_digest_for_lookups),
        cmocka_unit_test(takes_keys_and_policies_of_mail_for_what_they_are),
        cmocka_unit_test(leaves_a_log_of_ordinary_questions_alone),
        cmocka_unit_test(needs_fewer_names_the_more_each_of_them_carries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
