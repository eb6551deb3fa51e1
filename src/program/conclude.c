/* tocsin-conclude: what all evidence says together, in words and as a plan.  Confined: it
 * reads messages from processes that have read hostile bytes, and saved reports, and writes
 * the finished bytes for a person or a program into a memory file. */
#include "base/memory_file.h"
#include "base/pack.h"
#include "codec/bundle.h"
#include "codec/hex.h"
#include "codec/sha256.h"
#include "codec/yaml.h"
#include "correlate/correlate.h"
#include "correlate/watch.h"
#include "explain/answer.h"
#include "explain/check.h"
#include "explain/expectation.h"
#include "explain/meaning.h"
#include "record/examination.h"
#include "record/follow.h"
#include "record/inquiry.h"
#include "report/reply_json.h"
#include "report/reply_text.h"
#include "report/report_html.h"
#include "report/report_json.h"
#include "report/report_markdown.h"
#include "report/report_place.h"
#include "report/report_text.h"
#include "report/warning_line.h"
#include "respond/plan.h"
#include "sandbox/service.h"

#define CHANNEL 3
#define MEMORY_SIZE_MAX (192U << 20)
#define ARENA_SIZE_MAX (160U << 20)
#define INPUT_SIZE_MAX (1U << 30) /* mapped, not copied */
#define TEXT_SIZE_MAX (64U << 20)
#define OUTPUT_SIZE_MAX (256U << 20)
#define CONTENT_SIZE_MAX (128U << 20)
#define PLAYBOOKS_MAX 256

/* One request, with all it needs. */
struct conclusion {
    struct inquiry inquiry;
    struct arena *arena;
    struct bytes input;
    struct bytes content;
    struct bundle bundle;
    struct bytes site_file;
    struct site site;
    struct report report;
    struct text output;
    int output_file; /* what `output` becomes; JSON goes there by pieces */
    struct fault fault;
    struct text problem; /* more than a fault can say; empty where that is enough */
};

/* ---- content ---- */

static enum status load_document(const struct conclusion *conclusion, const char *name,
                                 const struct tree_node **out)
{
    struct bytes written;
    struct tree tree;
    struct fault fault;
    TRY(bundle_find(&conclusion->bundle, name, &written));
    TRY(tree_read(written, conclusion->arena, &tree, &fault));
    *out = tree.nodes;
    return STATUS_OK;
}

static enum status load_phrases(const struct conclusion *conclusion,
                                struct phrase_documents *out)
{
    TRY(load_document(conclusion, "phrases/leader.yaml", &out->leader));
    TRY(load_document(conclusion, "phrases/responder.yaml", &out->responder));
    TRY(load_document(conclusion, "phrases/analyst.yaml", &out->analyst));
    return load_document(conclusion, "phrases/glossary.yaml", &out->glossary);
}

static enum status load_playbooks(const struct conclusion *conclusion,
                                  const struct tree_node **out, size_t *count)
{
    uint32_t index = 0;
    struct bundle_entry entry;
    *count = 0;
    while (bundle_next(&conclusion->bundle, "playbooks/", &index, &entry)) {
        if (*count == PLAYBOOKS_MAX) {
            return STATUS_LIMIT;
        }
        struct tree tree;
        struct fault fault;
        TRY(tree_read(entry.content, conclusion->arena, &tree, &fault));
        out[(*count)++] = tree.nodes;
    }
    return STATUS_OK;
}

static enum status load_site(struct conclusion *conclusion)
{
    if (!conclusion->inquiry.has_site) {
        return STATUS_OK;
    }
    struct tree tree;
    struct tree_fault fault = {0};
    enum status status = tree_of_yaml(conclusion->site_file, conclusion->arena, &tree, &fault);
    if (status == STATUS_OK) {
        status = site_read(tree.nodes, &conclusion->site, &fault);
    }
    if (status != STATUS_OK) {
        text_addf(&conclusion->problem, "the site file, line %u: %s", fault.line,
                  fault.what == NULL ? status_name(status) : fault.what);
    }
    return status;
}

/* ---- what can be asked ---- */

static enum status name_digest(struct arena *arena, struct bytes of, struct bytes *out)
{
    struct sha256 digest = sha256_of(of);
    AUTO(text_done) struct text hex = text_of_limit(64);
    sha256_add_hex(&hex, &digest);
    TRY(text_status(&hex));
    return arena_copy(arena, text_bytes(&hex), out);
}

