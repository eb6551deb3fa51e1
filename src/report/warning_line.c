#include "report/warning_line.h"

#include "base/number.h"
#include "codec/json.h"
#include "record/quote.h"
#include "report/page.h"
#include "report/report_json.h"
#include "report/sentences.h"

#define CITES_SHOWN_MAX 3
#define COMMAND_SHOWN_MAX 1024U
#define LINE_COLUMNS 1000000 /* a line is a line, however long */
#define SECOND ((uint64_t)MOMENT_SECOND_NS)

/* ---- words ---- */

static void say_moment(struct page *page, struct moment moment)
{
    AUTO(text_done) struct text said = text_of_limit(64);
    moment_add_rfc3339(&said, moment);
    page_words(page, said.size > 0 ? text_bytes(&said) : bytes_of_text("time-unknown"));
}

/* "2 d 3 h", "4 min 12 s": the two largest parts. */
static void say_length(struct page *page, uint64_t ns)
{
    static const struct {
        uint64_t seconds;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}};
    uint64_t seconds = ns / SECOND;
    AUTO(text_done) struct text said = text_of_limit(64);
    size_t parts = 0;
    for (size_t i = 0; i < sizeof units / sizeof *units && parts < 2; i++) {
        uint64_t count = seconds / units[i].seconds;
        seconds %= units[i].seconds;
        if (count > 0 || (parts == 0 && units[i].seconds == 1)) {
            text_addf(&said, "%s%llu %s", parts > 0 ? " " : "", (unsigned long long)count,
                      units[i].name);
            parts++;
        } else if (parts > 0) {
            break;
        }
    }
    page_words(page, text_bytes(&said));
}

/* How long after `from`; 0 where that cannot be said. */
static uint64_t length_of(struct moment from, struct moment to)
{
    bool is_comparable = from.is_known && to.is_known && from.year_known == to.year_known;
    return is_comparable && to.ns > from.ns ? (uint64_t)(to.ns - from.ns) : 0;
}

static bool is_known_length(struct moment from, struct moment to)
{
    return from.is_known && to.is_known && from.year_known == to.year_known;
}

static void say_entities(struct page *page, const struct report_finding *finding)
{
    static const struct {
        enum entity_role role;
        const char *word;
    } parts[] = {{ROLE_SOURCE, "from"},
                 {ROLE_ACTOR, "by"},
                 {ROLE_CONTROLLER, "to"},
                 {ROLE_VICTIM, "on"},
                 {ROLE_ACCOUNT, "as"}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        for (size_t j = 0; j < finding->entity_count; j++) {
            const struct entity *entity = &finding->entities[j];
            if (entity->role != parts[i].role || entity->kind == ENTITY_URL) {
                continue;
            }
            AUTO(text_done) struct text name = text_of_limit(8 * ENTITY_SIZE_MAX);
            quote_add_name(&name, entity, false);
            page_text(page, parts[i].word);
            page_words(page, text_bytes(&name));
            break; /* the first of a role: a line is no list */
        }
    }
}

/* "failure_count" is a count of failures: "10 failure". */
static void say_count(struct page *page, const struct warning *warning)
{
    if (warning->counted.size == 0) {
        return;
    }
    AUTO(text_done) struct text said = text_of_limit(128);
    struct bytes word = warning->counted;
    for (size_t i = 0; i < word.size; i++) {
        text_add_byte(&said, word.data[i] == '_' ? ' ' : (char)word.data[i]);
    }
    text_addf(&said, " %llu,", (unsigned long long)warning->measure);
    page_words(page, text_bytes(&said));
}

static void say_cites(struct page *page, const struct report_finding *finding)
{
    size_t shown = number_least(finding->cite_count, CITES_SHOWN_MAX);
    for (size_t i = 0; i < shown; i++) {
        sentences_add_citation(page, &finding->cites[i].citation);
    }
}

