/* The lines of a watch: for people, or as JSON, one object to a line
 * (docs/watch.schema.json describes them).
 *
 * Names and text from evidence are escaped and defanged for people, plain in JSON. */
#pragma once

#include "record/options.h"
#include "record/warning.h"

struct warning_lines {
    enum report_format format; /* REPORT_TEXT or REPORT_JSON */
    bool colour;
    struct text *out;
};

enum status warning_line_add(const struct warning_lines *lines,
                             const struct warning *warning) MUST_USE;
/* That a source came to its end without being understood, and why. */
enum status warning_line_add_unread(const struct warning_lines *lines, struct bytes path,
                                    const char *why) MUST_USE;
/* The last line: what was said in all. */
enum status warning_line_add_totals(const struct warning_lines *lines,
                                    const struct vigil_tally *tally) MUST_USE;
