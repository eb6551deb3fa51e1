#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

#define LINE_SIZE_MAX 256
#define INTERVAL_MS 100
#define CLEAR_LINE "\r\x1b[K"

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0';
}

static bool is_dumb(void)
{
    const char *term = getenv("TERM");
    return term == NULL || strcmp(term, "dumb") == 0;
}

void terminal_describe(int fd, enum colour_choice choice, struct analysis_options *out)
{
    bool is_terminal = fd >= 0 && isatty(fd) == 1;
    bool may_colour = is_terminal && !is_set("NO_COLOR") && !is_dumb();
    out->colour = choice == COLOUR_ALWAYS || (choice == COLOUR_AUTO && may_colour);
    struct winsize size = {0};
    out->columns = 0;
    if (is_terminal && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        out->columns = size.ws_col < TERMINAL_COLUMNS_MAX ? size.ws_col : TERMINAL_COLUMNS_MAX;
    }
}

static int64_t now_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void terminal_report(void *context, const struct progress *progress)
{
    struct terminal_progress *shown = context;
    int64_t now = now_ms();
    if (isatty(STDERR_FILENO) != 1 || is_dumb() || now - shown->last_ms < INTERVAL_MS) {
        return;
    }
    AUTO(text_done) struct text line = text_of_limit(LINE_SIZE_MAX);
    text_addf(&line, CLEAR_LINE "%s", progress->doing);
    if (progress->total > 0) {
        text_addf(&line, " %zu of %zu", progress->done, progress->total);
    }
    IGNORE(file_write(STDERR_FILENO, text_bytes(&line)), "nobody needs the progress");
    shown->is_shown = true;
    shown->last_ms = now;
}

void terminal_clear(struct terminal_progress *progress)
{
    if (progress->is_shown) {
        IGNORE(file_write(STDERR_FILENO, bytes_of_text(CLEAR_LINE)),
               "nobody needs the progress");
    }
    progress->is_shown = false;
}
