/* Conformance vectors of $TOCSIN_DATA/access, for tests that are held to them.
 *
 * Where the data is at hand a set that is missing fails the test; elsewhere only the own,
 * small sets of the tests are run. */
#pragma once

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define VECTORS_PATH_MAX 1024

static inline const char *vectors_root(void)
{
    const char *named = getenv("TOCSIN_DATA");
    return named == NULL ? "../shared/data" : named;
}

static inline bool vectors_at_hand(void)
{
    struct stat facts;
    return stat(vectors_root(), &facts) == 0 && S_ISDIR(facts.st_mode);
}

static inline struct text vectors_read(const char *path)
{
    struct text text = text_of_limit(1 << 20);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        print_error("%s is missing\n", path);
    }
    assert_true(fd >= 0);
    assert_int_equal(file_read(fd, &text), STATUS_OK);
    close(fd);
    return text;
}

/* "access/merkle/..." below the data. */
static inline struct text vectors_read_named(const char *name)
{
    char path[VECTORS_PATH_MAX];
    snprintf(path, sizeof path, "%s/access/%s", vectors_root(), name);
    return vectors_read(path);
}