/* The weights are named by their file's digest, as their card names them. */
static enum status name_rules(struct conclusion *conclusion)
{
    struct report *report = &conclusion->report;
    struct bytes weights;
    report->version = bytes_of_text(TOCSIN_VERSION);
    if (bundle_find(&conclusion->bundle, "models/sieve-shell.bin", &weights) == STATUS_OK) {
        TRY(name_digest(conclusion->arena, weights, &report->models));
    }
    return name_digest(conclusion->arena, conclusion->content, &report->rules);
}

static enum status conclude(struct conclusion *conclusion)
{
    struct report *report = &conclusion->report;
    struct phrase_documents phrases;
    const struct tree_node *playbooks[PLAYBOOKS_MAX];
    size_t playbook_count;
    const struct dossier_entry *entries;
    size_t entry_count;
    TRY(name_rules(conclusion));
    report->pack = conclusion->inquiry.has_pack ? &conclusion->inquiry.pack : NULL;
    TRY(load_site(conclusion));
    TRY(load_phrases(conclusion, &phrases));
    TRY(load_playbooks(conclusion, playbooks, &playbook_count));
    TRY(dossier_read(conclusion->input, conclusion->arena, &entries, &entry_count));
    TRY(correlate(entries, entry_count, &conclusion->inquiry.options, &conclusion->site,
                  conclusion->arena, report));
    for (size_t i = 0; i < report->incident_count; i++) {
        TRY(plan_respond(playbooks, playbook_count, report, conclusion->arena,
                         &report->incidents[i]));
    }
    return explain(&phrases, &conclusion->site, conclusion->arena, report);
}

static enum status take_piece(void *context, struct bytes piece)
{
    const struct conclusion *conclusion = context;
    return memory_file_write(conclusion->output_file, piece);
}

/* By pieces: with a hundred thousand files it is longer than what this process may hold. */
static enum status write_json(struct conclusion *conclusion)
{
    const struct report_sink sink = {.take = take_piece, .context = conclusion};
    return report_write_to(&conclusion->report, &sink);
}

static enum status render(struct conclusion *conclusion)
{
    const struct analysis_options *options = &conclusion->inquiry.options;
    switch (options->format) {
    case REPORT_TEXT:
        return report_text(&conclusion->report, options->audience, options->columns,
                           options->colour, &conclusion->output);
    case REPORT_JSON:
        return write_json(conclusion);
    case REPORT_HTML:
        return report_html(&conclusion->report, options->audience, conclusion->arena,
                           &conclusion->output);
    case REPORT_MARKDOWN:
        return report_markdown(&conclusion->report, options->audience, conclusion->arena,
                               &conclusion->output);
    }
    return STATUS_UNSUPPORTED;
}

static enum status render_plan(struct conclusion *conclusion)
{
    const struct analysis_options *options = &conclusion->inquiry.options;
    switch (options->format) {
    case REPORT_TEXT:
        return report_text_plan(&conclusion->report, options->columns, options->colour,
                                &conclusion->output);
    case REPORT_JSON:
        return report_plan_write(&conclusion->report, &conclusion->output);
    case REPORT_HTML:
        return report_html_plan(&conclusion->report, conclusion->arena, &conclusion->output);
    case REPORT_MARKDOWN:
        return report_markdown_plan(&conclusion->report, &conclusion->output);
    }
    return STATUS_UNSUPPORTED;
}

/* ---- questions ---- */

static enum status load_questions(struct conclusion *conclusion, struct question_book *out)
{
    const struct tree_node *documents[QUESTION_KINDS_MAX];
    struct question_source source = {.documents = documents, .report = &conclusion->report};
    uint32_t index = 0;
    struct bundle_entry entry;
    TRY(load_document(conclusion, "questions/words.yaml", &source.words));
    while (bundle_next(&conclusion->bundle, "questions/", &index, &entry)) {
        if (bytes_equal_text(entry.name, "questions/words.yaml")) {
            continue;
        }
        if (source.count == QUESTION_KINDS_MAX) {
            return STATUS_LIMIT;
        }
        struct tree tree;
        struct fault fault;
        TRY(tree_read(entry.content, conclusion->arena, &tree, &fault));
        documents[source.count++] = tree.nodes;
    }
    enum status found =
        bundle_find(&conclusion->bundle, "models/questions.bin", &source.weights);
    if (found != STATUS_OK) {
        text_add(&conclusion->problem, "models/questions.bin is not there, or is damaged");
        return found;
    }
    return question_book_open(&source, conclusion->arena, out);
}

