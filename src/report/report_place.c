#include "report/report_place.h"

#define LINE_SIZE_MAX 600

static void add_line(struct text *out, const char *label, struct bytes words)
{
    if (words.size > 0) {
        text_add(out, label);
        text_add_raw(out, bytes_part(words, 0, LINE_SIZE_MAX));
        text_add_byte(out, '\n');
    }
}

static void add_times(struct text *out, struct moment first, struct moment last)
{
    if (first.is_known) {
        text_add(out, "from ");
        moment_add_rfc3339(out, first);
        text_add(out, " to ");
        moment_add_rfc3339(out, last);
        text_add_byte(out, '\n');
    }
}

/* ---- coverage ---- */

static void add_coverage(struct text *out, const struct report_evidence *evidence)
{
    add_line(out, "kind: ", evidence->kind);
    text_addf(out, "examined: %s\n", examined_name(evidence->examined));
    add_line(out, "because: ", evidence->why);
    text_addf(out, "verdict: %s\n", verdict_name(evidence->verdict));
    add_times(out, evidence->first, evidence->last);
    add_line(out, "times: ", evidence->time_note);
    for (size_t i = 0; i < evidence->host_count; i++) {
        add_line(out, "host: ", evidence->hosts[i]);
    }
    for (size_t i = 0; i < evidence->count_count; i++) {
        text_addf(out, "%s: %llu\n", evidence->counts[i].name,
                  (unsigned long long)evidence->counts[i].count);
    }
    for (size_t i = 0; i < evidence->anomaly_count; i++) {
        add_line(out, "damaged or odd: ", evidence->anomalies[i].what);
    }
}

static void add_evidence(const struct report *report, struct bytes path, struct text *out)
{
    for (size_t i = 0; i < report->evidence_count; i++) {
        if (bytes_equal(report->evidence[i].path, path)) {
            add_coverage(out, &report->evidence[i]);
        }
    }
}

/* ---- plans ---- */

static void add_step(struct text *out, const struct plan_step *step)
{
    add_line(out, "phase: ", step->phase);
    add_line(out, "do: ", step->action);
    add_line(out, "$ ", step->command);
    add_line(out, "breaks: ", step->breaks);
    add_line(out, "undo: ", step->undo);
    add_line(out, "who approves: ", step->approve);
}

static void add_steps(const struct report *report, struct bytes id, struct text *out)
{
    for (size_t i = 0; i < report->incident_count; i++) {
        const struct incident *incident = &report->incidents[i];
        for (size_t j = 0; j < incident->plan_count; j++) {
            if (bytes_equal(incident->plan[j].id, id)) {
                add_step(out, &incident->plan[j]);
                return; /* the same step for another incident differs in names alone */
            }
        }
    }
}

/* ---- who cites it ---- */

static void add_findings(const struct report *report, struct bytes technique, struct text *out)
{
    size_t count = 0;
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct report_finding *finding = &report->findings[i];
        for (size_t j = 0; j < finding->technique_count; j++) {
            if (bytes_equal(finding->techniques[j], technique) &&
                count++ < PLACE_MENTIONS_MAX) {
                add_line(out, "finding: ", finding->title);
            }
        }
    }
}

static void add_sentences(const struct sentence *sentences, size_t count,
                          const struct citation *citation, size_t *left, struct text *out)
{
    for (size_t i = 0; i < count; i++) {
        bool cites = false;
        for (size_t j = 0; j < sentences[i].cite_count; j++) {
            cites = cites || citation_equal(&sentences[i].cites[j], citation);
        }
        if (cites && *left > 0) {
            (*left)--;
            add_line(out, "said: ", sentences[i].text);
        }
    }
}

static void add_mentions(const struct report *report, const struct citation *citation,
                         struct text *out)
{
    size_t left = PLACE_MENTIONS_MAX;
    for (size_t i = 0; i < report->incident_count; i++) {
        const struct incident *incident = &report->incidents[i];
        add_sentences(incident->story[AUDIENCE_LEADER], incident->story_count[AUDIENCE_LEADER],
                      citation, &left, out);
    }
    add_sentences(report->summary, report->summary_count, citation, &left, out);
}

void report_place(const struct report *report, const struct citation *citation,
                  struct text *out)
{
    struct bytes subject = citation->subject;
    struct bytes name = bytes_from(subject, bytes_find_byte(subject, ':') + 1);
    switch (citation->kind) {
    case CITATION_EVIDENCE:
        return;
    case CITATION_COVERAGE:
        add_evidence(report, subject, out);
        break;
    case CITATION_KNOWLEDGE:
        if (bytes_starts(subject, "playbook:")) {
            add_steps(report, name, out);
        } else if (bytes_starts(subject, "attack:")) {
            add_findings(report, name, out);
        }
        break;
    case CITATION_SITE:
        break;
    }
    add_mentions(report, citation, out);
}
