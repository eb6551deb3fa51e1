#include "record/carried.h"

#include "check.h"
#include "make/artifact.h"

static struct arena *arena;

static int begin(void **state)
{
    (void)state;
    arena = arena_new(1U << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static struct carried make(const struct artifact *artifact)
{
    struct carried carried;
    assert_ok(carried_make(artifact, moment_of_unix(1000, 0), bytes_of_text("flow-1/1-tool"),
                           arena, &carried));
    return carried;
}

static void says_who_sent_it_to_whom(void **state)
{
    (void)state;
    struct artifact artifact = make_artifact("tool");
    struct carried carried = make(&artifact);
    assert_bytes(carried.from, "203.0.113.7:8080");
    assert_bytes(carried.to, "10.0.0.5:40000");
    artifact.is_sent = true;
    carried = make(&artifact);
    assert_bytes(carried.from, "10.0.0.5:40000");
    assert_bytes(carried.to, "203.0.113.7:8080");
}

static void says_what_it_is_and_how_it_came(void **state)
{
    (void)state;
    struct artifact artifact = make_artifact("tool");
    struct carried carried = make(&artifact);
    assert_bytes(carried.path, "flow-1/1-tool");
    assert_bytes(carried.name, "tool");
    assert_bytes(carried.host, "files.test");
    assert_string_equal(carried.protocol, "http");
    assert_string_equal(carried.kind, "ELF program");
    assert_int_equal(carried.size, 80008);
    assert_int_equal(moment_compare(carried.at, moment_of_unix(1000, 0)), 0);
    assert_true(carried.is_whole);
    assert_true(sha256_equal(&carried.sha256, &artifact.sha256));
}

static void has_no_hash_of_a_part(void **state)
{
    (void)state;
    static const struct sha256 none;
    struct artifact artifact = make_artifact("tool");
    artifact.is_whole = false;
    struct carried carried = make(&artifact);
    assert_false(carried.is_whole);
    assert_true(sha256_equal(&carried.sha256, &none));
}

static void long_names_are_cut(void **state)
{
    (void)state;
    static char name[CARRIED_NAME_SIZE_MAX + 2];
    memset(name, 'n', CARRIED_NAME_SIZE_MAX + 1);
    struct artifact artifact = make_artifact(name);
    artifact.host = artifact.name;
    struct carried carried = make(&artifact);
    assert_int_equal(carried.name.size, CARRIED_NAME_SIZE_MAX);
    assert_int_equal(carried.host.size, CARRIED_NAME_SIZE_MAX);
}

/* Whoever reads the message would refuse all of it for one such path. */
static void a_path_that_cannot_be_cited_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",        "a b",   "a:7", "a#frame=1",
                                        "a@0x0+1", "a\xff", "a!/", "a\nb"};
    struct artifact artifact = make_artifact("tool");
    struct carried carried = {.size = 7};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct bytes path = bytes_of_text(wrong[i]);
        enum status status = carried_make(&artifact, (struct moment){0}, path, arena, &carried);
        if (status != STATUS_MALFORMED || carried_path_is_valid(path)) {
            fail_msg("taken: %s", wrong[i]);
        }
    }
    assert_int_equal(carried.size, 7);
    /* Behind the name of a capture no word is reserved. */
    assert_true(carried_path_is_valid(bytes_of_text("coverage!/flow-1/2")));
    assert_true(carried_path_is_valid(bytes_of_text("flow-1/2-a%20b.sh")));
    AUTO(text_done) struct text path = text_of_limit(2 * CARRIED_PATH_SIZE_MAX);
    text_add_repeat(&path, "a", CARRIED_PATH_SIZE_MAX);
    assert_true(carried_path_is_valid(text_bytes(&path)));
    text_add(&path, "a");
    assert_false(carried_path_is_valid(text_bytes(&path)));
}

static void memory_that_runs_out_is_told(void **state)
{
    (void)state;
    struct arena *AUTO(arena_done) small = arena_new(16);
    struct artifact artifact = make_artifact("a name that is longer than that");
    struct carried carried;
    assert_status(
        carried_make(&artifact, (struct moment){0}, bytes_of_text("flow-1/1"), small, &carried),
        STATUS_NO_MEMORY);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(says_who_sent_it_to_whom),
        TEST(says_what_it_is_and_how_it_came),
        TEST(has_no_hash_of_a_part),
        TEST(long_names_are_cut),
        TEST(a_path_that_cannot_be_cited_is_refused),
        TEST(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
