#include "explain/story.h"

#include "explain/missing.h"
#include "explain/subject.h"
#include "explain/wording.h"
#include "record/quote.h"

static const struct stage *find_stage(const struct incident *incident, enum stage_kind kind)
{
    for (size_t i = 0; i < incident->stage_count; i++) {
        if (incident->stages[i].kind == kind) {
            return &incident->stages[i];
        }
    }
    return NULL;
}

static void add_stage(struct basis *basis, const struct report *report,
                      const struct stage *stage)
{
    for (size_t i = 0; stage != NULL && i < stage->finding_count; i++) {
        const struct report_finding *finding = report_finding_by_id(report, stage->findings[i]);
        if (finding != NULL) {
            basis_add_finding(basis, finding);
        }
    }
}

/* ---- the leader's page ---- */

#define STILL_THERE_NS (10 * MOMENT_MINUTE_NS)

/* True where the last contact is as good as the end of what was recorded. */
static bool is_still_there(const struct report *report, const struct stage *call_home)
{
    struct moment end = report_end(report);
    return call_home != NULL && call_home->last.is_known && end.is_known &&
           end.year_known == call_home->last.year_known &&
           end.ns - call_home->last.ns <= STILL_THERE_NS;
}

#define SURE_CONFIDENCE 0.8

/* True where something speaks for the stage so strongly that it may be said outright. */
static bool is_sure(const struct report *report, const struct stage *stage)
{
    for (size_t i = 0; i < stage->finding_count; i++) {
        const struct report_finding *finding = report_finding_by_id(report, stage->findings[i]);
        if (finding != NULL && finding->confidence >= SURE_CONFIDENCE) {
            return true;
        }
    }
    return false;
}

/* True where something of the stage is high by itself: beside an entry the rest is raised. */
static bool is_grave(const struct report *report, const struct stage *stage)
{
    for (size_t i = 0; i < stage->finding_count; i++) {
        const struct report_finding *finding = report_finding_by_id(report, stage->findings[i]);
        if (finding != NULL && finding->severity >= SEVERITY_HIGH) {
            return true;
        }
    }
    return false;
}

static bool has_technique(const struct stage *stage, const char *technique)
{
    return stage != NULL && stage->technique_count > 0 &&
           bytes_starts(stage->techniques[0], technique);
}

static const struct stage *find_web_shell(const struct incident *incident)
{
    for (size_t i = 0; i < incident->stage_count; i++) {
        if (has_technique(&incident->stages[i], "T1505.003")) {
            return &incident->stages[i];
        }
    }
    return NULL;
}

static const struct stage *find_names(const struct report *report,
                                      const struct incident *incident)
{
    for (size_t i = 0; i < incident->stage_count; i++) {
        if (subject_is_in_names(report, &incident->stages[i])) {
            return &incident->stages[i];
        }
    }
    return NULL;
}

/* Nothing but requests to a web server that look for a way in. */
static bool is_web_scanning(const struct incident *incident)
{
    for (size_t i = 0; i < incident->stage_count; i++) {
        const struct stage *stage = &incident->stages[i];
        bool is_web = has_technique(stage, "T1190") || has_technique(stage, "T1595.002") ||
                      has_technique(stage, "T1595.003");
        if (stage->kind != STAGE_SCANNING || !is_web) {
            return false;
        }
    }
    return true;
}

/* What came through a web server; NULL for what did not. */
static const char *web_shape(const struct report *report, const struct incident *incident,
                             struct basis *basis)
{
    const struct stage *entry = find_stage(incident, STAGE_ENTRY);
    const struct stage *shell = find_web_shell(incident);
    const struct stage *call_home = find_stage(incident, STAGE_CALL_HOME);
    const struct stage *scanning = find_stage(incident, STAGE_SCANNING);
    /* A login that came after the use of a shell is not how it began. */
    bool by_shell =
        shell != NULL && (entry == NULL || (shell < entry && is_grave(report, shell)));
    bool by_web = by_shell || has_technique(entry, "T1190");
    if (by_web) {
        add_stage(basis, report, entry);
        add_stage(basis, report, shell);
        add_stage(basis, report, call_home);
        return call_home != NULL && is_still_there(report, call_home) ? "controlled.web"
               : call_home != NULL                                    ? "was-controlled.web"
               : entry != NULL                                        ? "entered.web"
               : is_sure(report, shell)                               ? "web-shell"
                                                                      : "web-shell.unsure";
    }
    if (scanning != NULL && is_web_scanning(incident)) {
        add_stage(basis, report, scanning);
        return "scanned";
    }
    return NULL;
}

/* Who tried many ports: from outside, or from inside, where somebody or something of ours does
 * it.  NULL where nobody did. */
