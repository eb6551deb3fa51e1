#include "operation/option.h"

#include <assert.h>
#include <string.h>

#include "access/grant/terms.h"
#include "base/number.h"
#include "codec/sha256.h"
#include "record/restricted.h"

#define TIME_FORM "a date or a time, like 2026-03-03 or 2026-03-03T02:10:00Z"

static bool is(const char *value, const char *word)
{
    return strcmp(value, word) == 0;
}

static enum status set_audience(struct request *request, const char *value)
{
    enum audience audience = audience_find(bytes_of_text(value));
    if (audience == AUDIENCE_COUNT) {
        return STATUS_MALFORMED;
    }
    request->analysis.audience = audience;
    return STATUS_OK;
}

static enum status set_format(struct request *request, const char *value)
{
    enum report_format format = report_format_find(bytes_of_text(value));
    if (format != REPORT_TEXT && format != REPORT_JSON) {
        return STATUS_MALFORMED;
    }
    request->analysis.format = format;
    return STATUS_OK;
}

static enum status set_page_format(struct request *request, const char *value)
{
    enum report_format format = report_format_find(bytes_of_text(value));
    if (format == REPORT_FORMAT_COUNT) {
        return STATUS_MALFORMED;
    }
    request->analysis.format = format;
    return STATUS_OK;
}

static enum status set_fail_on(struct request *request, const char *value)
{
    enum severity severity = severity_find(bytes_of_text(value));
    if (severity == SEVERITY_COUNT) {
        return STATUS_MALFORMED;
    }
    request->fail_on = severity;
    return STATUS_OK;
}

static enum status set_name(const char **out, const char *value)
{
    if (value[0] == '\0') {
        return STATUS_MALFORMED;
    }
    *out = value;
    return STATUS_OK;
}

static enum status set_output(struct request *request, const char *value)
{
    return set_name(&request->output, value);
}

static enum status set_site(struct request *request, const char *value)
{
    return set_name(&request->site, value);
}

static enum status set_to(struct request *request, const char *value)
{
    return set_name(&request->to, value);
}

static enum status set_key(struct request *request, const char *value)
{
    return set_name(&request->key, value);
}

static enum status set_evidence(struct request *request, const char *value)
{
    if (request->evidence_count == REQUEST_EVIDENCE_MAX) {
        return STATUS_LIMIT;
    }
    TRY(set_name(&request->evidence[request->evidence_count], value));
    request->evidence_count++;
    return STATUS_OK;
}

static enum status set_jobs(struct request *request, const char *value)
{
    uint64_t jobs = 0;
    TRY(number_decimal_max(bytes_of_text(value), REQUEST_JOBS_MAX, &jobs));
    request->jobs = (unsigned)jobs;
    return jobs > 0 ? STATUS_OK : STATUS_MALFORMED;
}

static enum status set_year(struct request *request, const char *value)
{
    uint64_t year = 0;
    TRY(number_decimal_max(bytes_of_text(value), MOMENT_YEAR_MAX, &year));
    request->analysis.year = (int)year;
    return year >= MOMENT_YEAR_MIN ? STATUS_OK : STATUS_MALFORMED;
}

/* "UTC", "Z", or hours and minutes east of it: "+02:00", "-0530". */
static enum status set_zone(struct request *request, const char *value)
{
    request->analysis.zone_known = true;
    request->analysis.zone_minutes = 0;
    if (is(value, "UTC") || is(value, "Z")) {
        return STATUS_OK;
    }
    struct bytes text = bytes_of_text(value);
    bool has_colon = text.size == 6 && value[3] == ':';
    if ((value[0] != '+' && value[0] != '-') || (text.size != 5 && !has_colon)) {
        return STATUS_MALFORMED;
    }
    uint64_t hours = 0;
    uint64_t minutes = 0;
    TRY(number_decimal_max(bytes_part(text, 1, 2), 14, &hours));
    TRY(number_decimal_max(bytes_from(text, text.size - 2), 59, &minutes));
    int east = (int)(hours * 60 + minutes);
    request->analysis.zone_minutes = value[0] == '-' ? -east : east;
    return STATUS_OK;
}

/* A date alone is its midnight; a time without a zone is UTC. */
static enum status read_moment(const char *value, struct moment *out)
{
    AUTO(text_done) struct text text = text_of_limit(64);
    text_add(&text, value);
    if (strlen(value) == sizeof "2026-03-03" - 1) {
        text_add(&text, "T00:00:00Z");
    }
    TRY(text_status(&text));
    struct moment moment;
    TRY(moment_read(text_bytes(&text), &moment));
    if (!moment.is_known || !moment.year_known) {
        return STATUS_MALFORMED;
    }
    moment.zone_known = true;
    *out = moment;
    return STATUS_OK;
}

