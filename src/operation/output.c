#include "operation/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

struct output output_none(void)
{
    return (struct output){.folder = -1, .file = -1};
}

void output_done(struct output *output)
{
    if (output->unfinished[0] != '\0') {
        unlinkat(output->folder, output->unfinished, 0);
    }
    file_done(&output->file);
    file_done(&output->folder);
    output->unfinished[0] = '\0';
}

static enum status complain(struct answer *answer, const struct output *output,
                            enum status status)
{
    return answer_fail(answer, status, "%s cannot be written: %s", output->path,
                       status == STATUS_CONFLICT ? "it exists already" : strerror(errno));
}

static enum status open_folder(const char *path, int *out)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t size = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    if (size >= sizeof folder) {
        errno = ENAMETOOLONG;
        return STATUS_IO;
    }
    memcpy(folder, path, size);
    folder[size] = '\0';
    *out = open(size == 0 ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *out < 0 ? STATUS_IO : STATUS_OK;
}

enum status output_check(struct answer *answer, const char *path)
{
    AUTO(output_done) struct output output = output_none();
    const char *slash = strrchr(path, '/');
    struct stat present;
    output.path = path;
    output.name = slash == NULL ? path : slash + 1;
    if (open_folder(path, &output.folder) != STATUS_OK) {
        return complain(answer, &output, STATUS_IO);
    }
    if (output.name[0] == '\0') {
        errno = EISDIR;
        return complain(answer, &output, STATUS_IO);
    }
    if (fstatat(output.folder, output.name, &present, AT_SYMLINK_NOFOLLOW) == 0) {
        return complain(answer, &output, STATUS_CONFLICT);
    }
    return errno == ENOENT && faccessat(output.folder, ".", W_OK, AT_EACCESS) == 0
               ? STATUS_OK
               : complain(answer, &output, STATUS_IO);
}

/* A name that nobody can guess, and that no other program at work has taken. */
static enum status name_unfinished(char out[OUTPUT_NAME_MAX])
{
    uint64_t random = 0;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random) {
        return STATUS_IO;
    }
    IGNORE(snprintf(out, OUTPUT_NAME_MAX, ".unfinished-%016llx", (unsigned long long)random) <
               0,
           "the size is fixed");
    return STATUS_OK;
}

enum status output_begin(struct answer *answer, const char *path, struct output *out)
{
    const char *slash = strrchr(path, '/');
    struct stat present;
    char unfinished[OUTPUT_NAME_MAX];
    out->path = path;
    out->name = slash == NULL ? path : slash + 1;
    if (open_folder(path, &out->folder) != STATUS_OK) {
        return complain(answer, out, STATUS_IO);
    }
    if (fstatat(out->folder, out->name, &present, AT_SYMLINK_NOFOLLOW) == 0) {
        return complain(answer, out, STATUS_CONFLICT);
    }
    if (name_unfinished(unfinished) == STATUS_OK) {
        out->file =
            openat(out->folder, unfinished,
                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
    }
    if (out->file < 0) {
        return complain(answer, out, STATUS_IO);
    }
    memcpy(out->unfinished, unfinished, sizeof unfinished);
    return STATUS_OK;
}

static bool is_the_same(const struct output *output)
{
    struct stat written;
    struct stat named;
    return fstat(output->file, &written) == 0 &&
           fstatat(output->folder, output->name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           written.st_ino == named.st_ino && written.st_dev == named.st_dev;
}

enum status output_finish(struct answer *answer, struct output *output)
{
    if (linkat(output->folder, output->unfinished, output->folder, output->name, 0) != 0) {
        return complain(answer, output, errno == EEXIST ? STATUS_CONFLICT : STATUS_IO);
    }
    if (!is_the_same(output)) {
        return answer_fail(answer, STATUS_CONFLICT,
                           "%s is not what was written: somebody else writes to that folder",
                           output->path);
    }
    unlinkat(output->folder, output->unfinished, 0);
    output->unfinished[0] = '\0';
    if (file_sync(output->folder) != STATUS_OK) {
        int failure = errno;
        unlinkat(output->folder, output->name, 0);
        errno = failure;
        return complain(answer, output, STATUS_IO);
    }
    return STATUS_OK;
}
