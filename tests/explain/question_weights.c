#include "explain/question_weights.h"

#include "check.h"

static const uint32_t hashes[] = {7, 9, 4000000000};
static const uint8_t rows[] = {1, 0xff, 2, 0xfe, 3, 0x80};

static void write_two_kinds(struct text *out)
{
    static const uint8_t digest[QUESTION_DIGEST_SIZE] = {5};
    struct question_weights weights = {
        .digest = {digest, sizeof digest},
        .ids = {bytes_of_text("who"), bytes_of_text("when")},
        .kind_count = 2,
        .unit = 0.25,
        .hashes = hashes,
        .row_count = 3,
        .rows = {rows, sizeof rows},
    };
    question_weights_write(out, &weights);
    assert_ok(text_status(out));
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct text AUTO(text_done) file = text_of_limit(4096);
    struct question_weights weights;
    write_two_kinds(&file);
    assert_ok(question_weights_read(text_bytes(&file), arena, &weights));
    assert_int_equal(weights.kind_count, 2);
    assert_true(bytes_equal_text(weights.ids[1], "when"));
    assert_true(weights.unit == 0.25);
    assert_int_equal(weights.digest.data[0], 5);
    for (size_t i = 0; i < 3; i++) {
        const uint8_t *row = question_weights_of(&weights, hashes[i]);
        assert_non_null(row);
        assert_memory_equal(row, &rows[i * 2], 2);
    }
    assert_null(question_weights_of(&weights, 8));
    assert_null(question_weights_of(&weights, 4000000001));
    arena_free(arena);
}

/* Cut anywhere, or with a byte too many. */
static void damaged_files_are_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_new(8 << 20);
    struct text AUTO(text_done) file = text_of_limit(4096);
    struct question_weights weights;
    write_two_kinds(&file);
    struct bytes whole = text_bytes(&file);
    for (size_t size = 0; size < whole.size; size++) {
        assert_int_not_equal(question_weights_read(bytes_part(whole, 0, size), arena, &weights),
                             STATUS_OK);
    }
    text_add(&file, "x");
    assert_int_equal(question_weights_read(text_bytes(&file), arena, &weights),
                     STATUS_MALFORMED);
    arena_free(arena);
}

static void features_out_of_order_are_refused(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 20);
    struct text AUTO(text_done) file = text_of_limit(4096);
    static const uint32_t same[] = {7, 7, 9};
    static const uint8_t digest[QUESTION_DIGEST_SIZE] = {0};
    struct question_weights weights = {
        .digest = {digest, sizeof digest},
        .ids = {bytes_of_text("who"), bytes_of_text("when")},
        .kind_count = 2,
        .unit = 1,
        .hashes = same,
        .row_count = 3,
        .rows = {rows, sizeof rows},
    };
    question_weights_write(&file, &weights);
    assert_int_equal(question_weights_read(text_bytes(&file), arena, &weights),
                     STATUS_MALFORMED);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(features_out_of_order_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
