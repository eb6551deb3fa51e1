/* Outside text in Markdown: whatever it holds, a reader of Markdown shows it as text.
 *
 * Input:  any bytes at all.
 * Output: valid UTF-8 of one line.  What is hidden, line breaks and tabs included, is written
 * so that it is seen (\x1b, \u{202e}). Fuzzed: fuzz/markdown.c.   Format: CommonMark 0.31, and
 * GitHub's extensions: tables, tasks, strikethrough, and autolinks, of which "www." and "@" are
 * broken with brackets.
 *
 * Not checked: readers that take any word with a dot for a link. */
#pragma once

#include "base/text.h"

/* Within a line of prose, at its start too. */
void markdown_add(struct text *out, struct bytes theirs);
/* As a code span: nothing in it means anything, and nothing ends it. */
void markdown_add_code(struct text *out, struct bytes theirs);
