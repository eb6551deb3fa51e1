/* Claims of everything that conclude does with what processes that read hostile bytes hand it:
 * whatever they say, a report comes out or a status; every sentence has a citation; every place
 * that is cited can be written and read; the report is read back as itself; pages hold nothing
 * that a terminal obeys; and the same message gives the same report. */
#include "content.h"
#include "page_claims.h"

#include "correlate/correlate.h"
#include "explain/explain.h"
#include "respond/plan.h"

#define MEMORY_MAX (160U << 20) /* as src/program/conclude.c gives it */
#define PLAYBOOKS_MAX 64

struct advice {
    struct content content;
    struct phrase_documents phrases;
    const struct tree_node *playbooks[PLAYBOOKS_MAX];
    size_t playbook_count;
};

static const struct advice *load_advice(void)
{
    static struct advice advice;
    static const char *const folders[] = {"phrases", "playbooks", NULL};
    if (advice.content.arena != NULL) {
        return &advice;
    }
    content_load(&advice.content, folders);
    advice.phrases = (struct phrase_documents){
        .leader = content_document(&advice.content, "phrases/leader.yaml"),
        .analyst = content_document(&advice.content, "phrases/analyst.yaml"),
        .glossary = content_document(&advice.content, "phrases/glossary.yaml"),
    };
    uint32_t index = 0;
    struct bundle_entry entry;
    while (bundle_next(&advice.content.bundle, "playbooks/", &index, &entry)) {
        struct tree tree;
        struct fault fault;
        CLAIM(tree_read(entry.content, advice.content.arena, &tree, &fault) == STATUS_OK);
        advice.playbooks[advice.playbook_count++] = tree.nodes;
    }
    return &advice;
}

static void check_citations(const struct citation *cites, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct text AUTO(text_done) word = text_of_limit(4 * CITATION_SIZE_MAX);
        struct citation again;
        citation_add(&word, &cites[i]);
        CLAIM(citation_read(text_bytes(&word), &again) == STATUS_OK);
        CLAIM(citation_equal(&again, &cites[i]));
    }
}

static void check_sentences(const struct sentence *sentences, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        CLAIM(sentences[i].cite_count > 0 && sentences[i].text.size > 0);
        check_citations(sentences[i].cites, sentences[i].cite_count);
        check_page(sentences[i].text, false);
    }
}

static void check_incident(const struct report *report, const struct incident *incident)
{
    CLAIM(incident->finding_count > 0 && incident->stage_count > 0);
    CLAIM(incident->confidence >= 0 && incident->confidence <= 1);
    for (size_t i = 0; i < incident->finding_count; i++) {
        CLAIM(report_finding_by_id(report, incident->findings[i]) != NULL);
    }
    for (enum audience i = 0; i < AUDIENCE_COUNT; i++) {
        check_sentences(incident->story[i], incident->story_count[i]);
    }
    check_sentences(incident->unknown, incident->unknown_count);
    check_sentences(incident->disproof, incident->disproof_count);
    for (size_t i = 0; i < incident->plan_count; i++) {
        CLAIM(incident->plan[i].cite_count > 0);
        check_citations(incident->plan[i].cites, incident->plan[i].cite_count);
    }
}

static void check_report(const struct report *report)
{
    check_sentences(report->summary, report->summary_count);
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct report_finding *finding = &report->findings[i];
        CLAIM(finding->confidence >= 0 && finding->confidence <= 1);
        for (size_t j = 0; j < finding->cite_count; j++) {
            check_citations(&finding->cites[j].citation, 1);
        }
    }
    for (size_t i = 0; i < report->incident_count; i++) {
        check_incident(report, &report->incidents[i]);
    }
    check_saved(report);
    check_pages(report);
}

static enum status conclude(struct bytes image, struct arena *arena, struct report *report)
{
    const struct advice *advice = load_advice();
    const struct analysis_options options = {0};
    const struct site site = {0};
    const struct dossier_entry *entries;
    size_t count;
    *report = (struct report){.version = BYTES_LITERAL("0"), .rules = BYTES_LITERAL("0")};
    TRY(dossier_read(image, arena, &entries, &count));
    TRY(correlate(entries, count, &options, &site, arena, report));
    for (size_t i = 0; i < report->incident_count; i++) {
        TRY(plan_respond(advice->playbooks, advice->playbook_count, report, arena,
                         &report->incidents[i]));
    }
    return explain(&advice->phrases, &site, arena, report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes image = {data, size};
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct arena *AUTO(arena_done) other = arena_new(MEMORY_MAX);
    struct report report;
    struct report again;
    if (conclude(image, arena, &report) != STATUS_OK) {
        return 0;
    }
    check_report(&report);
    CLAIM(conclude(image, other, &again) == STATUS_OK);
    struct text AUTO(text_done) first = text_of_limit(PAGE_SIZE_MAX);
    struct text AUTO(text_done) second = text_of_limit(PAGE_SIZE_MAX);
    CLAIM(report_write(&report, &first) == STATUS_OK);
    CLAIM(report_write(&again, &second) == STATUS_OK);
    CLAIM(bytes_equal(text_bytes(&first), text_bytes(&second)));
    return 0;
}
