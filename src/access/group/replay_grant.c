#include <string.h>

#include "access/eligibility.h"
#include "access/group/accepted.h"
#include "access/group/approver.h"
#include "access/group/entitlement.h"
#include "access/group/replay_parts.h"
#include "access/group/roll.h"

#define FACTS_MAX 65536
#define MILLISECONDS 1000
#define CLOCK "what the clock said"

static uint64_t decided_s(const struct replaying *replaying)
{
    return replaying->replay->of.decision.entry.time_ms / MILLISECONDS;
}

static void name_terms(struct replaying *replaying, const struct grant_terms *terms)
{
    struct replay *replay = replaying->replay;
    replay->grant = terms->id;
    replay->subject = terms->subject;
    replay->organisation = terms->organisation;
    if (replay->what.size == 0 && terms->right_count > 0) {
        replay->what = terms->rights[0].what;
    }
}

/* ---- the use of a grant, in its holder's home ---- */

/* One grant that this home keeps, and what else its judging takes. */
struct used {
    struct sha256 hash;
    struct arena *arena;
    struct bytes file;
    bool is_found;
    struct grant_file read;
    struct grant_opened grant;
    struct bytes pack;
    struct bytes owner;  /* of the evidence, as was said */
    bool is_clock_loose; /* it may have said a little less than the entry */
    struct entitlement_past past;
};

static enum status compare_file(void *context, struct bytes id, struct bytes file)
{
    struct used *used = context;
    const struct sha256 hash = sha256_of(file);
    IGNORE(id.size > 0, "its hash says which it is");
    if (!used->is_found && sha256_equal(&hash, &used->hash)) {
        used->is_found = arena_copy(used->arena, file, &used->file) == STATUS_OK;
    }
    return STATUS_OK;
}

static bool find_file(struct replaying *replaying, struct used *used)
{
    struct bytes object = replaying->replay->of.decision.entry.object;
    struct deed_fault deed_fault;
    struct fault fault;
    if (object.size != sizeof used->hash.bytes) {
        replay_add_input(replaying, "which grants were accepted here then", REPLAY_NEVER_KEPT,
                         NULL);
        return false;
    }
    memcpy(used->hash.bytes, object.data, sizeof used->hash.bytes);
    bool is_read =
        accepted_visit_grants(replaying->session->home, compare_file, used) == STATUS_OK &&
        used->is_found;
    replay_add_input(replaying, "the grant", is_read ? REPLAY_KEPT : REPLAY_GONE, &used->hash);
    if (!is_read ||
        grant_file_read(used->file, replaying->arena, &used->read, &deed_fault) != STATUS_OK) {
        return false;
    }
    const struct grant_key root = grant_key_of_note(&used->read.group);
    if (grant_open(used->read.token, &root, replaying->arena, &used->grant, &fault) ==
        STATUS_OK) {
        name_terms(replaying, &used->grant.terms);
        return true;
    }
    return false;
}

/* A card that was made after the decision did not make it. */
static void find_card(struct replaying *replaying, const struct used *used)
{
    AUTO(text_done) struct text file = text_of_limit(NOTE_SIZE_MAX);
    struct group_card card;
    static const char what[] = "the group's card";
    if (group_card_load(replaying->session->home, &used->read.group, &file, &card) !=
        STATUS_OK) {
        replay_add_input(replaying, what, REPLAY_GONE, NULL);
        return;
    }
    bool is_later = card.made.ns / MOMENT_SECOND_NS > (int64_t)decided_s(replaying);
    replay_add_input(replaying, what, is_later ? REPLAY_LATER : REPLAY_KEPT, &card.hash);
}

/* What stands behind an option; the words are those of a command line, each ended by a zero
 * byte. */
static struct bytes find_option(struct bytes arguments, const char *option)
{
    struct bytes rest = arguments;
    struct bytes word = BYTES_NONE;
    struct bytes found = BYTES_NONE;
    size_t size = strlen(option);
    while (bytes_split(&rest, '\0', &word)) {
        if (bytes_equal_text(word, option) && bytes_split(&rest, '\0', &word)) {
            found = word;
        } else if (word.size > size && word.data[size] == '=' &&
                   bytes_equal_text(bytes_part(word, 0, size), option)) {
            found = bytes_from(word, size + 1);
        }
    }
    return found;
}

static void find_asked(struct replaying *replaying, struct used *used)
{
    const struct recorded *decision = &replaying->replay->of.decision;
    used->pack = find_option(decision->arguments, "--pack");
    used->owner = find_option(decision->arguments, "--evidence-owner");
    replaying->replay->what = used->pack;
    replay_add_input(replaying, "what was asked for",
                     used->pack.size > 0            ? REPLAY_KEPT
                     : recorded_is_erased(decision) ? REPLAY_GONE
                                                    : REPLAY_NEVER_KEPT,
                     NULL);
}

