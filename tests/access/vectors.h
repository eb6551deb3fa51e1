/* Published vectors below access/ of TOCSIN_DATA, or of the data beside the checkout.  A set
 * that is missing fails the test where the data is at hand, and is said to be missing where it
 * is not: there only the small sets of the tests' own are run. */
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "check.h"

#define VECTORS_PATH_MAX 1024
#define VECTORS_FILE_MAX (32U * 1024U * 1024U)

/* The path of `name` below access/; false where there is no data. */
static inline bool vectors_find(const char *name, char out[VECTORS_PATH_MAX])
{
    const char *named = getenv("TOCSIN_DATA");
    const char *data = named == NULL ? "../shared/data" : named;
    struct stat facts;
    if (named == NULL && stat(data, &facts) != 0) {
        printf("%s: TOCSIN_DATA is not at hand\n", name);
        return false;
    }
    assert_true(snprintf(out, VECTORS_PATH_MAX, "%s/access/%s", data, name) < VECTORS_PATH_MAX);
    if (stat(out, &facts) != 0) {
        fail_msg("%s is missing, though TOCSIN_DATA is at hand", out);
    }
    return true;
}

static inline struct text vectors_read(const char *path)
{
    struct text text = text_of_limit(VECTORS_FILE_MAX);
    AUTO(file_done) int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        fail_msg("%s is missing", path);
    }
    assert_int_equal(file_read(fd, &text), STATUS_OK);
    return text;
}
