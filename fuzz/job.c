/* Claim of sandbox/job.h: what is believed, written again, is the same bytes. */
#include "fuzz.h"

#include "sandbox/job.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes body = {data, size};
    AUTO(text_done) struct text written = text_of_limit(MESSAGE_BODY_MAX);
    struct job_setup setup;
    if (job_read_setup(body, &setup) == STATUS_OK) {
        job_add_setup(&written, &setup);
        CLAIM(bytes_equal(text_bytes(&written), body));
    }
    text_clear(&written);
    struct job_ready ready;
    if (job_read_ready(body, &ready) == STATUS_OK) {
        job_add_ready(&written, &ready);
        CLAIM(bytes_equal(text_bytes(&written), body));
    }
    text_clear(&written);
    struct job_order order;
    if (job_read_order(body, &order) == STATUS_OK) {
        job_add_order(&written, &order);
        CLAIM(bytes_equal(text_bytes(&written), body));
    }
    text_clear(&written);
    struct job_outcome outcome;
    if (job_read_outcome(body, &outcome) == STATUS_OK) {
        job_add_outcome(&written, &outcome);
        CLAIM(bytes_equal(text_bytes(&written), body));
    }
    return 0;
}
