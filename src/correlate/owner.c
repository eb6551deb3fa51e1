#include "correlate/owner.h"

#include "correlate/aftermath.h"

#include <string.h>

static bool is_own_contact(const struct case_file *file, const struct lead *lead)
{
    struct bytes controller = lead_entity(lead, ENTITY_ADDRESS, ROLE_CONTROLLER);
    return (bytes_starts(lead->finding.rule, "behaviour/call-home") ||
            bytes_equal_text(lead->finding.rule, "behaviour/upload")) &&
           site_is_own(file->site, controller);
}

/* A command that a log recorded, by one of the administrators: low where it is no worse than
 * what administrators do now and then. */
static bool is_usual_work(const struct case_file *file, const struct lead *lead)
{
    const struct report_finding *finding = &lead->finding;
    struct bytes actor = lead_entity(lead, ENTITY_ACCOUNT, ROLE_ACTOR);
    return bytes_starts(finding->rule, "capability/") && finding->severity == SEVERITY_MEDIUM &&
           site_is_administrator_account(file->site, actor) &&
           site_is_working_hour(file->site, finding->first);
}

/* What a scanner does: it looks for services and weak spots, and tries the passwords that
 * everybody knows. */
static bool is_scanning(const struct lead *lead)
{
    struct bytes rule = lead->finding.rule;
    return bytes_equal_text(rule, "behaviour/port-scan") ||
           bytes_equal_text(rule, "behaviour/web-scan") ||
           bytes_equal_text(rule, "behaviour/web-attack") ||
           bytes_equal_text(rule, "behaviour/password-guessing") ||
           bytes_equal_text(rule, "behaviour/password-spraying");
}

static bool is_own_scanner(const struct case_file *file, const struct lead *lead)
{
    return is_scanning(lead) &&
           site_is_scanner(file->site, lead_entity(lead, ENTITY_ADDRESS, ROLE_SOURCE));
}

/* An administrator looks around now and then; nobody guesses passwords for that. */
static bool is_own_look(const struct case_file *file, const struct lead *lead)
{
    return bytes_equal_text(lead->finding.rule, "behaviour/port-scan") &&
           site_is_administrator(file->site, lead_entity(lead, ENTITY_ADDRESS, ROLE_SOURCE));
}

/* From one's own addresses on the internet.  From inside, the networks say nothing: whoever got
 * in has an address of theirs too. */
static bool is_own_scan(const struct case_file *file, const struct lead *lead)
{
    struct bytes source = lead_entity(lead, ENTITY_ADDRESS, ROLE_SOURCE);
    return bytes_equal_text(lead->finding.rule, "behaviour/port-scan") &&
           site_is_own(file->site, source) && !case_address_is_private(source);
}

struct row {
    const char *section; /* of the site file */
    bool (*explains)(const struct case_file *file, const struct lead *lead);
};

/* rows: one deleted at a time by make prove */
static const struct row rows[] = {
    {"networks", is_own_contact}, {"administrators", is_usual_work},
    {"scanners", is_own_scanner}, {"administrators", is_own_look},
    {"networks", is_own_scan},
};

static enum status lower(struct case_file *file, struct lead *lead, const char *section)
{
    struct report_finding *finding = &lead->finding;
    size_t count =
        finding->fact_count < FINDING_FACTS_MAX ? finding->fact_count : FINDING_FACTS_MAX - 1;
    struct fact *facts = arena_take_many(file->arena, count + 1, sizeof *facts);
    if (facts == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (count > 0) {
        memcpy(facts, finding->facts, count * sizeof *facts);
    }
    facts[count] = fact_text("lowered_by_site", bytes_of_text(section));
    finding->facts = facts;
    finding->fact_count = count + 1;
    finding->severity = SEVERITY_LOW;
    return STATUS_OK;
}

/* By group: whether somebody got in. */
static bool *entered_groups(const struct case_file *file)
{
    bool *entered = arena_take_many(file->arena, file->lead_count, sizeof *entered);
    for (size_t i = 0; entered != NULL && i < file->lead_count; i++) {
        const struct lead *lead = &file->leads[i];
        bool is_entry = lead->stage == STAGE_ENTRY && lead->finding.severity >= SEVERITY_MEDIUM;
        if (is_entry || lead_is_entry(lead)) {
            entered[lead->group] = true;
        }
    }
    return entered;
}

enum status owner_explain(struct case_file *file)
{
    const bool *entered = entered_groups(file);
    if (entered == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < file->lead_count; i++) {
        struct lead *lead = &file->leads[i];
        for (size_t j = 0; j < sizeof rows / sizeof *rows; j++) {
            if (!entered[lead->group] && lead->finding.severity > SEVERITY_LOW &&
                rows[j].explains(file, lead)) {
                TRY(lower(file, lead, rows[j].section));
            }
        }
    }
    return STATUS_OK;
}
