#include "access/audit_verify.h"

#include "access/decide.h"
#include "check.h"

#include "scratch.h"

#define FILE_COUNT 6

/* Two bundles, one level above: every kind of file there is. */
#define ENTRY_COUNT 259

static const char *const files[FILE_COUNT] = {
    "audit/checkpoint", "audit/tile/entries/000", "audit/tile/entries/001",
    "audit/tile/0/000", "audit/tile/0/001",       "audit/tile/1/000",
};

static struct text verifier;

static void fill(const struct scratch *scratch, int count)
{
    AUTO(session_done) struct access_session session;
    session_open(scratch->home, &session);
    assert_true(session.has_audit);
    uint8_t policy[AUDIT_HASH_SIZE] = {1};
    struct audit_entry entry = {
        .event = AUDIT_DONE,
        .operation = bytes_of_text("evidence.analyze"),
        .rule = bytes_of_text("open-to-anyone"),
        .policy = {policy, sizeof policy},
    };
    for (int i = 1; i < count; i++) {
        uint64_t sequence = 0;
        struct fault fault;
        struct bytes payload = i % 100 == 1 ? bytes_of_text("arguments") : BYTES_NONE;
        assert_ok(audit_append(&session.audit, &entry, payload, &sequence, &fault));
    }
    text_done(&verifier);
    verifier = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(&session.identity, &verifier);
}

/* How many differences are found, and what the first says. */
static uint64_t differences(const struct scratch *scratch, char first[256])
{
    int home = open(scratch->home, O_RDONLY | O_DIRECTORY);
    assert_true(home >= 0);
    AUTO(audit_check_done) struct audit_check check = {0};
    assert_ok(audit_verify(home, text_bytes(&verifier), NULL, &check));
    close(home);
    if (first != NULL) {
        snprintf(first, 256, "%s", text_terminated(&check.differences));
    }
    return check.difference_count;
}

static void counts_what_it_saw(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&scratch, ENTRY_COUNT);
    int home = open(scratch.home, O_RDONLY | O_DIRECTORY);
    AUTO(audit_check_done) struct audit_check check = {0};
    assert_ok(audit_verify(home, text_bytes(&verifier), NULL, &check));
    close(home);
    assert_int_equal(check.entry_count, ENTRY_COUNT);
    assert_int_equal(check.file_count, FILE_COUNT);
    assert_int_equal(check.payload_count, 3);
    assert_int_equal(check.erased_count, 0);
    uint64_t size = 0;
    for (size_t i = 0; i < FILE_COUNT; i++) {
        struct stat facts;
        assert_int_equal(stat(scratch_name(&scratch, files[i]), &facts), 0);
        size += (uint64_t)facts.st_size;
    }
    assert_int_equal(check.byte_count, size);
    assert_int_equal(check.difference_count, 0);
}

/* The whole of a small log, byte by byte, bit 0 and bit 5 (case of letters). */
static void notices_every_flipped_byte_of_a_small_log(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&scratch, 4);
    size_t flipped = 0;
    static const char *const small[] = {"audit/checkpoint", "audit/tile/entries/000",
                                        "audit/tile/0/000"};
    for (size_t f = 0; f < 3; f++) {
        AUTO(text_done) struct text file = scratch_read(&scratch, small[f]);
        for (size_t i = 0; i < file.size; i++) {
            for (int mask = 1; mask <= 0x20; mask *= 0x20) {
                file.data[i] = (char)(file.data[i] ^ mask);
                scratch_write(&scratch, small[f], text_bytes(&file));
                assert_int_not_equal(differences(&scratch, NULL), 0);
                file.data[i] = (char)(file.data[i] ^ mask);
                flipped++;
            }
        }
        scratch_write(&scratch, small[f], text_bytes(&file));
    }
    assert_true(flipped > 1000);
    assert_int_equal(differences(&scratch, NULL), 0);
}

