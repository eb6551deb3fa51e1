/* Claims of access/seal/holding.h: a request that is read asks for what there is within its
 * limits, and a reply that is read fits; both are the same once they are written again. */
#include "fuzz.h"

#include "access/seal/holding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct text AUTO(text_done) written = text_of_limit(HOLDING_REPLY_SIZE_MAX);
    struct holding_request request;
    struct holding_reply reply;
    if (holding_read_request(input, &request) == STATUS_OK) {
        CLAIM(request.lease_ms <= HOLDING_LEASE_MS_MAX);
        CLAIM((request.lease_ms > 0) == (request.kind == HOLDING_OPEN));
        holding_add_request(&written, &request);
        CLAIM(bytes_equal(text_bytes(&written), input));
        text_clear(&written);
    }
    if (holding_read_reply(input, &reply) == STATUS_OK) {
        CLAIM(reply.size <= HOLDING_PLAIN_MAX);
        holding_add_reply(&written, &reply);
        CLAIM(bytes_equal(text_bytes(&written), input));
    }
    return 0;
}
