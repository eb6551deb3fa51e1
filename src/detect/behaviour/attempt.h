/* Counts attempts to log in where several lines tell of one.
 *
 * A server writes up to three lines for an attempt: "Invalid user", what PAM says, and "Failed
 * password".  Of one connection (host and process) each kind of witness is counted apart, and
 * the attempts are the largest of the counts, not their sum; a connection that only ended
 * before authentication is one attempt.  Lines without a process number share one connection
 * for each source.  A process number seen again from another source, after an hour, or after a
 * login is another connection.
 *
 * Limits: ATTEMPT_CONNECTIONS_MAX connections at a time; of one given up, later lines may count
 * an attempt twice. */
#pragma once

#include "detect/behaviour/recent.h"
#include "detect/behaviour/trace.h"

#define ATTEMPT_CONNECTIONS_MAX 4096U
#define ATTEMPT_SILENCE_NS MOMENT_HOUR_NS

enum witness {
    WITNESS_SERVER,  /* "Failed password for" */
    WITNESS_PAM,     /* "authentication failure" */
    WITNESS_UNKNOWN, /* "Invalid user" */
    WITNESS_NONE,    /* "Failed none for": no password was tried yet */
    WITNESS_END,     /* ended before authentication */
};
#define WITNESS_COUNT 5

struct attempt_connection {
    struct recent_entry entry;
    uint64_t seen[WITNESS_COUNT];
    uint64_t attempts;
    struct trace_name source; /* address, or name where only that is known */
    struct trace_name account;
    bool source_is_address;
    bool is_unknown_account;
    bool is_over; /* a login was accepted */
    struct moment last;
    uint64_t run_serial; /* the run its attempts were counted in, 0 for none */
    void *run;
};

/* What a record adds. */
struct attempt {
    struct attempt_connection *connection;
    uint64_t added;    /* attempts not told of before */
    bool knows_better; /* source or account are known now and were not */
    bool is_abandoned; /* nothing but the connection's end tells of it */
    bool was_unknown;  /* the account was already said not to exist */
};

enum status attempt_init(struct recent *connections, struct arena *arena) MUST_USE;
/* For events of a failed, invalid or abandoned login. */
enum status attempt_take(struct recent *connections, const struct record *record,
                         struct attempt *out) MUST_USE;
/* For accepted logins: the connection is over. */
void attempt_end(struct recent *connections, const struct record *record);
