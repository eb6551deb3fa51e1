/* Where in a page the things of a report stand, so that a sentence links to what it rests on.
 *
 * Ids are counted in the order of the page, never taken from the report: a saved report may
 * have been edited by anyone.
 * Limits: ANCHORS_FINDINGS_MAX findings and ANCHORS_EVIDENCE_MAX evidences are listed on a
 * page. */
#pragma once

#include "base/table.h"
#include "record/report.h"

#define ANCHORS_FINDINGS_MAX 500
#define ANCHORS_EVIDENCE_MAX 1000
#define ANCHORS_INCIDENTS_MAX 50

enum anchor_kind {
    ANCHOR_NONE,     /* it stands nowhere on the page */
    ANCHOR_FINDING,  /* first: the finding's number */
    ANCHOR_EXCERPT,  /* first: the finding's number, second: the excerpt's */
    ANCHOR_EVIDENCE, /* first: the evidence's number */
    ANCHOR_STEP,     /* first: the incident's number, second: the step's */
};

/* All numbers count from 1. */
struct anchor {
    enum anchor_kind kind;
    size_t first;
    size_t second;
};

struct listed_finding {
    const struct report_finding *finding;
    size_t incident; /* number of the first incident it belongs to; 0 for none */
};

struct anchors {
    const struct report *report;
    struct listed_finding *findings; /* in the order of the page */
    size_t finding_count;
    size_t evidence_count; /* of those listed */
    size_t incident_count;
    struct table ids;    /* a finding's id -> its number */
    struct table places; /* a citation's word -> its excerpt */
    struct table paths;  /* a path -> what is cited in it */
    struct table evidence;
    struct table steps; /* "1 playbook:guessed-password#2" */
};

enum status anchors_make(const struct report *report, struct arena *arena,
                         struct anchors *out) MUST_USE;
/* `incident`: the number of the one whose sentence cites it, 0 for none. */
struct anchor anchors_find(const struct anchors *anchors, size_t incident,
                           const struct citation *citation);
/* The number of a listed finding; 0 where there is none of that id. */
size_t anchors_finding(const struct anchors *anchors, struct bytes id);
