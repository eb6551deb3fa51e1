#include "cli/terminal.h"

#include "check.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Both ends of a terminal of the test's own: what is written to `ours` is read from `far`. */
struct pair {
    int far;
    int ours;
};

static struct pair open_pair(unsigned short columns)
{
    struct pair pair = {.far = posix_openpt(O_RDWR | O_NOCTTY)};
    assert_true(pair.far >= 0);
    assert_int_equal(grantpt(pair.far), 0);
    assert_int_equal(unlockpt(pair.far), 0);
    pair.ours = open(ptsname(pair.far), O_RDWR | O_NOCTTY);
    assert_true(pair.ours >= 0);
    struct winsize size = {.ws_row = 24, .ws_col = columns};
    assert_int_equal(ioctl(pair.ours, TIOCSWINSZ, &size), 0);
    return pair;
}

static void close_pair(struct pair *pair)
{
    close(pair->ours);
    close(pair->far);
}

static int begin(void **state)
{
    (void)state;
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    return 0;
}

static void colour_is_for_terminals(void **state)
{
    (void)state;
    struct pair pair = open_pair(100);
    struct analysis_options options = {0};
    terminal_describe(pair.ours, COLOUR_AUTO, &options);
    assert_true(options.colour);
    assert_int_equal(options.columns, 100);
    setenv("NO_COLOR", "1", 1);
    terminal_describe(pair.ours, COLOUR_AUTO, &options);
    assert_false(options.colour);
    terminal_describe(pair.ours, COLOUR_ALWAYS, &options);
    assert_true(options.colour);
    setenv("NO_COLOR", "", 1); /* set, but to nothing: no-color.org */
    terminal_describe(pair.ours, COLOUR_AUTO, &options);
    assert_true(options.colour);
    terminal_describe(pair.ours, COLOUR_NEVER, &options);
    assert_false(options.colour);
    setenv("TERM", "dumb", 1);
    terminal_describe(pair.ours, COLOUR_AUTO, &options);
    assert_false(options.colour);
    unsetenv("TERM");
    terminal_describe(pair.ours, COLOUR_AUTO, &options);
    assert_false(options.colour);
    close_pair(&pair);
}

static void what_is_no_terminal_has_no_width(void **state)
{
    (void)state;
    struct analysis_options options = {.columns = 7};
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    terminal_describe(fd, COLOUR_AUTO, &options);
    assert_false(options.colour);
    assert_int_equal(options.columns, 0);
    terminal_describe(-1, COLOUR_ALWAYS, &options);
    assert_true(options.colour);
    assert_int_equal(options.columns, 0);
    close(fd);
}

static void a_width_has_a_limit(void **state)
{
    (void)state;
    struct pair pair = open_pair(TERMINAL_COLUMNS_MAX + 1);
    struct analysis_options options = {0};
    terminal_describe(pair.ours, COLOUR_AUTO, &options);
    assert_int_equal(options.columns, TERMINAL_COLUMNS_MAX);
    close_pair(&pair);
}

/* What was written to the terminal so far.  The kernel hands it over in parts, so a mark is
 * written after it and everything up to the mark is read. */
static void check_written(const struct pair *pair, const char *expected)
{
    char written[256] = "";
    size_t size = 0;
    assert_int_equal(write(pair->ours, "\a", 1), 1);
    while (size == 0 || written[size - 1] != '\a') {
        assert_true(size < sizeof written - 1);
        ssize_t got = read(pair->far, written + size, sizeof written - 1 - size);
        assert_true(got > 0);
        size += (size_t)got;
    }
    written[size - 1] = '\0';
    assert_string_equal(written, expected);
}

static void progress_is_one_line_that_is_emptied(void **state)
{
    (void)state;
    struct pair pair = open_pair(80);
    int kept = dup(STDERR_FILENO);
    assert_true(dup2(pair.ours, STDERR_FILENO) >= 0);
    struct terminal_progress shown = {0};
    struct progress progress = {.doing = "examining", .done = 3, .total = 40};
    terminal_report(&shown, &progress);
    progress.done = 4;
    terminal_report(&shown, &progress); /* too soon to be seen */
    bool is_shown = shown.is_shown;
    terminal_clear(&shown);
    terminal_clear(&shown);
    setenv("TERM", "dumb", 1);
    shown.last_ms = 0;
    terminal_report(&shown, &progress);
    assert_true(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    assert_true(is_shown);
    assert_false(shown.is_shown);
    check_written(&pair, "\r\x1b[Kexamining 3 of 40\r\x1b[K");
    close_pair(&pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(colour_is_for_terminals, begin),
        cmocka_unit_test_setup(what_is_no_terminal_has_no_width, begin),
        cmocka_unit_test_setup(a_width_has_a_limit, begin),
        cmocka_unit_test_setup(progress_is_one_line_that_is_emptied, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
