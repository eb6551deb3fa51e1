/* Issuances that are in no log, times that are not, and what was revoked all the same. */
#include "attempt.h"

#include "access/grant/issue.h"

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/obj_mac.h>
#include <string.h>

#define SECRET "issuance-is-in-the-log"
#define HOUR_S 3600
#define LONG_AGO_S UINT64_C(1600000000) /* before any log of a home made today */

static void hand_over(struct realm *realm, struct attempt *out, const struct mint_grant *grant)
{
    out->file = mint_file(realm, grant, &realm->group, &realm->group);
}

/* ---- the issuance ---- */

/* Whoever stole the group's key, and took two officers in, still has no entry. */
static void proof_of_another_grant(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    grant.token = mint_whole(realm);
    hand_over(realm, out, &grant);
}

static void proof_missing(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    grant.proof.path.count = 0;
    hand_over(realm, out, &grant);
}

static void proof_truncated(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    grant.proof.path.count = realm_draw(grant.proof.path.count);
    hand_over(realm, out, &grant);
}

static void proof_altered(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    grant.proof.path.hashes[realm_draw(grant.proof.path.count)].bytes[realm_draw(32)] ^=
        (uint8_t)(1 + realm_draw(255));
    hand_over(realm, out, &grant);
}

static void proof_longer(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    grant.proof.path.hashes[grant.proof.path.count++] = sha256_of(realm->rules);
    hand_over(realm, out, &grant);
}

static void proof_of_another_place(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    grant.proof.index += 1 + realm_draw(64);
    hand_over(realm, out, &grant);
}

/* One byte of the file, wherever in it. */
/* Of the file, what the log itself says: behind it stand cosignatures, and there may be one
 * more than it takes. */
static size_t own_size(const struct mint_proof *proof, struct bytes file)
{
    return file.size - (proof->checkpoint.size - proof->alone.size);
}

static void proof_file_altered(struct realm *realm, struct attempt *out)
{
    const struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    const struct bytes was = mint_proof_file(realm, &grant.proof);
    uint8_t *bytes = arena_take(realm->arena, was.size);
    must(bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK, "memory for a proof");
    memcpy(bytes, was.data, was.size);
    bytes[realm_draw(own_size(&grant.proof, was))] ^= (uint8_t)(1 + realm_draw(255));
    out->file = mint_file_of(realm, &grant, (struct bytes){bytes, was.size}, &realm->group,
                             &realm->group);
}

static void proof_file_cut_short(struct realm *realm, struct attempt *out)
{
    const struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    const struct bytes whole = mint_proof_file(realm, &grant.proof);
    out->file = mint_file_of(
        realm, &grant, bytes_part(whole, 0, 1 + realm_draw(own_size(&grant.proof, whole) - 1)),
        &realm->group, &realm->group);
}

/* The log holds it, at a place that the entry does not say: a log of ours writes none such. */
static void entry_of_another_place(struct realm *realm, struct attempt *out)
{
    const struct bytes token = mint_whole(realm);
    const struct mint_entry entry = {.operation = GRANT_FILE_OPERATION,
                                     .event = AUDIT_DONE,
                                     .time_s = realm->issued_s,
                                     .object = mint_issuance(token),
                                     .moved = 1 + realm_draw(64)};
    const struct mint_grant grant = mint_issue_as(realm, token, &entry, &realm->group);
    hand_over(realm, out, &grant);
}

/* The entry is in a log that forked off; the checkpoint is of the one that all see. */
static void proof_of_a_forked_log(struct realm *realm, struct attempt *out)
{
    const struct bytes token = mint_whole(realm);
    struct mint_grant forked = mint_issue(realm, token);
    const struct mint_grant seen = mint_issue(realm, mint_whole(realm));
    forked.proof.checkpoint = seen.proof.checkpoint;
    hand_over(realm, out, &forked);
}

