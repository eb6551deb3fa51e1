/* What an agent might take beyond what its person left it, what somebody asks for that was not
 * granted, and beside both what is right and must be allowed. */
#include "attempt.h"

#define HOUR_S 3600
#define NOBODYS "grant-needs-its-holders-key"

/* ---- agents ---- */

static struct bytes narrowed_by(struct realm *realm, const struct party *by,
                                const struct grant_delegation *delegation,
                                const struct party *signer)
{
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    grant.token = mint_delegate(realm, grant.token, by, delegation);
    return mint_file(realm, &grant, &realm->group, signer);
}

static void by_agent(struct realm *realm, struct attempt *out)
{
    out->by = &realm->agent;
    out->file = mint_narrowed(realm, &realm->delegation);
}

static void asks_for_its_persons(struct realm *realm, struct attempt *out)
{
    by_agent(realm, out);
    out->pack = realm->terms.rights[1 + realm_draw(realm->terms.right_count - 1)].what;
}

static void after_its_time(struct realm *realm, struct attempt *out)
{
    by_agent(realm, out);
    out->now_s = realm->delegation.expires_s + realm_draw(HOUR_S);
}

/* As often as it was given, by its own log; then once more. */
static void more_calls(struct realm *realm, struct attempt *out)
{
    by_agent(realm, out);
    for (uint64_t i = 0; i < realm->delegation.calls_max; i++) {
        realm_record(out->by, out->file);
    }
}

/* The agent makes another agent: its own block, or the holder's with its own key in it. */
static void passes_on(struct realm *realm, struct attempt *out)
{
    struct grant_delegation further = realm->delegation;
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    further.key = realm->thief.party.key;
    grant.token = mint_delegate(realm, grant.token, &realm->holder.party, &realm->delegation);
    grant.token = mint_delegate(realm, grant.token,
                                realm_draw(2) == 0 ? &realm->agent.party : &realm->holder.party,
                                &further);
    out->by = &realm->thief;
    out->file = mint_file(realm, &grant, &realm->group, &realm->holder.party);
}

static void of_another_holder(struct realm *realm, struct attempt *out)
{
    const struct party *const others[] = {&realm->stranger, &realm->agent.party,
                                          &realm->officers[0], &realm->group};
    out->by = &realm->agent;
    out->file = narrowed_by(realm, others[realm_draw(4)], &realm->delegation, &realm->group);
}

static void leaves_more_than_there_is(struct realm *realm, struct attempt *out)
{
    struct grant_delegation more = realm->delegation;
    more.right.what = bytes_of_text("crown-jewels");
    out->by = &realm->agent;
    out->file = narrowed_by(realm, &realm->holder.party, &more, &realm->holder.party);
    out->pack = realm_draw(2) == 0 ? BYTES_NONE : more.right.what;
}

static void outlives_its_person(struct realm *realm, struct attempt *out)
{
    struct grant_delegation more = realm->delegation;
    more.expires_s = realm->terms.expires_s + 10 * HOUR_S;
    out->by = &realm->agent;
    out->file = narrowed_by(realm, &realm->holder.party, &more, &realm->holder.party);
    out->now_s = realm->terms.expires_s + realm_draw(HOUR_S);
}

/* A delegation with another check, or without one of its own. */
static void says_more_or_less(struct realm *realm, struct attempt *out)
{
    struct datalog_block block;
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    must(grant_delegation_block(&realm->delegation, realm->arena, &block), "a delegation");
    const struct datalog_block extra = mint_block(realm, "agent_calls(1000000);\n");
    if (realm_draw(2) == 0) {
        block.check_count = (uint32_t)realm_draw(block.check_count);
    } else {
        block.facts[block.fact_count - 1] = extra.facts[0];
    }
    grant.token = mint_external(realm, grant.token, &realm->holder.party, &block);
    out->by = &realm->agent;
    out->file = mint_file(realm, &grant, &realm->group, &realm->holder.party);
}

/* The file of an agent's grant, signed by the agent. */
static void signs_its_own_file(struct realm *realm, struct attempt *out)
{
    out->by = &realm->agent;
    out->file =
        narrowed_by(realm, &realm->holder.party, &realm->delegation, &realm->agent.party);
}

/* ---- what was not granted ---- */

static void another_pack(struct realm *realm, struct attempt *out)
{
    attempt_issued(realm, out, mint_whole(realm));
    out->pack = bytes_of_text("crown-jewels");
}

static void pack_that_looks_equal(struct realm *realm, struct attempt *out)
{
    static const char *const form[] = {"%s ",  " %s", "%s\xe2\x80\x8b", "\xef\xbb\xbf%s", "%s/",
                                       "./%s", "%sX"};
    const struct bytes pack = realm->terms.rights[0].what;
    const char *plain = realm_format(realm, "%.*s", (int)pack.size, (const char *)pack.data);
    AUTO(text_done) struct text text = text_of_limit(128);
    attempt_issued(realm, out, mint_whole(realm));
    const char *chosen = form[realm_draw(sizeof form / sizeof *form)];
    struct bytes rest = bytes_of_text(chosen);
    size_t at = bytes_find(rest, bytes_of_text("%s"));
    text_add_raw(&text, bytes_part(rest, 0, at));
    text_add(&text, plain);
    text_add_raw(&text, bytes_from(rest, at + 2));
    if (realm_draw(3) == 0) { /* or the first letter in the other case */
        text_clear(&text);
        text_add(&text, plain);
        text.data[0] ^= 0x20;
    }
    out->pack = realm_copy(realm, &text);
}

static void another_operation(struct realm *realm, struct attempt *out)
{
    static const char *const others[] = {"model.weights", "evidence.extract", "group.grant",
                                         "model.pack ",   "Model.pack",       "model"};
    attempt_issued(realm, out, mint_whole(realm));
    out->operation = others[realm_draw(sizeof others / sizeof *others)];
}

