#include "access/group/paper.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/file.h"

static struct text name_of(const struct sha256 *hash)
{
    struct text name = text_of_limit(2 * sizeof *hash);
    sha256_add_hex(&name, hash);
    return name;
}

enum status paper_keep(int payloads, struct bytes paper, struct sha256 *out)
{
    if (paper.size > PAPER_SIZE_MAX) {
        return STATUS_LIMIT;
    }
    struct sha256 hash = sha256_of(paper);
    AUTO(text_done) struct text name = name_of(&hash);
    TRY(text_status(&name));
    TRY(file_replace(payloads, payloads, text_terminated(&name), paper, S_IRUSR | S_IWUSR));
    *out = hash;
    return STATUS_OK;
}

enum status paper_find(int payloads, const struct sha256 *hash, struct arena *arena,
                       struct bytes *out)
{
    AUTO(text_done) struct text name = name_of(hash);
    TRY(text_status(&name));
    AUTO(file_done)
    int fd = file_open_existing(payloads, text_terminated(&name));
    if (fd < 0) {
        return errno == ENOENT  ? STATUS_NOT_FOUND
               : errno == ELOOP ? STATUS_CONFLICT
                                : STATUS_IO;
    }
    struct stat facts;
    if (fstat(fd, &facts) != 0) {
        return STATUS_IO;
    }
    AUTO(text_done) struct text file = text_of_limit(PAPER_SIZE_MAX);
    enum status status = S_ISREG(facts.st_mode) ? file_read(fd, &file) : STATUS_CONFLICT;
    if (status != STATUS_OK) {
        return status == STATUS_LIMIT ? STATUS_CONFLICT : status;
    }
    struct sha256 found = sha256_of(text_bytes(&file));
    return sha256_equal(&found, hash) ? arena_copy(arena, text_bytes(&file), out)
                                      : STATUS_CONFLICT;
}
