#include "access/grant/date.h"

#include "check.h"

/* What the text is read as, again as text; "" where it is no date. */
static const char *read_as(const char *date, struct text *out)
{
    struct cursor cursor = cursor_of(bytes_of_text(date));
    uint64_t seconds = 0;
    text_clear(out);
    if (datalog_date_take(&cursor, &seconds)) {
        datalog_date_add(out, seconds);
        text_add_raw(out, cursor_rest(&cursor));
    } else {
        assert_int_equal(cursor_left(&cursor), bytes_of_text(date).size);
    }
    return text_terminated(out);
}

static void dates_are_read_and_written(void **state)
{
    (void)state;
    static const char *const dates[][2] = {
        {"2026-03-03T02:10:59Z", "2026-03-03T02:10:59Z"},
        {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
        {"2000-02-29T23:59:59Z", "2000-02-29T23:59:59Z"},
        {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
        {"2024-12-31T00:00:00Z", "2024-12-31T00:00:00Z"},
        {"2025-12-31T23:59:59Z", "2025-12-31T23:59:59Z"},
        {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
        {"2026-04-30T00:00:00.5Z", "2026-04-30T00:00:00Z"},
        {"2026-04-30T00:00:00.123456789Z", "2026-04-30T00:00:00Z"},
        {"2026-04-30T02:30:00+02:30", "2026-04-30T00:00:00Z"},
        {"2026-04-30T00:00:00-23:59", "2026-04-30T23:59:00Z"},
        {"2026-04-30T00:00:00+23:59", "2026-04-29T00:01:00Z"},
        {"2026-04-30T00:00:00-00:00", "2026-04-30T00:00:00Z"},
        {"2026-04-30T00:00:00Z, 1", "2026-04-30T00:00:00Z, 1"},
    };
    AUTO(text_done) struct text out = text_of_limit(128);
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        assert_string_equal(read_as(dates[i][0], &out), dates[i][1]);
    }
}

static void what_is_no_date_is_none(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "2",
        "202",
        "2026",
        "2026-",
        "2026-0",
        "2026-01-",
        "2026-01-01",
        "2026-01-01T",
        "26-01-01T00:00:00Z",
        "x026-01-01T00:00:00Z",
        "2026/01-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-xx-01T00:00:00Z",
        "2026-01/01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-01-32T00:00:00Z",
        "2026-01-xxT00:00:00Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2100-02-29T00:00:00Z",
        "2024-02-30T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-06-31T00:00:00Z",
        "2026-09-31T00:00:00Z",
        "2026-11-31T00:00:00Z",
        "2026-01-01 00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01Txx:00:00Z",
        "2026-01-01T00-00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:xx:00Z",
        "2026-01-01T00:00-00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:xxZ",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00.xZ",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00:00z",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+xx:00",
        "2026-01-01T00:00:00+00",
        "2026-01-01T00:00:00+0000",
        "2026-01-01T00:00:00+00:60",
        "2026-01-01T00:00:00+00:xx",
        "2026-01-01T00:00:00 00:00",
        "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+00:01",
        "0001-01-01T00:00:00Z",
    };
    AUTO(text_done) struct text out = text_of_limit(128);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_string_equal(read_as(others[i], &out), "");
    }
}

static void a_time_beyond_all_years_is_no_date(void **state)
{
    (void)state;
    AUTO(text_done) struct text out = text_of_limit(128);
    datalog_date_add(&out, UINT64_C(253402300799));
    assert_string_equal(text_terminated(&out), "9999-12-31T23:59:59Z");
    text_clear(&out);
    datalog_date_add(&out, UINT64_C(253402300800));
    assert_string_equal(text_terminated(&out), "<invalid date>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_read_and_written),
        cmocka_unit_test(what_is_no_date_is_none),
        cmocka_unit_test(a_time_beyond_all_years_is_no_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
