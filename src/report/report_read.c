#include "report/report_json.h"

#include "codec/json_read.h"

#define WORD_SIZE_MAX 100
#define QUOTED_SIZE_MAX (WORD_SIZE_MAX * 4 + 4) /* "\\xff" for a byte, and an ellipsis */
#define SHA256_HEX_SIZE 64

/* The report being read: the first mistake stays, and everything after reads as nothing. */
struct reading {
    struct arena *arena;
    enum status status;
    struct fault fault;
};

static void fail(struct reading *reading, enum status status, const char *what,
                 const struct tree_node *node)
{
    if (reading->status == STATUS_OK) {
        reading->status = status;
        reading->fault = (struct fault){what, node == NULL ? 0 : node->line};
    }
}

static void *take_many(struct reading *reading, size_t count, size_t size)
{
    void *memory = arena_take_many(reading->arena, count == 0 ? 1 : count, size);
    if (memory == NULL) {
        fail(reading, STATUS_NO_MEMORY, "no memory for a report", NULL);
    }
    return memory;
}

static struct bytes read_text(struct reading *reading, const struct tree_node *map,
                              const char *key)
{
    const struct tree_node *node = tree_member(map, key);
    if (!tree_is(node, TREE_TEXT)) {
        fail(reading, STATUS_MALFORMED, "a text is missing", map);
        return BYTES_NONE;
    }
    return tree_text(node);
}

/* Prose must not smuggle terminal controls past the writer, whoever edited the file. */
static struct bytes read_prose(struct reading *reading, const struct tree_node *map,
                               const char *key)
{
    struct bytes prose = read_text(reading, map, key);
    struct bytes rest = prose;
    while (rest.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(rest, &code_point);
        if (size == 0 || text_is_hidden(code_point)) {
            fail(reading, STATUS_MALFORMED, "prose with hidden characters", map);
            return BYTES_NONE;
        }
        rest = bytes_from(rest, size);
    }
    return prose;
}

