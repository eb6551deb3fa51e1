#include "correlate/hole.h"

#include "correlate/aftermath.h"

bool hole_is(const struct lead *lead)
{
    return rule_tells_hole(lead->finding.rule);
}

/* True where the times from..to of one come within `near_ns` of those of the other. */
static bool is_beside(struct moment a_from, struct moment a_to, struct moment b_from,
                      struct moment b_to, int64_t near_ns)
{
    bool are_known = a_from.is_known && a_to.is_known && b_from.is_known && b_to.is_known &&
                     a_from.year_known == b_from.year_known;
    return are_known && a_from.ns <= b_to.ns + near_ns && b_from.ns <= a_to.ns + near_ns;
}

/* Guessing, fast to its end, that ends as the log falls silent. */
static bool breaks_off(const struct lead *hole, const struct lead *guessing)
{
    const struct report_finding *finding = &guessing->finding;
    const struct fact *failures =
        fact_find(finding->facts, finding->fact_count, "failure_count");
    if (failures == NULL || !finding->first.is_known || !finding->last.is_known ||
        !bytes_equal_text(hole->finding.rule, "behaviour/log-silence")) {
        return false;
    }
    uint64_t minutes =
        (uint64_t)((finding->last.ns - finding->first.ns) / MOMENT_MINUTE_NS) + 1;
    return failures->count >= HOLE_GUESSES_PER_MINUTE * minutes &&
           moment_is_within(hole->finding.first, finding->last, HOLE_BREAK_NS);
}

bool hole_is_of_intrusion(const struct lead *lead)
{
    return lead->finding.severity >= SEVERITY_MEDIUM && !hole_is(lead) &&
           lead->stage >= STAGE_ENTRY && lead->stage < STAGE_TRACES_REMOVED;
}

/* Commands that remove what a machine keeps of itself. */
static bool is_removal(const struct lead *lead)
{
    return lead->stage == STAGE_TRACES_REMOVED && lead->finding.severity >= SEVERITY_MEDIUM &&
           !hole_is(lead);
}

bool hole_belongs(const struct case_file *file, const struct lead *hole,
                  const struct lead *lead)
{
    if (!hole_is(hole) || !case_is_same_machine(file, lead_machine(hole), lead_machine(lead))) {
        return false;
    }
    const struct report_finding *a = &hole->finding;
    const struct report_finding *b = &lead->finding;
    if (hole_is(lead)) {
        return is_beside(a->first, a->last, b->first, b->last, HOLE_BESIDE_NS);
    }
    if (lead->stage == STAGE_GUESSING) {
        return lead->finding.severity >= SEVERITY_MEDIUM && breaks_off(hole, lead);
    }
    return (hole_is_of_intrusion(lead) || is_removal(lead)) &&
           is_beside(a->first, a->last, b->first, b->last, HOLE_NEAR_NS);
}

/* What was changed, as logs tell it. */
static bool is_change(const struct lead *lead)
{
    return lead->stage >= STAGE_DEFENCE_OFF && lead->stage <= STAGE_PERSISTENCE;
}

bool hole_holds(const struct case_file *file, const struct lead *hole, const struct lead *lead)
{
    const struct report_finding *a = &hole->finding;
    const struct report_finding *b = &lead->finding;
    return hole_is(hole) && is_change(lead) && b->severity >= SEVERITY_LOW &&
           case_is_same_machine(file, lead_machine(hole), lead_machine(lead)) &&
           is_beside(a->first, a->last, b->first, b->first, 0);
}

/* What is known of each group. */
struct group {
    const struct lead *hole; /* the first */
    bool has_second;         /* a hole in another evidence, of another kind */
    bool has_intrusion;
    bool has_break;   /* guessing that breaks off */
    bool has_command; /* that removes logs */
    struct moment last;
};

static void note(struct group *group, const struct lead *lead)
{
    const struct report_finding *finding = &lead->finding;
    if (hole_is(lead)) {
        bool is_other = group->hole != NULL && group->hole->evidence != lead->evidence &&
                        !bytes_equal(group->hole->finding.rule, finding->rule);
        group->has_second = group->has_second || is_other;
        group->hole = group->hole == NULL ? lead : group->hole;
        bool is_later =
            finding->last.is_known &&
            (!group->last.is_known || moment_compare(finding->last, group->last) > 0);
        group->last = is_later ? finding->last : group->last;
        return;
    }
    group->has_intrusion = group->has_intrusion || hole_is_of_intrusion(lead);
    group->has_break = group->has_break || lead->stage == STAGE_GUESSING;
    group->has_command = group->has_command || is_removal(lead);
}

static void raise_to(struct lead *lead, enum severity severity, double confidence)
{
    struct report_finding *finding = &lead->finding;
    finding->severity = finding->severity < severity ? severity : finding->severity;
    finding->confidence = finding->confidence < confidence ? confidence : finding->confidence;
}

static void settle(struct lead *lead, const struct group *group)
{
    if (group->has_intrusion && (group->has_second || group->has_command)) {
        raise_to(lead, SEVERITY_HIGH, 0.9);
    } else if (group->has_intrusion) {
        raise_to(lead, SEVERITY_MEDIUM, 0.8);
    } else if (group->has_second || group->has_command) {
        raise_to(lead, SEVERITY_MEDIUM, 0.7);
    } else if (group->has_break) {
        raise_to(lead, SEVERITY_MEDIUM, 0.6);
    }
    if (group->last.is_known) {
        lead->effective = group->last;
        lead->time_is_inferred = true;
    }
}

enum status hole_settle(struct case_file *file, const size_t *roots)
{
    struct group *groups = arena_take_many(file->arena, file->lead_count, sizeof *groups);
    if (groups == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < file->lead_count; i++) {
        note(&groups[roots[i]], &file->leads[i]);
    }
    for (size_t i = 0; i < file->lead_count; i++) {
        const struct group *group = &groups[roots[i]];
        if (hole_is(&file->leads[i])) {
            settle(&file->leads[i], group);
        } else if (group->hole != NULL && group->has_intrusion && is_change(&file->leads[i])) {
            raise_to(&file->leads[i], SEVERITY_MEDIUM, 0.7);
        }
    }
    return STATUS_OK;
}
