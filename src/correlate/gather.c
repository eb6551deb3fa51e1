#include "correlate/gather.h"

#include "base/number.h"
#include "codec/sha256.h"
#include "correlate/clock.h"
#include "correlate/room.h"
#include "record/redact.h"

#include <stdlib.h>
#include <string.h>

#define WHY_SIZE_MAX 8192
/* Of the arena, for what evidence says; the rest is for what is made of it. */
#define GATHERED_SIZE_MAX (104U << 20)

/* ---- citations ---- */

static enum status copy_encoded_path(struct arena *arena, struct bytes raw, struct bytes *out)
{
    struct text text = text_of_limit(CITATION_SIZE_MAX * 4);
    citation_add_path(&text, raw);
    enum status status = text_status(&text);
    if (status == STATUS_OK) {
        status = arena_copy(arena, text_bytes(&text), out);
    }
    text_done(&text);
    return status;
}

/* "path!/inner" */
static enum status join_path(struct case_file *file, const struct case_evidence *evidence,
                             struct bytes inner, struct bytes *out)
{
    AUTO(text_done) struct text text = text_of_limit(CITATION_SIZE_MAX * 4);
    text_add_raw(&text, evidence->row.path);
    text_add(&text, "!/");
    text_add_raw(&text, inner);
    TRY(text_status(&text));
    return arena_copy(file->arena, text_bytes(&text), out);
}

/* The path of a member of an evidence: its own, or "path!/member". */
static enum status member_path(struct case_file *file, const struct case_evidence *evidence,
                               uint32_t member, struct bytes *out)
{
    if (member == 0) {
        *out = evidence->row.path;
        return STATUS_OK;
    }
    return join_path(file, evidence, evidence->examination.coverage.members[member], out);
}

static enum status cite_place(struct case_file *file, const struct case_evidence *evidence,
                              const struct place *place, struct citation *out)
{
    out->kind = CITATION_EVIDENCE;
    out->place = *place;
    return member_path(file, evidence, place->member, &out->subject);
}

static enum status cite_all(struct case_file *file, const struct case_evidence *evidence,
                            const struct cite *cites, size_t count,
                            const struct reference **out)
{
    struct reference *references = arena_take_many(file->arena, count, sizeof *references);
    if (references == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        TRY(cite_place(file, evidence, &cites[i].place, &references[i].citation));
        references[i].excerpt = cites[i].excerpt;
    }
    *out = references;
    return STATUS_OK;
}

/* SHA-256 over what is said and where: the same bytes give the same id under any name. */
static enum status make_id(struct case_file *file, const struct case_evidence *evidence,
                           const char *what, struct bytes rule, const struct cite *cites,
                           size_t cite_count, struct bytes *out)
{
    struct text basis = text_of_limit(1U << 16);
    text_add(&basis, what);
    text_add_raw(&basis, rule);
    text_add_byte(&basis, '\n');
    text_add_raw(&basis, evidence->row.sha256);
    for (size_t i = 0; i < cite_count; i++) {
        const struct place *place = &cites[i].place;
        text_addf(&basis, "\n%d %u %llu %llu", (int)place->kind, place->member,
                  (unsigned long long)place->first, (unsigned long long)place->last);
    }
    enum status status = text_status(&basis);
    if (status == STATUS_OK) {
        struct sha256 digest = sha256_of(text_bytes(&basis));
        struct text id = text_of_limit(ID_SIZE);
        text_add_hex(&id, (struct bytes){digest.bytes, ID_SIZE / 2});
        status = arena_copy(file->arena, text_bytes(&id), out);
        text_done(&id);
    }
    text_done(&basis);
    return status;
}

/* ---- one evidence ---- */

static struct bytes outcome_words(enum examination_outcome outcome)
{
    /* rows: one deleted at a time by make prove */
    static const char *const words[OUTCOME_COUNT] = {
        [OUTCOME_DONE] = "",
        [OUTCOME_CRASHED] = "the process that examined it crashed",
        [OUTCOME_OUT_OF_TIME] = "examining it took longer than allowed",
        [OUTCOME_OUT_OF_MEMORY] = "examining it took more memory than allowed",
        [OUTCOME_UNREADABLE] = "it could not be read",
        [OUTCOME_SKIPPED] = "it was passed over",
    };
    return bytes_of_text(words[outcome]);
}

