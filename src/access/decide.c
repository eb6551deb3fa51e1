#include "access/decide.h"

#include <assert.h>
#include <string.h>

#include "access/group/entitlement.h"
#include "access/group/rule.h"
#include "access/witness.h"
#include "codec/json.h"

#define POLICY_SIZE_MAX 8192
#define DETAIL_SHOWN_MAX 1000

struct access_grant {
    const char *operation;
    const char *rule;
    enum access_class class;
    bool is_recorded; /* the decision itself is in the log, as `sequence` */
    uint64_t sequence;
    struct bytes arguments; /* borrowed: recorded with the outcome where not before */
    const struct entitlement *entitlement; /* the grant of others it rests on, or NULL */
};

/* Who asks.  Grants of others come beside these when there is a service. */
enum party { PARTY_ANYONE, PARTY_OWNER };

struct class_rule {
    const char *name;
    enum access_class class;
    enum party party;
    bool is_allowed;
    enum access_reason reason;
    const char *because;
    const char *what_would_change_it;
    const char *appeal;
};

/* The first row that is about the class and holds for who asks decides. */
/* rows: one deleted at a time by make prove */
static const struct class_rule rules[] = {
    {.name = "open-to-anyone",
     .class = CLASS_OPEN,
     .party = PARTY_ANYONE,
     .is_allowed = true,
     .because = "Everyone may analyse evidence of their own."},
    {.name = "owner-on-own-machine",
     .class = CLASS_VERIFIED,
     .party = PARTY_OWNER,
     .is_allowed = true,
     .because = "The owner's local key holds C1 on the owner's own machine."},
    {.name = "verified-needs-a-key",
     .class = CLASS_VERIFIED,
     .party = PARTY_ANYONE,
     .reason = REASON_NOT_ENTITLED,
     .because = "This operation is for verified defenders, and no key of the owner's could be "
                "used.",
     .what_would_change_it = "A key of the owner's that can be read: see 'tocsin access show'.",
     .appeal = "The owner of this machine decides; TOCSIN_HOME says whose key is asked."},
    {.name = "sealed-needs-a-grant",
     .class = CLASS_CRITICAL,
     .party = PARTY_ANYONE,
     .reason = REASON_NOT_ENTITLED,
     .because = "What is sealed is for critical defenders, and nobody holds it by owning a "
                "machine.",
     .what_would_change_it = "A grant from who sealed it, to this key.",
     .appeal = "Ask who sealed it; an appeal is decided by somebody who did not decide first."},
};
#define RULE_COUNT (sizeof rules / sizeof *rules)

static const struct class_rule refuse_by_default = {
    .name = "refuse-by-default",
    .reason = REASON_NOT_ENTITLED,
    .because = "No rule allows this operation.",
    .what_would_change_it = "A rule of the policy that allows it.",
    .appeal = "Ask who publishes the policy.",
};

static const struct class_rule must_be_recorded = {
    .name = "no-record-no-effect",
    .reason = REASON_AUDIT_UNAVAILABLE,
    .because = "What changes something must be in the audit log first, and it could not be "
               "written there.",
    .what_would_change_it =
        "An audit log that can be written: see 'tocsin access audit verify'.",
    .appeal = "The owner of this machine can repair or move TOCSIN_HOME.",
};

static const struct class_rule must_be_judged = {
    .name = "no-grant-unjudged",
    .reason = REASON_NOT_ENTITLED,
    .because = "What is sealed needs a grant that was judged, and this machine could not judge "
               "those of this home.",
    .what_would_change_it = "What failed, put right: no grant has to change for that.",
    .appeal = "The owner of this machine can repair it and TOCSIN_HOME.",
};

static const struct class_rule rests_on_a_grant = {
    .name = "grant-covers-what-is-asked",
    .class = CLASS_CRITICAL,
    .is_allowed = true,
    .because = "Who sealed it granted the use of it to this key.",
};

const char *access_class_name(enum access_class class)
{
    static const char *const names[] = {"C0", "C1", "C2"};
    static_assert(sizeof names / sizeof *names == CLASS_COUNT, "every class has a name");
    assert((unsigned)class < CLASS_COUNT);
    return names[class];
}

