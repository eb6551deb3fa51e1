/* A folder of its own for each test, removed afterwards. */
#pragma once

#include "check.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
    char path[64];
};

static inline int remove_one(const char *path, const struct stat *about, int kind,
                             struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    return remove(path);
}

static inline void folder_make(struct folder *folder)
{
    *folder = (struct folder){"/tmp/collect-test-XXXXXX"};
    assert_non_null(mkdtemp(folder->path));
    assert_int_equal(chmod(folder->path, 0755), 0);
}

static inline void folder_remove(struct folder *folder)
{
    assert_int_equal(nftw(folder->path, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

/* Static: good until the next call. */
static inline const char *folder_path(const struct folder *folder, const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    return path;
}

static inline void folder_write(const struct folder *folder, const char *name, const char *text)
{
    int fd = open(folder_path(folder, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static inline void folder_add(const struct folder *folder, const char *name)
{
    assert_int_equal(mkdir(folder_path(folder, name), 0755), 0);
}
