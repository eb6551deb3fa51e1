#include "pattern/literal_set.h"

#include "check.h"
#include "walls.h"

#include <stdio.h>
#include <string.h>

#define MEMORY (64U << 20)

static struct arena *memory;
static struct text saved;
static struct literal_set *set;
static struct fault fault;

static int begin(void **state)
{
    (void)state;
    memory = arena_new(MEMORY);
    saved = text_of_limit(MEMORY);
    set = NULL;
    return memory == NULL ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    literal_set_close(set);
    text_done(&saved);
    arena_free(memory);
    return 0;
}

static void build(const struct literal *literals, size_t count)
{
    assert_ok(literal_set_compile(literals, count, &saved, &fault));
    assert_ok(literal_set_open(text_bytes(&saved), memory, &set, &fault));
}

struct seen {
    uint32_t ids[16];
    size_t ends[16];
    size_t count;
    size_t count_max;
};

static bool note(void *context, uint32_t id, size_t where)
{
    struct seen *seen = context;
    seen->ids[seen->count] = id;
    seen->ends[seen->count] = where;
    seen->count++;
    return seen->count < seen->count_max;
}

static const struct literal words[] = {
    {BYTES_LITERAL("wget"), 3, false},
    {BYTES_LITERAL("Curl"), 70, true},
    {BYTES_LITERAL("a\0b"), 5, false},
};

static void finds_every_occurrence(void **state)
{
    (void)state;
    build(words, 3);
    struct seen seen = {.count_max = 16};
    struct bytes bytes = BYTES_LITERAL("wget WGET cuRL a\0b wge curl");
    assert_ok(literal_set_scan(set, bytes, note, &seen));
    assert_int_equal(seen.count, 4);
    uint64_t sum = 0;
    for (size_t i = 0; i < seen.count; i++) {
        sum += (uint64_t)seen.ids[i] * 1000 + seen.ends[i];
    }
    assert_int_equal(sum, (3 + 70 + 5 + 70) * 1000 + 4 + 14 + 18 + 27);
}

static void stops_when_told(void **state)
{
    (void)state;
    build(words, 3);
    struct seen seen = {.count_max = 2};
    assert_ok(literal_set_scan(set, bytes_of_text("wget wget wget wget"), note, &seen));
    assert_int_equal(seen.count, 2);
}

static void marks_what_occurs(void **state)
{
    (void)state;
    build(words, 3);
    assert_int_equal(literal_set_id_count(set), 71);
    assert_int_equal(literal_set_words(set), 2);
    uint64_t bits[2] = {0};
    assert_ok(literal_set_find(set, bytes_of_text("CURL and wget, wget"), bits));
    assert_int_equal(bits[0], 1U << 3);
    assert_int_equal(bits[1], 1U << (70 - 64));
    assert_ok(literal_set_find(set, BYTES_NONE, bits));
}

static void finds_nothing_with_no_literals(void **state)
{
    (void)state;
    build(NULL, 0);
    struct seen seen = {.count_max = 16};
    assert_ok(literal_set_scan(set, bytes_of_text("anything"), note, &seen));
    assert_int_equal(seen.count, 0);
    assert_int_equal(literal_set_words(set), 0);
}

static void refuses_literals_beyond_its_limits(void **state)
{
    (void)state;
    static uint8_t letters[LITERAL_SIZE_MAX + 1];
    memset(letters, 'a', sizeof letters);
    struct literal wrong[] = {
        {BYTES_LITERAL("fine"), 0, false},
        {BYTES_NONE, 1, false},
    };
    assert_status(literal_set_compile(wrong, 2, &saved, &fault), STATUS_LIMIT);
    assert_int_equal(fault.offset, 1);
    wrong[1].bytes = (struct bytes){letters, sizeof letters};
    assert_status(literal_set_compile(wrong, 2, &saved, &fault), STATUS_LIMIT);
    wrong[1].bytes.size--;
    text_clear(&saved);
    assert_ok(literal_set_compile(wrong, 2, &saved, &fault));
    letters[0] = 0;
    assert_status(literal_set_compile(wrong, 2, &saved, &fault), STATUS_UNSUPPORTED);
    letters[0] = 'a';
    wrong[1].id = LITERAL_SET_COUNT_MAX;
    assert_status(literal_set_compile(wrong, 2, &saved, &fault), STATUS_LIMIT);
    assert_status(literal_set_compile(wrong, LITERAL_SET_COUNT_MAX + 1, &saved, &fault),
                  STATUS_LIMIT);
}

