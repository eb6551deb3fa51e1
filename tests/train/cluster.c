#include "train/cluster.h"

#include "check.h"

static struct item item_of(const char *text)
{
    struct item item = {.hash = sha256_of(bytes_of_text(text)), .has_sketch = true};
    sketch_make(bytes_of_text(text), &item.sketch);
    return item;
}

static const struct item *find(const struct item *items, size_t count, const char *text)
{
    struct sha256 hash = sha256_of(bytes_of_text(text));
    for (size_t i = 0; i < count; i++) {
        if (sha256_equal(&items[i].hash, &hash)) {
            return &items[i];
        }
    }
    fail_msg("an item was lost: %s", text);
    return NULL;
}

static void keeps_near_duplicates_together_and_others_apart(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "tar czf backup-1.tar.gz the/folder/of/the/accounts and the letters",
        "tar czf backup-2.tar.gz the/folder/of/the/accounts and the letters",
        "tar czf backup-2.tar.gz the/folder/of/the/accounts and the letters",
        "ping the printer until it answers, then print the page",
    };
    struct item items[4];
    size_t count = 4;
    for (size_t i = 0; i < 4; i++) {
        items[i] = item_of(texts[i]);
    }
    assert_ok(cluster_items(items, &count));
    assert_int_equal(count, 3); /* equal ones are one item */
    assert_int_equal(find(items, count, texts[0])->cluster,
                     find(items, count, texts[1])->cluster);
    assert_true(find(items, count, texts[0])->cluster != find(items, count, texts[3])->cluster);
}

static void names_a_cluster_by_its_smallest_member(void **state)
{
    (void)state;
    struct item items[40];
    size_t count = 40;
    for (size_t i = 0; i < count; i++) {
        char text[] = "the same words again and again, but for the number 00";
        text[sizeof text - 3] = (char)('0' + i / 10);
        text[sizeof text - 2] = (char)('0' + i % 10);
        items[i] = item_of(text);
    }
    assert_ok(cluster_items(items, &count));
    assert_int_equal(count, 40);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(items[i].cluster, 0);
    }
}

static void groups_what_has_no_sketch_by_its_hash_alone(void **state)
{
    (void)state;
    struct item items[3] = {item_of("a"), item_of("b"), item_of("a")};
    size_t count = 3;
    for (size_t i = 0; i < 3; i++) {
        items[i].has_sketch = false;
        items[i].sketch = (struct sketch){{0}};
    }
    assert_ok(cluster_items(items, &count));
    assert_int_equal(count, 2);
    assert_true(items[0].cluster != items[1].cluster);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_near_duplicates_together_and_others_apart),
        cmocka_unit_test(names_a_cluster_by_its_smallest_member),
        cmocka_unit_test(groups_what_has_no_sketch_by_its_hash_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
