#include "record/bookmark.h"

#include "check.h"

static const struct bookmark_source source = {.path = BYTES_LITERAL("/var/log/auth.log"),
                                              .offset = UINT64_C(5000000000),
                                              .lines = 41,
                                              .tail = BYTES_LITERAL("its last words\n"),
                                              .look = BYTES_LITERAL("look")};

static void write_one(struct text *message, const struct bookmark_source *written)
{
    struct bookmark_source copy = *written;
    bookmark_write(message, &(struct bookmark){&copy, 1, bytes_of_text("vigil")});
}

static void a_place_is_read_as_it_was_written(void **state)
{
    (void)state;
    AUTO(text_done) struct text message = text_of_limit(10000);
    AUTO(arena_done) struct arena *arena = arena_new(1 << 20);
    struct bookmark read;
    write_one(&message, &source);
    assert_ok(bookmark_read(text_bytes(&message), arena, &read));
    assert_int_equal(read.source_count, 1);
    assert_bytes(read.sources[0].path, "/var/log/auth.log");
    assert_true(read.sources[0].offset == source.offset);
    assert_int_equal(read.sources[0].lines, 41);
    assert_bytes(read.sources[0].tail, "its last words\n");
    assert_bytes(read.sources[0].look, "look");
    assert_bytes(read.vigil, "vigil");
}

static void a_damaged_one_is_refused(void **state)
{
    (void)state;
    AUTO(text_done) struct text message = text_of_limit(10000);
    AUTO(arena_done) struct arena *arena = arena_new(4 << 20);
    struct bookmark read;
    write_one(&message, &source);
    for (size_t size = 0; size < message.size; size++) {
        assert_true(bookmark_read(bytes_part(text_bytes(&message), 0, size), arena, &read) !=
                    STATUS_OK);
    }
    message.data[0] ^= 1;
    assert_status(bookmark_read(text_bytes(&message), arena, &read), STATUS_MALFORMED);
}

static void a_place_that_cannot_be_is_refused(void **state)
{
    (void)state;
    AUTO(arena_done) struct arena *arena = arena_new(4 << 20);
    struct bookmark_source wrong[] = {source, source};
    wrong[0].lines = source.offset + 1; /* more lines than bytes */
    wrong[1].offset = UINT64_MAX;
    for (size_t i = 0; i < 2; i++) {
        AUTO(text_done) struct text message = text_of_limit(10000);
        struct bookmark read;
        write_one(&message, &wrong[i]);
        assert_status(bookmark_read(text_bytes(&message), arena, &read), STATUS_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_read_as_it_was_written),
        cmocka_unit_test(a_damaged_one_is_refused),
        cmocka_unit_test(a_place_that_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
