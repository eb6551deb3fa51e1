#include "explain/subject.h"

#include "base/table.h"
#include "explain/missing.h"
#include "explain/wording.h"
#include "record/quote.h"
#include "record/record.h"

#define SLOT_SIZE_MAX 4096
#define NAMES_LISTED_MAX 3

static struct text new_text(void)
{
    return text_of_limit(SLOT_SIZE_MAX);
}

static void set(struct slots *slots, const char *name, struct text *text)
{
    slots_set(slots, name, text);
    text_done(text);
}

/* Accounts and files stand in quotation marks of the phrase's own (phrase_check). */
static void set_entity(struct slots *slots, const char *name, const struct entity *entity)
{
    if (entity == NULL || entity->name.size == 0) {
        return;
    }
    struct text text = new_text();
    quote_add_name(&text, entity, phrase_marks_name(bytes_of_text(name)));
    set(slots, name, &text);
}

static void set_moment(struct slots *slots, const char *name, struct moment moment,
                       struct moment said)
{
    if (moment.is_known) {
        struct text text = new_text();
        wording_add_time(&text, moment, said);
        set(slots, name, &text);
    }
}

static void set_times(struct slots *slots, const struct stage *stage, struct told told)
{
    set_moment(slots, "first", stage->first, told.at);
    if (stage->first.is_known && stage->last.is_known) {
        struct text span = new_text();
        wording_add_span(&span, stage->first, stage->last, told.at);
        set(slots, "span", &span);
        struct text when = new_text();
        wording_add_since(&when, stage->first, told.at, told.is_running);
        set(slots, "when", &when);
    }
}

static void set_count(struct slots *slots, const char *name, uint64_t count)
{
    struct text text = new_text();
    wording_add_count(&text, count);
    set(slots, name, &text);
}

static bool is_private(struct bytes address)
{
    struct endpoint endpoint;
    return endpoint_read(address, &endpoint) == STATUS_OK && endpoint_is_private(&endpoint);
}

static size_t count_entities(const struct entity *entities, size_t count, enum entity_kind kind,
                             enum entity_role role)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        found += entities[i].kind == kind && entities[i].role == role;
    }
    return found;
}

/* "one computer on the internet (203.0.113[.]7)", or how many there were. */
static void set_source(struct slots *slots, const struct entity *entities, size_t count)
{
    const struct entity *source = entity_find(entities, count, ENTITY_ADDRESS, ROLE_SOURCE);
    size_t sources = count_entities(entities, count, ENTITY_ADDRESS, ROLE_SOURCE);
    if (source == NULL) {
        return;
    }
    set_entity(slots, "source", source);
    struct text text = new_text();
    if (sources == 1) {
        text_add(&text, is_private(source->name) ? "one computer inside the network ("
                                                 : "one computer on the internet (");
        quote_add_name(&text, source, false);
        text_add(&text, ")");
    } else {
        wording_add_count(&text, sources);
        text_add(&text, " computers");
    }
    set(slots, "sources", &text);
}

/* "web01", or "10.0.0.5" where no name is known. */
static void set_host(struct slots *slots, const struct entity *entities, size_t count)
{
    const struct entity *host = entity_find(entities, count, ENTITY_HOST, ROLE_VICTIM);
    if (host == NULL) {
        host = entity_find(entities, count, ENTITY_ADDRESS, ROLE_VICTIM);
    }
    set_entity(slots, "host", host);
}

static void set_accounts(struct slots *slots, const struct entity *entities, size_t count,
                         uint64_t account_count)
{
    struct text text = new_text();
    size_t listed = 0;
    for (size_t i = 0; i < count && listed < NAMES_LISTED_MAX; i++) {
        if (entities[i].kind == ENTITY_ACCOUNT && entities[i].name.size > 0) {
            text_add(&text, listed == 0 ? "\"" : ", \"");
            quote_add_name(&text, &entities[i], true);
            text_add(&text, "\"");
            listed++;
        }
    }
    if (account_count > 1 && listed > 0) {
        struct text all = new_text();
        wording_add_count(&all, account_count);
        text_addf(&all, account_count > listed ? " accounts, such as %s" : " accounts: %s",
                  text_terminated(&text));
        set(slots, "accounts", &all);
    } else if (listed == 1) {
        struct text one = new_text();
        text_addf(&one, "the account %s", text_terminated(&text));
        set(slots, "accounts", &one);
    }
    text_done(&text);
}

