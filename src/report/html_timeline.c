/* The timeline: each stage a bar on a line of time, and beneath it, unfolding, what it was. */
#include "report/html_part.h"
#include "report/scale.h"

#include "record/quote.h"

#define TITLE_SIZE_MAX 200
#define LABEL_SIZE_MAX 52
#define FINDINGS_SHOWN_MAX 20

#define TOP 44 /* room for the ticks above the first row */
#define ROW_HEIGHT 40
#define LABEL_DOWN 13 /* from the top of a row to the foot of its label */
#define BAR_DOWN 25   /* to the middle of its bar */
#define BAR_HEIGHT 6
#define MARK_RADIUS 9

/* Places run from 3 % to 97 %, so that nothing is cut at the edges; in tenths of a percent. */
#define PLACE_FIRST 30
#define PLACE_ROOM 940
#define TICK_WIDTH 150 /* of the words of a tick on a phone, with the gap to the next */

static unsigned across(const struct scale *scale, struct moment moment)
{
    return PLACE_FIRST + scale_place(scale, moment) * PLACE_ROOM / SCALE_FULL;
}

static void set_percent(struct html_page *page, const char *name, unsigned tenths)
{
    htmlout_attributef(&page->out, name, "%u.%u%%", tenths / 10, tenths % 10);
}

static void set_number(struct html_page *page, const char *name, size_t value)
{
    htmlout_attributef(&page->out, name, "%zu", value);
}

static const char *anchor_of(unsigned place)
{
    return place < 100 ? "start" : place > 900 ? "end" : "middle";
}

/* Where the words of a tick begin. */
static unsigned left_of(unsigned place)
{
    return place < 100 ? place : place > 900 ? place - TICK_WIDTH : place - TICK_WIDTH / 2;
}

/* ---- the axis ---- */

static bool is_same_day(struct moment a, struct moment b)
{
    struct civil left = civil_of_moment(a);
    struct civil right = civil_of_moment(b);
    return left.year == right.year && left.month == right.month && left.day == right.day;
}

static void begin_tick_text(struct html_page *page, unsigned place, unsigned y)
{
    html_begin(page, "text", "tick");
    set_percent(page, "x", place);
    set_number(page, "y", y);
    htmlout_attribute_text(&page->out, "text-anchor", anchor_of(place));
}

static void add_tick(struct html_page *page, unsigned place, struct moment moment,
                     bool with_day, size_t height)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil civil = civil_of_moment(moment);
    html_begin(page, "line", "grid");
    set_percent(page, "x1", place);
    set_percent(page, "x2", place);
    set_number(page, "y1", TOP - 8);
    set_number(page, "y2", height);
    html_end(page);
    if (with_day) {
        begin_tick_text(page, place, 12);
        htmlout_wordsf(&page->out, "%d %s", civil.day, months[(civil.month + 11) % 12]);
        html_end(page);
    }
    begin_tick_text(page, place, 28);
    htmlout_wordsf(&page->out, "%02d:%02d:%02d", civil.hour, civil.minute, civil.second);
    html_end(page);
}

static void add_ticks(struct html_page *page, const struct incident *incident, size_t count,
                      const struct scale *scale, size_t height)
{
    unsigned free_from = 0;
    struct moment before = {0};
    for (size_t i = 0; i < count; i++) {
        struct moment first = incident->stages[i].first;
        unsigned place = across(scale, first);
        if (!first.is_known || left_of(place) < free_from) {
            continue;
        }
        add_tick(page, place, first, !before.is_known || !is_same_day(before, first), height);
        free_from = left_of(place) + TICK_WIDTH;
        before = first;
    }
}

/* ---- the rows ---- */

static enum severity worst_of(const struct html_page *page, const struct stage *stage)
{
    enum severity worst = SEVERITY_INFO;
    for (size_t i = 0; i < stage->finding_count && i < FINDINGS_SHOWN_MAX; i++) {
        size_t number = anchors_finding(page->anchors, stage->findings[i]);
        if (number > 0 && page->anchors->findings[number - 1].finding->severity > worst) {
            worst = page->anchors->findings[number - 1].finding->severity;
        }
    }
    return worst;
}

static void add_bar(struct html_page *page, const struct stage *stage,
                    const struct scale *scale, size_t top)
{
    unsigned first = across(scale, stage->first);
    unsigned last = stage->last.is_known ? across(scale, stage->last) : first;
    html_begin(page, "rect", stage->time_is_inferred ? "bar inferred" : "bar");
    set_percent(page, "x", first);
    set_percent(page, "width", last > first ? last - first : 0);
    set_number(page, "y", top + BAR_DOWN - BAR_HEIGHT / 2);
    set_number(page, "height", BAR_HEIGHT);
    set_number(page, "rx", BAR_HEIGHT / 2);
    html_end(page);
}

static void add_mark(struct html_page *page, unsigned place, size_t number, size_t top)
{
    html_begin(page, "circle", "mark");
    set_percent(page, "cx", place);
    set_number(page, "cy", top + BAR_DOWN);
    set_number(page, "r", MARK_RADIUS);
    html_end(page);
    html_begin(page, "text", "number");
    set_percent(page, "x", place);
    set_number(page, "y", top + BAR_DOWN + 4);
    htmlout_attribute_text(&page->out, "text-anchor", "middle");
    htmlout_wordsf(&page->out, "%zu", number);
    html_end(page);
}

