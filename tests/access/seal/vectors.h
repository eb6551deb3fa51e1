/* Published vectors of TOCSIN_DATA.  A set that is missing fails the test where TOCSIN_DATA is
 * at hand, and is said to be missing where it is not. */
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

#define VECTORS_PATH_MAX 1024
#define VECTORS_FILE_MAX (32U * 1024U * 1024U)

/* The path of `name` below access/ in TOCSIN_DATA; false where TOCSIN_DATA is not at hand. */
static inline bool vectors_find(const char *name, char out[VECTORS_PATH_MAX])
{
    const char *named = getenv("TOCSIN_DATA");
    const char *data = named == NULL ? "../shared/data" : named;
    struct stat facts;
    if (named == NULL && stat(data, &facts) != 0) {
        printf("%s: TOCSIN_DATA is not at hand\n", name);
        return false;
    }
    snprintf(out, VECTORS_PATH_MAX, "%s/access/%s", data, name);
    if (stat(out, &facts) != 0) {
        fail_msg("%s is missing, though TOCSIN_DATA is at hand", out);
    }
    return true;
}

static inline struct text vectors_read(const char *path)
{
    struct text text = text_of_limit(VECTORS_FILE_MAX);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(file_read(fd, &text), STATUS_OK);
    close(fd);
    return text;
}
