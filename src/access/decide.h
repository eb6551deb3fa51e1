/* Decides access: the only source of a `struct access_grant`.
 *
 *     access = grant AND policy AND live state AND logged
 *
 * The rules are one table, published by access_add_policy, and their hash stands in every
 * entry of the audit log.  Whatever no rule allows is refused.  A refusal, and whatever changes
 * something, is in the audit log before it takes effect; where it cannot be written there,
 * nothing but open operations happens. */
#pragma once

#include "access/session.h"
#include "codec/sha256.h"

enum access_class {
    CLASS_OPEN,     /* C0: analyse one's own evidence, explain, advise */
    CLASS_VERIFIED, /* C1: write decoded payloads out, act */
    CLASS_CRITICAL, /* C2: what is sealed */
};
#define CLASS_COUNT 3

enum audit_level {
    AUDIT_NONE,   /* reads our own words only: help, examples, the audit log itself */
    AUDIT_USE,    /* recorded with its result; open operations go on unrecorded, and say so */
    AUDIT_CHANGE, /* recorded before it takes effect, or it does not happen */
};

/* Why access was refused: ACCESS.md, section 3. */
enum access_reason {
    REASON_NOT_ENTITLED,
    REASON_OUT_OF_SCOPE,
    REASON_PROHIBITED,
    REASON_EXPIRED,
    REASON_REVOKED,
    REASON_STEP_UP_REQUIRED,
    REASON_RATE_LIMITED,
    REASON_WITNESS_UNAVAILABLE,
    REASON_AUDIT_UNAVAILABLE, /* the decision could not be recorded */
};
#define REASON_COUNT 9

struct entitlement;
struct entitlement_wish;

struct access_request {
    const char *operation; /* the name of its row: "evidence.extract" */
    enum access_class class;
    enum audit_level audit;
    struct bytes arguments; /* committed to in the log, kept apart from it */
    /* What is sealed and wanted (access/group/entitlement.h); NULL: nothing that a grant names.
     */
    const struct entitlement_wish *wish;
};

struct access_refusal {
    enum access_reason reason;
    const char *rule;
    const char *because;              /* one sentence */
    const char *what_would_change_it; /* one sentence */
    const char *appeal;               /* one sentence */
    const char *detail; /* what it was about, or what failed on this machine; or NULL */
    bool is_recorded;
    bool has_rules;       /* the rule is of a text of its own: content/grant.datalog */
    struct sha256 rules;  /* which, where it is */
    bool has_object;      /* it is about a grant ... */
    struct sha256 object; /* ... whose file has that hash */
};

#define ACCESS_DECISIONS_MAX 256

/* A decision to allow one operation, once; it lives as long as its session, and borrows the
 * request's words. */
struct access_grant;

const char *access_class_name(enum access_class class);    /* "C0" */
const char *access_reason_name(enum access_reason reason); /* "not_entitled" */

/* STATUS_OK with a grant, or STATUS_DENIED with the refusal (STATUS_NO_MEMORY without one). */
enum status access_decide(struct access_session *session, const struct access_request *request,
                          const struct access_grant **out,
                          struct access_refusal *refusal) MUST_USE;

/* One of several requests that are decided together, and what came of it. */
struct access_decision {
    const struct access_request *request;
    enum status status; /* as access_decide gives it */
    const struct access_grant *grant;
    struct access_refusal refusal;
};

/* Decides each as access_decide does, in their order; what must be in the log before they are
 * answered is there by one append: for a process that decides for many.  At most
 * ACCESS_DECISIONS_MAX; what rests on a grant of others is recorded by itself, before the rest.
 */
void access_decide_all(struct access_session *session, struct access_decision *decisions,
                       size_t count);
/* True where `grant` is a decision about this very operation. */
bool access_grant_covers(const struct access_grant *grant, const char *operation);
/* The grant of others that allowed it; NULL where none was needed. */
const struct entitlement *access_grant_entitlement(const struct access_grant *grant);
/* The rule that allowed it. */
const char *access_grant_rule(const struct access_grant *grant);

/* Records how the operation ended, with the SHA-256 of what came out (NULL for nothing), and
 * returns once that is durable.  Call it before the result leaves. */
enum status access_record(struct access_session *session, const struct access_grant *grant,
                          enum status outcome, const struct sha256 *object,
                          struct fault *fault) MUST_USE;

/* The same, and says which entry it became: for what others are to be shown a proof of. */
enum status access_record_numbered(struct access_session *session,
                                   const struct access_grant *grant, enum status outcome,
                                   const struct sha256 *object, uint64_t *sequence,
                                   struct fault *fault) MUST_USE;

/* One more rule that holds of what was allowed, with the SHA-256 of what it is about: in the
 * log when this returns.  Whatever rests on it does not happen where this fails. */
enum status access_record_rule(struct access_session *session, const struct access_grant *grant,
                               const char *rule, const struct sha256 *object,
                               struct fault *fault) MUST_USE;

/* Refuses what was allowed up to here, because a handler found a rule broken: `refusal` says
 * which, and learns whether that could be recorded.  Always STATUS_DENIED. */
enum status access_refuse(struct access_session *session, const struct access_grant *grant,
                          struct access_refusal *refusal) MUST_USE;

/* What the rules say to a session about a class, and which one, without deciding anything.
 */
bool access_is_held(const struct access_session *session, enum access_class class,
                    const char **rule);
/* The words of the rule of that name, as a refusal; false where the rules have none. */
bool access_find_rule(struct bytes name, struct access_refusal *out);
/* The rules in force, one line each: what the policy hash in the log is the SHA-256 of. */
void access_add_policy(struct text *out);
/* The refusal in one line for a person, and as one JSON object for a program. */
void access_add_refusal(const struct access_refusal *refusal, struct text *out);
void access_add_refusal_json(const struct access_refusal *refusal, const char *operation,
                             struct text *out);
