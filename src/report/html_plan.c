/* The plan as a checklist to be ticked on the screen or on paper, and the glossary. */
#include "report/html_part.h"

static void add_note(struct html_page *page, const char *term, struct bytes finished)
{
    if (finished.size > 0) {
        html_begin(page, "div", NULL);
        html_words(page, "dt", NULL, term);
        html_text(page, "dd", NULL, finished);
        html_end(page);
    }
}

static void add_step(struct html_page *page, const struct plan_step *step, size_t incident,
                     size_t number)
{
    const struct anchor anchor = {ANCHOR_STEP, incident, number};
    html_begin(page, "li", "step");
    html_id(page, anchor);
    html_begin(page, "input", NULL);
    htmlout_attribute_text(&page->out, "type", "checkbox");
    htmlout_attributef(&page->out, "id", "tick-%zu-%zu", incident, number);
    html_begin(page, "label", NULL);
    htmlout_attributef(&page->out, "for", "tick-%zu-%zu", incident, number);
    htmlout_string(&page->out, step->action);
    html_end(page);
    html_text(page, "span", "cite", step->id);
    if (step->command.size > 0) {
        html_begin(page, "pre", "command");
        htmlout_attribute_text(&page->out, "tabindex", "0");
        html_text(page, "code", NULL, step->command);
        html_end(page);
    }
    html_begin(page, "dl", NULL);
    add_note(page, "Breaks", step->breaks);
    add_note(page, "Undo", step->undo);
    add_note(page, "Who approves", step->approve);
    html_end(page);
    html_end(page);
}

static void begin_phase(struct html_page *page, struct bytes phase)
{
    bool is_deep = page->report->incident_count > 1;
    html_begin(page, "div", "phase");
    html_text(page, is_deep ? "h4" : "h3", NULL, phase);
    html_begin(page, "ol", NULL);
}

static void end_phase(struct html_page *page)
{
    html_end(page);
    /* The sheet counts the ticks. */
    html_begin(page, "p", "ticked");
    htmlout_attribute_text(&page->out, "aria-hidden", "true");
    html_end(page);
    html_end(page);
}

static void add_plan(struct html_page *page, const struct incident *incident, size_t number)
{
    struct bytes phase = BYTES_NONE;
    html_incident_heading(page, incident);
    for (size_t i = 0; i < incident->plan_count; i++) {
        const struct plan_step *step = &incident->plan[i];
        if (i == 0 || !bytes_equal(step->phase, phase)) {
            if (i > 0) {
                end_phase(page);
            }
            phase = step->phase;
            begin_phase(page, phase);
        }
        add_step(page, step, number, i + 1);
    }
    if (incident->plan_count > 0) {
        end_phase(page);
    }
}

bool html_has_plan(const struct report *report)
{
    for (size_t i = 0; i < report->incident_count; i++) {
        if (report->incidents[i].plan_count > 0) {
            return true;
        }
    }
    return false;
}

void html_add_plans(struct html_page *page)
{
    html_begin_section(page, "plan", "What to do");
    html_words(page, "p", "caption",
               "Nothing here was done by the program. Save the evidence before anything is "
               "changed; go from the top down.");
    for (size_t i = 0; i < page->anchors->incident_count; i++) {
        add_plan(page, &page->report->incidents[i], i + 1);
    }
    if (!html_has_plan(page->report)) {
        html_words(page, "p", NULL,
                   "There is no incident in this report, so there is nothing to do.");
    }
    html_end(page);
}

void html_add_glossary(struct html_page *page)
{
    html_begin_section(page, "glossary", "Glossary");
    html_begin(page, "dl", "glossary");
    for (size_t i = 0; i < page->report->glossary_count; i++) {
        html_begin(page, "div", NULL);
        html_text(page, "dt", NULL, page->report->glossary[i].term);
        html_text(page, "dd", NULL, page->report->glossary[i].meaning);
        html_end(page);
    }
    html_end(page);
    html_end(page);
}
