/* What this home may do by a grant it has accepted: asked anew each time, of everything.
 *
 * A grant entitles where the group's card is kept, all signatures verify, its issuance is in
 * the group's log, two officers of different roles approved it, its holder's key (or its
 * agent's) is this home's, its time is not over by a clock that was not set back, neither it
 * nor any block of it is revoked, and every check of every block holds for what is wanted.
 *
 * Input:  what the home keeps, untrusted; `rules` is the text of content/grant.datalog.
 * Output: in `arena`.
 * Limits: ACCEPTED_GRANTS_MAX grants, and those of access/grant/world.h for each. */
#pragma once

#include "access/decide.h"
#include "access/grant/judge.h"
#include "access/group/grant_file.h"
#include "access/group/group_card.h"
#include "access/group/revocation.h"

#define ENTITLEMENT_CLOCK_SLACK_S 60  /* by which a clock may be put right */
#define ENTITLEMENT_PACK "model.pack" /* the operation that opens a pack */

struct entitlement_wish {
    const char *operation; /* ENTITLEMENT_PACK */
    struct bytes pack;     /* its name; empty where any that the grant names will do */
    uint64_t now_s;
    struct bytes rules;
    bool has_evidence;      /* something is analysed; false: whatever the grant names will do */
    struct bytes owner;     /* whose evidence, as was said; empty: it was not */
    struct bytes arguments; /* of the request: committed to where a use of it is recorded */
};

struct entitlement {
    struct bytes grant; /* its id */
    struct bytes subject;
    struct bytes organisation;
    struct bytes group;
    struct bytes pack;
    uint32_t
        unchecked; /* hosts, networks and domains it names, which nobody can tell offline */
    struct bytes agent; /* empty where the holder's own key is at hand */
    uint64_t expires_s; /* the agent's time, where that is over first */
    bool has_calls_max; /* for an agent */
    uint64_t calls_max;
    uint64_t calls_made; /* by this home's log */
    struct sha256 file;  /* of the grant's file: the object under which a use is recorded */
    struct sha256 rules; /* of the rules that allowed it */
    uint64_t sequence;   /* of the entry that records the use of it */
    struct note_key group_key;
    struct note_key holder_key;                  /* who may revoke what an agent was left */
    struct sha256 revocations[GRANT_BLOCKS_MAX]; /* of its blocks: grant_revocation */
    uint32_t revocation_count;
    struct revocation_target target; /* what else of it a list may name */
};

/* The first grant of this home that entitles to the wish.  STATUS_DENIED with the refusal of
 * the one that came closest, and for nothing else; any other status, and `fault`, where it
 * could not be judged: STATUS_MALFORMED for rules that cannot be read, STATUS_IO for a folder
 * of grants that is not this home's alone. */
enum status entitlement_find(const struct access_session *session,
                             const struct entitlement_wish *wish, struct arena *arena,
                             struct entitlement *out, struct access_refusal *refusal,
                             struct fault *fault) MUST_USE;
/* The same, and the use of it is in this home's log when it returns: what counts calls.  Where
 * it cannot be, that is a refusal too.  Two programs that ask at once do not both get the last.
 */
enum status entitlement_use(const struct access_session *session,
                            const struct entitlement_wish *wish, struct arena *arena,
                            struct entitlement *out, struct access_refusal *refusal,
                            struct fault *fault) MUST_USE;
/* Whether a grant that is not kept yet would entitle: `file` is what was handed over. */
enum status entitlement_judge(const struct access_session *session,
                              const struct entitlement_wish *wish, struct bytes file,
                              struct arena *arena, struct entitlement *out,
                              struct access_refusal *refusal, struct fault *fault) MUST_USE;
/* What was known at some time before now. */
struct entitlement_past {
    uint64_t last_s;      /* the latest time the home's log spoke of */
    uint64_t list_made_s; /* of the latest list of revocations, 0 for none */
    bool is_revoked;
    uint64_t before; /* its entry: only calls that stand before it count */
};

/* Whether the grant in `file` would have entitled then; `wish` says when that was, and the home
 * still says whose card is kept. */
enum status entitlement_judge_past(const struct access_session *session,
                                   const struct entitlement_wish *wish,
                                   const struct entitlement_past *past, struct bytes file,
                                   struct arena *arena, struct entitlement *out,
                                   struct access_refusal *refusal,
                                   struct fault *fault) MUST_USE;
/* Is told of each grant: `held` is NULL where it does not hold, and `refusal` says why.  What
 * is borrowed is gone after the call. */
struct entitlement_telling {
    void (*tell)(void *context, struct bytes id, const struct entitlement *held,
                 const struct access_refusal *refusal);
    void *context;
};

/* Every grant that this home keeps, by id, and whether it entitles now.  One that cannot be
 * judged is told as refused, and the others follow. */
enum status entitlement_tell_all(const struct access_session *session,
                                 const struct entitlement_wish *wish, struct arena *arena,
                                 const struct entitlement_telling *telling,
                                 struct fault *fault) MUST_USE;
/* As many seconds, less what clocks may differ by. */
uint64_t entitlement_less_slack(uint64_t seconds);
/* How many of the card's witnesses cosigned the log with that issuance in it, neither before it
 * nor in a time to come, as far as clocks agree. */
uint64_t entitlement_count_cosigned(const struct group_card *card,
                                    const struct grant_logged *logged, uint64_t now_s);
/* True where a list that this home has accepted revokes it, or where what is kept of such lists
 * cannot be read.  Cheap: asked every quarter of a second while something runs under it. */
bool entitlement_is_revoked(int home, const struct entitlement *entitlement);
