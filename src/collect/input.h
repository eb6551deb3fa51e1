/* Standard input as evidence: spooled whole, before anything is done with it, into a sealed
 * memory file, so that it can be read twice and never changes.
 *
 * Limits: INPUT_SIZE_MAX bytes; what follows is not read. */
#pragma once

#include "base/status.h"
#include "base/stop.h"

#define INPUT_SIZE_MAX (128U * 1024U * 1024U)

/* `*out` is open for reading alone.  `*is_cut` where there was more, or `stop` (may be NULL)
 * was set before the end. */
enum status input_spool(int from, uint64_t size_max, const struct stop *stop, int *out,
                        bool *is_cut) MUST_USE;