/* What a limit left out is said like damage: what was concluded rests on the rest. */
static void describe_left_out(const struct case_evidence *evidence, struct report_anomaly *rows,
                              size_t *count)
{
    const struct examination *examination = &evidence->examination;
    const struct {
        const char *what;
        uint64_t count;
    } left_out[] = {
        {"findings were left out: there were too many to hold", examination->findings_dropped},
        {"observations were left out: there were too many to hold",
         examination->observations_dropped},
    };
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
        if (left_out[i].count > 0) {
            rows[(*count)++] = (struct report_anomaly){
                .what = bytes_of_text(left_out[i].what),
                .at = {.kind = CITATION_EVIDENCE, .subject = evidence->row.path},
                .count = left_out[i].count,
            };
        }
    }
}

static enum status describe_anomalies(struct case_file *file, struct case_evidence *evidence)
{
    const struct coverage *coverage = &evidence->examination.coverage;
    struct report_anomaly *rows =
        arena_take_many(file->arena, coverage->anomaly_count + 2, sizeof *rows);
    if (rows == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < coverage->anomaly_count; i++) {
        const struct anomaly *anomaly = &coverage->anomalies[i];
        rows[i].what = bytes_of_text(anomaly->what);
        rows[i].count = anomaly->count;
        TRY(cite_place(file, evidence, &anomaly->place, &rows[i].at));
    }
    evidence->row.anomalies = rows;
    evidence->row.anomaly_count = coverage->anomaly_count;
    describe_left_out(evidence, rows, &evidence->row.anomaly_count);
    return STATUS_OK;
}

static enum status copy_hex(struct case_file *file, const uint8_t *sha256, struct bytes *out)
{
    AUTO(text_done) struct text hex = text_of_limit(sizeof(struct sha256) * 2);
    text_add_hex(&hex, (struct bytes){sha256, sizeof(struct sha256)});
    return arena_copy(file->arena, text_bytes(&hex), out);
}

/* A name may say a secret, as what stands in an excerpt. */
static enum status show_name(struct case_file *file, struct bytes name, struct bytes *out)
{
    if (file->options->redact) {
        return redact_secrets(name, file->arena, out);
    }
    *out = name;
    return STATUS_OK;
}

static enum status describe_one_carried(struct case_file *file,
                                        const struct case_evidence *evidence,
                                        const struct carried *carried,
                                        struct report_carried *out)
{
    *out = (struct report_carried){
        .from = carried->from,
        .to = carried->to,
        .protocol = bytes_of_text(carried->protocol),
        .kind = bytes_of_text(carried->kind),
        .at = carried->at,
        .size = carried->size,
        .is_whole = carried->is_whole,
        .citation = {.kind = CITATION_EVIDENCE},
    };
    TRY(show_name(file, carried->name, &out->name));
    TRY(show_name(file, carried->host, &out->host));
    TRY(join_path(file, evidence, carried->path, &out->citation.subject));
    return carried->is_whole ? copy_hex(file, carried->sha256.bytes, &out->sha256) : STATUS_OK;
}

static enum status describe_carried(struct case_file *file, struct case_evidence *evidence)
{
    const struct coverage *coverage = &evidence->examination.coverage;
    struct report_carried *rows =
        arena_take_many(file->arena, coverage->carried_count, sizeof *rows);
    if (rows == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < coverage->carried_count; i++) {
        TRY(describe_one_carried(file, evidence, &coverage->carried[i], &rows[i]));
    }
    evidence->row.carried = rows;
    evidence->row.carried_count = coverage->carried_count;
    evidence->row.carried_dropped = coverage->carried_dropped;
    return STATUS_OK;
}

static enum status describe_coverage(struct case_file *file, struct case_evidence *evidence)
{
    const struct coverage *coverage = &evidence->examination.coverage;
    struct report_evidence *row = &evidence->row;
    row->kind = coverage->kind == NULL ? BYTES_NONE : bytes_of_text(coverage->kind);
    row->examined = coverage->examined;
    row->why = coverage->why == NULL ? BYTES_NONE : bytes_of_text(coverage->why);
    row->hosts = coverage->hosts;
    row->host_count = coverage->host_count;
    row->counts = coverage->counts;
    row->count_count = coverage->count_count;
    bool says_nothing =
        coverage->examined == EXAMINED_NO || bytes_equal_text(row->kind, COVERAGE_KIND_EMPTY);
    row->verdict = says_nothing ? VERDICT_NOT_EXAMINED : VERDICT_NOTHING_FOUND;
    TRY(describe_carried(file, evidence));
    return describe_anomalies(file, evidence);
}

