/* Everything this home's log says about one person, in its order: in a group's home about a
 * member, in a person's own about what that person did with grants.
 *
 * Nothing is kept of it: it is read from the log and the papers, cards and grants it names.
 *
 * Input:  log and papers, untrusted: the log must be whole and signed by this home's key, each
 *         paper must have the hash the log says.
 * Output: what a visit is shown is gone after it.
 *
 * Not seen: what was erased (it is counted), and refusals, in a group's home, that name nobody:
 * what they were about was handed over and is not kept. */
#pragma once

#include "access/grant/terms.h"
#include "access/group/roll.h"

enum chronicle_kind {
    CHRONICLE_ENROLLED,    /* taken in, or in again: organisation in `what` */
    CHRONICLE_FACT,        /* checked by the group: the fact with its source in `what` */
    CHRONICLE_VOUCHED_FOR, /* by `name` */
    CHRONICLE_VOUCHES,     /* for `name` */
    CHRONICLE_TIER_ASKED,  /* somebody had the tier computed */
    CHRONICLE_REQUESTED,   /* a draft was made: `grant`, `what`, `reason`, until */
    CHRONICLE_APPROVED,    /* by `name` in `role` */
    CHRONICLE_GRANTED,     /* `grant`, `what`, until */
    CHRONICLE_REVOKED,     /* `grant` */
    CHRONICLE_DID,         /* an operation of one's own that ended: `what` */
    CHRONICLE_REFUSED,     /* an operation of one's own: `what`, by `rule` for `reason` */
    CHRONICLE_ACCEPTED,    /* a grant: `grant`, `what`, until */
    CHRONICLE_NARROWED,    /* for the agent `name`: `what`, until, so many calls */
    CHRONICLE_USED,        /* a grant: `grant`, `what`; by the agent `name` */
};
#define CHRONICLE_KIND_COUNT 14

struct chronicle_event {
    enum chronicle_kind kind;
    uint64_t sequence;
    uint64_t time_ms;
    struct bytes name;
    struct bytes role;
    struct bytes what;
    struct bytes grant;
    struct bytes reason;
    struct bytes rule;
    struct bytes object; /* a SHA-256, or empty */
    int64_t tier;        /* of a request and a grant */
    uint64_t until_s;    /* 0: none */
    uint64_t calls_max;  /* 0: as often as one likes */
};

struct chronicle {
    struct bytes subject; /* the member; empty in a home of one's own */
    void (*tell)(void *context, const struct chronicle_event *event);
    void *context;
    /* Filled in: what could not be told. */
    size_t told;
    size_t unread;  /* papers that are gone or damaged: whom they are about is not known */
    size_t unnamed; /* refusals that name nobody */
    size_t others;  /* entries of one's own that are about no grant */
};

/* The word of a kind for a program: "enrolled". */
const char *chronicle_kind_name(enum chronicle_kind kind);

/* In a group's home, whose roll as it is today is `roll`.  STATUS_CONFLICT where the log is not
 * whole. */
enum status chronicle_of_member(const struct access_session *session, const struct roll *roll,
                                struct chronicle *chronicle, struct fault *fault) MUST_USE;
/* In a home of one's own. */
enum status chronicle_of_own(const struct access_session *session, struct chronicle *chronicle,
                             struct fault *fault) MUST_USE;
