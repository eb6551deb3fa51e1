/* What is known of the terminal, and the progress line on it.
 *
 * Colour only on a terminal, unless NO_COLOR is set (no-color.org) or TERM is "dumb"; progress
 * only where standard error is a terminal. */
#pragma once

#include "operation/operation.h"

#define TERMINAL_COLUMNS_MAX 1000

/* Fills in colour and width for text on `fd`. */
void terminal_describe(int fd, enum colour_choice choice, struct analysis_options *out);

struct terminal_progress {
    bool is_shown; /* something stands on the line */
    int64_t last_ms;
};
/* For call.report_progress; `context` is a struct terminal_progress. */
void terminal_report(void *context, const struct progress *progress);
/* Empties the line. */
void terminal_clear(struct terminal_progress *progress);
