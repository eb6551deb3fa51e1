#include "explain/question_text.h"

#include "check.h"
#include "codec/yaml.h"

#include <stdlib.h>

static const char words[] =
    "words: {intruder: [hacker, attacker, \"bad guys\"], enter: [\"get in\"]}\n"
    "ignore: [the, did, how]\n";

static struct question_lexicon open_lexicon(struct arena *arena)
{
    struct tree tree;
    struct tree_fault fault;
    struct question_lexicon lexicon;
    assert_ok(tree_of_yaml(bytes_of_text(words), arena, &tree, &fault));
    assert_ok(question_lexicon_open(tree.nodes, arena, &lexicon));
    assert_ok(
        question_lexicon_learn(&lexicon, bytes_of_text("which accounts were used"), true));
    assert_ok(question_lexicon_learn(&lexicon, bytes_of_text("recipe for soup"), false));
    return lexicon;
}

static struct question_text *read(struct question_lexicon *lexicon, const char *text)
{
    struct question_text *out = arena_take(lexicon->arena, sizeof *out);
    assert_non_null(out);
    assert_ok(question_text_read(lexicon, bytes_of_text(text), out));
    return out;
}

/* How many features two texts share. */
static size_t count_shared(const struct question_text *a, const struct question_text *b)
{
    size_t shared = 0;
    for (size_t i = 0; i < a->count; i++) {
        for (size_t j = 0; j < b->count; j++) {
            shared += a->features[i].hash == b->features[j].hash;
        }
    }
    return shared;
}

static void features_are_in_order_and_each_once(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64 << 20);
    struct question_lexicon lexicon = open_lexicon(arena);
    const struct question_text *text = read(&lexicon, "the hacker the hacker the hacker");
    assert_int_equal(text->word_count, 6);
    for (size_t i = 1; i < text->count; i++) {
        assert_true(text->features[i - 1].hash < text->features[i].hash);
    }
    arena_free(arena);
}

static void words_of_one_meaning_share_it(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64 << 20);
    struct question_lexicon lexicon = open_lexicon(arena);
    const struct question_text *attacker = read(&lexicon, "attacker");
    assert_true(count_shared(attacker, read(&lexicon, "bad guys")) >
                count_shared(attacker, read(&lexicon, "recipe")));
    arena_free(arena);
}

static void words_of_no_answer_are_unknown(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64 << 20);
    struct question_lexicon lexicon = open_lexicon(arena);
    assert_int_equal(read(&lexicon, "which accounts were used")->unknown_count, 0);
    assert_int_equal(read(&lexicon, "which soup were used")->unknown_count, 1);
    assert_int_equal(read(&lexicon, "203.0.113.7 soup.sh")->unknown_count, 0);
    /* A wording does not know itself. */
    lexicon.is_own = true;
    assert_int_equal(read(&lexicon, "which accounts were used")->unknown_count, 4);
    arena_free(arena);
}

static void a_misspelt_word_is_the_known_one(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64 << 20);
    struct question_lexicon lexicon = open_lexicon(arena);
    const struct question_text *right = read(&lexicon, "accounts");
    const char *const near[] = {"acounts", "accoutns", "acccounts", "accoumts"};
    for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
        assert_int_equal(count_shared(right, read(&lexicon, near[i])), right->count);
    }
    assert_true(count_shared(right, read(&lexicon, "acuonts")) < right->count);
    arena_free(arena);
}

static void a_text_of_any_size_is_read(void **state)
{
    (void)state;
    struct arena *arena = arena_new(64 << 20);
    struct question_lexicon lexicon = open_lexicon(arena);
    char text[4096];
    for (size_t i = 0; i < sizeof text - 1; i++) {
        text[i] = (char)(i % 7 == 6 ? ' ' : 'a' + (char)(i * 31 % 26));
    }
    text[sizeof text - 1] = 0;
    assert_true(read(&lexicon, text)->count <= QUESTION_FEATURES_MAX);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(features_are_in_order_and_each_once),
        cmocka_unit_test(words_of_one_meaning_share_it),
        cmocka_unit_test(words_of_no_answer_are_unknown),
        cmocka_unit_test(a_misspelt_word_is_the_known_one),
        cmocka_unit_test(a_text_of_any_size_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
