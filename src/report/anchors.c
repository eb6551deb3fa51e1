#include "report/anchors.h"

#define WORD_SIZE_MAX (CITATION_SIZE_MAX * 4)
#define KEYS_MAX 200000
#define CHAIN_READ_MAX 256 /* cited places of one path that are looked at for a range */

/* What is cited in one path, first cited first. */
struct cited {
    struct place place;
    size_t finding;
    struct cited *next;
};

struct chain {
    struct cited *first;
    struct cited *last;
};

/* Keeps the first value of a key; more than KEYS_MAX keys are not kept, and link nowhere. */
static enum status keep(struct table *table, struct bytes key, const struct anchor *value)
{
    struct table_entry *entry;
    enum status status = table_add(table, key, &entry);
    if (status != STATUS_OK) {
        return status == STATUS_LIMIT ? STATUS_OK : status;
    }
    if (entry->value == NULL) {
        struct anchor *copy = arena_take(table->arena, sizeof *copy);
        if (copy == NULL) {
            return STATUS_NO_MEMORY;
        }
        *copy = *value;
        entry->value = copy;
    }
    return STATUS_OK;
}

static struct anchor get(const struct table *table, struct bytes key)
{
    const struct anchor *found = table_get(table, key);
    return found == NULL ? (struct anchor){0} : *found;
}

/* ---- findings ---- */

static enum status list_finding(struct anchors *anchors, const struct report_finding *finding,
                                size_t incident)
{
    if (anchors->finding_count == ANCHORS_FINDINGS_MAX ||
        table_get(&anchors->ids, finding->id) != NULL) {
        return STATUS_OK;
    }
    size_t index = anchors->finding_count++;
    anchors->findings[index] = (struct listed_finding){finding, incident};
    const struct anchor anchor = {ANCHOR_FINDING, index + 1, 0};
    return keep(&anchors->ids, finding->id, &anchor);
}

/* Those of incidents first, in the order in which each tells them. */
static enum status list_findings(struct anchors *anchors, struct arena *arena)
{
    const struct report *report = anchors->report;
    struct table known; /* id -> finding */
    table_init(&known, arena, REPORT_FINDINGS_MAX);
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct anchor index = {ANCHOR_FINDING, i, 0};
        TRY(keep(&known, report->findings[i].id, &index));
    }
    for (size_t i = 0; i < anchors->incident_count; i++) {
        const struct incident *incident = &report->incidents[i];
        for (size_t j = 0; j < incident->finding_count; j++) {
            struct anchor found = get(&known, incident->findings[j]);
            if (found.kind != ANCHOR_NONE) {
                TRY(list_finding(anchors, &report->findings[found.first], i + 1));
            }
        }
    }
    for (size_t i = 0; i < report->finding_count; i++) {
        TRY(list_finding(anchors, &report->findings[i], 0));
    }
    return STATUS_OK;
}

static enum status chain_place(struct anchors *anchors, const struct citation *citation,
                               size_t finding)
{
    struct table_entry *entry;
    enum status status = table_add(&anchors->paths, citation->subject, &entry);
    if (status != STATUS_OK) {
        return status == STATUS_LIMIT ? STATUS_OK : status;
    }
    struct arena *arena = anchors->paths.arena;
    struct cited *cited = arena_take(arena, sizeof *cited);
    if (entry->value == NULL) {
        entry->value = arena_take(arena, sizeof(struct chain));
    }
    struct chain *chain = entry->value;
    if (cited == NULL || chain == NULL) {
        return STATUS_NO_MEMORY;
    }
    *cited = (struct cited){citation->place, finding, NULL};
    if (chain->last == NULL) {
        chain->first = cited;
    } else {
        chain->last->next = cited;
    }
    chain->last = cited;
    return STATUS_OK;
}

static enum status index_excerpts(struct anchors *anchors, size_t number)
{
    const struct report_finding *finding = anchors->findings[number - 1].finding;
    for (size_t i = 0; i < finding->cite_count && i < CITES_MAX; i++) {
        const struct citation *citation = &finding->cites[i].citation;
        AUTO(text_done) struct text word = text_of_limit(WORD_SIZE_MAX);
        citation_add(&word, citation);
        const struct anchor anchor = {ANCHOR_EXCERPT, number, i + 1};
        TRY(keep(&anchors->places, text_bytes(&word), &anchor));
        if (citation->kind == CITATION_EVIDENCE) {
            TRY(chain_place(anchors, citation, number));
        }
    }
    return STATUS_OK;
}

/* ---- evidence and plans ---- */