/* Some decoders take a byte that is no digit of base64 for the last one. */
static void notices_bytes_that_are_no_letters(void **state)
{
    (void)state;
    size_t slashes = 0;
    for (int round = 0; slashes == 0 && round < 50; round++) {
        AUTO(scratch_done) struct scratch scratch = scratch_new();
        fill(&scratch, 2);
        AUTO(text_done) struct text file = scratch_read(&scratch, "audit/checkpoint");
        size_t origin = bytes_find_byte(text_bytes(&file), '\n');
        for (size_t i = 0; i < file.size; i++) {
            char was = file.data[i];
            slashes += was == '/' && i > 2 * origin;
            file.data[i] = (char)0xd2;
            scratch_write(&scratch, "audit/checkpoint", text_bytes(&file));
            assert_int_not_equal(differences(&scratch, NULL), 0);
            file.data[i] = was;
        }
    }
    assert_int_not_equal(slashes, 0);
}

/* The same in every file of a log of two bundles, at a stride that no structure shares. */
static void notices_flipped_bytes_in_every_file(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&scratch, ENTRY_COUNT);
    for (size_t f = 0; f < FILE_COUNT; f++) {
        AUTO(text_done) struct text file = scratch_read(&scratch, files[f]);
        size_t stride = file.size / 40 + 1;
        for (size_t i = 0; i < file.size; i += stride) {
            file.data[i] ^= 4;
            scratch_write(&scratch, files[f], text_bytes(&file));
            assert_int_not_equal(differences(&scratch, NULL), 0);
            file.data[i] ^= 4;
        }
        scratch_write(&scratch, files[f], text_bytes(&file));
    }
    assert_int_equal(differences(&scratch, NULL), 0);
}

static void notices_a_truncation_at_every_length(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&scratch, 3);
    static const char *const small[] = {"audit/checkpoint", "audit/tile/entries/000",
                                        "audit/tile/0/000"};
    for (size_t f = 0; f < 3; f++) {
        AUTO(text_done) struct text file = scratch_read(&scratch, small[f]);
        for (size_t size = 0; size < file.size; size++) {
            scratch_write(&scratch, small[f], bytes_part(text_bytes(&file), 0, size));
            assert_int_not_equal(differences(&scratch, NULL), 0);
        }
        text_add_byte(&file, '\n');
        scratch_write(&scratch, small[f], text_bytes(&file));
        assert_int_not_equal(differences(&scratch, NULL), 0);
        text_cut(&file, file.size - 1);
        scratch_write(&scratch, small[f], text_bytes(&file));
    }
    assert_int_equal(differences(&scratch, NULL), 0);
}

static void notices_every_file_that_is_missing(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&scratch, ENTRY_COUNT);
    for (size_t f = 0; f < FILE_COUNT; f++) {
        AUTO(text_done) struct text file = scratch_read(&scratch, files[f]);
        assert_int_equal(unlink(scratch_name(&scratch, files[f])), 0);
        assert_int_not_equal(differences(&scratch, NULL), 0);
        scratch_write(&scratch, files[f], text_bytes(&file));
    }
}

static void notices_everything_that_was_added(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&scratch, ENTRY_COUNT);
    static const char *const names[] = {
        "audit/note",           "audit/.hidden",          "audit/checkpoint~",
        "audit/tile/2",         "audit/tile/entries/002", "audit/tile/entries/0",
        "audit/tile/0/002",     "audit/tile/0/x000",      "audit/tile/entries/0000",
        "audit/tile/0/001.p",   "audit/tile/00",          "audit/tile/1/001",
        "audit/tile/\x1b[31mx",
    };
    char first[256];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        scratch_write(&scratch, names[i], BYTES_NONE);
        assert_int_equal(differences(&scratch, first), 1);
        assert_non_null(strstr(first, "does not belong here"));
        assert_null(strchr(first, '\x1b'));
        assert_int_equal(unlink(scratch_name(&scratch, names[i])), 0);
        assert_int_equal(mkdir(scratch_name(&scratch, names[i]), 0700), 0);
        assert_int_equal(differences(&scratch, first), 1);
        assert_int_equal(rmdir(scratch_name(&scratch, names[i])), 0);
    }
    assert_int_equal(differences(&scratch, NULL), 0);
}

static void notices_a_file_that_became_a_link(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&scratch, 3);
    char name[2 * SCRATCH_PATH_MAX];
    snprintf(name, sizeof name, "%s", scratch_name(&scratch, "audit/tile/0/000"));
    assert_int_equal(rename(name, scratch_name(&scratch, "moved")), 0);
    assert_int_equal(symlink(scratch_name(&scratch, "moved"), name), 0);
    assert_int_not_equal(differences(&scratch, NULL), 0);
}

