/* A wish that what goes on come to an end: asked about by whatever may take long, several times
 * a second.
 *
 * It may come from a person, through a signal's handler that sets a flag, and from a condition
 * of the caller's, which is a question: a lease that ended, a grant that was revoked. */
#pragma once

#include <signal.h>
#include <stdbool.h>

struct stop {
    const volatile sig_atomic_t *flag; /* non-zero: stop; may be NULL */
    bool (*is_over)(void *context);    /* true: stop; may be NULL; called often, so cheap */
    void *context;
};

/* False for NULL. */
bool stop_is_set(const struct stop *stop);
