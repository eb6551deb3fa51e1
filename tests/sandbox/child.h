/* Attempts made in a child of their own, which ends with 0, an errno, or a signal. */
#pragma once

#include "check.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* A child killed by a signal is written as minus its number. */
#define KILLED (-SIGSYS)
/* A wall that should have stood did not: never an errno. */
#define NO_WALL 254

static inline int result_of(long value)
{
    return value < 0 ? errno : 0;
}

static inline int outcome_of(pid_t child)
{
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static inline int in_child(int (*run)(void))
{
    pid_t child = fork();
    if (child == 0) {
        _exit(run());
    }
    return outcome_of(child);
}
