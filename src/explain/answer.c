#include "explain/answer.h"

#include "explain/check.h"
#include "explain/doubt.h"
#include "explain/story.h"
#include "explain/subject.h"
#include "explain/wording.h"
#include "record/quote.h"

#include <string.h>

#define NAMES_SHOWN_MAX 12
#define STEPS_SHOWN_MAX 6
#define FINDINGS_SHOWN_MAX 12
#define LIST_SIZE_MAX 4096
#define NAME_SHARE_MIN 0.2      /* that a name is asked about, where the report has it */
#define SUGGESTED_SHARE_MIN 0.1 /* that it may be what was meant */

/* An answer being put together. */
struct answering {
    struct report *report;
    const struct incident *incident; /* NULL where the report has none */
    const struct entity *entity;     /* that the question names, or NULL */
    struct draft draft;
    struct slots slots;
    bool is_doubted; /* what is said is that it is not known */
};

/* ---- what phrases may use ---- */

static void set(struct slots *slots, const char *name, struct text *text)
{
    slots_set(slots, name, text);
    text_clear(text);
}

/* The names of a kind (and role, or ROLE_COUNT for any), each once. */
static void set_names(struct answering *answering, const char *slot, enum entity_kind kind,
                      enum entity_role role)
{
    AUTO(text_done) struct text text = text_of_limit(LIST_SIZE_MAX);
    const struct incident *incident = answering->incident;
    size_t shown = 0;
    size_t more = 0;
    for (size_t i = 0; i < incident->entity_count; i++) {
        const struct entity *entity = &incident->entities[i];
        if (entity->kind != kind || (role != ROLE_COUNT && entity->role != role)) {
            continue;
        }
        if (shown == NAMES_SHOWN_MAX) {
            more++;
            continue;
        }
        text_add(&text, shown++ == 0 ? "" : ", ");
        quote_add_entity(&text, entity);
    }
    if (more > 0) {
        text_addf(&text, " and %zu more", more);
    }
    set(&answering->slots, slot, &text);
}

static void set_techniques(struct answering *answering)
{
    AUTO(text_done) struct text text = text_of_limit(LIST_SIZE_MAX);
    const struct incident *incident = answering->incident;
    struct bytes seen[64];
    size_t count = 0;
    for (size_t i = 0; i < incident->stage_count; i++) {
        for (size_t j = 0; j < incident->stages[i].technique_count; j++) {
            struct bytes technique = incident->stages[i].techniques[j];
            size_t k = 0;
            while (k < count && !bytes_equal(seen[k], technique)) {
                k++;
            }
            if (k == count && count < sizeof seen / sizeof *seen) {
                seen[count++] = technique;
                text_add(&text, count == 1 ? "" : ", ");
                text_add_quoted(&text, technique, 32);
            }
        }
    }
    set(&answering->slots, "techniques", &text);
}

static void set_times(struct answering *answering)
{
    AUTO(text_done) struct text text = text_of_limit(200);
    const struct incident *incident = answering->incident;
    if (incident->first.is_known && incident->last.is_known &&
        incident->first.year_known == incident->last.year_known &&
        incident->last.ns > incident->first.ns) {
        wording_add_duration(&text, (uint64_t)(incident->last.ns - incident->first.ns));
        set(&answering->slots, "duration_seen", &text);
    }
    const struct {
        const char *slot;
        struct moment moment;
    } rows[] = {{"incident_first", incident->first}, {"incident_last", incident->last}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].moment.is_known) {
            wording_add_time(&text, rows[i].moment, (struct moment){0});
            set(&answering->slots, rows[i].slot, &text);
        }
    }
    struct moment end = report_end(answering->report);
    if (end.is_known) {
        wording_add_time(&text, end, (struct moment){0});
        set(&answering->slots, "evidence_end", &text);
    }
}

static void set_judgement(struct answering *answering)
{
    AUTO(text_done) struct text text = text_of_limit(64);
    const struct incident *incident = answering->incident;
    slots_set_text(&answering->slots, "severity", severity_name(incident->severity));
    slots_set_text(&answering->slots, "verdict", verdict_name(incident->verdict));
    text_addf(&text, "%.0f", incident->confidence * 100);
    set(&answering->slots, "percent", &text);
    wording_add_count(&text, incident->finding_count);
    set(&answering->slots, "findings", &text);
    wording_add_count(&text, answering->report->incident_count);
    set(&answering->slots, "incidents", &text);
}

