#include "codec/bundle.h"

#include "check.h"

#include <stdio.h>

static struct text image;
static struct bundle bundle;
static struct fault fault;

static int write_three(void **state)
{
    (void)state;
    image = text_of_limit(1U << 20);
    struct bundle_entry entries[] = {
        {bytes_of_text("rule/b"), bytes_of_text("second")},
        {bytes_of_text("phrase"), bytes_of_text("")},
        {bytes_of_text("rule/a"), bytes_of_text("first")},
    };
    return bundle_write(&image, entries, 3) == STATUS_OK ? 0 : -1;
}

static int free_image(void **state)
{
    (void)state;
    text_done(&image);
    return 0;
}

static void finds_contents_by_name(void **state)
{
    (void)state;
    assert_ok(bundle_read(text_bytes(&image), &bundle, &fault));
    assert_int_equal(bundle.count, 3);
    struct bytes content = BYTES_NONE;
    assert_ok(bundle_find(&bundle, "rule/a", &content));
    assert_bytes(content, "first");
    assert_ok(bundle_find(&bundle, "phrase", &content));
    assert_int_equal(content.size, 0);
    static const char *const absent[] = {"", "a", "rule", "rule/", "rule/aa", "rule/c", "z"};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        assert_status(bundle_find(&bundle, absent[i], &content), STATUS_NOT_FOUND);
    }
}

static void walks_the_names_with_a_prefix_in_order(void **state)
{
    (void)state;
    assert_ok(bundle_read(text_bytes(&image), &bundle, &fault));
    struct bundle_entry entry;
    uint32_t index = 0;
    assert_true(bundle_next(&bundle, "rule/", &index, &entry));
    assert_bytes(entry.content, "first");
    assert_true(bundle_next(&bundle, "rule/", &index, &entry));
    assert_bytes(entry.name, "rule/b");
    assert_false(bundle_next(&bundle, "rule/", &index, &entry));
    index = 0;
    assert_true(bundle_next(&bundle, "", &index, &entry));
    assert_bytes(entry.name, "phrase");
    assert_true(bundle_next(&bundle, "", &index, &entry));
    assert_bytes(entry.name, "rule/a");
    index = 0;
    assert_false(bundle_next(&bundle, "s", &index, &entry));
}

static void aligns_contents(void **state)
{
    (void)state;
    assert_ok(bundle_read(text_bytes(&image), &bundle, &fault));
    for (uint32_t i = 0; i < bundle.count; i++) {
        size_t offset =
            (size_t)(bundle_at(&bundle, i).content.data - (const uint8_t *)image.data);
        assert_int_equal(offset % BUNDLE_ALIGNMENT, 0);
    }
}

static void writes_the_same_image_for_any_order(void **state)
{
    (void)state;
    struct text other = text_of_limit(1U << 20);
    struct bundle_entry entries[] = {
        {bytes_of_text("rule/a"), bytes_of_text("first")},
        {bytes_of_text("phrase"), bytes_of_text("")},
        {bytes_of_text("rule/b"), bytes_of_text("second")},
    };
    assert_ok(bundle_write(&other, entries, 3));
    assert_true(bytes_equal(text_bytes(&other), text_bytes(&image)));
    text_done(&other);
}

static void refuses_to_write_what_could_not_be_read(void **state)
{
    (void)state;
    struct text other = text_of_limit(1U << 20);
    struct bundle_entry twins[] = {
        {bytes_of_text("a"), bytes_of_text("1")},
        {bytes_of_text("a"), bytes_of_text("2")},
    };
    assert_status(bundle_write(&other, twins, 2), STATUS_CONFLICT);
    struct bundle_entry nameless = {BYTES_NONE, bytes_of_text("1")};
    assert_status(bundle_write(&other, &nameless, 1), STATUS_LIMIT);
    static const uint8_t name[BUNDLE_NAME_SIZE_MAX + 1];
    struct bundle_entry endless = {{name, sizeof name}, BYTES_NONE};
    assert_status(bundle_write(&other, &endless, 1), STATUS_LIMIT);
    assert_status(bundle_write(&other, twins, BUNDLE_ENTRIES_MAX + 1), STATUS_LIMIT);
    struct text small = text_of_limit(20);
    assert_status(bundle_write(&small, twins, 1), STATUS_LIMIT);
    text_done(&small);
    text_done(&other);
}

static void sorts_and_finds_many(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    static char names[MANY][16];
    static struct bundle_entry entries[MANY];
    for (unsigned i = 0; i < MANY; i++) {
        IGNORE(snprintf(names[i], sizeof names[i], "n%u", i * 7919U % MANY), "it fits");
        entries[i] = (struct bundle_entry){bytes_of_text(names[i]), bytes_of_text(names[i])};
    }
    struct text many = text_of_limit(16U << 20);
    assert_ok(bundle_write(&many, entries, MANY));
    assert_ok(bundle_read(text_bytes(&many), &bundle, &fault));
    for (unsigned i = 0; i < MANY; i++) {
        struct bytes content;
        assert_ok(bundle_find(&bundle, names[i], &content));
        assert_bytes(content, names[i]);
    }
    text_done(&many);
}

static enum status read_with(size_t offset, uint8_t byte)
{
    struct bundle damaged;
    char before = image.data[offset];
    image.data[offset] = (char)byte;
    enum status status = bundle_read(text_bytes(&image), &damaged, &fault);
    image.data[offset] = before;
    return status;
}

static void refuses_a_damaged_directory(void **state)
{
    (void)state;
    assert_status(read_with(0, 'X'), STATUS_MALFORMED);
    assert_status(read_with(7, 1), STATUS_LIMIT);
    assert_status(read_with(6, 1), STATUS_LIMIT);
    assert_status(read_with(5, 1), STATUS_TRUNCATED);
    assert_status(read_with(8 + 3, 1), STATUS_TRUNCATED); /* a name far outside */
    assert_status(read_with(8 + 4, 0), STATUS_LIMIT);     /* a name of no bytes */
    assert_status(read_with(8 + 5, 1), STATUS_LIMIT);
    assert_status(read_with(8 + 8, 1), STATUS_MALFORMED);      /* a content not aligned */
    assert_status(read_with(8 + 15, 1), STATUS_TRUNCATED);     /* a content far outside */
    assert_status(read_with(8 + 16 + 7, 1), STATUS_TRUNCATED); /* far too large */
    /* The first name made greater than the second. */
    assert_status(read_with(8 + 3 * 24, 'z'), STATUS_MALFORMED);
}

static void refuses_every_cut(void **state)
{
    (void)state;
    for (size_t size = 0; size < image.size; size++) {
        struct bytes cut = bytes_part(text_bytes(&image), 0, size);
        assert_true(bundle_read(cut, &bundle, &fault) != STATUS_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_contents_by_name),
        cmocka_unit_test(walks_the_names_with_a_prefix_in_order),
        cmocka_unit_test(aligns_contents),
        cmocka_unit_test(writes_the_same_image_for_any_order),
        cmocka_unit_test(refuses_to_write_what_could_not_be_read),
        cmocka_unit_test(sorts_and_finds_many),
        cmocka_unit_test(refuses_a_damaged_directory),
        cmocka_unit_test(refuses_every_cut),
    };
    return cmocka_run_group_tests(tests, write_three, free_image);
}