static enum status ask(struct conclusion *conclusion)
{
    const struct analysis_options *options = &conclusion->inquiry.options;
    struct phrase_documents phrases;
    struct question_book book;
    struct reply reply;
    TRY(load_phrases(conclusion, &phrases));
    TRY(load_questions(conclusion, &book));
    TRY(answer_question(&phrases, &book, &conclusion->report, conclusion->inquiry.question,
                        &reply));
    reply.pack = conclusion->report.pack;
    return options->format == REPORT_JSON
               ? reply_write(&reply, &conclusion->output)
               : reply_text(&reply, options->columns, options->colour, &conclusion->output);
}

/* ---- pasted texts ---- */

static enum status load_knowledge(const struct conclusion *conclusion, struct knowledge *out)
{
    uint32_t index = 0;
    struct bundle_entry entry;
    *out = (struct knowledge){0};
    while (bundle_next(&conclusion->bundle, "knowledge/", &index, &entry)) {
        if (out->count == KNOWLEDGE_DOCUMENTS_MAX) {
            return STATUS_LIMIT;
        }
        struct tree tree;
        struct fault fault;
        TRY(tree_read(entry.content, conclusion->arena, &tree, &fault));
        out->documents[out->count++] = tree.nodes;
    }
    return STATUS_OK;
}

static enum status explain_text(struct conclusion *conclusion)
{
    const struct analysis_options *options = &conclusion->inquiry.options;
    struct cursor cursor = cursor_of(conclusion->input);
    struct cursor said = cursor_of(unpack_bytes(&cursor, EXAMINATION_SIZE_MAX));
    struct statement statement;
    struct examination examination;
    struct knowledge knowledge;
    struct reply reply;
    TRY(cursor_status(&cursor));
    TRY(statement_read(&said, conclusion->arena, &statement));
    TRY(examination_read(cursor_take(&cursor, cursor_left(&cursor)), conclusion->arena,
                         &examination));
    TRY(load_knowledge(conclusion, &knowledge));
    struct meaning_source source = {
        .knowledge = &knowledge,
        .text = conclusion->inquiry.question,
        .statement = &statement,
        .examination = &examination,
    };
    TRY(load_document(conclusion, "phrases/statement.yaml", &source.phrases));
    TRY(meaning_explain(&source, conclusion->arena, &reply));
    return options->format == REPORT_JSON
               ? reply_write(&reply, &conclusion->output)
               : reply_text(&reply, options->columns, options->colour, &conclusion->output);
}

/* The outermost evidence of a citation, and what the report kept of the place. */
static enum status locate(struct conclusion *conclusion, struct inquiry_answer *answer)
{
    const struct report *report = &conclusion->report;
    struct citation citation;
    enum status status = citation_read(conclusion->inquiry.citation, &citation);
    if (status != STATUS_OK) {
        conclusion->fault.what = "a citation is one word, like auth.log:12: this is none";
        return status;
    }
    struct bytes path = citation.subject;
    struct bytes outer = bytes_part(path, 0, bytes_find(path, bytes_of_text("!/")));
    answer->citation = conclusion->inquiry.citation;
    for (size_t i = 0; i < report->evidence_count; i++) {
        const struct report_evidence *evidence = &report->evidence[i];
        if (citation.kind == CITATION_EVIDENCE && bytes_equal(evidence->path, outer) &&
            hex_read(evidence->sha256, answer->sha256, sizeof answer->sha256) == STATUS_OK) {
            answer->is_located = true;
            answer->path = evidence->path;
            answer->size = evidence->size;
        }
    }
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct report_finding *finding = &report->findings[i];
        for (size_t j = 0; j < finding->cite_count; j++) {
            if (citation_equal(&finding->cites[j].citation, &citation)) {
                answer->excerpt = finding->cites[j].excerpt;
            }
        }
    }
    if (citation.kind != CITATION_EVIDENCE) {
        report_place(report, &citation, &conclusion->output);
        answer->excerpt =
            bytes_part(text_bytes(&conclusion->output), 0, INQUIRY_EXCERPT_SIZE_MAX);
    }
    return answer->is_located || answer->excerpt.size > 0 ? STATUS_OK : STATUS_NOT_FOUND;
}

/* ---- watching ---- */

