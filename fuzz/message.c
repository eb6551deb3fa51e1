/* Any frame: where it is believed, its body lies inside the frame and the frame is exactly what
 * kind, count and body say. */
#include "sandbox/message.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct message message;
    if (message_decode((struct bytes){data, size}, &message) != STATUS_OK) {
        return 0;
    }
    if (message.file_count > MESSAGE_FILES_MAX || message.body.size > MESSAGE_BODY_MAX ||
        message.body.size + MESSAGE_HEADER_SIZE != size) {
        abort();
    }
    if (message.body.size > 0 && message.body.data != data + MESSAGE_HEADER_SIZE) {
        abort();
    }
    uint64_t header =
        message.kind | (uint64_t)message.file_count << 16 | (uint64_t)message.body.size << 32;
    for (size_t i = 0; i < MESSAGE_HEADER_SIZE; i++) {
        if (data[i] != (uint8_t)(header >> (8 * i))) {
            abort();
        }
    }
    return 0;
}