static void set_slots(struct answering *answering)
{
    static const struct {
        const char *slot;
        enum entity_kind kind;
        enum entity_role role;
    } rows[] = {
        {"source_names", ENTITY_ADDRESS, ROLE_SOURCE},
        {"controller_names", ENTITY_ADDRESS, ROLE_CONTROLLER},
        {"domain_names", ENTITY_NAME, ROLE_COUNT},
        {"host_names", ENTITY_HOST, ROLE_VICTIM},
        {"account_names", ENTITY_ACCOUNT, ROLE_ACCOUNT},
        {"actor_names", ENTITY_ACCOUNT, ROLE_ACTOR},
        {"file_names", ENTITY_FILE, ROLE_TOOL},
        {"url_names", ENTITY_URL, ROLE_COUNT},
        {"hash_names", ENTITY_HASH, ROLE_COUNT},
    };
    if (answering->incident == NULL) {
        return;
    }
    subject_of_incident(answering->incident, &answering->slots);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        set_names(answering, rows[i].slot, rows[i].kind, rows[i].role);
    }
    set_techniques(answering);
    set_times(answering);
    set_judgement(answering);
}

/* ---- what sentences rest on ---- */

static void add_coverage(const struct report *report, struct basis *basis)
{
    for (size_t i = 0; i < report->evidence_count; i++) {
        if (report->evidence[i].examined != EXAMINED_NO) {
            basis_add_coverage(basis, &report->evidence[i]);
        }
    }
    for (size_t i = 0; basis->count == 0 && i < report->evidence_count; i++) {
        basis_add_coverage(basis, &report->evidence[i]);
    }
}

/* Findings that name something of a kind; ENTITY_KIND_COUNT for all. */
static void add_findings(const struct answering *answering, enum entity_kind kind,
                         struct basis *basis)
{
    const struct incident *incident = answering->incident;
    for (size_t i = 0; incident != NULL && i < incident->finding_count; i++) {
        const struct report_finding *finding =
            report_finding_by_id(answering->report, incident->findings[i]);
        bool names_it =
            kind == ENTITY_KIND_COUNT ||
            (finding != NULL &&
             entity_find(finding->entities, finding->entity_count, kind, ROLE_COUNT) != NULL);
        if (finding != NULL && names_it) {
            basis_add_finding(basis, finding);
        }
    }
}

static enum status say(struct answering *answering, const char *prefix, struct bytes id,
                       const struct basis *basis)
{
    AUTO(text_done) struct text name = text_of_limit(128);
    text_add(&name, prefix);
    text_add_raw(&name, id);
    TRY(text_status(&name));
    return draft_say(&answering->draft, text_terminated(&name), &answering->slots, basis, NULL);
}

static void repeat(struct answering *answering, const struct sentence *sentences, size_t count)
{
    struct draft *draft = &answering->draft;
    for (size_t i = 0; i < count && draft->count < REPLY_SENTENCES_MAX; i++) {
        draft->sentences[draft->count] = sentences[i];
        draft->sentences[draft->count].opens_paragraph = draft->count == 0;
        draft->count++;
    }
}

/* ---- parts ---- */

static enum status part_headline(struct answering *answering, struct bytes which)
{
    (void)which;
    const struct incident *incident = answering->incident;
    if (incident != NULL && incident->story_count[AUDIENCE_LEADER] > 0) {
        repeat(answering, incident->story[AUDIENCE_LEADER], 1);
    }
    return STATUS_OK;
}

/* "call-home", or "call-home.T1071.004" for one that is of that technique. */
static bool is_stage(const struct stage *stage, struct bytes which)
{
    size_t dot = bytes_find_byte(which, '.');
    struct bytes technique = bytes_from(which, dot + 1);
    bool has_technique = technique.size == 0;
    for (size_t i = 0; i < stage->technique_count && !has_technique; i++) {
        has_technique = bytes_equal(stage->techniques[i], technique);
    }
    return has_technique &&
           bytes_equal_text(bytes_part(which, 0, dot), stage_kind_name(stage->kind));
}

/* `which` empty: all of them. */
static enum status part_stage(struct answering *answering, struct bytes which)
{
    const struct incident *incident = answering->incident;
    for (size_t i = 0; incident != NULL && i < incident->stage_count; i++) {
        const struct stage *stage = &incident->stages[i];
        if (which.size == 0 || is_stage(stage, which)) {
            struct told told = {0};
            TRY(story_say_stage(answering->report, &answering->draft, incident, stage, &told));
        }
    }
    return STATUS_OK;
}

