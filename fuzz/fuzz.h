/* What every fuzz target includes: the entry libFuzzer calls, and how a claim is made.
 *
 * A target checks a claim about what the code under test gives back, not only that it returns.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/status.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program, which is a finding, where `claim` does not hold. */
#define CLAIM(claim) \
    do { \
        if (!(claim)) { \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #claim); \
            abort(); \
        } \
    } while (0)

/* True where `part` is empty or borrows from `whole` and nothing else. */
static inline bool lies_inside(struct bytes part, struct bytes whole)
{
    uintptr_t first = (uintptr_t)whole.data;
    uintptr_t at = (uintptr_t)part.data;
    return part.size == 0 ||
           (at >= first && at - first <= whole.size && part.size <= whole.size - (at - first));
}
