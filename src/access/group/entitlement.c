#include "access/group/entitlement.h"

#include <assert.h>
#include <fcntl.h>
#include <sys/file.h>

#include "access/audit_prove.h"
#include "access/group/accepted.h"
#include "access/group/approver.h"
#include "access/group/quorum.h"
#include "access/recorded.h"
#include "base/file.h"

/* Of what one grant brings: forgotten before the next. */
#define CANDIDATE_MEMORY_MAX (16U << 20)

#define NO_MEMORY "there is too little memory"
#define NO_GRANTS "the grants of this home cannot be read"

/* Uses of which the log has not said yet whether the pack was opened: of more at once the first
 * count, however they end. */
#define BEGUN_MAX 64

struct begun {
    uint64_t sequence;
    size_t place;
};

/* How often each grant was used, by this home's log, which is read once for all of them. */
struct tally {
    const char *operation;
    uint64_t before; /* of which entry: what came later does not count */
    struct sha256 files[ACCEPTED_GRANTS_MAX];
    uint64_t calls[ACCEPTED_GRANTS_MAX];
    size_t count;
    bool is_taken; /* of these files */
    struct begun begun[BEGUN_MAX];
    size_t begun_count;
};

/* What is asked of one grant after the other. */
struct search {
    const struct access_session *session;
    const struct entitlement_wish *wish;
    struct arena *arena;   /* the rules, and what is found */
    struct arena *scratch; /* the grant that is looked at */
    struct grant_rules rules;
    struct grant_key presenter;
    uint64_t last_s;                     /* of this home's log */
    const struct entitlement_past *past; /* NULL: now */
    struct tally *tally;
    struct entitlement *found;
    const struct entitlement_telling *telling; /* NULL where one is looked for */
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
    bool is_logged;
    struct grant_logged logged; /* where it is: when, and under which checkpoint */
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
    return group_card_goes_by(&candidate->card, &search->rules.hash)
               ? STATUS_OK
               : refuse(search, "group-goes-by-these-rules", NULL);
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
    /* Its words are what a person is shown: they may not name a group that did not grant it. */
    return bytes_equal(candidate->grant.terms.group, candidate->card.name)
               ? STATUS_OK
               : refuse(search, "grant-is-whole",
                        "it names another group than the card of the key that signed it");
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

/* Its place, or where it would stand. */
static size_t find_place(const struct tally *tally, struct bytes hash)
{
    size_t place = 0;
    while (place < tally->count &&
           !bytes_equal(hash, (struct bytes){tally->files[place].bytes,
                                             sizeof tally->files[place].bytes})) {
        place++;
    }
    return place;
}

static void add_file(struct tally *tally, const struct sha256 *hash)
{
    size_t place = find_place(tally, (struct bytes){hash->bytes, sizeof hash->bytes});
    if (place == tally->count && place < ACCEPTED_GRANTS_MAX) {
        tally->files[tally->count++] = *hash;
        tally->is_taken = false;
    }
}

static enum status add_kept(void *context, struct bytes id, struct bytes file)
{
    const struct sha256 hash = sha256_of(file);
    IGNORE(id.size > 0, "a grant's uses are recorded under its file's hash");
    add_file(context, &hash);
    return STATUS_OK;
}

static void drop_begun(struct tally *tally, size_t which)
{
    tally->begun_count--;
    memmove(&tally->begun[which], &tally->begun[which + 1],
            (tally->begun_count - which) * sizeof *tally->begun);
}

static void begin_call(struct tally *tally, const struct audit_entry *entry)
{
    size_t place = find_place(tally, entry->object);
    if (place == tally->count) {
        return;
    }
    tally->calls[place]++;
    if (tally->begun_count == BEGUN_MAX) {
        drop_begun(tally, 0);
    }
    tally->begun[tally->begun_count++] = (struct begun){entry->sequence, place};
}

/* That the pack was opened is an entry of its own, of the same decision: what failed after that
 * was a call.  What failed before it has shown nobody anything. */
static void end_call(struct tally *tally, const struct audit_entry *entry)
{
    size_t which = 0;
    while (which < tally->begun_count && tally->begun[which].sequence != entry->decision) {
        which++;
    }
    if (which == tally->begun_count) {
        return;
    }
    bool is_none = entry->event == AUDIT_FAILED || entry->event == AUDIT_REFUSED;
    tally->calls[tally->begun[which].place] -= is_none;
    drop_begun(tally, which);
}

static void count_call(void *context, const struct audit_entry *entry, struct bytes arguments)
{
    struct tally *tally = context;
    IGNORE(arguments.size > 0, "what was asked for does not matter");
    if (entry->sequence >= tally->before ||
        !bytes_equal_text(entry->operation, tally->operation)) {
        return;
    }
    if (entry->has_decision) {
        end_call(tally, entry);
    } else if (entry->event == AUDIT_ALLOWED) {
        begin_call(tally, entry);
    }
}

static enum status take_tally(struct search *search)
{
    struct tally *tally = search->tally;
    memset(tally->calls, 0, sizeof tally->calls);
    tally->begun_count = 0;
    if (recorded_go_through(search->session, count_call, tally) != STATUS_OK) {
        return refuse(search, "home-has-a-log", "it is not what its checkpoint signed");
    }
    tally->is_taken = true;
    return STATUS_OK;
}

/* Only for an agent: nobody else's calls are counted, and the log is read whole for it. */
static enum status count_calls(struct search *search, const struct candidate *candidate,
                               uint64_t *out)
{
    const struct sha256 *hash = &candidate->file.hash;
    *out = 0;
    if (!candidate->grant.has_delegation) {
        return STATUS_OK;
    }
    add_file(search->tally, hash);
    if (!search->tally->is_taken) {
        TRY(take_tally(search));
    }
    size_t place = find_place(search->tally, (struct bytes){hash->bytes, sizeof hash->bytes});
    if (place == search->tally->count) {
        return STATUS_LIMIT;
    }
    *out = search->tally->calls[place];
    return STATUS_OK;
}

/* ---- what was revoked ---- */

/* On the list of the group, or of who holds the grant and left an agent a part of it. */
static bool is_on_list(int home, const struct entitlement *entitlement, bool is_groups,
                       uint64_t *made_s)
{
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct revocation_list list;
    const struct note_key *signer =
        is_groups ? &entitlement->group_key : &entitlement->holder_key;
    enum status status = accepted_find_list(home, signer, &file, &list);
    if (status != STATUS_OK) {
        return status != STATUS_NOT_FOUND; /* what cannot be read might name it */
    }
    *made_s = list.made_s > *made_s ? list.made_s : *made_s;
    struct revocation_target target = entitlement->target;
    target.blocks = entitlement->revocations;
    target.block_count = entitlement->revocation_count;
    return revocation_list_covers(&list, &target, is_groups);
}

static bool is_revoked(int home, const struct entitlement *entitlement, uint64_t *made_s)
{
    return is_on_list(home, entitlement, true, made_s) ||
           is_on_list(home, entitlement, false, made_s);
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
        .target = {.organisation = grant->terms.organisation,
                   .issued_s = candidate->logged.issued_ms / 1000},
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
    for (uint32_t i = 0; i < grant->terms.asset_count; i++) {
        out->unchecked += !bytes_equal_text(grant->terms.assets[i].kind, GRANT_ASSET_OWNER);
    }
    const struct grant_key root = grant_key_of_note(&candidate->card.key);
    revocation_target_keys(grant, &root, &out->target);
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

uint64_t entitlement_less_slack(uint64_t seconds)
{
    return seconds < ENTITLEMENT_CLOCK_SLACK_S ? 0 : seconds - ENTITLEMENT_CLOCK_SLACK_S;
}

uint64_t entitlement_count_cosigned(const struct group_card *card,
                                    const struct grant_logged *logged, uint64_t now_s)
{
    const struct quorum_time time = {entitlement_less_slack(logged->issued_ms / 1000),
                                     now_s + ENTITLEMENT_CLOCK_SLACK_S};
    return quorum_count(card, &logged->checkpoint, time);
}

static struct bytes choose_owner(const struct search *search, const struct candidate *candidate)
{
    const struct grant_opened *grant = &candidate->grant;
    if (search->wish->has_evidence) {
        return search->wish->owner;
    }
    return grant->has_delegation && grant->delegation.owner.size > 0
               ? grant->delegation.owner
               : grant_terms_owner(&grant->terms);
}

static bool find_revoked(const struct search *search, const struct candidate *candidate,
                         uint64_t *made_s)
{
    if (search->past != NULL) {
        *made_s = search->past->list_made_s;
        return search->past->is_revoked;
    }
    return is_revoked(search->session->home, &candidate->entitlement, made_s);
}

static enum status judge(struct search *search, struct candidate *candidate)
{
    uint64_t made_s = 0;
    struct grant_question question = {
        .officers = candidate->officers,
        .officer_count = candidate->card.officer_count,
        .presenter = &search->presenter,
        .want = candidate->want,
        .now_s = search->wish->now_s,
        .is_logged = candidate->is_logged,
        .is_revoked = find_revoked(search, candidate, &made_s),
        .quorum = candidate->card.quorum,
    };
    question.owner = choose_owner(search, candidate);
    question.issued_s = candidate->logged.issued_ms / 1000;
    question.cosigned =
        entitlement_count_cosigned(&candidate->card, &candidate->logged, search->wish->now_s);
    uint64_t seen_s = latest(latest(search->last_s, made_s), question.issued_s);
    question.seen_s = entitlement_less_slack(seen_s);
    TRY(count_calls(search, candidate, &question.calls));
    candidate->entitlement.calls_made = question.calls;
    return grant_judge(&search->rules, &candidate->grant, &question, search->scratch,
                       search->refusal);
}

static enum status read_and_judge(struct search *search, struct bytes file,
                                  struct candidate *candidate)
{
    TRY(open_grant(search, file, candidate));
    candidate->want = choose_right(search, candidate);
    candidate->is_logged =
        grant_file_is_logged(&candidate->file, &candidate->grant.token, &candidate->logged);
    TRY(describe(search, candidate));
    return judge(search, candidate);
}

/* STATUS_OK, or STATUS_DENIED with the refusal.  One that goes beyond a limit is no reason not
 * to look at the others. */
static enum status try_file(struct search *search, struct bytes file,
                            struct candidate *candidate)
{
    enum status status = read_and_judge(search, file, candidate);
    if (status != STATUS_OK) {
        status = status == STATUS_DENIED
                     ? status
                     : refuse(search, "grant-is-whole", "it takes more than one grant may");
        search->refusal->has_object = true;
        search->refusal->object = sha256_of(file);
    }
    return status;
}

/* What was found outlives the grant it was read from. */
static enum status keep(struct search *search, const struct entitlement *found,
                        struct entitlement *out)
{
    *out = *found;
    struct bytes *const texts[] = {
        &out->grant, &out->subject, &out->organisation,   &out->group,
        &out->pack,  &out->agent,   &out->group_key.name, &out->target.organisation};
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
    *out = (struct search){.session = session,
                           .wish = wish,
                           .arena = arena,
                           .scratch = arena_new(CANDIDATE_MEMORY_MAX),
                           .tally = arena_take(arena, sizeof *out->tally),
                           .refusal = refusal};
    *refusal = (struct access_refusal){0};
    *fault = (struct fault){NO_MEMORY, 0};
    if (out->scratch == NULL || out->tally == NULL) {
        return STATUS_NO_MEMORY;
    }
    out->tally->operation = wish->operation;
    out->tally->before = UINT64_MAX;
    TRY(grant_rules_read(wish->rules, arena, &out->rules, fault));
    if (!session->has_audit) {
        return refuse(out, "home-has-a-log", session->fault.what);
    }
    return grant_key_of(GRANT_ED25519,
                        (struct bytes){session->identity.public_key, IDENTITY_KEY_SIZE},
                        &out->presenter);
}

static enum status begin_now(const struct access_session *session,
                             const struct entitlement_wish *wish, struct arena *arena,
                             struct access_refusal *refusal, struct fault *fault,
                             struct search *out)
{
    uint64_t last_ms = 0;
    TRY(begin(session, wish, arena, refusal, fault, out));
    if (audit_last_time(&session->audit, &last_ms, fault) != STATUS_OK) {
        return refuse(out, "home-has-a-log", fault->what);
    }
    out->last_s = last_ms / 1000;
    return STATUS_OK;
}

enum status entitlement_find(const struct access_session *session,
                             const struct entitlement_wish *wish, struct arena *arena,
                             struct entitlement *out, struct access_refusal *refusal,
                             struct fault *fault)
{
    AUTO(end) struct search search = {0};
    struct entitlement found = {0};
    TRY(begin_now(session, wish, arena, refusal, fault, &search));
    search.found = &found;
    enum status status = accepted_visit_grants(session->home, add_kept, search.tally);
    if (status == STATUS_OK) {
        status = accepted_visit_grants(session->home, visit_file, &search);
    }
    if (search.is_found) {
        *out = found;
        return STATUS_OK;
    }
    if (status != STATUS_OK) {
        /* Nobody refused: what keeps them is not as it should be. */
        *fault = status == STATUS_NO_MEMORY ? (struct fault){NO_MEMORY, 0}
                                            : (struct fault){NO_GRANTS, 0};
        return status == STATUS_DENIED ? STATUS_IO : status;
    }
    return search.is_refused ? STATUS_DENIED : refuse(&search, "grant-is-there", NULL);
}

enum status entitlement_judge(const struct access_session *session,
                              const struct entitlement_wish *wish, struct bytes file,
                              struct arena *arena, struct entitlement *out,
                              struct access_refusal *refusal, struct fault *fault)
{
    AUTO(end) struct search search = {0};
    TRY(begin_now(session, wish, arena, refusal, fault, &search));
    struct candidate *candidate = arena_take(search.scratch, sizeof *candidate);
    if (candidate == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(try_file(&search, file, candidate));
    return keep(&search, &candidate->entitlement, out);
}

enum status entitlement_judge_past(const struct access_session *session,
                                   const struct entitlement_wish *wish,
                                   const struct entitlement_past *past, struct bytes file,
                                   struct arena *arena, struct entitlement *out,
                                   struct access_refusal *refusal, struct fault *fault)
{
    AUTO(end) struct search search = {0};
    TRY(begin(session, wish, arena, refusal, fault, &search));
    search.past = past;
    search.last_s = past->last_s;
    search.tally->before = past->before;
    struct candidate *candidate = arena_take(search.scratch, sizeof *candidate);
    if (candidate == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(try_file(&search, file, candidate));
    return keep(&search, &candidate->entitlement, out);
}

/* A use that cannot be recorded is none: refused by the rule that says so. */
static enum status refuse_unrecorded(const struct entitlement_wish *wish, struct arena *arena,
                                     struct access_refusal *refusal, struct fault *fault)
{
    struct grant_rules rules;
    const char *why = fault->what;
    TRY(grant_rules_read(wish->rules, arena, &rules, fault));
    grant_rules_refuse(&rules, "home-has-a-log", refusal);
    refusal->detail = why;
    return STATUS_DENIED;
}

static enum status tell_file(void *context, struct bytes id, struct bytes file)
{
    struct search *search = context;
    arena_reset(search->scratch);
    struct candidate *candidate = arena_take(search->scratch, sizeof *candidate);
    if (candidate == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = search->is_refused ? STATUS_DENIED : try_file(search, file, candidate);
    search->telling->tell(search->telling->context, id,
                          status == STATUS_OK ? &candidate->entitlement : NULL,
                          search->refusal);
    return STATUS_OK;
}

enum status entitlement_tell_all(const struct access_session *session,
                                 const struct entitlement_wish *wish, struct arena *arena,
                                 const struct entitlement_telling *telling, struct fault *fault)
{
    AUTO(end) struct search search = {0};
    struct access_refusal refusal;
    enum status status = begin_now(session, wish, arena, &refusal, fault, &search);
    search.telling = telling;
    search.is_refused = status == STATUS_DENIED; /* none of them holds without the log */
    if (status != STATUS_OK && status != STATUS_DENIED) {
        return status;
    }
    *fault = (struct fault){"the grants of this home cannot be read", 0};
    TRY(accepted_visit_grants(session->home, add_kept, search.tally));
    return accepted_visit_grants(session->home, tell_file, &search);
}

static enum status record(const struct access_session *session,
                          const struct entitlement_wish *wish, struct arena *arena,
                          struct entitlement *entitlement, struct access_refusal *refusal,
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
                        fault) == STATUS_OK
               ? STATUS_OK
               : refuse_unrecorded(wish, arena, refusal, fault);
}

enum status entitlement_use(const struct access_session *session,
                            const struct entitlement_wish *wish, struct arena *arena,
                            struct entitlement *out, struct access_refusal *refusal,
                            struct fault *fault)
{
    AUTO(file_done) int folder = -1;
    struct entitlement found;
    *fault = (struct fault){NO_GRANTS, 0};
    /* A folder that anybody else could have put there is a fault of the home, not a refusal:
     * no rule was asked yet.  It is held until it is closed: the count and the entry that adds
     * to it are one. */
    if (file_open_folder(session->home, ACCEPTED_FOLDER, &folder) != STATUS_OK ||
        flock(folder, LOCK_EX) != 0) {
        return STATUS_IO;
    }
    TRY(entitlement_find(session, wish, arena, &found, refusal, fault));
    TRY(record(session, wish, arena, &found, refusal, fault));
    *out = found;
    return STATUS_OK;
}
