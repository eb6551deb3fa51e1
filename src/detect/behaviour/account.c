/* Raises what a host's logs say about accounts and rights: a new account, one with all rights
 * of root, a privileged group joined, a file of rights or of login keys written, a password set
 * for somebody else.
 *
 * An administrator does most of this on an ordinary day: low.  A second account with number 0
 * is hardly ever meant well: high. */
#include "detect/behaviour/behaviour.h"

#include "base/number.h"
#include "detect/behaviour/trace.h"

#define RAISED_MAX \
    256U /* per rule and evidence, so that no log can crowd the other findings out */

struct account_state {
    uint64_t raised;
    struct trace_name account; /* whose password was set last, and on which host */
    struct trace_name host;
    struct moment at;
};

/* What one rule says. */
struct account_rule {
    const char *rule;
    const char *title;
    const char *technique;
    const char *as_well; /* another technique it is, or NULL */
    enum severity severity;
    double confidence;
};

static enum status raise(struct detection *detection, struct account_state *state,
                         const struct account_rule *rule, const struct record *record,
                         struct bytes account, const struct fact *facts, size_t facts_given)
{
    if (state->raised == RAISED_MAX) {
        detection->examination->findings_dropped++;
        return STATUS_OK;
    }
    state->raised++;
    const struct event *event = record->event;
    struct entity entities[4];
    size_t count = 0;
    trace_entity(entities, &count, ENTITY_HOST, ROLE_VICTIM,
                 event_field(event, FIELD_HOST_NAME));
    trace_entity(entities, &count, ENTITY_ACCOUNT, ROLE_ACCOUNT, account);
    trace_entity(entities, &count, ENTITY_ACCOUNT, ROLE_ACTOR,
                 event_field(event, FIELD_USER_ACTOR));
    trace_entity(entities, &count, ENTITY_PROCESS, ROLE_TOOL,
                 event_field(event, FIELD_PROCESS_COMMAND_LINE));
    const struct bytes techniques[] = {
        bytes_of_text(rule->technique),
        rule->as_well == NULL ? BYTES_NONE : bytes_of_text(rule->as_well),
    };
    const struct cite cite = trace_cite_record(record);
    return detection_raise(detection, &(struct finding){
                                          .rule = bytes_of_text(rule->rule),
                                          .title = bytes_of_text(rule->title),
                                          .techniques = techniques,
                                          .technique_count = rule->as_well == NULL ? 1 : 2,
                                          .severity = rule->severity,
                                          .confidence = rule->confidence,
                                          .first = record->at,
                                          .last = record->at,
                                          .entities = entities,
                                          .entity_count = count,
                                          .facts = facts,
                                          .fact_count = facts_given,
                                          .cites = &cite,
                                          .cite_count = 1,
                                      });
}

/* The fields of an event that are not empty, as facts. */
static size_t facts_of(const struct event *event, struct fact *facts)
{
    static const struct {
        const char *name;
        enum field field;
    } kept[] = {{"account", FIELD_USER_NAME},
                {"user_id", FIELD_USER_ID},
                {"group", FIELD_GROUP_NAME},
                {"home", FIELD_USER_HOME},
                {"shell", FIELD_USER_SHELL},
                {"actor", FIELD_USER_ACTOR},
                {"command", FIELD_PROCESS_COMMAND_LINE}};
    size_t count = 0;
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        struct bytes value = event_field(event, kept[i].field);
        if (value.size > 0) {
            facts[count++] = fact_text(kept[i].name, value);
        }
    }
    return count;
}
#define FACTS_OF_MAX 7

static enum status raise_event(struct detection *detection, struct account_state *state,
                               const struct account_rule *rule, const struct record *record)
{
    struct fact facts[FACTS_OF_MAX];
    size_t count = facts_of(record->event, facts);
    return raise(detection, state, rule, record, event_field(record->event, FIELD_USER_NAME),
                 facts, count);
}

static bool is_root_number(const struct event *event)
{
    uint64_t number = 1;
    return number_decimal(event_field(event, FIELD_USER_ID), &number) == STATUS_OK &&
           number == 0 && !bytes_equal_text(event_field(event, FIELD_USER_NAME), "root");
}

/* ---- accounts ---- */

