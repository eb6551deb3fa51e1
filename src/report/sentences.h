/* Sentences with their citations, on a page or in JSON.
 *
 * Input: sentences whose prose is finished. */
#pragma once

#include "codec/json.h"
#include "record/report.h"
#include "report/page.h"

void sentences_add_citation(struct page *page, const struct citation *citation);
/* The citations of one; for a leader only the first of many, the rest counted. */
void sentences_add_cites(struct page *page, const struct sentence *sentence,
                         enum audience audience);
/* Each with its citations behind it, a blank line where one opens a paragraph; for a leader
 * only the first of many citations. */
void sentences_add(struct page *page, const struct sentence *sentences, size_t count,
                   enum audience audience);
/* The members "kind" and "at" of an object that is open. */
void sentences_write_citation(struct jsonout *out, const struct citation *citation);
/* The list `key` of { "kind", "at" }. */
void sentences_write_citations(struct jsonout *out, const struct citation *cites, size_t count);
/* The list `key` of { "text", "paragraph", "cites" }. */
void sentences_write(struct jsonout *out, const char *key, const struct sentence *sentences,
                     size_t count);
