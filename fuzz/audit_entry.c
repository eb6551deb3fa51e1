/* Claims of access/audit_decode.h: what is borrowed lies inside the input, and an entry that is
 * accepted encodes to the very bytes it was read from. */
#include "fuzz.h"

#include "access/audit_decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct audit_entry entry;
    if (audit_entry_decode(input, &entry) != STATUS_OK) {
        return 0;
    }
    CLAIM(lies_inside(entry.subject, input));
    CLAIM(lies_inside(entry.operation, input));
    CLAIM(lies_inside(entry.rule, input));
    CLAIM(lies_inside(entry.reason, input));
    CLAIM(lies_inside(entry.policy, input));
    CLAIM(lies_inside(entry.object, input));
    CLAIM(lies_inside(entry.commitment, input));
    AUTO(text_done) struct text again = text_of_limit(AUDIT_ENTRY_MAX);
    CLAIM(audit_entry_encode(&entry, &again) == STATUS_OK);
    CLAIM(bytes_equal(text_bytes(&again), input));
    return 0;
}