static const char *probe_shape(const struct report *report, const struct stage *stage)
{
    const char *shape = NULL;
    for (size_t i = 0; stage != NULL && i < stage->finding_count; i++) {
        const struct report_finding *finding = report_finding_by_id(report, stage->findings[i]);
        if (finding == NULL || !bytes_equal_text(finding->rule, "behaviour/port-scan")) {
            continue;
        }
        const struct fact *inside =
            fact_find(finding->facts, finding->fact_count, "from_inside");
        shape = inside != NULL && inside->count > 0 ? "probed.inside"
                : shape == NULL                     ? "probed"
                                                    : shape;
    }
    return shape;
}

const char *story_shape(const struct report *report, const struct incident *incident,
                        struct basis *basis)
{
    const char *by_web = web_shape(report, incident, basis);
    if (by_web != NULL) {
        return by_web;
    }
    const struct stage *entry = find_stage(incident, STAGE_ENTRY);
    const struct stage *guessing = find_stage(incident, STAGE_GUESSING);
    const struct stage *call_home = find_stage(incident, STAGE_CALL_HOME);
    const struct stage *ran = find_stage(incident, STAGE_EXECUTION);
    add_stage(basis, report, entry);
    if (entry != NULL && call_home != NULL) {
        add_stage(basis, report, call_home);
        return is_still_there(report, call_home) ? "controlled" : "was-controlled";
    }
    if (entry != NULL && !is_sure(report, entry)) {
        return "entered.unsure";
    }
    if (entry != NULL) {
        return guessing != NULL ? "entered" : "entered.unguessed";
    }
    const struct stage *names = find_names(report, incident);
    if (names != NULL && ran == NULL) {
        add_stage(basis, report, names);
        return "names";
    }
    if (call_home != NULL || ran != NULL) {
        add_stage(basis, report, call_home != NULL ? call_home : ran);
        return "program";
    }
    if (guessing != NULL) {
        add_stage(basis, report, guessing);
        return "guessed-in-vain";
    }
    const struct stage *scanning = find_stage(incident, STAGE_SCANNING);
    const char *probed = probe_shape(report, scanning);
    if (probed != NULL) {
        add_stage(basis, report, scanning);
        return probed;
    }
    add_stage(basis, report, incident->stage_count == 0 ? NULL : &incident->stages[0]);
    if (incident->stage_count == 1 && missing_is_stage(report, &incident->stages[0])) {
        return "log-hole";
    }
    return "other";
}

/* The machine that a stage is a hop into, or NULL. */
static const struct entity *hop_target(const struct report *report, const struct stage *stage)
{
    const struct report_finding *finding =
        stage->finding_count == 0 ? NULL : report_finding_by_id(report, stage->findings[0]);
    bool is_hop = finding != NULL && stage->kind == STAGE_ENTRY &&
                  rule_tells_hop(finding->rule) && is_sure(report, stage);
    return is_hop
               ? entity_find(finding->entities, finding->entity_count, ENTITY_HOST, ROLE_VICTIM)
               : NULL;
}

void story_set_next(const struct report *report, const struct incident *incident,
                    struct slots *slots)
{
    const struct entity *first = NULL;
    size_t more = 0;
    for (size_t i = 0; i < incident->stage_count; i++) {
        const struct entity *target = hop_target(report, &incident->stages[i]);
        more += target != NULL && first != NULL && !entity_same(target, first);
        first = first == NULL ? target : first;
    }
    if (first == NULL) {
        return;
    }
    struct text next = text_of_limit(PHRASE_SIZE_MAX);
    quote_add_name(&next, first, false);
    if (more > 0) {
        text_add(&next, ", and ");
        wording_add_count(&next, more);
        text_add(&next, " more");
    }
    slots_set(slots, "next", &next);
    text_done(&next);
}

/* True where a right was used that was there, not given. */
static bool is_use_of_right(const struct report *report, const struct stage *stage)
{
    const struct report_finding *finding =
        stage->finding_count == 0 ? NULL : report_finding_by_id(report, stage->findings[0]);
    return finding != NULL && bytes_equal_text(finding->rule, "behaviour/sudo-after-entry");
}

static bool is_administrators(const struct report *report, const struct stage *stage)
{
    const struct report_finding *finding =
        stage->finding_count == 0 ? NULL : report_finding_by_id(report, stage->findings[0]);
    const struct fact *fact = finding == NULL ? NULL
                                              : fact_find(finding->facts, finding->fact_count,
                                                          "administrator_address");
    return fact != NULL && fact->count > 0;
}

/* "stage.<kind>.<technique>", which falls back to "stage.<kind>" and "stage".  What counts for
 * less because of the site file is said to. */
