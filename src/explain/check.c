#include "explain/check.h"

/* True where `place` lies in what a finding cites: a range is made of a first and a last. */
static bool is_cited_place(const struct report *report, const struct citation *citation)
{
    bool first = false;
    bool last = false;
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct report_finding *finding = &report->findings[i];
        for (size_t j = 0; j < finding->cite_count; j++) {
            const struct citation *known = &finding->cites[j].citation;
            if (!bytes_equal(known->subject, citation->subject) ||
                known->place.kind != citation->place.kind) {
                continue;
            }
            first = first || known->place.first == citation->place.first;
            last = last || known->place.last == citation->place.last;
        }
    }
    return first && last;
}

static bool is_evidence(const struct report *report, struct bytes path)
{
    for (size_t i = 0; i < report->evidence_count; i++) {
        if (bytes_equal(report->evidence[i].path, path)) {
            return true;
        }
    }
    return false;
}

static bool is_planned(const struct report *report, const struct citation *citation)
{
    struct bytes id = bytes_from(citation->subject, bytes_of_text("playbook:").size);
    for (size_t i = 0; i < report->incident_count; i++) {
        for (size_t j = 0; j < report->incidents[i].plan_count; j++) {
            if (bytes_equal(report->incidents[i].plan[j].id, id)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_carried(const struct report *report, const struct citation *citation)
{
    struct bytes id = bytes_from(citation->subject, bytes_of_text("attack:").size);
    for (size_t i = 0; i < report->finding_count; i++) {
        for (size_t j = 0; j < report->findings[i].technique_count; j++) {
            if (bytes_equal(report->findings[i].techniques[j], id)) {
                return true;
            }
        }
    }
    return false;
}

bool citation_resolves(const struct report *report, const struct site *site,
                       const struct citation *citation)
{
    switch (citation->kind) {
    case CITATION_EVIDENCE:
        return is_cited_place(report, citation);
    case CITATION_COVERAGE:
        return is_evidence(report, citation->subject);
    case CITATION_KNOWLEDGE:
        return bytes_starts(citation->subject, "playbook:") ? is_planned(report, citation)
               : bytes_starts(citation->subject, "attack:") ? is_carried(report, citation)
                                                            : false;
    case CITATION_SITE:
        return site == NULL || site_has(site, citation->subject);
    }
    return false;
}

static void check_story(struct report *report, struct sentence **sentences, size_t *count)
{
    *count = check_sentences(report, NULL, *sentences, *count);
}

void check_saved(struct report *report)
{
    check_story(report, &report->summary, &report->summary_count);
    for (size_t i = 0; i < report->incident_count; i++) {
        struct incident *incident = &report->incidents[i];
        check_story(report, &incident->unknown, &incident->unknown_count);
        check_story(report, &incident->disproof, &incident->disproof_count);
        for (size_t j = 0; j < AUDIENCE_COUNT; j++) {
            check_story(report, &incident->story[j], &incident->story_count[j]);
        }
    }
}

size_t check_sentences(struct report *report, const struct site *site,
                       struct sentence *sentences, size_t count)
{
    size_t kept = 0;
    bool opens = false;
    for (size_t i = 0; i < count; i++) {
        struct sentence sentence = sentences[i];
        struct citation *cites = sentence.cites;
        size_t cite_count = 0;
        for (size_t j = 0; j < sentence.cite_count; j++) {
            if (citation_resolves(report, site, &cites[j])) {
                cites[cite_count++] = cites[j];
            }
        }
        sentence.cite_count = cite_count;
        opens = opens || sentence.opens_paragraph;
        if (cite_count == 0) {
            report->sentences_dropped++;
            continue;
        }
        sentence.opens_paragraph = opens;
        opens = false;
        sentences[kept++] = sentence;
    }
    return kept;
}
