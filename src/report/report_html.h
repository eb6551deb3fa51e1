/* The report as one HTML page that needs nothing else: no script, nothing loaded, no link that
 * leaves it.  The leader's page first (one printed page), then timeline, who did what to whom,
 * findings, evidence, plan, glossary; web/report.css says how it looks.
 *
 * Input:  a report whose prose is finished; names and excerpts from evidence are escaped and
 *         defanged here.
 * Output: HTML in UTF-8, the same for the same report.  `arena` holds what is looked up. */
#pragma once

#include "record/report.h"

enum status report_html(const struct report *report, enum audience audience,
                        struct arena *arena, struct text *out) MUST_USE;
/* The plans alone, as checklists. */
enum status report_html_plan(const struct report *report, struct arena *arena,
                             struct text *out) MUST_USE;
