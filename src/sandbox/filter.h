/* The system calls a confined process may make: a seccomp allow-list per role.
 *
 * What is not allowed answers EPERM; opening a file answers EACCES, because libraries probe;
 * what no process of ours has any business with kills: new programs, tracing, mounting,
 * namespaces, kernel modules, io_uring and their like.
 *
 * Filters stack: a worker forked from a nursery obeys both.  Built before confinement, entered
 * as often as needed.  Calls of another architecture kill.
 * Not checked, because a filter sees no memory: the path in fstatat, which some C libraries
 * call for fstat.  It can tell that a file exists, and its size, but not open it. */
#pragma once

#include "base/status.h"

#include <linux/filter.h>
#include <stddef.h>

#define FILTER_INSTRUCTIONS_MAX 1024U

enum confine_role {
    CONFINE_NURSERY, /* maps rules, forks and waits; reads no evidence */
    CONFINE_WORKER,  /* reads one evidence, writes one result, ends */
    CONFINE_SERVICE, /* answers requests over its channel; what compile and conclude are */
    CONFINE_HOLDER,  /* a service that locks memory and lends it: it keeps a secret */
};

struct filter {
    struct sock_filter instructions[FILTER_INSTRUCTIONS_MAX];
    size_t count;
};

/* `channel` is the only socket a nursery or service may speak over. */
enum status filter_build(enum confine_role role, int channel, struct filter *out) MUST_USE;
/* For ever, and for every process that comes from this one.  Needs no_new_privs. */
enum status filter_enter(const struct filter *filter) MUST_USE;
/* Refuses signals to any process but this one: what a filter that allows aborting cannot do,
 * because it is built before the process exists.  Entered first: those filters end all
 * entering. */
enum status filter_enter_own_signals(void) MUST_USE;
