#include "train/split.h"

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/hex.h"
#include "train/reading.h"

static struct sha256 hash_of(const char *digits)
{
    struct sha256 hash = {{0}};
    assert_ok(hex_read(bytes_of_text(digits), hash.bytes, SPLIT_DIGITS / 2));
    return hash;
}

static enum side side_of(const struct split *split, const char *digits)
{
    struct sha256 hash = hash_of(digits);
    return split_find(split, &hash).side;
}

static void gives_a_cluster_the_side_of_its_smallest_member(void **state)
{
    (void)state;
    struct split split = {0};
    assert_ok(split_add(&split,
                        bytes_of_text("7f0000000001 ff0000000002\n"
                                      "800000000003 900000000004\n"),
                        false));
    assert_ok(split_add(&split, bytes_of_text("010000000005\n"), true));
    split_seal(&split);
    assert_int_equal(side_of(&split, "7f0000000001"), SIDE_TRAIN);
    assert_int_equal(side_of(&split, "ff0000000002"), SIDE_TRAIN);
    assert_int_equal(side_of(&split, "900000000004"), SIDE_SCORE);
    assert_int_equal(side_of(&split, "010000000005"), SIDE_SCORE); /* held out */
    assert_int_equal(side_of(&split, "7fffffffffff"), SIDE_TRAIN); /* not listed */
    assert_int_equal(side_of(&split, "80ffffffffff"), SIDE_SCORE);
    struct sha256 member = hash_of("ff0000000002");
    assert_int_equal(split_find(&split, &member).cluster, 0x7f0000000001);
    split_done(&split);
}

static void refuses_what_is_no_list_of_hashes(void **state)
{
    (void)state;
    static const char *const texts[] = {"7f00000000\n", "7f000000000g\n", "7f0000000001  x\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct split split = {0};
        assert_status(split_add(&split, bytes_of_text(texts[i]), false), STATUS_MALFORMED);
        split_done(&split);
    }
}

/* The committed file of a kind, or nothing where it has none. */
static void read_committed(enum corpus_kind kind, const char *suffix, struct text *out)
{
    char path[128];
    snprintf(path, sizeof path, "data/split/%s%s.txt", corpus_kind_name(kind), suffix);
    IGNORE(reading_file(path, out), "compared below: nothing is nothing");
}

/* Made anew from the data, byte for byte. */
static void is_what_is_committed(void **state)
{
    (void)state;
    const char *named = getenv("TOCSIN_DATA");
    const char *data = named == NULL ? "../shared/data" : named;
    size_t checked = 0;
    for (int kind = 0; kind < CORPUS_KIND_COUNT; kind++) {
        struct text AUTO(text_done) listed = text_of_limit(SPLIT_FILE_SIZE_MAX);
        struct text AUTO(text_done) held_out = text_of_limit(SPLIT_FILE_SIZE_MAX);
        struct text AUTO(text_done) committed = text_of_limit(SPLIT_FILE_SIZE_MAX);
        struct split_counts counts;
        enum status status =
            split_make(data, (enum corpus_kind)kind, &listed, &held_out, &counts);
        if (status == STATUS_NOT_FOUND) {
            continue;
        }
        assert_ok(status);
        read_committed((enum corpus_kind)kind, "", &committed);
        assert_true(bytes_equal(text_bytes(&committed), text_bytes(&listed)));
        text_clear(&committed);
        read_committed((enum corpus_kind)kind, "-held-out", &committed);
        assert_true(bytes_equal(text_bytes(&committed), text_bytes(&held_out)));
        checked += counts.items;
    }
    printf("the split of %zu items was made anew%s\n", checked,
           checked == 0 ? ": TOCSIN_DATA is not at hand" : "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_a_cluster_the_side_of_its_smallest_member),
        cmocka_unit_test(refuses_what_is_no_list_of_hashes),
        cmocka_unit_test(is_what_is_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
