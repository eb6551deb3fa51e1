#include "operation/handler.h"

#include "base/file.h"
#include "operation/accept_pack.h"
#include "operation/lease.h"
#include "operation/workshop.h"

enum status accept_run(const struct call *call, const struct access_grant *grant,
                       struct answer *answer)
{
    if (!access_grant_covers(grant, "access.accept")) {
        return STATUS_DENIED;
    }
    AUTO(file_done) int file = -1;
    const char *path = call->request->operands[0];
    TRY(workshop_take(call, answer, path, "what was handed over", HOLDING_SEALED_MAX, &file));
    if (lease_is_sealed(file)) {
        return accept_pack(call, grant, answer, file);
    }
    return answer_fail(answer, STATUS_UNSUPPORTED, "%s is no sealed pack", path);
}
