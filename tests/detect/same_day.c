/* The same day, told by a system log and by the journal in either of its forms, shows the same.
 */
#include "detect/examine.h"

#include <stdio.h>

#include "make/journal.h"

static struct text read_file(const char *path)
{
    struct text text = text_of_limit(16U << 20);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char buffer[65536];
    size_t size;
    while ((size = fread(buffer, 1, sizeof buffer, file)) > 0) {
        text_add_raw(&text, (struct bytes){(const uint8_t *)buffer, size});
    }
    fclose(file);
    return text;
}

/* What is said, without the lines it cites, which differ, and with its times. */
static void say(struct bytes log, struct text *out)
{
    struct examine examine;
    examine_text(&examine, log);
    struct bytes rest = text_bytes(&examine.said);
    struct bytes line;
    while (bytes_split(&rest, '\n', &line)) {
        text_add_raw(out, bytes_part(line, 0, bytes_find(line, bytes_of_text(" @"))));
        text_add(out, "\n");
    }
    const struct examination *examination = &examine.examination;
    for (size_t i = 0; i < examination->observation_count; i++) {
        text_addf(out, "%lld %lld\n", (long long)examination->observations[i].first.ns,
                  (long long)examination->observations[i].last.ns);
    }
    examine_done(&examine);
}

static void assert_same_day(const char *path)
{
    struct text AUTO(text_done) log = read_file(path);
    struct text AUTO(text_done) expected = text_of_limit(16U << 20);
    say(text_bytes(&log), &expected);
    assert_true(expected.size > 0);
    for (int is_json = 0; is_json < 2; is_json++) {
        struct text AUTO(text_done) journal = text_of_limit(64U << 20);
        struct text AUTO(text_done) said = text_of_limit(16U << 20);
        make_journal(text_bytes(&log), is_json, &journal);
        say(text_bytes(&journal), &said);
        assert_string_equal(text_terminated(&said), text_terminated(&expected));
    }
}

static void an_intrusion_shows_the_same(void **state)
{
    (void)state;
    assert_same_day("examples/intrusion/auth.log");
    assert_same_day("examples/intrusion/syslog");
}

static void an_ordinary_day_shows_the_same(void **state)
{
    (void)state;
    assert_same_day("examples/ordinary/auth.log");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_intrusion_shows_the_same),
        cmocka_unit_test(an_ordinary_day_shows_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