static enum status set_since(struct request *request, const char *value)
{
    return read_moment(value, &request->analysis.since);
}

static enum status set_until(struct request *request, const char *value)
{
    return read_moment(value, &request->analysis.until);
}

static enum status set_redact(struct request *request, const char *value)
{
    IGNORE(value != NULL, "an option without a value");
    request->analysis.redact = true;
    return STATUS_OK;
}

static enum status set_model(struct request *request, const char *value)
{
    request->is_critical = is(value, "critical");
    return request->is_critical || is(value, "public") ? STATUS_OK : STATUS_MALFORMED;
}

static enum status set_color(struct request *request, const char *value)
{
    static const char *const choices[] = {
        [COLOUR_AUTO] = "auto", [COLOUR_ALWAYS] = "always", [COLOUR_NEVER] = "never"};
    for (unsigned i = 0; i < sizeof choices / sizeof *choices; i++) {
        if (is(value, choices[i])) {
            request->colour = (enum colour_choice)i;
            return STATUS_OK;
        }
    }
    return STATUS_MALFORMED;
}

static enum status set_operations(struct request *request, const char *value)
{
    IGNORE(value != NULL, "an option without a value");
    request->wants_operations = true;
    return STATUS_OK;
}

static enum status set_fast(struct request *request, const char *value)
{
    IGNORE(value != NULL, "an option without a value");
    request->is_fast = true;
    return STATUS_OK;
}

/* "owner=NAME": neither side may be empty. */
static enum status set_asset(struct request *request, const char *value)
{
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals[1] == '\0' ||
        !grant_asset_is_kind(bytes_part(bytes_of_text(value), 0, (size_t)(equals - value)))) {
        return STATUS_MALFORMED;
    }
    if (request->asset_count == REQUEST_ASSETS_MAX) {
        return STATUS_LIMIT;
    }
    request->assets[request->asset_count++] = value;
    return STATUS_OK;
}

static enum status set_evidence_owner(struct request *request, const char *value)
{
    return set_name(&request->evidence_owner, value);
}

static enum status set_all(struct request *request, const char *value)
{
    IGNORE(value != NULL, "an option without a value");
    request->revokes_all = true;
    return STATUS_OK;
}

static enum status set_rebuild(struct request *request, const char *value)
{
    IGNORE(value != NULL, "an option without a value");
    request->wants_rebuild = true;
    return STATUS_OK;
}

static enum status set_replay(struct request *request, const char *value)
{
    IGNORE(value != NULL, "an option without a value");
    request->is_replay = true;
    return STATUS_OK;
}

static enum status set_speed(struct request *request, const char *value)
{
    uint64_t speed = 0;
    if (!is(value, "max")) {
        TRY(number_decimal_max(bytes_of_text(value), REQUEST_SPEED_MAX, &speed));
    }
    request->has_speed = true;
    request->speed = (uint32_t)speed;
    return STATUS_OK;
}

/* A secret key here by mistake is refused before what was asked goes into the audit log. */
static enum status set_recipient(struct request *request, const char *value)
{
    static const char secret[] = "age-secret-key-";
    if (bytes_equal_text_nocase(bytes_part(bytes_of_text(value), 0, sizeof secret - 1),
                                secret)) {
        return STATUS_MALFORMED;
    }
    if (request->recipient_count == REQUEST_RECIPIENTS_MAX) {
        return STATUS_LIMIT;
    }
    TRY(set_name(&request->recipients[request->recipient_count], value));
    request->recipient_count++;
    return STATUS_OK;
}

static enum status set_out(struct request *request, const char *value)
{
    return set_name(&request->out, value);
}

static enum status set_in(struct request *request, const char *value)
{
    return set_name(&request->in, value);
}

static enum status set_proof(struct request *request, const char *value)
{
    return set_name(&request->proof, value);
}

static enum status set_checkpoint(struct request *request, const char *value)
{
    return set_name(&request->checkpoint, value);
}

static enum status set_witness(struct request *request, const char *value)
{
    if (request->witness_count == REQUEST_WITNESSES_MAX) {
        return STATUS_LIMIT;
    }
    TRY(set_name(&request->witnesses[request->witness_count], value));
    request->witness_count++;
    return STATUS_OK;
}

