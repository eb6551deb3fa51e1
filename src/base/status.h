/* The one way to fail: what a caller may do about it, and where it went wrong.
 *
 * Each kind answers "what may the caller do?"  A new kind needs a caller that acts on it. */
#pragma once

#include <stdint.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(format_index, first) __attribute__((format(printf, format_index, first)))

/* Cleans `variable` up at the end of its scope with a function that takes its address. */
#define AUTO(done) __attribute__((cleanup(done)))

enum status {
    STATUS_OK = 0,
    STATUS_TRUNCATED,   /* the bytes end too early: keep what was read */
    STATUS_MALFORMED,   /* the bytes contradict the format: anomaly, keep the rest */
    STATUS_UNSUPPORTED, /* well formed, but not for us: say so */
    STATUS_LIMIT,       /* a named limit was reached: say which, keep what was read */
    STATUS_NO_MEMORY,   /* the memory allowed is used up */
    STATUS_NOT_FOUND,   /* ask for something else */
    STATUS_DENIED,      /* access or a wall refused */
    STATUS_CONFLICT,    /* state changed under us, or two things disagree */
    STATUS_IO,          /* the machine failed: errno says why */
};
#define STATUS_COUNT 10

/* Where and why, beside a status.  `what` is static text of ours, never input bytes. */
struct fault {
    const char *what;
    uint64_t offset;
};

/* One word for people and messages: "truncated". */
const char *status_name(enum status status);

/* Returns from the calling function when `call` fails.  The only macro that hides control flow.
 */
#define TRY(call) \
    do { \
        enum status try_status_ = (call); \
        if (try_status_ != STATUS_OK) { \
            return try_status_; \
        } \
    } while (0)

/* Ignores a result where that is right; `reason` is for the reader. */
#define IGNORE(call, reason) \
    do { \
        if (call) { \
        } \
    } while (0)