/* What a phrase speaks of decides what it rests on. */
static enum entity_kind kind_of(struct bytes which)
{
    static const struct {
        const char *id;
        enum entity_kind kind;
    } rows[] = {
        {"attacker", ENTITY_ADDRESS},           {"accounts", ENTITY_ACCOUNT},
        {"passwords", ENTITY_ACCOUNT},          {"machines", ENTITY_HOST},
        {"indicators-network", ENTITY_ADDRESS}, {"indicators-files", ENTITY_FILE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (bytes_equal_text(which, rows[i].id)) {
            return rows[i].kind;
        }
    }
    return ENTITY_KIND_COUNT;
}

static enum status part_say(struct answering *answering, struct bytes which)
{
    struct basis basis = {0};
    add_findings(answering, kind_of(which), &basis);
    add_coverage(answering->report, &basis);
    return answering->incident == NULL ? STATUS_OK : say(answering, "answer.", which, &basis);
}

static enum status part_unknown(struct answering *answering, struct bytes which)
{
    const struct incident *incident = answering->incident;
    if (incident == NULL) {
        return STATUS_OK;
    }
    if (which.size == 0) {
        repeat(answering, incident->unknown, incident->unknown_count);
        return STATUS_OK;
    }
    struct basis basis = {0};
    add_coverage(answering->report, &basis);
    /* What is not known of a thing is said only where the thing was. */
    return answering->draft.count == 0 ? STATUS_OK : say(answering, "unknown.", which, &basis);
}

/* Whether anybody got in, where nobody was seen to. */
static enum status part_doubt(struct answering *answering, struct bytes which)
{
    (void)which;
    return answering->incident == NULL
               ? STATUS_OK
               : doubt_say_entry(answering->report, answering->incident, &answering->draft,
                                 &answering->slots, &answering->is_doubted);
}

static enum status part_disproof(struct answering *answering, struct bytes which)
{
    (void)which;
    if (answering->incident != NULL) {
        repeat(answering, answering->incident->disproof, answering->incident->disproof_count);
    }
    return STATUS_OK;
}

static enum status say_step(struct answering *answering, const struct plan_step *step)
{
    AUTO(text_done) struct text text = text_of_limit(PHRASE_SIZE_MAX);
    struct slots slots = {.arena = answering->slots.arena};
    const struct {
        const char *slot;
        struct bytes value;
    } rows[] = {{"action", step->action}, {"breaks", step->breaks}, {"approve", step->approve}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        text_add_raw(&text, rows[i].value);
        set(&slots, rows[i].slot, &text);
    }
    struct basis basis = {0};
    for (size_t i = 0; i < step->cite_count; i++) {
        basis_add(&basis, &step->cites[i]);
    }
    answering->draft.opens_paragraph = true;
    return draft_say(&answering->draft, "answer.step", &slots, &basis, NULL);
}

static enum status part_plan(struct answering *answering, struct bytes which)
{
    const struct incident *incident = answering->incident;
    size_t said = 0;
    for (size_t i = 0; incident != NULL && i < incident->plan_count; i++) {
        if (bytes_equal(incident->plan[i].phase, which) && said < STEPS_SHOWN_MAX) {
            TRY(say_step(answering, &incident->plan[i]));
            said++;
        }
    }
    return STATUS_OK;
}

static enum status part_decision(struct answering *answering, struct bytes which)
{
    (void)which;
    return answering->incident == NULL
               ? STATUS_OK
               : story_say_decision(&answering->draft, answering->incident);
}

static enum status say_finding(struct answering *answering,
                               const struct report_finding *finding)
{
    struct slots slots = {.arena = answering->slots.arena};
    struct basis basis = {0};
    AUTO(text_done) struct text percent = text_of_limit(16);
    subject_of_finding(finding, &slots);
    text_addf(&percent, "%.0f", finding->confidence * 100);
    slots_set(&slots, "percent", &percent);
    basis_add_finding(&basis, finding);
    answering->draft.opens_paragraph = true;
    return draft_say(&answering->draft, "answer.finding", &slots, &basis, NULL);
}

static enum status part_findings(struct answering *answering, struct bytes which)
{
    (void)which;
    const struct incident *incident = answering->incident;
    for (size_t i = 0; incident != NULL && i < incident->finding_count; i++) {
        const struct report_finding *finding =
            report_finding_by_id(answering->report, incident->findings[i]);
        if (finding != NULL && i < FINDINGS_SHOWN_MAX) {
            TRY(say_finding(answering, finding));
        }
    }
    return STATUS_OK;
}

static bool has_entity(const struct report_finding *finding, const struct entity *entity)
{
    for (size_t i = 0; i < finding->entity_count; i++) {
        if (entity_same(&finding->entities[i], entity)) {
            return true;
        }
    }
    return false;
}

static enum status part_entity(struct answering *answering, struct bytes which)
{
    (void)which;
    const struct entity *entity = answering->entity;
    size_t said = 0;
    for (size_t i = 0; entity != NULL && i < answering->report->finding_count; i++) {
        const struct report_finding *finding = &answering->report->findings[i];
        if (has_entity(finding, entity) && said < FINDINGS_SHOWN_MAX) {
            TRY(say_finding(answering, finding));
            said++;
        }
    }
    return STATUS_OK;
}

static enum status part_summary(struct answering *answering, struct bytes which)
{
    (void)which;
    repeat(answering, answering->report->summary, answering->report->summary_count);
    return STATUS_OK;
}

static enum status say_evidence(struct answering *answering,
                                const struct report_evidence *evidence)
{
    struct slots slots = {.arena = answering->slots.arena};
    AUTO(text_done) struct text text = text_of_limit(LIST_SIZE_MAX);
    text_add_quoted(&text, evidence->path, 200);
    set(&slots, "path", &text);
    text_add_quoted(&text, evidence->kind, 100);
    set(&slots, "kind", &text);
    text_add_quoted(&text, evidence->why, 200);
    set(&slots, "why", &text);
    if (evidence->first.is_known && evidence->last.is_known) {
        wording_add_span(&text, evidence->first, evidence->last, (struct moment){0});
        set(&slots, "span", &text);
    }
    struct basis basis = {0};
    basis_add_coverage(&basis, evidence);
    answering->draft.opens_paragraph = true;
    return draft_say(&answering->draft,
                     evidence->examined == EXAMINED_WHOLE ? "answer.file"
                                                          : "answer.file-unread",
                     &slots, &basis, NULL);
}

static enum status part_evidence(struct answering *answering, struct bytes which)
{
    bool wants_read = bytes_equal_text(which, "read");
    size_t said = 0;
    for (size_t i = 0; i < answering->report->evidence_count; i++) {
        const struct report_evidence *evidence = &answering->report->evidence[i];
        if ((evidence->examined == EXAMINED_WHOLE) == wants_read && said < NAMES_SHOWN_MAX) {
            TRY(say_evidence(answering, evidence));
            said++;
        }
    }
    return STATUS_OK;
}

struct part {
    const char *name;
    enum status (*say)(struct answering *answering, struct bytes which);
};

/* rows: one deleted at a time by make prove */
static const struct part parts[] = {
    {"headline", part_headline}, {"stages", part_stage},      {"stage", part_stage},
    {"say", part_say},           {"unknown", part_unknown},   {"disproof", part_disproof},
    {"plan", part_plan},         {"decision", part_decision}, {"findings", part_findings},
    {"entity", part_entity},     {"summary", part_summary},   {"evidence", part_evidence},
    {"doubt", part_doubt},
};

static const struct part *find_part(struct bytes text, struct bytes *which)
{
    size_t colon = bytes_find_byte(text, ':');
    *which = bytes_from(text, colon + 1);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (bytes_equal_text(bytes_part(text, 0, colon), parts[i].name)) {
            return &parts[i];
        }
    }
    return NULL;
}

