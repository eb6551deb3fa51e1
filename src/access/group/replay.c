#include "access/group/replay.h"

#include <assert.h>

#include "access/group/accepted.h"
#include "access/group/entitlement.h"
#include "access/group/issued.h"
#include "access/group/paper.h"
#include "access/group/replay_parts.h"
#include "access/group/roll.h"

#define POLICY_TEXT_MAX 16384
#define LIST_ACCEPTED "access.accept"

const char *replay_answer_name(enum replay_answer answer)
{
    static const char *const names[] = {"same", "other", "unknown"};
    static_assert(sizeof names / sizeof *names == REPLAY_ANSWER_COUNT, "each has a name");
    assert((unsigned)answer < REPLAY_ANSWER_COUNT);
    return names[answer];
}

const char *replay_state_name(enum replay_state state)
{
    static const char *const names[] = {"kept", "gone", "damaged", "later", "never_kept"};
    static_assert(sizeof names / sizeof *names == REPLAY_STATE_COUNT, "each has a name");
    assert((unsigned)state < REPLAY_STATE_COUNT);
    return names[state];
}

/* ---- what decided ---- */

void replay_add_input(struct replaying *replaying, const char *what, enum replay_state state,
                      const struct sha256 *hash)
{
    struct replay *replay = replaying->replay;
    assert(replay->input_count < REPLAY_INPUTS_MAX);
    replay->inputs[replay->input_count++] = (struct replay_input){
        .what = what,
        .state = state,
        .has_hash = hash != NULL,
        .hash = hash == NULL ? (struct sha256){{0}} : *hash,
    };
}

size_t replay_missing(const struct replay *replay)
{
    size_t count = 0;
    for (size_t i = 0; i < replay->input_count; i++) {
        count += replay->inputs[i].state != REPLAY_KEPT;
    }
    return count;
}

static bool take_hash(struct bytes bytes, struct sha256 *out)
{
    if (bytes.size == sizeof out->bytes) {
        memcpy(out->bytes, bytes.data, sizeof out->bytes);
    }
    return bytes.size == sizeof out->bytes;
}

static enum replay_state find_paper(struct replaying *replaying, const struct sha256 *hash,
                                    struct bytes *out)
{
    enum status status = paper_find(replaying->session->payloads, hash, replaying->arena, out);
    return status == STATUS_OK          ? REPLAY_KEPT
           : status == STATUS_NOT_FOUND ? REPLAY_GONE
                                        : REPLAY_DAMAGED;
}

bool replay_find_paper(struct replaying *replaying, const struct audit_entry *entry,
                       const char *what, struct bytes *out)
{
    struct sha256 hash;
    if (!take_hash(entry->object, &hash)) {
        replay_add_input(replaying, what, REPLAY_NEVER_KEPT, NULL);
        return false;
    }
    enum replay_state state = find_paper(replaying, &hash, out);
    replay_add_input(replaying, what, state, &hash);
    return state == REPLAY_KEPT;
}

bool replay_find_rules(struct replaying *replaying, const struct sha256 *hash,
                       struct grant_rules *out)
{
    static const char what[] = "the rules of grants";
    struct bytes text = BYTES_NONE;
    struct fault fault;
    if (sha256_equal(hash, &replaying->today.hash)) {
        *out = replaying->today;
        replay_add_input(replaying, what, REPLAY_KEPT, hash);
        return true;
    }
    enum replay_state state = find_paper(replaying, hash, &text);
    if (state == REPLAY_KEPT &&
        grant_rules_read(text, replaying->arena, out, &fault) != STATUS_OK) {
        state = REPLAY_DAMAGED;
    }
    replay_add_input(replaying, what, state, hash);
    return state == REPLAY_KEPT;
}

/* ---- lists of revocations ---- */

struct arrival {
    struct bytes hash;
    uint64_t before; /* the decision's entry */
    bool is_earlier;
};

static void look_for_list(void *context, const struct audit_entry *entry,
                          struct bytes arguments)
{
    struct arrival *arrival = context;
    IGNORE(arguments.size > 0, "its hash says which list it was");
    arrival->is_earlier = arrival->is_earlier ||
                          (entry->event == AUDIT_DONE && entry->sequence < arrival->before &&
                           bytes_equal(entry->object, arrival->hash) &&
                           (bytes_equal_text(entry->operation, LIST_ACCEPTED) ||
                            bytes_equal_text(entry->operation, REVOCATION_OPERATION)));
}

