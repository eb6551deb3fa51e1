/* What a page says of one file that passed in a capture: the same words on every page.
 *
 * Input:  a row of the report, whose name, host and addresses are outside text.
 * Output: finished text: escaped and defanged. */
#pragma once

#include "record/report.h"

#define CARRIED_SHOWN_MAX 20 /* rows of one evidence; the JSON report has all that are kept */

/* Its name, as one word or in quotation marks; "no name" where it has none. */
void carried_line_add_name(struct text *text, const struct report_carried *carried);
/* "ELF program, 80008 bytes, from 203.0.113[.]7:8080 to 10.0.0.5:40000 by http (files[.]test),
 * ..."
 */
void carried_line_add(struct text *text, const struct report_carried *carried);
/* How many rows a page shows, and how many more the JSON report has. */
size_t carried_line_count(const struct report_evidence *evidence, size_t *left);