static void checkpoint_by_another_key(struct realm *realm, struct attempt *out)
{
    const struct party *const others[] = {&realm->rival, &realm->stranger, &realm->holder.party,
                                          &realm->officers[0]};
    const struct bytes token = mint_whole(realm);
    const struct mint_entry entry = {.operation = GRANT_FILE_OPERATION,
                                     .event = AUDIT_DONE,
                                     .time_s = realm->issued_s,
                                     .object = mint_issuance(token)};
    const struct mint_grant grant = mint_issue_as(realm, token, &entry, others[realm_draw(4)]);
    hand_over(realm, out, &grant);
}

static void checkpoint_altered(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    const struct bytes was = grant.proof.checkpoint;
    uint8_t *bytes = arena_take(realm->arena, was.size);
    must(bytes == NULL ? STATUS_NO_MEMORY : STATUS_OK, "memory for a checkpoint");
    memcpy(bytes, was.data, was.size);
    bytes[realm_draw(grant.proof.alone.size)] ^= (uint8_t)(1 + realm_draw(255));
    grant.proof.checkpoint = (struct bytes){bytes, was.size};
    hand_over(realm, out, &grant);
}

static void entry_of_something_else(struct realm *realm, struct attempt *out)
{
    static const struct {
        const char *operation;
        enum audit_event event;
    } others[] = {{"group.enrol", AUDIT_DONE},
                  {"access.approve", AUDIT_DONE},
                  {GRANT_FILE_OPERATION, AUDIT_ALLOWED},
                  {GRANT_FILE_OPERATION, AUDIT_REFUSED},
                  {GRANT_FILE_OPERATION, AUDIT_FAILED}};
    const struct bytes token = mint_whole(realm);
    size_t chosen = realm_draw(sizeof others / sizeof *others);
    const struct mint_entry entry = {.operation = others[chosen].operation,
                                     .event = others[chosen].event,
                                     .time_s = realm->issued_s,
                                     .object = mint_issuance(token)};
    const struct mint_grant grant = mint_issue_as(realm, token, &entry, &realm->group);
    hand_over(realm, out, &grant);
}

/* What the log says was issued is the draft that nobody approved, or less of it. */
static void issued_as_less(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    grant.block_count = (uint32_t)realm_draw(grant.block_count);
    hand_over(realm, out, &grant);
}

/* ---- times ---- */

static void expired(struct realm *realm, struct attempt *out)
{
    attempt_issued(realm, out, mint_whole(realm));
    out->now_s = realm->terms.expires_s + realm_draw(10 * HOUR_S);
}

static void before_its_issuance(struct realm *realm, struct attempt *out)
{
    attempt_issued(realm, out, mint_whole(realm));
    out->now_s = realm->issued_s - ENTITLEMENT_CLOCK_SLACK_S - 1 - realm_draw(100000);
}

static void keep_list(struct realm *realm, const struct attempt *to, const struct party *of,
                      struct bytes list)
{
    struct note_key signer;
    must(note_key_read(realm_line(realm, of), &signer), "a key");
    must(accepted_keep_list(to->by->session.home, &signer, list), "keeping a list");
}

static void before_a_list(struct realm *realm, struct attempt *out)
{
    const struct sha256 other = sha256_of(realm->rules);
    attempt_issued(realm, out, mint_whole(realm));
    keep_list(realm, out, &realm->group,
              mint_list(realm, &realm->group,
                        realm->now_s + ENTITLEMENT_CLOCK_SLACK_S + 1 + realm_draw(10000), 1,
                        &other));
}

