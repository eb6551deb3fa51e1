#include "record/parcel.h"

#include "check.h"

static struct text pack(const char *const names[], uint32_t count)
{
    struct text image = text_of_limit(65536);
    parcel_begin(&image, count);
    for (uint32_t i = 0; i < count; i++) {
        struct parcel_file file = {bytes_of_text(names[i]), bytes_of_text("content")};
        parcel_add(&image, &file);
    }
    return image;
}

static void files_arrive_under_their_names(void **state)
{
    (void)state;
    const char *const names[] = {"capabilities/download.yaml", "phrases/leader.yaml"};
    AUTO(text_done) struct text image = pack(names, 2);
    AUTO(arena_done) struct arena *arena = arena_new(65536);
    const struct parcel_file *files = NULL;
    size_t count = 0;
    assert_ok(parcel_read(text_bytes(&image), arena, &files, &count));
    assert_int_equal(count, 2);
    assert_bytes(files[0].name, names[0]);
    assert_bytes(files[1].name, names[1]);
    assert_bytes(files[1].content, "content");
    for (size_t size = 0; size < image.size; size++) {
        assert_int_not_equal(
            parcel_read(bytes_part(text_bytes(&image), 0, size), arena, &files, &count),
            STATUS_OK);
    }
}

static void names_that_lead_elsewhere_are_refused(void **state)
{
    (void)state;
    const char *const names[] = {"/etc/passwd", "../x", "a/../b", "a//b", "",
                                 "a/",          "./a",  ".."};
    AUTO(arena_done) struct arena *arena = arena_new(65536);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        AUTO(text_done) struct text image = pack(&names[i], 1);
        const struct parcel_file *files = NULL;
        size_t count = 0;
        assert_status(parcel_read(text_bytes(&image), arena, &files, &count), STATUS_MALFORMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_arrive_under_their_names),
        cmocka_unit_test(names_that_lead_elsewhere_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
