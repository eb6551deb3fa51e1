/* Who approves: too few, the wrong ones, or somebody who only seems to. */
#include "attempt.h"

#define ALONE "one-officer-does-not-decide-alone"

static struct bytes approve_by(struct realm *realm, struct bytes token, size_t index)
{
    return mint_approve(realm, token, &realm->officers[index], realm->roles[index]);
}

static struct bytes approved_once(struct realm *realm, size_t *officer)
{
    *officer = realm_draw(REALM_OFFICERS);
    return approve_by(realm, mint_draft(realm, &realm->terms), *officer);
}

static void by_nobody(struct realm *realm, struct attempt *out)
{
    attempt_issued(realm, out, mint_draft(realm, &realm->terms));
}

static void by_one(struct realm *realm, struct attempt *out)
{
    size_t officer = 0;
    attempt_issued(realm, out, approved_once(realm, &officer));
}

static void by_one_twice(struct realm *realm, struct attempt *out)
{
    size_t officer = 0;
    struct bytes token = approved_once(realm, &officer);
    if (realm_draw(2) == 0) {
        token = approve_by(realm, token, (officer + 1) % REALM_OFFICERS);
    }
    attempt_issued(realm, out, approve_by(realm, token, officer));
}

static void of_one_role(struct realm *realm, struct attempt *out)
{
    size_t one = 0;
    size_t other = 0;
    mint_choose_alike(&one, &other);
    struct bytes token = approve_by(realm, mint_draft(realm, &realm->terms), one);
    attempt_issued(realm, out, approve_by(realm, token, other));
}

/* The holder is an officer too; with one more who approved, or with two. */
static void by_the_requester(struct realm *realm, struct attempt *out)
{
    size_t one = 0;
    size_t other = 0;
    mint_choose(realm, &one, &other);
    realm_keep_card(out->by, realm_card(realm, &realm->group, realm->now_s,
                                        (1U << REALM_OFFICERS) - 1, &realm->holder.party));
    struct bytes token = approve_by(realm, mint_draft(realm, &realm->terms), one);
    if (realm_draw(2) == 0) {
        token = approve_by(realm, token, other);
    }
    attempt_issued(realm, out, mint_approve(realm, token, &realm->holder.party, "medical"));
}

static const char *role_beside(const struct realm *realm, size_t officer)
{
    size_t other = 0;
    do {
        other = realm_draw(REALM_OFFICERS);
    } while (bytes_equal_text(bytes_of_text(realm->roles[other]), realm->roles[officer]));
    return realm->roles[other];
}

static void second_by(struct realm *realm, struct attempt *out, const struct party *party)
{
    size_t officer = 0;
    const struct bytes token = approved_once(realm, &officer);
    attempt_issued(realm, out, mint_approve(realm, token, party, role_beside(realm, officer)));
}

static void by_a_stranger(struct realm *realm, struct attempt *out)
{
    second_by(realm, out, &realm->stranger);
}

static void by_a_rivals_officer(struct realm *realm, struct attempt *out)
{
    second_by(realm, out, &realm->rivals[realm_draw(REALM_RIVALS)]);
}

static void by_the_issuer(struct realm *realm, struct attempt *out)
{
    second_by(realm, out, &realm->group);
}

static void by_the_agent(struct realm *realm, struct attempt *out)
{
    second_by(realm, out, &realm->agent.party);
}

/* An officer of a role like the first's says that it is another. */
static void in_a_role_not_held(struct realm *realm, struct attempt *out)
{
    size_t one = 0;
    size_t other = 0;
    mint_choose_alike(&one, &other);
    struct bytes token = approve_by(realm, mint_draft(realm, &realm->terms), one);
    attempt_issued(
        realm, out,
        mint_approve(realm, token, &realm->officers[other], role_beside(realm, other)));
}

/* Case, a space, a letter of another alphabet, one that cannot be seen. */
static void in_a_role_that_looks_equal(struct realm *realm, struct attempt *out)
{
    static const char *const roles[] = {
        "Legal", "legal ",       " legal",          "l\xd0\xb5gal", "lega\xe2\x80\x8bl",
        "LEGAL", "leg\xc3\xa0l", "\357\275\214egal"};
    struct bytes token = approve_by(realm, mint_draft(realm, &realm->terms), 0);
    attempt_issued(realm, out,
                   mint_approve(realm, token, &realm->officers[1 + realm_draw(2)],
                                roles[realm_draw(sizeof roles / sizeof *roles)]));
}

