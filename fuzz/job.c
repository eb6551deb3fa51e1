/* Any body of a message between parent and helper: where it is believed, writing what was read
 * gives the same bytes again. */
#include "sandbox/job.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_same(const struct text *written, struct bytes body)
{
    if (!bytes_equal(text_bytes(written), body)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes body = {data, size};
    AUTO(text_done) struct text written = text_of_limit(MESSAGE_BODY_MAX);
    struct job_setup setup;
    if (job_read_setup(body, &setup) == STATUS_OK) {
        job_add_setup(&written, &setup);
        check_same(&written, body);
    }
    text_clear(&written);
    struct job_ready ready;
    if (job_read_ready(body, &ready) == STATUS_OK) {
        job_add_ready(&written, &ready);
        check_same(&written, body);
    }
    text_clear(&written);
    struct job_order order;
    if (job_read_order(body, &order) == STATUS_OK) {
        job_add_order(&written, &order);
        check_same(&written, body);
    }
    text_clear(&written);
    struct job_outcome outcome;
    if (job_read_outcome(body, &outcome) == STATUS_OK) {
        job_add_outcome(&written, &outcome);
        check_same(&written, body);
    }
    return 0;
}
