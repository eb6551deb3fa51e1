/* A matter put together from words: evidence with findings and observations, written as the
 * examining process writes them, correlated, and the outcome written down in lines.
 */
#pragma once

#include "check.h"

#include "codec/yaml.h"
#include "correlate/correlate.h"
#include "correlate/outcome.h"
#include "correlate/words.h"

#define MATTER_EVIDENCE_MAX 16
#define MATTER_ROWS_MAX 64

struct matter_evidence {
    const char *path;
    struct examination examination;
    struct finding findings[MATTER_ROWS_MAX];
    struct observation observations[MATTER_ROWS_MAX];
    enum examination_outcome outcome;
    const char *problem;
};

struct matter {
    struct arena *arena;
    struct matter_evidence evidence[MATTER_EVIDENCE_MAX];
    size_t evidence_count;
    struct analysis_options options;
    struct site site;
    struct report report;
    struct text said;
};

static inline void matter_open(struct matter *matter)
{
    memset(matter, 0, sizeof *matter);
    matter->arena = arena_new(128U << 20);
    matter->said = text_of_limit(1U << 20);
}

static inline void matter_done(struct matter *matter)
{
    text_done(&matter->said);
    arena_free(matter->arena);
}

/* Begins an evidence: what follows is in it. */
static inline struct matter_evidence *matter_add(struct matter *matter, const char *path,
                                                 const char *kind, const char *first,
                                                 const char *last, const char *host)
{
    assert_true(matter->evidence_count < MATTER_EVIDENCE_MAX);
    struct matter_evidence *evidence = &matter->evidence[matter->evidence_count++];
    evidence->path = path;
    evidence->outcome = OUTCOME_DONE;
    struct coverage *coverage = &evidence->examination.coverage;
    coverage_init(coverage, matter->arena);
    coverage->kind = kind;
    coverage->examined = EXAMINED_WHOLE;
    coverage->first = matter_moment(first);
    coverage->last = matter_moment(last);
    if (host != NULL) {
        coverage_host(coverage, bytes_of_text(host));
    }
    evidence->examination.findings = evidence->findings;
    evidence->examination.observations = evidence->observations;
    return evidence;
}

static inline void matter_see(struct matter *matter, enum observation_kind kind, uint64_t times,
                              const char *first, const char *last, const char *entities,
                              const char *facts, const char *places)
{
    struct examination *into = &matter->evidence[matter->evidence_count - 1].examination;
    struct observation *row = &into->observations[into->observation_count++];
    row->kind = kind;
    row->count = times;
    row->first = matter_moment(first);
    row->last = matter_moment(last == NULL ? first : last);
    row->entities = matter_entities(matter->arena, entities, &row->entity_count);
    row->facts = matter_facts(matter->arena, facts, &row->fact_count);
    row->cites = matter_cites(matter->arena, places, &row->cite_count);
}

static inline void matter_find(struct matter *matter, const char *rule, const char *technique,
                               enum severity severity, double confidence, const char *first,
                               const char *entities, const char *facts, const char *places)
{
    struct examination *into = &matter->evidence[matter->evidence_count - 1].examination;
    struct finding *row = &into->findings[into->finding_count++];
    struct bytes *techniques = arena_take(matter->arena, sizeof *techniques);
    *techniques = bytes_of_text(technique);
    row->rule = bytes_of_text(rule);
    row->title = bytes_of_text(rule);
    row->techniques = techniques;
    row->technique_count = technique[0] == '\0' ? 0 : 1;
    row->severity = severity;
    row->confidence = confidence;
    row->first = matter_moment(first);
    row->last = row->first;
    row->entities = matter_entities(matter->arena, entities, &row->entity_count);
    row->facts = matter_facts(matter->arena, facts, &row->fact_count);
    row->cites = matter_cites(matter->arena, places, &row->cite_count);
}

static inline void matter_settle(struct matter *matter)
{
    struct dossier_entry entries[MATTER_EVIDENCE_MAX];
    for (size_t i = 0; i < matter->evidence_count; i++) {
        struct matter_evidence *evidence = &matter->evidence[i];
        struct text message = text_of_limit(EXAMINATION_SIZE_MAX);
        examination_write(&message, &evidence->examination);
        struct bytes copy;
        assert_ok(arena_copy(matter->arena, text_bytes(&message), &copy));
        text_done(&message);
        entries[i] = (struct dossier_entry){
            .path = bytes_of_text(evidence->path),
            .has_hash = true,
            .sha256 = {(uint8_t)evidence->path[0], (uint8_t)strlen(evidence->path),
                       (uint8_t)evidence->path[strlen(evidence->path) - 1]},
            .outcome = evidence->outcome,
            .problem = bytes_of_text(evidence->problem == NULL ? "" : evidence->problem),
            .examination = evidence->outcome == OUTCOME_DONE ? copy : BYTES_NONE,
        };
    }
    assert_ok(correlate(entries, matter->evidence_count, &matter->options, &matter->site,
                        matter->arena, &matter->report));
    matter_say(&matter->report, &matter->said);
}

/* Settles the matter; the lines that begin with `prefix` are exactly `expected`. */
static inline void assert_matter(struct matter *matter, const char *prefix,
                                 const char *expected)
{
    if (matter->said.size == 0) {
        matter_settle(matter);
    }
    AUTO(text_done) struct text kept = text_of_limit(1U << 20);
    struct bytes rest = text_bytes(&matter->said);
    struct bytes line;
    while (bytes_split(&rest, '\n', &line)) {
        if (bytes_starts(line, prefix)) {
            text_add_raw(&kept, line);
            text_add(&kept, "\n");
        }
    }
    assert_string_equal(text_terminated(&kept), expected);
}
