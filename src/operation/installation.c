#include "operation/installation.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* The folder of the program that runs, with its slash. */
static enum status find_own_folder(struct text *out)
{
    char path[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", path, sizeof path);
    if (size <= 0 || (size_t)size == sizeof path) {
        return STATUS_NOT_FOUND;
    }
    struct bytes bytes = {(const uint8_t *)path, (size_t)size};
    while (bytes.size > 0 && bytes.data[bytes.size - 1] != '/') {
        bytes.size--;
    }
    text_add_raw(out, bytes);
    return text_status(out);
}

enum status installation_find_helper(const char *name, struct text *out)
{
    static const char *const places[] = {"", "../libexec/tocsin/"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        text_clear(out);
        TRY(find_own_folder(out));
        text_addf(out, "%stocsin-%s%s", places[i], name, TOCSIN_SUFFIX);
        TRY(text_status(out));
        if (access(text_terminated(out), X_OK) == 0) {
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

enum status installation_open_folder(const char *name, int *out)
{
    static const char *const places[] = {"", "../share/tocsin/"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        AUTO(text_done) struct text path = text_of_limit(PATH_MAX);
        TRY(find_own_folder(&path));
        text_addf(&path, "%s%s", places[i], name);
        TRY(text_status(&path));
        int fd = open(text_terminated(&path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd >= 0) {
            *out = fd;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}
