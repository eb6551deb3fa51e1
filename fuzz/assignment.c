/* Claims of record/assignment.h: what is read borrows from the message, asks for a citation
 * exactly where a place is to be opened, and written again is the same message. */
#include "fuzz.h"

#include "record/assignment.h"
#include "record/citation.h"

#define MESSAGE_SIZE_MAX (64U << 10)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes message = {data, size};
    struct assignment assignment;
    if (assignment_read(message, &assignment) != STATUS_OK) {
        return 0;
    }
    CLAIM(assignment.kind < ASSIGNMENT_KIND_COUNT);
    CLAIM(lies_inside(assignment.citation, message) && lies_inside(assignment.name, message));
    CLAIM(assignment.name.size <= ASSIGNMENT_NAME_MAX);
    CLAIM(assignment.citation.size <= CITATION_SIZE_MAX);
    CLAIM((assignment.citation.size > 0) == ASSIGNMENT_HAS_CITATION(assignment.kind));
    struct text AUTO(text_done) again = text_of_limit(MESSAGE_SIZE_MAX);
    assignment_write(&again, &assignment);
    CLAIM(bytes_equal(text_bytes(&again), message));
    return 0;
}
