#include "access/checkpoint.h"

#include "access/merkle.h"
#include "access/note.h"
#include "base/cursor.h"
#include "base/text.h"
#include "check.h"

#include "access/vectors.h"

#define GOLDEN_KEY \
    "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
#define GOLDEN_COUNT 16

#define BODY \
    "example.com/log/testdata\n3\n" \
    "rra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n"

static void reads_the_three_lines(void **state)
{
    (void)state;
    struct checkpoint checkpoint;
    assert_ok(checkpoint_read(bytes_of_text(BODY), &checkpoint));
    assert_bytes(checkpoint.origin, "example.com/log/testdata");
    assert_int_equal(checkpoint.size, 3);
    assert_int_equal(checkpoint.root.bytes[0], 0xae);
    assert_false(checkpoint.has_extension);
    assert_ok(checkpoint_read(bytes_of_text(BODY "more\n"), &checkpoint));
    assert_true(checkpoint.has_extension);
}

static void refuses_every_other_form(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "origin\n",
        "origin\n3\n",
        "\n3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n",
        "o\n03\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n",
        "o\n+3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n",
        "o\n-3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n",
        "o\n18446744073709551616\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=\n",
        "o\n3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbn==\n",
        "o\n3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnd=\n", /* a bit left over */
        "o\n3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc\n",
        "o\n3\nrra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=",
        BODY "\n",
        BODY "more",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct checkpoint checkpoint;
        assert_int_not_equal(checkpoint_read(bytes_of_text(bad[i]), &checkpoint), STATUS_OK);
    }
}

/* ---- a log that other people's program made ---- */

struct golden {
    struct text checkpoint;
    struct text entries;
    struct text hashes;
};

static void golden_done(struct golden *golden)
{
    text_done(&golden->checkpoint);
    text_done(&golden->entries);
    text_done(&golden->hashes);
}

static struct text read_golden(const char *name)
{
    char path[VECTORS_PATH_MAX];
    assert_true(vectors_find(name, path));
    return vectors_read(path);
}

static struct golden golden_of(uint64_t size)
{
    char name[128];
    struct golden golden = {.entries = text_of_limit(1), .hashes = text_of_limit(1)};
    snprintf(name, sizeof name, "tlog-tiles/checkpoint.%u", (unsigned)size);
    golden.checkpoint = read_golden(name);
    if (size > 0) {
        snprintf(name, sizeof name, "tlog-tiles/tile/entries/000.p/%u", (unsigned)size);
        golden.entries = read_golden(name);
        snprintf(name, sizeof name, "tlog-tiles/tile/0/000.p/%u", (unsigned)size);
        golden.hashes = read_golden(name);
    }
    return golden;
}

/* Whether checkpoint, bundle and tile of the log at this size all say the same. */
static bool is_whole(const struct golden *golden, uint64_t size)
{
    struct note_key key;
    struct note note;
    struct checkpoint checkpoint;
    struct fault fault;
    uint64_t time = 0;
    assert_ok(note_key_read(bytes_of_text(GOLDEN_KEY), &key));
    if (note_read(text_bytes(&golden->checkpoint), &note, &fault) != STATUS_OK ||
        note_check(&note, &key, &time) != NOTE_SIGNED || note.signature_count != 1 ||
        checkpoint_read(note.text, &checkpoint) != STATUS_OK || checkpoint.size != size ||
        !bytes_equal(checkpoint.origin, key.name)) {
        return false;
    }
    struct merkle tree = {0};
    struct cursor entries = cursor_of(text_bytes(&golden->entries));
    struct cursor hashes = cursor_of(text_bytes(&golden->hashes));
    for (uint64_t i = 0; i < size; i++) {
        struct sha256 leaf = merkle_leaf(cursor_take(&entries, cursor_u16be(&entries)));
        struct bytes said = cursor_take(&hashes, sizeof leaf.bytes);
        if (!bytes_equal(said, (struct bytes){leaf.bytes, sizeof leaf.bytes})) {
            return false;
        }
        merkle_add(&tree, leaf, 1);
    }
    struct sha256 root = merkle_root(&tree);
    return cursor_status(&entries) == STATUS_OK && cursor_at_end(&entries) &&
           cursor_status(&hashes) == STATUS_OK && cursor_at_end(&hashes) &&
           sha256_equal(&root, &checkpoint.root);
}

static size_t flip_all(struct golden *golden, struct text *file, uint64_t size)
{
    for (size_t i = 0; i < file->size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            file->data[i] = (char)(file->data[i] ^ (1 << bit));
            assert_false(is_whole(golden, size));
            file->data[i] = (char)(file->data[i] ^ (1 << bit));
        }
    }
    return file->size;
}

static void
every_checkpoint_of_the_golden_log_verifies_and_any_flipped_bit_is_caught(void **state)
{
    (void)state;
    char folder[VECTORS_PATH_MAX];
    if (!vectors_find("tlog-tiles", folder)) {
        return;
    }
    size_t flipped = 0;
    for (uint64_t size = 0; size < GOLDEN_COUNT; size++) {
        AUTO(golden_done) struct golden golden = golden_of(size);
        assert_true(is_whole(&golden, size));
        flipped += flip_all(&golden, &golden.checkpoint, size);
        flipped += flip_all(&golden, &golden.entries, size);
        flipped += flip_all(&golden, &golden.hashes, size);
    }
    AUTO(text_done) struct text last = read_golden("tlog-tiles/checkpoint");
    AUTO(text_done) struct text same = read_golden("tlog-tiles/checkpoint.15");
    assert_true(bytes_equal(text_bytes(&last), text_bytes(&same)));
    print_message("%d checkpoints, %zu bytes flipped\n", GOLDEN_COUNT, flipped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_three_lines),
        cmocka_unit_test(refuses_every_other_form),
        cmocka_unit_test(
            every_checkpoint_of_the_golden_log_verifies_and_any_flipped_bit_is_caught),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