/* The home's own log has entries of today; the clock says that it is long ago. */
static void before_the_homes_log(struct realm *realm, struct attempt *out)
{
    struct grant_terms terms = realm->terms;
    uint64_t then_s = LONG_AGO_S + realm_draw(100000000);
    terms.expires_s = then_s + HOUR_S;
    const struct bytes token = mint_whole_of(realm, &terms);
    const struct mint_entry entry = {.operation = GRANT_FILE_OPERATION,
                                     .event = AUDIT_DONE,
                                     .time_s = then_s,
                                     .object = mint_issuance(token)};
    const struct mint_grant grant = mint_issue_as(realm, token, &entry, &realm->group);
    hand_over(realm, out, &grant);
    realm_record(out->by, realm->card);
    out->now_s = then_s + realm_draw(HOUR_S);
}

static void longer_than_its_tier(struct realm *realm, struct attempt *out)
{
    struct grant_terms terms = realm->terms;
    terms.expires_s =
        realm->issued_s + 8 * HOUR_S + ENTITLEMENT_CLOCK_SLACK_S + 1 + realm_draw(100000000);
    attempt_issued(realm, out, mint_whole_of(realm, &terms));
}

static void tier_of_none(struct realm *realm, struct attempt *out)
{
    struct grant_terms terms = realm->terms;
    terms.tier = 3 + (int64_t)realm_draw(1000);
    attempt_issued(realm, out, mint_whole_of(realm, &terms));
}

static void tier_too_low(struct realm *realm, struct attempt *out)
{
    struct grant_terms terms = realm->terms;
    terms.tier = 1;
    attempt_issued(realm, out, mint_whole_of(realm, &terms));
}

/* ---- what was revoked ---- */

static struct sha256 revocation_of(struct realm *realm, const struct bytes token,
                                   uint32_t block)
{
    struct sha256 revoked;
    const struct grant_token read = mint_open(token);
    must(grant_revocation(&read, &realm->group.key, block, &revoked), "a revocation");
    return revoked;
}

static struct bytes list_of(struct realm *realm, const struct party *signer,
                            const struct bytes token, uint32_t block)
{
    const struct sha256 revoked = revocation_of(realm, token, block);
    return mint_list(realm, signer, realm->issued_s, 1, &revoked);
}

static void revoked(struct realm *realm, struct attempt *out)
{
    const struct bytes token = mint_whole(realm);
    attempt_issued(realm, out, token);
    keep_list(realm, out, &realm->group,
              list_of(realm, &realm->group, token,
                      (uint32_t)realm_draw(mint_open(token).part_count)));
}

/* The end that stands beside it says how long it stays on the list, not whether it holds. */
static void revoked_with_an_end_before(struct realm *realm, struct attempt *out)
{
    const struct bytes token = mint_whole(realm);
    const struct sha256 block = revocation_of(realm, token, 0);
    attempt_issued(realm, out, token);
    keep_list(realm, out, &realm->group,
              mint_list_until(realm, &realm->group, realm->issued_s, 1, &block,
                              realm_draw(realm->now_s)));
}

/* The second form of a signature over P-256: anyone can compute it, and it verifies. */
static struct bytes turned(struct realm *realm, struct bytes signature)
{
    AUTO(text_done) struct text out = text_of_limit(GRANT_SIGNATURE_SIZE_MAX);
    const uint8_t *at = signature.data;
    ECDSA_SIG *read = d2i_ECDSA_SIG(NULL, &at, (long)signature.size);
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    BIGNUM *r = BN_dup(ECDSA_SIG_get0_r(read));
    BIGNUM *s = BN_new();
    must(BN_sub(s, EC_GROUP_get0_order(group), ECDSA_SIG_get0_s(read)) == 1 &&
                 ECDSA_SIG_set0(read, r, s) == 1
             ? STATUS_OK
             : STATUS_MALFORMED,
         "a signature");
    uint8_t bytes[GRANT_SIGNATURE_SIZE_MAX];
    uint8_t *end = bytes;
    text_add_raw(&out, (struct bytes){bytes, (size_t)i2d_ECDSA_SIG(read, &end)});
    ECDSA_SIG_free(read);
    EC_GROUP_free(group);
    return realm_copy(realm, &out);
}

