/* Claims of sandbox/message.h: a frame that is believed is exactly what its kind, count and
 * body say, and the body is what follows the header. */
#include "fuzz.h"

#include "sandbox/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct message message;
    if (message_decode((struct bytes){data, size}, &message) != STATUS_OK) {
        return 0;
    }
    CLAIM(message.file_count <= MESSAGE_FILES_MAX);
    CLAIM(message.body.size <= MESSAGE_BODY_MAX);
    CLAIM(message.body.size + MESSAGE_HEADER_SIZE == size);
    CLAIM(message.body.size == 0 || message.body.data == data + MESSAGE_HEADER_SIZE);
    uint64_t header =
        message.kind | (uint64_t)message.file_count << 16 | (uint64_t)message.body.size << 32;
    for (size_t i = 0; i < MESSAGE_HEADER_SIZE; i++) {
        CLAIM(data[i] == (uint8_t)(header >> (8 * i)));
    }
    return 0;
}