/* A list only grows as long as what is on it would still be good: what is missing on a later
 * one was on no earlier. */
bool replay_find_revoked(struct replaying *replaying, const struct note_key *signer,
                         const struct revocation_target *target, bool is_groups,
                         uint64_t ends_s, bool *is_revoked, uint64_t *made_s)
{
    static const char what[] = "the list of revocations as it was";
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct revocation_list *list = arena_take(replaying->arena, sizeof *list);
    struct fault fault;
    enum status status =
        list == NULL ? STATUS_NO_MEMORY
                     : accepted_find_list(replaying->session->home, signer, &file, list);
    if (status == STATUS_NOT_FOUND) {
        return true;
    }
    const struct sha256 hash = sha256_of(text_bytes(&file));
    struct arrival arrival = {
        .hash = {hash.bytes, sizeof hash.bytes},
        .before = replaying->replay->of.decision.entry.sequence,
    };
    if (status != STATUS_OK ||
        recorded_visit(replaying->session, look_for_list, &arrival, &fault) != STATUS_OK) {
        replay_add_input(replaying, what, REPLAY_DAMAGED, NULL);
        return false;
    }
    if (arrival.is_earlier) {
        replay_add_input(replaying, what, REPLAY_KEPT, &hash);
        *is_revoked = *is_revoked || revocation_list_covers(list, target, is_groups);
        *made_s = list->made_s > *made_s ? list->made_s : *made_s;
        return true;
    }
    bool was_empty = list->number <= 1 || (!revocation_list_covers(list, target, is_groups) &&
                                           list->made_s < ends_s + REVOCATION_REST_S);
    replay_add_input(replaying, what, was_empty ? REPLAY_KEPT : REPLAY_LATER, &hash);
    return was_empty;
}

/* ---- what it comes to ---- */

struct replay_judgement replay_unknown(void)
{
    return (struct replay_judgement){.answer = REPLAY_UNKNOWN};
}

struct replay_judgement replay_compare(const struct audit_entry *entry,
                                       const struct access_refusal *refusal)
{
    bool was_allowed = entry->event != AUDIT_REFUSED;
    bool is_same = was_allowed == (refusal == NULL) &&
                   (refusal == NULL || bytes_equal_text(entry->rule, refusal->rule));
    return (struct replay_judgement){
        .answer = is_same ? REPLAY_SAME : REPLAY_OTHER,
        .is_judged = true,
        .is_allowed = refusal == NULL,
        .refusal = refusal == NULL ? (struct access_refusal){0} : *refusal,
    };
}

void replay_add(struct replay_judgement *whole, struct replay_judgement part)
{
    bool is_worse = part.answer == REPLAY_OTHER ||
                    (part.answer == REPLAY_UNKNOWN && whole->answer != REPLAY_OTHER);
    if (!whole->is_judged || is_worse) {
        enum replay_answer before = whole->answer;
        *whole = part;
        whole->answer = is_worse ? part.answer : before;
    }
}

/* ---- the class of the operation ---- */

/* Whoever wrote in the log had its key, and so was the owner. */
static void judge_class(struct replaying *replaying, const struct audit_entry *entry)
{
    AUTO(text_done) struct text policy = text_of_limit(POLICY_TEXT_MAX);
    struct access_session owner = {.has_identity = true};
    struct access_refusal words;
    struct sha256 then = {{0}};
    const char *rule = NULL;
    access_add_policy(&policy);
    struct sha256 today = sha256_of(text_bytes(&policy));
    bool is_todays = take_hash(entry->policy, &then) && sha256_equal(&then, &today);
    replay_add_input(replaying, "the rules of operations",
                     is_todays ? REPLAY_KEPT : REPLAY_LATER, &then);
    bool is_held = access_is_held(&owner, (enum access_class)entry->class, &rule);
    bool is_known = access_find_rule(bytes_of_text(rule), &words);
    assert(is_known);
    replay_add(&replaying->replay->then,
               is_todays ? replay_compare(entry, is_held ? NULL : &words) : replay_unknown());
    if (!replaying->texts->has_class) {
        replay_add(&replaying->replay->today, replay_unknown());
        return;
    }
    is_held = access_is_held(&owner, replaying->texts->class, &rule);
    is_known = access_find_rule(bytes_of_text(rule), &words);
    assert(is_known);
    replay_add(&replaying->replay->today, replay_compare(entry, is_held ? NULL : &words));
}

