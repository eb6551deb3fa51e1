#include "access/group/chronicle.h"

#include <assert.h>

#include "access/grant/judge.h"
#include "access/group/approver.h"
#include "access/group/grant_file.h"
#include "access/group/issued.h"
#include "access/group/paper.h"
#include "access/group/revocation.h"
#include "access/recorded.h"

#define ENTRY_MEMORY_MAX (32U << 20)
#define KEPT_MEMORY_MAX (64U << 20)
#define TIER_ASKED "group.eligibility"

const char *chronicle_kind_name(enum chronicle_kind kind)
{
    static const char *const names[] = {
        "enrolled", "fact",    "vouched_for", "vouches", "tier_asked", "requested", "approved",
        "granted",  "revoked", "did",         "refused", "accepted",   "narrowed",  "used"};
    static_assert(sizeof names / sizeof *names == CHRONICLE_KIND_COUNT, "each has a name");
    assert((unsigned)kind < CHRONICLE_KIND_COUNT);
    return names[kind];
}

/* A grant of the member's, by what revokes it. */
struct known_grant {
    struct sha256 block;
    struct bytes id;
    bool is_issued;
    struct revocation_target target;
    bool is_revoked;
    struct known_grant *next;
};

/* What is known while the log is gone through. */
struct telling {
    const struct access_session *session;
    const struct roll *roll;
    struct chronicle *chronicle;
    struct arena *one;  /* of one entry; forgotten before the next */
    struct arena *kept; /* what later entries refer to */
    struct grant_key root;
    bool has_key;
    struct note_key key; /* of the member, as enrolled last */
    struct known_grant *grants;
    enum status status;
};

static struct chronicle_event event_of(enum chronicle_kind kind,
                                       const struct audit_entry *entry)
{
    return (struct chronicle_event){.kind = kind,
                                    .sequence = entry->sequence,
                                    .time_ms = entry->time_ms,
                                    .object = entry->object};
}

static void tell(struct telling *telling, const struct chronicle_event *event)
{
    telling->chronicle->told++;
    telling->chronicle->tell(telling->chronicle->context, event);
}

static bool is_subject(const struct telling *telling, struct bytes name)
{
    return bytes_equal(name, telling->chronicle->subject);
}

/* False, and counted, where the paper is not there or not what the log says. */
static bool find_paper(struct telling *telling, struct bytes object, struct bytes *out)
{
    struct sha256 hash;
    if (object.size != sizeof hash.bytes) {
        return false;
    }
    memcpy(hash.bytes, object.data, sizeof hash.bytes);
    bool is_found =
        paper_find(telling->session->payloads, &hash, telling->one, out) == STATUS_OK;
    telling->chronicle->unread += !is_found;
    return is_found;
}

/* ---- members ---- */

static void tell_enrolment(struct telling *telling, const struct audit_entry *entry,
                           struct bytes paper)
{
    struct deed_fault fault;
    struct sha256 hash;
    struct bytes file = BYTES_NONE;
    struct deed *admission = arena_take(telling->one, sizeof *admission);
    struct deed *enrolment = arena_take(telling->one, sizeof *enrolment);
    if (admission == NULL || enrolment == NULL) {
        telling->status = STATUS_NO_MEMORY;
        return;
    }
    if (deed_read(paper, DEED_ADMISSION, admission, &fault) != STATUS_OK ||
        sha256_read_hex(deed_value(admission, "enrolment"), &hash) != STATUS_OK ||
        !find_paper(telling, (struct bytes){hash.bytes, sizeof hash.bytes}, &file) ||
        deed_read(file, DEED_ENROLMENT, enrolment, &fault) != STATUS_OK ||
        !is_subject(telling, deed_value(enrolment, "name"))) {
        return;
    }
    telling->key = enrolment->key;
    telling->key.name = BYTES_NONE; /* it borrows from what is forgotten */
    telling->has_key = true;
    struct chronicle_event event = event_of(CHRONICLE_ENROLLED, entry);
    event.name = telling->chronicle->subject;
    event.what = deed_value(enrolment, "organisation");
    tell(telling, &event);
    size_t index = 0;
    const struct deed_line *line;
    while ((line = deed_next(admission, "fact", &index)) != NULL) {
        struct chronicle_event fact = event_of(CHRONICLE_FACT, entry);
        fact.what = line->value;
        tell(telling, &fact);
    }
}

