/* Examines captures made by tests/make and compares what is said of them. */
#pragma once

#include "detect/examine.h"
#include "make/dns.h"
#include "make/talk.h"
#include "make/tls.h"

/* What is said of the capture in lines that begin with `prefix`; the capture is done with. */
static inline struct text observe_lines(struct make_capture *capture, const char *prefix)
{
    struct examine examine;
    examine_text(&examine, text_bytes(&capture->bytes));
    text_done(&capture->bytes);
    struct text kept = text_of_limit(16U << 20);
    struct bytes rest = text_bytes(&examine.said);
    struct bytes line = BYTES_NONE;
    while (bytes_split(&rest, '\n', &line)) {
        if (bytes_starts(line, prefix)) {
            text_add_raw(&kept, line);
            text_add(&kept, "\n");
        }
    }
    examine_done(&examine);
    return kept;
}

static inline void assert_observes(struct make_capture *capture, const char *prefix,
                                   const char *expected)
{
    struct text AUTO(text_done) kept = observe_lines(capture, prefix);
    assert_string_equal(text_terminated(&kept), expected);
}

/* The only line with that prefix begins with `expected`. */
static inline void assert_observes_one(struct make_capture *capture, const char *prefix,
                                       const char *expected)
{
    struct text AUTO(text_done) kept = observe_lines(capture, prefix);
    struct bytes line = text_bytes(&kept);
    if (!bytes_starts(line, expected) || bytes_find_byte(line, '\n') + 1 != line.size) {
        fail_msg("said: %s", text_terminated(&kept));
    }
}

/* Numbers that look random and are the same on every run (Numerical Recipes' generator). */
static inline uint32_t observe_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}
