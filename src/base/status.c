#include "base/status.h"

const char *status_name(enum status status)
{
    static const char *const names[STATUS_COUNT] = {
        [STATUS_OK] = "ok",
        [STATUS_TRUNCATED] = "truncated",
        [STATUS_MALFORMED] = "malformed",
        [STATUS_UNSUPPORTED] = "unsupported",
        [STATUS_LIMIT] = "limit reached",
        [STATUS_NO_MEMORY] = "out of memory",
        [STATUS_NOT_FOUND] = "not found",
        [STATUS_DENIED] = "denied",
        [STATUS_CONFLICT] = "conflict",
        [STATUS_IO] = "input or output error",
    };
    return (unsigned)status < STATUS_COUNT ? names[status] : "unknown status";
}
