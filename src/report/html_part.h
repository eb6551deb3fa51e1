/* The parts of the HTML report and the small things they share.
 *
 * Input:  a report, which may be a saved one that anyone edited.  Prose is finished text; names
 *         and excerpts are escaped and defanged here; struct htmlout lets none of it become
 *         a mark. */
#pragma once

#include "codec/html.h"
#include "report/anchors.h"

#define HTML_STAGES_MAX 60 /* of an incident, shown one by one; the rest is counted */
#define HTML_CITES_MAX 6   /* of one sentence */

struct html_page {
    struct htmlout out;
    const struct report *report;
    const struct anchors *anchors;
    struct arena *arena;
    enum audience audience;
};

/* ---- the parts, in the order of the page ---- */

/* What happened: everything a leader needs, on the first printed page. */
enum status html_add_leader(struct html_page *page) MUST_USE;
void html_add_timelines(struct html_page *page);
void html_add_graphs(struct html_page *page);
/* The story for the audience that was asked for, where it is not the leader's. */
void html_add_account(struct html_page *page);
void html_add_findings(struct html_page *page);
void html_add_evidence(struct html_page *page);
void html_add_plans(struct html_page *page);
void html_add_glossary(struct html_page *page);

bool html_has_stages(const struct report *report);
bool html_has_account(const struct report *report, enum audience audience);
bool html_has_plan(const struct report *report);

/* ---- small things ---- */

/* <element class="...">, the class may be NULL. */
void html_begin(struct html_page *page, const char *element, const char *class);
void html_end(struct html_page *page);
/* A whole element of our words, or of finished text. */
void html_words(struct html_page *page, const char *element, const char *class,
                const char *ours);
void html_text(struct html_page *page, const char *element, const char *class,
               struct bytes finished);
/* <section id="..."> with its heading. */
void html_begin_section(struct html_page *page, const char *id, const char *heading);
/* The heading of one incident's share of a part, where there are several incidents. */
void html_incident_heading(struct html_page *page, const struct incident *incident);
/* Outside text, escaped and defanged, at most `size_max` bytes of it. */
void html_quoted(struct html_page *page, struct bytes theirs, size_t size_max);
/* A title of a finding or stage: quoted, with a capital at its start. */
void html_title(struct html_page *page, struct bytes title, size_t size_max);
void html_entity(struct html_page *page, const struct entity *entity);
/* "23 November 2026, 23:40:18" in a <time>. */
void html_moment(struct html_page *page, struct moment moment);
void html_span(struct html_page *page, struct moment first, struct moment last);
void html_size(struct html_page *page, uint64_t size);
void html_severity(struct html_page *page, enum severity severity);
void html_techniques(struct html_page *page, const struct bytes *techniques, size_t count);
/* A link to where a cited place stands on the page, or its bare word where it stands nowhere.
 */
void html_citation(struct html_page *page, size_t incident, const struct citation *citation);
/* href="..." for an anchor that is not ANCHOR_NONE, or id="..." of what stands there. */
void html_href(struct html_page *page, struct anchor anchor);
void html_id(struct html_page *page, struct anchor anchor);
/* "and 12 more findings" */
void html_left_out(struct html_page *page, uint64_t count, const char *of_what);
