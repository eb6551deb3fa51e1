#include "base/cursor.h"

#include "check.h"

static const uint8_t eight[] = {1, 2, 3, 4, 5, 6, 7, 8};

static struct cursor over_eight(void)
{
    return cursor_of((struct bytes){eight, sizeof eight});
}

static void the_byte_order_is_in_the_name(void **state)
{
    (void)state;
    struct cursor cursor = over_eight();
    assert_int_equal(cursor_u16be(&cursor), 0x0102);
    assert_int_equal(cursor_u16le(&cursor), 0x0403);
    assert_int_equal(cursor_u32be(&cursor), 0x05060708);
    cursor_seek(&cursor, 0);
    assert_int_equal(cursor_u8(&cursor), 1);
    assert_int_equal(cursor_u24be(&cursor), 0x020304);
    assert_int_equal(cursor_u32le(&cursor), 0x08070605);
    cursor_seek(&cursor, 0);
    assert_true(cursor_u64be(&cursor) == UINT64_C(0x0102030405060708));
    cursor_seek(&cursor, 0);
    assert_true(cursor_u64le(&cursor) == UINT64_C(0x0807060504030201));
    assert_ok(cursor_status(&cursor));
}

static void the_first_read_that_does_not_fit_fails_it(void **state)
{
    (void)state;
    struct cursor cursor = over_eight();
    cursor_skip(&cursor, 6);
    assert_int_equal(cursor_u32be(&cursor), 0);
    assert_status(cursor_status(&cursor), STATUS_TRUNCATED);
    assert_int_equal(cursor.fault.offset, 6);
}

static void a_failed_cursor_stays_failed_and_yields_nothing(void **state)
{
    (void)state;
    struct cursor cursor = over_eight();
    cursor_skip(&cursor, 9);
    assert_int_equal(cursor_u8(&cursor), 0);
    assert_int_equal(cursor_peek(&cursor), 0);
    assert_int_equal(cursor_left(&cursor), 0);
    assert_int_equal(cursor_take(&cursor, 1).size, 0);
    assert_int_equal(cursor_rest(&cursor).size, 0);
    assert_int_equal(cursor_count(&cursor, 1, 1, 1), 0);
    struct bytes found = BYTES_NONE;
    assert_false(cursor_line(&cursor, &found));
    assert_false(cursor_until(&cursor, 1, &found));
    assert_false(cursor_accept(&cursor, "\x01"));
    cursor_seek(&cursor, 0);
    assert_int_equal(cursor_u8(&cursor), 0);
    assert_status(cursor_status(&cursor), STATUS_TRUNCATED);
}

static void the_first_reason_stays(void **state)
{
    (void)state;
    struct cursor cursor = over_eight();
    cursor_fail(&cursor, STATUS_MALFORMED, "first");
    cursor_fail(&cursor, STATUS_LIMIT, "second");
    assert_status(cursor_status(&cursor), STATUS_MALFORMED);
    assert_string_equal(cursor.fault.what, "first");
}

static void huge_sizes_do_not_wrap(void **state)
{
    (void)state;
    struct cursor cursor = over_eight();
    cursor_skip(&cursor, 4);
    assert_int_equal(cursor_take(&cursor, SIZE_MAX).size, 0);
    assert_status(cursor_status(&cursor), STATUS_TRUNCATED);
    cursor = over_eight();
    cursor_skip(&cursor, 4);
    cursor_skip(&cursor, SIZE_MAX - 3);
    assert_status(cursor_status(&cursor), STATUS_TRUNCATED);
    cursor = over_eight();
    cursor_seek(&cursor, SIZE_MAX);
    assert_status(cursor_status(&cursor), STATUS_TRUNCATED);
}

static void the_end_can_be_sought_and_passed_by_nothing(void **state)
{
    (void)state;
    struct cursor cursor = over_eight();
    cursor_seek(&cursor, 8);
    assert_true(cursor_at_end(&cursor));
    assert_int_equal(cursor_take(&cursor, 0).size, 0);
    assert_int_equal(cursor_rest(&cursor).size, 0);
    assert_int_equal(cursor_peek(&cursor), 0);
    assert_ok(cursor_status(&cursor));
    cursor_seek(&cursor, 9);
    assert_status(cursor_status(&cursor), STATUS_TRUNCATED);
}

static void a_broken_part_does_not_spoil_the_whole(void **state)
{
    (void)state;
    struct cursor cursor = over_eight();
    struct cursor part = cursor_part(&cursor, 3);
    assert_int_equal(cursor_u32be(&part), 0);
    assert_status(cursor_status(&part), STATUS_TRUNCATED);
    assert_ok(cursor_status(&cursor));
    assert_int_equal(cursor_u8(&cursor), 4);
}