/* A matter as an incident of its own: what playbooks say of it is how to stop it. */
static enum status plan_stop(struct conclusion *conclusion,
                             const struct tree_node *const *playbooks, size_t count,
                             struct warning *warning)
{
    const struct report_finding *finding = warning->finding;
    struct stage stage = {.kind = warning->stage,
                          .techniques = finding->techniques,
                          .technique_count = finding->technique_count,
                          .findings = &finding->id,
                          .finding_count = 1};
    struct incident matter = {.severity = finding->severity,
                              .stages = &stage,
                              .stage_count = 1,
                              .entities = finding->entities,
                              .entity_count = finding->entity_count,
                              .findings = &finding->id,
                              .finding_count = 1};
    TRY(plan_respond(playbooks, count, &conclusion->report, conclusion->arena, &matter));
    for (size_t i = 0; i < matter.plan_count; i++) {
        const struct plan_step *step = &matter.plan[i];
        bool is_first = warning->stop == NULL;
        if (bytes_equal_text(step->phase, "contain") &&
            (is_first || (warning->stop->command.size == 0 && step->command.size > 0))) {
            warning->stop = step;
        }
    }
    return STATUS_OK;
}

static enum status say_warnings(struct conclusion *conclusion,
                                const struct warning_lines *lines, struct warning *warnings,
                                size_t count, struct inquiry_answer *answer)
{
    const struct tree_node *phrases;
    const struct tree_node *playbooks[PLAYBOOKS_MAX];
    size_t playbook_count;
    if (count == 0) {
        return STATUS_OK;
    }
    TRY(load_document(conclusion, "phrases/warning.yaml", &phrases));
    TRY(load_playbooks(conclusion, playbooks, &playbook_count));
    for (size_t i = 0; i < count; i++) {
        TRY(plan_stop(conclusion, playbooks, playbook_count, &warnings[i]));
        TRY(expectation_add(phrases, conclusion->arena, &warnings[i]));
        TRY(warning_line_add(lines, &warnings[i]));
        enum severity severity = warnings[i].finding->severity;
        answer->worst = severity > answer->worst ? severity : answer->worst;
    }
    answer->finding_count = (uint32_t)count;
    return STATUS_OK;
}

/* Sources that ended without being understood. */
static enum status say_unread(const struct conclusion *conclusion,
                              const struct warning_lines *lines, const struct vigil_show *show)
{
    for (size_t i = 0; i < show->source_count; i++) {
        const struct vigil_source *source = &show->sources[i];
        struct follow_look look;
        struct examination examination;
        if (!source->is_ended || source->look.size == 0) {
            continue;
        }
        TRY(follow_look_read(source->look, &look));
        TRY(examination_read(look.standing, conclusion->arena, &examination));
        if (examination.coverage.examined == EXAMINED_NO && examination.coverage.why != NULL) {
            TRY(warning_line_add_unread(lines, source->path, examination.coverage.why));
        }
    }
    return STATUS_OK;
}