static enum status take_new_account(struct detection *detection, void *state,
                                    const struct record *record)
{
    static const struct account_rule rule = {"behaviour/new-account",
                                             "A new account was made",
                                             "T1136.001",
                                             NULL,
                                             SEVERITY_LOW,
                                             0.6};
    if (is_root_number(record->event)) {
        return STATUS_OK;
    }
    return raise_event(detection, state, &rule, record);
}

static enum status take_root_account(struct detection *detection, void *state,
                                     const struct record *record)
{
    static const struct account_rule rule = {
        "behaviour/second-root",
        "An account was given the number of root, and so all its rights",
        "T1136.001",
        NULL,
        SEVERITY_HIGH,
        0.9};
    if (!is_root_number(record->event)) {
        return STATUS_OK;
    }
    return raise_event(detection, state, &rule, record);
}

/* ---- rights ---- */

static bool is_privileged(struct bytes group)
{
    /* Members of the second line can become root by what these groups may do. */
    static const char *const groups[] = {"root", "wheel",  "sudo", "admin", "sudoers",
                                         "adm",  "docker", "lxd",  "disk",  "shadow"};
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        if (bytes_equal_text(group, groups[i])) {
            return true;
        }
    }
    return false;
}

static enum status take_new_right(struct detection *detection, void *state,
                                  const struct record *record)
{
    static const struct account_rule rule = {
        "behaviour/new-right", "An account joined a group with special rights",
        "T1098.007",           NULL,
        SEVERITY_LOW,          0.6};
    if (!is_privileged(event_field(record->event, FIELD_GROUP_NAME))) {
        return STATUS_OK;
    }
    return raise_event(detection, state, &rule, record);
}

/* ---- files that commands write ---- */

/* The program's own name: the first word, without folders. */
static struct bytes program_of(struct bytes command)
{
    struct bytes word = bytes_part(command, 0, bytes_find_byte(command, ' '));
    struct bytes part = BYTES_NONE;
    while (bytes_split(&word, '/', &part)) {
    }
    return part;
}

static bool only_reads(struct bytes command)
{
    static const char *const readers[] = {
        "cat", "less", "more", "head",   "tail",      "ls",      "stat",  "grep",
        "wc",  "diff", "file", "md5sum", "sha256sum", "sha1sum", "find",  "test",
        "awk", "cmp",  "view", "zcat",   "getfacl",   "lsattr",  "namei", "realpath"};
    struct bytes program = program_of(command);
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (bytes_equal_text(program, readers[i])) {
            return !bytes_contains(command, ">") && !bytes_contains(command, "-exec");
        }
    }
    return false;
}

static bool writes_file(const struct event *event, const char *file)
{
    struct bytes command = event_field(event, FIELD_PROCESS_COMMAND_LINE);
    return bytes_contains(command, file) && !only_reads(command);
}

static enum status take_rights_file(struct detection *detection, void *state,
                                    const struct record *record)
{
    static const struct account_rule rule = {
        "behaviour/rights-file",
        "The file that says who may act as root was written",
        "T1098",
        "T1548.003",
        SEVERITY_LOW,
        0.5};
    struct bytes command = event_field(record->event, FIELD_PROCESS_COMMAND_LINE);
    bool edits =
        bytes_equal_text(program_of(command), "visudo") && !bytes_contains(command, " -c");
    if (!edits && !writes_file(record->event, "/etc/sudoers")) {
        return STATUS_OK;
    }
    return raise_event(detection, state, &rule, record);
}

static enum status take_new_key(struct detection *detection, void *state,
                                const struct record *record)
{
    static const struct account_rule rule = {
        "behaviour/new-key", "A file of keys that may log in was written",
        "T1098.004",         NULL,
        SEVERITY_LOW,        0.6};
    if (!writes_file(record->event, "authorized_keys")) {
        return STATUS_OK;
    }
    return raise_event(detection, state, &rule, record);
}

/* ---- passwords ---- */