static enum status set_old(struct request *request, const char *value)
{
    TRY(number_decimal(bytes_of_text(value), &request->old));
    request->has_old = true;
    return STATUS_OK;
}

static enum status set_facts(struct request *request, const char *value)
{
    return set_name(&request->facts, value);
}

static enum status set_group(struct request *request, const char *value)
{
    return set_name(&request->group, value);
}

/* "security=FILE": neither side may be empty. */
static enum status set_officer(struct request *request, const char *value)
{
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value || equals[1] == '\0') {
        return STATUS_MALFORMED;
    }
    if (request->officer_count == REQUEST_OFFICERS_MAX) {
        return STATUS_LIMIT;
    }
    request->officers[request->officer_count++] = value;
    return STATUS_OK;
}

static enum status set_own_name(struct request *request, const char *value)
{
    return set_name(&request->name, value);
}

static enum status set_organisation(struct request *request, const char *value)
{
    return set_name(&request->organisation, value);
}

static enum status set_contact(struct request *request, const char *value)
{
    if (request->contact_count == REQUEST_CONTACTS_MAX) {
        return STATUS_LIMIT;
    }
    TRY(set_name(&request->contacts[request->contact_count], value));
    request->contact_count++;
    return STATUS_OK;
}

static enum status set_subject(struct request *request, const char *value)
{
    return set_name(&request->subject, value);
}

static enum status set_armour(struct request *request, const char *value)
{
    IGNORE(value != NULL, "an option without a value");
    request->is_armoured = true;
    return STATUS_OK;
}

/* It becomes part of a file's name. */
static enum status set_pack(struct request *request, const char *value)
{
    return restricted_is_name(bytes_of_text(value)) ? set_name(&request->pack, value)
                                                    : STATUS_MALFORMED;
}

/* From 1 on: nothing is asked for by asking for none of it. */
static enum status set_number(uint64_t *out, const char *value, uint64_t most)
{
    uint64_t number = 0;
    TRY(number_decimal_max(bytes_of_text(value), most, &number));
    *out = number;
    return number > 0 ? STATUS_OK : STATUS_MALFORMED;
}

static enum status set_quorum(struct request *request, const char *value)
{
    return set_number(&request->quorum, value, REQUEST_WITNESSES_MAX);
}

static enum status set_hours(struct request *request, const char *value)
{
    return set_number(&request->hours, value, REQUEST_HOURS_MAX);
}

static enum status set_reason(struct request *request, const char *value)
{
    return set_name(&request->reason, value);
}

static enum status set_agent(struct request *request, const char *value)
{
    return set_name(&request->agent, value);
}

static enum status set_minutes(struct request *request, const char *value)
{
    return set_number(&request->minutes, value, REQUEST_MINUTES_MAX);
}

static enum status set_calls(struct request *request, const char *value)
{
    return set_number(&request->calls, value, REQUEST_CALLS_MAX);
}

static enum status set_help(struct request *request, const char *value)
{
    IGNORE(value != NULL, "an option without a value");
    request->wants_help = true;
    return STATUS_OK;
}

