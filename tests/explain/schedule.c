#include "explain/schedule.h"

#include "check.h"

static void times_are_told_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        const char *words;
    } rows[] = {
        {"* * * * * x", "every minute"},
        {"*/5 * * * * x", "every 5 minutes"},
        {"*/1 * * * * x", "every minute"},
        {"15 * * * * x", "every hour, 15 minutes past"},
        {"0 */6 * * * x", "every 6 hours, 0 minutes past"},
        {"30 2 * * * x", "every day at 02:30"},
        {"0 4 * * 1 x", "every Monday at 04:00"},
        {"0 4 * * 7 x", "every Sunday at 04:00"},
        {"5 0 1 * * x", "on day 1 of every month at 00:05"},
        {"@reboot x", "when the machine starts"},
        {"@daily x", "every day at 00:00"},
        {"@weekly x", "every Sunday at 00:00"},
        {"@monthly x", "on day 1 of every month at 00:00"},
        {"0,30 8-17 * * mon-fri x",
         "at minute 0,30, hour 8-17, day *, month *, day of the week mon-fri"},
        {"99 2 * * * x", "at minute 99, hour 2, day *, month *, day of the week *"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        AUTO(text_done) struct text text = text_of_limit(1000);
        assert_true(schedule_add_words(&text, bytes_of_text(rows[i].line)));
        assert_string_equal(text_terminated(&text), rows[i].words);
    }
}

static void a_line_without_times_says_nothing(void **state)
{
    (void)state;
    AUTO(text_done) struct text text = text_of_limit(100);
    assert_false(schedule_add_words(&text, bytes_of_text("* * *")));
    assert_int_equal(text.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_told_in_words),
        cmocka_unit_test(a_line_without_times_says_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
