#include "report/html_part.h"

#include "record/quote.h"

#define WORD_SIZE_MAX (CITATION_SIZE_MAX * 4)
#define TEXT_SIZE_MAX 65536
#define TECHNIQUES_SHOWN_MAX 12
#define TECHNIQUE_SIZE_MAX 32

void html_begin(struct html_page *page, const char *element, const char *class)
{
    htmlout_begin(&page->out, element);
    if (class != NULL) {
        htmlout_attribute_text(&page->out, "class", class);
    }
}

void html_end(struct html_page *page)
{
    htmlout_end(&page->out);
}

void html_text(struct html_page *page, const char *element, const char *class,
               struct bytes finished)
{
    html_begin(page, element, class);
    htmlout_string(&page->out, finished);
    html_end(page);
}

void html_words(struct html_page *page, const char *element, const char *class,
                const char *ours)
{
    html_text(page, element, class, bytes_of_text(ours));
}

void html_begin_section(struct html_page *page, const char *id, const char *heading)
{
    html_begin(page, "section", "part");
    htmlout_attribute_text(&page->out, "id", id);
    htmlout_attributef(&page->out, "aria-labelledby", "%s-heading", id);
    html_begin(page, "h2", NULL);
    htmlout_attributef(&page->out, "id", "%s-heading", id);
    htmlout_words(&page->out, heading);
    html_end(page);
}

void html_incident_heading(struct html_page *page, const struct incident *incident)
{
    if (page->report->incident_count > 1) {
        html_text(page, "h3", "incident", incident->title);
    }
}

void html_quoted(struct html_page *page, struct bytes theirs, size_t size_max)
{
    AUTO(text_done) struct text text = text_of_limit(TEXT_SIZE_MAX);
    quote_add_text(&text, theirs, size_max);
    htmlout_string(&page->out, text_bytes(&text));
}

void html_title(struct html_page *page, struct bytes title, size_t size_max)
{
    AUTO(text_done) struct text text = text_of_limit(TEXT_SIZE_MAX);
    quote_add_text(&text, title, size_max);
    if (text.size > 0 && text.data[0] >= 'a' && text.data[0] <= 'z') {
        text.data[0] = (char)(text.data[0] - 'a' + 'A');
    }
    htmlout_string(&page->out, text_bytes(&text));
}

void html_entity(struct html_page *page, const struct entity *entity)
{
    AUTO(text_done) struct text text = text_of_limit(TEXT_SIZE_MAX);
    quote_add_entity(&text, entity);
    html_text(page, "bdi", "name", text_bytes(&text));
}

/* ---- times and sizes ---- */

static void add_day(struct html_page *page, struct moment moment)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    struct civil civil = civil_of_moment(moment);
    htmlout_wordsf(&page->out, "%d %s", civil.day, months[(civil.month + 11) % 12]);
    if (moment.year_known) {
        htmlout_wordsf(&page->out, " %d", civil.year);
    }
    htmlout_words(&page->out, ", ");
}

static void add_time(struct html_page *page, struct moment moment, bool with_day)
{
    struct civil civil = civil_of_moment(moment);
    htmlout_begin(&page->out, "time");
    if (moment.year_known) {
        AUTO(text_done) struct text machine = text_of_limit(64);
        moment_add_rfc3339(&machine, moment);
        htmlout_attribute(&page->out, "datetime", text_bytes(&machine));
    }
    if (with_day) {
        add_day(page, moment);
    }
    htmlout_wordsf(&page->out, "%02d:%02d:%02d", civil.hour, civil.minute, civil.second);
    htmlout_end(&page->out);
}

void html_moment(struct html_page *page, struct moment moment)
{
    if (moment.is_known) {
        add_time(page, moment, true);
    } else {
        htmlout_words(&page->out, "time unknown");
    }
}

void html_span(struct html_page *page, struct moment first, struct moment last)
{
    html_moment(page, first);
    int64_t whole_first = first.ns / MOMENT_SECOND_NS;
    int64_t whole_last = last.ns / MOMENT_SECOND_NS;
    if (!first.is_known || !last.is_known || whole_first == whole_last) {
        return;
    }
    struct civil left = civil_of_moment(first);
    struct civil right = civil_of_moment(last);
    bool is_same_day =
        left.year == right.year && left.month == right.month && left.day == right.day;
    htmlout_words(&page->out, " to ");
    add_time(page, last, !is_same_day);
}

void html_size(struct html_page *page, uint64_t size)
{
    static const struct {
        uint64_t unit;
        const char *name;
    } units[] = {{1000000000, "GB"}, {1000000, "MB"}, {1000, "kB"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (size >= units[i].unit) {
            uint64_t tenths = size / (units[i].unit / 10);
            htmlout_wordsf(&page->out, "%llu.%llu %s", (unsigned long long)(tenths / 10),
                           (unsigned long long)(tenths % 10), units[i].name);
            return;
        }
    }
    htmlout_wordsf(&page->out, "%llu bytes", (unsigned long long)size);
}

void html_severity(struct html_page *page, enum severity severity)
{
    html_begin(page, "span", NULL);
    htmlout_attributef(&page->out, "class", "severity severity-%s", severity_name(severity));
    htmlout_words(&page->out, severity_name(severity));
    html_end(page);
}

void html_techniques(struct html_page *page, const struct bytes *techniques, size_t count)
{
    for (size_t i = 0; i < count && i < TECHNIQUES_SHOWN_MAX; i++) {
        htmlout_words(&page->out, " ");
        html_begin(page, "span", "technique");
        html_quoted(page, techniques[i], TECHNIQUE_SIZE_MAX);
        html_end(page);
    }
}

/* ---- links ---- */

static void add_anchor(struct html_page *page, const char *attribute, const char *mark,
                       struct anchor anchor)
{
    static const char *const names[] = {[ANCHOR_FINDING] = "finding",
                                        [ANCHOR_EXCERPT] = "finding",
                                        [ANCHOR_EVIDENCE] = "evidence",
                                        [ANCHOR_STEP] = "step"};
    if (anchor.second == 0) {
        htmlout_attributef(&page->out, attribute, "%s%s-%zu", mark, names[anchor.kind],
                           anchor.first);
    } else {
        htmlout_attributef(&page->out, attribute, "%s%s-%zu-%zu", mark, names[anchor.kind],
                           anchor.first, anchor.second);
    }
}

void html_href(struct html_page *page, struct anchor anchor)
{
    add_anchor(page, "href", "#", anchor);
}

void html_id(struct html_page *page, struct anchor anchor)
{
    add_anchor(page, "id", "", anchor);
}

void html_citation(struct html_page *page, size_t incident, const struct citation *citation)
{
    AUTO(text_done) struct text word = text_of_limit(WORD_SIZE_MAX);
    citation_add(&word, citation);
    struct anchor anchor = anchors_find(page->anchors, incident, citation);
    html_begin(page, anchor.kind == ANCHOR_NONE ? "span" : "a", "cite");
    if (anchor.kind != ANCHOR_NONE) {
        html_href(page, anchor);
    }
    htmlout_string(&page->out, text_bytes(&word));
    html_end(page);
}

void html_left_out(struct html_page *page, uint64_t count, const char *of_what)
{
    if (count > 0) {
        html_begin(page, "p", "left-out");
        htmlout_wordsf(&page->out, "and %llu more %s", (unsigned long long)count, of_what);
        html_end(page);
    }
}