static const struct option_row rows[] = {
    [OPTION_AUDIENCE] = {"audience", 'a', "leader|responder|analyst",
                         "for whom: a page in plain words (leader, the default), what to do in "
                         "order, or everything",
                         set_audience},
    [OPTION_FORMAT] = {"format", 'f', "text|json", "text for people, or json for programs",
                       set_format},
    [OPTION_PAGE_FORMAT] = {"format", 'f', "text|json|html|markdown",
                            "text for people, json for programs, html for a page to be shown "
                            "or printed, markdown for a ticket",
                            set_page_format},
    [OPTION_FAIL_ON] = {"fail-on", 0, "info|low|medium|high|critical",
                        "end with status 1 from this severity on (default: high)", set_fail_on},
    [OPTION_OUTPUT] = {"output", 'o', "FILE", "write there instead of to standard output",
                       set_output},
    [OPTION_JOBS] = {"jobs", 'j', "N",
                     "so many at once, 1 to 64 (default: one for each "
                     "processor)",
                     set_jobs, .least = 1, .most = REQUEST_JOBS_MAX},
    [OPTION_YEAR] = {"year", 0, "YEAR", "in which logs without years begin", set_year,
                     .least = MOMENT_YEAR_MIN, .most = MOMENT_YEAR_MAX},
    [OPTION_ZONE] = {"zone", 0, "ZONE", "of logs without one: UTC, +02:00, -0530", set_zone,
                     .form = "UTC, Z, or hours and minutes east of it like +02:00 or -0530"},
    [OPTION_SITE] =
        {"site", 0, "FILE",
         "what you say about the place: hosts (addresses, zone, purpose), administrators",
         set_site},
    [OPTION_SINCE] = {"since", 0, "TIME", "leave out events before: 2026-03-03T02:10:00Z",
                      set_since, .form = TIME_FORM},
    [OPTION_UNTIL] = {"until", 0, "TIME", "leave out events after", set_until,
                      .form = TIME_FORM},
    [OPTION_REDACT] = {"redact", 0, NULL, "leave passwords and keys out of excerpts",
                       set_redact},
    [OPTION_MODEL] =
        {"model", 0, "public|critical",
         "which model reads: the public one (the default), or the sealed one, which "
         "needs a grant",
         set_model},
    [OPTION_COLOR] = {"color", 0, "auto|always|never",
                      "colour in text (default: on a terminal)", set_color},
    [OPTION_EVIDENCE] = {"evidence", 'e', "PATH",
                         "look for the evidence there; may be given more than once (default: "
                         "here, then beside the report)",
                         set_evidence, .times = REQUEST_EVIDENCE_MAX},
    [OPTION_TO] = {"to", 't', "DIR", "put the file there, under a name made from its hash",
                   set_to},
    [OPTION_KEY] = {"key", 0, "KEY",
                    "check against this key (name+hash+key) instead of the one in the home",
                    set_key},
    [OPTION_OPERATIONS] = {"operations", 0, NULL,
                           "everything that can be asked for, as a document", set_operations},
    [OPTION_FAST] = {"fast", 0, NULL, "without the pauses", set_fast},
    [OPTION_REPLAY] = {"replay", 0, NULL,
                       "go through what was recorded, from its beginning to its end, in the "
                       "evidence's own time",
                       set_replay},
    [OPTION_SPEED] = {"speed", 0, "N|max",
                      "of a replay: so many times as fast as it happened; 0 or max (the "
                      "default) is as fast as it goes",
                      set_speed, .form = ", or max", .most = REQUEST_SPEED_MAX},
    [OPTION_RECIPIENT] =
        {"to", 't', "RECIPIENT|FILE",
         "who may open it: age1..., as 'tocsin access recipient' says, or the card or "
         "enrolment "
         "of whoever it is; may be given more than once",
         set_recipient,
         .form = "what 'tocsin access recipient' says, age1..., or a card, never a secret key",
         .times = REQUEST_RECIPIENTS_MAX},
    [OPTION_OUT] =
        {"out", 0, "PATH",
         "where what is made goes: the file, or the folder of the shares; nothing is "
         "overwritten",
         set_out},
    [OPTION_ARMOUR] = {"armour", 0, NULL, "as lines of text, for mail", set_armour},
    [OPTION_IN] =
        {"in", 0, "FILE",
         "take in what somebody handed over: in the home of a group, a log or a witness",
         set_in},
    [OPTION_FACTS] = {"facts", 0, "FILE",
                      "what the group checked about who enrols, each fact with its source, as "
                      "'tocsin access eligibility' reads it",
                      set_facts},
    [OPTION_GROUP_NAME] = {"group", 0, "NAME", "what the group is called", set_group},
    [OPTION_GROUP] = {"group", 0, "FILE", "the group's card, as the group handed it over",
                      set_group},
    [OPTION_OFFICER] = {"officer", 0, "ROLE=FILE",
                        "who approves in which role, by the card made in that person's home; "
                        "at least two, in different roles",
                        set_officer,
                        .form = "a role and the file of a card, like security=FILE",
                        .times = REQUEST_OFFICERS_MAX},
    [OPTION_NAME] = {"name", 0, "NAME", "whose key this is, as others will read it",
                     set_own_name},
    [OPTION_ORGANISATION] = {"organisation", 0, "NAME", "whom the person answers for",
                             set_organisation},
    [OPTION_CONTACT] = {"contact", 0, "TEXT",
                        "how the group reaches you; may be given up to four times", set_contact,
                        .times = REQUEST_CONTACTS_MAX},
    [OPTION_SUBJECT] = {"subject", 0, "NAME",
                        "in a group's home: a member, by what the group's log says of it",
                        set_subject},
    [OPTION_PACK] = {"pack", 0, "NAME", "the sealed rule pack it is about", set_pack},
    [OPTION_HOURS] = {"hours", 0, "N", "for how long a grant is asked", set_hours, .least = 1,
                      .most = REQUEST_HOURS_MAX},
    [OPTION_REASON] = {"reason", 0, "TEXT", "why: the officers who approve will read it",
                       set_reason},
    [OPTION_AGENT] = {"agent", 0, "FILE",
                      "for whom a grant is narrowed, by the card made in the agent's home",
                      set_agent},
    [OPTION_MINUTES] = {"minutes", 0, "N", "for how long the agent may use it", set_minutes,
                        .least = 1, .most = REQUEST_MINUTES_MAX},
    [OPTION_CALLS] = {"calls", 0, "N", "how often the agent may use it", set_calls, .least = 1,
                      .most = REQUEST_CALLS_MAX},
    [OPTION_USED_PACK] = {"pack", 0, "NAME",
                          "use this restricted rule pack too, which needs a grant of who "
                          "sealed it",
                          set_pack,
                          .form = "a pack's name: lower-case letters, digits and hyphens, a "
                                  "letter first, 40 at most"},
    [OPTION_PROOF] = {"proof", 0, "FILE",
                      "the proof of one entry, as 'tocsin access audit prove' makes it",
                      set_proof},
    [OPTION_CHECKPOINT] = {"since", 0, "FILE",
                           "the checkpoint that was remembered, with whatever signatures "
                           "(default: from the beginning)",
                           set_checkpoint},
    [OPTION_WITNESS] =
        {"witness", 0, "KEY|FILE",
         "a witness, by the key that 'tocsin access witness' says (name+hash+key) or the file "
         "it writes",
         set_witness},
    [OPTION_OLD] = {"old", 0, "N",
                    "how many entries the witness cosigned last, where it says another number "
                    "than is known here",
                    set_old},
    [OPTION_REBUILD] = {"rebuild", 0, NULL,
                        "make the registry anew from the log and its papers", set_rebuild},
    [OPTION_OF_ORGANISATION] = {"organisation", 0, "NAME",
                                "whatever was issued so far for that organisation",
                                set_organisation},
    [OPTION_OF_AGENT] = {"agent", 0, "FILE",
                         "whatever was left so far to the agent with that card", set_agent},
    [OPTION_OF_KEY] =
        {"key", 0, "KEY",
         "whatever was issued so far and is signed with, or held by, that key (name+hash+key): "
         "of a device, an officer or the group itself; until the list forgets it, this home "
         "issues nothing more that it signed or is to hold",
         set_key},
    [OPTION_ALL] = {"all", 0, NULL,
                    "whatever was issued so far: after the policy or the officers changed",
                    set_all},
    [OPTION_ASSET] = {"asset", 0, "KIND=NAME",
                      "what the grant is to be good for and nothing else: owner=NAME of "
                      "evidence, host=NAME, network=NAME, domain=NAME; may be given more than "
                      "once",
                      set_asset,
                      .form = "owner, host, network or domain and a name, like "
                              "owner=hospital.example",
                      .times = REQUEST_ASSETS_MAX},
    [OPTION_EVIDENCE_OWNER] = {"evidence-owner", 0, "NAME",
                               "whose evidence it is, where the grant names owners: it is "
                               "recorded that you said so",
                               set_evidence_owner},
    [OPTION_LOG_KEY] = {"key", 0, "KEY|FILE",
                        "the key (name+hash+key) of a log this witness does not know yet, or "
                        "the card of the group whose log it is; from then on it is that log's",
                        set_key},
    [OPTION_QUORUM] = {"quorum", 0, "N",
                       "how many of the witnesses must cosign; not said, it is most of them",
                       set_quorum, .least = 1, .most = REQUEST_WITNESSES_MAX},
    [OPTION_HELP] = {"help", 'h', NULL, "this", set_help},
};
static_assert(sizeof rows / sizeof *rows == OPTION_COUNT, "every option has a row");

const struct option_row *option_row(enum option_id id)
{
    assert((unsigned)id < OPTION_COUNT);
    return &rows[id];
}

enum option_id option_find(struct bytes name, uint64_t options)
{
    unsigned i = 0;
    while (i < OPTION_COUNT &&
           ((options & OPTION_BIT(i)) == 0 || !bytes_equal_text(name, rows[i].name))) {
        i++;
    }
    return (enum option_id)i;
}

enum option_id option_find_letter(char letter, uint64_t options)
{
    unsigned i = 0;
    while (i < OPTION_COUNT && ((options & OPTION_BIT(i)) == 0 || rows[i].letter == 0 ||
                                rows[i].letter != letter)) {
        i++;
    }
    return (enum option_id)i;
}