static bool is_class_rule(const struct audit_entry *entry)
{
    struct access_session owner = {.has_identity = true};
    const char *rule = NULL;
    for (unsigned class = 0; class < CLASS_COUNT; class ++) {
        access_is_held(&owner, (enum access_class) class, &rule);
        if (bytes_equal_text(entry->rule, rule)) {
            return true;
        }
    }
    return false;
}

/* ---- the parts of one decision ---- */

struct part {
    const char *operation;
    enum status (*judge)(struct replaying *replaying);
};

/* What a group's home decided beyond the class, of which it kept the paper. */
/* rows: one deleted at a time by make prove */
static const struct part parts[] = {
    {GRANT_FILE_OPERATION, replay_issuance},
    {ISSUED_DRAFT_OPERATION, replay_draft},
    {ROLL_VOUCH, replay_vouch},
};

/* What was found once it was allowed is not in the log, but for the rule. */
static void leave_open(struct replaying *replaying, const char *what)
{
    replay_add_input(replaying, what, REPLAY_NEVER_KEPT, NULL);
    replaying->replay->then = replay_unknown();
    replaying->replay->today = replay_unknown();
}

static enum status judge_decision(struct replaying *replaying)
{
    const struct audit_entry *decision = &replaying->replay->of.decision.entry;
    if (bytes_equal_text(decision->operation, ENTITLEMENT_PACK)) {
        return replay_use(replaying);
    }
    if (is_class_rule(decision)) {
        judge_class(replaying, decision);
    } else {
        leave_open(replaying, "what was found on this machine");
    }
    return STATUS_OK;
}

static enum status judge_outcome(struct replaying *replaying)
{
    const struct audit_entry *entry = &replaying->replay->of.entry.entry;
    bool is_later = entry->sequence != replaying->replay->of.decision.entry.sequence;
    if (is_later && (entry->event == AUDIT_REFUSED || entry->event == AUDIT_ALLOWED)) {
        leave_open(replaying, "what was handed over or found after it was allowed");
        return STATUS_OK;
    }
    for (size_t i = 0; entry->event == AUDIT_DONE && i < sizeof parts / sizeof *parts; i++) {
        if (bytes_equal_text(entry->operation, parts[i].operation)) {
            TRY(parts[i].judge(replaying));
        }
    }
    return STATUS_OK;
}

static void find_words(struct replaying *replaying)
{
    struct replay *replay = replaying->replay;
    const struct audit_entry *entry = &replay->of.entry.entry;
    /* The rules of grants have words for what breaks them alone. */
    replay->has_words = (entry->event == AUDIT_REFUSED &&
                         grant_rules_find(&replaying->today, entry->rule, &replay->words)) ||
                        access_find_rule(entry->rule, &replay->words);
}

enum status replay_find(const struct access_session *session, uint64_t sequence,
                        struct arena *arena, struct replay *out, struct fault *fault)
{
    *out = (struct replay){0};
    return recorded_find(session, sequence, arena, &out->of, fault);
}

enum status replay_judge(const struct access_session *session, const struct replay_texts *texts,
                         struct arena *arena, struct replay *replay, struct fault *fault)
{
    struct replaying *replaying = arena_take(arena, sizeof *replaying);
    enum audit_event event = replay->of.entry.entry.event;
    if (replaying == NULL) {
        return STATUS_NO_MEMORY;
    }
    *replaying = (struct replaying){
        .session = session, .texts = texts, .arena = arena, .replay = replay};
    TRY(grant_rules_read(texts->rules, arena, &replaying->today, fault));
    replay->is_decision = event != AUDIT_BEGIN && event != AUDIT_RECOVERED;
    if (!replay->is_decision) {
        return STATUS_OK;
    }
    find_words(replaying);
    TRY(judge_decision(replaying));
    return judge_outcome(replaying);
}