static void set_entities(struct slots *slots, const struct entity *entities, size_t count)
{
    set_host(slots, entities, count);
    set_source(slots, entities, count);
    set_entity(slots, "account", entity_find(entities, count, ENTITY_ACCOUNT, ROLE_ACCOUNT));
    const struct entity *server = entity_find(entities, count, ENTITY_ADDRESS, ROLE_CONTROLLER);
    set_entity(slots, "controller",
               server != NULL ? server
                              : entity_find(entities, count, ENTITY_NAME, ROLE_CONTROLLER));
    set_entity(slots, "server",
               server != NULL ? server
                              : entity_find(entities, count, ENTITY_ADDRESS, ROLE_SOURCE));
    set_entity(slots, "file", entity_find(entities, count, ENTITY_FILE, ROLE_TOOL));
}

void subject_of_incident(const struct incident *incident, struct slots *slots)
{
    set_entities(slots, incident->entities, incident->entity_count);
    set_accounts(slots, incident->entities, incident->entity_count, 0);
}

/* ---- one stage ---- */

/* Text from evidence among words of ours. */
static void add_text(struct text *text, struct bytes theirs)
{
    const struct entity named = {ENTITY_PROCESS, ROLE_UNKNOWN, theirs};
    quote_add_name(text, &named, true);
}

/* What phrases say of a finding's own facts. */
static void set_fact(struct slots *slots, const struct fact *fact)
{
    if (bytes_equal_text(fact->name, "contact_count")) {
        set_count(slots, "contact_count", fact->count);
    } else if (bytes_equal_text(fact->name, "name_count")) {
        set_count(slots, "names", fact->count);
    } else if (bytes_equal_text(fact->name, "interval_median")) {
        struct text rate = new_text();
        wording_add_rate(&rate, fact->count);
        set(slots, "rate", &rate);
    } else if (bytes_equal_text(fact->name, "machine_entered_before")) {
        const struct entity machine = {ENTITY_HOST, ROLE_UNKNOWN, fact->text};
        set_entity(slots, "from", &machine);
    }
}

static uint64_t sum_fact(const struct report *report, const struct stage *stage,
                         const char *name)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < stage->finding_count; i++) {
        const struct report_finding *finding = report_finding_by_id(report, stage->findings[i]);
        const struct fact *fact =
            finding == NULL ? NULL : fact_find(finding->facts, finding->fact_count, name);
        sum += fact == NULL ? 0 : fact->count;
    }
    return sum;
}

#define STAGE_ENTITIES_MAX 64

/* The entities of all findings of a stage, each once. */
static size_t merge_entities(const struct report *report, const struct stage *stage,
                             struct entity *out)
{
    size_t count = 0;
    for (size_t i = 0; i < stage->finding_count; i++) {
        const struct report_finding *finding = report_finding_by_id(report, stage->findings[i]);
        for (size_t j = 0; finding != NULL && j < finding->entity_count; j++) {
            size_t k = 0;
            while (k < count && !entity_same(&out[k], &finding->entities[j])) {
                k++;
            }
            if (k == count && count < STAGE_ENTITIES_MAX) {
                out[count++] = finding->entities[j];
            }
        }
    }
    return count;
}

/* How many different ones all findings of a stage name, however many are kept to be told. */
static size_t count_distinct(const struct report *report, const struct stage *stage,
                             enum entity_kind kind, enum entity_role role, struct arena *arena)
{
    struct table names;
    table_init(&names, arena, REPORT_FINDINGS_MAX);
    for (size_t i = 0; i < stage->finding_count; i++) {
        const struct report_finding *finding = report_finding_by_id(report, stage->findings[i]);
        for (size_t j = 0; finding != NULL && j < finding->entity_count; j++) {
            const struct entity *entity = &finding->entities[j];
            struct table_entry *entry;
            if (entity->kind == kind && entity->role == role &&
                table_add(&names, entity->name, &entry) != STATUS_OK) {
                return names.count;
            }
        }
    }
    return names.count;
}

/* Findings keep only some of the accounts and sources that they count: where one counted more
 * than all of them name, there were at least as many. */
