#include "correlate/link.h"

#include "base/table.h"
#include "correlate/aftermath.h"
#include "correlate/hole.h"
#include "correlate/hop.h"
#include "correlate/technique.h"
#include "correlate/web.h"

#define FILE_NAME_SIZE_MIN 3
#define HOLES_JOINED_MAX 2000 /* what is beyond stays a finding of its own */

/* ---- union and find ---- */

static size_t root_of(struct case_file *file, size_t lead)
{
    while (file->leads[lead].group != lead) {
        file->leads[lead].group = file->leads[file->leads[lead].group].group;
        lead = file->leads[lead].group;
    }
    return lead;
}

static void join(struct case_file *file, size_t a, size_t b)
{
    size_t left = root_of(file, a);
    size_t right = root_of(file, b);
    if (left < right) {
        file->leads[right].group = left;
    } else {
        file->leads[left].group = right;
    }
}

/* ---- what leads share ---- */

/* Names so common that sharing one says nothing. */
static bool is_telling_file(struct bytes name)
{
    /* rows: one deleted at a time by make prove */
    static const char *const common[] = {
        "bash",        "dash",       "python",    "python3",  "perl",
        "curl",        "wget",       "cron",      "crontab",  "passwd",
        "shadow",      "index.html", "index.php", "null",     "tmp",
        "sudoers",     "profile",    ".bashrc",   ".profile", "authorized_keys",
        "favicon.ico", "robots.txt",
    };
    for (size_t i = 0; i < sizeof common / sizeof *common; i++) {
        if (bytes_equal_text(name, common[i])) {
            return false;
        }
    }
    return name.size >= FILE_NAME_SIZE_MIN;
}

/* The word under which an entity links, or false where it links nothing. */
static bool link_key(const struct entity *entity, struct text *key)
{
    struct bytes name = entity->name;
    if (entity->role == ROLE_VICTIM) {
        return false; /* whoever attacks it shares it */
    }
    switch (entity->kind) {
    case ENTITY_ADDRESS:
        if (case_address_is_private(name) && entity->role != ROLE_SOURCE) {
            return false;
        }
        text_add(key, "address ");
        break;
    case ENTITY_FILE:
        name = case_base_name(name);
        if (entity->role != ROLE_TOOL || !is_telling_file(name)) {
            return false;
        }
        text_add(key, "file ");
        break;
    case ENTITY_NAME:
        text_add(key, "name ");
        break;
    case ENTITY_HASH:
        text_add(key, "hash ");
        break;
    case ENTITY_URL:
        text_add(key, "url ");
        break;
    case ENTITY_KEY:
        text_add(key, "key ");
        break;
    case ENTITY_ACCOUNT:
    case ENTITY_HOST:
    case ENTITY_PROCESS:
    case ENTITY_SERVICE:
        return false;
    }
    text_add_raw(key, name);
    return name.size > 0 && text_status(key) == STATUS_OK;
}

static enum status share(struct case_file *file, struct table *shared, size_t lead,
                         struct bytes key)
{
    struct table_entry *entry;
    enum status status = table_add(shared, key, &entry);
    if (status == STATUS_LIMIT) {
        return STATUS_OK; /* what is not linked stays a finding of its own */
    }
    TRY(status);
    if (entry->value == NULL) {
        entry->value = &file->leads[lead];
    } else {
        join(file, (size_t)((struct lead *)entry->value - file->leads), lead);
    }
    return STATUS_OK;
}

static enum status share_entities(struct case_file *file, struct table *shared, size_t index)
{
    const struct report_finding *finding = &file->leads[index].finding;
    for (size_t i = 0; i < finding->entity_count; i++) {
        struct text key = text_of_limit(ENTITY_SIZE_MAX + 16);
        enum status status = STATUS_OK;
        if (link_key(&finding->entities[i], &key)) {
            status = share(file, shared, index, text_bytes(&key));
        }
        text_done(&key);
        TRY(status);
    }
    return STATUS_OK;
}

/* Findings of one script belong together, and with those that name the script's file. */
static enum status share_script(struct case_file *file, struct table *shared, size_t index)
{
    const struct lead *lead = &file->leads[index];
    bool in_script = lead->finding.cite_count > 0 &&
                     lead->finding.cites[0].citation.place.kind == PLACE_BYTES;
    if (!in_script) {
        return STATUS_OK;
    }
    const struct entity named = {ENTITY_FILE, ROLE_TOOL,
                                 evidence_base_name(file, lead->evidence)};
    struct text key = text_of_limit(ENTITY_SIZE_MAX + 16);
    text_addf(&key, "evidence %zu", lead->evidence);
    enum status status = share(file, shared, index, text_bytes(&key));
    text_clear(&key);
    if (status == STATUS_OK && link_key(&named, &key)) {
        status = share(file, shared, index, text_bytes(&key));
    }
    text_done(&key);
    return status;
}

