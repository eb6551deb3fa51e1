#include "correlate/room.h"

#include "check.h"
#include "make/artifact.h"

#define ENTRIES_MAX 64

/* Evidence whose messages hold so many findings and observations. */
struct files {
    struct arena *arena;
    size_t carried; /* of each that is added */
    struct text messages[ENTRIES_MAX];
    struct dossier_entry entries[ENTRIES_MAX];
    size_t count;
};

static void add_file(struct files *files, size_t findings, size_t observations)
{
    struct examination examination = {
        .findings = arena_take_many(files->arena, findings + 1, sizeof(struct finding)),
        .finding_count = findings,
        .observations =
            arena_take_many(files->arena, observations + 1, sizeof(struct observation)),
        .observation_count = observations,
    };
    assert_non_null(examination.findings);
    assert_non_null(examination.observations);
    coverage_init(&examination.coverage, files->arena);
    struct artifact artifact = make_artifact("tool");
    for (size_t i = 0; i < files->carried; i++) {
        coverage_carried(&examination.coverage, 0, artifact.name, &artifact,
                         moment_of_unix(1, 0));
    }
    struct text *message = &files->messages[files->count];
    *message = text_of_limit(EXAMINATION_SIZE_MAX);
    examination_write(message, &examination);
    assert_ok(text_status(message));
    files->entries[files->count++] = (struct dossier_entry){
        .path = bytes_of_text("x"),
        .outcome = OUTCOME_DONE,
        .examination = text_bytes(message),
    };
}

static struct examination_room share_and_end(struct files *files)
{
    struct examination_room room = {0};
    assert_ok(room_share(files->entries, files->count, files->arena, &room));
    for (size_t i = 0; i < files->count; i++) {
        text_done(&files->messages[i]);
    }
    arena_free(files->arena);
    return room;
}

static void few_are_taken_whole(void **state)
{
    (void)state;
    struct files files = {.arena = arena_new(256U << 20)};
    add_file(&files, 3, EXAMINATION_OBSERVATIONS_MAX / 2);
    add_file(&files, 0, ROOM_OBSERVATIONS_MAX - EXAMINATION_OBSERVATIONS_MAX / 2);
    struct examination_room room = share_and_end(&files);
    assert_true(room.findings >= EXAMINATION_FINDINGS_MAX);
    assert_true(room.observations >= EXAMINATION_OBSERVATIONS_MAX);
}

static void what_the_small_leave_goes_to_the_large(void **state)
{
    (void)state;
    struct files files = {.arena = arena_new(256U << 20)};
    add_file(&files, 0, 40000);
    add_file(&files, 0, 1000);
    add_file(&files, 0, 30000);
    assert_int_equal(share_and_end(&files).observations, (ROOM_OBSERVATIONS_MAX - 1000) / 2);
}

static void findings_have_a_room_of_their_own(void **state)
{
    (void)state;
    struct files files = {.arena = arena_new(256U << 20)};
    for (int i = 0; i < 5; i++) {
        add_file(&files, EXAMINATION_FINDINGS_MAX, 10);
    }
    struct examination_room room = share_and_end(&files);
    assert_int_equal(room.findings, ROOM_FINDINGS_MAX / 5);
    assert_true(room.observations > 10);
}

static void carried_files_have_a_room_of_their_own(void **state)
{
    (void)state;
    struct files files = {.arena = arena_new(256U << 20), .carried = CARRIED_MAX};
    for (size_t i = 0; i < ENTRIES_MAX; i++) {
        files.carried = i < 60 ? CARRIED_MAX : 5;
        add_file(&files, 1, 1);
    }
    struct examination_room room = share_and_end(&files);
    assert_int_equal(room.carried, (ROOM_CARRIED_MAX - 4 * 5) / 60);
    assert_true(room.findings > 1 && room.observations > 1);
}

static void what_cannot_be_read_counts_as_empty(void **state)
{
    (void)state;
    struct files files = {.arena = arena_new(256U << 20)};
    add_file(&files, 0, 40000);
    add_file(&files, 0, 40000);
    files.entries[1].examination.size /= 2;
    add_file(&files, 0, 40000);
    files.entries[2].outcome = OUTCOME_CRASHED;
    assert_true(share_and_end(&files).observations >= 40000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_are_taken_whole),
        cmocka_unit_test(what_the_small_leave_goes_to_the_large),
        cmocka_unit_test(findings_have_a_room_of_their_own),
        cmocka_unit_test(carried_files_have_a_room_of_their_own),
        cmocka_unit_test(what_cannot_be_read_counts_as_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