/* Entries of equal length, so that swapping two changes nothing but their order. */
static void notices_entries_swapped_or_taken_out(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&scratch, 10);
    AUTO(text_done) struct text file = scratch_read(&scratch, "audit/tile/entries/000");
    size_t starts[11] = {0};
    for (int i = 0; i < 10; i++) {
        const uint8_t *at = (const uint8_t *)file.data + starts[i];
        starts[i + 1] = starts[i] + 2 + (size_t)(at[0] << 8 | at[1]);
    }
    size_t size = starts[5] - starts[4];
    assert_int_equal(starts[6] - starts[5], size);
    AUTO(text_done) struct text swapped = text_of_limit(file.size);
    text_add_raw(&swapped, bytes_part(text_bytes(&file), 0, starts[4]));
    text_add_raw(&swapped, bytes_part(text_bytes(&file), starts[5], size));
    text_add_raw(&swapped, bytes_part(text_bytes(&file), starts[4], size));
    text_add_raw(&swapped, bytes_from(text_bytes(&file), starts[6]));
    scratch_write(&scratch, "audit/tile/entries/000", text_bytes(&swapped));
    assert_int_not_equal(differences(&scratch, NULL), 0);
    AUTO(text_done) struct text without = text_of_limit(file.size);
    text_add_raw(&without, bytes_part(text_bytes(&file), 0, starts[9]));
    scratch_write(&scratch, "audit/tile/entries/000", text_bytes(&without));
    assert_int_not_equal(differences(&scratch, NULL), 0);
}

static void notices_an_older_checkpoint(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&scratch, 3);
    AUTO(text_done) struct text older = scratch_read(&scratch, "audit/checkpoint");
    fill(&scratch, 3);
    scratch_write(&scratch, "audit/checkpoint", text_bytes(&older));
    char first[256];
    assert_int_not_equal(differences(&scratch, first), 0);
    assert_non_null(strstr(first, "goes on after the last signed entry"));
}

static void notices_a_log_of_another_key(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch other = scratch_new();
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&other, 3);
    fill(&scratch, 3);
    char away[SCRATCH_PATH_MAX + 8];
    snprintf(away, sizeof away, "%s/away", scratch.path);
    assert_int_equal(rename(scratch_name(&scratch, "audit"), away), 0);
    char theirs[2 * SCRATCH_PATH_MAX];
    snprintf(theirs, sizeof theirs, "%s", scratch_name(&other, "audit"));
    assert_int_equal(rename(theirs, scratch_name(&scratch, "audit")), 0);
    assert_int_not_equal(differences(&scratch, NULL), 0);
}

static void an_absent_payload_is_erased_and_a_changed_one_fails(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&scratch, 3);
    AUTO(text_done) struct text kept = scratch_read(&scratch, "payloads/1");
    for (size_t i = 0; i < kept.size; i++) {
        kept.data[i] ^= 1;
        scratch_write(&scratch, "payloads/1", text_bytes(&kept));
        assert_int_equal(differences(&scratch, NULL), 1);
        kept.data[i] ^= 1;
    }
    assert_int_equal(unlink(scratch_name(&scratch, "payloads/1")), 0);
    int home = open(scratch.home, O_RDONLY | O_DIRECTORY);
    AUTO(audit_check_done) struct audit_check check = {0};
    assert_ok(audit_verify(home, text_bytes(&verifier), NULL, &check));
    close(home);
    assert_int_equal(check.difference_count, 0);
    assert_int_equal(check.erased_count, 1);
    assert_int_equal(check.payload_count, 0);
}

static void a_missing_log_and_a_bad_key_are_said(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&scratch, 2);
    AUTO(audit_check_done) struct audit_check check = {0};
    int elsewhere = open(scratch.path, O_RDONLY | O_DIRECTORY);
    assert_status(audit_verify(elsewhere, text_bytes(&verifier), NULL, &check),
                  STATUS_NOT_FOUND);
    close(elsewhere);
    int home = open(scratch.home, O_RDONLY | O_DIRECTORY);
    for (size_t i = 0; i + 1 < verifier.size; i++) {
        verifier.data[i] = (char)(verifier.data[i] ^ 0x10);
        assert_status(audit_verify(home, text_bytes(&verifier), NULL, &check),
                      STATUS_MALFORMED);
        verifier.data[i] = (char)(verifier.data[i] ^ 0x10);
    }
    close(home);
}