enum status answer_check(const struct tree_node *document, struct tree_fault *fault)
{
    const struct tree_node *answer = tree_member(document, "answer");
    for (const struct tree_node *child = tree_first(answer); child != NULL;
         child = tree_next(answer, child)) {
        struct bytes which;
        if (find_part(tree_text(child), &which) == NULL) {
            *fault = (struct tree_fault){"answers have no such part", child->line};
            return STATUS_MALFORMED;
        }
    }
    if (answer == NULL && tree_member(document, "refused") == NULL &&
        tree_text(tree_member(document, "otherwise")).size == 0) {
        *fault =
            (struct tree_fault){"neither an answer nor what is said otherwise", document->line};
        return STATUS_MALFORMED;
    }
    return STATUS_OK;
}

/* ---- the reply ---- */

static const struct incident *choose_incident(const struct report *report,
                                              const struct entity *entity)
{
    for (size_t i = 0; entity != NULL && i < report->incident_count; i++) {
        const struct incident *incident = &report->incidents[i];
        for (size_t j = 0; j < incident->entity_count; j++) {
            if (entity_same(&incident->entities[j], entity)) {
                return incident;
            }
        }
    }
    return report->incident_count == 0 ? NULL : &report->incidents[0];
}

static enum status answer_kind(struct answering *answering, const struct tree_node *document,
                               struct reply *reply)
{
    const struct tree_node *answer = tree_member(document, "answer");
    for (const struct tree_node *child = tree_first(answer); child != NULL;
         child = tree_next(answer, child)) {
        struct bytes which;
        const struct part *part = find_part(tree_text(child), &which);
        if (part != NULL) {
            TRY(part->say(answering,
                          bytes_find_byte(tree_text(child), ':') < tree_text(child).size
                              ? which
                              : BYTES_NONE));
        }
    }
    struct draft *draft = &answering->draft;
    draft->count = check_sentences(answering->report, NULL, draft->sentences, draft->count);
    reply->outcome = answering->is_doubted ? REPLY_CANNOT_SAY : REPLY_ANSWERED;
    if (draft->count == 0) {
        reply->outcome = REPLY_CANNOT_SAY;
        struct basis basis = {0};
        add_coverage(answering->report, &basis);
        struct bytes otherwise = tree_text(tree_member(document, "otherwise"));
        bool is_absent = bytes_equal_text(otherwise, "entity") && answering->entity == NULL;
        TRY(say(answering, "cannot.", is_absent ? bytes_of_text("entity.absent") : otherwise,
                &basis));
    }
    reply->sentences = draft->sentences;
    reply->sentence_count = draft->count;
    return STATUS_OK;
}

