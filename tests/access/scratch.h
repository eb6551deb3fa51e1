/* A folder of a test's own, and what tests of the audit log do to it. */
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define SCRATCH_PATH_MAX 512

struct scratch {
    char path[SCRATCH_PATH_MAX];
    char home[SCRATCH_PATH_MAX + 8];
};

static inline int scratch_remove(const char *path, const struct stat *facts, int kind,
                                 struct FTW *walk)
{
    (void)facts;
    (void)kind;
    (void)walk;
    return remove(path);
}

static inline struct scratch scratch_new(void)
{
    struct scratch scratch;
    const char *asked = getenv("TMPDIR");
    /* Memory where there is some: these tests are about order, not about a disk's speed. */
    snprintf(scratch.path, sizeof scratch.path, "%s/tocsin-test-XXXXXX",
             asked != NULL                   ? asked
             : access("/dev/shm", W_OK) == 0 ? "/dev/shm"
                                             : "/tmp");
    assert_non_null(mkdtemp(scratch.path));
    snprintf(scratch.home, sizeof scratch.home, "%s/home", scratch.path);
    return scratch;
}

static inline void scratch_done(struct scratch *scratch)
{
    nftw(scratch->path, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* The path of `name` in the home; the caller uses it before the next call. */
static inline const char *scratch_name(const struct scratch *scratch, const char *name)
{
    static char path[2 * SCRATCH_PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", scratch->home, name);
    return path;
}

static inline struct text scratch_read(const struct scratch *scratch, const char *name)
{
    struct text text = text_of_limit(1 << 24);
    int fd = open(scratch_name(scratch, name), O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(file_read(fd, &text), STATUS_OK);
    close(fd);
    return text;
}

static inline void scratch_write(const struct scratch *scratch, const char *name,
                                 struct bytes bytes)
{
    int fd = open(scratch_name(scratch, name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(file_write(fd, bytes), STATUS_OK);
    close(fd);
}