static enum status describe_also(struct case_file *file, const struct dossier_entry *entry,
                                 struct report_evidence *row)
{
    struct bytes *also = arena_take_many(file->arena, entry->also_count, sizeof *also);
    if (also == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < entry->also_count; i++) {
        TRY(copy_encoded_path(file->arena, entry->also[i], &also[i]));
    }
    row->also = also;
    row->also_count = entry->also_count;
    return STATUS_OK;
}

static enum status describe_hash(struct case_file *file, const struct dossier_entry *entry,
                                 struct report_evidence *row)
{
    return entry->has_hash ? copy_hex(file, entry->sha256, &row->sha256) : STATUS_OK;
}

/* What went wrong on this machine stands before what the reader says, and such an evidence is
 * not wholly examined. */
static enum status describe_problem(struct case_file *file, const struct dossier_entry *entry,
                                    struct report_evidence *row)
{
    if (entry->problem.size == 0) {
        return STATUS_OK;
    }
    if (row->examined == EXAMINED_WHOLE) {
        row->examined = EXAMINED_PARTLY;
    }
    AUTO(text_done) struct text why = text_of_limit(WHY_SIZE_MAX);
    text_add_raw(&why, entry->problem);
    if (row->why.size > 0) {
        text_add(&why, "; ");
        text_add_raw(&why, row->why);
    }
    TRY(text_status(&why));
    return arena_copy(file->arena, text_bytes(&why), &row->why);
}

static enum status gather_evidence(struct case_file *file, const struct dossier_entry *entry,
                                   const struct examination_room *room,
                                   struct case_evidence *evidence)
{
    struct report_evidence *row = &evidence->row;
    TRY(copy_encoded_path(file->arena, entry->path, &row->path));
    TRY(describe_hash(file, entry, row));
    TRY(describe_also(file, entry, row));
    row->size = entry->size;
    row->verdict = VERDICT_NOT_EXAMINED;
    row->why = entry->problem.size > 0 ? entry->problem : outcome_words(entry->outcome);
    if (entry->outcome != OUTCOME_DONE) {
        return STATUS_OK;
    }
    if (arena_used(file->arena) + 2 * entry->examination.size > GATHERED_SIZE_MAX) {
        row->why = bytes_of_text("too much was found in all evidence together: what this one "
                                 "holds was left out");
        return STATUS_OK;
    }
    enum status status =
        examination_read_within(entry->examination, file->arena, room, &evidence->examination);
    if (status == STATUS_NO_MEMORY) {
        return status;
    }
    if (status != STATUS_OK) {
        row->why = bytes_of_text("what the examining process sent back could not be read");
        return STATUS_OK;
    }
    evidence->has_examination = true;
    TRY(describe_coverage(file, evidence));
    return describe_problem(file, entry, row);
}

/* ---- findings and observations ---- */

static struct moment settle(const struct case_evidence *evidence, struct moment moment)
{
    return moment_settle(moment, &evidence->frame);
}

/* The caller's bounds, for times that had no year when they were examined. */
static bool is_outside(const struct analysis_options *options, struct moment first,
                       struct moment last)
{
    bool before = options->since.is_known && last.is_known && last.year_known &&
                  moment_compare(last, options->since) < 0;
    bool after = options->until.is_known && first.is_known && first.year_known &&
                 moment_compare(first, options->until) > 0;
    return before || after;
}

