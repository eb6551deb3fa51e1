/* The leader's page: verdict, headline, the facts at a glance, the story with numbered sources,
 * what is not known, what would prove it wrong, and what must be decided. */
#include "report/html_part.h"

#define WORD_SIZE_MAX (CITATION_SIZE_MAX * 4)
#define SOURCES_MAX 400
#define NAMES_SHOWN_MAX 3
#define DECISIONS_SHOWN_MAX 6

/* The sources of one story, numbered in the order in which they are first cited. */
struct notes {
    struct table numbers; /* a citation's word -> its place in `cites`, counted from 1 */
    const struct citation **cites;
    size_t count;
    size_t incident;
};

static enum status begin_notes(struct html_page *page, size_t incident, struct notes *out)
{
    *out = (struct notes){.incident = incident};
    out->cites = arena_take_many(page->arena, SOURCES_MAX, sizeof(struct citation *));
    table_init(&out->numbers, page->arena, SOURCES_MAX);
    return out->cites == NULL ? STATUS_NO_MEMORY : STATUS_OK;
}

/* The number of a source; 0 where there are too many to list. */
static size_t number_of(struct notes *notes, const struct citation *citation)
{
    AUTO(text_done) struct text word = text_of_limit(WORD_SIZE_MAX);
    citation_add(&word, citation);
    struct table_entry *entry;
    if (table_add(&notes->numbers, text_bytes(&word), &entry) != STATUS_OK) {
        return 0;
    }
    if (entry->value == NULL) {
        notes->cites[notes->count++] = citation;
        entry->value = &notes->cites[notes->count - 1];
    }
    return (size_t)((const struct citation **)entry->value - notes->cites) + 1;
}

static void add_marker(struct html_page *page, struct notes *notes,
                       const struct citation *citation)
{
    AUTO(text_done) struct text word = text_of_limit(WORD_SIZE_MAX);
    citation_add(&word, citation);
    struct anchor anchor = anchors_find(page->anchors, notes->incident, citation);
    size_t number = number_of(notes, citation);
    html_begin(page, anchor.kind == ANCHOR_NONE ? "span" : "a", "note");
    if (anchor.kind != ANCHOR_NONE) {
        html_href(page, anchor);
    }
    htmlout_attribute(&page->out, "title", text_bytes(&word));
    html_words(page, "span", "unseen", " source ");
    if (number > 0) {
        htmlout_wordsf(&page->out, "%zu", number);
    } else {
        htmlout_words(&page->out, "*");
    }
    html_end(page);
}

static void add_markers(struct html_page *page, struct notes *notes,
                        const struct sentence *sentence)
{
    html_begin(page, "span", "notes");
    for (size_t i = 0; i < sentence->cite_count && i < HTML_CITES_MAX; i++) {
        add_marker(page, notes, &sentence->cites[i]);
    }
    html_end(page);
}

static void add_sentence(struct html_page *page, struct notes *notes,
                         const struct sentence *sentence)
{
    htmlout_string(&page->out, sentence->text);
    add_markers(page, notes, sentence);
    htmlout_words(&page->out, " ");
}

/* What a story rested on, in small print beneath it. */
static void add_sources(struct html_page *page, const struct notes *notes)
{
    if (notes->count == 0) {
        return;
    }
    html_begin(page, "div", "sources");
    html_words(page, "p", "label", "Sources");
    html_begin(page, "ol", NULL);
    for (size_t i = 0; i < notes->count; i++) {
        html_begin(page, "li", NULL);
        html_citation(page, notes->incident, notes->cites[i]);
        html_end(page);
    }
    html_end(page);
    html_end(page);
}

/* ---- the story ---- */

enum passage {
    PASSAGE_STORY,
    PASSAGE_UNKNOWN,
    PASSAGE_DISPROOF,
    PASSAGE_DECISION,
};

