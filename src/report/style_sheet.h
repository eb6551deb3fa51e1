/* The style sheet of the HTML report: web/report.css without its comments, made into text of
 * ours by tools/embed-style when the program is built. */
#pragma once

extern const char style_sheet[];
/* "sha256-..." of exactly that text, as a Content-Security-Policy names it. */
extern const char style_sheet_hash[];
