/* Claims of record/redact.h: what was redacted once has nothing left to redact, and without
 * what was put in, it is in order a part of what it was. */
#include "fuzz.h"

#include "record/redact.h"

/* Every byte outside "[redacted]" stood in `theirs`, in that order. */
static bool is_part(struct bytes redacted, struct bytes theirs)
{
    struct bytes mark = bytes_of_text("[redacted]");
    size_t at = 0;
    for (size_t i = 0; i < redacted.size; i++) {
        if (bytes_equal(bytes_part(redacted, i, mark.size), mark) &&
            !bytes_equal(bytes_part(theirs, at, mark.size), mark)) {
            i += mark.size - 1;
            continue;
        }
        while (at < theirs.size && theirs.data[at] != redacted.data[i]) {
            at++;
        }
        if (at++ == theirs.size) {
            return false;
        }
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena AUTO(arena_done) *arena = arena_new(64U << 20);
    struct bytes theirs = {data, size};
    struct bytes once;
    struct bytes twice;
    if (redact_secrets(theirs, arena, &once) != STATUS_OK) {
        return 0;
    }
    CLAIM(once.size <= (size + 1) * sizeof "[redacted]");
    CLAIM(is_part(once, theirs));
    CLAIM(redact_secrets(once, arena, &twice) == STATUS_OK);
    CLAIM(bytes_equal(once, twice));
    return 0;
}