static bool is_among(const struct sentence *sentence, const struct sentence *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal(sentence->text, all[i].text)) {
            return true;
        }
    }
    return false;
}

/* Doubts stand in lists of their own too; what asks for a decision cites a step of the plan. */
static enum passage passage_of(const struct incident *incident, const struct sentence *sentence)
{
    if (is_among(sentence, incident->unknown, incident->unknown_count)) {
        return PASSAGE_UNKNOWN;
    }
    if (is_among(sentence, incident->disproof, incident->disproof_count)) {
        return PASSAGE_DISPROOF;
    }
    for (size_t i = 0; i < sentence->cite_count; i++) {
        if (sentence->cites[i].kind == CITATION_KNOWLEDGE &&
            bytes_starts(sentence->cites[i].subject, "playbook:")) {
            return PASSAGE_DECISION;
        }
    }
    return PASSAGE_STORY;
}

/* True where the first sentence only says the title again: it is the headline then. */
static bool is_headline(const struct incident *incident, const struct sentence *sentence)
{
    struct bytes text = sentence->text;
    struct bytes title = incident->title;
    return bytes_equal(bytes_part(text, 0, title.size), title) && text.size <= title.size + 1;
}

static void add_headline(struct html_page *page, struct notes *notes,
                         const struct incident *incident)
{
    bool is_alone = page->report->incident_count == 1;
    html_begin(page, is_alone ? "h1" : "h2", "headline");
    if (incident->story_count[AUDIENCE_LEADER] > 0 &&
        is_headline(incident, &incident->story[AUDIENCE_LEADER][0])) {
        add_sentence(page, notes, &incident->story[AUDIENCE_LEADER][0]);
    } else {
        htmlout_string(&page->out, incident->title);
    }
    html_end(page);
}

static void add_paragraphs(struct html_page *page, struct notes *notes,
                           const struct incident *incident)
{
    const struct sentence *story = incident->story[AUDIENCE_LEADER];
    size_t count = incident->story_count[AUDIENCE_LEADER];
    size_t first = count > 0 && is_headline(incident, &story[0]) ? 1 : 0;
    bool is_open = false;
    for (size_t i = first; i < count; i++) {
        if (passage_of(incident, &story[i]) != PASSAGE_STORY) {
            continue;
        }
        if (is_open && story[i].opens_paragraph) {
            html_end(page);
            is_open = false;
        }
        if (!is_open) {
            html_begin(page, "p", NULL);
            is_open = true;
        }
        add_sentence(page, notes, &story[i]);
    }
    if (is_open) {
        html_end(page);
    }
}

static void add_passage(struct html_page *page, struct notes *notes,
                        const struct incident *incident, enum passage passage,
                        const char *class, const char *heading)
{
    const struct sentence *story = incident->story[AUDIENCE_LEADER];
    bool is_open = false;
    for (size_t i = 0; i < incident->story_count[AUDIENCE_LEADER]; i++) {
        if (passage_of(incident, &story[i]) != passage) {
            continue;
        }
        if (!is_open) {
            html_begin(page, "div", class);
            html_words(page, page->report->incident_count == 1 ? "h2" : "h3", NULL, heading);
            html_begin(page, "ul", NULL);
            is_open = true;
        }
        html_begin(page, "li", NULL);
        add_sentence(page, notes, &story[i]);
        html_end(page);
    }
    if (is_open) {
        html_end(page);
        html_end(page);
    }
}

/* ---- at a glance ---- */

static void add_term(struct html_page *page, const char *term)
{
    html_begin(page, "div", NULL);
    html_words(page, "dt", NULL, term);
    html_begin(page, "dd", NULL);
}

static void end_term(struct html_page *page)
{
    html_end(page);
    html_end(page);
}

static size_t count_role(const struct incident *incident, enum entity_kind kind,
                         enum entity_role role)
{
    size_t found = 0;
    for (size_t i = 0; i < incident->entity_count; i++) {
        found += incident->entities[i].kind == kind && incident->entities[i].role == role;
    }
    return found;
}

