#include "correlate/aftermath.h"

#include "correlate/hop.h"
#include "correlate/web.h"

bool lead_is_entry(const struct lead *lead)
{
    bool by_login = bytes_equal_text(lead->finding.rule, "behaviour/login-after-guessing") &&
                    lead->finding.severity >= SEVERITY_MEDIUM;
    return by_login || web_is_used_shell(lead) || hop_is_entry(lead);
}

struct bytes lead_machine(const struct lead *lead)
{
    struct bytes host = lead_entity(lead, ENTITY_HOST, ROLE_VICTIM);
    return host.size > 0 ? host : lead_entity(lead, ENTITY_ADDRESS, ROLE_VICTIM);
}

struct bytes evidence_base_name(const struct case_file *file, size_t evidence)
{
    return case_base_name(file->evidence[evidence].row.path);
}

/* ---- what the rows ask ---- */

/* True where `account` (or anyone, for BYTES_NONE) did something on the machine of an entry
 * after it.  The entry that came last before it is given. */
static const struct lead *entry_before(const struct case_file *file, struct bytes host,
                                       struct bytes account, struct moment at)
{
    const struct lead *best = NULL;
    for (size_t i = 0; i < file->lead_count; i++) {
        const struct lead *lead = &file->leads[i];
        if (!lead_is_entry(lead) || !moment_is_within(at, lead->finding.first, AFTERMATH_NS)) {
            continue;
        }
        struct bytes victim = lead_machine(lead);
        struct bytes user = lead_entity(lead, ENTITY_ACCOUNT, ROLE_ACCOUNT);
        bool same_host = case_is_same_machine(file, victim, host);
        bool same_user = account.size == 0 || bytes_equal(user, account);
        if (same_host && same_user &&
            (best == NULL || moment_compare(lead->finding.first, best->finding.first) > 0)) {
            best = lead;
        }
    }
    return best;
}

/* Places in scripts are bytes; commands in logs have capabilities too, and lie on lines. */
static bool is_in_script(const struct reference *cites, size_t count)
{
    return count > 0 && cites[0].citation.place.kind == PLACE_BYTES;
}

/* The script evidence of that file name which has findings of its own, or evidence_count. */
static size_t suspicious_script(const struct case_file *file, struct bytes name)
{
    for (size_t i = 0; name.size > 0 && i < file->lead_count; i++) {
        const struct lead *lead = &file->leads[i];
        if (bytes_starts(lead->finding.rule, "capability/") &&
            is_in_script(lead->finding.cites, lead->finding.cite_count) &&
            bytes_equal(evidence_base_name(file, lead->evidence), name)) {
            return lead->evidence;
        }
    }
    return file->evidence_count;
}

static bool is_guesser(const struct case_file *file, struct bytes address)
{
    for (size_t i = 0; i < file->lead_count; i++) {
        const struct lead *lead = &file->leads[i];
        if (bytes_starts(lead->finding.rule, "behaviour/password-guessing") &&
            lead->finding.severity >= SEVERITY_MEDIUM &&
            bytes_equal(lead_entity(lead, ENTITY_ADDRESS, ROLE_SOURCE), address)) {
            return true;
        }
    }
    return false;
}

static bool host_header_is_address(const struct sighting *fetch)
{
    return sighting_entity(fetch, ENTITY_NAME, ROLE_COUNT).size == 0;
}

/* ---- a program was fetched ---- */