/* A command is shown as it is or not at all: escaped or cut it would be another one. */
static bool can_be_pasted(struct bytes command)
{
    bool is_plain = command.size <= COMMAND_SHOWN_MAX;
    for (size_t i = 0; i < command.size; i++) {
        is_plain = is_plain && command.data[i] >= 0x20 && command.data[i] < 0x7f;
    }
    return is_plain;
}

static void say_stop(struct page *page, const struct plan_step *step)
{
    if (step == NULL) {
        return;
    }
    page_text(page, "To stop it:");
    page_words(page, step->action);
    if (step->command.size > 0 && can_be_pasted(step->command)) {
        page_text(page, "|");
        page_words(page, step->command);
    }
}

static void say_lead(struct page *page, const struct warning *warning)
{
    if (!warning->is_entry) {
        return;
    }
    if (!warning->warned.is_known) {
        page_text(page, "No warning came before it.");
        return;
    }
    page_text(page, "Lead time:");
    say_length(page, length_of(warning->warned, warning->finding->first));
    page_text(page, "(first try");
    say_moment(page, warning->first_try);
    page_text(page, "- warned");
    say_moment(page, warning->warned);
    page_text(page, "- in");
    say_moment(page, warning->finding->first);
    page->is_spaced = true;
    page_text(page, ").");
}

static void say_since(struct page *page, const struct warning *warning)
{
    const struct report_finding *finding = warning->finding;
    if (finding->first.is_known) {
        page_text(page, "since");
        say_moment(page, finding->first);
    }
    if (is_known_length(finding->first, warning->at)) {
        page_text(page, "(");
        page->is_spaced = true;
        say_length(page, length_of(finding->first, warning->at));
        page_text(page, "ago),");
    }
    AUTO(text_done) struct text sure = text_of_limit(64);
    text_addf(&sure, "confidence %.2f", finding->confidence);
    page_words(page, text_bytes(&sure));
}

static enum status add_text(const struct warning_lines *lines, const struct warning *warning)
{
    const struct report_finding *finding = warning->finding;
    struct page page = page_of(lines->out, LINE_COLUMNS, lines->colour);
    say_moment(&page, warning->at);
    page_style(&page, page_severity_style(finding->severity));
    page_text(&page, warning->is_entry ? "ENTRY" : warning->is_again ? "STILL" : "WARNING");
    page_text(&page, severity_name(finding->severity));
    page_style(&page, STYLE_PLAIN);
    page_words(&page, finding->title);
    say_entities(&page, finding);
    page_text(&page, "-");
    say_count(&page, warning);
    say_since(&page, warning);
    say_cites(&page, finding);
    say_lead(&page, warning);
    page_words(&page, warning->expects);
    say_stop(&page, warning->stop);
    page_line(&page);
    return text_status(lines->out);
}

/* ---- JSON ---- */

static void write_length(struct jsonout *out, const char *key, struct moment from,
                         struct moment to)
{
    jsonout_key(out, key);
    if (is_known_length(from, to)) {
        jsonout_double(out, (double)length_of(from, to) / (double)MOMENT_SECOND_NS);
    } else {
        jsonout_null(out);
    }
}

static enum status end_line(struct jsonout *out, struct text *text)
{
    jsonout_object_end(out);
    enum status status = jsonout_finish(out);
    text_add(text, "\n");
    return status == STATUS_OK ? text_status(text) : status;
}