static void add_role(struct html_page *page, const struct incident *incident, const char *term,
                     enum entity_kind kind, enum entity_role role)
{
    size_t count = count_role(incident, kind, role);
    size_t shown = 0;
    if (count == 0) {
        return;
    }
    add_term(page, term);
    for (size_t i = 0; i < incident->entity_count && shown < NAMES_SHOWN_MAX; i++) {
        const struct entity *entity = &incident->entities[i];
        if (entity->kind == kind && entity->role == role) {
            htmlout_words(&page->out, shown++ > 0 ? ", " : "");
            html_entity(page, entity);
        }
    }
    if (count > shown) {
        htmlout_wordsf(&page->out, " and %zu more", count - shown);
    }
    end_term(page);
}

static void add_glance(struct html_page *page, const struct incident *incident)
{
    html_begin(page, "dl", "glance");
    add_term(page, "Severity");
    html_severity(page, incident->severity);
    end_term(page);
    add_term(page, "Confidence");
    htmlout_wordsf(&page->out, "%.2f of 1", incident->confidence);
    end_term(page);
    if (incident->first.is_known) {
        add_term(page, "When");
        html_span(page, incident->first, incident->last);
        end_term(page);
    }
    enum entity_kind victim =
        count_role(incident, ENTITY_HOST, ROLE_VICTIM) > 0 ? ENTITY_HOST : ENTITY_ADDRESS;
    add_role(page, incident, "Machine", victim, ROLE_VICTIM);
    add_role(page, incident, "Attack from", ENTITY_ADDRESS, ROLE_SOURCE);
    add_role(page, incident, "In touch with", ENTITY_ADDRESS, ROLE_CONTROLLER);
    add_role(page, incident, "Account", ENTITY_ACCOUNT, ROLE_ACCOUNT);
    html_end(page);
}

/* ---- what waits for a yes ---- */

static bool waits(const struct plan_step *step)
{
    return step->approve.size > 0 && bytes_equal_text(step->phase, "contain");
}

static void add_waiting(struct html_page *page, const struct incident *incident, size_t number)
{
    size_t count = 0;
    for (size_t i = 0; i < incident->plan_count; i++) {
        if (!waits(&incident->plan[i]) || ++count > DECISIONS_SHOWN_MAX) {
            continue;
        }
        if (count == 1) {
            html_begin(page, "div", "waiting");
            html_words(page, page->report->incident_count == 1 ? "h2" : "h3", NULL,
                       "Waiting for a yes");
            html_begin(page, "ul", NULL);
        }
        html_begin(page, "li", NULL);
        html_begin(page, "a", NULL);
        html_href(page, (struct anchor){ANCHOR_STEP, number, i + 1});
        htmlout_string(&page->out, incident->plan[i].action);
        html_end(page);
        html_begin(page, "span", "who");
        htmlout_words(&page->out, " from ");
        htmlout_string(&page->out, incident->plan[i].approve);
        html_end(page);
        html_end(page);
    }
    if (count > 0) {
        html_end(page);
        if (count > DECISIONS_SHOWN_MAX) {
            html_left_out(page, count - DECISIONS_SHOWN_MAX, "in the plan");
        }
        html_end(page);
    }
}

/* ---- what holds for the whole report ---- */

static void add_summary(struct html_page *page, struct notes *notes)
{
    const struct report *report = page->report;
    if (report->summary_count == 0) {
        return;
    }
    html_begin(page, "div", "summary story");
    for (size_t i = 0; i < report->summary_count; i++) {
        html_begin(page, "p", NULL);
        add_sentence(page, notes, &report->summary[i]);
        html_end(page);
    }
    html_end(page);
}

/* Beside one incident the summary shares its sources; else it has its own. */
static enum status add_own_summary(struct html_page *page)
{
    struct notes notes;
    TRY(begin_notes(page, 0, &notes));
    add_summary(page, &notes);
    add_sources(page, &notes);
    return STATUS_OK;
}

