/* What the files of a replay share: src/access/group/replay.c puts the parts together. */
#pragma once

#include "access/grant/judge.h"
#include "access/group/replay.h"
#include "access/group/revocation.h"

struct replaying {
    const struct access_session *session;
    const struct replay_texts *texts;
    struct arena *arena;
    struct replay *replay;
    struct grant_rules today; /* content/grant.datalog, read */
    struct fault fault;
};

/* One more thing that decided; `hash` may be NULL. */
void replay_add_input(struct replaying *replaying, const char *what, enum replay_state state,
                      const struct sha256 *hash);
/* How many inputs are not kept as they were. */
size_t replay_missing(const struct replay *replay);
/* What one part of the decision came to, taken together with the parts before. */
void replay_add(struct replay_judgement *whole, struct replay_judgement part);
struct replay_judgement replay_unknown(void);
/* How an outcome stands to what the log says: `refusal` is NULL where it was allowed. */
struct replay_judgement replay_compare(const struct audit_entry *entry,
                                       const struct access_refusal *refusal);
/* The rules of grants with that hash, wherever they are kept; an input in any case. */
bool replay_find_rules(struct replaying *replaying, const struct sha256 *hash,
                       struct grant_rules *out);
/* The paper that the entry names as its object; an input in any case. */
bool replay_find_paper(struct replaying *replaying, const struct audit_entry *entry,
                       const char *what, struct bytes *out);
/* Whether the signer's list took it back before the decision was made; false, and
 * an input, where that is not known. */
bool replay_find_revoked(struct replaying *replaying, const struct note_key *signer,
                         const struct revocation_target *target, bool is_groups,
                         uint64_t ends_s, bool *is_revoked, uint64_t *made_s);

/* Each part: of the use of a grant in its holder's home, and in a group's home of an issuance,
 * a draft and a vouch. */
enum status replay_use(struct replaying *replaying) MUST_USE;
enum status replay_issuance(struct replaying *replaying) MUST_USE;
enum status replay_draft(struct replaying *replaying) MUST_USE;
enum status replay_vouch(struct replaying *replaying) MUST_USE;