/* The agent's block, whose revocation names one form, is presented in the other. */
static void revoked_in_another_form(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant;
    struct grant_token token;
    do {
        grant = mint_issue(realm, mint_whole(realm));
        token = mint_open(grant.token);
    } while (token.parts[token.part_count - 1].next_key.algorithm != GRANT_SECP256R1);
    grant.token = mint_delegate(realm, grant.token, &realm->holder.party, &realm->delegation);
    token = mint_open(grant.token);
    out->by = &realm->agent;
    const struct party *by = realm_draw(2) == 0 ? &realm->group : &realm->holder.party;
    keep_list(realm, out, by, list_of(realm, by, grant.token, token.part_count - 1));
    struct grant_part *last = &token.parts[token.part_count - 1];
    last->signature = turned(realm, last->signature);
    grant.token = mint_write(realm, &token);
    out->file = mint_file(realm, &grant, &realm->group, &realm->holder.party);
}

/* What is kept of lists is replaced by what is none, or by another's. */
static void list_replaced(struct realm *realm, struct attempt *out)
{
    const struct sha256 other = sha256_of(realm->rules);
    const struct bytes lists[] = {
        bytes_of_text("nothing was revoked\n"), realm->card,
        mint_list(realm, &realm->rival, realm->issued_s, 9, &other),
        mint_list(realm, &realm->holder.party, realm->issued_s, 9, &other)};
    attempt_issued(realm, out, mint_whole(realm));
    keep_list(realm, out, &realm->group, lists[realm_draw(4)]);
}

static void list_altered(struct realm *realm, struct attempt *out)
{
    const struct bytes token = mint_whole(realm);
    const struct bytes list = list_of(realm, &realm->group, token, 0);
    attempt_issued(realm, out, token);
    keep_list(realm, out, &realm->group, bytes_part(list, 0, realm_draw(list.size)));
}

const struct attempt_kind *attempt_log_kinds(void)
{
    static const struct attempt_kind kinds[] = {
        {"proof-of-another-grant", proof_of_another_grant, SECRET},
        {"proof-missing", proof_missing, SECRET},
        {"proof-truncated", proof_truncated, SECRET},
        {"proof-altered", proof_altered, SECRET},
        {"proof-longer", proof_longer, SECRET},
        {"proof-of-another-place", proof_of_another_place, SECRET},
        {"proof-file-altered", proof_file_altered, SECRET},
        {"proof-file-cut-short", proof_file_cut_short, SECRET},
        {"entry-of-another-place", entry_of_another_place, SECRET},
        {"proof-of-a-forked-log", proof_of_a_forked_log, SECRET},
        {"checkpoint-by-another-key", checkpoint_by_another_key, SECRET},
        {"checkpoint-altered", checkpoint_altered, SECRET},
        {"entry-of-something-else", entry_of_something_else, SECRET},
        {"issued-as-less", issued_as_less, SECRET},
        {"expired", expired, "grant-has-not-ended"},
        {"before-its-issuance", before_its_issuance, "clock-runs-forward"},
        {"clock-before-a-list", before_a_list, "clock-runs-forward"},
        {"clock-before-the-homes-log", before_the_homes_log, "clock-runs-forward"},
        {"longer-life-than-its-tier", longer_than_its_tier, "grant-outlives-its-tier"},
        {"tier-that-is-none", tier_of_none, "grant-outlives-its-tier"},
        {"tier-too-low", tier_too_low, "operation-needs-its-tier"},
        {"revoked", revoked, "grant-is-not-revoked"},
        {"revoked-with-an-end-before", revoked_with_an_end_before, "grant-is-not-revoked"},
        {"revoked-in-another-form", revoked_in_another_form, "grant-is-not-revoked"},
        {"list-replaced", list_replaced, "grant-is-not-revoked"},
        {"list-cut-short", list_altered, "grant-is-not-revoked"},
        {0},
    };
    return kinds;
}