const char *access_reason_name(enum access_reason reason)
{
    static const char *const names[] = {
        "not_entitled",     "out_of_scope",     "prohibited",   "expired",
        "revoked",          "step_up_required", "rate_limited", "witness_unavailable",
        "audit_unavailable"};
    static_assert(sizeof names / sizeof *names == REASON_COUNT, "every reason has a name");
    assert((unsigned)reason < REASON_COUNT);
    return names[reason];
}

void access_add_policy(struct text *out)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        text_addf(out, "%s %s %s to %s\n", rules[i].name,
                  rules[i].is_allowed ? "allows" : "refuses", access_class_name(rules[i].class),
                  rules[i].party == PARTY_OWNER ? "owner" : "anyone");
    }
    group_rule_add_all(out);
    witness_rule_add_all(out);
    text_addf(out, "%s refuses the rest\n", refuse_by_default.name);
    text_addf(out, "%s refuses what changes something and cannot be recorded\n",
              must_be_recorded.name);
    text_addf(out, "%s refuses what rests on a grant that cannot be judged\n",
              must_be_judged.name);
}

static struct sha256 hash_policy(void)
{
    AUTO(text_done) struct text policy = text_of_limit(POLICY_SIZE_MAX);
    access_add_policy(&policy);
    return sha256_of(text_bytes(&policy));
}

static const struct class_rule *find_rule(enum access_class class, bool is_owner)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        if (rules[i].class == class && (rules[i].party == PARTY_ANYONE || is_owner)) {
            return &rules[i];
        }
    }
    return &refuse_by_default;
}

bool access_is_held(const struct access_session *session, enum access_class class,
                    const char **rule)
{
    const struct class_rule *found = find_rule(class, session->has_identity);
    *rule = found->name;
    return found->is_allowed;
}

/* The entry with what it says of the request and its rule; `policy` is that of the rules here,
 * where the rule is not of a text of its own. */
static struct audit_entry make_entry(const struct access_request *request, const char *rule,
                                     const struct sha256 *policy, struct audit_entry entry)
{
    entry.operation = bytes_of_text(request->operation);
    entry.class = (uint8_t)request->class;
    entry.rule = bytes_of_text(rule);
    if (entry.policy.size == 0) {
        entry.policy = (struct bytes){policy->bytes, sizeof policy->bytes};
    }
    return entry;
}

/* Appends such an entry by itself. */
static enum status record(struct access_session *session, const struct access_request *request,
                          const char *rule, struct audit_entry entry, uint64_t *sequence,
                          struct fault *fault)
{
    if (!session->has_audit) {
        *fault = session->fault;
        return STATUS_IO;
    }
    struct sha256 policy = hash_policy();
    entry = make_entry(request, rule, &policy, entry);
    return audit_append(&session->audit, &entry, request->arguments, sequence, fault);
}

static void refuse(const struct class_rule *rule, struct access_refusal *out)
{
    *out = (struct access_refusal){
        .reason = rule->reason,
        .rule = rule->name,
        .because = rule->because,
        .what_would_change_it = rule->what_would_change_it,
        .appeal = rule->appeal,
    };
}

/* The entry of a refusal names the text that its rule stands in. */
static void record_refusal(struct access_session *session, const struct access_request *request,
                           struct audit_entry entry, struct access_refusal *refusal)
{
    uint64_t sequence = 0;
    struct fault fault = {0};
    entry.event = AUDIT_REFUSED;
    entry.reason = bytes_of_text(access_reason_name(refusal->reason));
    if (refusal->has_rules) {
        entry.policy = (struct bytes){refusal->rules.bytes, sizeof refusal->rules.bytes};
    }
    if (refusal->has_object) {
        entry.object = (struct bytes){refusal->object.bytes, sizeof refusal->object.bytes};
    }
    refusal->is_recorded =
        record(session, request, refusal->rule, entry, &sequence, &fault) == STATUS_OK;
}

