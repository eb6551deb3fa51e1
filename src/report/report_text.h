/* The report as text for a terminal: the leader's page, or everything for an analyst.
 *
 * Input:  a report whose prose is finished; names and excerpts from evidence are escaped and
 *         defanged here.
 * Output: UTF-8 text, wrapped at `columns`; with ANSI colours only where asked.
 * Fuzzed: fuzz/report.c, fuzz/conclude.c (nothing in it that a terminal obeys). */
#pragma once

#include "record/report.h"

#define TEXT_COLUMNS_DEFAULT 80
#define TEXT_COLUMNS_MIN 40
#define TEXT_COLUMNS_MAX 120 /* longer lines are hard to read */

enum status report_text(const struct report *report, enum audience audience, unsigned columns,
                        bool colour, struct text *out) MUST_USE;
/* The plans alone, as checklists with their commands. */
enum status report_text_plan(const struct report *report, unsigned columns, bool colour,
                             struct text *out) MUST_USE;
/* How wide a page is where the terminal has so many columns; 0: there is none. */
unsigned report_text_columns(unsigned columns);