static uint64_t most_counted(const struct report *report, const struct stage *stage,
                             const char *name, uint64_t named)
{
    uint64_t most = named;
    for (size_t i = 0; i < stage->finding_count; i++) {
        const struct report_finding *finding = report_finding_by_id(report, stage->findings[i]);
        const struct fact *fact =
            finding == NULL ? NULL : fact_find(finding->facts, finding->fact_count, name);
        most = fact != NULL && fact->count > most ? fact->count : most;
    }
    return most;
}

static void set_crowd(struct slots *slots, uint64_t sources)
{
    struct text text = new_text();
    wording_add_count(&text, sources);
    text_add(&text, " computers");
    set(slots, "sources", &text);
}

static void set_stage_findings(const struct report *report, const struct stage *stage,
                               struct slots *slots)
{
    struct entity entities[STAGE_ENTITIES_MAX];
    size_t count = merge_entities(report, stage, entities);
    set_entities(slots, entities, count);
    const struct report_finding *first = report_finding_by_id(report, stage->findings[0]);
    if (first == NULL) {
        return;
    }
    uint64_t accounts =
        count_distinct(report, stage, ENTITY_ACCOUNT, ROLE_ACCOUNT, slots->arena);
    set_accounts(slots, entities, count,
                 most_counted(report, stage, "account_count", accounts));
    uint64_t sources = count_distinct(report, stage, ENTITY_ADDRESS, ROLE_SOURCE, slots->arena);
    sources = most_counted(report, stage, "source_count", sources);
    if (sources > 1) {
        set_crowd(slots, sources);
    }
    for (size_t i = 0; i < first->fact_count; i++) {
        set_fact(slots, &first->facts[i]);
    }
}

/* The machine by its name that a stage speaks of, or NULL. */
static const struct entity *named_host(const struct report *report, const struct stage *stage)
{
    for (size_t i = 0; i < stage->finding_count; i++) {
        const struct report_finding *finding = report_finding_by_id(report, stage->findings[i]);
        const struct entity *host = finding == NULL
                                        ? NULL
                                        : entity_find(finding->entities, finding->entity_count,
                                                      ENTITY_HOST, ROLE_VICTIM);
        if (host != NULL) {
            return host;
        }
    }
    return NULL;
}

/* The address a stage speaks of may be a machine whose name the incident knows.  Where several
 * machines are part of it, {there} says on which. */
static void restore_host(const struct report *report, const struct incident *incident,
                         const struct stage *stage, struct slots *slots)
{
    const struct entity *named = named_host(report, stage);
    size_t hosts =
        count_entities(incident->entities, incident->entity_count, ENTITY_HOST, ROLE_VICTIM);
    if (named == NULL && hosts > 0) {
        set_host(slots, incident->entities, incident->entity_count);
    }
    if (hosts > 1) {
        set_entity(slots, "there", named);
    }
}

static bool is_of_rule(const struct report *report, const struct stage *stage, const char *rule)
{
    const struct report_finding *finding =
        stage->finding_count == 0 ? NULL : report_finding_by_id(report, stage->findings[0]);
    return finding != NULL && bytes_equal_text(finding->rule, rule);
}

/* True where all that is known of a login is that it was the last of its account. */
static bool is_last_login(const struct report *report, const struct stage *stage)
{
    const struct report_finding *finding =
        stage->finding_count == 0 ? NULL : report_finding_by_id(report, stage->findings[0]);
    const struct fact *method =
        finding == NULL ? NULL : fact_find(finding->facts, finding->fact_count, "method");
    return method != NULL && bytes_equal_text(method->text, "last login");
}

const char *subject_detail(const struct report *report, const struct stage *stage)
{
    if (is_last_login(report, stage)) {
        return is_of_rule(report, stage, "behaviour/login-by-intruder") ? ".intruder.last"
                                                                        : ".last";
    }
    return is_of_rule(report, stage, "behaviour/web-upload")          ? ".upload"
           : is_of_rule(report, stage, "behaviour/login-by-intruder") ? ".intruder"
                                                                      : "";
}

bool subject_is_in_names(const struct report *report, const struct stage *stage)
{
    return is_of_rule(report, stage, "behaviour/dns-data");
}