static void a_part_that_does_not_fit_fails_both(void **state)
{
    (void)state;
    struct cursor cursor = over_eight();
    struct cursor part = cursor_part(&cursor, 9);
    assert_status(cursor_status(&part), STATUS_TRUNCATED);
    assert_status(cursor_status(&cursor), STATUS_TRUNCATED);
}

static void lines_end_three_ways(void **state)
{
    (void)state;
    struct cursor cursor = cursor_of(bytes_of_text("one\r\ntwo\n\n\rfour\rx"));
    struct bytes line = BYTES_NONE;
    assert_true(cursor_line(&cursor, &line));
    assert_bytes(line, "one");
    assert_true(cursor_line(&cursor, &line));
    assert_bytes(line, "two");
    assert_true(cursor_line(&cursor, &line));
    assert_int_equal(line.size, 0);
    assert_true(cursor_line(&cursor, &line));
    assert_bytes(line, "\rfour\rx");
    assert_false(cursor_line(&cursor, &line));
    assert_ok(cursor_status(&cursor));
}

static void stays_where_a_byte_does_not_occur(void **state)
{
    (void)state;
    struct cursor cursor = cursor_of(bytes_of_text("key=value"));
    struct bytes taken = BYTES_NONE;
    assert_true(cursor_until(&cursor, '=', &taken));
    assert_bytes(taken, "key");
    assert_false(cursor_until(&cursor, '=', &taken));
    assert_bytes(taken, "key");
    assert_int_equal(cursor_offset(&cursor), 4);
    assert_ok(cursor_status(&cursor));
}

static void accepts_what_comes_next(void **state)
{
    (void)state;
    struct cursor cursor = cursor_of(bytes_of_text("sshd[7]"));
    assert_false(cursor_accept(&cursor, "sshd[78]"));
    assert_false(cursor_accept(&cursor, "shd"));
    assert_true(cursor_accept(&cursor, "sshd["));
    assert_int_equal(cursor_peek(&cursor), '7');
    assert_true(cursor_accept(&cursor, "7]"));
    assert_false(cursor_accept(&cursor, "x"));
    assert_ok(cursor_status(&cursor));
}

static void counts_that_cannot_fit_are_refused(void **state)
{
    (void)state;
    struct cursor cursor = over_eight();
    assert_int_equal(cursor_count(&cursor, 4, 2, 100), 4);
    assert_int_equal(cursor_count(&cursor, 0, 2, 0), 0);
    assert_ok(cursor_status(&cursor));
    assert_int_equal(cursor_count(&cursor, 5, 2, 100), 0);
    assert_status(cursor_status(&cursor), STATUS_TRUNCATED);
    cursor = over_eight();
    assert_int_equal(cursor_count(&cursor, UINT64_MAX, SIZE_MAX, SIZE_MAX), 0);
    assert_status(cursor_status(&cursor), STATUS_TRUNCATED);
    cursor = over_eight();
    assert_int_equal(cursor_count(&cursor, 3, 1, 2), 0);
    assert_status(cursor_status(&cursor), STATUS_LIMIT);
}

static void an_empty_input_is_at_its_end(void **state)
{
    (void)state;
    struct cursor cursor = cursor_of(BYTES_NONE);
    struct bytes found = BYTES_NONE;
    assert_true(cursor_at_end(&cursor));
    assert_false(cursor_line(&cursor, &found));
    assert_false(cursor_until(&cursor, 0, &found));
    assert_false(cursor_accept(&cursor, "a"));
    cursor_skip(&cursor, 0);
    assert_ok(cursor_status(&cursor));
    assert_int_equal(cursor_u8(&cursor), 0);
    assert_status(cursor_status(&cursor), STATUS_TRUNCATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_byte_order_is_in_the_name),
        cmocka_unit_test(the_first_read_that_does_not_fit_fails_it),
        cmocka_unit_test(a_failed_cursor_stays_failed_and_yields_nothing),
        cmocka_unit_test(the_first_reason_stays),
        cmocka_unit_test(huge_sizes_do_not_wrap),
        cmocka_unit_test(the_end_can_be_sought_and_passed_by_nothing),
        cmocka_unit_test(a_broken_part_does_not_spoil_the_whole),
        cmocka_unit_test(a_part_that_does_not_fit_fails_both),
        cmocka_unit_test(lines_end_three_ways),
        cmocka_unit_test(stays_where_a_byte_does_not_occur),
        cmocka_unit_test(accepts_what_comes_next),
        cmocka_unit_test(counts_that_cannot_fit_are_refused),
        cmocka_unit_test(an_empty_input_is_at_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
