#include "operation/policy.h"

#include <fcntl.h>

#include "base/file.h"
#include "operation/installation.h"

enum status policy_take(struct answer *answer, struct text *out)
{
    AUTO(file_done) int folder = -1;
    enum status status = installation_open_folder("content", &folder);
    if (status == STATUS_OK) {
        AUTO(file_done) int fd = openat(folder, "policy.datalog", O_RDONLY | O_CLOEXEC);
        status = fd < 0 ? STATUS_NOT_FOUND : file_read(fd, out);
    }
    return status == STATUS_OK
               ? status
               : answer_fail(answer, status, "content/policy.datalog cannot be read");
}
