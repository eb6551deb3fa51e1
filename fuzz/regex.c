/* Claims of pattern/regex.h: any pattern on any subject ends within its limits with an answer
 * whose places lie inside the subject, and a second search gives the same.  The input is the
 * flags, the pattern's size, the pattern and the subject. */
#include "pattern/regex.h"

#include "fuzz.h"

#define MEMORY (32U << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    if (size < 2) {
        return 0;
    }
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY);
    struct bytes pattern = bytes_part(bytes_from(input, 2), 0, data[1]);
    struct bytes subject = bytes_from(input, 2 + pattern.size);
    struct regex *regex;
    struct fault fault;
    enum status status = regex_compile(arena, pattern, data[0] & 15U, &regex, &fault);
    if (status != STATUS_OK) {
        CLAIM(status == STATUS_MALFORMED && fault.what != NULL && fault.offset <= pattern.size);
        return 0;
    }
    struct regex_match match;
    struct regex_match again;
    status = regex_find(regex, subject, 0, &match);
    CLAIM(regex_find(regex, subject, 0, &again) == status);
    CLAIM(status == STATUS_OK || status == STATUS_NOT_FOUND || status == STATUS_LIMIT);
    if (status == STATUS_OK) {
        CLAIM(match.offset <= subject.size && match.size <= subject.size - match.offset);
        CLAIM(match.offset == again.offset && match.size == again.size);
        CLAIM(match.group_count <= REGEX_GROUPS_MAX);
        for (unsigned i = 0; i < match.group_count; i++) {
            CLAIM(lies_inside(match.groups[i], subject));
        }
    }
    return 0;
}
