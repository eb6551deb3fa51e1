/* Where the vectors of others lie: TOCSIN_DATA, or beside the checkout. */
#pragma once

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "check.h"
#include "codec/json_read.h"

/* False where the machine has no data at all; a set that is missing from data that is there is
 * a failure. */
static inline bool data_path(const char *name, char *out, size_t size)
{
    const char *named = getenv("TOCSIN_DATA");
    const char *data = named == NULL ? "../shared/data" : named;
    assert_true(snprintf(out, size, "%s/%s", data, name) < (int)size);
    if (named == NULL && access(data, R_OK) != 0) {
        printf("%s: TOCSIN_DATA is not at hand\n", name);
        return false;
    }
    assert_int_equal(access(out, R_OK), 0);
    return true;
}

static inline void read_path(const char *path, struct text *out)
{
    *out = text_of_limit(JSON_READ_SIZE_MAX);
    AUTO(file_done) int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_ok(file_read(fd, out));
}

static inline struct tree read_json(const char *path, struct text *bytes, struct arena *arena)
{
    struct tree tree;
    struct tree_fault fault;
    read_path(path, bytes);
    assert_ok(tree_of_json(text_bytes(bytes), arena, &tree, &fault));
    return tree;
}
