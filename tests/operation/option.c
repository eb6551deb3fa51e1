#include "operation/option.h"

#include "check.h"

static enum status set(enum option_id id, const char *value, struct request *request)
{
    *request = (struct request){0};
    return option_row(id)->set(request, value);
}

static void every_option_is_found_by_its_name(void **state)
{
    (void)state;
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        const struct option_row *row = option_row((enum option_id)id);
        assert_int_equal(option_find(bytes_of_text(row->name), OPTION_BIT(id)), id);
        if (row->letter != 0) {
            assert_int_equal(option_find_letter(row->letter, OPTION_BIT(id)), id);
        }
        assert_int_equal(option_find(bytes_of_text(row->name), 0), OPTION_COUNT);
        assert_non_null(row->help);
    }
    assert_int_equal(option_find(bytes_of_text("nothing"), UINT32_MAX), OPTION_COUNT);
    assert_int_equal(option_find_letter('?', UINT32_MAX), OPTION_COUNT);
    assert_int_equal(option_find_letter(0, UINT32_MAX), OPTION_COUNT);
}

static void zones_are_minutes_east_of_utc(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int minutes;
    } good[] = {{"UTC", 0},     {"Z", 0},        {"+02:00", 120}, {"-0530", -330},
                {"+1400", 840}, {"-00:30", -30}, {"+00:00", 0}};
    struct request request;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_ok(set(OPTION_ZONE, good[i].value, &request));
        assert_true(request.analysis.zone_known);
        assert_int_equal(request.analysis.zone_minutes, good[i].minutes);
    }
    static const char *const bad[] = {"",       "utc",     "02:00",  "+2",     "+02:60",
                                      "+15:00", "+02:00x", "+02 00", "Berlin", "+0200:"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_not_equal(set(OPTION_ZONE, bad[i], &request), STATUS_OK);
    }
}

static void times_are_dated_and_in_utc_unless_they_say_otherwise(void **state)
{
    (void)state;
    struct request request;
    assert_ok(set(OPTION_SINCE, "2026-03-03T02:10:00Z", &request));
    struct moment exact = request.analysis.since;
    assert_true(exact.is_known && exact.year_known && exact.zone_known);
    assert_ok(set(OPTION_SINCE, "2026-03-03T04:10:00+02:00", &request));
    assert_int_equal(request.analysis.since.ns, exact.ns);
    assert_ok(set(OPTION_UNTIL, "2026-03-03", &request));
    assert_int_equal(exact.ns - request.analysis.until.ns, 130 * MOMENT_MINUTE_NS);
    static const char *const bad[] = {"", "yesterday", "2026-13-01", "03-03T02:10", "2026"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_not_equal(set(OPTION_SINCE, bad[i], &request), STATUS_OK);
    }
}

static void values_out_of_range_are_refused(void **state)
{
    (void)state;
    static const struct {
        enum option_id id;
        const char *value;
    } bad[] = {
        {OPTION_QUORUM, "17"},
        {OPTION_JOBS, "0"},
        {OPTION_JOBS, "65"},
        {OPTION_JOBS, "four"},
        {OPTION_JOBS, "-1"},
        {OPTION_YEAR, "1969"},
        {OPTION_YEAR, "2201"},
        {OPTION_YEAR, "26"},
        {OPTION_AUDIENCE, "me"},
        {OPTION_AUDIENCE, "everyone"},
        {OPTION_FORMAT, "html"},
        {OPTION_FORMAT, ""},
        {OPTION_PAGE_FORMAT, "pdf"},
        {OPTION_PAGE_FORMAT, ""},
        {OPTION_FAIL_ON, "worse"},
        {OPTION_MODEL, "private"},
        {OPTION_COLOR, "sometimes"},
        {OPTION_OUTPUT, ""},
        {OPTION_SITE, ""},
        {OPTION_TO, ""},
        {OPTION_KEY, ""},
        {OPTION_EVIDENCE, ""},
    };
    struct request request;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_not_equal(set(bad[i].id, bad[i].value, &request), STATUS_OK);
    }
    for (size_t i = 0; i < REQUEST_EVIDENCE_MAX; i++) {
        assert_ok(option_row(OPTION_EVIDENCE)->set(&request, "x"));
    }
    assert_status(option_row(OPTION_EVIDENCE)->set(&request, "x"), STATUS_LIMIT);
}