static void name_stage_phrase(const struct report *report, const struct stage *stage,
                              struct text *id)
{
    text_addf(id, "stage.%s", stage_kind_name(stage->kind));
    if (stage->kind == STAGE_RIGHT) {
        text_add(id, is_use_of_right(report, stage) ? ".used" : ".given");
        return;
    }
    if (stage->technique_count > 0) {
        text_add(id, ".");
        text_add_raw(id, stage->techniques[0]);
        bool is_unsure = stage->kind == STAGE_ENTRY && !is_sure(report, stage);
        text_add(id, is_administrators(report, stage)     ? ".administrator"
                     : is_unsure                          ? ".unsure"
                     : subject_is_in_names(report, stage) ? ".names"
                     : missing_is_stage(report, stage)    ? ".hole"
                                                          : subject_detail(report, stage));
    }
}

/* Getting in, what was done inside, and what left are paragraphs of their own. */
static bool opens_chapter(const struct stage *stage, const struct stage *before)
{
    bool leaves_door =
        before != NULL && before->kind <= STAGE_ENTRY && stage->kind > STAGE_ENTRY;
    return leaves_door || stage->kind == STAGE_UPLOAD;
}

static void note_told(struct told *told, const struct stage *stage)
{
    if (stage->first.is_known && !stage->time_is_inferred) {
        told->is_running = wording_is_soon(stage->first, told->at);
        /* Of a siege the end was told too. */
        told->at =
            stage->kind <= STAGE_GUESSING && stage->last.is_known ? stage->last : stage->first;
    }
}

/* The account that a stage is about, or none. */
static struct bytes account_of(const struct report *report, const struct stage *stage)
{
    const struct report_finding *finding =
        stage->finding_count == 0 ? NULL : report_finding_by_id(report, stage->findings[0]);
    const struct entity *account = finding == NULL
                                       ? NULL
                                       : entity_find(finding->entities, finding->entity_count,
                                                     ENTITY_ACCOUNT, ROLE_ACCOUNT);
    return account == NULL ? BYTES_NONE : account->name;
}

/* Two ways to see that one account got a right are one thing to tell. */
static bool is_told_again(const struct report *report, const struct incident *incident,
                          size_t index)
{
    const struct stage *stage = &incident->stages[index];
    for (size_t i = 0; stage->kind == STAGE_RIGHT && i < index; i++) {
        const struct stage *other = &incident->stages[i];
        if (other->kind == STAGE_RIGHT &&
            is_use_of_right(report, other) == is_use_of_right(report, stage) &&
            bytes_equal(account_of(report, other), account_of(report, stage))) {
            return true;
        }
    }
    return false;
}

enum status story_say_stage(const struct report *report, struct draft *draft,
                            const struct incident *incident, const struct stage *stage,
                            struct told *told)
{
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    add_stage(&basis, report, stage);
    subject_of_stage(report, incident, stage, *told, &slots);
    struct text id = text_of_limit(128);
    name_stage_phrase(report, stage, &id);
    bool said;
    enum status status = draft_say(draft, text_terminated(&id), &slots, &basis, &said);
    text_done(&id);
    if (status == STATUS_OK && said) {
        note_told(told, stage);
    }
    return status;
}

static enum status say_stages(const struct report *report, struct draft *draft,
                              const struct incident *incident)
{
    struct told told = {0};
    for (size_t i = 0; i < incident->stage_count; i++) {
        const struct stage *stage = &incident->stages[i];
        if (is_told_again(report, incident, i)) {
            continue;
        }
        bool opens = opens_chapter(stage, i == 0 ? NULL : stage - 1);
        draft->opens_paragraph = draft->opens_paragraph || opens;
        told.is_running = told.is_running && !opens;
        TRY(story_say_stage(report, draft, incident, stage, &told));
    }
    return STATUS_OK;
}

/* What is said elsewhere as the incident's own lists is part of the leader's page too. */
static void repeat(struct draft *draft, const struct sentence *sentences, size_t count)
{
    draft->opens_paragraph = true;
    for (size_t i = 0; i < count && draft->count < draft->capacity; i++) {
        draft->sentences[draft->count] = sentences[i];
        draft->sentences[draft->count++].opens_paragraph = draft->opens_paragraph;
        draft->opens_paragraph = false;
    }
}

enum status story_say_decision(struct draft *draft, const struct incident *incident)
{
    for (size_t i = 0; i < incident->plan_count; i++) {
        const struct plan_step *step = &incident->plan[i];
        if (step->approve.size == 0 || !bytes_equal_text(step->phase, "contain")) {
            continue;
        }
        struct slots slots = {.arena = draft->arena};
        struct text action = text_of_limit(PHRASE_SIZE_MAX);
        text_add_raw(&action, step->action);
        slots_set(&slots, "action", &action);
        text_clear(&action);
        text_add_raw(&action, step->breaks);
        slots_set(&slots, "breaks", &action);
        text_clear(&action);
        text_add(&action, "playbook:");
        text_add_raw(&action, step->id);
        struct basis basis = {0};
        struct citation citation = {.kind = CITATION_KNOWLEDGE};
        enum status status = arena_copy(draft->arena, text_bytes(&action), &citation.subject);
        text_done(&action);
        TRY(status);
        basis_add(&basis, &citation);
        draft->opens_paragraph = true;
        return draft_say(draft, "decide", &slots, &basis, NULL);
    }
    return STATUS_OK;
}