struct seen {
    uint64_t count;
    uint64_t with_arguments;
};

static void see(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct seen *seen = context;
    assert_int_equal(entry->sequence, seen->count);
    seen->count++;
    seen->with_arguments += bytes_equal_text(arguments, "arguments");
}

static void shows_every_entry_with_its_arguments(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    fill(&scratch, 5);
    struct seen seen = {0};
    struct audit_visitor visitor = {.visit = see, .context = &seen};
    AUTO(audit_check_done) struct audit_check check = {0};
    int home = open(scratch.home, O_RDONLY | O_DIRECTORY);
    assert_ok(audit_verify(home, text_bytes(&verifier), &visitor, &check));
    close(home);
    assert_int_equal(seen.count, 5);
    assert_int_equal(seen.with_arguments, 1);
}

static enum audit_continuation continuation(const struct scratch *scratch, uint64_t size,
                                            struct sha256 root)
{
    const struct audit_mark mark = {size, root};
    AUTO(audit_check_done) struct audit_check check = {0};
    int home = open(scratch->home, O_RDONLY | O_DIRECTORY);
    assert_ok(audit_verify_since(home, text_bytes(&verifier), &mark, NULL, &check));
    close(home);
    assert_int_equal(check.difference_count, 0);
    return check.continuation;
}

static void knows_whether_it_goes_on_from_a_checkpoint(void **state)
{
    (void)state;
    AUTO(scratch_done) struct scratch scratch = scratch_new();
    static const int steps[] = {1, 2, 5, 255, 256, 257, 300};
    struct sha256 roots[sizeof steps / sizeof *steps];
    int size = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        fill(&scratch, steps[i] - size + (size > 0));
        size = steps[i];
        AUTO(audit_check_done) struct audit_check check = {0};
        int home = open(scratch.home, O_RDONLY | O_DIRECTORY);
        assert_ok(audit_verify(home, text_bytes(&verifier), NULL, &check));
        close(home);
        assert_int_equal(check.size, size > 1 ? size : 0);
        assert_int_equal(check.continuation, AUDIT_NOT_COMPARED);
        roots[i] = check.root;
        for (size_t j = 0; j <= i; j++) {
            uint64_t then = steps[j] > 1 ? (uint64_t)steps[j] : 0;
            assert_int_equal(continuation(&scratch, then, roots[j]), AUDIT_CONTINUES);
            struct sha256 other = roots[j];
            other.bytes[31] ^= 1;
            assert_int_equal(continuation(&scratch, then, other), AUDIT_IS_ANOTHER);
        }
        assert_int_equal(continuation(&scratch, check.size + 1, roots[i]), AUDIT_IS_SHORTER);
    }
}

static int forget(void **state)
{
    (void)state;
    text_done(&verifier);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counts_what_it_saw),
        cmocka_unit_test(notices_every_flipped_byte_of_a_small_log),
        cmocka_unit_test(notices_bytes_that_are_no_letters),
        cmocka_unit_test(notices_flipped_bytes_in_every_file),
        cmocka_unit_test(notices_a_truncation_at_every_length),
        cmocka_unit_test(notices_every_file_that_is_missing),
        cmocka_unit_test(notices_everything_that_was_added),
        cmocka_unit_test(notices_a_file_that_became_a_link),
        cmocka_unit_test(notices_entries_swapped_or_taken_out),
        cmocka_unit_test(notices_an_older_checkpoint),
        cmocka_unit_test(notices_a_log_of_another_key),
        cmocka_unit_test(an_absent_payload_is_erased_and_a_changed_one_fails),
        cmocka_unit_test(a_missing_log_and_a_bad_key_are_said),
        cmocka_unit_test(shows_every_entry_with_its_arguments),
        cmocka_unit_test(knows_whether_it_goes_on_from_a_checkpoint),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
