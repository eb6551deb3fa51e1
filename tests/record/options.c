#include "record/options.h"

#include "check.h"

static const struct analysis_options all = {
    .audience = AUDIENCE_ANALYST,
    .format = REPORT_JSON,
    .year = 2026,
    .zone_known = true,
    .zone_minutes = -210,
    .redact = true,
    .colour = true,
    .columns = 120,
    .is_partial = true,
};

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct analysis_options options = all;
    options.since = moment_of_unix(100, 1);
    AUTO(text_done) struct text message = text_of_limit(1000);
    analysis_options_write(&message, &options);
    struct analysis_options read;
    assert_ok(analysis_options_read(text_bytes(&message), &read));
    assert_int_equal(read.audience, AUDIENCE_ANALYST);
    assert_int_equal(read.format, REPORT_JSON);
    assert_int_equal(read.year, 2026);
    assert_true(read.zone_known && read.redact && read.colour && read.is_partial);
    assert_int_equal(read.zone_minutes, -210);
    assert_int_equal(read.columns, 120);
    assert_int_equal(moment_compare(read.since, options.since), 0);
    assert_false(read.until.is_known);
}

static void each_flag_is_its_own(void **state)
{
    (void)state;
    for (int flag = 0; flag < 4; flag++) {
        struct analysis_options options = {.zone_known = flag == 0,
                                           .redact = flag == 1,
                                           .colour = flag == 2,
                                           .is_partial = flag == 3};
        AUTO(text_done) struct text message = text_of_limit(1000);
        analysis_options_write(&message, &options);
        struct analysis_options read;
        assert_ok(analysis_options_read(text_bytes(&message), &read));
        assert_int_equal(read.zone_known, flag == 0);
        assert_int_equal(read.redact, flag == 1);
        assert_int_equal(read.colour, flag == 2);
        assert_int_equal(read.is_partial, flag == 3);
    }
}

static void refuses_what_cannot_be_asked_for(void **state)
{
    (void)state;
    struct analysis_options wrong[] = {all, all, all, all};
    wrong[0].audience = AUDIENCE_COUNT;
    wrong[1].format = REPORT_FORMAT_COUNT;
    wrong[2].year = 1969;
    wrong[3].year = 2201;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        AUTO(text_done) struct text message = text_of_limit(1000);
        analysis_options_write(&message, &wrong[i]);
        struct analysis_options read = {.columns = 7};
        assert_status(analysis_options_read(text_bytes(&message), &read), STATUS_MALFORMED);
        assert_int_equal(read.columns, 7);
    }
}

static void refuses_any_other_length(void **state)
{
    (void)state;
    AUTO(text_done) struct text message = text_of_limit(1000);
    analysis_options_write(&message, &all);
    struct analysis_options read;
    for (size_t size = 0; size < message.size; size++) {
        struct bytes part = bytes_part(text_bytes(&message), 0, size);
        assert_status(analysis_options_read(part, &read), STATUS_TRUNCATED);
    }
    text_add(&message, "x");
    assert_status(analysis_options_read(text_bytes(&message), &read), STATUS_MALFORMED);
}

static void names_are_found_again(void **state)
{
    (void)state;
    for (unsigned i = 0; i < AUDIENCE_COUNT; i++) {
        assert_int_equal(audience_find(bytes_of_text(audience_name((enum audience)i))), i);
    }
    for (unsigned i = 0; i < REPORT_FORMAT_COUNT; i++) {
        const char *name = report_format_name((enum report_format)i);
        assert_int_equal(report_format_find(bytes_of_text(name)), i);
    }
    assert_int_equal(audience_find(bytes_of_text("Leader")), AUDIENCE_COUNT);
    assert_int_equal(report_format_find(bytes_of_text("pdf")), REPORT_FORMAT_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(each_flag_is_its_own),
        cmocka_unit_test(refuses_what_cannot_be_asked_for),
        cmocka_unit_test(refuses_any_other_length),
        cmocka_unit_test(names_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