static enum status raise_fetch(struct case_file *file, const struct sighting *fetch)
{
    struct bytes client = sighting_entity(fetch, ENTITY_ADDRESS, ROLE_ACTOR);
    struct bytes server = sighting_entity(fetch, ENTITY_ADDRESS, ROLE_UNKNOWN);
    struct bytes name = sighting_entity(fetch, ENTITY_FILE, ROLE_COUNT);
    const struct fact *method = fact_find(fetch->facts, fetch->fact_count, "method");
    bool is_get = method == NULL || bytes_equal_text(method->text, "GET");
    size_t script = suspicious_script(file, name);
    bool of_script = script < file->evidence_count;
    bool from_guesser = is_guesser(file, server);
    bool after_entry =
        entry_before(file, case_host_of(file, client), BYTES_NONE, fetch->first) != NULL;
    bool odd = after_entry && host_header_is_address(fetch);
    if (!is_get || name.size == 0 || !(of_script || from_guesser || odd)) {
        return STATUS_OK;
    }
    struct bytes technique = bytes_of_text("T1105");
    struct entity entities[] = {
        {ENTITY_ADDRESS, ROLE_VICTIM, client},
        {ENTITY_ADDRESS, from_guesser ? ROLE_SOURCE : ROLE_CONTROLLER, server},
        {ENTITY_FILE, ROLE_TOOL, name},
        {ENTITY_URL, ROLE_TOOL, sighting_entity(fetch, ENTITY_URL, ROLE_COUNT)},
    };
    struct fact facts[] = {
        fact_count("is_suspicious_script", of_script),
        fact_count("from_guesser", from_guesser),
        fact_count("after_entry", after_entry),
    };
    struct report_finding finding = {
        .rule = bytes_of_text("behaviour/program-fetched"),
        .title = bytes_of_text("A program was fetched"),
        .techniques = &technique,
        .technique_count = 1,
        .severity = from_guesser || (of_script && after_entry) ? SEVERITY_MEDIUM : SEVERITY_LOW,
        .confidence = from_guesser || of_script ? 0.9 : 0.5,
        .first = fetch->first,
        .last = fetch->last,
        .entities = entities,
        .entity_count = 4,
        .facts = facts,
        .fact_count = sizeof facts / sizeof *facts,
    };
    return case_raise(file, &finding, &fetch, 1);
}

static enum status raise_fetches(struct case_file *file)
{
    for (size_t i = 0; i < file->sighting_count; i++) {
        if (file->sightings[i].kind == OBSERVED_FETCH) {
            TRY(raise_fetch(file, &file->sightings[i]));
        }
    }
    return STATUS_OK;
}

/* ---- it ran ---- */

/* What shows that a script ran: the earliest sign after it was fetched. */
struct sign {
    const struct sighting *sighting;
    struct bytes machine; /* its address or name */
};

static void consider(struct sign *best, const struct sighting *sighting, struct bytes machine)
{
    if (best->sighting == NULL || moment_compare(sighting->first, best->sighting->first) < 0) {
        best->sighting = sighting;
        best->machine = machine;
    }
}

static const struct lead *fetch_of(const struct case_file *file, struct bytes name)
{
    for (size_t i = 0; i < file->lead_count; i++) {
        const struct lead *lead = &file->leads[i];
        if (bytes_equal_text(lead->finding.rule, "behaviour/program-fetched") &&
            bytes_equal(lead_entity(lead, ENTITY_FILE, ROLE_TOOL), name)) {
            return lead;
        }
    }
    return NULL;
}

/* True where the script names the server of this traffic, by address or by a name that was
 * resolved to it. */
