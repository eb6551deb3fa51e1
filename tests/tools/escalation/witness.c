/* Issuances in a log that too few of its witnesses saw, or that none is to see. */
#include "attempt.h"

#define TOO_FEW "enough-witnesses-cosigned"
#define UNWATCHED "group-names-its-witnesses"
#define DAY_S 86400

/* A cosignature that counts. */
static struct mint_cosigning by(const struct realm *realm, size_t which,
                                const struct mint_grant *grant)
{
    return (struct mint_cosigning){&realm->witnesses[which], &realm->witnesses[which],
                                   grant->proof.alone, realm->issued_s};
}

static void add(struct realm *realm, struct mint_grant *grant, struct mint_cosigning cosigning)
{
    grant->proof.checkpoint = mint_cosign(realm, grant->proof.checkpoint, &cosigning);
}

/* Nobody cosigned yet. */
static struct mint_grant begin(struct realm *realm)
{
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    grant.proof.checkpoint = grant.proof.alone;
    return grant;
}

static void hand_over(struct realm *realm, struct attempt *out, const struct mint_grant *grant)
{
    out->file = mint_file(realm, grant, &realm->group, &realm->group);
}

static void no_witness(struct realm *realm, struct attempt *out)
{
    const struct mint_grant grant = begin(realm);
    hand_over(realm, out, &grant);
}

static void one_witness(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = begin(realm);
    add(realm, &grant, by(realm, realm_draw(REALM_WITNESSES), &grant));
    hand_over(realm, out, &grant);
}

static void one_witness_twice(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = begin(realm);
    struct mint_cosigning cosigning = by(realm, realm_draw(REALM_WITNESSES), &grant);
    for (size_t i = 0; i < REALM_QUORUM; i++) {
        add(realm, &grant, cosigning);
        cosigning.at_s += 1 + realm_draw(10);
    }
    hand_over(realm, out, &grant);
}

/* One is a witness, the other somebody else: under a name of its own, or of a witness. */
static void one_witness_and_another(struct realm *realm, struct attempt *out)
{
    const struct party *const others[] = {&realm->group, &realm->stranger, &realm->holder.party,
                                          &realm->officers[0], &realm->rival};
    struct mint_grant grant = begin(realm);
    size_t which = realm_draw(REALM_WITNESSES);
    struct mint_cosigning other = by(realm, (which + 1) % REALM_WITNESSES, &grant);
    other.by = others[realm_draw(sizeof others / sizeof *others)];
    other.as = realm_draw(2) == 0 ? other.by : other.as;
    add(realm, &grant, by(realm, which, &grant));
    add(realm, &grant, other);
    hand_over(realm, out, &grant);
}

/* Two logs under one key, each shown to one witness. */
static void each_witness_saw_another_log(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = begin(realm);
    const struct mint_grant forked = begin(realm);
    size_t which = realm_draw(REALM_WITNESSES);
    struct mint_cosigning other = by(realm, (which + 1) % REALM_WITNESSES, &grant);
    other.of = forked.proof.alone;
    add(realm, &grant, by(realm, which, &grant));
    add(realm, &grant, other);
    hand_over(realm, out, &grant);
}

static void in_a_time_to_come(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = begin(realm);
    size_t which = realm_draw(REALM_WITNESSES);
    struct mint_cosigning late = by(realm, (which + 1) % REALM_WITNESSES, &grant);
    late.at_s = realm->now_s + ENTITLEMENT_CLOCK_SLACK_S + 1 + realm_draw(DAY_S);
    add(realm, &grant, by(realm, which, &grant));
    add(realm, &grant, late);
    hand_over(realm, out, &grant);
}

/* Before the entry that it is said to cover. */
static void before_the_issuance(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = begin(realm);
    size_t which = realm_draw(REALM_WITNESSES);
    struct mint_cosigning early = by(realm, (which + 1) % REALM_WITNESSES, &grant);
    early.at_s = realm->issued_s - ENTITLEMENT_CLOCK_SLACK_S - 1 - realm_draw(DAY_S);
    add(realm, &grant, by(realm, which, &grant));
    add(realm, &grant, early);
    hand_over(realm, out, &grant);
}

/* As if the log that signs were one of its own witnesses. */
static void the_log_itself(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = begin(realm);
    size_t which = realm_draw(REALM_WITNESSES);
    struct mint_cosigning own = by(realm, which, &grant);
    own.by = &realm->group;
    own.as = &realm->group;
    add(realm, &grant, by(realm, which, &grant));
    add(realm, &grant, own);
    hand_over(realm, out, &grant);
}

/* The group made a card that names none, and the home took it. */
static void a_card_without_witnesses(struct realm *realm, struct attempt *out)
{
    attempt_issued(realm, out, mint_whole(realm));
    realm_keep_card(out->by, realm_card_unwatched(realm));
}

const struct attempt_kind *attempt_witness_kinds(void)
{
    static const struct attempt_kind kinds[] = {
        {"cosigned-by-nobody", no_witness, TOO_FEW},
        {"cosigned-by-one", one_witness, TOO_FEW},
        {"cosigned-by-one-twice", one_witness_twice, TOO_FEW},
        {"cosigned-by-one-and-another", one_witness_and_another, TOO_FEW},
        {"cosigned-forks", each_witness_saw_another_log, TOO_FEW},
        {"cosigned-in-a-time-to-come", in_a_time_to_come, TOO_FEW},
        {"cosigned-before-its-issuance", before_the_issuance, TOO_FEW},
        {"cosigned-by-the-log-itself", the_log_itself, TOO_FEW},
        {"card-without-witnesses", a_card_without_witnesses, UNWATCHED},
        {0},
    };
    return kinds;
}