/* What a refusal says it takes is what it takes. */
static void ranges_are_those_of_the_rows(void **state)
{
    (void)state;
    size_t count = 0;
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        const struct option_row *row = option_row((enum option_id)id);
        struct request request;
        const struct {
            uint64_t number;
            bool is_taken;
        } rows[] = {{row->least, true},
                    {row->most, true},
                    {row->most + 1, false},
                    {row->least - 1, false}};
        for (size_t i = 0; row->most > 0 && i < 4; i++) {
            AUTO(text_done) struct text value = text_of_limit(32);
            text_addf(&value, "%llu", (unsigned long long)rows[i].number);
            assert_int_equal(set((enum option_id)id, text_terminated(&value), &request) ==
                                 STATUS_OK,
                             rows[i].is_taken);
            count++;
        }
    }
    assert_true(count >= 24);
}

static void values_reach_the_request(void **state)
{
    (void)state;
    struct request request;
    assert_ok(set(OPTION_AUDIENCE, "analyst", &request));
    assert_int_equal(request.analysis.audience, AUDIENCE_ANALYST);
    assert_ok(set(OPTION_AUDIENCE, "responder", &request));
    assert_int_equal(request.analysis.audience, AUDIENCE_RESPONDER);
    assert_ok(set(OPTION_PAGE_FORMAT, "html", &request));
    assert_int_equal(request.analysis.format, REPORT_HTML);
    assert_ok(set(OPTION_FORMAT, "json", &request));
    assert_int_equal(request.analysis.format, REPORT_JSON);
    assert_ok(set(OPTION_FAIL_ON, "low", &request));
    assert_int_equal(request.fail_on, SEVERITY_LOW);
    assert_ok(set(OPTION_JOBS, "64", &request));
    assert_int_equal(request.jobs, 64);
    assert_ok(set(OPTION_YEAR, "2025", &request));
    assert_int_equal(request.analysis.year, 2025);
    assert_ok(set(OPTION_REDACT, NULL, &request));
    assert_true(request.analysis.redact);
    assert_ok(set(OPTION_MODEL, "public", &request));
    assert_false(request.is_critical);
    assert_ok(set(OPTION_MODEL, "critical", &request));
    assert_true(request.is_critical);
    assert_ok(set(OPTION_COLOR, "never", &request));
    assert_int_equal(request.colour, COLOUR_NEVER);
}

static void what_names_people_is_kept_as_it_was_given(void **state)
{
    (void)state;
    struct request request;
    assert_ok(set(OPTION_IN, "a.file", &request));
    assert_string_equal(request.in, "a.file");
    assert_ok(set(OPTION_FACTS, "a.facts", &request));
    assert_string_equal(request.facts, "a.facts");
    assert_ok(set(OPTION_GROUP, "a.card", &request));
    assert_string_equal(request.group, "a.card");
    assert_ok(set(OPTION_GROUP_NAME, "A Group", &request));
    assert_string_equal(request.group, "A Group");
    assert_ok(set(OPTION_NAME, "A", &request));
    assert_string_equal(request.name, "A");
    assert_ok(set(OPTION_ORGANISATION, "B", &request));
    assert_string_equal(request.organisation, "B");
    assert_ok(set(OPTION_SUBJECT, "C", &request));
    assert_string_equal(request.subject, "C");
    static const enum option_id empty[] = {OPTION_IN,   OPTION_FACTS,        OPTION_GROUP,
                                           OPTION_NAME, OPTION_ORGANISATION, OPTION_SUBJECT};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        assert_int_not_equal(set(empty[i], "", &request), STATUS_OK);
    }
    static const char *const bad[] = {"", "security", "=a.card", "security="};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_status(set(OPTION_OFFICER, bad[i], &request), STATUS_MALFORMED);
    }
    request = (struct request){0};
    for (int i = 0; i < REQUEST_OFFICERS_MAX; i++) {
        assert_ok(option_row(OPTION_OFFICER)->set(&request, "security=a=b"));
    }
    assert_status(option_row(OPTION_OFFICER)->set(&request, "legal=b"), STATUS_LIMIT);
    assert_string_equal(request.officers[REQUEST_OFFICERS_MAX - 1], "security=a=b");
    for (int i = 0; i < REQUEST_CONTACTS_MAX; i++) {
        assert_ok(option_row(OPTION_CONTACT)->set(&request, "x"));
    }
    assert_status(option_row(OPTION_CONTACT)->set(&request, "x"), STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_option_is_found_by_its_name),
        cmocka_unit_test(zones_are_minutes_east_of_utc),
        cmocka_unit_test(times_are_dated_and_in_utc_unless_they_say_otherwise),
        cmocka_unit_test(values_out_of_range_are_refused),
        cmocka_unit_test(ranges_are_those_of_the_rows),
        cmocka_unit_test(values_reach_the_request),
        cmocka_unit_test(what_names_people_is_kept_as_it_was_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
