#include "record/assignment.h"

#include "check.h"

static void what_is_assigned_arrives(void **state)
{
    (void)state;
    struct assignment given = {
        .kind = ASSIGNMENT_EXTRACT,
        .options = {.redact = true, .year = 2025},
        .citation = bytes_of_text("a.gz!/drop.sh@0x1f4+37"),
        .size = UINT64_C(1) << 40,
    };
    AUTO(text_done) struct text message = text_of_limit(65536);
    assignment_write(&message, &given);
    struct assignment read;
    assert_ok(assignment_read(text_bytes(&message), &read));
    assert_int_equal(read.kind, ASSIGNMENT_EXTRACT);
    assert_true(read.options.redact);
    assert_int_equal(read.options.year, 2025);
    assert_int_equal(read.size, UINT64_C(1) << 40);
    assert_bytes(read.citation, "a.gz!/drop.sh@0x1f4+37");
}

static void a_place_comes_with_what_needs_one_and_nothing_else(void **state)
{
    (void)state;
    AUTO(text_done) struct text message = text_of_limit(65536);
    struct assignment read;
    assignment_write(&message, &(struct assignment){.kind = ASSIGNMENT_EXAMINE});
    assert_ok(assignment_read(text_bytes(&message), &read));
    for (size_t size = 0; size < message.size; size++) {
        assert_int_not_equal(assignment_read(bytes_part(text_bytes(&message), 0, size), &read),
                             STATUS_OK);
    }
    text_clear(&message);
    assignment_write(&message, &(struct assignment){.kind = ASSIGNMENT_SHOW});
    assert_status(assignment_read(text_bytes(&message), &read), STATUS_MALFORMED);
    text_clear(&message);
    assignment_write(&message, &(struct assignment){.kind = ASSIGNMENT_EXAMINE,
                                                    .citation = bytes_of_text("a:1")});
    assert_status(assignment_read(text_bytes(&message), &read), STATUS_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_assigned_arrives),
        cmocka_unit_test(a_place_comes_with_what_needs_one_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