static enum status allow(struct access_session *session, const struct access_request *request,
                         const struct class_rule *rule, bool is_recorded, uint64_t sequence,
                         const struct access_grant **out)
{
    struct access_grant *grant =
        session->arena == NULL ? NULL : arena_take(session->arena, sizeof *grant);
    if (grant == NULL) {
        return STATUS_NO_MEMORY;
    }
    *grant = (struct access_grant){
        .operation = request->operation,
        .rule = rule->name,
        .class = request->class,
        .is_recorded = is_recorded,
        .sequence = sequence,
        .arguments = request->arguments,
    };
    *out = grant;
    return STATUS_OK;
}

/* What is sealed is decided by whoever sealed it: by a grant of theirs, which is judged here,
 * and whose use is in the log when this returns. */
static enum status decide_sealed(struct access_session *session,
                                 const struct access_request *request,
                                 const struct access_grant **out,
                                 struct access_refusal *refusal)
{
    struct arena *papers = session_papers(session);
    struct entitlement *entitlement =
        papers == NULL ? NULL : arena_take(papers, sizeof *entitlement);
    struct fault fault = {"there is too little memory", 0};
    enum status status = entitlement == NULL ? STATUS_NO_MEMORY
                                             : entitlement_use(session, request->wish, papers,
                                                               entitlement, refusal, &fault);
    if (status == STATUS_OK) {
        TRY(allow(session, request, &rests_on_a_grant, true, entitlement->sequence, out));
        /* Just made, and nobody else's yet. */
        ((struct access_grant *)(uintptr_t)*out)->entitlement = entitlement;
        return STATUS_OK;
    }
    if (status != STATUS_DENIED) {
        refuse(&must_be_judged, refusal);
        refusal->detail = fault.what;
    }
    record_refusal(session, request, (struct audit_entry){0}, refusal);
    return STATUS_DENIED;
}

/* Decisions that are in the log before they are given. */
struct pending {
    struct access_decision *decisions[ACCESS_DECISIONS_MAX];
    const struct class_rule *rules[ACCESS_DECISIONS_MAX];
    struct audit_entry entries[ACCESS_DECISIONS_MAX];
    struct audit_addition additions[ACCESS_DECISIONS_MAX];
    struct sha256 policy; /* where there is one of them */
    size_t count;
};

static void add_pending(struct pending *pending, struct access_decision *decision,
                        const struct class_rule *rule)
{
    if (pending->count == 0) {
        pending->policy = hash_policy();
    }
    struct audit_entry entry = {.event = AUDIT_ALLOWED};
    if (!rule->is_allowed) {
        entry = (struct audit_entry){
            .event = AUDIT_REFUSED,
            .reason = bytes_of_text(access_reason_name(rule->reason)),
        };
    }
    size_t place = pending->count++;
    pending->decisions[place] = decision;
    pending->rules[place] = rule;
    pending->entries[place] =
        make_entry(decision->request, rule->name, &pending->policy, entry);
    pending->additions[place] = (struct audit_addition){
        .entry = &pending->entries[place], .payload = decision->request->arguments};
}

/* Nothing is allowed that is not recorded; a refusal stands and says that it is not. */
static void deny(struct access_decision *decision, const struct class_rule *rule,
                 bool is_recorded, const char *fault)
{
    refuse(rule->is_allowed ? &must_be_recorded : rule, &decision->refusal);
    decision->refusal.is_recorded = is_recorded;
    decision->refusal.detail = is_recorded ? NULL : fault;
}

static void settle(struct access_session *session, const struct pending *pending, size_t place,
                   bool is_recorded, const char *fault)
{
    struct access_decision *decision = pending->decisions[place];
    const struct class_rule *rule = pending->rules[place];
    if (rule->is_allowed && is_recorded) {
        decision->status = allow(session, decision->request, rule, true,
                                 pending->additions[place].sequence, &decision->grant);
    } else {
        deny(decision, rule, is_recorded, fault);
    }
}

static void settle_all(struct access_session *session, struct pending *pending)
{
    size_t appended = 0;
    struct fault fault = session->fault;
    if (session->has_audit) {
        IGNORE(audit_append_all(&session->audit, pending->additions, pending->count, &appended,
                                &fault),
               "what was not appended is refused below");
    }
    for (size_t i = 0; i < pending->count; i++) {
        settle(session, pending, i, i < appended, fault.what);
    }
}

