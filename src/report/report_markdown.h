/* The report as Markdown, for a ticket or a wiki: the same parts in the same order as the page.
 *
 * Input:  a report whose prose is finished; names and excerpts from evidence are escaped and
 *         defanged here, and none of it becomes markup (codec/markdown.h).
 * Output: Markdown in UTF-8, the same for the same report; citations are code.  `arena` holds
 *         what is looked up. */
#pragma once

#include "record/report.h"

enum status report_markdown(const struct report *report, enum audience audience,
                            struct arena *arena, struct text *out) MUST_USE;
/* The plans alone, as task lists. */
enum status report_markdown_plan(const struct report *report, struct text *out) MUST_USE;
