#include "access/audit_export.h"

#include <sys/stat.h>

#include "access/audit_path.h"
#include "access/audit_prove.h"
#include "access/session.h"
#include "check.h"

#include "access/log_entries.h"
#include "access/vectors.h"
#include "scratch.h"

#define GOLDEN_COUNT 15

static enum status export_to(const struct scratch *scratch,
                             const struct access_session *session, const struct note_key *key,
                             struct audit_exported *out)
{
    struct fault fault = {NULL, 0};
    assert_int_equal(mkdir(scratch_name(scratch, "out"), 0700), 0);
    AUTO(file_done) int target = open(scratch_name(scratch, "out"), O_RDONLY | O_DIRECTORY);
    enum status status = audit_export(session->home, key, target, out, &fault);
    assert_true(status == STATUS_OK || fault.what != NULL);
    return status;
}

static void assert_same_file(const struct scratch *scratch, const char *to, const char *from)
{
    AUTO(text_done) struct text one = scratch_read(scratch, to);
    AUTO(text_done) struct text other = scratch_read(scratch, from);
    assert_true(one.size > 0 && bytes_equal(text_bytes(&one), text_bytes(&other)));
}

static void full_tiles_and_parts_lie_where_readers_look(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    append_entries(&session, 299); /* 300 with the first */
    const struct note_key key = audit_key(&session.identity);
    struct audit_exported made;
    assert_ok(export_to(&scratch, &session, &key, &made));
    assert_int_equal(made.entry_count, 300);
    assert_int_equal(made.file_count, 6);
    static const char *const files[][2] = {
        {"out/checkpoint", "audit/checkpoint"},
        {"out/tile/entries/000", "audit/tile/entries/000"},
        {"out/tile/entries/001.p/44", "audit/tile/entries/001"},
        {"out/tile/0/000", "audit/tile/0/000"},
        {"out/tile/0/001.p/44", "audit/tile/0/001"},
        {"out/tile/1/000.p/1", "audit/tile/1/000"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        assert_same_file(&scratch, files[i][0], files[i][1]);
    }
}

static void a_log_that_ends_with_a_full_tile_has_no_empty_one(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    append_entries(&session, 255);
    const struct note_key key = audit_key(&session.identity);
    struct audit_exported made;
    assert_ok(export_to(&scratch, &session, &key, &made));
    assert_int_equal(made.file_count, 4); /* checkpoint, bundle, tile, and one hash above */
    struct stat facts;
    assert_int_equal(stat(scratch_name(&scratch, "out/tile/0/000"), &facts), 0);
    assert_int_not_equal(stat(scratch_name(&scratch, "out/tile/0/001.p"), &facts), 0);
}

static void what_is_not_whole_is_not_written_out(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(session_done) struct access_session session;
    session_open(scratch.home, &session);
    append_entries(&session, 3);
    struct audit_exported made;
    AUTO(identity_done) struct identity other;
    assert_ok(identity_new(&other));
    const struct note_key theirs = audit_key(&other);
    assert_status(export_to(&scratch, &session, &theirs, &made), STATUS_CONFLICT);
    assert_int_equal(rmdir(scratch_name(&scratch, "out")), 0); /* nothing was written */
    AUTO(text_done) struct text tile = scratch_read(&scratch, "audit/tile/0/000");
    tile.data[5] ^= 1;
    scratch_write(&scratch, "audit/tile/0/000", text_bytes(&tile));
    const struct note_key key = audit_key(&session.identity);
    assert_status(export_to(&scratch, &session, &key, &made), STATUS_CONFLICT);
    assert_int_equal(rmdir(scratch_name(&scratch, "out")), 0);
}

/* The golden log of other people's program has its files where this one would put them. */
static void paths_are_those_of_the_golden_log(void **state)
{
    (void)state;
    char folder[VECTORS_PATH_MAX];
    static const struct {
        int level;
        uint64_t index;
        uint64_t size;
        const char *path;
    } cases[] = {
        {0, 0, 256, "tile/0/000"},
        {0, 1, 257, "tile/0/001.p/1"},
        {1, 0, 70000, "tile/1/000"},
        {1, 1, 70000, "tile/1/001.p/17"},
        {2, 0, 70000, "tile/2/000.p/1"},
        {AUDIT_PATH_ENTRIES, 273, 70000, "tile/entries/273.p/112"},
        {0, 1234067, 315921408, "tile/0/x001/x234/067"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO(text_done) struct text path = text_of_limit(96);
        audit_export_path(&path, cases[i].level, cases[i].index, cases[i].size);
        assert_string_equal(text_terminated(&path), cases[i].path);
    }
    if (!vectors_find("tlog-tiles", folder)) {
        return;
    }
    for (uint64_t size = 1; size <= GOLDEN_COUNT; size++) {
        for (int level = AUDIT_PATH_ENTRIES; level <= 0; level++) {
            AUTO(text_done) struct text path = text_of_limit(VECTORS_PATH_MAX);
            text_addf(&path, "%s/", folder);
            audit_export_path(&path, level, 0, size);
            AUTO(text_done) struct text file = vectors_read(text_terminated(&path));
            assert_true(level != 0 || file.size == size * sizeof(struct sha256));
        }
    }
    printf("paths of the golden log: %d/%d\n", 2 * GOLDEN_COUNT, 2 * GOLDEN_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(full_tiles_and_parts_lie_where_readers_look),
        cmocka_unit_test(a_log_that_ends_with_a_full_tile_has_no_empty_one),
        cmocka_unit_test(what_is_not_whole_is_not_written_out),
        cmocka_unit_test(paths_are_those_of_the_golden_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