static void beyond_a_narrowing(struct realm *realm, struct attempt *out)
{
    static const char *const checks[] = {
        "check if want($operation, \"nothing\");\n",
        "check if time($now), $now < 2021-01-01T00:00:00Z;\n",
        "reject if want($operation, $what);\n",
        "check all right($operation, $what), $what == \"nothing\";\n",
        "check if calls($made), $made > 1000;\n",
    };
    attempt_issued(realm, out,
                   mint_append(realm, mint_whole(realm),
                               checks[realm_draw(sizeof checks / sizeof *checks)]));
}

const struct attempt_kind *attempt_agent_kinds(void)
{
    static const struct attempt_kind kinds[] = {
        {"agent-asks-for-its-persons", asks_for_its_persons, "narrowing-holds"},
        {"agent-after-its-time", after_its_time, "agents-time-is-over|grant-has-not-ended"},
        {"agent-makes-more-calls", more_calls, "agents-calls-are-used-up"},
        {"agent-passes-on", passes_on, NOBODYS},
        {"agent-of-another-holder", of_another_holder, NOBODYS},
        {"agent-left-more-than-there-is", leaves_more_than_there_is,
         "grant-covers-what-is-asked"},
        {"agent-outlives-its-person", outlives_its_person, "grant-has-not-ended"},
        {"agents-block-says-something-else", says_more_or_less, "grant-is-whole"},
        {"agent-signs-its-own-file", signs_its_own_file, "grant-is-whole"},
        {"another-pack", another_pack, "grant-covers-what-is-asked"},
        {"pack-that-looks-equal", pack_that_looks_equal, "grant-covers-what-is-asked"},
        {"another-operation", another_operation, "operation-needs-its-tier"},
        {"beyond-a-narrowing", beyond_a_narrowing, "narrowing-holds"},
        {0},
    };
    return kinds;
}

/* ---- what is right ---- */

static void right_holder(struct realm *realm, struct attempt *out)
{
    attempt_issued(realm, out, mint_whole(realm));
    out->pack = realm->terms.rights[realm_draw(realm->terms.right_count)].what;
}

static void right_any_pack(struct realm *realm, struct attempt *out)
{
    attempt_issued(realm, out, mint_whole(realm));
    out->pack = BYTES_NONE;
}

static void right_to_the_last_second(struct realm *realm, struct attempt *out)
{
    attempt_issued(realm, out, mint_whole(realm));
    out->now_s = realm->terms.expires_s - 1;
}

/* As long as its tier allows, and by a clock that was put right by less than a minute. */
static void right_for_as_long_as_may_be(struct realm *realm, struct attempt *out)
{
    struct grant_terms terms = realm->terms;
    terms.expires_s = realm->issued_s + 8 * HOUR_S;
    attempt_issued(realm, out, mint_whole_of(realm, &terms));
    out->now_s = realm->issued_s - realm_draw(ENTITLEMENT_CLOCK_SLACK_S);
}

static void right_agent(struct realm *realm, struct attempt *out)
{
    by_agent(realm, out);
    out->pack = realm_draw(2) == 0 ? BYTES_NONE : out->pack;
}

static void right_with_a_third_approval(struct realm *realm, struct attempt *out)
{
    struct bytes token = mint_draft(realm, &realm->terms);
    size_t first = realm_draw(REALM_OFFICERS);
    for (size_t i = 0; i < 4; i++) {
        size_t officer = (first + i) % REALM_OFFICERS;
        token = mint_approve(realm, token, &realm->officers[officer], realm->roles[officer]);
    }
    attempt_issued(realm, out, token);
}

static void right_within_a_narrowing(struct realm *realm, struct attempt *out)
{
    attempt_issued(realm, out,
                   mint_append(realm, mint_whole(realm),
                               "check if want(\"model.pack\", $what);\n"
                               "check if time($now), $now < 2199-01-01T00:00:00Z;\n"));
}

/* A list is kept, and what it revokes is another. */
static void right_beside_a_list(struct realm *realm, struct attempt *out)
{
    struct note_key signer;
    const struct sha256 other = sha256_of(realm->rules);
    const struct bytes list = mint_list(realm, &realm->group, realm->now_s, 7, &other);
    must(note_key_read(realm_line(realm, &realm->group), &signer), "a key");
    must(accepted_keep_list(out->by->session.home, &signer, list), "keeping a list");
    attempt_issued(realm, out, mint_whole(realm));
}

/* A later card with one officer fewer, who did not approve. */
static void right_by_a_later_card(struct realm *realm, struct attempt *out)
{
    realm_keep_card(out->by, realm_card(realm, &realm->group, realm->now_s,
                                        ((1U << REALM_OFFICERS) - 1) & ~1U, NULL));
    struct bytes token = mint_draft(realm, &realm->terms);
    token = mint_approve(realm, token, &realm->officers[1], realm->roles[1]);
    attempt_issued(realm, out,
                   mint_approve(realm, token, &realm->officers[3], realm->roles[3]));
}

const struct attempt_kind *attempt_right_kinds(void)
{
    static const struct attempt_kind kinds[] = {
        {"right: its holder", right_holder, ""},
        {"right: any pack it names", right_any_pack, ""},
        {"right: to the last second", right_to_the_last_second, ""},
        {"right: for as long as may be", right_for_as_long_as_may_be, ""},
        {"right: its agent", right_agent, ""},
        {"right: approved by four", right_with_a_third_approval, ""},
        {"right: within a narrowing", right_within_a_narrowing, ""},
        {"right: beside a list", right_beside_a_list, ""},
        {"right: by a later card", right_by_a_later_card, ""},
        {0},
    };
    return kinds;
}