static void refuses_a_damaged_set(void **state)
{
    (void)state;
    assert_ok(literal_set_compile(words, 3, &saved, &fault));
    for (size_t size = 0; size < saved.size; size += size < 200 ? 1 : 97) {
        assert_true(literal_set_open(bytes_part(text_bytes(&saved), 0, size), memory, &set,
                                     &fault) != STATUS_OK);
        assert_non_null(fault.what);
    }
    /* vectorscan's checksum leaves out 8 reserved bytes and what pads its end. */
    const size_t header_size = 8;
    for (size_t at = 0; at < saved.size - 72; at += at < 64 ? 1 : 61) {
        bool is_checked = at < 4 || (at >= header_size && (at < 32 || at >= 40));
        saved.data[at] ^= 0x41;
        assert_true(!is_checked ||
                    literal_set_open(text_bytes(&saved), memory, &set, &fault) != STATUS_OK);
        saved.data[at] ^= 0x41;
    }
    assert_null(set);
    assert_ok(literal_set_open(text_bytes(&saved), memory, &set, &fault));
}

static void tells_nobody_of_ids_the_header_does_not_know(void **state)
{
    (void)state;
    assert_ok(literal_set_compile(words, 3, &saved, &fault));
    saved.data[4] = 4; /* three is the greatest id now */
    assert_ok(literal_set_open(text_bytes(&saved), memory, &set, &fault));
    uint64_t bits[1] = {0};
    assert_ok(literal_set_find(set, bytes_of_text("wget curl"), bits));
    assert_int_equal(bits[0], 1U << 3);
}

static void finds_thousands_at_once(void **state)
{
    (void)state;
    enum { MANY = 3000 };
    static char texts[MANY][16];
    static struct literal literals[MANY];
    for (unsigned i = 0; i < MANY; i++) {
        IGNORE(snprintf(texts[i], sizeof texts[i], "<%u>", i), "it fits");
        literals[i] = (struct literal){bytes_of_text(texts[i]), i, false};
    }
    build(literals, MANY);
    struct text all = text_of_limit(1U << 20);
    for (unsigned i = 0; i < MANY; i += 3) {
        text_add(&all, texts[i]);
    }
    uint64_t bits[(MANY + 63) / 64] = {0};
    assert_ok(literal_set_find(set, text_bytes(&all), bits));
    for (unsigned i = 0; i < MANY; i++) {
        assert_int_equal(bits[i / 64] >> (i % 64) & 1, i % 3 == 0);
    }
    text_done(&all);
}

static bool a_set_is_compiled_and_finds(void)
{
    uint64_t bits[2] = {0};
    return literal_set_compile(words, 3, &saved, &fault) == STATUS_OK &&
           literal_set_open(text_bytes(&saved), memory, &set, &fault) == STATUS_OK &&
           literal_set_find(set, bytes_of_text("a wget"), bits) == STATUS_OK &&
           bits[0] == 1U << 3;
}

static void works_behind_walls(void **state)
{
    (void)state;
    assert_true(walls_hold(a_set_is_compiled_and_finds));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(finds_every_occurrence, begin, end),
        cmocka_unit_test_setup_teardown(stops_when_told, begin, end),
        cmocka_unit_test_setup_teardown(marks_what_occurs, begin, end),
        cmocka_unit_test_setup_teardown(finds_nothing_with_no_literals, begin, end),
        cmocka_unit_test_setup_teardown(refuses_literals_beyond_its_limits, begin, end),
        cmocka_unit_test_setup_teardown(refuses_a_damaged_set, begin, end),
        cmocka_unit_test_setup_teardown(tells_nobody_of_ids_the_header_does_not_know, begin,
                                        end),
        cmocka_unit_test_setup_teardown(finds_thousands_at_once, begin, end),
        cmocka_unit_test_setup_teardown(works_behind_walls, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
