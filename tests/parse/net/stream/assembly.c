#include "parse/net/stream/assembly.h"

#include "base/text.h"
#include "check.h"

#include <string.h>

static struct arena *arena;
static struct assemblies all;
static struct assembly assembly;
static struct text said; /* bytes as given; "[N]" for a gap of N bytes */
static unsigned conflicts;
static uint64_t indifferent;

static enum status take_bytes(void *context, const struct piece *piece)
{
    (void)context;
    text_add_raw(&said, piece->bytes);
    return STATUS_OK;
}

static enum status take_gap(void *context, uint64_t size)
{
    (void)context;
    text_addf(&said, "[%u]", (unsigned)size);
    return STATUS_OK;
}

static void take_conflict(void *context, const struct piece *piece)
{
    (void)context;
    (void)piece;
    conflicts++;
}

static uint64_t is_indifferent(void *context)
{
    (void)context;
    return indifferent;
}

static const struct assembly_sink SINK = {take_bytes, take_gap, take_conflict, is_indifferent,
                                          NULL};

static int begin(void **state)
{
    (void)state;
    arena = arena_new(64U << 20);
    assemblies_init(&all, arena);
    assembly = (struct assembly){.has_begun = true, .next = 0xfffffffe};
    said = text_of_limit(4U << 20);
    conflicts = 0;
    indifferent = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    text_done(&said);
    arena_free(arena);
    return 0;
}

/* A segment `offset` bytes after the start of the stream. */
static void say_cut(uint32_t offset, const char *text, uint32_t wire_size)
{
    struct piece piece = {
        .sequence = 0xfffffffe + offset, .bytes = bytes_of_text(text), .size = wire_size};
    assert_ok(assembly_take(&assembly, &all, &piece, &SINK));
}

static void say(uint32_t offset, const char *text)
{
    say_cut(offset, text, (uint32_t)strlen(text));
}

static void check(const char *expected)
{
    assert_ok(assembly_finish(&assembly, &all, &SINK));
    assert_string_equal(text_terminated(&said), expected);
    assert_int_equal(assembly.held_count, 0);
    assert_null(assembly.last);
}

static void gives_bytes_as_they_come(void **state)
{
    (void)state;
    say(0, "abc");
    assert_string_equal(text_terminated(&said), "abc");
    say(3, "def");
    check("abcdef");
}

static void puts_early_segments_where_they_belong(void **state)
{
    (void)state;
    say(6, "gh");
    say(2, "cd");
    say(4, "ef");
    assert_int_equal(said.size, 0);
    say(0, "ab");
    assert_string_equal(text_terminated(&said), "abcdefgh");
    check("abcdefgh");
}

static void keeps_what_came_first_where_segments_overlap(void **state)
{
    (void)state;
    say(0, "ab");
    say(1, "Bc"); /* b was given */
    say(5, "fg");
    say(4, "eFGh"); /* f and g are held */
    assert_int_equal(conflicts, 1);
    say(4, "EfgHi");
    assert_int_equal(conflicts, 3);
    say(3, "d");
    check("abcdefghi");
}

static void takes_a_retransmission_for_what_it_is(void **state)
{
    (void)state;
    say(0, "abcd");
    say(0, "abcd");
    say(6, "gh");
    say(6, "gh");
    say(2, "cdefgh");
    assert_int_equal(conflicts, 0);
    check("abcdefgh");
}

static void says_what_is_missing_at_the_end(void **state)
{
    (void)state;
    say(0, "ab");
    say(5, "fg");
    say(10, "kl");
    check("ab[3]fg[3]kl");
}

static void says_what_was_not_captured(void **state)
{
    (void)state;
    say_cut(0, "ab", 10);
    say_cut(20, "uv", 5);
    say(25, "z");
    say(10, "klmnopqrst");
    check("ab[8]klmnopqrstuv[3]z");
}

static void goes_on_behind_what_is_lost_when_no_more_can_be_held(void **state)
{
    (void)state;
    say(0, "a");
    for (uint32_t i = 0; i < ASSEMBLY_HELD_MAX; i++) {
        say(2 + i, "x");
    }
    assert_int_equal(assembly.held_count, ASSEMBLY_HELD_MAX);
    assert_string_equal(text_terminated(&said), "a");
    say(2 + ASSEMBLY_HELD_MAX, "y");
    assert_true(said.size > ASSEMBLY_HELD_MAX);
    assert_memory_equal(said.data, "a[1]xxxx", 8);
    assert_int_equal(said.data[said.size - 1], 'y');
    assert_int_equal(assembly.held_count, 0);
}

static void holds_large_segments_in_parts(void **state)
{
    (void)state;
    struct text large = text_of_limit(1U << 16);
    text_add_repeat(&large, "0123456789", 1000);
    say(4, text_terminated(&large));
    assert_int_equal(assembly.held_count, 5);
    say(0, "abcd");
    assert_int_equal(said.size, 10004);
    assert_memory_equal(said.data + 4, large.data, 10000);
    text_done(&large);
}

static void says_gaps_early_when_the_pool_of_all_is_used_up(void **state)
{
    (void)state;
    static struct assembly others[ASSEMBLY_POOL_MAX];
    struct piece early = {.sequence = 1, .bytes = bytes_of_text("b"), .size = 1};
    for (size_t i = 0; i < ASSEMBLY_POOL_MAX; i++) {
        others[i] = (struct assembly){.has_begun = true};
        assert_ok(assembly_take(&others[i], &all, &early, &SINK));
    }
    assert_int_equal(said.size, 0);
    say(3, "d");
    assert_string_equal(text_terminated(&said), "[3]d");
    assert_int_equal(all.starved, 1);
    for (size_t i = 0; i < ASSEMBLY_POOL_MAX; i++) {
        assembly_drop(&others[i], &all);
    }
    say(5, "f");
    assert_int_equal(assembly.held_count, 1);
}

static void does_not_wait_for_what_nobody_looks_at(void **state)
{
    (void)state;
    say(0, "a");
    say(3, "d");
    indifferent = 100;
    say(6, "g");
    assert_string_equal(text_terminated(&said), "a[2]d[2]g");
    indifferent = 0;
    say(7, "h");
    check("a[2]d[2]gh");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gives_bytes_as_they_come),
        TEST(puts_early_segments_where_they_belong),
        TEST(keeps_what_came_first_where_segments_overlap),
        TEST(takes_a_retransmission_for_what_it_is),
        TEST(says_what_is_missing_at_the_end),
        TEST(says_what_was_not_captured),
        TEST(goes_on_behind_what_is_lost_when_no_more_can_be_held),
        TEST(holds_large_segments_in_parts),
        TEST(says_gaps_early_when_the_pool_of_all_is_used_up),
        TEST(does_not_wait_for_what_nobody_looks_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