/* Scripts name addresses and files: that joins their findings to those about the same. */
static enum status share_script_names(struct case_file *file, struct table *shared)
{
    for (size_t i = 0; i < file->sighting_count; i++) {
        const struct sighting *script = &file->sightings[i];
        if (script->kind != OBSERVED_SCRIPT) {
            continue;
        }
        struct text key = text_of_limit(64);
        text_addf(&key, "evidence %zu", script->evidence);
        struct lead *lead = table_get(shared, text_bytes(&key));
        text_done(&key);
        for (size_t j = 0; lead != NULL && j < script->entity_count; j++) {
            struct text name = text_of_limit(ENTITY_SIZE_MAX + 16);
            const struct lead *other = link_key(&script->entities[j], &name)
                                           ? table_get(shared, text_bytes(&name))
                                           : NULL;
            text_done(&name);
            if (other != NULL) {
                join(file, (size_t)(lead - file->leads), (size_t)(other - file->leads));
            }
        }
    }
    return STATUS_OK;
}

#define NEAR_ENTRY_NS MOMENT_HOUR_NS

/* What the account did on the machine after the entry, what was fetched or changed there soon
 * after, and regular traffic to the outside that began then. */
static bool follows(const struct case_file *file, const struct lead *entry,
                    const struct lead *lead)
{
    struct bytes host = lead_machine(entry);
    struct bytes account = lead_entity(entry, ENTITY_ACCOUNT, ROLE_ACCOUNT);
    struct bytes machine = lead_machine(lead);
    bool is_change = lead->stage == STAGE_DOWNLOAD ||
                     (lead->stage >= STAGE_DEFENCE_OFF && lead->stage <= STAGE_PERSISTENCE);
    if (!case_is_same_machine(file, machine, host)) {
        return false;
    }
    bool same_account = false;
    for (size_t i = 0; i < lead->finding.entity_count; i++) {
        const struct entity *entity = &lead->finding.entities[i];
        same_account = same_account ||
                       (entity->kind == ENTITY_ACCOUNT && bytes_equal(entity->name, account));
    }
    struct moment at = lead->finding.first;
    if (same_account && lead->stage > STAGE_ENTRY) {
        return moment_is_within(at, entry->finding.first, AFTERMATH_NS);
    }
    if (lead->stage == STAGE_CALL_HOME || lead->stage == STAGE_UPLOAD) {
        /* Traffic that began before anybody was in is a habit of the machine. */
        return !case_address_is_private(lead_entity(lead, ENTITY_ADDRESS, ROLE_CONTROLLER)) &&
               moment_is_within(at, entry->finding.first, AFTERMATH_NS);
    }
    return is_change && moment_is_within(at, entry->finding.first, NEAR_ENTRY_NS);
}

static void join_followers(struct case_file *file)
{
    for (size_t i = 0; i < file->lead_count; i++) {
        size_t followers = lead_is_entry(&file->leads[i]) ? file->lead_count : 0;
        for (size_t j = 0; j < followers; j++) {
            if (i != j && follows(file, &file->leads[i], &file->leads[j])) {
                join(file, i, j);
            }
        }
    }
}

/* From host to host is one matter: who went on had got in before. */
static void join_hops(struct case_file *file)
{
    for (size_t i = 0; i < file->lead_count; i++) {
        const struct lead *entry =
            hop_is(&file->leads[i]) ? hop_entry(file, &file->leads[i]) : NULL;
        if (entry != NULL) {
            join(file, i, (size_t)(entry - file->leads));
        }
    }
}

static void join_holes(struct case_file *file)
{
    size_t holes = 0;
    for (size_t i = 0; i < file->lead_count && holes < HOLES_JOINED_MAX; i++) {
        holes += hole_is(&file->leads[i]);
        for (size_t j = 0; hole_is(&file->leads[i]) && j < file->lead_count; j++) {
            if (i != j && hole_belongs(file, &file->leads[i], &file->leads[j])) {
                join(file, i, j);
            }
        }
    }
}

/* Where somebody is in and the records have a hole, the login that would tie a change of the
 * machine to whoever is in may be what is missing. */
static enum status join_held(struct case_file *file)
{
    bool *intruded = arena_take_many(file->arena, file->lead_count, sizeof *intruded);
    if (intruded == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < file->lead_count; i++) {
        size_t root = root_of(file, i);
        intruded[root] = intruded[root] || hole_is_of_intrusion(&file->leads[i]);
    }
    size_t holes = 0;
    for (size_t i = 0; i < file->lead_count && holes < HOLES_JOINED_MAX; i++) {
        bool counts = hole_is(&file->leads[i]) && intruded[root_of(file, i)];
        holes += counts;
        for (size_t j = 0; counts && j < file->lead_count; j++) {
            if (i != j && hole_holds(file, &file->leads[i], &file->leads[j])) {
                join(file, i, j);
                intruded[root_of(file, i)] = true;
            }
        }
    }
    return STATUS_OK;
}

