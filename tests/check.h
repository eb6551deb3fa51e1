/* What every unit test includes: cmocka with the headers it wants before it. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/status.h"

#define assert_ok(call) assert_int_equal((call), STATUS_OK)
#define assert_status(call, expected) assert_int_equal((call), (expected))

/* Fails where `bytes` is not exactly `text`. */
static inline void assert_bytes(struct bytes bytes, const char *text)
{
    struct bytes want = bytes_of_text(text);
    assert_int_equal(bytes.size, want.size);
    if (want.size > 0) {
        assert_memory_equal(bytes.data, want.data, want.size);
    }
}
