#include "record/reply.h"

const char *reply_outcome_name(enum reply_outcome outcome)
{
    static const char *const names[REPLY_OUTCOME_COUNT] = {
        [REPLY_ANSWERED] = "answered",
        [REPLY_CANNOT_SAY] = "cannot-say",
        [REPLY_UNSURE] = "unsure",
        [REPLY_NOT_UNDERSTOOD] = "not-understood",
    };
    return names[outcome];
}
