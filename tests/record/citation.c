#include "record/citation.h"

#include "check.h"

static void assert_encoded(struct bytes raw, const char *name, const char *path)
{
    AUTO(text_done) struct text text = text_of_limit(1000);
    citation_add_name(&text, raw);
    assert_string_equal(text_terminated(&text), name);
    text_clear(&text);
    citation_add_path(&text, raw);
    assert_string_equal(text_terminated(&text), path);
}

static void reads_every_kind_of_place(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        const char *subject;
        struct place place;
    } cases[] = {
        {"drop.sh", "drop.sh", {PLACE_WHOLE, 0, 0, 0}},
        {"auth.log:1041", "auth.log", {PLACE_LINES, 0, 1041, 1041}},
        {"logs/auth.log:88-399", "logs/auth.log", {PLACE_LINES, 0, 88, 399}},
        {"a.gz!/a:1", "a.gz!/a", {PLACE_LINES, 0, 1, 1}},
        {"c.pcap#frame=312", "c.pcap", {PLACE_FRAME, 0, 312, 312}},
        {"c.pcap#flow=77", "c.pcap", {PLACE_FLOW, 0, 77, 77}},
        {"s.evtx#record=88213", "s.evtx", {PLACE_RECORD, 0, 88213, 88213}},
        {"drop.sh@0x1f4+37", "drop.sh", {PLACE_BYTES, 0, 0x1f4, 37}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct citation citation;
        assert_ok(citation_read(bytes_of_text(cases[i].word), &citation));
        assert_int_equal(citation.kind, CITATION_EVIDENCE);
        assert_bytes(citation.subject, cases[i].subject);
        assert_int_equal(place_compare(&citation.place, &cases[i].place), 0);
        AUTO(text_done) struct text text = text_of_limit(1000);
        citation_add(&text, &citation);
        assert_string_equal(text_terminated(&text), cases[i].word);
    }
}

static void reads_what_is_not_a_place(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum citation_kind kind;
        const char *subject;
    } cases[] = {
        {"coverage:auth.log", CITATION_COVERAGE, "auth.log"},
        {"coverage:a.gz!/a", CITATION_COVERAGE, "a.gz!/a"},
        {"attack:T1110.001", CITATION_KNOWLEDGE, "attack:T1110.001"},
        {"kev:CVE-2021-44228", CITATION_KNOWLEDGE, "kev:CVE-2021-44228"},
        {"playbook:guessed-password#2", CITATION_KNOWLEDGE, "playbook:guessed-password#2"},
        {"site:web01", CITATION_SITE, "web01"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct citation citation;
        assert_ok(citation_read(bytes_of_text(cases[i].word), &citation));
        assert_int_equal(citation.kind, cases[i].kind);
        assert_bytes(citation.subject, cases[i].subject);
        AUTO(text_done) struct text text = text_of_limit(1000);
        citation_add(&text, &citation);
        assert_string_equal(text_terminated(&text), cases[i].word);
    }
}

static void one_place_has_one_citation(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        ":1",
        "a:",
        "a:01",
        "a:0x1",
        "a:5-3",
        "a:3-3",
        "a:1-",
        "a:-1",
        "a:1 ",
        "a: 1",
        "a:1:2",
        "a#frame=",
        "a#frame=1-2",
        "a#other=1",
        "a@0x1",
        "a@0x1+",
        "a@0X1+2",
        "a@0x01+2",
        "a@0xA+2",
        "a@1+2",
        "a%2",
        "a%zz",
        "a%61",
        "a%2f",
        "a%0a",
        "a b",
        "a!b",
        "a!/",
        "!/a",
        "a!/!/b",
        "attack",
        "coverage",
        "coverage:",
        "attack:",
        "attack:a b",
        "site:a b",
        "a\nb",
        "a\xff",
        "a\xe2\x80\xae",
        "\"a\"",
        "a,b",
        "a:18446744073709551616",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct citation citation = {.subject = bytes_of_text("untouched")};
        assert_status(citation_read(bytes_of_text(wrong[i]), &citation), STATUS_MALFORMED);
        assert_bytes(citation.subject, "untouched");
    }
}