/* A hash or an id: nothing but hexadecimal digits, `size` of them, or none. */
static struct bytes read_hex(struct reading *reading, const struct tree_node *map,
                             const char *key, size_t size)
{
    struct bytes hex = read_text(reading, map, key);
    bool fits = hex.size == 0 || hex.size == size;
    for (size_t i = 0; i < hex.size; i++) {
        uint8_t byte = hex.data[i];
        fits = fits && ((byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f'));
    }
    if (!fits) {
        fail(reading, STATUS_MALFORMED, "a hash or id that is none", map);
        return BYTES_NONE;
    }
    return hex;
}

static uint64_t read_unsigned(struct reading *reading, const struct tree_node *map,
                              const char *key)
{
    int64_t value = 0;
    if (!tree_integer(tree_member(map, key), &value) || value < 0) {
        fail(reading, STATUS_MALFORMED, "a whole number is missing", map);
        return 0;
    }
    return (uint64_t)value;
}

static double read_number(struct reading *reading, const struct tree_node *map, const char *key)
{
    double value = 0;
    if (!tree_number(tree_member(map, key), &value)) {
        fail(reading, STATUS_MALFORMED, "a number is missing", map);
    }
    return value;
}

static bool read_boolean(struct reading *reading, const struct tree_node *map, const char *key)
{
    bool value = false;
    if (!tree_boolean(tree_member(map, key), &value)) {
        fail(reading, STATUS_MALFORMED, "true or false is missing", map);
    }
    return value;
}

/* The index a name has among `count`, by `find`. */
static unsigned read_name(struct reading *reading, const struct tree_node *map, const char *key,
                          unsigned found, unsigned count)
{
    if (found >= count) {
        fail(reading, STATUS_MALFORMED, "a word that reports do not use",
             tree_member(map, key));
        return 0;
    }
    return found;
}

static struct moment read_moment(struct reading *reading, const struct tree_node *map,
                                 const char *key)
{
    struct moment moment = {0};
    const struct tree_node *node = tree_member(map, key);
    if (tree_is(node, TREE_NULL)) {
        return moment;
    }
    if (moment_read(tree_text(node), &moment) != STATUS_OK) {
        fail(reading, STATUS_MALFORMED, "a time is not RFC 3339", map);
    }
    return moment;
}

/* The list under `key`, at most `limit` long; NULL and a failure for anything else. */
static const struct tree_node *read_list(struct reading *reading, const struct tree_node *map,
                                         const char *key, size_t limit, size_t *count)
{
    const struct tree_node *list = tree_member(map, key);
    *count = tree_child_count(list);
    if (!tree_is(list, TREE_LIST) || *count > limit) {
        fail(reading, STATUS_MALFORMED, "a list is missing or too long", map);
        *count = 0;
        return NULL;
    }
    return list;
}

#define STRINGS_MAX 100000
#define SHA256_HEX_SIZE 64

static const struct bytes *read_strings(struct reading *reading, const struct tree_node *map,
                                        const char *key, size_t *count)
{
    const struct tree_node *list = read_list(reading, map, key, STRINGS_MAX, count);
    struct bytes *items = take_many(reading, *count, sizeof *items);
    size_t i = 0;
    for (const struct tree_node *child = tree_first(list); items != NULL && child != NULL;
         child = tree_next(list, child)) {
        items[i++] = tree_text(child);
    }
    return items;
}

static struct citation read_citation(struct reading *reading, const struct tree_node *map)
{
    struct citation citation = {0};
    if (citation_read(read_text(reading, map, "at"), &citation) != STATUS_OK ||
        !tree_text_is(tree_member(map, "kind"), citation_kind_name(citation.kind))) {
        fail(reading, STATUS_MALFORMED, "a citation that is none", map);
    }
    return citation;
}

static struct citation *read_citations(struct reading *reading, const struct tree_node *map,
                                       size_t *count)
{
    const struct tree_node *list = read_list(reading, map, "cites", STRINGS_MAX, count);
    struct citation *cites = take_many(reading, *count, sizeof *cites);
    size_t i = 0;
    for (const struct tree_node *child = tree_first(list); cites != NULL && child != NULL;
         child = tree_next(list, child)) {
        cites[i++] = read_citation(reading, child);
    }
    return cites;
}

static struct sentence *read_sentences(struct reading *reading, const struct tree_node *map,
                                       const char *key, size_t *count)
{
    const struct tree_node *list = read_list(reading, map, key, STORY_SENTENCES_MAX * 4, count);
    struct sentence *sentences = take_many(reading, *count, sizeof *sentences);
    size_t i = 0;
    for (const struct tree_node *child = tree_first(list); sentences != NULL && child != NULL;
         child = tree_next(list, child)) {
        sentences[i].text = read_prose(reading, child, "text");
        sentences[i].opens_paragraph = read_boolean(reading, child, "paragraph");
        sentences[i].cites = read_citations(reading, child, &sentences[i].cite_count);
        i++;
    }
    return sentences;
}

/* ---- evidence ---- */

static void read_counts(struct reading *reading, const struct tree_node *coverage,
                        struct report_evidence *out)
{
    const struct tree_node *counts = tree_member(coverage, "counts");
    size_t count = tree_child_count(counts);
    if (!tree_is(counts, TREE_MAP) || count > COVERAGE_COUNTS_MAX) {
        fail(reading, STATUS_MALFORMED, "counts are missing or too many", coverage);
        return;
    }
    struct coverage_count *rows = take_many(reading, count, sizeof *rows);
    size_t i = 0;
    for (const struct tree_node *child = tree_first(counts); rows != NULL && child != NULL;
         child = tree_next(counts, child)) {
        struct text name = text_of_limit(QUOTED_SIZE_MAX);
        text_add_quoted(&name, child->key, WORD_SIZE_MAX);
        rows[i].name = arena_copy_text(reading->arena, text_terminated(&name));
        text_done(&name);
        int64_t value = 0;
        if (rows[i].name == NULL || !tree_integer(child, &value) || value < 0) {
            fail(reading, STATUS_MALFORMED, "a count that is none", child);
            return;
        }
        rows[i++].count = (uint64_t)value;
    }
    out->counts = rows;
    out->count_count = count;
}

static void read_anomalies(struct reading *reading, const struct tree_node *map,
                           struct report_evidence *out)
{
    size_t count;
    const struct tree_node *list =
        read_list(reading, map, "anomalies", COVERAGE_ANOMALIES_MAX, &count);
    struct report_anomaly *rows = take_many(reading, count, sizeof *rows);
    size_t i = 0;
    for (const struct tree_node *child = tree_first(list); rows != NULL && child != NULL;
         child = tree_next(list, child)) {
        rows[i].what = read_text(reading, child, "what");
        rows[i].count = read_unsigned(reading, child, "count");
        rows[i++].at = read_citation(reading, child);
    }
    out->anomalies = rows;
    out->anomaly_count = count;
}

/* All of a file below the evidence: what stands there can be asked for. */
static struct citation read_inner(struct reading *reading, const struct tree_node *map)
{
    struct citation citation = read_citation(reading, map);
    if (citation.kind != CITATION_EVIDENCE || citation.place.kind != PLACE_WHOLE) {
        fail(reading, STATUS_MALFORMED, "a carried file that is cited in part", map);
    }
    return citation;
}

/* Reports made before these were kept have none. */
static void read_carried(struct reading *reading, const struct tree_node *map,
                         struct report_evidence *out)
{
    if (tree_member(map, "carried") == NULL) {
        return;
    }
    size_t count;
    const struct tree_node *list = read_list(reading, map, "carried", CARRIED_MAX, &count);
    struct report_carried *rows = take_many(reading, count, sizeof *rows);
    size_t i = 0;
    for (const struct tree_node *child = tree_first(list); rows != NULL && child != NULL;
         child = tree_next(list, child)) {
        struct report_carried *row = &rows[i++];
        row->name = read_text(reading, child, "name");
        row->kind = read_text(reading, child, "type");
        row->size = read_unsigned(reading, child, "size");
        row->is_whole = read_boolean(reading, child, "whole");
        row->sha256 = read_hex(reading, child, "sha256", SHA256_HEX_SIZE);
        row->protocol = read_text(reading, child, "protocol");
        row->from = read_text(reading, child, "from");
        row->to = read_text(reading, child, "to");
        row->host = read_text(reading, child, "host");
        row->at = read_moment(reading, child, "time");
        row->citation = read_inner(reading, child);
    }
    out->carried = rows;
    out->carried_count = count;
    out->carried_dropped = read_unsigned(reading, map, "carried_dropped");
}

static enum examined examined_find(struct bytes name)
{
    unsigned i = 0;
    while (i < EXAMINED_COUNT && !bytes_equal_text(name, examined_name(i))) {
        i++;
    }
    return i;
}

/* An encoded path is a citation of a whole evidence. */
static void check_path(struct reading *reading, struct bytes path, const struct tree_node *map)
{
    struct citation citation;
    if (citation_read(path, &citation) != STATUS_OK || citation.kind != CITATION_EVIDENCE ||
        citation.place.kind != PLACE_WHOLE) {
        fail(reading, STATUS_MALFORMED, "a path that no citation has", map);
    }
}

static void read_paths(struct reading *reading, const struct tree_node *map,
                       struct report_evidence *out)
{
    out->path = read_text(reading, map, "path");
    check_path(reading, out->path, map);
    out->also = read_strings(reading, map, "also", &out->also_count);
    for (size_t i = 0; out->also != NULL && i < out->also_count; i++) {
        check_path(reading, out->also[i], map);
    }
}

static void read_evidence(struct reading *reading, const struct tree_node *map,
                          struct report_evidence *out)
{
    const struct tree_node *coverage = tree_member(map, "coverage");
    read_paths(reading, map, out);
    out->sha256 = read_hex(reading, map, "sha256", SHA256_HEX_SIZE);
    out->size = read_unsigned(reading, map, "size");
    out->kind = read_text(reading, map, "kind");
    out->examined =
        read_name(reading, map, "examined",
                  examined_find(tree_text(tree_member(map, "examined"))), EXAMINED_COUNT);
    out->why = read_text(reading, map, "why");
    out->verdict =
        read_name(reading, map, "verdict", verdict_find(tree_text(tree_member(map, "verdict"))),
                  VERDICT_COUNT);
    out->first = read_moment(reading, coverage, "first");
    out->last = read_moment(reading, coverage, "last");
    out->time_note = read_prose(reading, coverage, "time_note");
    out->hosts = read_strings(reading, coverage, "hosts", &out->host_count);
    read_counts(reading, coverage, out);
    read_anomalies(reading, map, out);
    read_carried(reading, map, out);
}

/* ---- findings ---- */

static const struct entity *read_entities(struct reading *reading, const struct tree_node *map,
                                          size_t *count)
{
    const struct tree_node *list = read_list(reading, map, "entities", STRINGS_MAX, count);
    struct entity *entities = take_many(reading, *count, sizeof *entities);
    size_t i = 0;
    for (const struct tree_node *child = tree_first(list); entities != NULL && child != NULL;
         child = tree_next(list, child)) {
        struct bytes kind = tree_text(tree_member(child, "kind"));
        struct bytes role = tree_text(tree_member(child, "role"));
        entities[i].kind =
            read_name(reading, child, "kind", entity_kind_find(kind), ENTITY_KIND_COUNT);
        entities[i].role =
            read_name(reading, child, "role", entity_role_find(role), ROLE_COUNT);
        entities[i++].name = read_text(reading, child, "name");
    }
    return entities;
}

static struct fact read_fact(struct reading *reading, const struct tree_node *node)
{
    struct fact fact = {.name = node->key};
    int64_t integer = 0;
    if (tree_is(node, TREE_TEXT)) {
        fact.kind = FACT_TEXT;
        fact.text = tree_text(node);
    } else if (tree_integer(node, &integer)) {
        fact.kind = FACT_COUNT;
        fact.count = (uint64_t)integer;
        if (integer < 0) {
            fail(reading, STATUS_MALFORMED, "a count below zero", node);
        }
    } else if (tree_number(node, &fact.number)) {
        fact.kind = FACT_NUMBER;
    } else if (tree_member(node, "bytes") != NULL) {
        fact.kind = FACT_SIZE;
        fact.count = read_unsigned(reading, node, "bytes");
    } else if (tree_member(node, "seconds") != NULL) {
        double seconds = read_number(reading, node, "seconds");
        fact.kind = FACT_DURATION;
        if (seconds < 0 || seconds > 1e9) {
            fail(reading, STATUS_MALFORMED, "a duration out of range", node);
        } else {
            fact.count = (uint64_t)(seconds * (double)MOMENT_SECOND_NS + 0.5);
        }
    } else {
        fact.kind = FACT_MOMENT;
        fact.moment = read_moment(reading, node, "time");
    }
    return fact;
}

static void read_facts(struct reading *reading, const struct tree_node *map,
                       struct report_finding *out)
{
    const struct tree_node *facts = tree_member(map, "facts");
    out->fact_count = tree_child_count(facts);
    if (!tree_is(facts, TREE_MAP) || out->fact_count > STRINGS_MAX) {
        fail(reading, STATUS_MALFORMED, "facts are missing", map);
        out->fact_count = 0;
        return;
    }
    struct fact *rows = take_many(reading, out->fact_count, sizeof *rows);
    size_t i = 0;
    for (const struct tree_node *child = tree_first(facts); rows != NULL && child != NULL;
         child = tree_next(facts, child)) {
        rows[i++] = read_fact(reading, child);
    }
    out->facts = rows;
}

static void read_references(struct reading *reading, const struct tree_node *map,
                            struct report_finding *out)
{
    const struct tree_node *list =
        read_list(reading, map, "cites", STRINGS_MAX, &out->cite_count);
    struct reference *rows = take_many(reading, out->cite_count, sizeof *rows);
    size_t i = 0;
    for (const struct tree_node *child = tree_first(list); rows != NULL && child != NULL;
         child = tree_next(list, child)) {
        rows[i].citation = read_citation(reading, child);
        rows[i++].excerpt = read_text(reading, child, "excerpt");
    }
    out->cites = rows;
    out->cites_dropped = read_unsigned(reading, map, "cites_dropped");
}

static double read_confidence(struct reading *reading, const struct tree_node *map)
{
    double confidence = read_number(reading, map, "confidence");
    if (!(confidence >= 0 && confidence <= 1)) {
        fail(reading, STATUS_MALFORMED, "a confidence out of range", map);
        return 0;
    }
    return confidence;
}

static enum severity read_severity(struct reading *reading, const struct tree_node *map)
{
    return read_name(reading, map, "severity",
                     severity_find(tree_text(tree_member(map, "severity"))), SEVERITY_COUNT);
}

static void read_finding(struct reading *reading, const struct tree_node *map,
                         struct report_finding *out)
{
    out->id = read_hex(reading, map, "id", ID_SIZE);
    out->rule = read_prose(reading, map, "rule");
    out->title = read_text(reading, map, "title");
    out->techniques = read_strings(reading, map, "technique", &out->technique_count);
    out->severity = read_severity(reading, map);
    out->confidence = read_confidence(reading, map);
    out->first = read_moment(reading, map, "first");
    out->last = read_moment(reading, map, "last");
    out->entities = read_entities(reading, map, &out->entity_count);
    read_facts(reading, map, out);
    read_references(reading, map, out);
}

/* ---- incidents ---- */

/* A finding is in one incident and one of its stages at most: so pages, which look each up
 * among all, take a time that the size of the report bounds. */
static void check_shares(struct reading *reading, size_t named, size_t count,
                         const struct tree_node *map)
{
    if (named > count) {
        fail(reading, STATUS_MALFORMED, "findings named more often than there are", map);
    }
}

static void read_stages(struct reading *reading, const struct tree_node *map,
                        struct incident *out)
{
    const struct tree_node *list =
        read_list(reading, map, "stages", STRINGS_MAX, &out->stage_count);
    struct stage *rows = take_many(reading, out->stage_count, sizeof *rows);
    size_t named = 0;
    size_t i = 0;
    for (const struct tree_node *child = tree_first(list); rows != NULL && child != NULL;
         child = tree_next(list, child)) {
        struct stage *row = &rows[i++];
        row->kind =
            read_name(reading, child, "kind",
                      stage_kind_find(tree_text(tree_member(child, "kind"))), STAGE_KIND_COUNT);
        row->title = read_text(reading, child, "title");
        row->first = read_moment(reading, child, "first");
        row->last = read_moment(reading, child, "last");
        row->time_is_inferred = read_boolean(reading, child, "time_is_inferred");
        row->techniques = read_strings(reading, child, "technique", &row->technique_count);
        row->findings = read_strings(reading, child, "findings", &row->finding_count);
        named += row->finding_count;
    }
    check_shares(reading, named, out->finding_count, map);
    out->stages = rows;
}

static void read_plan(struct reading *reading, const struct tree_node *map,
                      struct incident *out)
{
    const struct tree_node *list =
        read_list(reading, map, "plan", PLAN_STEPS_MAX, &out->plan_count);
    struct plan_step *rows = take_many(reading, out->plan_count, sizeof *rows);
    size_t i = 0;
    for (const struct tree_node *child = tree_first(list); rows != NULL && child != NULL;
         child = tree_next(list, child)) {
        struct plan_step *row = &rows[i++];
        row->id = read_prose(reading, child, "id");
        row->phase = read_prose(reading, child, "phase");
        row->action = read_prose(reading, child, "do");
        row->command = read_prose(reading, child, "command");
        row->breaks = read_prose(reading, child, "breaks");
        row->undo = read_prose(reading, child, "undo");
        row->approve = read_prose(reading, child, "approve");
        row->cites = read_citations(reading, child, &row->cite_count);
    }
    out->plan = rows;
}

static void read_incident(struct reading *reading, const struct tree_node *map,
                          struct incident *out)
{
    out->id = read_hex(reading, map, "id", ID_SIZE);
    out->verdict =
        read_name(reading, map, "verdict", verdict_find(tree_text(tree_member(map, "verdict"))),
                  VERDICT_COUNT);
    out->severity = read_severity(reading, map);
    out->confidence = read_confidence(reading, map);
    out->title = read_prose(reading, map, "title");
    out->first = read_moment(reading, map, "first");
    out->last = read_moment(reading, map, "last");
    out->findings = read_strings(reading, map, "findings", &out->finding_count);
    read_stages(reading, map, out);
    out->entities = read_entities(reading, map, &out->entity_count);
    out->unknown = read_sentences(reading, map, "unknown", &out->unknown_count);
    out->disproof = read_sentences(reading, map, "disproof", &out->disproof_count);
    const struct tree_node *story = tree_member(map, "story");
    for (enum audience i = 0; i < AUDIENCE_COUNT; i++) {
        out->story[i] = read_sentences(reading, story, audience_name(i), &out->story_count[i]);
    }
    read_plan(reading, map, out);
}

/* ---- all of it ---- */

/* Reports made before there was a glossary have none. */
static void read_glossary(struct reading *reading, const struct tree_node *root,
                          struct report *report)
{
    if (tree_member(root, "glossary") == NULL) {
        return;
    }
    const struct tree_node *list =
        read_list(reading, root, "glossary", GLOSSARY_TERMS_MAX, &report->glossary_count);
    struct glossary_term *rows = take_many(reading, report->glossary_count, sizeof *rows);
    size_t i = 0;
    for (const struct tree_node *child = tree_first(list); rows != NULL && child != NULL;
         child = tree_next(list, child)) {
        rows[i].term = read_prose(reading, child, "term");
        rows[i++].meaning = read_prose(reading, child, "meaning");
    }
    report->glossary = rows;
}

static void read_lists(struct reading *reading, const struct tree_node *root,
                       struct report *report)
{
    const struct tree_node *list =
        read_list(reading, root, "evidence", REPORT_EVIDENCE_MAX, &report->evidence_count);
    struct report_evidence *evidence =
        take_many(reading, report->evidence_count, sizeof *evidence);
    size_t i = 0;
    for (const struct tree_node *child = tree_first(list); evidence != NULL && child != NULL;
         child = tree_next(list, child)) {
        read_evidence(reading, child, &evidence[i++]);
    }
    report->evidence = evidence;
    list = read_list(reading, root, "findings", REPORT_FINDINGS_MAX, &report->finding_count);
    struct report_finding *findings =
        take_many(reading, report->finding_count, sizeof *findings);
    i = 0;
    for (const struct tree_node *child = tree_first(list); findings != NULL && child != NULL;
         child = tree_next(list, child)) {
        read_finding(reading, child, &findings[i++]);
    }
    report->findings = findings;
    size_t named = 0;
    list = read_list(reading, root, "incidents", REPORT_INCIDENTS_MAX, &report->incident_count);
    report->incidents = take_many(reading, report->incident_count, sizeof *report->incidents);
    i = 0;
    for (const struct tree_node *child = tree_first(list);
         report->incidents != NULL && child != NULL; child = tree_next(list, child)) {
        read_incident(reading, child, &report->incidents[i]);
        named += report->incidents[i++].finding_count;
    }
    check_shares(reading, named, report->finding_count, root);
}

/* Left out by analyses without one. */
static const struct restricted *read_pack(struct reading *reading, const struct tree_node *head)
{
    size_t count = 0;
    if (tree_member(head, "packs") == NULL) {
        return NULL;
    }
    const struct tree_node *map = tree_first(read_list(reading, head, "packs", 1, &count));
    struct restricted *pack = take_many(reading, 1, sizeof *pack);
    if (count == 0 || pack == NULL) {
        return NULL;
    }
    *pack = (struct restricted){
        .name = read_prose(reading, map, "name"),
        .version = read_prose(reading, map, "version"),
        .tlp = read_prose(reading, map, "tlp"),
        .group = read_text(reading, map, "group"),
        .description = read_text(reading, map, "description"),
        .sha256 = read_hex(reading, map, "sha256", SHA256_HEX_SIZE),
        .grant = read_prose(reading, map, "grant"),
    };
    uint64_t rules = read_unsigned(reading, map, "rules");
    pack->rule_count = rules > UINT32_MAX ? UINT32_MAX : (uint32_t)rules;
    const char *what = NULL;
    if (!restricted_check(pack, &what)) {
        fail(reading, STATUS_MALFORMED, "a rule pack that is described as none is", map);
    }
    return pack;
}

enum status report_read(struct bytes input, struct arena *arena, struct report *out,
                        struct fault *fault)
{
    struct tree tree;
    struct tree_fault tree_fault = {0};
    enum status status = tree_of_jsonout(input, arena, &tree, &tree_fault);
    if (status != STATUS_OK) {
        *fault = (struct fault){tree_fault.what, tree_fault.line};
        return status;
    }
    struct reading reading = {.arena = arena};
    const struct tree_node *root = tree.nodes;
    const struct tree_node *head = tree_member(root, "tocsin");
    struct report report = {0};
    report.version = read_prose(&reading, head, "version");
    if (read_unsigned(&reading, head, "schema") != REPORT_SCHEMA_VERSION) {
        fail(&reading, STATUS_UNSUPPORTED, "a report of another version", head);
    }
    report.rules = read_prose(&reading, head, "rules");
    report.models = read_prose(&reading, head, "models");
    report.pack = read_pack(&reading, head);
    report.verdict =
        read_name(&reading, root, "verdict",
                  verdict_find(tree_text(tree_member(root, "verdict"))), VERDICT_COUNT);
    report.is_partial = read_boolean(&reading, root, "partial");
    report.summary = read_sentences(&reading, root, "summary", &report.summary_count);
    read_lists(&reading, root, &report);
    read_glossary(&reading, root, &report);
    report.findings_dropped = read_unsigned(&reading, root, "findings_dropped");
    report.incidents_dropped = read_unsigned(&reading, root, "incidents_dropped");
    report.sentences_dropped = read_unsigned(&reading, root, "sentences_dropped");
    report.reading_grade = read_number(&reading, root, "reading_grade");
    if (reading.status != STATUS_OK) {
        *fault = reading.fault;
        return reading.status;
    }
    TRY(report_order_findings(&report, arena));
    *out = report;
    return STATUS_OK;
}