static enum status gather_finding(struct case_file *file, size_t index,
                                  const struct finding *finding)
{
    struct case_evidence *evidence = &file->evidence[index];
    struct report_finding row = {
        .rule = finding->rule,
        .title = finding->title,
        .techniques = finding->techniques,
        .technique_count = finding->technique_count,
        .severity = finding->severity,
        .confidence = finding->confidence,
        .first = settle(evidence, finding->first),
        .last = settle(evidence, finding->last),
        .entities = finding->entities,
        .entity_count = finding->entity_count,
        .facts = finding->facts,
        .fact_count = finding->fact_count,
        .cite_count = finding->cite_count,
        .cites_dropped = finding->cites_dropped,
    };
    if (file->lead_count == file->lead_capacity) {
        file->leads_dropped++;
        return STATUS_OK;
    }
    if (is_outside(file->options, row.first, row.last)) {
        return STATUS_OK;
    }
    TRY(make_id(file, evidence, "finding ", row.rule, finding->cites, finding->cite_count,
                &row.id));
    TRY(cite_all(file, evidence, finding->cites, finding->cite_count, &row.cites));
    file->leads[file->lead_count++] =
        (struct lead){.finding = row, .evidence = index, .effective = row.first};
    return STATUS_OK;
}

static enum status gather_observation(struct case_file *file, size_t index,
                                      const struct observation *observation)
{
    struct case_evidence *evidence = &file->evidence[index];
    struct sighting row = {
        .kind = observation->kind,
        .evidence = index,
        .count = observation->count,
        .first = settle(evidence, observation->first),
        .last = settle(evidence, observation->last),
        .entities = observation->entities,
        .entity_count = observation->entity_count,
        .facts = observation->facts,
        .fact_count = observation->fact_count,
        .cite_count = observation->cite_count,
    };
    if (file->sighting_count == CASE_SIGHTINGS_MAX) {
        file->sightings_dropped++;
        return STATUS_OK;
    }
    if (is_outside(file->options, row.first, row.last)) {
        return STATUS_OK;
    }
    TRY(make_id(file, evidence, "observation ", bytes_of_text(observation_kind_name(row.kind)),
                observation->cites, observation->cite_count, &row.id));
    TRY(cite_all(file, evidence, observation->cites, observation->cite_count, &row.cites));
    file->sightings[file->sighting_count++] = row;
    return STATUS_OK;
}

static enum status gather_records(struct case_file *file, size_t index)
{
    const struct examination *examination = &file->evidence[index].examination;
    for (size_t i = 0; i < examination->finding_count; i++) {
        TRY(gather_finding(file, index, &examination->findings[i]));
    }
    for (size_t i = 0; i < examination->observation_count; i++) {
        TRY(gather_observation(file, index, &examination->observations[i]));
    }
    return STATUS_OK;
}

/* ---- all of it ---- */

static int compare_entries(const void *a, const void *b)
{
    const struct dossier_entry *const *left = a;
    const struct dossier_entry *const *right = b;
    return bytes_compare((*left)->path, (*right)->path);
}

/* Room for what all messages hold together, within the limits. */
static enum status make_room(struct case_file *file)
{
    size_t findings = CITES_MAX; /* the raising rows need some too */
    size_t sightings = 1;
    for (size_t i = 0; i < file->evidence_count; i++) {
        findings += file->evidence[i].examination.finding_count;
        sightings += file->evidence[i].examination.observation_count;
    }
    findings = number_least(findings + sightings, CASE_FINDINGS_MAX);
    file->leads = arena_take_many(file->arena, findings, sizeof *file->leads);
    file->lead_capacity = findings;
    sightings = number_least(sightings, CASE_SIGHTINGS_MAX);
    file->sightings = arena_take_many(file->arena, sightings, sizeof *file->sightings);
    return file->leads == NULL || file->sightings == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

enum status gather(const struct dossier_entry *entries, size_t entry_count,
                   struct case_file *file)
{
    const struct dossier_entry **sorted =
        arena_take_many(file->arena, entry_count, sizeof *sorted);
    file->evidence = arena_take_many(file->arena, entry_count, sizeof *file->evidence);
    if (sorted == NULL || file->evidence == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < entry_count; i++) {
        sorted[i] = &entries[i];
    }
    qsort(sorted, entry_count, sizeof *sorted, compare_entries);
    file->evidence_count = entry_count;
    struct examination_room room;
    TRY(room_share(entries, entry_count, file->arena, &room));
    for (size_t i = 0; i < entry_count; i++) {
        TRY(gather_evidence(file, sorted[i], &room, &file->evidence[i]));
    }
    TRY(make_room(file));
    TRY(clock_settle(file));
    for (size_t i = 0; i < entry_count; i++) {
        TRY(gather_records(file, i));
    }
    return STATUS_OK;
}
