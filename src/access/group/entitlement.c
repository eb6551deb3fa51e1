#include "access/group/entitlement.h"

#include <assert.h>
#include <fcntl.h>
#include <sys/file.h>

#include "access/audit_verify.h"
#include "access/group/accepted.h"
#include "access/group/approver.h"
#include "access/group/group_card.h"
#include "base/file.h"

/* Of what one grant brings: forgotten before the next. */
#define CANDIDATE_MEMORY_MAX (16U << 20)

/* What is asked of one grant after the other. */
struct search {
    const struct access_session *session;
    const struct entitlement_wish *wish;
    struct arena *arena;   /* the rules, and what is found */
    struct arena *scratch; /* the grant that is looked at */
    struct grant_rules rules;
    struct grant_key presenter;
    uint64_t last_s; /* of this home's log */
    struct entitlement *found;
    bool is_found;
    bool is_close; /* the refusal is of a grant that names what is wanted */
    bool is_refused;
    struct access_refusal *refusal;
};

/* One grant, as far as it was read. */
struct candidate {
    struct grant_file file;
    struct group_card card;
    struct grant_opened grant;
    struct grant_officer officers[GRANT_OFFICERS_MAX];
    struct grant_right want;
    struct entitlement entitlement;
};

static enum status refuse(struct search *search, const char *rule, const char *detail)
{
    grant_rules_refuse(&search->rules, rule, search->refusal);
    search->refusal->detail = detail;
    return STATUS_DENIED;
}

/* ---- what a grant brings ---- */

static enum status read_card(struct search *search, struct candidate *candidate)
{
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct bytes kept;
    struct deed_fault fault;
    if (group_card_load(search->session->home, &candidate->file.group, &file,
                        &candidate->card) != STATUS_OK) {
        return refuse(search, "group-is-known", NULL);
    }
    /* What the card says borrows from its file, which must live as long as it. */
    TRY(arena_copy(search->scratch, text_bytes(&file), &kept));
    if (group_card_read(kept, &candidate->card, &fault) != STATUS_OK) {
        return refuse(search, "group-is-known", fault.what);
    }
    approvers_of_card(&candidate->card, candidate->officers);
    return STATUS_OK;
}

static enum status open_grant(struct search *search, struct bytes file,
                              struct candidate *candidate)
{
    struct deed_fault deed_fault;
    struct fault fault = {NULL, 0};
    if (grant_file_read(file, search->scratch, &candidate->file, &deed_fault) != STATUS_OK) {
        return refuse(search, "grant-is-whole", deed_fault.what);
    }
    TRY(read_card(search, candidate));
    const struct grant_key root = grant_key_of_note(&candidate->card.key);
    if (grant_open(candidate->file.token, &root, search->scratch, &candidate->grant, &fault) !=
        STATUS_OK) {
        return refuse(search, "grant-is-whole", fault.what);
    }
    const struct grant_key signer = grant_key_of_note(&candidate->file.signer);
    if (!grant_key_equal(&signer, &root) &&
        !(candidate->grant.has_delegation &&
          grant_key_equal(&signer, &candidate->grant.terms.holder))) {
        return refuse(search, "grant-is-whole",
                      "its file is signed neither by the group nor by its holder");
    }
    return STATUS_OK;
}

static bool names(const struct grant_terms *terms, const struct grant_right *want)
{
    for (uint32_t i = 0; i < terms->right_count; i++) {
        if (bytes_equal(terms->rights[i].operation, want->operation) &&
            bytes_equal(terms->rights[i].what, want->what)) {
            return true;
        }
    }
    return false;
}

static struct grant_right choose_right(const struct search *search,
                                       const struct candidate *candidate)
{
    const struct grant_opened *grant = &candidate->grant;
    if (search->wish->pack.size > 0) {
        return (struct grant_right){bytes_of_text(search->wish->operation), search->wish->pack};
    }
    return grant->has_delegation ? grant->delegation.right : grant->terms.rights[0];
}

/* ---- what was recorded ---- */

struct count {
    const struct candidate *candidate;
    const char *operation;
    uint64_t calls;
};

static void count_call(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct count *count = context;
    const struct sha256 *hash = &count->candidate->file.hash;
    IGNORE(arguments.size > 0, "what was asked for does not matter");
    if (entry->event == AUDIT_ALLOWED && bytes_equal_text(entry->operation, count->operation) &&
        bytes_equal(entry->object, (struct bytes){hash->bytes, sizeof hash->bytes})) {
        count->calls++;
    }
}

