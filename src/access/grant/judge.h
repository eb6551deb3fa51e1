/* Whether a grant is good for what is asked, by the published rules (content/grant.datalog).
 *
 * Every rule has a name, a reason and words of its own there; the first that does not hold is
 * the refusal.
 *
 * Input:  the token untrusted; the rules ours or the group's, checked all the same.
 * Output: in `arena`.
 * Limits: those of access/grant/world.h, GRANT_OFFICERS_MAX officers. */
#pragma once

#include "access/decide.h"
#include "access/grant/terms.h"

#define GRANT_OFFICERS_MAX 32

/* An officer whom the group's card names. */
struct grant_officer {
    struct grant_key key;
    struct bytes role;
    struct bytes name;
};

/* The rules, read. */
struct grant_rules {
    struct arena *arena;
    struct bytes source;
    struct datalog_block block;
    struct sha256 hash;
};

/* A token whose signatures were verified, and what its blocks say. */
struct grant_opened {
    struct grant_token token;
    struct datalog_block *blocks;
    struct grant_terms terms;
    bool has_delegation;
    struct grant_delegation delegation; /* the first, of the holder's making */
};

struct grant_question {
    const struct grant_officer *officers;
    size_t officer_count;
    const struct grant_key *presenter;
    struct grant_right want;
    uint64_t now_s;
    uint64_t seen_s; /* the latest time known, less what clocks may be put right by */
    uint64_t calls;  /* made under it so far */
    bool is_logged;
    uint64_t issued_s; /* where it is logged: when, by the group's log */
    bool is_revoked;
    uint64_t quorum;    /* how many witnesses the group's card asks for; 0: it names none */
    uint64_t cosigned;  /* how many of those cosigned the log with the issuance in it */
    struct bytes owner; /* whose evidence it is used on, as was said; empty: it was not */
};

/* STATUS_MALFORMED where the text is not such rules: `fault` has the place. */
enum status grant_rules_read(struct bytes source, struct arena *arena, struct grant_rules *out,
                             struct fault *fault) MUST_USE;
/* The refusal by the rule of that name, which the rules have. */
void grant_rules_refuse(const struct grant_rules *rules, const char *name,
                        struct access_refusal *out);
/* The same where the rules have one of that name, else false. */
bool grant_rules_find(const struct grant_rules *rules, struct bytes name,
                      struct access_refusal *out);
/* How many hours a grant of the tier may be good for; 0 where there is none. */
uint64_t grant_rules_life(const struct grant_rules *rules, int64_t tier);
/* How many hours a grant of that tier or a higher one may be good for at most. */
uint64_t grant_rules_longest(const struct grant_rules *rules, int64_t tier);
/* True where that is longer than a grant of the tier may be good for. */
bool grant_rules_outlive(const struct grant_rules *rules, int64_t tier, uint64_t seconds);
/* True where what needs that tier opens only under a log that witnesses watch. */
bool grant_rules_watch(const struct grant_rules *rules, int64_t tier);
/* The tier an operation needs; STATUS_NOT_FOUND where no grant is given for it. */
enum status grant_rules_need(const struct grant_rules *rules, struct bytes operation,
                             int64_t *tier) MUST_USE;

/* Reads and verifies.  STATUS_DENIED or STATUS_MALFORMED with the reason. */
enum status grant_open(struct bytes token, const struct grant_key *root, struct arena *arena,
                       struct grant_opened *out, struct fault *fault) MUST_USE;
/* The same of the paper of an issuance, which proves nothing and so has no proof at its end
 * (access/group/grant_file.h). */
enum status grant_open_paper(struct bytes paper, const struct grant_key *root,
                             struct arena *arena, struct grant_opened *out,
                             struct fault *fault) MUST_USE;
/* STATUS_OK where every rule and every block allows it, else STATUS_DENIED and the refusal. */
enum status grant_judge(const struct grant_rules *rules, const struct grant_opened *grant,
                        const struct grant_question *question, struct arena *arena,
                        struct access_refusal *refusal) MUST_USE;
/* The facts the program adds to the rules for that question: with the token and the rules, all
 * that a replay needs. */
void grant_judge_add_facts(const struct grant_opened *grant,
                           const struct grant_question *question, struct text *out);