static enum status index_evidence(struct anchors *anchors)
{
    for (size_t i = 0; i < anchors->evidence_count; i++) {
        const struct report_evidence *evidence = &anchors->report->evidence[i];
        const struct anchor anchor = {ANCHOR_EVIDENCE, i + 1, 0};
        TRY(keep(&anchors->evidence, evidence->path, &anchor));
        for (size_t j = 0; j < evidence->also_count; j++) {
            TRY(keep(&anchors->evidence, evidence->also[j], &anchor));
        }
    }
    return STATUS_OK;
}

static void add_step_key(struct text *key, size_t incident, struct bytes playbook_step)
{
    text_addf(key, "%zu ", incident);
    text_add_raw(key, playbook_step);
}

static enum status index_steps(struct anchors *anchors, size_t number)
{
    const struct incident *incident = &anchors->report->incidents[number - 1];
    for (size_t i = 0; i < incident->plan_count; i++) {
        AUTO(text_done) struct text key = text_of_limit(WORD_SIZE_MAX);
        AUTO(text_done) struct text step = text_of_limit(WORD_SIZE_MAX);
        text_add(&step, "playbook:");
        text_add_raw(&step, incident->plan[i].id);
        add_step_key(&key, number, text_bytes(&step));
        const struct anchor anchor = {ANCHOR_STEP, number, i + 1};
        if (text_status(&key) == STATUS_OK && text_status(&step) == STATUS_OK) {
            TRY(keep(&anchors->steps, text_bytes(&key), &anchor));
        }
    }
    return STATUS_OK;
}

static size_t at_most(size_t count, size_t count_max)
{
    return count < count_max ? count : count_max;
}

enum status anchors_make(const struct report *report, struct arena *arena, struct anchors *out)
{
    struct anchors anchors = {
        .report = report,
        .evidence_count = at_most(report->evidence_count, ANCHORS_EVIDENCE_MAX),
        .incident_count = at_most(report->incident_count, ANCHORS_INCIDENTS_MAX),
        .findings = arena_take_many(arena, ANCHORS_FINDINGS_MAX, sizeof *anchors.findings),
    };
    if (anchors.findings == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct table *const tables[] = {&anchors.ids, &anchors.places, &anchors.paths,
                                    &anchors.evidence, &anchors.steps};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        table_init(tables[i], arena, KEYS_MAX);
    }
    TRY(list_findings(&anchors, arena));
    for (size_t i = 0; i < anchors.finding_count; i++) {
        TRY(index_excerpts(&anchors, i + 1));
    }
    TRY(index_evidence(&anchors));
    for (size_t i = 0; i < anchors.incident_count; i++) {
        TRY(index_steps(&anchors, i + 1));
    }
    *out = anchors;
    return STATUS_OK;
}

/* ---- looking up ---- */

/* The finding that cites a place within the range. */
static struct anchor find_within(const struct anchors *anchors, const struct citation *citation)
{
    const struct chain *chain = table_get(&anchors->paths, citation->subject);
    const struct cited *cited = chain == NULL ? NULL : chain->first;
    for (size_t i = 0; cited != NULL && i < CHAIN_READ_MAX; i++, cited = cited->next) {
        if (cited->place.kind == PLACE_LINES && citation->place.kind == PLACE_LINES &&
            cited->place.first >= citation->place.first &&
            cited->place.last <= citation->place.last) {
            return (struct anchor){ANCHOR_FINDING, cited->finding, 0};
        }
    }
    return (struct anchor){0};
}

static struct anchor find_evidence(const struct anchors *anchors, struct bytes path)
{
    struct anchor found = get(&anchors->evidence, path);
    if (found.kind == ANCHOR_NONE) {
        size_t outer = bytes_find(path, bytes_of_text("!/"));
        found = get(&anchors->evidence, bytes_part(path, 0, outer));
    }
    return found;
}

static struct anchor find_place(const struct anchors *anchors, const struct citation *citation)
{
    AUTO(text_done) struct text word = text_of_limit(WORD_SIZE_MAX);
    citation_add(&word, citation);
    struct anchor found = get(&anchors->places, text_bytes(&word));
    if (found.kind == ANCHOR_NONE) {
        found = find_within(anchors, citation);
    }
    return found.kind == ANCHOR_NONE ? find_evidence(anchors, citation->subject) : found;
}

struct anchor anchors_find(const struct anchors *anchors, size_t incident,
                           const struct citation *citation)
{
    switch (citation->kind) {
    case CITATION_EVIDENCE:
        return find_place(anchors, citation);
    case CITATION_COVERAGE:
        return find_evidence(anchors, citation->subject);
    case CITATION_KNOWLEDGE: {
        AUTO(text_done) struct text key = text_of_limit(WORD_SIZE_MAX);
        add_step_key(&key, incident, citation->subject);
        return get(&anchors->steps, text_bytes(&key));
    }
    case CITATION_SITE:
        break;
    }
    return (struct anchor){0};
}

size_t anchors_finding(const struct anchors *anchors, struct bytes id)
{
    return get(&anchors->ids, id).first;
}