/* What the owner wrote about the machine. */
static enum status say_site(struct draft *draft, const struct site *site,
                            const struct incident *incident)
{
    const struct entity *host =
        entity_find(incident->entities, incident->entity_count, ENTITY_HOST, ROLE_VICTIM);
    const struct tree_node *written = host == NULL ? NULL : site_host(site, host->name);
    if (written == NULL) {
        return STATUS_OK;
    }
    const struct citation citation = {.kind = CITATION_SITE, .subject = host->name};
    struct basis basis = {0};
    basis_add(&basis, &citation);
    struct slots slots = {.arena = draft->arena};
    subject_of_incident(incident, &slots);
    const struct {
        const char *name;
        struct bytes value;
    } words[] = {{"purpose", site_host_purpose(written)}, {"owner", site_host_owner(written)}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct text text = text_of_limit(PHRASE_SIZE_MAX);
        text_add_quoted(&text, words[i].value, 200);
        slots_set(&slots, words[i].name, &text);
        text_done(&text);
        TRY(draft_say(draft, words[i].name, &slots, &basis, NULL));
    }
    return site_host_is_important(written) ? draft_say(draft, "important", &slots, &basis, NULL)
                                           : STATUS_OK;
}

static enum status copy_title(const struct draft *draft, struct incident *incident)
{
    if (draft->count == 0) {
        return STATUS_OK;
    }
    struct bytes title = draft->sentences[0].text;
    while (title.size > 0 && title.data[title.size - 1] == '.') {
        title.size--;
    }
    return arena_copy(draft->arena, title, &incident->title);
}

enum status story_for_leader(const struct report *report, const struct site *site,
                             struct phrase_book *book, struct arena *arena,
                             struct incident *incident)
{
    struct draft draft;
    TRY(draft_begin(&draft, arena, book));
    struct slots slots = {.arena = arena};
    subject_of_incident(incident, &slots);
    story_set_next(report, incident, &slots);
    struct basis basis = {0};
    draft.opens_paragraph = true;
    TRY(draft_say_of(&draft, "headline", story_shape(report, incident, &basis), &slots,
                     &basis));
    TRY(copy_title(&draft, incident));
    draft.opens_paragraph = true;
    TRY(say_stages(report, &draft, incident));
    repeat(&draft, incident->unknown, incident->unknown_count);
    repeat(&draft, incident->disproof, incident->disproof_count);
    TRY(story_say_decision(&draft, incident));
    TRY(say_site(&draft, site, incident));
    incident->story[AUDIENCE_LEADER] = draft.sentences;
    incident->story_count[AUDIENCE_LEADER] = draft.count;
    return STATUS_OK;
}

/* ---- the analyst's account ---- */

static enum status say_finding(struct draft *draft, const struct report_finding *finding)
{
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    basis_add_finding(&basis, finding);
    for (size_t i = 0; i < finding->technique_count; i++) {
        struct citation citation = {.kind = CITATION_KNOWLEDGE};
        struct text subject = text_of_limit(64);
        text_add(&subject, "attack:");
        text_add_raw(&subject, finding->techniques[i]);
        enum status status = arena_copy(draft->arena, text_bytes(&subject), &citation.subject);
        text_done(&subject);
        TRY(status);
        basis_add(&basis, &citation);
    }
    subject_of_finding(finding, &slots);
    return draft_say(draft, "finding", &slots, &basis, NULL);
}

enum status story_for_analyst(const struct report *report, struct phrase_book *book,
                              struct arena *arena, struct incident *incident)
{
    struct draft draft;
    TRY(draft_begin(&draft, arena, book));
    for (size_t i = 0; i < incident->stage_count; i++) {
        const struct stage *stage = &incident->stages[i];
        draft.opens_paragraph = true;
        for (size_t j = 0; j < stage->finding_count; j++) {
            const struct report_finding *finding =
                report_finding_by_id(report, stage->findings[j]);
            if (finding != NULL) {
                TRY(say_finding(&draft, finding));
            }
        }
    }
    repeat(&draft, incident->unknown, incident->unknown_count);
    repeat(&draft, incident->disproof, incident->disproof_count);
    incident->story[AUDIENCE_ANALYST] = draft.sentences;
    incident->story_count[AUDIENCE_ANALYST] = draft.count;
    return STATUS_OK;
}