/* What needs no entry is decided, the rest is pending. */
static void decide_or_add(struct access_session *session, struct access_decision *decision,
                          struct pending *pending)
{
    const struct access_request *request = decision->request;
    const struct class_rule *rule = find_rule(request->class, session->has_identity);
    bool is_first_recorded =
        !rule->is_allowed || request->audit == AUDIT_CHANGE || request->class != CLASS_OPEN;
    if (request->wish != NULL) {
        decision->status =
            decide_sealed(session, request, &decision->grant, &decision->refusal);
    } else if (!is_first_recorded) {
        decision->status = allow(session, request, rule, false, 0, &decision->grant);
    } else if (request->arguments.size > AUDIT_PAYLOAD_MAX) {
        /* By itself, so that it keeps no other out of the log. */
        deny(decision, rule, false, "what was asked for is longer than a log keeps");
    } else {
        add_pending(pending, decision, rule);
    }
}

void access_decide_all(struct access_session *session, struct access_decision *decisions,
                       size_t count)
{
    assert(count <= ACCESS_DECISIONS_MAX);
    struct pending pending;
    pending.count = 0;
    for (size_t i = 0; i < count; i++) {
        decisions[i] =
            (struct access_decision){.request = decisions[i].request, .status = STATUS_DENIED};
        decide_or_add(session, &decisions[i], &pending);
    }
    settle_all(session, &pending);
}

enum status access_decide(struct access_session *session, const struct access_request *request,
                          const struct access_grant **out, struct access_refusal *refusal)
{
    struct access_decision decision = {.request = request};
    access_decide_all(session, &decision, 1);
    if (decision.status == STATUS_OK) {
        *out = decision.grant;
    } else {
        *refusal = decision.refusal;
    }
    return decision.status;
}

static bool find_class_rule(struct bytes name, struct access_refusal *out)
{
    const struct class_rule *const others[] = {&refuse_by_default, &must_be_recorded,
                                               &must_be_judged, &rests_on_a_grant};
    const struct class_rule *found = NULL;
    for (size_t i = 0; i < RULE_COUNT; i++) {
        found = bytes_equal_text(name, rules[i].name) ? &rules[i] : found;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        found = bytes_equal_text(name, others[i]->name) ? others[i] : found;
    }
    if (found != NULL) {
        refuse(found, out);
    }
    return found != NULL;
}

bool access_find_rule(struct bytes name, struct access_refusal *out)
{
    for (unsigned i = 0; i < GROUP_RULE_COUNT; i++) {
        *out = group_rule_refusal((enum group_rule)i);
        if (bytes_equal_text(name, out->rule)) {
            return true;
        }
    }
    for (unsigned i = 0; i < WITNESS_RULE_COUNT; i++) {
        *out = witness_rule_refusal((enum witness_rule)i);
        if (bytes_equal_text(name, out->rule)) {
            return true;
        }
    }
    return find_class_rule(name, out);
}

bool access_grant_covers(const struct access_grant *grant, const char *operation)
{
    return grant != NULL && strcmp(grant->operation, operation) == 0;
}

const struct entitlement *access_grant_entitlement(const struct access_grant *grant)
{
    return grant == NULL ? NULL : grant->entitlement;
}

const char *access_grant_rule(const struct access_grant *grant)
{
    return grant->rule;
}

/* The hash of the rules that the grant of others was judged by; none where there is no such. */
static struct bytes rules_of(const struct access_grant *grant)
{
    const struct entitlement *entitlement = grant->entitlement;
    return entitlement == NULL
               ? BYTES_NONE
               : (struct bytes){entitlement->rules.bytes, sizeof entitlement->rules.bytes};
}

/* A status as one word of the log. */
static void add_word(struct text *out, enum status status)
{
    for (const char *at = status_name(status); *at != '\0'; at++) {
        text_add_byte(out, *at == ' ' ? '_' : *at);
    }
}