/* An entry is never earlier than the one before it: where they are equal, the clock of then may
 * have said less.  By how much is known where no rule said that it ran back: by no more than
 * clocks may be put right by. */
static void find_clock(struct replaying *replaying, struct used *used)
{
    const struct recorded_decision *of = &replaying->replay->of;
    used->past.last_s = of->before_ms / MILLISECONDS;
    bool is_equal = of->before_ms == of->decision.entry.time_ms;
    bool ran_back = bytes_equal_text(of->decision.entry.rule, "clock-runs-forward");
    used->is_clock_loose = is_equal && !ran_back;
    if (is_equal && ran_back) {
        replay_add_input(replaying, CLOCK, REPLAY_NEVER_KEPT, NULL);
    }
}

static void find_lists(struct replaying *replaying, struct used *used)
{
    struct sha256 blocks[GRANT_BLOCKS_MAX];
    const struct grant_token *token = &used->grant.token;
    const struct grant_key root = grant_key_of_note(&used->read.group);
    struct revocation_target target = {.blocks = blocks,
                                       .organisation = used->grant.terms.organisation};
    struct note_key holder = {.algorithm = NOTE_ED25519};
    struct entitlement_past *past = &used->past;
    struct grant_logged logged = {0};
    uint64_t ends_s = used->grant.terms.expires_s;
    memcpy(holder.key, used->grant.terms.holder.bytes, sizeof holder.key);
    for (uint32_t i = 0; i < token->part_count; i++) {
        target.block_count +=
            grant_revocation(token, &root, i, &blocks[target.block_count]) == STATUS_OK;
    }
    revocation_target_keys(&used->grant, &root, &target);
    IGNORE(!grant_file_is_logged(&used->read, token, &logged), "then it counts as the first");
    target.issued_s = logged.issued_ms / MILLISECONDS;
    IGNORE(replay_find_revoked(replaying, &used->read.group, &target, true, ends_s,
                               &past->is_revoked, &past->list_made_s),
           "then it stands among what is missing");
    IGNORE(replay_find_revoked(replaying, &holder, &target, false, ends_s, &past->is_revoked,
                               &past->list_made_s),
           "then it stands among what is missing");
}

