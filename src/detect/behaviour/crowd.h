/* Raises that a crowd of addresses tried a few passwords each at one machine, where none of
 * them alone tried enough to be told of.
 *
 * Every machine on the internet is tried: a hundred addresses a day, a few passwords each, are
 * its weather.  What counts is how many addresses come anew: in two hours what the weather
 * brings in a day, or in a day five times as much, is somebody's doing; three quarters of that
 * are said, and low.  Where most of them want one account that is there and is not root, which
 * the weather does not know, fewer are enough.  An address that logs in belongs to a person who
 * mistyped, and counts no more, unless it tried several accounts before.
 *
 * Limits: CROWD_ADDRESSES_MAX addresses: those longest not heard of are given up and counted,
 * and one that comes again counts again.  CROWD_ACCOUNTS_MAX accounts, of which those longest
 * not tried are forgotten.  CROWD_HOSTS_MAX machines: one that gives way is judged first. */
#pragma once

#include "detect/behaviour/recent.h"
#include "detect/behaviour/trace.h"

#define CROWD_ADDRESSES_MAX 16384U
#define CROWD_ACCOUNTS_MAX 4096U
#define CROWD_HOSTS_MAX 128U
#define CROWD_TRIES_MAX 9U /* more are guessing by one address (correlate/guessing.h) */
#define CROWD_BURST 100U   /* addresses in two hours */
#define CROWD_DAY 500U
#define CROWD_BURST_LOW (CROWD_BURST * 3 / 4)
#define CROWD_DAY_LOW (CROWD_DAY * 3 / 4)
/* Of one account that is there. */
#define CROWD_BURST_ACCOUNT 30U
#define CROWD_DAY_ACCOUNT 100U

struct crowd {
    bool is_open;
    struct recent addresses;
    struct recent accounts;
    struct recent hosts;
};

/* What a failed login tells. */
struct crowd_try {
    struct bytes source; /* an address */
    struct bytes account;
    struct bytes host;
    bool is_unknown_account;
    uint64_t added; /* tries not told of before */
    uint64_t all;   /* tries of this connection */
};

enum status crowd_take_failure(struct detection *detection, struct crowd *crowd,
                               const struct record *record,
                               const struct crowd_try *failure) MUST_USE;
/* For accepted logins. */
enum status crowd_take_login(struct detection *detection, struct crowd *crowd,
                             const struct record *record) MUST_USE;
enum status crowd_finish(struct detection *detection, struct crowd *crowd) MUST_USE;