/* What might have been meant: a few, the likeliest first, and none that is most unlikely. */
static enum status suggest(const struct question_book *book, const struct question_match *match,
                           struct reply *reply)
{
    struct bytes *suggestions =
        arena_take_many(book->arena, REPLY_SUGGESTIONS_MAX, sizeof *suggestions);
    if (suggestions == NULL) {
        return STATUS_NO_MEMORY;
    }
    reply->suggestions = suggestions;
    bool is_ours =
        match->refused <= QUESTION_REFUSED_MAX && match->unknown <= QUESTION_UNKNOWN_MAX;
    reply->outcome = is_ours && match->likely_count > 0 ? REPLY_UNSURE : REPLY_NOT_UNDERSTOOD;
    for (size_t i = 0; i < match->likely_count; i++) {
        bool may_be = match->shares[i] >= SUGGESTED_SHARE_MIN || reply->suggestion_count == 0;
        if (!match->likely[i]->is_refused && may_be &&
            reply->suggestion_count < REPLY_SUGGESTIONS_MAX) {
            suggestions[reply->suggestion_count++] = match->likely[i]->asks;
        }
    }
    return STATUS_OK;
}

static bool is_about_names(const struct question_kind *kind)
{
    const struct tree_node *answer = tree_member(kind->document, "answer");
    return tree_text_is(tree_first(answer), "entity");
}

/* What is answered, or NULL.  A name of the report in a question that is not sure asks for what
 * is known of it, where that is likely enough. */
static const struct question_kind *choose_kind(const struct question_match *match,
                                               const struct entity *entity)
{
    if (match->is_sure) {
        return match->likely[0];
    }
    for (size_t i = 0; entity != NULL && i < match->likely_count; i++) {
        if (is_about_names(match->likely[i]) && match->shares[i] >= NAME_SHARE_MIN &&
            match->refused <= QUESTION_REFUSED_MAX) {
            return match->likely[i];
        }
    }
    return NULL;
}

enum status answer_question(const struct phrase_documents *documents,
                            struct question_book *book, struct report *report,
                            struct bytes question, struct reply *out)
{
    struct reply reply = {.question = question};
    struct question_match match;
    TRY(question_match(book, question, &match));
    const struct entity *entity = question_entity(report, question);
    const struct question_kind *kind = choose_kind(&match, entity);
    if (kind == NULL) {
        TRY(suggest(book, &match, &reply));
        *out = reply;
        return STATUS_OK;
    }
    reply.kind = kind->id;
    reply.asks = kind->asks;
    struct phrase_book phrases = {.phrases = tree_member(documents->leader, "phrases"),
                                  .glossary = tree_member(documents->glossary, "terms")};
    struct answering answering = {
        .report = report, .entity = entity, .slots = {.arena = book->arena}};
    answering.incident = choose_incident(report, answering.entity);
    TRY(draft_begin(&answering.draft, book->arena, &phrases));
    set_slots(&answering);
    TRY(answer_kind(&answering, kind->document, &reply));
    *out = reply;
    return STATUS_OK;
}