static enum status judge_at(struct replaying *replaying, const struct used *used,
                            struct bytes rules, uint64_t now_s, struct replay_judgement *out)
{
    const struct entitlement_wish wish = {.operation = ENTITLEMENT_PACK,
                                          .pack = used->pack,
                                          .now_s = now_s,
                                          .rules = rules,
                                          .has_evidence = true,
                                          .owner = used->owner};
    struct entitlement found;
    struct access_refusal *refusal = arena_take(replaying->arena, sizeof *refusal);
    if (refusal == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status =
        entitlement_judge_past(replaying->session, &wish, &used->past, used->file,
                               replaying->arena, &found, refusal, &replaying->fault);
    if (status != STATUS_OK && status != STATUS_DENIED) {
        return status;
    }
    *out = replay_compare(&replaying->replay->of.decision.entry,
                          status == STATUS_OK ? NULL : refusal);
    return STATUS_OK;
}

/* It was decided a moment before it was written down, perhaps in the second before; where even
 * that makes a difference, the clock is what is missing. */
static enum status judge_use(struct replaying *replaying, const struct used *used,
                             struct bytes rules, struct replay_judgement *out)
{
    uint64_t now_s = decided_s(replaying);
    uint64_t less_s = used->is_clock_loose ? ENTITLEMENT_CLOCK_SLACK_S : 1;
    struct replay_judgement before;
    TRY(judge_at(replaying, used, rules, now_s, out));
    if (now_s < less_s || (out->answer == REPLAY_SAME && !used->is_clock_loose)) {
        return STATUS_OK;
    }
    TRY(judge_at(replaying, used, rules, now_s - less_s, &before));
    if (before.answer != out->answer) {
        out->answer = REPLAY_UNKNOWN;
        replay_add_input(replaying, CLOCK, REPLAY_NEVER_KEPT, NULL);
    }
    return STATUS_OK;
}

enum status replay_use(struct replaying *replaying)
{
    struct replay *replay = replaying->replay;
    struct used *used = arena_take(replaying->arena, sizeof *used);
    struct grant_rules then;
    struct sha256 hash = {{0}};
    if (used == NULL) {
        return STATUS_NO_MEMORY;
    }
    used->arena = replaying->arena;
    replay->then = replay_unknown();
    replay->today = replay_unknown();
    bool is_found = find_file(replaying, used);
    find_asked(replaying, used);
    if (is_found) {
        find_card(replaying, used);
        find_clock(replaying, used);
        find_lists(replaying, used);
        used->past.before = replaying->replay->of.decision.entry.sequence;
    }
    bool is_whole = is_found && replay_missing(replay) == 0;
    memcpy(hash.bytes, replay->of.decision.entry.policy.data, sizeof hash.bytes);
    bool has_rules = replay_find_rules(replaying, &hash, &then);
    if (is_whole && has_rules) {
        TRY(judge_use(replaying, used, then.source, &replay->then));
    }
    return is_whole ? judge_use(replaying, used, replaying->today.source, &replay->today)
                    : STATUS_OK;
}

/* ---- what a group decided, in its home ---- */

/* The group as it was before the decision; false, and an input, where that is not known. */
static bool find_roll(struct replaying *replaying, struct roll *out)
{
    struct fault fault;
    enum status status =
        roll_read_before(replaying->session, replaying->replay->of.decision.entry.sequence,
                         replaying->arena, out, &fault);
    bool is_whole = status == STATUS_OK && out->erased_count == 0;
    replay_add_input(replaying, "the papers of the group's members",
                     is_whole              ? REPLAY_KEPT
                     : status == STATUS_OK ? REPLAY_GONE
                                           : REPLAY_DAMAGED,
                     NULL);
    return is_whole;
}

/* An issuance or a draft, whose first blocks the paper is. */
static bool find_issued(struct replaying *replaying, const char *what, struct grant_opened *out)
{
    struct bytes paper = BYTES_NONE;
    struct fault fault;
    struct grant_key root;
    const struct bytes key = {replaying->session->identity.public_key, IDENTITY_KEY_SIZE};
    if (!replay_find_paper(replaying, &replaying->replay->of.entry.entry, what, &paper)) {
        return false;
    }
    if (grant_key_of(GRANT_ED25519, key, &root) != STATUS_OK ||
        grant_open_paper(paper, &root, replaying->arena, out, &fault) != STATUS_OK) {
        replay_add_input(replaying, "its signatures", REPLAY_DAMAGED, NULL);
        return false;
    }
    name_terms(replaying, &out->terms);
    return true;
}

static void leave_both(struct replaying *replaying)
{
    replay_add(&replaying->replay->then, replay_unknown());
    replay_add(&replaying->replay->today, replay_unknown());
}

/* By the rules then and today's, as grant_judge is asked. */
static enum status judge_issuance(struct replaying *replaying, const struct grant_rules *rules,
                                  const struct grant_opened *grant,
                                  const struct grant_question *question,
                                  struct replay_judgement *whole)
{
    struct access_refusal *refusal = arena_take(replaying->arena, sizeof *refusal);
    if (refusal == NULL) {
        return STATUS_NO_MEMORY;
    }
    enum status status = grant_judge(rules, grant, question, replaying->arena, refusal);
    if (status != STATUS_OK && status != STATUS_DENIED) {
        return status;
    }
    replay_add(whole, replay_compare(&replaying->replay->of.entry.entry,
                                     status == STATUS_OK ? NULL : refusal));
    return STATUS_OK;
}

enum status replay_issuance(struct replaying *replaying)
{
    struct replay *replay = replaying->replay;
    struct roll *roll = arena_take(replaying->arena, sizeof *roll);
    struct grant_opened *grant = arena_take(replaying->arena, sizeof *grant);
    struct grant_officer *officers =
        arena_take_many(replaying->arena, GRANT_OFFICERS_MAX, sizeof *officers);
    struct grant_rules then;
    struct sha256 block;
    uint64_t made_s = 0;
    if (roll == NULL || grant == NULL || officers == NULL) {
        return STATUS_NO_MEMORY;
    }
    bool has_paper = find_issued(replaying, "the grant as it was issued", grant);
    bool has_roll = find_roll(replaying, roll);
    if (!has_paper || !has_roll) {
        leave_both(replaying);
        return STATUS_OK;
    }
    approvers_of_card(&roll->card, officers);
    const struct grant_key root = grant_key_of_note(&roll->card.key);
    uint64_t now_s = decided_s(replaying);
    struct grant_question question = {
        .officers = officers,
        .officer_count = roll->card.officer_count,
        .presenter = &grant->terms.holder,
        .want = grant->terms.rights[0],
        .now_s = now_s,
        .seen_s = entitlement_less_slack(now_s),
        .is_logged = true,
        .issued_s = now_s,
        .quorum = roll->card.quorum,
        .cosigned = roll->card.quorum, /* nobody could have cosigned it yet */
        .owner = grant_terms_owner(&grant->terms),
    };
    TRY(grant_revocation(&grant->token, &root, 0, &block));
    struct revocation_target target = {.blocks = &block,
                                       .block_count = 1,
                                       .organisation = grant->terms.organisation,
                                       .issued_s = now_s};
    revocation_target_keys(grant, &root, &target);
    bool has_list = replay_find_revoked(replaying, &roll->card.key, &target, true,
                                        grant->terms.expires_s, &question.is_revoked, &made_s);
    bool has_rules =
        roll->card.has_rules && replay_find_rules(replaying, &roll->card.rules, &then);
    if (!has_list) {
        leave_both(replaying);
        return STATUS_OK;
    }
    if (!has_rules) {
        replay_add(&replay->then, replay_unknown());
    } else {
        TRY(judge_issuance(replaying, &then, grant, &question, &replay->then));
    }
    return judge_issuance(replaying, &replaying->today, grant, &question, &replay->today);
}

/* Whether the facts of then still make the tier that the draft names. */
static enum status judge_draft(struct replaying *replaying, const struct grant_rules *rules,
                               struct bytes policy, struct bytes facts,
                               const struct grant_terms *terms, struct replay_judgement *whole)
{
    struct eligibility *found = arena_take(replaying->arena, sizeof *found);
    struct access_refusal *refusal = arena_take(replaying->arena, sizeof *refusal);
    struct eligibility_fault fault;
    int64_t need = 0;
    if (found == NULL || refusal == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (eligibility_find(policy, facts, replaying->arena, found, &fault) != STATUS_OK ||
        grant_rules_need(rules, bytes_of_text(ENTITLEMENT_PACK), &need) != STATUS_OK) {
        replay_add(whole, replay_unknown());
        return STATUS_OK;
    }
    bool has_tier = found->tier >= need && found->tier == terms->tier;
    grant_rules_refuse(rules, "requester-has-the-tier", refusal);
    replay_add(whole,
               replay_compare(&replaying->replay->of.entry.entry, has_tier ? NULL : refusal));
    return STATUS_OK;
}

enum status replay_draft(struct replaying *replaying)
{
    struct replay *replay = replaying->replay;
    AUTO(text_done) struct text facts = text_of_limit(FACTS_MAX);
    struct roll *roll = arena_take(replaying->arena, sizeof *roll);
    struct grant_opened *draft = arena_take(replaying->arena, sizeof *draft);
    struct grant_rules then;
    struct bytes kept;
    if (roll == NULL || draft == NULL) {
        return STATUS_NO_MEMORY;
    }
    bool has_paper = find_issued(replaying, "the draft", draft);
    bool has_roll = find_roll(replaying, roll);
    struct note_key holder = {.algorithm = NOTE_ED25519};
    memcpy(holder.key, draft->terms.holder.bytes, sizeof holder.key);
    const struct roll_member *member =
        has_paper && has_roll ? roll_find_key(roll, &holder) : NULL;
    if (member == NULL) {
        leave_both(replaying);
        return STATUS_OK;
    }
    roll_add_facts(roll, member, &facts);
    TRY(text_status(&facts));
    TRY(arena_copy(replaying->arena, text_bytes(&facts), &kept));
    replay_add_input(replaying, "the policy of the group", REPLAY_KEPT, &roll->card.policy);
    if (roll->card.has_rules && replay_find_rules(replaying, &roll->card.rules, &then)) {
        TRY(judge_draft(replaying, &then, roll->policy, kept, &draft->terms, &replay->then));
    } else {
        replay_add(&replay->then, replay_unknown());
    }
    return judge_draft(replaying, &replaying->today, replaying->texts->policy, kept,
                       &draft->terms, &replay->today);
}

enum status replay_vouch(struct replaying *replaying)
{
    struct replay *replay = replaying->replay;
    struct roll *roll = arena_take(replaying->arena, sizeof *roll);
    struct deed *vouch = arena_take(replaying->arena, sizeof *vouch);
    struct bytes paper = BYTES_NONE;
    struct deed_fault fault;
    if (roll == NULL || vouch == NULL) {
        return STATUS_NO_MEMORY;
    }
    bool has_paper = replay_find_paper(replaying, &replay->of.entry.entry, "the vouch", &paper);
    bool has_roll = find_roll(replaying, roll);
    if (!has_paper || !has_roll || deed_read(paper, DEED_VOUCH, vouch, &fault) != STATUS_OK) {
        leave_both(replaying);
        return STATUS_OK;
    }
    const struct roll_member *member = NULL;
    enum group_rule rule = GROUP_IS_FOUNDED;
    replay->subject = deed_value(vouch, "name");
    bool is_broken = roll_vouch_breaks(roll, vouch, &member, &rule);
    struct access_refusal refusal = group_rule_refusal(rule);
    struct replay_judgement part =
        replay_compare(&replay->of.entry.entry, is_broken ? &refusal : NULL);
    bool is_todays = replay_missing(replay) == 0;
    replay_add(&replay->then, is_todays ? part : replay_unknown());
    replay_add(&replay->today, part);
    return STATUS_OK;
}