static void tell_vouch(struct telling *telling, const struct audit_entry *entry,
                       struct bytes paper)
{
    struct deed_fault fault;
    struct deed *vouch = arena_take(telling->one, sizeof *vouch);
    if (vouch == NULL) {
        telling->status = STATUS_NO_MEMORY;
        return;
    }
    if (deed_read(paper, DEED_VOUCH, vouch, &fault) != STATUS_OK) {
        telling->chronicle->unread++;
        return;
    }
    bool is_for = is_subject(telling, deed_value(vouch, "name"));
    bool is_by = telling->has_key && group_key_equal(&vouch->key, &telling->key);
    if (!is_for && !is_by) {
        return;
    }
    struct chronicle_event event =
        event_of(is_for ? CHRONICLE_VOUCHED_FOR : CHRONICLE_VOUCHES, entry);
    const struct roll_member *by = roll_find_key(telling->roll, &vouch->key);
    event.name = is_by ? deed_value(vouch, "name")
                 : by != NULL
                     ? by->name
                     : (struct bytes)BYTES_LITERAL("somebody who is no member any more");
    tell(telling, &event);
}

/* ---- grants ---- */

static void tell_approvals(struct telling *telling, const struct audit_entry *entry,
                           const struct grant_opened *grant)
{
    struct grant_officer officers[GRANT_OFFICERS_MAX];
    approvers_of_card(&telling->roll->card, officers);
    for (uint32_t i = 1; i < grant->token.part_count; i++) {
        const struct datalog_block *block = &grant->blocks[i];
        for (size_t j = 0; block->has_external && j < telling->roll->card.officer_count; j++) {
            if (grant_key_equal(&block->external_key, &officers[j].key) &&
                grant_block_approves(block, officers[j].role)) {
                struct chronicle_event event = event_of(CHRONICLE_APPROVED, entry);
                event.name = officers[j].name;
                event.role = officers[j].role;
                event.grant = grant->terms.id;
                tell(telling, &event);
            }
        }
    }
}

/* A draft and what was issued of it are one. */
static struct known_grant *find_known(const struct telling *telling, const struct sha256 *block)
{
    struct known_grant *known = telling->grants;
    while (known != NULL && !sha256_equal(&known->block, block)) {
        known = known->next;
    }
    return known;
}

static void remember_grant(struct telling *telling, const struct audit_entry *entry,
                           const struct grant_opened *grant, bool is_issued)
{
    struct sha256 block;
    if (grant_revocation(&grant->token, &telling->root, 0, &block) != STATUS_OK) {
        telling->status = STATUS_MALFORMED;
        return;
    }
    struct known_grant *known = find_known(telling, &block);
    if (known == NULL) {
        known = arena_take(telling->kept, sizeof *known);
        if (known == NULL ||
            arena_copy(telling->kept, grant->terms.id, &known->id) != STATUS_OK ||
            arena_copy(telling->kept, grant->terms.organisation, &known->target.organisation) !=
                STATUS_OK) {
            telling->status = STATUS_NO_MEMORY;
            return;
        }
        known->block = block;
        known->target.blocks = &known->block;
        known->target.block_count = 1;
        known->next = telling->grants;
        telling->grants = known;
    }
    known->is_issued = is_issued;
    known->target.issued_s = entry->time_ms / 1000;
    revocation_target_keys(grant, &telling->root, &known->target);
}

static void tell_grant(struct telling *telling, const struct audit_entry *entry,
                       struct bytes paper, enum chronicle_kind kind)
{
    struct fault fault;
    struct grant_opened *grant = arena_take(telling->one, sizeof *grant);
    if (grant == NULL) {
        telling->status = STATUS_NO_MEMORY;
        return;
    }
    if (grant_open_paper(paper, &telling->root, telling->one, grant, &fault) != STATUS_OK) {
        telling->chronicle->unread++;
        return;
    }
    const struct grant_terms *terms = &grant->terms;
    if (!is_subject(telling, terms->subject)) {
        return;
    }
    if (kind == CHRONICLE_GRANTED) {
        tell_approvals(telling, entry, grant);
    }
    for (uint32_t i = 0; i < terms->right_count; i++) {
        struct chronicle_event event = event_of(kind, entry);
        event.grant = terms->id;
        event.what = terms->rights[i].what;
        event.reason = terms->reason;
        event.tier = terms->tier;
        event.until_s = terms->expires_s;
        tell(telling, &event);
    }
    remember_grant(telling, entry, grant, kind == CHRONICLE_GRANTED);
}