static enum status add_json(const struct warning_lines *lines, const struct warning *warning)
{
    const struct report_finding *finding = warning->finding;
    struct jsonout out = jsonout_of(lines->out, JSONOUT_COMPACT);
    jsonout_object_begin(&out);
    jsonout_member_text(&out, "kind", warning->is_entry ? "entry" : "warning");
    report_write_moment(&out, "at", warning->at);
    jsonout_member_boolean(&out, "again", warning->is_again);
    jsonout_member_text(&out, "stage", stage_kind_name(warning->stage));
    jsonout_member_unsigned(&out, "measure", warning->measure);
    jsonout_member_string(&out, "counted", warning->counted);
    write_length(&out, "since_first_seconds", finding->first, warning->at);
    if (warning->is_entry) {
        write_length(&out, "lead_seconds", warning->warned, finding->first);
        report_write_moment(&out, "warned", warning->warned);
        report_write_moment(&out, "first_try", warning->first_try);
    }
    jsonout_key(&out, "finding");
    report_write_finding(&out, finding);
    jsonout_member_string(&out, "expects", warning->expects);
    jsonout_key(&out, "stop");
    if (warning->stop == NULL) {
        jsonout_null(&out);
    } else {
        report_write_step(&out, warning->stop);
    }
    return end_line(&out, lines->out);
}

enum status warning_line_add(const struct warning_lines *lines, const struct warning *warning)
{
    return lines->format == REPORT_JSON ? add_json(lines, warning) : add_text(lines, warning);
}

/* ---- what is not about a matter ---- */

enum status warning_line_add_unread(const struct warning_lines *lines, struct bytes path,
                                    const char *why)
{
    if (lines->format == REPORT_JSON) {
        struct jsonout out = jsonout_of(lines->out, JSONOUT_COMPACT);
        jsonout_object_begin(&out);
        jsonout_member_text(&out, "kind", "unread");
        jsonout_member_string(&out, "path", path);
        jsonout_member_text(&out, "why", why);
        return end_line(&out, lines->out);
    }
    text_add(lines->out, "UNREAD ");
    text_add_quoted(lines->out, path, VIGIL_PATH_MAX);
    text_addf(lines->out, ": %s\n", why);
    return text_status(lines->out);
}

/* Days begun: a watch of an hour has one day's warnings. */
static double days_of(const struct vigil_tally *tally)
{
    double days = (double)length_of(tally->first, tally->last) / (double)MOMENT_DAY_NS;
    return days < 1 ? 1 : days;
}

enum status warning_line_add_totals(const struct warning_lines *lines,
                                    const struct vigil_tally *tally)
{
    double a_day = (double)tally->warnings / days_of(tally);
    uint64_t most = number_most(tally->day_most, tally->day_said);
    if (lines->format == REPORT_JSON) {
        struct jsonout out = jsonout_of(lines->out, JSONOUT_COMPACT);
        jsonout_object_begin(&out);
        jsonout_member_text(&out, "kind", "totals");
        report_write_moment(&out, "first", tally->first);
        report_write_moment(&out, "last", tally->last);
        jsonout_member_unsigned(&out, "warnings", tally->warnings);
        jsonout_member_double(&out, "warnings_a_day", a_day);
        jsonout_member_unsigned(&out, "warnings_most_on_a_day", most);
        jsonout_member_unsigned(&out, "held_back", tally->held_back);
        jsonout_member_unsigned(&out, "entries", tally->entries);
        jsonout_member_unsigned(&out, "entries_foretold", tally->entries_foretold);
        return end_line(&out, lines->out);
    }
    struct page page = page_of(lines->out, LINE_COLUMNS, lines->colour);
    page_text(&page, "TOTALS");
    AUTO(text_done) struct text said = text_of_limit(512);
    text_addf(&said,
              "warnings %llu (%.1f a day, at most %llu on one), held back %llu, entries %llu "
              "(%llu with a warning before);",
              (unsigned long long)tally->warnings, a_day, (unsigned long long)most,
              (unsigned long long)tally->held_back, (unsigned long long)tally->entries,
              (unsigned long long)tally->entries_foretold);
    page_words(&page, text_bytes(&said));
    page_text(&page, "evidence from");
    say_moment(&page, tally->first);
    page_text(&page, "to");
    say_moment(&page, tally->last);
    page_line(&page);
    return text_status(lines->out);
}