/* Only for an agent: nobody else's calls are counted, and the log is read whole for it. */
static enum status count_calls(struct search *search, const struct candidate *candidate,
                               uint64_t *out)
{
    *out = 0;
    if (!candidate->grant.has_delegation) {
        return STATUS_OK;
    }
    struct count count = {.candidate = candidate, .operation = search->wish->operation};
    const struct audit_visitor visitor = {count_call, &count};
    AUTO(audit_check_done) struct audit_check check = {0};
    AUTO(text_done) struct text verifier = text_of_limit(IDENTITY_FILE_MAX);
    identity_add_verifier(&search->session->identity, &verifier);
    if (audit_verify(search->session->home, text_bytes(&verifier), &visitor, &check) !=
            STATUS_OK ||
        check.difference_count > 0) {
        return refuse(search, "home-has-a-log", "it is not what its checkpoint signed");
    }
    *out = count.calls;
    return STATUS_OK;
}

/* ---- what was revoked ---- */

static bool is_on_list(int home, const struct note_key *signer,
                       const struct entitlement *entitlement, uint64_t *made_s)
{
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct revocation_list list;
    enum status status = accepted_find_list(home, signer, &file, &list);
    if (status != STATUS_OK) {
        return status != STATUS_NOT_FOUND; /* what cannot be read might name it */
    }
    *made_s = list.made_s > *made_s ? list.made_s : *made_s;
    for (uint32_t i = 0; i < entitlement->revocation_count; i++) {
        if (revocation_list_has(&list, &entitlement->revocations[i])) {
            return true;
        }
    }
    return false;
}

static bool is_revoked(int home, const struct entitlement *entitlement, uint64_t *made_s)
{
    return is_on_list(home, &entitlement->group_key, entitlement, made_s) ||
           is_on_list(home, &entitlement->holder_key, entitlement, made_s);
}

bool entitlement_is_revoked(int home, const struct entitlement *entitlement)
{
    uint64_t made_s = 0;
    return is_revoked(home, entitlement, &made_s);
}

/* ---- one grant ---- */

static enum status describe(struct search *search, struct candidate *candidate)
{
    const struct grant_opened *grant = &candidate->grant;
    struct entitlement *out = &candidate->entitlement;
    *out = (struct entitlement){
        .grant = grant->terms.id,
        .subject = grant->terms.subject,
        .organisation = grant->terms.organisation,
        .group = grant->terms.group,
        .pack = candidate->want.what,
        .expires_s = grant->terms.expires_s,
        .file = candidate->file.hash,
        .rules = search->rules.hash,
        .group_key = candidate->card.key,
        .revocation_count = grant->token.part_count,
    };
    memcpy(out->holder_key.key, grant->terms.holder.bytes, sizeof out->holder_key.key);
    if (grant->has_delegation) {
        out->agent = grant->delegation.name;
        out->has_calls_max = true;
        out->calls_max = grant->delegation.calls_max;
        if (grant->delegation.expires_s < out->expires_s) {
            out->expires_s = grant->delegation.expires_s;
        }
    }
    const struct grant_key root = grant_key_of_note(&candidate->card.key);
    for (uint32_t i = 0; i < grant->token.part_count; i++) {
        if (grant_revocation(&grant->token, &root, i, &out->revocations[i]) != STATUS_OK) {
            return refuse(search, "grant-is-whole", "a signature cannot be compared");
        }
    }
    return STATUS_OK;
}

static uint64_t latest(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static enum status judge(struct search *search, struct candidate *candidate)
{
    uint64_t made_s = 0;
    uint64_t issued_ms = 0;
    struct grant_question question = {
        .officers = candidate->officers,
        .officer_count = candidate->card.officer_count,
        .presenter = &search->presenter,
        .want = candidate->want,
        .now_s = search->wish->now_s,
        .is_logged =
            grant_file_is_logged(&candidate->file, &candidate->grant.token, &issued_ms),
        .is_revoked = is_revoked(search->session->home, &candidate->entitlement, &made_s),
    };
    uint64_t seen_s = latest(latest(search->last_s, made_s), issued_ms / 1000);
    question.seen_s =
        seen_s < ENTITLEMENT_CLOCK_SLACK_S ? 0 : seen_s - ENTITLEMENT_CLOCK_SLACK_S;
    TRY(count_calls(search, candidate, &question.calls));
    candidate->entitlement.calls_made = question.calls;
    return grant_judge(&search->rules, &candidate->grant, &question, search->scratch,
                       search->refusal);
}

/* STATUS_OK, or STATUS_DENIED with the refusal. */
static enum status try_file(struct search *search, struct bytes file,
                            struct candidate *candidate)
{
    TRY(open_grant(search, file, candidate));
    candidate->want = choose_right(search, candidate);
    TRY(describe(search, candidate));
    return judge(search, candidate);
}

/* What was found outlives the grant it was read from. */
static enum status keep(struct search *search, const struct entitlement *found,
                        struct entitlement *out)
{
    *out = *found;
    struct bytes *const texts[] = {&out->grant, &out->subject, &out->organisation,  &out->group,
                                   &out->pack,  &out->agent,   &out->group_key.name};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        TRY(arena_copy(search->arena, *texts[i], texts[i]));
    }
    return STATUS_OK;
}

/* ---- all of them ---- */

