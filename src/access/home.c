#include "access/home.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

enum status home_path(struct text *out)
{
    const char *named = secure_getenv("TOCSIN_HOME");
    if (named != NULL && named[0] != '\0') {
        text_add(out, named);
        return text_status(out);
    }
    const char *home = secure_getenv("HOME");
    if (home == NULL || home[0] != '/') {
        return STATUS_NOT_FOUND;
    }
    text_add(out, home);
    text_add(out, "/.local/state/tocsin");
    return text_status(out);
}

enum status home_open_existing(const char *path, int *out, struct fault *fault)
{
    AUTO(file_done) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        *fault = (struct fault){.what = "the folder of TOCSIN_HOME cannot be opened"};
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_IO;
    }
    if (!file_is_own_folder(fd)) {
        *fault = (struct fault){.what = "the folder of TOCSIN_HOME is not the caller's own, or "
                                        "others may write to it"};
        return STATUS_DENIED;
    }
    *out = fd;
    fd = -1;
    return STATUS_OK;
}

/* Makes each missing folder on the way; what exists is left as it is. */
static enum status make_path(const char *path)
{
    char part[PATH_MAX];
    size_t size = strlen(path);
    if (size >= sizeof part) {
        return STATUS_LIMIT;
    }
    for (size_t i = 1; i <= size; i++) {
        if (path[i] != '/' && path[i] != '\0') {
            continue;
        }
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, S_IRWXU) != 0 && errno != EEXIST) {
            return STATUS_IO;
        }
    }
    return STATUS_OK;
}

enum status home_open(const char *path, int *out, struct fault *fault)
{
    enum status status = home_open_existing(path, out, fault);
    if (status != STATUS_NOT_FOUND) {
        return status;
    }
    status = make_path(path);
    if (status != STATUS_OK) {
        *fault = (struct fault){.what = "the folder of TOCSIN_HOME cannot be made"};
        return status;
    }
    return home_open_existing(path, out, fault);
}
