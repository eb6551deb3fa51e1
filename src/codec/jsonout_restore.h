/* Undoes what codec/json.h does to bytes that are not UTF-8. */
#pragma once

#include "base/arena.h"

/* `text` with every U+FFFD that two lower-case hexadecimal digits follow replaced by that byte;
 * `text` itself where there is none, else in `arena`. */
enum status jsonout_restore(struct bytes text, struct arena *arena, struct bytes *out) MUST_USE;
