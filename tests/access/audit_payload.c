#include "access/audit_payload.h"

#include "check.h"
#include "codec/sha256.h"

#include "scratch.h"

#define DOMAIN "tocsin audit payload 1\n"

static const struct audit_entry entry;

static int folder_of(const struct scratch *scratch)
{
    assert_int_equal(mkdir(scratch->home, 0700), 0);
    int folder = open(scratch->home, O_RDONLY | O_DIRECTORY);
    assert_true(folder >= 0);
    return folder;
}

static size_t count_files(const struct scratch *scratch)
{
    size_t count = 0;
    DIR *listing = opendir(scratch->home);
    assert_non_null(listing);
    for (const struct dirent *one; (one = readdir(listing)) != NULL;) {
        count += strcmp(one->d_name, ".") != 0 && strcmp(one->d_name, "..") != 0;
    }
    closedir(listing);
    return count;
}

/* By the page of the format. */
static void assert_opens(const struct scratch *scratch, const char *name,
                         const struct sha256 *commitment, const char *payload)
{
    AUTO(text_done) struct text kept = scratch_read(scratch, name);
    assert_bytes(bytes_from(text_bytes(&kept), AUDIT_SALT_SIZE), payload);
    struct sha256_state state;
    sha256_init(&state);
    sha256_add(&state, bytes_of_text(DOMAIN));
    sha256_add(&state, text_bytes(&kept));
    struct sha256 hash = sha256_finish(&state);
    assert_true(sha256_equal(&hash, commitment));
}

static void keeps_each_under_its_number_with_a_salt_of_its_own(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(file_done) int folder = folder_of(&scratch);
    const struct audit_addition additions[] = {
        {.entry = &entry, .payload = bytes_of_text("the same")},
        {.entry = &entry},
        {.entry = &entry, .payload = bytes_of_text("the same")}};
    struct sha256 commitments[3];
    assert_ok(audit_payload_keep(folder, 41, additions, 3, commitments));
    assert_opens(&scratch, "41", &commitments[0], "the same");
    assert_opens(&scratch, "43", &commitments[2], "the same");
    assert_false(sha256_equal(&commitments[0], &commitments[2]));
    assert_int_equal(count_files(&scratch), 2);
}

static void takes_away_what_a_crash_left_under_a_number_without_one(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(file_done) int folder = folder_of(&scratch);
    scratch_write(&scratch, "7", bytes_of_text("never signed"));
    scratch_write(&scratch, ".new-1",
                  bytes_of_text("longer than what takes its place, by far, "
                                "and of nobody who still runs"));
    const struct audit_addition additions[] = {
        {.entry = &entry}, {.entry = &entry, .payload = bytes_of_text("x")}};
    struct sha256 commitments[2];
    assert_ok(audit_payload_keep(folder, 7, additions, 2, commitments));
    assert_opens(&scratch, "8", &commitments[1], "x");
    assert_int_equal(count_files(&scratch), 1);
}

static void of_what_is_too_long_nothing_is_left(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    AUTO(file_done) int folder = folder_of(&scratch);
    AUTO(text_done) struct text longest = text_of_limit(AUDIT_PAYLOAD_MAX + 1);
    text_add_repeat(&longest, "x", AUDIT_PAYLOAD_MAX);
    struct audit_addition additions[] = {{.entry = &entry, .payload = text_bytes(&longest)},
                                         {.entry = &entry, .payload = text_bytes(&longest)}};
    struct sha256 commitments[2];
    assert_ok(audit_payload_keep(folder, 0, additions, 2, commitments));
    text_add_byte(&longest, 'x');
    additions[1].payload = text_bytes(&longest);
    additions[0].payload = bytes_of_text("x");
    assert_status(audit_payload_keep(folder, 2, additions, 2, commitments), STATUS_LIMIT);
    assert_int_equal(count_files(&scratch), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_each_under_its_number_with_a_salt_of_its_own),
        cmocka_unit_test(takes_away_what_a_crash_left_under_a_number_without_one),
        cmocka_unit_test(of_what_is_too_long_nothing_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
