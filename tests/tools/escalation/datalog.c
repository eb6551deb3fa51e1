/* What the holder of a token can write into blocks of its own, or get others to sign: facts
 * that only the program or the group may state, rules that derive them, scopes that reach
 * further. */
#include "attempt.h"

#include <string.h>

#define ALONE "one-officer-does-not-decide-alone"
#define COVERS "grant-covers-what-is-asked"
#define KEY_TEXT_MAX 128

static const char *key_text(struct realm *realm, const struct grant_key *key)
{
    AUTO(text_done) struct text text = text_of_limit(KEY_TEXT_MAX);
    grant_key_add(key, &text);
    return realm_format(realm, "%s", text_terminated(&text));
}

static struct bytes once(struct realm *realm)
{
    return mint_approve(realm, mint_draft(realm, &realm->terms), &realm->officers[0],
                        realm->roles[0]);
}

static void want_another_pack(struct attempt *out)
{
    out->pack = bytes_of_text("crown-jewels");
}

/* Appended to a token that lacks nothing else, and issued with it. */
static void issued_with(struct realm *realm, struct attempt *out, struct bytes token,
                        const char *source)
{
    attempt_issued(realm, out, mint_append(realm, token, source));
}

static void smuggled_right(struct realm *realm, struct attempt *out)
{
    want_another_pack(out);
    issued_with(realm, out, mint_whole(realm), "right(\"model.pack\", \"crown-jewels\");\n");
}

static void smuggled_want(struct realm *realm, struct attempt *out)
{
    want_another_pack(out);
    issued_with(realm, out, mint_whole(realm),
                "want($operation, $what) <- right($operation, $what);\n");
}

static void smuggled_approval(struct realm *realm, struct attempt *out)
{
    issued_with(realm, out, once(realm),
                realm_format(realm, "approval(\"%s\", \"legal\");\nsigned(9, \"%s\");\n",
                             key_text(realm, &realm->officers[1].key),
                             key_text(realm, &realm->officers[1].key)));
}

static void rule_that_approves(struct realm *realm, struct attempt *out)
{
    issued_with(realm, out, once(realm),
                realm_format(realm,
                             "approved_by(\"legal\") <- grant($id);\n"
                             "approval(\"%s\", \"legal\") <- grant($id);\n",
                             key_text(realm, &realm->officers[1].key)));
}

/* Under another grant's proof. */
static void smuggled_issuance(struct realm *realm, struct attempt *out)
{
    struct mint_grant grant = mint_issue(realm, mint_whole(realm));
    grant.token = mint_append(realm, mint_whole(realm), "logged($id) <- grant($id);\n");
    grant.block_count = mint_open(grant.token).part_count;
    out->file = mint_file(realm, &grant, &realm->group, &realm->group);
}

static void smuggled_holder(struct realm *realm, struct attempt *out)
{
    const char *thief = key_text(realm, &realm->thief.party.key);
    out->by = &realm->thief;
    issued_with(realm, out, mint_whole(realm),
                realm_format(realm,
                             "holder(\"%s\");\npresenter(\"%s\");\ndelegate(\"me\", \"%s\");\n"
                             "agent(\"me\", \"%s\");\n",
                             thief, key_text(realm, &realm->holder.party.key), thief, thief));
}

static void smuggled_time(struct realm *realm, struct attempt *out)
{
    out->now_s = realm->terms.expires_s + 1 + realm_draw(100000);
    issued_with(realm, out, mint_whole(realm),
                "time(2021-01-01T00:00:00Z);\nexpires(2199-01-01T00:00:00Z);\n");
}

static void smuggled_tier(struct realm *realm, struct attempt *out)
{
    struct grant_terms terms = realm->terms;
    terms.tier = (int64_t)realm_draw(2);
    issued_with(realm, out, mint_whole_of(realm, &terms),
                "tier(2);\nneeds(\"model.pack\", 0);\n");
}

static void smuggled_clean_slate(struct realm *realm, struct attempt *out)
{
    struct sha256 block;
    const struct bytes token =
        mint_append(realm, mint_whole(realm), "revoked(\"none\");\nlogged(\"all\");\n");
    const struct grant_token read = mint_open(token);
    must(grant_revocation(&read, &realm->group.key, 0, &block), "a revocation");
    const struct bytes list = mint_list(realm, &realm->group, realm->issued_s, 1, &block);
    struct note_key signer = {0};
    must(note_key_read(realm_line(realm, &realm->group), &signer), "a key");
    must(accepted_keep_list(out->by->session.home, &signer, list), "a list");
    attempt_issued(realm, out, token);
}

/* An officer signs what it took for an approval alone. */
static void right_in_an_approval(struct realm *realm, struct attempt *out)
{
    want_another_pack(out);
    const struct datalog_block block =
        mint_block(realm, "approved_by(\"legal\");\nright(\"model.pack\", \"crown-jewels\");\n"
                          "right($operation, \"crown-jewels\") <- right($operation, $what);\n");
    attempt_issued(realm, out, mint_external(realm, once(realm), &realm->officers[1], &block));
}

static void trusting_all_before(struct realm *realm, struct attempt *out)
{
    want_another_pack(out);
    issued_with(realm, out, mint_whole(realm),
                realm_draw(2) == 0
                    ? "right($o, \"crown-jewels\") <- right($o, $w) trusting authority, "
                      "previous;\n"
                    : "trusting previous;\nright($o, \"crown-jewels\") <- right($o, $w);\n");
}