/* ---- one incident, and all of them ---- */

static enum status add_incident(struct html_page *page, size_t number)
{
    const struct incident *incident = &page->report->incidents[number - 1];
    struct notes notes;
    TRY(begin_notes(page, number, &notes));
    html_begin(page, "article", "incident");
    htmlout_attributef(&page->out, "id", "incident-%zu", number);
    add_headline(page, &notes, incident);
    add_glance(page, incident);
    html_begin(page, "div", "story");
    add_paragraphs(page, &notes, incident);
    html_end(page);
    html_begin(page, "div", "asides");
    add_passage(page, &notes, incident, PASSAGE_DECISION, "decide", "To decide now");
    add_waiting(page, incident, number);
    add_passage(page, &notes, incident, PASSAGE_UNKNOWN, "unknown", "What we do not know");
    add_passage(page, &notes, incident, PASSAGE_DISPROOF, "disproof",
                "What would show that we are wrong");
    html_end(page);
    if (page->report->incident_count == 1) {
        add_summary(page, &notes);
    }
    add_sources(page, &notes);
    html_end(page);
    return STATUS_OK;
}

static void add_overview(struct html_page *page)
{
    const struct report *report = page->report;
    html_begin(page, "h1", "headline");
    htmlout_wordsf(&page->out, "%zu separate incidents were found", report->incident_count);
    html_end(page);
    html_begin(page, "ol", "incidents");
    for (size_t i = 0; i < page->anchors->incident_count; i++) {
        html_begin(page, "li", NULL);
        html_begin(page, "a", NULL);
        htmlout_attributef(&page->out, "href", "#incident-%zu", i + 1);
        htmlout_string(&page->out, report->incidents[i].title);
        html_end(page);
        htmlout_words(&page->out, " ");
        html_severity(page, report->incidents[i].severity);
        html_end(page);
    }
    html_end(page);
    html_left_out(page,
                  report->incident_count - page->anchors->incident_count +
                      report->incidents_dropped,
                  "incidents");
}

static void add_quiet_headline(struct html_page *page)
{
    static const char *const headlines[VERDICT_COUNT] = {
        [VERDICT_NOT_EXAMINED] = "Nothing could be examined",
        [VERDICT_NOTHING_FOUND] = "Nothing was found that shows an attack",
        [VERDICT_UNFAMILIAR] = "Something unusual, and no sign of an attack",
        [VERDICT_SUSPICIOUS] = "Something that needs a closer look",
        [VERDICT_MALICIOUS] = "Signs of an attack",
    };
    html_words(page, "h1", "headline", headlines[page->report->verdict]);
    if (page->report->evidence_count == 0) {
        html_begin(page, "div", "story");
        html_words(page, "p", NULL,
                   "There was no file in what was named, so there is nothing to say.");
        html_end(page);
    }
}

enum status html_add_leader(struct html_page *page)
{
    const struct report *report = page->report;
    html_begin(page, "section", "leader");
    htmlout_attribute_text(&page->out, "id", "leader");
    htmlout_attribute_text(&page->out, "aria-label", "What happened");
    html_begin(page, "p", "verdict");
    htmlout_words(&page->out, "Verdict: ");
    html_words(page, "strong", NULL, verdict_name(report->verdict));
    html_end(page);
    if (report->is_partial) {
        html_words(page, "p", "partial",
                   "Partial: it was stopped before all evidence was examined.");
    }
    if (report->incident_count > 1) {
        add_overview(page);
    } else if (report->incident_count == 0) {
        add_quiet_headline(page);
    }
    for (size_t i = 0; i < page->anchors->incident_count; i++) {
        TRY(add_incident(page, i + 1));
    }
    if (report->incident_count != 1) {
        TRY(add_own_summary(page));
    }
    html_end(page);
    return STATUS_OK;
}
