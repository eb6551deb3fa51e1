/* The report: everything that was concluded, ready to be written for people or programs.
 *
 * Built by conclude, or read back from a saved JSON report; text is rendered from it either
 * way.  All memory belongs to one arena of whoever made it.  Text marked "for people" is
 * finished: escaped, defanged, in our words.  Everything else is as the evidence has it. */
#pragma once

#include "base/arena.h"
#include "record/citation.h"
#include "record/coverage.h"
#include "record/finding.h"
#include "record/options.h"
#include "record/restricted.h"

#define ID_SIZE 16 /* hexadecimal digits of an id: the first 64 bits of a SHA-256 */
#define REPORT_FINDINGS_MAX 20000
#define REPORT_INCIDENTS_MAX 200
#define REPORT_EVIDENCE_MAX 100000
#define STORY_SENTENCES_MAX 200
#define PLAN_STEPS_MAX 100
#define GLOSSARY_TERMS_MAX 1000

/* A citation with what stands at its place. */
struct reference {
    struct citation citation;
    struct bytes excerpt; /* as in the evidence; empty for what is not evidence */
};

/* One sentence for people and what it rests on: at least one citation. */
struct sentence {
    struct bytes text;
    struct citation *cites;
    size_t cite_count;
    bool opens_paragraph;
};

struct report_anomaly {
    struct bytes what; /* ours */
    struct citation at;
    uint64_t count;
};

/* A file that passed in a capture. */
struct report_carried {
    struct bytes name; /* as the protocol says it; may be empty, as the host may */
    struct bytes host;
    struct bytes from;
    struct bytes to;
    struct bytes protocol; /* ours */
    struct bytes kind;     /* ours */
    struct moment at;
    uint64_t size;
    bool is_whole;
    struct bytes sha256;      /* empty where it is not whole */
    struct citation citation; /* of all of it */
};

struct report_evidence {
    struct bytes path;   /* encoded as in citations */
    struct bytes sha256; /* lower-case hexadecimal; empty where it could not be read */
    uint64_t size;
    const struct bytes *also; /* other encoded paths with the same bytes */
    size_t also_count;
    struct bytes kind; /* ours; empty where not known */
    enum examined examined;
    struct bytes why; /* ours; empty where examined whole */
    enum verdict verdict;
    struct moment first;
    struct moment last;
    const struct bytes *hosts;
    size_t host_count;
    const struct coverage_count *counts;
    size_t count_count;
    const struct report_anomaly *anomalies;
    size_t anomaly_count;
    const struct report_carried *carried; /* those that are more than a page first */
    size_t carried_count;
    uint64_t carried_dropped;
    struct bytes time_note; /* for people: how a missing year or zone was settled */
};

struct report_finding {
    struct bytes id;
    struct bytes rule;
    struct bytes title;
    const struct bytes *techniques;
    size_t technique_count;
    enum severity severity;
    double confidence;
    struct moment first;
    struct moment last;
    const struct entity *entities;
    size_t entity_count;
    const struct fact *facts;
    size_t fact_count;
    const struct reference *cites;
    size_t cite_count;
    uint64_t cites_dropped;
};

/* What an intruder does, in the order in which it usually comes.  Ties in time fall so. */
enum stage_kind {
    STAGE_SCANNING,
    STAGE_GUESSING,
    STAGE_ENTRY,
    STAGE_DOWNLOAD,
    STAGE_EXECUTION,
    STAGE_DEFENCE_OFF,
    STAGE_ACCOUNT,
    STAGE_RIGHT,
    STAGE_PERSISTENCE,
    STAGE_CREDENTIALS,
    STAGE_CALL_HOME,
    STAGE_UPLOAD,
    STAGE_TRACES_REMOVED,
    STAGE_OTHER,
};
#define STAGE_KIND_COUNT 14

struct stage {
    enum stage_kind kind;
    struct bytes title; /* for people */
    struct moment first;
    struct moment last;
    bool time_is_inferred; /* from what it is linked to: it has no time of its own */
    const struct bytes *techniques;
    size_t technique_count;
    const struct bytes *findings; /* ids */
    size_t finding_count;
};

struct plan_step {
    struct bytes id;      /* "guessed-password#2" */
    struct bytes phase;   /* check, contain, remove, recover, learn */
    struct bytes action;  /* for people */
    struct bytes command; /* plain, to be pasted; may be empty */
    struct bytes breaks;
    struct bytes undo;
    struct bytes approve;
    const struct citation *cites;
    size_t cite_count;
};

struct incident {
    struct bytes id;
    enum verdict verdict;
    enum severity severity;
    double confidence;
    struct bytes title; /* for people */
    struct moment first;
    struct moment last;
    const struct stage *stages;
    size_t stage_count;
    const struct entity *entities;
    size_t entity_count;
    const struct bytes *findings; /* ids */
    size_t finding_count;
    struct sentence *unknown;
    size_t unknown_count;
    struct sentence *disproof;
    size_t disproof_count;
    struct sentence *story[AUDIENCE_COUNT];
    size_t story_count[AUDIENCE_COUNT];
    const struct plan_step *plan;
    size_t plan_count;
};

/* A term of art that the report uses, and what it means: both for people. */
struct glossary_term {
    struct bytes term;
    struct bytes meaning;
};

struct report {
    struct bytes version;          /* of tocsin */
    struct bytes rules;            /* digest of the content image, hexadecimal */
    struct bytes models;           /* digest of the model used, or empty */
    const struct restricted *pack; /* a restricted rule pack that was used; NULL for none */
    enum verdict verdict;
    bool is_partial;
    const struct report_evidence *evidence;
    size_t evidence_count;
    const struct report_finding *findings;
    size_t finding_count;
    const struct report_finding **findings_by_id; /* report_order_findings; NULL before it */
    uint64_t findings_dropped;                    /* beyond REPORT_FINDINGS_MAX */
    struct incident *incidents;                   /* each stage of conclude adds its part */
    size_t incident_count;
    uint64_t incidents_dropped; /* beyond REPORT_INCIDENTS_MAX */
    struct sentence *summary;   /* of the whole report, also where nothing was found */
    size_t summary_count;
    const struct glossary_term *glossary; /* in order of the terms */
    size_t glossary_count;
    uint64_t sentences_dropped; /* for want of a citation that resolves */
    double reading_grade;       /* of the leader's sentences: Flesch-Kincaid; 0 without any */
};

const char *stage_kind_name(enum stage_kind kind);  /* static: "guessing" */
enum stage_kind stage_kind_find(struct bytes name); /* STAGE_KIND_COUNT if unknown */
/* For whoever sets the findings: that they are found fast.  The sentences of a stage look for
 * all of its findings again and again. */
enum status report_order_findings(struct report *report, struct arena *arena) MUST_USE;
/* NULL where no finding has that id; the first where several have. */
const struct report_finding *report_finding_by_id(const struct report *report, struct bytes id);
/* The last moment that any evidence covers; unknown where none tells. */
struct moment report_end(const struct report *report);
enum severity report_worst(const struct report *report);