static enum status settle_holes(struct case_file *file)
{
    size_t *roots = arena_take_many(file->arena, file->lead_count, sizeof *roots);
    if (roots == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < file->lead_count; i++) {
        roots[i] = root_of(file, i);
    }
    return hole_settle(file, roots);
}

/* Guessing at one machine from many addresses, none of which got in, is one matter. */
static enum status join_vain_guessing(struct case_file *file)
{
    struct table hosts;
    table_init(&hosts, file->arena, LINKS_MAX);
    bool *entered = arena_take_many(file->arena, file->lead_count, sizeof *entered);
    if (entered == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < file->lead_count; i++) {
        if (file->leads[i].stage != STAGE_GUESSING) {
            entered[root_of(file, i)] = true;
        }
    }
    for (size_t i = 0; i < file->lead_count; i++) {
        struct bytes host = lead_entity(&file->leads[i], ENTITY_HOST, ROLE_VICTIM);
        bool is_medium = file->leads[i].finding.severity >= SEVERITY_MEDIUM;
        if (file->leads[i].stage == STAGE_GUESSING && is_medium && host.size > 0 &&
            !entered[root_of(file, i)]) {
            TRY(share(file, &hosts, i, host));
        }
    }
    return STATUS_OK;
}

/* ---- what the group makes of its leads ---- */

/* The kinds of stage in each group, as bits.  A login that is probably the owner's makes no
 * intrusion of what follows it. */
static uint32_t *group_stages(struct case_file *file)
{
    uint32_t *stages = arena_take_many(file->arena, file->lead_count, sizeof *stages);
    for (size_t i = 0; stages != NULL && i < file->lead_count; i++) {
        const struct lead *lead = &file->leads[i];
        if (lead->stage != STAGE_ENTRY || lead->finding.severity >= SEVERITY_MEDIUM) {
            stages[root_of(file, i)] |= 1U << lead->stage;
        }
        if (lead_is_entry(lead)) {
            stages[root_of(file, i)] |= 1U << STAGE_ENTRY;
        }
    }
    return stages;
}

static void raise_to(struct lead *lead, enum severity severity, double confidence)
{
    if (lead->finding.severity < severity) {
        lead->finding.severity = severity;
    }
    if (lead->finding.confidence < confidence) {
        lead->finding.confidence = confidence;
    }
}

#define HAS(stages, kind) (((stages) & (1U << (kind))) != 0)

/* Beside an entry, or a fetched program that ran, a call-home is no poll, an upload no backup.
 */
static void raise_by_group(struct case_file *file, const uint32_t *stages)
{
    for (size_t i = 0; i < file->lead_count; i++) {
        struct lead *lead = &file->leads[i];
        uint32_t kinds = stages[root_of(file, i)];
        bool entered = HAS(kinds, STAGE_ENTRY);
        bool ran = HAS(kinds, STAGE_DOWNLOAD) && HAS(kinds, STAGE_EXECUTION);
        bool is_traffic = lead->stage == STAGE_CALL_HOME || lead->stage == STAGE_UPLOAD;
        bool is_consequence = lead->stage > STAGE_ENTRY && lead->stage != STAGE_OTHER;
        if (entered && is_traffic) {
            raise_to(lead, SEVERITY_HIGH, 0.9);
        } else if (entered && is_consequence) {
            raise_to(lead, SEVERITY_MEDIUM, 0.8);
        } else if (ran && is_traffic) {
            raise_to(lead, SEVERITY_MEDIUM, 0.8);
        }
    }
}

/* An upload over the very service that is called home to is T1041; detect, which sees one flow,
 * says T1048.003. */
static void name_uploads(struct case_file *file)
{
    static const struct bytes over_controller[] = {BYTES_LITERAL("T1041")};
    for (size_t i = 0; i < file->lead_count; i++) {
        struct lead *upload = &file->leads[i];
        struct bytes service = lead_entity(upload, ENTITY_SERVICE, ROLE_CONTROLLER);
        for (size_t j = 0; upload->stage == STAGE_UPLOAD && j < file->lead_count; j++) {
            const struct lead *other = &file->leads[j];
            if (other->stage == STAGE_CALL_HOME && service.size > 0 &&
                bytes_equal(lead_entity(other, ENTITY_SERVICE, ROLE_CONTROLLER), service)) {
                upload->finding.techniques = over_controller;
                upload->finding.technique_count = 1;
            }
        }
    }
}

/* The earliest time known in each group: of one kind of stage, or unknown. */
static void note_earliest(struct moment *best, struct moment moment)
{
    if (moment.is_known && (!best->is_known || moment_compare(moment, *best) < 0)) {
        *best = moment;
    }
}