static void trusting_an_officer(struct realm *realm, struct attempt *out)
{
    const char *officer = key_text(realm, &realm->officers[0].key);
    const struct datalog_block block = mint_block(
        realm,
        realm_format(realm,
                     "trusting authority, %s;\n"
                     "approved_by(\"legal\") <- approved_by($role) trusting %s;\n"
                     "approval(\"%s\", \"legal\") <- approved_by($role) trusting %s;\n",
                     officer, officer, key_text(realm, &realm->officers[1].key), officer));
    attempt_issued(realm, out, mint_external(realm, once(realm), &realm->stranger, &block));
}

/* ---- the first block, by whoever has the group's key and nothing else ---- */

static struct datalog_block first_block(struct realm *realm)
{
    struct datalog_block block;
    must(grant_terms_block(&realm->terms, realm->arena, &block), "terms");
    return block;
}

static void issue_first(struct realm *realm, struct attempt *out,
                        const struct datalog_block *block)
{
    attempt_issued(realm, out, mint_root(realm, &realm->group.secret, block));
}

static void first_says_more(struct realm *realm, struct attempt *out)
{
    const char *const more[] = {
        realm_format(realm, "approval(\"%s\", \"security\");\napproval(\"%s\", \"legal\");\n",
                     key_text(realm, &realm->officers[0].key),
                     key_text(realm, &realm->officers[1].key)),
        realm_format(realm, "logged(\"%.*s\");\n", (int)realm->terms.id.size,
                     (const char *)realm->terms.id.data),
        "right(\"model.pack\", \"*\");\nwant(\"model.pack\", \"sample\");\n",
        realm_format(realm, "presenter(\"%s\");\n", key_text(realm, &realm->holder.party.key)),
    };
    struct datalog_block block = first_block(realm);
    const struct datalog_block extra = mint_block(realm, more[realm_draw(4)]);
    struct predicate *facts =
        arena_take_many(realm->arena, block.fact_count + extra.fact_count, sizeof *facts);
    must(facts == NULL ? STATUS_NO_MEMORY : STATUS_OK, "memory for facts");
    memcpy(facts, block.facts, block.fact_count * sizeof *facts);
    memcpy(facts + block.fact_count, extra.facts, extra.fact_count * sizeof *facts);
    block.facts = facts;
    block.fact_count += extra.fact_count;
    issue_first(realm, out, &block);
}

static void first_has_a_rule(struct realm *realm, struct attempt *out)
{
    struct datalog_block block = first_block(realm);
    const struct datalog_block extra =
        mint_block(realm, "approval($key, \"legal\") <- holder($key);\n"
                          "logged($id) <- grant($id);\n");
    block.rules = extra.rules;
    block.rule_count = extra.rule_count;
    issue_first(realm, out, &block);
}

static void first_checks_less(struct realm *realm, struct attempt *out)
{
    struct datalog_block block = first_block(realm);
    block.check_count = (uint32_t)realm_draw(block.check_count);
    out->by = &realm->thief;
    issue_first(realm, out, &block);
}

static void first_names_two(struct realm *realm, struct attempt *out)
{
    struct datalog_block block = first_block(realm);
    const struct datalog_block extra =
        mint_block(realm, realm_format(realm, "holder(\"%s\");\n",
                                       key_text(realm, &realm->thief.party.key)));
    struct predicate *facts =
        arena_take_many(realm->arena, block.fact_count + 1, sizeof *facts);
    must(facts == NULL ? STATUS_NO_MEMORY : STATUS_OK, "memory for facts");
    memcpy(facts, block.facts, block.fact_count * sizeof *facts);
    facts[block.fact_count] = extra.facts[0];
    block.facts = facts;
    block.fact_count++;
    out->by = &realm->thief;
    issue_first(realm, out, &block);
}

/* What goes on for longer than is allowed allows nothing. */
static void without_end(struct realm *realm, struct attempt *out)
{
    AUTO(text_done) struct text source = text_of_limit(4096);
    for (unsigned i = 0; i < 16; i++) {
        text_addf(&source, "n(%u);\n", i);
    }
    text_add(&source, "m($a, $b, $c, $d) <- n($a), n($b), n($c), n($d);\n");
    issued_with(realm, out, mint_whole(realm),
                realm_format(realm, "%s", text_terminated(&source)));
}

const struct attempt_kind *attempt_datalog_kinds(void)
{
    static const struct attempt_kind kinds[] = {
        {"smuggled-right", smuggled_right, COVERS},
        {"smuggled-want", smuggled_want, COVERS},
        {"smuggled-approval", smuggled_approval, ALONE},
        {"rule-that-approves", rule_that_approves, ALONE},
        {"smuggled-issuance", smuggled_issuance, "issuance-is-in-the-log"},
        {"smuggled-holder", smuggled_holder, "grant-needs-its-holders-key"},
        {"smuggled-time", smuggled_time, "grant-has-not-ended"},
        {"smuggled-tier", smuggled_tier, "operation-needs-its-tier|grant-outlives-its-tier"},
        {"smuggled-clean-slate", smuggled_clean_slate, "grant-is-not-revoked"},
        {"right-in-an-approval", right_in_an_approval, COVERS},
        {"scope-that-trusts-all-before", trusting_all_before, COVERS},
        {"scope-that-trusts-an-officer", trusting_an_officer, ALONE},
        {"first-block-says-more", first_says_more, "grant-is-whole"},
        {"first-block-has-a-rule", first_has_a_rule, "grant-is-whole"},
        {"first-block-checks-less", first_checks_less, "grant-is-whole"},
        {"first-block-names-two-holders", first_names_two, "grant-is-whole"},
        {"rules-without-end", without_end, "narrowing-holds"},
        {0},
    };
    return kinds;
}
