#include "record/dossier.h"

#include "check.h"

static const struct dossier_entry least = {.path = BYTES_LITERAL("x"),
                                           .outcome = OUTCOME_SKIPPED};

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct bytes also[] = {bytes_of_text("b"), bytes_of_text("c/d")};
    struct dossier_entry entry = {
        .path = bytes_of_text("logs/auth.log"),
        .has_hash = true,
        .sha256 = {1, 2, [31] = 9},
        .size = UINT64_C(5000000000),
        .also = also,
        .also_count = 2,
        .outcome = OUTCOME_DONE,
        .examination = bytes_of_text("as it came"),
    };
    AUTO(text_done) struct text image = text_of_limit(10000);
    dossier_begin(&image, 2);
    dossier_add(&image, &entry);
    dossier_add(&image, &least);

    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    const struct dossier_entry *read = NULL;
    size_t count = 0;
    assert_ok(dossier_read(text_bytes(&image), arena, &read, &count));
    assert_int_equal(count, 2);
    assert_bytes(read[0].path, "logs/auth.log");
    assert_true(read[0].has_hash);
    assert_memory_equal(read[0].sha256, entry.sha256, 32);
    assert_true(read[0].size == entry.size);
    assert_int_equal(read[0].also_count, 2);
    assert_bytes(read[0].also[1], "c/d");
    assert_int_equal(read[0].outcome, OUTCOME_DONE);
    assert_bytes(read[0].examination, "as it came");
    assert_bytes(read[1].path, "x");
    assert_false(read[1].has_hash);
}

static void the_least_entry_is_read(void **state)
{
    (void)state;
    AUTO(text_done) struct text image = text_of_limit(10000);
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    const struct dossier_entry *read = NULL;
    size_t count = 7;
    dossier_begin(&image, 1);
    dossier_add(&image, &least);
    assert_ok(dossier_read(text_bytes(&image), arena, &read, &count));
    assert_int_equal(count, 1);
    text_clear(&image);
    dossier_begin(&image, 0);
    assert_ok(dossier_read(text_bytes(&image), arena, &read, &count));
    assert_int_equal(count, 0);
}

static void any_shorter_image_is_refused(void **state)
{
    (void)state;
    AUTO(text_done) struct text image = text_of_limit(10000);
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    const struct dossier_entry *read = NULL;
    size_t count = 7;
    dossier_begin(&image, 1);
    dossier_add(&image, &least);
    for (size_t size = 0; size < image.size; size++) {
        struct bytes part = bytes_part(text_bytes(&image), 0, size);
        assert_int_not_equal(dossier_read(part, arena, &read, &count), STATUS_OK);
    }
    text_add(&image, "x");
    assert_status(dossier_read(text_bytes(&image), arena, &read, &count), STATUS_MALFORMED);
    assert_null(read);
    assert_int_equal(count, 7);
}

static void entries_that_cannot_be_are_refused(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    const struct dossier_entry *read = NULL;
    size_t count = 0;
    struct dossier_entry wrong[] = {least, least, least};
    wrong[0].outcome = OUTCOME_COUNT;
    wrong[1].path = BYTES_NONE;
    wrong[1].problem = bytes_of_text("unreadable");
    wrong[2].size = UINT64_C(1) << 63;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        AUTO(text_done) struct text image = text_of_limit(10000);
        dossier_begin(&image, 1);
        dossier_add(&image, &wrong[i]);
        assert_status(dossier_read(text_bytes(&image), arena, &read, &count), STATUS_MALFORMED);
    }
    AUTO(text_done) struct text image = text_of_limit(10000);
    dossier_begin(&image, UINT32_MAX);
    dossier_add(&image, &least);
    assert_status(dossier_read(text_bytes(&image), arena, &read, &count), STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(the_least_entry_is_read),
        cmocka_unit_test(any_shorter_image_is_refused),
        cmocka_unit_test(entries_that_cannot_be_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
