/* Claims of record/inquiry.h and record/assignment.h: what is borrowed lies inside the message,
 * and what was read is written back as it came. */
#include "fuzz.h"

#include "record/assignment.h"
#include "record/inquiry.h"

static void check_answer(struct bytes input)
{
    struct inquiry_answer answer;
    if (inquiry_answer_read(input, &answer) != STATUS_OK) {
        return;
    }
    CLAIM(lies_inside(answer.path, input));
    CLAIM(lies_inside(answer.citation, input));
    CLAIM(lies_inside(answer.excerpt, input));
    CLAIM(lies_inside(answer.problem, input));
    AUTO(text_done) struct text again = text_of_limit(1 << 20);
    inquiry_answer_write(&again, &answer);
    CLAIM(bytes_equal(text_bytes(&again), input));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    check_answer(input);
    struct inquiry inquiry;
    if (inquiry_read(input, &inquiry) == STATUS_OK) {
        CLAIM(lies_inside(inquiry.citation, input));
        CLAIM(lies_inside(inquiry.question, input));
        CLAIM(inquiry.question.size <= STATEMENT_TEXT_MAX);
        CLAIM(inquiry.kind < INQUIRY_KIND_COUNT);
    }
    struct assignment assignment;
    if (assignment_read(input, &assignment) == STATUS_OK) {
        CLAIM(lies_inside(assignment.citation, input));
        CLAIM(ASSIGNMENT_HAS_CITATION(assignment.kind) == (assignment.citation.size > 0));
    }
    return 0;
}
