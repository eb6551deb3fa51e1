/* What explains that a log is silent, or that its times go back, without anybody's doing: that
 * the machine started, stopped or slept, that its clock was set, that the log service itself
 * says it left something out.  It counts where it stands near enough: so many records before
 * or after, because a machine that starts says a great deal before the line that tells. */
#pragma once

#include "detect/engine.h"

#define EXCUSE_BEFORE_MAX 100U
#define EXCUSE_AFTER_MAX 400U

/* The log service stopping alone is no excuse: it is what somebody may have done. */
static inline bool excuse_is(const struct event *event)
{
    switch (event->action) {
    case EVENT_HOST_STARTED:
    case EVENT_HOST_STOPPED:
    case EVENT_HOST_SLEPT:
    case EVENT_CLOCK_SET:
    case EVENT_LOG_DROPPED:
    case EVENT_SERVER_LISTENING: /* what a log of logins says of a start */
        return true;
    case EVENT_SERVICE_STARTED:
        return bytes_starts(event_field(event, FIELD_MESSAGE), "New seat ");
    default:
        return false;
    }
}

/* Of something at record `at`: an excuse at `excuse`, 0 for none so far, stands near enough. */
static inline bool excuse_holds(uint64_t at, uint64_t excuse)
{
    if (excuse == 0) {
        return false;
    }
    return excuse <= at ? at - excuse <= EXCUSE_BEFORE_MAX : excuse - at <= EXCUSE_AFTER_MAX;
}