static void names_become_one_visible_word(void **state)
{
    (void)state;
    assert_encoded(bytes_of_text("my file.log"), "my%20file.log", "my%20file.log");
    assert_encoded(bytes_of_text("logs/Gr\xc3\xbc\xc3\x9f"
                                 "e"),
                   "logs/Gr\xc3\xbc\xc3\x9f"
                   "e",
                   "logs/Gr\xc3\xbc\xc3\x9f"
                   "e");
    assert_encoded(bytes_of_text("%#@:!~,\"'`()[]{}<>\\"),
                   "%25%23%40%3A%21%7E%2C%22%27%60%28%29%5B%5D%7B%7D%3C%3E%5C",
                   "%25%23%40%3A%21%7E%2C%22%27%60%28%29%5B%5D%7B%7D%3C%3E%5C");
    assert_encoded(bytes_of_text("a\n\x1b\x7f"), "a%0A%1B%7F", "a%0A%1B%7F");
    assert_encoded(bytes_of_text("\xe2\x80\xae\xff"), "%E2%80%AE%FF", "%E2%80%AE%FF");
    assert_encoded((struct bytes){(const uint8_t *)"a\0", 2}, "a%00", "a%00");
}

static void reserved_words_begin_no_path(void **state)
{
    (void)state;
    assert_encoded(bytes_of_text("coverage"), "coverage", "%63overage");
    assert_encoded(bytes_of_text("site"), "site", "%73ite");
    assert_encoded(bytes_of_text("sites"), "sites", "sites");
    struct citation citation;
    assert_ok(citation_read(bytes_of_text("%73ite:3"), &citation));
    assert_int_equal(citation.kind, CITATION_EVIDENCE);
    assert_int_equal(citation.place.first, 3);
    assert_ok(citation_read(bytes_of_text("a.tar!/site:3"), &citation));
}

static void roots_of_one_name_keep_their_number(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        const char *path;
    } cases[] = {
        {"logs~2/auth.log", "logs~2/auth.log"},
        {"auth.log~12", "auth.log~12"},
        {"logs~2/a~2", "logs~2/a%7E2"},
        {"a~b~2/c", "a%7Eb~2/c"},
        {"logs~1/a", "logs%7E1/a"},
        {"logs~02/a", "logs%7E02/a"},
        {"logs~/a", "logs%7E/a"},
        {"~2/a", "%7E2/a"},
        {"site~2", "site~2"},
        {"a~99999999999999999999", "a%7E99999999999999999999"},
        {"a~2~", "a%7E2%7E"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done) struct text text = text_of_limit(100);
        citation_add_path(&text, bytes_of_text(cases[i].raw));
        assert_string_equal(text_terminated(&text), cases[i].path);
        struct citation citation;
        assert_ok(citation_read(text_bytes(&text), &citation));
        AUTO(text_done) struct text back = text_of_limit(100);
        assert_ok(citation_decode_name(citation.subject, &back));
        assert_string_equal(text_terminated(&back), cases[i].raw);
    }
    static const char *const wrong[] = {"logs%7E2/a", "logs~2/a~2", "logs~1",
                                        "a!/b~2",     "~2",         "coverage:logs%7E2"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct citation citation;
        assert_status(citation_read(bytes_of_text(wrong[i]), &citation), STATUS_MALFORMED);
    }
}

static void decoding_undoes_both_forms(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(100);
    assert_ok(citation_decode_name(bytes_of_text("my%20file%0A"), &text));
    assert_string_equal(text_terminated(&text), "my file\n");
    text_clear(&text);
    assert_ok(citation_decode_name(bytes_of_text("%73ite"), &text));
    assert_ok(citation_decode_name(bytes_of_text("site"), &text));
    assert_string_equal(text_terminated(&text), "sitesite");
    static const char *const wrong[] = {"%", "%2", "%61", "%0a", "a b", "%zz", "a\xff"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_status(citation_decode_name(bytes_of_text(wrong[i]), &text), STATUS_MALFORMED);
    }
    assert_string_equal(text_terminated(&text), "sitesite");
}

static void a_word_without_end_is_refused(void **state)
{
    (void)state;
    AUTO(text_done) struct text word = text_of_limit(CITATION_SIZE_MAX + 1);
    text_add_repeat(&word, "a", CITATION_SIZE_MAX);
    struct citation citation;
    assert_ok(citation_read(text_bytes(&word), &citation));
    text_add(&word, "a");
    assert_status(citation_read(text_bytes(&word), &citation), STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind_of_place),
        cmocka_unit_test(reads_what_is_not_a_place),
        cmocka_unit_test(one_place_has_one_citation),
        cmocka_unit_test(names_become_one_visible_word),
        cmocka_unit_test(reserved_words_begin_no_path),
        cmocka_unit_test(roots_of_one_name_keep_their_number),
        cmocka_unit_test(decoding_undoes_both_forms),
        cmocka_unit_test(a_word_without_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