static void set_size(struct slots *slots, const char *name, uint64_t size)
{
    if (size > 0) {
        struct text text = new_text();
        wording_add_size(&text, size);
        set(slots, name, &text);
    }
}

void subject_of_stage(const struct report *report, const struct incident *incident,
                      const struct stage *stage, struct told told, struct slots *slots)
{
    subject_of_incident(incident, slots);
    /* Whose account was made, or got a right, is not said by whoever was entered before. */
    if (stage->kind == STAGE_ACCOUNT || stage->kind == STAGE_RIGHT) {
        slots_drop(slots, "account");
    }
    if (stage->finding_count > 0) {
        set_stage_findings(report, stage, slots);
        restore_host(report, incident, stage, slots);
    }
    uint64_t failures = sum_fact(report, stage, "failure_count");
    uint64_t tries = sum_fact(report, stage, "try_count");
    if (tries > 0) {
        set_count(slots, "tries", tries);
    }
    if (failures > 0) {
        set_count(slots, "failures", failures);
    }
    set_size(slots, "sent", sum_fact(report, stage, "client_payload"));
    set_size(slots, "received", sum_fact(report, stage, "server_payload"));
    if (!stage->time_is_inferred) {
        set_times(slots, stage, told);
    }
    if (missing_is_stage(report, stage)) {
        missing_set_span(report, stage, slots);
    }
    struct text title = new_text();
    text_add_quoted(&title, stage->title, 200);
    set(slots, "title", &title);
}

/* ---- one finding ---- */

static void add_fact(struct text *text, const struct fact *fact)
{
    text_add_quoted(text, fact->name, 64);
    text_add(text, " ");
    switch (fact->kind) {
    case FACT_COUNT:
        text_addf(text, "%llu", (unsigned long long)fact->count);
        break;
    case FACT_NUMBER:
        text_addf(text, "%.3f", fact->number);
        break;
    case FACT_SIZE:
        text_addf(text, "%llu bytes", (unsigned long long)fact->count);
        break;
    case FACT_DURATION:
        text_addf(text, "%.3f s", (double)fact->count / (double)MOMENT_SECOND_NS);
        break;
    case FACT_MOMENT:
        moment_add_rfc3339(text, fact->moment);
        break;
    case FACT_TEXT:
        text_add(text, "\"");
        add_text(text, fact->text);
        text_add(text, "\"");
        break;
    }
}

static void set_finding_lists(const struct report_finding *finding, struct slots *slots)
{
    struct text techniques = new_text();
    for (size_t i = 0; i < finding->technique_count; i++) {
        text_add(&techniques, i == 0 ? "" : ", ");
        text_add_quoted(&techniques, finding->techniques[i], 32);
    }
    set(slots, "techniques", &techniques);
    struct text facts = new_text();
    for (size_t i = 0; i < finding->fact_count; i++) {
        text_add(&facts, i == 0 ? "" : "; ");
        add_fact(&facts, &finding->facts[i]);
    }
    set(slots, "facts", &facts);
    struct text entities = new_text();
    for (size_t i = 0; i < finding->entity_count; i++) {
        const struct entity *entity = &finding->entities[i];
        text_addf(&entities, "%s%s ", i == 0 ? "" : ", ",
                  entity->role == ROLE_UNKNOWN ? entity_kind_name(entity->kind)
                                               : entity_role_name(entity->role));
        quote_add_name(&entities, entity, false);
    }
    set(slots, "entities", &entities);
}

void subject_of_finding(const struct report_finding *finding, struct slots *slots)
{
    struct text title = new_text();
    text_add_quoted(&title, finding->title, 200);
    set(slots, "title", &title);
    struct text rule = new_text();
    text_add_quoted(&rule, finding->rule, 200);
    set(slots, "rule", &rule);
    slots_set_text(slots, "severity", severity_name(finding->severity));
    struct text confidence = new_text();
    text_addf(&confidence, "%.2f", finding->confidence);
    set(slots, "confidence", &confidence);
    if (finding->first.is_known) {
        struct text first = new_text();
        moment_add_rfc3339(&first, finding->first);
        set(slots, "first", &first);
        struct text last = new_text();
        moment_add_rfc3339(&last, finding->last);
        set(slots, "last", &last);
    }
    set_finding_lists(finding, slots);
}