static enum status watch(struct conclusion *conclusion, struct inquiry_answer *answer)
{
    const struct analysis_options *options = &conclusion->inquiry.options;
    struct arena *arena = conclusion->arena;
    struct vigil_show show;
    struct vigil vigil;
    const struct dossier_entry *entries;
    size_t entry_count;
    size_t count;
    struct warning *warnings = arena_take_many(arena, WARNINGS_AT_ONCE_MAX, sizeof *warnings);
    if (warnings == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(load_site(conclusion));
    TRY(vigil_show_read(conclusion->input, arena, &show));
    TRY(vigil_read(show.vigil, arena, &vigil));
    TRY(watch_join(&show, arena, &vigil, &entries, &entry_count));
    TRY(correlate(entries, entry_count, options, &conclusion->site, arena,
                  &conclusion->report));
    TRY(watch_judge(&conclusion->report, arena, &vigil, warnings, &count));
    AUTO(text_done) struct text said = text_of_limit(VIGIL_SIZE_MAX);
    AUTO(text_done) struct text kept = text_of_limit(VIGIL_SIZE_MAX);
    const struct warning_lines lines = {options->format, options->colour, &said};
    TRY(say_warnings(conclusion, &lines, warnings, count, answer));
    TRY(say_unread(conclusion, &lines, &show));
    if (show.is_last) {
        TRY(warning_line_add_totals(&lines, &vigil.tally));
    }
    vigil_write(&kept, &vigil);
    TRY(text_status(&kept));
    vigil_said_write(&conclusion->output,
                     &(struct vigil_said){text_bytes(&said), text_bytes(&kept)});
    return text_status(&conclusion->output);
}

static enum status carry_out(struct conclusion *conclusion, struct inquiry_answer *answer)
{
    if (conclusion->inquiry.kind == INQUIRY_EXPLAIN) {
        return explain_text(conclusion);
    }
    if (conclusion->inquiry.kind == INQUIRY_WATCH) {
        return watch(conclusion, answer);
    }
    if (conclusion->inquiry.kind == INQUIRY_CONCLUDE) {
        TRY(conclude(conclusion));
        return render(conclusion);
    }
    TRY(report_read(conclusion->input, conclusion->arena, &conclusion->report,
                    &conclusion->fault));
    check_saved(&conclusion->report);
    switch (conclusion->inquiry.kind) {
    case INQUIRY_RENDER:
        return render(conclusion);
    case INQUIRY_RESPOND:
        return render_plan(conclusion);
    case INQUIRY_LOCATE:
        return locate(conclusion, answer);
    case INQUIRY_ASK:
        return ask(conclusion);
    case INQUIRY_CONCLUDE:
    case INQUIRY_EXPLAIN:
    case INQUIRY_WATCH:
        break;
    }
    return STATUS_UNSUPPORTED;
}

/* ---- one request ---- */

static void summarise(const struct conclusion *conclusion, struct inquiry_answer *answer)
{
    const struct report *report = &conclusion->report;
    if (conclusion->inquiry.kind == INQUIRY_WATCH) {
        return; /* what is said now counts, not what stands */
    }
    answer->verdict = report->verdict;
    answer->worst = report_worst(report);
    answer->evidence_count = (uint32_t)report->evidence_count;
    answer->finding_count = (uint32_t)report->finding_count;
    answer->incident_count = (uint32_t)report->incident_count;
}

static enum status map_files(struct conclusion *conclusion, const struct message *request)
{
    if (request->file_count <= INQUIRY_FILE_CONTENT) {
        return STATUS_MALFORMED;
    }
    conclusion->output_file = request->files[INQUIRY_FILE_OUTPUT];
    TRY(memory_file_map(request->files[INQUIRY_FILE_INPUT], INPUT_SIZE_MAX,
                        &conclusion->input));
    TRY(memory_file_map(request->files[INQUIRY_FILE_CONTENT], CONTENT_SIZE_MAX,
                        &conclusion->content));
    if (conclusion->inquiry.has_site) {
        if (request->file_count <= INQUIRY_FILE_SITE) {
            return STATUS_MALFORMED;
        }
        TRY(memory_file_map(request->files[INQUIRY_FILE_SITE], YAML_SIZE_MAX,
                            &conclusion->site_file));
    }
    return bundle_read(conclusion->content, &conclusion->bundle, &conclusion->fault);
}

static enum status answer(void *context, const struct message *request, struct text *reply)
{
    struct conclusion *conclusion = context;
    *conclusion = (struct conclusion){.output = text_of_limit(TEXT_SIZE_MAX),
                                      .output_file = -1,
                                      .problem = text_of_limit(INQUIRY_PROBLEM_SIZE_MAX)};
    struct inquiry_answer result = {0};
    enum status status = inquiry_read(request->body, &conclusion->inquiry);
    if (status == STATUS_OK) {
        status = map_files(conclusion, request);
    }
    conclusion->arena = arena_new(ARENA_SIZE_MAX);
    if (status == STATUS_OK && conclusion->arena == NULL) {
        status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK) {
        status = carry_out(conclusion, &result);
    }
    if (status == STATUS_OK) {
        status = memory_file_write(request->files[INQUIRY_FILE_OUTPUT],
                                   text_bytes(&conclusion->output));
    }
    summarise(conclusion, &result);
    if (status != STATUS_OK) {
        const char *what = conclusion->fault.what;
        result.problem = bytes_of_text(what == NULL ? status_name(status) : what);
        if (conclusion->problem.size > 0) {
            result.problem = text_bytes(&conclusion->problem);
        }
    }
    inquiry_answer_write(reply, &result);
    text_done(&conclusion->output);
    text_done(&conclusion->problem);
    arena_free(conclusion->arena);
    memory_file_unmap(&conclusion->input);
    memory_file_unmap(&conclusion->content);
    memory_file_unmap(&conclusion->site_file);
    return status;
}

int main(void)
{
    struct conclusion conclusion = {0};
    const struct service_plan plan = {
        .channel = CHANNEL,
        .memory_size_max = MEMORY_SIZE_MAX,
        .result_size_max = OUTPUT_SIZE_MAX,
        .answer = answer,
        .context = &conclusion,
    };
    return service_run(&plan);
}