/* When what a script says happened: when that very thing was seen, else when the script was
 * run, else when it was fetched. */
static enum status infer_times(struct case_file *file)
{
    struct moment(*times)[STAGE_KIND_COUNT] =
        arena_take_many(file->arena, file->lead_count, sizeof *times);
    if (times == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < file->lead_count; i++) {
        const struct lead *lead = &file->leads[i];
        note_earliest(&times[root_of(file, i)][lead->stage], lead->finding.first);
    }
    for (size_t i = 0; i < file->lead_count; i++) {
        struct lead *lead = &file->leads[i];
        const struct moment *known = times[root_of(file, i)];
        const enum stage_kind sources[] = {lead->stage, STAGE_EXECUTION, STAGE_DOWNLOAD};
        for (size_t j = 0; j < 3 && !lead->effective.is_known; j++) {
            lead->effective = known[sources[j]];
            lead->time_is_inferred = lead->effective.is_known;
        }
    }
    return STATUS_OK;
}

#define RUN_BEFORE_SIGN_NS MOMENT_MINUTE_NS

/* A program ran before it called home: the sign that it ran, in another source, may come some
 * moments later.  Nothing from before it was fetched counts. */
static void settle_runs(struct case_file *file)
{
    for (size_t i = 0; i < file->lead_count; i++) {
        struct lead *run = &file->leads[i];
        if (!bytes_equal_text(run->finding.rule, "behaviour/program-ran")) {
            continue;
        }
        struct moment fetched = {0};
        for (size_t j = 0; j < file->lead_count; j++) {
            const struct lead *lead = &file->leads[j];
            if (lead->stage == STAGE_DOWNLOAD && root_of(file, j) == root_of(file, i)) {
                note_earliest(&fetched, lead->finding.first);
            }
        }
        for (size_t j = 0; fetched.is_known && j < file->lead_count; j++) {
            const struct lead *lead = &file->leads[j];
            if (lead->stage == STAGE_CALL_HOME && root_of(file, j) == root_of(file, i) &&
                moment_is_within(run->effective, lead->finding.first, RUN_BEFORE_SIGN_NS) &&
                moment_compare(lead->finding.first, fetched) > 0) {
                run->effective = lead->finding.first;
            }
        }
    }
}

/* A login after guessing that is most likely the owner's is no entry: nothing follows from it.
 * Nor is a request that was only made to be one. */
static enum stage_kind stage_of(const struct lead *lead)
{
    if (web_is_attack(lead)) {
        return STAGE_SCANNING;
    }
    if (bytes_equal_text(lead->finding.rule, "behaviour/two-places")) {
        return STAGE_OTHER; /* a question to its owner */
    }
    bool is_login = bytes_equal_text(lead->finding.rule, "behaviour/login-after-guessing") ||
                    bytes_equal_text(lead->finding.rule, "behaviour/login-by-intruder") ||
                    hop_is(lead);
    bool is_doubtful = is_login && lead->finding.severity < SEVERITY_MEDIUM;
    return is_doubtful
               ? STAGE_OTHER
               : technique_stage(lead->finding.techniques, lead->finding.technique_count);
}

/* Of who uses a web shell, an attempt that was not refused may well have been the way in. */
static void settle_web_entries(struct case_file *file)
{
    for (size_t i = 0; i < file->lead_count; i++) {
        const struct lead *shell = &file->leads[i];
        for (size_t j = 0; web_is_used_shell(shell) && j < file->lead_count; j++) {
            if (web_is_entry_by(&file->leads[j], shell) &&
                root_of(file, i) == root_of(file, j)) {
                file->leads[j].stage = STAGE_ENTRY;
            }
        }
    }
}

enum status link_leads(struct case_file *file)
{
    struct table shared;
    table_init(&shared, file->arena, LINKS_MAX);
    for (size_t i = 0; i < file->lead_count; i++) {
        struct lead *lead = &file->leads[i];
        lead->group = i;
        lead->stage = stage_of(lead);
    }
    for (size_t i = 0; i < file->lead_count; i++) {
        TRY(share_entities(file, &shared, i));
        TRY(share_script(file, &shared, i));
    }
    TRY(share_script_names(file, &shared));
    settle_web_entries(file);
    join_hops(file);
    join_followers(file);
    join_holes(file);
    TRY(join_held(file));
    TRY(join_vain_guessing(file));
    uint32_t *stages = group_stages(file);
    if (stages == NULL) {
        return STATUS_NO_MEMORY;
    }
    raise_by_group(file, stages);
    name_uploads(file);
    TRY(settle_holes(file));
    TRY(infer_times(file));
    settle_runs(file);
    for (size_t i = 0; i < file->lead_count; i++) {
        file->leads[i].group = root_of(file, i);
    }
    return STATUS_OK;
}
