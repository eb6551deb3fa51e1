#include "correlate/clock.h"

#include "correlate/witness.h"
#include "correlate/zone.h"

/* ---- years ---- */

struct span {
    struct moment first;
    struct moment last;
};

static struct span dated_span(const struct case_file *file)
{
    struct span span = {0};
    for (size_t i = 0; i < file->evidence_count; i++) {
        const struct case_evidence *evidence = &file->evidence[i];
        const struct coverage *coverage = &evidence->examination.coverage;
        if (!evidence->has_examination || !coverage->first.is_known ||
            !coverage->first.year_known) {
            continue;
        }
        if (!span.first.is_known || coverage->first.ns < span.first.ns) {
            span.first = coverage->first;
        }
        if (!span.last.is_known || coverage->last.ns > span.last.ns) {
            span.last = coverage->last;
        }
    }
    return span;
}

/* How far the evidence would lie from the dated span if it began in `year`. */
static int64_t distance(const struct coverage *coverage, const struct span *dated, int year)
{
    const struct moment_frame frame = {.first_year = year};
    int64_t first = moment_settle(coverage->first, &frame).ns;
    int64_t last = moment_settle(coverage->last, &frame).ns;
    if (first > dated->last.ns) {
        return first - dated->last.ns;
    }
    return last < dated->first.ns ? dated->first.ns - last : 0;
}

static int nearest_year(const struct coverage *coverage, const struct span *dated)
{
    int from = civil_of_moment(dated->first).year - 1;
    int to = civil_of_moment(dated->last).year;
    int best = to;
    for (int year = to; year >= from && year >= MOMENT_YEAR_MIN; year--) {
        if (distance(coverage, dated, year) < distance(coverage, dated, best)) {
            best = year;
        }
    }
    return best;
}

/* ---- notes ---- */

static void add_note(struct text *notes, const char *note)
{
    text_add(notes, notes->size > 0 ? "; " : "");
    text_add(notes, note);
}

static void add_clock_note(struct text *notes, int64_t ahead_ns)
{
    struct text note = text_of_limit(200);
    text_addf(&note, "its clock was %lld seconds %s the capture's",
              (long long)((ahead_ns > 0 ? ahead_ns : -ahead_ns) / MOMENT_SECOND_NS),
              ahead_ns > 0 ? "ahead of" : "behind");
    add_note(notes, text_terminated(&note));
    text_done(&note);
}

/* How what the evidence leaves open was settled, for people. */
static enum status note_times(struct case_file *file, struct case_evidence *evidence)
{
    const struct coverage *coverage = &evidence->examination.coverage;
    struct text notes = text_of_limit(500);
    if (coverage->first.is_known && !coverage->first.year_known) {
        add_note(&notes, evidence->frame.first_year == 0 ? "it names no year"
                         : file->options->year != 0      ? "its year is the one you gave"
                                                    : "its year comes from evidence beside it");
    }
    if (evidence->zone_note != NULL) {
        add_note(&notes, evidence->zone_note);
    } else if (coverage->first.is_known && !coverage->first.zone_known &&
               !evidence->frame.zone_known) {
        add_note(&notes, "time zone unknown, read as UTC");
    }
    if (evidence->clock_ahead_ns != 0) {
        add_clock_note(&notes, evidence->clock_ahead_ns);
    }
    enum status status = arena_copy(file->arena, text_bytes(&notes), &evidence->row.time_note);
    text_done(&notes);
    return status;
}

/* The owner knows the zone of a machine's logs: of a file in which one machine writes. */
static void ask_site(const struct case_file *file, struct case_evidence *evidence)
{
    const struct coverage *coverage = &evidence->examination.coverage;
    const struct tree_node *host =
        coverage->host_count == 1 ? site_host(file->site, coverage->hosts[0]) : NULL;
    int minutes;
    if (!evidence->frame.zone_known && site_host_zone(host, &minutes)) {
        evidence->frame.zone_known = true;
        evidence->frame.zone_minutes = minutes;
    }
}

static enum status name_site_hosts(struct case_file *file)
{
    const struct tree_node *hosts = file->site->hosts;
    for (const struct tree_node *host = tree_first(hosts); host != NULL;
         host = tree_next(hosts, host)) {
        const struct tree_node *addresses = tree_member(host, "addresses");
        for (const struct tree_node *child = tree_first(addresses); child != NULL;
             child = tree_next(addresses, child)) {
            TRY(witness_alias(file, host->key, tree_text(child)));
        }
    }
    return STATUS_OK;
}

static void settle_frame(const struct case_file *file, const struct span *dated,
                         struct case_evidence *evidence)
{
    const struct coverage *coverage = &evidence->examination.coverage;
    evidence->frame = (struct moment_frame){
        .first_year = file->options->year,
        .zone_known = file->options->zone_known,
        .zone_minutes = file->options->zone_minutes,
    };
    ask_site(file, evidence);
    if (evidence->frame.first_year == 0 && coverage->first.is_known &&
        !coverage->first.year_known && dated->first.is_known) {
        evidence->frame.first_year = nearest_year(coverage, dated);
    }
}

enum status clock_settle(struct case_file *file)
{
    struct span dated = dated_span(file);
    TRY(name_site_hosts(file));
    for (size_t i = 0; i < file->evidence_count; i++) {
        if (file->evidence[i].has_examination) {
            settle_frame(file, &dated, &file->evidence[i]);
        }
    }
    TRY(witness_compare(file));
    TRY(zone_compare(file));
    TRY(zone_spread(file));
    for (size_t i = 0; i < file->evidence_count; i++) {
        struct case_evidence *evidence = &file->evidence[i];
        if (!evidence->has_examination) {
            continue;
        }
        TRY(note_times(file, evidence));
        evidence->row.first =
            moment_settle(evidence->examination.coverage.first, &evidence->frame);
        evidence->row.last =
            moment_settle(evidence->examination.coverage.last, &evidence->frame);
    }
    return STATUS_OK;
}