static void tell_revocations(struct telling *telling, const struct audit_entry *entry,
                             struct bytes paper)
{
    struct deed_fault fault;
    struct revocation_list *list = arena_take(telling->one, sizeof *list);
    if (list == NULL) {
        telling->status = STATUS_NO_MEMORY;
        return;
    }
    if (revocation_list_read(paper, list, &fault) != STATUS_OK) {
        telling->chronicle->unread++;
        return;
    }
    for (struct known_grant *one = telling->grants; one != NULL; one = one->next) {
        bool is_on = one->is_issued ? revocation_list_covers(list, &one->target, true)
                                    : revocation_list_has(list, &one->block);
        if (!one->is_revoked && is_on) {
            struct chronicle_event event = event_of(CHRONICLE_REVOKED, entry);
            event.grant = one->id;
            one->is_revoked = true;
            tell(telling, &event);
        }
    }
}

/* ---- the log of a group ---- */

/* True where the words hold --subject with this name. */
static bool names_subject(const struct telling *telling, struct bytes arguments)
{
    static const char option[] = "--subject";
    struct bytes rest = arguments;
    struct bytes word = BYTES_NONE;
    while (bytes_split(&rest, '\0', &word)) {
        bool is_joined = word.size >= sizeof option &&
                         bytes_equal_text(bytes_part(word, 0, sizeof option), "--subject=");
        if ((is_joined && is_subject(telling, bytes_from(word, sizeof option))) ||
            (bytes_equal_text(word, option) && bytes_split(&rest, '\0', &word) &&
             is_subject(telling, word))) {
            return true;
        }
    }
    return false;
}

static void tell_done(struct telling *telling, const struct audit_entry *entry)
{
    static const char *const operations[] = {ROLL_ENROL, ROLL_VOUCH, ISSUED_DRAFT_OPERATION,
                                             GRANT_FILE_OPERATION, REVOCATION_OPERATION};
    enum { ENROL, VOUCH, DRAFT, ISSUE, REVOKE, OPERATION_COUNT } i = ENROL;
    struct bytes paper = BYTES_NONE;
    while (i < OPERATION_COUNT && !bytes_equal_text(entry->operation, operations[i])) {
        i++;
    }
    if (i == OPERATION_COUNT || !find_paper(telling, entry->object, &paper)) {
        return;
    }
    if (i == ENROL) {
        tell_enrolment(telling, entry, paper);
    } else if (i == VOUCH) {
        tell_vouch(telling, entry, paper);
    } else if (i == REVOKE) {
        tell_revocations(telling, entry, paper);
    } else {
        tell_grant(telling, entry, paper, i == DRAFT ? CHRONICLE_REQUESTED : CHRONICLE_GRANTED);
    }
}

static void visit(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct telling *telling = context;
    if (telling->status != STATUS_OK) {
        return;
    }
    arena_reset(telling->one);
    if (entry->event == AUDIT_DONE) {
        tell_done(telling, entry);
    } else if (entry->event == AUDIT_ALLOWED &&
               bytes_equal_text(entry->operation, TIER_ASKED) &&
               names_subject(telling, arguments)) {
        const struct chronicle_event event = event_of(CHRONICLE_TIER_ASKED, entry);
        tell(telling, &event);
    } else if (entry->event == AUDIT_REFUSED &&
               bytes_equal_text(bytes_part(entry->operation, 0, 6), "group.")) {
        telling->chronicle->unnamed++;
    }
}

enum status chronicle_of_member(const struct access_session *session, const struct roll *roll,
                                struct chronicle *chronicle, struct fault *fault)
{
    AUTO(arena_done) struct arena *one = arena_new(ENTRY_MEMORY_MAX);
    AUTO(arena_done) struct arena *kept = arena_new(KEPT_MEMORY_MAX);
    const struct bytes key = {session->identity.public_key, IDENTITY_KEY_SIZE};
    struct telling telling = {
        .session = session, .roll = roll, .chronicle = chronicle, .one = one, .kept = kept};
    if (one == NULL || kept == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(grant_key_of(GRANT_ED25519, key, &telling.root));
    TRY(recorded_visit(session, visit, &telling, fault));
    if (telling.status != STATUS_OK) {
        *fault = (struct fault){"it needs too much memory", 0};
    }
    return telling.status;
}
