/* Findings and observations: what detect says of one evidence, what correlate says of all.
 *
 * A finding is one suspicious thing.  An observation is one small, ordinary, countable fact
 * that matters only beside others. */
#pragma once

#include "record/entity.h"
#include "record/fact.h"
#include "record/place.h"
#include "record/severity.h"

#define CITES_MAX 8          /* kept per finding; more are counted */
#define EXCERPT_SIZE_MAX 512 /* bytes kept of each cited place */
#define FINDING_ENTITIES_MAX 24
#define ENTITY_SIZE_MAX 1024 /* bytes of a name or of a fact that is text; cut beyond */
#define FINDING_FACTS_MAX 24
#define FINDING_TECHNIQUES_MAX 6
#define RULE_SIZE_MAX 128

/* A cited place with what stands there, so that a report is read without the evidence. */
struct cite {
    struct place place;
    struct bytes excerpt; /* as in the evidence, unescaped; may be empty */
};

struct finding {
    struct bytes rule;              /* "behaviour/call-home", "capability/download-and-run" */
    struct bytes title;             /* ours, plain words, no full stop */
    const struct bytes *techniques; /* "T1110.001" */
    size_t technique_count;
    enum severity severity;
    double confidence; /* 0 to 1: among findings at 0.9, nine in ten should be right */
    struct moment first;
    struct moment last;
    const struct entity *entities;
    size_t entity_count;
    const struct fact *facts;
    size_t fact_count;
    const struct cite *cites;
    size_t cite_count;
    uint64_t cites_dropped;
};

/* True where the rule is one that finds records which are not whole. */
bool rule_tells_hole(struct bytes rule);
/* True where the rule is the one that finds logins from one machine into the next. */
bool rule_tells_hop(struct bytes rule);

enum observation_kind {
    OBSERVED_LOGIN_FAILURES, /* a run of failures: source address, account, host */
    OBSERVED_LOGIN,          /* one accepted login: source address, account, host, key */
    OBSERVED_SESSION,        /* a session of an account on a host ended: first..last */
    OBSERVED_COMMAND,        /* commands run by an account on a host (sudo, cron): process */
    OBSERVED_TRAFFIC,        /* flows from address to service: count, sizes */
    OBSERVED_FETCH,          /* HTTP requests: client address, host, URL, file name, status */
    OBSERVED_NAME,           /* a name was resolved: client address, name, addresses */
    OBSERVED_SCRIPT,         /* shell text names these files, addresses, URLs, accounts */
    OBSERVED_SCHEDULE,       /* a crontab or unit changed: account, host */
    OBSERVED_SERVICE,        /* a host offers a service: host name, port */
    OBSERVED_RHYTHM,         /* what a host writes again and again: account, period */
    OBSERVED_SESSION_BEGUN,  /* a session of an account on a host began: source address */
    OBSERVED_REMOTE_LOGIN,   /* a command of a host logs in to another: address or name */
};
#define OBSERVATION_KIND_COUNT 13

/* Facts by kind (all optional but where said):
 *
 * - LOGIN_FAILURES: invalid_user_count, abandoned_count, key_count, steady_count (parts of
 *   `count`)
 * - LOGIN: method ("recorded" where only a record of logins tells of it)
 * - COMMAND: folder
 * - RHYTHM: period
 * - SESSION_BEGUN: by ("record", wtmp; "last", lastlog; "manager", systemd; "log"), terminal,
 *   number (of an account whose name is not told)
 * - TRAFFIC: client_payload, server_payload, established_count, interval_median,
 *   interval_spread
 * - FETCH: method, status, user_agent, response_bytes
 *
 * The cites are the first and the last place at least. */
struct observation {
    enum observation_kind kind;
    uint64_t count; /* how many times, at least 1 */
    struct moment first;
    struct moment last;
    const struct entity *entities;
    size_t entity_count;
    const struct fact *facts;
    size_t fact_count;
    const struct cite *cites;
    size_t cite_count;
    uint64_t cites_dropped;
};

/* Static, lower case: "login-failures". */
const char *observation_kind_name(enum observation_kind kind);