/* Of a draft that says the same but for its id, or for its pack. */
static void moved_from_another_draft(struct realm *realm, struct attempt *out)
{
    size_t officer = 0;
    struct grant_terms other = realm->terms;
    const struct bytes token = approved_once(realm, &officer);
    size_t second = (officer + 1) % REALM_OFFICERS;
    other.rights[0].what = bytes_of_text("harmless");
    const struct grant_token read =
        mint_open(approve_by(realm, mint_draft(realm, &other), second));
    struct grant_part part = read.parts[1];
    attempt_issued(realm, out, mint_add(realm, token, part, NULL));
}

static void in_an_officers_name(struct realm *realm, struct attempt *out)
{
    size_t officer = 0;
    const struct bytes token = approved_once(realm, &officer);
    size_t second = (officer + 1) % REALM_OFFICERS;
    const struct grant_token read =
        mint_open(mint_approve(realm, token, &realm->stranger, realm->roles[second]));
    struct grant_part part = read.parts[read.part_count - 1];
    part.external_key = realm->officers[second].key;
    attempt_issued(realm, out, mint_add(realm, token, part, NULL));
}

/* The holder says what an officer would, in a block without an officer's signature. */
static void without_a_signature(struct realm *realm, struct attempt *out)
{
    size_t officer = 0;
    const struct bytes token = approved_once(realm, &officer);
    attempt_issued(realm, out,
                   mint_append(realm, token,
                               realm_format(realm, "approved_by(\"%s\");\n",
                                            role_beside(realm, officer))));
}

/* Who was an officer on the card before: that card is handed over again. */
static void by_a_former_officer(struct realm *realm, struct attempt *out)
{
    size_t former = 0;
    size_t officer = 0;
    struct group_card card;
    struct deed_fault fault = {0};
    mint_choose(realm, &former, &officer);
    unsigned all = (1U << REALM_OFFICERS) - 1;
    realm_keep_card(out->by, realm_card(realm, &realm->group, realm->issued_s + 1,
                                        all & ~(1U << former), NULL));
    must(group_card_read(realm->card, &card, &fault), "a card");
    IGNORE(group_card_keep(out->by->session.home, realm->card, &card) == STATUS_CONFLICT,
           "whether it was kept is what the judging shows");
    struct bytes token = approve_by(realm, mint_draft(realm, &realm->terms), officer);
    attempt_issued(realm, out, approve_by(realm, token, former));
}

/* Everything of it is right, for a group of the same name that nobody here has accepted. */
static void by_a_namesake(struct realm *realm, struct attempt *out)
{
    struct datalog_block block;
    must(grant_terms_block(&realm->terms, realm->arena, &block), "terms");
    struct bytes token = mint_root(realm, &realm->rival.secret, &block);
    token = mint_approve(realm, token, &realm->rivals[0], "security");
    token = mint_approve(realm, token, &realm->rivals[1], "legal");
    const struct mint_grant grant = mint_issue(realm, token);
    out->file = mint_file(realm, &grant, &realm->rival, &realm->rival);
}

/* Judged here by rules that the group never saw. */
static void by_other_rules(struct realm *realm, struct attempt *out)
{
    const struct sha256 other = sha256_of(realm->card);
    attempt_issued(realm, out, mint_whole(realm));
    realm_keep_card(out->by, realm_card_of_rules(realm, realm_draw(2) == 0 ? NULL : &other));
}

const struct attempt_kind *attempt_approval_kinds(void)
{
    static const struct attempt_kind kinds[] = {
        {"approved-by-nobody", by_nobody, "officers-approve"},
        {"approved-by-one", by_one, ALONE},
        {"approved-by-one-twice", by_one_twice, "an-officer-approves-once"},
        {"approved-in-one-role", of_one_role, "officers-have-different-roles"},
        {"approved-by-the-requester", by_the_requester, "nobody-approves-their-own-request"},
        {"approved-by-a-stranger", by_a_stranger, ALONE},
        {"approved-by-a-rivals-officer", by_a_rivals_officer, ALONE},
        {"approved-by-the-issuer", by_the_issuer, ALONE},
        {"approved-by-the-agent", by_the_agent, ALONE},
        {"approved-in-a-role-not-held", in_a_role_not_held, ALONE},
        {"approved-in-a-role-that-looks-equal", in_a_role_that_looks_equal, ALONE},
        {"approval-moved-from-another-draft", moved_from_another_draft, "grant-is-whole"},
        {"approval-in-an-officers-name", in_an_officers_name, "grant-is-whole"},
        {"approval-without-a-signature", without_a_signature, ALONE},
        {"approved-by-a-former-officer", by_a_former_officer, ALONE},
        {"granted-by-a-namesake", by_a_namesake, "group-is-known"},
        {"judged-by-other-rules", by_other_rules, "group-goes-by-these-rules"},
        {0},
    };
    return kinds;
}
