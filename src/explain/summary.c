#include "explain/summary.h"

#include "explain/wording.h"

static void set_count(struct slots *slots, const char *name, uint64_t count)
{
    struct text text = text_of_limit(32);
    wording_add_count(&text, count);
    slots_set(slots, name, &text);
    text_done(&text);
}

struct tally {
    uint64_t examined;
    uint64_t empty; /* of them */
    uint64_t partly;
    uint64_t not_examined;
    uint64_t low;
    struct basis examined_basis;
    struct basis partly_basis;
    struct basis not_examined_basis;
    struct basis low_basis;
};

static void count_evidence(const struct report *report, struct tally *tally)
{
    for (size_t i = 0; i < report->evidence_count; i++) {
        const struct report_evidence *evidence = &report->evidence[i];
        switch (evidence->examined) {
        case EXAMINED_NO:
            tally->not_examined++;
            basis_add_coverage(&tally->not_examined_basis, evidence);
            break;
        case EXAMINED_PARTLY:
            tally->partly++;
            basis_add_coverage(&tally->partly_basis, evidence);
            break;
        case EXAMINED_WHOLE:
            break;
        }
        if (evidence->examined != EXAMINED_NO) {
            tally->examined++;
            tally->empty += bytes_equal_text(evidence->kind, COVERAGE_KIND_EMPTY);
            basis_add_coverage(&tally->examined_basis, evidence);
        }
    }
}

static bool is_in_incident(const struct report *report, struct bytes id)
{
    for (size_t i = 0; i < report->incident_count; i++) {
        for (size_t j = 0; j < report->incidents[i].finding_count; j++) {
            if (bytes_equal(report->incidents[i].findings[j], id)) {
                return true;
            }
        }
    }
    return false;
}

static void count_low(const struct report *report, struct tally *tally)
{
    for (size_t i = 0; i < report->finding_count; i++) {
        if (!is_in_incident(report, report->findings[i].id)) {
            tally->low++;
            basis_add_finding(&tally->low_basis, &report->findings[i]);
        }
    }
}

/* What the owner's site file made less of, said for each of its sections. */
static enum status say_lowered(const struct report *report, struct draft *draft,
                               struct slots *slots, const char *section)
{
    struct basis basis = {0};
    const struct citation site = {.kind = CITATION_SITE, .subject = bytes_of_text(section)};
    basis_add(&basis, &site);
    uint64_t count = 0;
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct report_finding *finding = &report->findings[i];
        const struct fact *by =
            fact_find(finding->facts, finding->fact_count, "lowered_by_site");
        if (by != NULL && bytes_equal_text(by->text, section) &&
            finding->severity < SEVERITY_HIGH) {
            count++;
            basis_add_finding(&basis, finding);
        }
    }
    if (count == 0) {
        return STATUS_OK;
    }
    set_count(slots, "lowered", count);
    AUTO(text_done) struct text id = text_of_limit(64);
    text_addf(&id, "summary.lowered.%s", section);
    return draft_say(draft, text_terminated(&id), slots, &basis, NULL);
}

enum status summary_explain(struct report *report, struct phrase_book *book,
                            struct arena *arena)
{
    struct tally tally = {0};
    count_evidence(report, &tally);
    count_low(report, &tally);
    struct slots slots = {.arena = arena};
    set_count(&slots, "examined", tally.examined);
    set_count(&slots, "partly", tally.partly);
    set_count(&slots, "not_examined", tally.not_examined);
    set_count(&slots, "low", tally.low);
    struct draft draft;
    TRY(draft_begin(&draft, arena, book));
    draft.opens_paragraph = true;
    if (report->incident_count == 0 && tally.examined > tally.empty) {
        TRY(draft_say(&draft, "summary.nothing", &slots, &tally.examined_basis, NULL));
    } else if (report->incident_count == 0 && tally.empty > 0) {
        TRY(draft_say(&draft, tally.empty == 1 ? "summary.empty.one" : "summary.empty", &slots,
                      &tally.examined_basis, NULL));
    }
    if (tally.low > 0) {
        TRY(draft_say(&draft, tally.low == 1 ? "summary.low.one" : "summary.low", &slots,
                      &tally.low_basis, NULL));
    }
    TRY(say_lowered(report, &draft, &slots, "networks"));
    TRY(say_lowered(report, &draft, &slots, "administrators"));
    TRY(say_lowered(report, &draft, &slots, "scanners"));
    if (tally.partly > 0) {
        TRY(draft_say(&draft, tally.partly == 1 ? "summary.partly.one" : "summary.partly",
                      &slots, &tally.partly_basis, NULL));
    }
    if (tally.not_examined > 0) {
        TRY(draft_say(&draft,
                      tally.not_examined == 1 ? "summary.not-examined.one"
                                              : "summary.not-examined",
                      &slots, &tally.not_examined_basis, NULL));
    }
    report->summary = draft.sentences;
    report->summary_count = draft.count;
    return STATUS_OK;
}