enum status access_record_numbered(struct access_session *session,
                                   const struct access_grant *grant, enum status outcome,
                                   const struct sha256 *object, uint64_t *sequence,
                                   struct fault *fault)
{
    struct access_request request = {
        .operation = grant->operation,
        .class = grant->class,
        /* A decision in the log has committed to them already. */
        .arguments = grant->is_recorded ? BYTES_NONE : grant->arguments,
    };
    AUTO(text_done) struct text reason = text_of_limit(AUDIT_WORD_MAX);
    if (outcome != STATUS_OK) {
        add_word(&reason, outcome);
    }
    struct audit_entry entry = {
        .event = outcome == STATUS_OK ? AUDIT_DONE : AUDIT_FAILED,
        .has_decision = grant->is_recorded,
        .decision = grant->sequence,
        .reason = text_bytes(&reason),
    };
    if (object != NULL) {
        entry.object = (struct bytes){object->bytes, sizeof object->bytes};
    }
    entry.policy = rules_of(grant);
    TRY(record(session, &request, grant->rule, entry, sequence, fault));
    session->has_outcome = true;
    session->outcome = outcome;
    return STATUS_OK;
}

enum status access_record(struct access_session *session, const struct access_grant *grant,
                          enum status outcome, const struct sha256 *object, struct fault *fault)
{
    uint64_t sequence = 0;
    return access_record_numbered(session, grant, outcome, object, &sequence, fault);
}

enum status access_record_rule(struct access_session *session, const struct access_grant *grant,
                               const char *rule, const struct sha256 *object,
                               struct fault *fault)
{
    const struct access_request request = {.operation = grant->operation,
                                           .class = grant->class};
    const struct audit_entry entry = {
        .event = AUDIT_ALLOWED,
        .has_decision = grant->is_recorded,
        .decision = grant->sequence,
        .policy = rules_of(grant),
        .object = {object->bytes, sizeof object->bytes},
    };
    uint64_t sequence = 0;
    return record(session, &request, rule, entry, &sequence, fault);
}

enum status access_refuse(struct access_session *session, const struct access_grant *grant,
                          struct access_refusal *refusal)
{
    struct access_request request = {.operation = grant->operation, .class = grant->class};
    struct audit_entry entry = {
        .has_decision = grant->is_recorded,
        .decision = grant->sequence,
    };
    /* What ends a use of a grant is a rule of those that allowed it. */
    if (!refusal->has_rules && grant->entitlement != NULL) {
        refusal->has_rules = true;
        refusal->rules = grant->entitlement->rules;
    }
    record_refusal(session, &request, entry, refusal);
    session->has_outcome = true;
    session->outcome = STATUS_DENIED;
    return STATUS_DENIED;
}

void access_add_refusal(const struct access_refusal *refusal, struct text *out)
{
    text_addf(out, "refused (%s, rule %s): %s ", access_reason_name(refusal->reason),
              refusal->rule, refusal->because);
    if (refusal->detail != NULL) {
        text_add(out, "(");
        text_add_quoted(out, bytes_of_text(refusal->detail), DETAIL_SHOWN_MAX);
        text_add(out, ") ");
    }
    text_addf(out, "What would change it: %s Appeal: %s%s", refusal->what_would_change_it,
              refusal->appeal, refusal->is_recorded ? "" : " This refusal is not recorded.");
}

void access_add_refusal_json(const struct access_refusal *refusal, const char *operation,
                             struct text *out)
{
    struct jsonout json = jsonout_of(out, JSONOUT_COMPACT);
    jsonout_object_begin(&json);
    jsonout_key(&json, "refused");
    jsonout_object_begin(&json);
    jsonout_member_text(&json, "operation", operation);
    jsonout_member_text(&json, "reason", access_reason_name(refusal->reason));
    jsonout_member_text(&json, "rule", refusal->rule);
    jsonout_member_text(&json, "because", refusal->because);
    if (refusal->detail != NULL) {
        jsonout_member_string(&json, "detail", bytes_of_text(refusal->detail));
    }
    jsonout_member_text(&json, "what_would_change_it", refusal->what_would_change_it);
    jsonout_member_text(&json, "appeal", refusal->appeal);
    jsonout_member_boolean(&json, "recorded", refusal->is_recorded);
    jsonout_object_end(&json);
    jsonout_object_end(&json);
    IGNORE(jsonout_finish(&json) != STATUS_OK, "the text remembers that it is full");
}
