#include "explain/explain.h"

#include "explain/brief.h"
#include "explain/check.h"
#include "explain/doubt.h"
#include "explain/glossary.h"
#include "explain/grade.h"
#include "explain/story.h"
#include "explain/summary.h"

static struct phrase_book book_for_leader(const struct phrase_documents *documents)
{
    return (struct phrase_book){.phrases = tree_member(documents->leader, "phrases"),
                                .glossary = tree_member(documents->glossary, "terms")};
}

static struct phrase_book book_for_responder(const struct phrase_documents *documents)
{
    return (struct phrase_book){.phrases = tree_member(documents->responder, "phrases")};
}

static struct phrase_book book_for_analyst(const struct phrase_documents *documents)
{
    return (struct phrase_book){.phrases = tree_member(documents->analyst, "phrases")};
}

static void grade_story(const struct sentence *sentences, size_t count, struct grade *grade)
{
    for (size_t i = 0; i < count; i++) {
        grade_add(grade, sentences[i].text);
    }
}

static void check_incident(struct report *report, const struct site *site,
                           struct incident *incident)
{
    for (size_t i = 0; i < AUDIENCE_COUNT; i++) {
        incident->story_count[i] =
            check_sentences(report, site, incident->story[i], incident->story_count[i]);
    }
    incident->unknown_count =
        check_sentences(report, site, incident->unknown, incident->unknown_count);
    incident->disproof_count =
        check_sentences(report, site, incident->disproof, incident->disproof_count);
}

static enum status explain_incident(const struct phrase_documents *documents,
                                    const struct site *site, struct arena *arena,
                                    struct report *report, struct incident *incident)
{
    /* Doubts are told first, because two stories end with them; terms are explained where the
     * leader reads them first, so the doubts' own book does not gloss. */
    struct phrase_book plain = book_for_leader(documents);
    plain.glossary = NULL;
    TRY(doubt_explain(report, &plain, arena, incident));
    struct phrase_book leader = book_for_leader(documents);
    TRY(story_for_leader(report, site, &leader, arena, incident));
    struct phrase_book responder = book_for_responder(documents);
    TRY(brief_for_responder(report, &responder, arena, incident));
    struct phrase_book analyst = book_for_analyst(documents);
    TRY(story_for_analyst(report, &analyst, arena, incident));
    check_incident(report, site, incident);
    return STATUS_OK;
}

enum status explain(const struct phrase_documents *documents, const struct site *site,
                    struct arena *arena, struct report *report)
{
    struct grade grade = {0};
    for (size_t i = 0; i < report->incident_count; i++) {
        struct incident *incident = &report->incidents[i];
        TRY(explain_incident(documents, site, arena, report, incident));
        grade_story(incident->story[AUDIENCE_LEADER], incident->story_count[AUDIENCE_LEADER],
                    &grade);
    }
    struct phrase_book book = book_for_leader(documents);
    TRY(summary_explain(report, &book, arena));
    report->summary_count =
        check_sentences(report, site, report->summary, report->summary_count);
    grade_story(report->summary, report->summary_count, &grade);
    report->reading_grade = grade_value(&grade);
    return glossary_collect(documents->glossary, arena, report);
}
