#include "sandbox/confine.h"

#include <linux/capability.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/landlock.h"

/* Files a nursery or service may hold: its channel, what the set-up brought, one job. */
#define FILES_OPEN_MAX 64U
#define STACK_SIZE_MAX (8U * 1024U * 1024U)

static bool lower_limit(int resource, uint64_t value)
{
    struct rlimit limit;
    if (getrlimit((__rlimit_resource_t)resource, &limit) != 0) {
        return false;
    }
    if (limit.rlim_max > value) {
        limit.rlim_max = value;
    }
    if (limit.rlim_cur > limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
    }
    return setrlimit((__rlimit_resource_t)resource, &limit) == 0;
}

static bool lower_limits(const struct confine_plan *plan)
{
    bool limits_memory = plan->memory_size_max > 0 && !CONFINE_IS_SANITIZED;
    /* A worker opens nothing: with a limit of zero no new descriptor fits. */
    return lower_limit(RLIMIT_CORE, 0) && lower_limit(RLIMIT_FSIZE, plan->file_size_max) &&
           lower_limit(RLIMIT_STACK, STACK_SIZE_MAX) &&
           (!limits_memory || lower_limit(RLIMIT_DATA, plan->memory_size_max)) &&
           lower_limit(RLIMIT_NOFILE, plan->role == CONFINE_WORKER ? 0 : FILES_OPEN_MAX);
}

static bool drop_capabilities(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    return syscall(SYS_capset, &header, none) == 0;
}

enum status confine_enter(const struct confine_plan *plan, struct confine_report *out)
{
    struct filter built;
    const struct filter *filter = plan->filter;
    if (filter == NULL) {
        TRY(filter_build(plan->role, plan->channel, &built));
        filter = &built;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return STATUS_DENIED;
    }
    /* Landlock needs a free descriptor, so it comes before the limits. */
    struct confine_report report = {0};
    TRY(landlock_enter(&report.landlock_abi));
    if (!drop_capabilities() || !lower_limits(plan)) {
        return STATUS_DENIED;
    }
    /* The filter of a worker or service forbids entering another, so the small one goes first.
     */
    if (plan->role != CONFINE_NURSERY) {
        TRY(filter_enter_own_signals());
    }
    TRY(filter_enter(filter));
    *out = report;
    return STATUS_OK;
}

enum status confine_silence(void)
{
    bool is_done = CONFINE_IS_SANITIZED || dup2(STDOUT_FILENO, STDERR_FILENO) >= 0;
    return is_done ? STATUS_OK : STATUS_IO;
}
