#include "explain/draft.h"

#include "explain/telling.h"

static struct citation line_of(const char *path, uint64_t first, uint64_t last)
{
    return (struct citation){.kind = CITATION_EVIDENCE,
                             .subject = bytes_of_text(path),
                             .place = {PLACE_LINES, 0, first, last}};
}

static struct citation frame_of(const char *path, uint64_t frame)
{
    return (struct citation){.kind = CITATION_EVIDENCE,
                             .subject = bytes_of_text(path),
                             .place = place_frame(0, frame)};
}

static void assert_basis(const struct basis *basis, const char *expected)
{
    AUTO(text_done) struct text said = text_of_limit(1000);
    for (size_t i = 0; i < basis->count; i++) {
        text_add(&said, i == 0 ? "" : " ");
        citation_add(&said, &basis->cites[i]);
    }
    assert_string_equal(text_terminated(&said), expected);
}

static void a_sentence_rests_on_each_place_once_and_on_few(void **state)
{
    (void)state;
    struct basis basis = {0};
    for (uint64_t i = 0; i < 10; i++) {
        struct citation citation = frame_of("x.pcap", i / 2);
        basis_add(&basis, &citation);
    }
    assert_basis(&basis, "x.pcap#frame=0 x.pcap#frame=1 x.pcap#frame=2 x.pcap#frame=3");
    assert_int_equal(basis.count, SENTENCE_CITES_MAX);
}

static void lines_of_one_file_become_a_range(void **state)
{
    (void)state;
    const struct reference cites[] = {
        {.citation = line_of("a.log", 88, 88)},   {.citation = line_of("b.log", 5, 5)},
        {.citation = line_of("a.log", 399, 399)}, {.citation = line_of("a.log", 12, 12)},
        {.citation = frame_of("a.log", 7)},
    };
    const struct report_finding finding = {.cites = cites, .cite_count = 5};
    struct basis basis = {0};
    basis_add_finding(&basis, &finding);
    assert_basis(&basis, "a.log:12-399 b.log:5 a.log#frame=7");
}

static void coverage_is_cited_by_path(void **state)
{
    (void)state;
    const struct report_evidence evidence = {.path = BYTES_LITERAL("a.log")};
    struct basis basis = {0};
    basis_add_coverage(&basis, &evidence);
    basis_add_coverage(&basis, &evidence);
    assert_basis(&basis, "coverage:a.log");
}

static void what_does_not_fit_is_not_said(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1U << 20);
    struct phrase_book book = {
        .phrases = tree_member(
            telling_yaml(arena,
                         "phrases:\n  a: \"first\"\n  b: \"{none}\"\n  group.a: third\n"),
            "phrases")};
    struct slots slots = {.arena = arena};
    struct basis basis = {0};
    struct citation citation = frame_of("x.pcap", 1);
    basis_add(&basis, &citation);
    struct draft draft;
    bool said = false;
    assert_ok(draft_begin(&draft, arena, &book));
    draft.opens_paragraph = true;
    assert_ok(draft_say(&draft, "b", &slots, &basis, &said));
    assert_false(said);
    assert_true(draft.opens_paragraph);
    assert_ok(draft_say(&draft, "a", &slots, &basis, &said));
    assert_true(said);
    assert_ok(draft_say(&draft, "a", &slots, &basis, NULL));
    assert_ok(draft_say_of(&draft, "group", "a", &slots, &basis));
    assert_told(draft.sentences, draft.count,
                "| first [x.pcap#frame=1]\nfirst [x.pcap#frame=1]\nthird [x.pcap#frame=1]\n");
    for (int i = 0; i < 2 * STORY_SENTENCES_MAX; i++) {
        assert_ok(draft_say(&draft, "a", &slots, &basis, NULL));
    }
    assert_int_equal(draft.count, STORY_SENTENCES_MAX);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_rests_on_each_place_once_and_on_few),
        cmocka_unit_test(lines_of_one_file_become_a_range),
        cmocka_unit_test(coverage_is_cited_by_path),
        cmocka_unit_test(what_does_not_fit_is_not_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
