#include "operation/policy.h"

#include <fcntl.h>

#include "access/grant/source.h"
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

enum status policy_complain(struct answer *answer, enum status status, struct bytes facts,
                            struct bytes policy, const struct eligibility_fault *fault)
{
    const char *whose = fault->is_of_policy ? "the policy" : "the facts";
    const char *what = fault->fault.what == NULL ? status_name(status) : fault->fault.what;
    if (!fault->is_placed) {
        return answer_fail(answer, status, "%s: %s", whose, what);
    }
    return answer_fail(answer, status, "%s, line %u: %s", whose,
                       datalog_line(fault->is_of_policy ? policy : facts, fault->fault.offset),
                       what);
}
