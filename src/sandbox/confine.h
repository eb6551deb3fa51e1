/* Walls around this process: after confine_enter it can do nothing but its role.
 *
 * In order: no new privileges, no capabilities, no dumps, limits on memory and files, Landlock
 * as far as the kernel has it, then the system-call filter.  What stays possible is use of
 * descriptors that are already open.
 * Limits: RLIMIT_DATA, never RLIMIT_AS: sanitizers and mapped rules reserve more than they
 *         use.  Under AddressSanitizer it is left out, because the sanitizer's own shadow
 *         counts as data.
 * Threads: one.  A second thread would stay outside. */
#pragma once

#include "sandbox/filter.h"

#if defined(__SANITIZE_ADDRESS__)
#define CONFINE_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CONFINE_IS_SANITIZED 1
#endif
#endif
#ifndef CONFINE_IS_SANITIZED
#define CONFINE_IS_SANITIZED 0
#endif

struct confine_plan {
    enum confine_role role;
    int channel;              /* the socket a nursery or service speaks over */
    uint64_t memory_size_max; /* private memory, in bytes; 0 leaves it as it is */
    uint64_t file_size_max;   /* how far any file may grow by this process; 0 for not at all */
    const struct filter *filter; /* built before by filter_build; NULL to build it here */
};

struct confine_report {
    int landlock_abi; /* 0: this kernel has no Landlock; the other walls stand */
};

/* Anything but STATUS_OK means that a wall does not stand: the caller must end at once. */
enum status confine_enter(const struct confine_plan *plan, struct confine_report *out) MUST_USE;
/* Sends standard error where standard output goes, which for a helper is nowhere: what reads
 * hostile bytes must not reach a person's terminal.  Left alone under a sanitizer, whose report
 * must.  Before confine_enter. */
enum status confine_silence(void) MUST_USE;
