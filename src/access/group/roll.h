/* The roll of a group's members: who was taken in, with which facts, and who vouched.
 *
 * It is rebuilt from the group's audit log and the papers that the log names, and is nowhere
 * kept: there is no second truth that could say something else.  A paper that was erased takes
 * out of the roll what it said; that somebody was taken off stands in the log itself.
 *
 * Input:  log and papers, untrusted: the log must be whole and signed by this home's key, each
 *         paper must have the hash the log says and be a deed of who it says.
 * Output: in `arena`.
 * Limits: ROLL_MEMBERS_MAX members, ROLL_VOUCHES_MAX vouches, ROLL_VOUCHES_TOLD of them as
 *         facts about one member. */
#pragma once

#include "access/audit_verify.h"
#include "access/group/group_card.h"
#include "access/seal/sealing_key.h"
#include "access/session.h"

#define ROLL_MEMBERS_MAX 16384
#define ROLL_VOUCHES_MAX 65536
/* Policies join every vouch with every other: more would only use up their steps. */
#define ROLL_VOUCHES_TOLD 16
#define ROLL_MEMORY_MAX (256U * 1024U * 1024U)

/* The operations whose entries the roll is made of; the object of each but the last is a paper.
 */
#define ROLL_FOUND "group.found"
#define ROLL_CHANGE "group.change"
#define ROLL_ENROL "group.enrol"
#define ROLL_VOUCH "group.vouch"
#define ROLL_REMOVE "group.remove" /* its object is the enrolment of whom it takes off */

struct roll_vouch {
    struct note_key by;
    struct sha256 hash; /* of the deed */
    struct roll_vouch *next;
};

struct roll_member {
    struct note_key key;
    struct bytes name;
    struct bytes organisation;
    struct recipient recipient;
    struct sha256 enrolment; /* of the deed */
    struct moment made;      /* of the enrolment, by the member's clock */
    uint64_t sequence;       /* of the entry that took it in last */
    const struct bytes *facts;
    size_t fact_count;
    struct roll_vouch *vouches; /* each of another member */
    struct roll_member *next;
};

/* A paper that the log names, whether it is still there or not. */
struct roll_paper {
    struct sha256 hash;
    struct roll_paper *next;
};

struct roll {
    struct group_card
        card;            /* in force: founded with, or signed by officers of the one before */
    struct bytes policy; /* the text that the card names */
    struct roll_member *members;
    size_t member_count;
    size_t vouch_count;
    size_t erased_count;       /* entries whose papers are gone */
    struct roll_paper *papers; /* all that were looked for, the last first */
};

/* STATUS_NOT_FOUND where no group was founded in this home, STATUS_CONFLICT where log or papers
 * are not what they should be, STATUS_LIMIT, STATUS_NO_MEMORY: the reason is in `fault`. */
enum status roll_read(const struct access_session *session, struct arena *arena,
                      struct roll *out, struct fault *fault) MUST_USE;
/* The same, and which log it was: its size and root. */
enum status roll_read_marked(const struct access_session *session, struct arena *arena,
                             struct roll *out, struct audit_mark *reached,
                             struct fault *fault) MUST_USE;
/* Goes on with a roll that was read as far as `mark`, in the same arena, to the end of the log,
 * which is `*reached`.  What came before is not read again, but every byte of the log is
 * checked; where it does not go on from `mark`, `*continuation` says how, and nothing is done.
 */
enum status roll_go_on(const struct access_session *session, struct arena *arena,
                       const struct audit_mark *mark, struct roll *roll,
                       struct audit_mark *reached, enum audit_continuation *continuation,
                       struct fault *fault) MUST_USE;
/* The same as it was before entry `before` of the log. */
enum status roll_read_before(const struct access_session *session, uint64_t before,
                             struct arena *arena, struct roll *out,
                             struct fault *fault) MUST_USE;
const struct roll_member *roll_find_name(const struct roll *roll, struct bytes name);
const struct roll_member *roll_find_key(const struct roll *roll, const struct note_key *key);
const struct roll_member *roll_find_enrolment(const struct roll *roll,
                                              const struct sha256 *enrolment);
/* How many vouches on the roll this member has made for others. */
size_t roll_count_vouches_by(const struct roll *roll, const struct roll_member *member);
/* Which rule a vouch breaks, with the member it is for in `*out` where there is one. */
bool roll_vouch_breaks(const struct roll *roll, const struct deed *vouch,
                       const struct roll_member **out, enum group_rule *rule);
/* What is known of a member, as facts for the policy: those that were checked, and what the
 * last ROLL_VOUCHES_TOLD vouches of members say. */
void roll_add_facts(const struct roll *roll, const struct roll_member *member,
                    struct text *out);