static void add_label(struct html_page *page, const struct stage *stage, unsigned place,
                      size_t top)
{
    bool is_right = place > 500;
    html_begin(page, "text", "label");
    set_percent(page, "x", place);
    set_number(page, "y", top + LABEL_DOWN);
    htmlout_attribute_text(&page->out, "dx", is_right ? "9" : "-9");
    htmlout_attribute_text(&page->out, "text-anchor", is_right ? "end" : "start");
    html_title(page, stage->title, LABEL_SIZE_MAX);
    html_end(page);
}

static void add_row(struct html_page *page, const struct stage *stage,
                    const struct scale *scale, size_t number)
{
    size_t top = TOP + (number - 1) * ROW_HEIGHT;
    unsigned place = stage->first.is_known ? across(scale, stage->first) : PLACE_FIRST;
    html_begin(page, "g", NULL);
    htmlout_attributef(&page->out, "class", "row severity-%s",
                       severity_name(worst_of(page, stage)));
    if (stage->first.is_known) {
        add_bar(page, stage, scale, top);
    }
    add_mark(page, place, number, top);
    add_label(page, stage, place, top);
    html_end(page);
}

static void add_drawing(struct html_page *page, const struct incident *incident, size_t number,
                        size_t count)
{
    const struct scale scale = scale_of_stages(incident->stages, count);
    size_t height = TOP + count * ROW_HEIGHT;
    html_begin(page, "svg", "timeline");
    htmlout_attribute_text(&page->out, "role", "img");
    htmlout_attributef(&page->out, "aria-labelledby", "timeline-title-%zu", number);
    htmlout_attribute_text(&page->out, "width", "100%");
    set_number(page, "height", height);
    html_begin(page, "title", NULL);
    htmlout_attributef(&page->out, "id", "timeline-title-%zu", number);
    htmlout_wordsf(&page->out,
                   "%zu stages in order of time; the list that follows says the same", count);
    html_end(page);
    add_ticks(page, incident, count, &scale, height);
    for (size_t i = 0; i < count; i++) {
        add_row(page, &incident->stages[i], &scale, i + 1);
    }
    html_end(page);
    html_words(page, "p", "caption",
               "Times are UTC. Not to scale: long pauses are shortened. A hollow bar has no "
               "time of its own; what it belongs to has.");
}

/* ---- the stages ---- */

static void add_summary(struct html_page *page, const struct stage *stage, size_t number)
{
    html_begin(page, "summary", NULL);
    html_begin(page, "span", "badge");
    htmlout_wordsf(&page->out, "%zu", number);
    html_end(page);
    html_begin(page, "span", "clock");
    if (stage->first.is_known) {
        struct civil civil = civil_of_moment(stage->first);
        htmlout_wordsf(&page->out, "%s%02d:%02d:%02d", stage->time_is_inferred ? "~" : "",
                       civil.hour, civil.minute, civil.second);
    } else {
        htmlout_words(&page->out, "no time");
    }
    html_end(page);
    html_begin(page, "span", "what");
    html_title(page, stage->title, TITLE_SIZE_MAX);
    html_end(page);
    html_severity(page, worst_of(page, stage));
    html_end(page);
}

static void add_findings(struct html_page *page, const struct stage *stage)
{
    html_begin(page, "ul", NULL);
    for (size_t i = 0; i < stage->finding_count && i < FINDINGS_SHOWN_MAX; i++) {
        size_t number = anchors_finding(page->anchors, stage->findings[i]);
        if (number == 0) {
            continue;
        }
        html_begin(page, "li", NULL);
        html_begin(page, "a", NULL);
        html_href(page, (struct anchor){ANCHOR_FINDING, number, 0});
        html_title(page, page->anchors->findings[number - 1].finding->title, TITLE_SIZE_MAX);
        html_end(page);
        html_end(page);
    }
    html_end(page);
    if (stage->finding_count > FINDINGS_SHOWN_MAX) {
        html_left_out(page, stage->finding_count - FINDINGS_SHOWN_MAX, "findings");
    }
}

static void add_stage(struct html_page *page, const struct stage *stage, size_t number)
{
    html_begin(page, "li", NULL);
    html_begin(page, "details", "stage");
    add_summary(page, stage, number);
    html_begin(page, "div", "unfolded");
    html_begin(page, "p", NULL);
    html_span(page, stage->first, stage->last);
    if (stage->time_is_inferred) {
        htmlout_words(&page->out, " (from what it is linked to)");
    }
    html_techniques(page, stage->techniques, stage->technique_count);
    html_end(page);
    add_findings(page, stage);
    html_end(page);
    html_end(page);
    html_end(page);
}

static void add_timeline(struct html_page *page, const struct incident *incident, size_t number)
{
    size_t count =
        incident->stage_count < HTML_STAGES_MAX ? incident->stage_count : HTML_STAGES_MAX;
    html_incident_heading(page, incident);
    html_begin(page, "figure", NULL);
    add_drawing(page, incident, number, count);
    html_end(page);
    html_begin(page, "ol", "stages");
    for (size_t i = 0; i < count; i++) {
        add_stage(page, &incident->stages[i], i + 1);
    }
    html_end(page);
    html_left_out(page, incident->stage_count - count, "stages");
}

bool html_has_stages(const struct report *report)
{
    for (size_t i = 0; i < report->incident_count; i++) {
        if (report->incidents[i].stage_count > 0) {
            return true;
        }
    }
    return false;
}

void html_add_timelines(struct html_page *page)
{
    html_begin_section(page, "timeline", "Timeline");
    for (size_t i = 0; i < page->anchors->incident_count; i++) {
        if (page->report->incidents[i].stage_count > 0) {
            add_timeline(page, &page->report->incidents[i], i + 1);
        }
    }
    html_end(page);
}
