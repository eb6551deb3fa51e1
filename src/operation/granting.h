/* What the commands of grants share: the rules, refusals by them, tokens from files and into
 * files, and what a grant says in plain words.
 *
 * Each call that fails has said why in the answer. */
#pragma once

#include "access/grant/judge.h"
#include "access/group/roll.h"
#include "codec/json.h"
#include "operation/operation.h"

#define GRANTING_MEMORY_MAX (64U * 1024U * 1024U)

/* content/grant.datalog of this installation, in `arena`. */
enum status granting_take_source(struct answer *answer, struct arena *arena,
                                 struct bytes *out) MUST_USE;
enum status granting_take_rules(struct answer *answer, struct arena *arena,
                                struct grant_rules *out) MUST_USE;
/* STATUS_DENIED, recorded, by the rule of that name; the words say what it is about. */
enum status granting_refuse(const struct call *call, const struct access_grant *grant,
                            struct answer *answer, const struct grant_rules *rules,
                            const char *rule, const char *format, ...) PRINTF_LIKE(6, 7);
/* The same by a refusal that was made already. */
enum status granting_refuse_by(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, const struct access_refusal *refusal);
/* The card named by --group, or the one this home keeps where it keeps one alone. */
enum status granting_take_card(const struct call *call, const struct access_grant *grant,
                               struct answer *answer, struct arena *arena,
                               struct group_card *out) MUST_USE;

/* STATUS_DENIED, recorded, where the card names other rules than these. */
enum status granting_check_card(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, const struct grant_rules *rules,
                                const struct group_card *card) MUST_USE;

/* STATUS_DENIED, recorded, where what the group knows of the member now does not make the tier
 * that the use of a pack needs, or where the card names no witnesses that it needs. */
enum status granting_check_tier(const struct call *call, const struct access_grant *grant,
                                struct answer *answer, struct arena *arena,
                                const struct grant_rules *rules, const struct roll *roll,
                                const struct roll_member *member, int64_t *tier) MUST_USE;

/* This home's key as grants know it; the secret is the caller's to wipe. */
enum status granting_take_secret(const struct call *call, struct answer *answer,
                                 struct grant_secret *out) MUST_USE;
struct grant_key granting_own_key(const struct call *call);

/* A draft or what officers made of it: the bytes of a token in base64, as other tools write
 * them. */
enum status granting_take_token(const struct call *call, struct answer *answer,
                                const char *path, struct arena *arena,
                                struct bytes *out) MUST_USE;
/* The same of a file that was read. */
enum status granting_read_token(struct answer *answer, const char *path, struct bytes file,
                                struct arena *arena, struct bytes *out) MUST_USE;
enum status granting_add_token(struct bytes token, struct text *out) MUST_USE;

/* Who gets what, until when, and why; and who approved it so far. */
void granting_describe(const struct grant_opened *grant, const struct group_card *card,
                       struct text *out);
/* As members of an object. */
void granting_add_json(const struct grant_opened *grant, const struct group_card *card,
                       struct jsonout *json);
/* "2026-03-03T02:10:00Z" */
void granting_add_time(uint64_t seconds, struct text *out);
/* Seconds since 1970, by this machine's clock. */
uint64_t granting_now(void);