/* The refusal that stays is of a grant that names what is wanted, where there is one. */
static enum status visit_file(void *context, struct bytes id, struct bytes file)
{
    struct search *search = context;
    IGNORE(id.size > 0, "what the file says of itself is what counts");
    arena_reset(search->scratch);
    struct candidate *candidate = arena_take(search->scratch, sizeof *candidate);
    if (candidate == NULL) {
        return STATUS_NO_MEMORY;
    }
    struct access_refusal before = *search->refusal;
    enum status status = try_file(search, file, candidate);
    if (status == STATUS_OK) {
        TRY(keep(search, &candidate->entitlement, search->found));
        search->is_found = true;
        return STATUS_CONFLICT; /* ends the visit */
    }
    if (status != STATUS_DENIED) {
        return status;
    }
    bool is_close =
        candidate->want.what.size > 0 && names(&candidate->grant.terms, &candidate->want);
    if (search->is_refused && (search->is_close || !is_close)) {
        *search->refusal = before;
    }
    search->is_close = search->is_close || is_close;
    search->is_refused = true;
    return STATUS_OK;
}

static void end(struct search *search)
{
    arena_free(search->scratch);
}

static enum status begin(const struct access_session *session,
                         const struct entitlement_wish *wish, struct arena *arena,
                         struct access_refusal *refusal, struct fault *fault,
                         struct search *out)
{
    uint64_t last_ms = 0;
    *out = (struct search){.session = session,
                           .wish = wish,
                           .arena = arena,
                           .scratch = arena_new(CANDIDATE_MEMORY_MAX),
                           .refusal = refusal};
    *refusal = (struct access_refusal){0};
    *fault = (struct fault){"there is too little memory", 0};
    if (out->scratch == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(grant_rules_read(wish->rules, arena, &out->rules, fault));
    if (!session->has_audit) {
        return refuse(out, "home-has-a-log", session->fault.what);
    }
    if (audit_last_time(&session->audit, out->scratch, &last_ms, fault) != STATUS_OK) {
        return refuse(out, "home-has-a-log", fault->what);
    }
    out->last_s = last_ms / 1000;
    return grant_key_of(GRANT_ED25519,
                        (struct bytes){session->identity.public_key, IDENTITY_KEY_SIZE},
                        &out->presenter);
}

enum status entitlement_find(const struct access_session *session,
                             const struct entitlement_wish *wish, struct arena *arena,
                             struct entitlement *out, struct access_refusal *refusal,
                             struct fault *fault)
{
    AUTO(end) struct search search = {0};
    struct entitlement found = {0};
    TRY(begin(session, wish, arena, refusal, fault, &search));
    search.found = &found;
    enum status status = accepted_visit_grants(session->home, visit_file, &search);
    if (search.is_found) {
        *out = found;
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        *fault = (struct fault){"the grants of this home cannot be read", 0};
        return status;
    }
    return search.is_refused ? STATUS_DENIED : refuse(&search, "grant-is-there", NULL);
}

enum status entitlement_judge(const struct access_session *session,
                              const struct entitlement_wish *wish, struct bytes file,
                              struct arena *arena, struct entitlement *out,
                              struct access_refusal *refusal, struct fault *fault)
{
    AUTO(end) struct search search = {0};
    TRY(begin(session, wish, arena, refusal, fault, &search));
    struct candidate *candidate = arena_take(search.scratch, sizeof *candidate);
    if (candidate == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(try_file(&search, file, candidate));
    return keep(&search, &candidate->entitlement, out);
}

static enum status record(const struct access_session *session,
                          const struct entitlement_wish *wish, struct entitlement *entitlement,
                          struct fault *fault)
{
    const struct audit_entry entry = {
        .event = AUDIT_ALLOWED,
        .operation = bytes_of_text(wish->operation),
        .class = CLASS_CRITICAL,
        .rule = bytes_of_text("grant-covers-what-is-asked"),
        .policy = {entitlement->rules.bytes, sizeof entitlement->rules.bytes},
        .object = {entitlement->file.bytes, sizeof entitlement->file.bytes},
    };
    return audit_append(&session->audit, &entry, wish->arguments, &entitlement->sequence,
                        fault);
}

enum status entitlement_use(const struct access_session *session,
                            const struct entitlement_wish *wish, struct arena *arena,
                            struct entitlement *out, struct access_refusal *refusal,
                            struct fault *fault)
{
    AUTO(file_done) int folder = -1;
    struct entitlement found;
    *fault = (struct fault){"the grants of this home cannot be read", 0};
    TRY(file_open_folder(session->home, ACCEPTED_FOLDER, &folder));
    /* Held until the folder is closed: the count and the entry that adds to it are one. */
    if (flock(folder, LOCK_EX) != 0) {
        return STATUS_IO;
    }
    TRY(entitlement_find(session, wish, arena, &found, refusal, fault));
    TRY(record(session, wish, &found, fault));
    *out = found;
    return STATUS_OK;
}