/* Whose password a command run with root's rights sets: "passwd [-q] bob". */
static struct bytes account_of_command(const struct event *event)
{
    if (event->action != EVENT_COMMAND_RUN) {
        return BYTES_NONE;
    }
    struct bytes command = event_field(event, FIELD_PROCESS_COMMAND_LINE);
    if (!bytes_equal_text(program_of(command), "passwd")) {
        return BYTES_NONE;
    }
    struct bytes word = BYTES_NONE;
    struct bytes account = BYTES_NONE;
    bytes_split(&command, ' ', &word);
    while (bytes_split(&command, ' ', &word)) {
        if (word.size > 1 && word.data[0] == '-' &&
            bytes_find_byte(bytes_of_text("SldeuL"), word.data[1]) < 6) {
            return BYTES_NONE; /* asks, locks, unlocks or ends: sets no password */
        }
        account = word.size > 0 && word.data[0] != '-' ? word : account;
    }
    return account;
}

/* Only who is root can set it for another: chpasswd, usermod, or an actor that is named. */
static struct bytes account_of_change(const struct event *event)
{
    if (event->action != EVENT_PASSWORD_CHANGED) {
        return BYTES_NONE;
    }
    struct bytes account = event_field(event, FIELD_USER_NAME);
    struct bytes actor = event_field(event, FIELD_USER_ACTOR);
    struct bytes program = event_field(event, FIELD_PROCESS_NAME);
    bool is_roots = bytes_equal_text(program, "chpasswd") ||
                    bytes_equal_text(program, "usermod") ||
                    (actor.size > 0 && !bytes_equal(actor, account));
    return is_roots ? account : BYTES_NONE;
}

/* The command and what the program says of it are one change. */
static bool is_told(struct account_state *state, const struct record *record,
                    struct bytes account)
{
    struct bytes host = event_field(record->event, FIELD_HOST_NAME);
    bool told = bytes_equal(trace_name_get(&state->account), account) &&
                bytes_equal(trace_name_get(&state->host), host) && state->at.is_known &&
                !moment_is_apart(state->at, record->at, 10 * MOMENT_MINUTE_NS);
    trace_name_set(&state->account, account);
    trace_name_set(&state->host, host);
    state->at = record->at;
    return told;
}

static enum status take_password(struct detection *detection, void *state,
                                 const struct record *record)
{
    static const struct account_rule rule = {
        "behaviour/password-set",
        "The password of an account was set by somebody else",
        "T1098",
        NULL,
        SEVERITY_LOW,
        0.5};
    struct bytes account = account_of_change(record->event);
    if (account.size == 0) {
        account = account_of_command(record->event);
    }
    if (account.size == 0 ||
        bytes_equal(account, event_field(record->event, FIELD_USER_ACTOR)) ||
        is_told(state, record, account)) {
        return STATUS_OK;
    }
    struct fact facts[FACTS_OF_MAX + 1];
    size_t count = facts_of(record->event, facts);
    if (event_field(record->event, FIELD_USER_NAME).size == 0) {
        facts[count++] = fact_text("account", account);
    }
    return raise(detection, state, &rule, record, account, facts, count);
}

#define ACCOUNT_DETECTOR(variable, row, actions, function) \
    const struct detector variable = {.name = row, \
                                      .record_kinds = 1U << RECORD_EVENT, \
                                      .event_actions = actions, \
                                      .state_size = sizeof(struct account_state), \
                                      .take = function}

ACCOUNT_DETECTOR(new_account_detector, "behaviour/new-account",
                 DETECTOR_ACTION(EVENT_ACCOUNT_CREATED), take_new_account);
ACCOUNT_DETECTOR(root_account_detector, "behaviour/second-root",
                 DETECTOR_ACTION(EVENT_ACCOUNT_CREATED) |
                     DETECTOR_ACTION(EVENT_ACCOUNT_CHANGED),
                 take_root_account);
ACCOUNT_DETECTOR(new_right_detector, "behaviour/new-right", DETECTOR_ACTION(EVENT_GROUP_JOINED),
                 take_new_right);
ACCOUNT_DETECTOR(rights_file_detector, "behaviour/rights-file",
                 DETECTOR_ACTION(EVENT_COMMAND_RUN), take_rights_file);
ACCOUNT_DETECTOR(new_key_detector, "behaviour/new-key", DETECTOR_ACTION(EVENT_COMMAND_RUN),
                 take_new_key);
ACCOUNT_DETECTOR(password_detector, "behaviour/password-set",
                 DETECTOR_ACTION(EVENT_COMMAND_RUN) | DETECTOR_ACTION(EVENT_PASSWORD_CHANGED),
                 take_password);