static bool names_server(const struct case_file *file, const struct sighting *script,
                         struct bytes server)
{
    for (size_t i = 0; i < script->entity_count; i++) {
        const struct entity *named = &script->entities[i];
        if (named->kind == ENTITY_ADDRESS && bytes_equal(named->name, server)) {
            return true;
        }
        for (size_t j = 0; named->kind == ENTITY_NAME && j < file->sighting_count; j++) {
            const struct sighting *answer = &file->sightings[j];
            const struct entity address = {ENTITY_ADDRESS, ROLE_UNKNOWN, server};
            bool resolves = false;
            for (size_t k = 0; answer->kind == OBSERVED_NAME && k < answer->entity_count; k++) {
                resolves = resolves || (answer->entities[k].role == ROLE_UNKNOWN &&
                                        entity_same(&answer->entities[k], &address));
            }
            if (resolves &&
                bytes_equal(sighting_entity(answer, ENTITY_NAME, ROLE_COUNT), named->name)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_after(const struct sighting *sighting, const struct lead *fetch)
{
    return fetch == NULL ||
           (moment_compare(sighting->first, fetch->finding.last) > 0 &&
            moment_is_within(sighting->first, fetch->finding.last, AFTERMATH_NS));
}

/* Traffic counts only where it is not the fetch itself: to another service, or later. */
static void consider_traffic(const struct case_file *file, const struct sighting *script,
                             const struct lead *fetch, const struct sighting *traffic,
                             struct sign *best)
{
    struct bytes client = sighting_entity(traffic, ENTITY_ADDRESS, ROLE_ACTOR);
    struct bytes server = sighting_entity(traffic, ENTITY_ADDRESS, ROLE_UNKNOWN);
    bool same_client =
        fetch == NULL || bytes_equal(lead_entity(fetch, ENTITY_ADDRESS, ROLE_VICTIM), client);
    if (same_client && is_after(traffic, fetch) && names_server(file, script, server)) {
        consider(best, traffic, client);
    }
}

static bool is_word_end(uint8_t byte)
{
    return byte <= ' ' || byte == '"' || byte == '\'' || byte == ';' || byte == '&' ||
           byte == '|' || byte == ')' || byte == '>';
}

/* True where a word of the command is the program, under whatever path. */
static bool names_program(struct bytes command, struct bytes name)
{
    size_t from = 0;
    while (name.size > 0) {
        size_t at = from + bytes_find(bytes_from(command, from), name);
        if (at >= command.size) {
            return false;
        }
        uint8_t before = at == 0 ? ' ' : command.data[at - 1];
        struct bytes after = bytes_from(command, at + name.size);
        bool begins = before == '/' || before == '(' || is_word_end(before);
        if (begins && (after.size == 0 || is_word_end(after.data[0]))) {
            return true;
        }
        from = at + 1;
    }
    return false;
}

static void consider_account(const struct case_file *file, struct bytes name,
                             const struct lead *fetch, const struct sighting *sighting,
                             struct sign *best)
{
    struct bytes account = sighting_entity(sighting, ENTITY_ACCOUNT, ROLE_ACTOR);
    struct bytes host = sighting_entity(sighting, ENTITY_HOST, ROLE_VICTIM);
    struct bytes command = sighting_entity(sighting, ENTITY_PROCESS, ROLE_TOOL);
    bool names_it = names_program(command, name);
    bool by_intruder = entry_before(file, host, account, sighting->first) != NULL;
    bool fits = sighting->kind == OBSERVED_COMMAND ? names_it : by_intruder && fetch != NULL;
    if (fits && is_after(sighting, fetch)) {
        consider(best, sighting, host);
    }
}

/* A request for a file of that name, whether or not it was found worth telling. */
static const struct sighting *request_for(const struct case_file *file, struct bytes name)
{
    for (size_t i = 0; name.size > 0 && i < file->sighting_count; i++) {
        const struct sighting *sighting = &file->sightings[i];
        if (sighting->kind == OBSERVED_FETCH &&
            bytes_equal(sighting_entity(sighting, ENTITY_FILE, ROLE_COUNT), name)) {
            return sighting;
        }
    }
    return NULL;
}

static struct sign find_sign(const struct case_file *file, const struct sighting *script,
                             struct bytes name, const struct lead *fetch)
{
    struct sign best = {0};
    const struct sighting *request = request_for(file, name);
    for (size_t i = 0; i < file->sighting_count; i++) {
        const struct sighting *sighting = &file->sightings[i];
        if (sighting->kind == OBSERVED_TRAFFIC || sighting->kind == OBSERVED_FETCH) {
            /* What carried the script to the machine is no sign that it ran there. */
            bool is_carrier =
                request != NULL && moment_compare(sighting->first, request->last) <= 0;
            if (is_carrier) {
                continue;
            }
            consider_traffic(file, script, fetch, sighting, &best);
        } else if (sighting->kind == OBSERVED_COMMAND || sighting->kind == OBSERVED_SCHEDULE) {
            consider_account(file, name, fetch, sighting, &best);
        }
    }
    return best;
}

static enum status raise_ran(struct case_file *file, const struct sighting *script)
{
    struct bytes name = evidence_base_name(file, script->evidence);
    if (!is_in_script(script->cites, script->cite_count) ||
        suspicious_script(file, name) != script->evidence) {
        return STATUS_OK;
    }
    const struct lead *fetch = fetch_of(file, name);
    struct sign sign = find_sign(file, script, name, fetch);
    if (sign.sighting == NULL) {
        return STATUS_OK;
    }
    const struct sighting *from[] = {sign.sighting, script};
    struct bytes technique = bytes_of_text("T1059.004");
    bool is_address =
        sign.sighting->kind == OBSERVED_TRAFFIC || sign.sighting->kind == OBSERVED_FETCH;
    struct entity entities[] = {
        {ENTITY_FILE, ROLE_TOOL, name},
        {is_address ? ENTITY_ADDRESS : ENTITY_HOST, ROLE_VICTIM, sign.machine},
    };
    struct fact fact =
        fact_text("sign", bytes_of_text(is_address ? "it contacted what the program names"
                                                   : "its account did what the program says"));
    struct report_finding finding = {
        .rule = bytes_of_text("behaviour/program-ran"),
        .title = bytes_of_text("The program was run"),
        .techniques = &technique,
        .technique_count = 1,
        .severity = fetch != NULL ? SEVERITY_MEDIUM : SEVERITY_LOW,
        .confidence = fetch != NULL ? 0.9 : 0.6,
        .first = sign.sighting->first,
        .last = sign.sighting->first,
        .entities = entities,
        .entity_count = 2,
        .facts = &fact,
        .fact_count = 1,
    };
    return case_raise(file, &finding, from, 2);
}

static enum status raise_runs(struct case_file *file)
{
    for (size_t i = 0; i < file->sighting_count; i++) {
        if (file->sightings[i].kind == OBSERVED_SCRIPT) {
            TRY(raise_ran(file, &file->sightings[i]));
        }
    }
    return STATUS_OK;
}

/* ---- the account was used ---- */

static enum status raise_account_use(struct case_file *file, const struct sighting *sighting,
                                     const char *rule, const char *title, const char *technique)
{
    struct bytes account = sighting_entity(sighting, ENTITY_ACCOUNT, ROLE_ACTOR);
    struct bytes host = sighting_entity(sighting, ENTITY_HOST, ROLE_VICTIM);
    struct bytes command = sighting_entity(sighting, ENTITY_PROCESS, ROLE_TOOL);
    if (account.size == 0 || entry_before(file, host, account, sighting->first) == NULL) {
        return STATUS_OK;
    }
    struct bytes technique_id = bytes_of_text(technique);
    struct entity entities[] = {
        {ENTITY_ACCOUNT, ROLE_ACCOUNT, account},
        {ENTITY_HOST, ROLE_VICTIM, host},
        {ENTITY_PROCESS, ROLE_TOOL, command},
    };
    struct fact fact = fact_count("count", sighting->count);
    struct report_finding finding = {
        .rule = bytes_of_text(rule),
        .title = bytes_of_text(title),
        .techniques = &technique_id,
        .technique_count = 1,
        .severity = SEVERITY_MEDIUM,
        .confidence = 0.8,
        .first = sighting->first,
        .last = sighting->last,
        .entities = entities,
        .entity_count = command.size > 0 ? 3 : 2,
        .facts = &fact,
        .fact_count = 1,
    };
    return case_raise(file, &finding, &sighting, 1);
}

static bool is_via(const struct sighting *sighting, const char *via)
{
    const struct fact *fact = fact_find(sighting->facts, sighting->fact_count, "via");
    return fact != NULL && bytes_equal_text(fact->text, via);
}

static enum status raise_account_uses(struct case_file *file)
{
    for (size_t i = 0; i < file->sighting_count; i++) {
        const struct sighting *sighting = &file->sightings[i];
        if (sighting->kind == OBSERVED_SCHEDULE) {
            TRY(raise_account_use(file, sighting, "behaviour/schedule-after-entry",
                                  "The account changed what the machine runs on a schedule",
                                  "T1053.003"));
        } else if (sighting->kind == OBSERVED_COMMAND && is_via(sighting, "cron")) {
            TRY(raise_account_use(file, sighting, "behaviour/cron-after-entry",
                                  "A schedule ran a command as the account", "T1053.003"));
        } else if (sighting->kind == OBSERVED_COMMAND && is_via(sighting, "sudo")) {
            TRY(raise_account_use(file, sighting, "behaviour/sudo-after-entry",
                                  "The account ran a command with another account's rights",
                                  "T1548.003"));
        }
    }
    return STATUS_OK;
}

enum status aftermath_raise(struct case_file *file)
{
    TRY(raise_fetches(file));
    TRY(raise_runs(file));
    return raise_account_uses(file);
}
