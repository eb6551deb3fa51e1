/* Claims of codec/inflater.h: the size of the parts a stream comes in changes nothing of what
 * is unpacked, and a limit on the output is kept. */
#include "fuzz.h"

#include <stdalign.h>

#include "base/text.h"
#include "codec/inflater.h"

#define OUTPUT_MAX 100000U
#define BUFFER_SIZE 512U

static enum status unpack(struct bytes input, enum inflate_format format, size_t step,
                          struct text *out, bool *is_finished)
{
    static alignas(max_align_t) uint8_t memory[INFLATER_SIZE];
    struct inflater *inflater = inflater_begin(memory, format, OUTPUT_MAX);
    CLAIM(inflater != NULL);
    enum status status = STATUS_OK;
    while (input.size > 0 && status == STATUS_OK) {
        struct bytes part = bytes_part(input, 0, step);
        input = bytes_from(input, step);
        size_t size = 1;
        while ((size > 0 || part.size > 0) && status == STATUS_OK) {
            uint8_t buffer[BUFFER_SIZE];
            status = inflater_push(inflater, &part, buffer, sizeof buffer, &size);
            CLAIM(size <= sizeof buffer);
            text_add_raw(out, (struct bytes){buffer, size});
        }
    }
    *is_finished = inflater_is_finished(inflater);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    enum inflate_format format = size == 0 ? INFLATE_GZIP : data[size - 1] % 3;
    struct text whole = text_of_limit(OUTPUT_MAX + BUFFER_SIZE);
    struct text parts = text_of_limit(OUTPUT_MAX + BUFFER_SIZE);
    bool whole_finished;
    bool parts_finished;
    enum status one = unpack(input, format, SIZE_MAX, &whole, &whole_finished);
    enum status two = unpack(input, format, 3, &parts, &parts_finished);
    CLAIM(one == two && whole_finished == parts_finished);
    CLAIM(text_status(&whole) == STATUS_OK && text_bytes(&whole).size <= OUTPUT_MAX);
    CLAIM(bytes_equal(text_bytes(&whole), text_bytes(&parts)));
    text_done(&whole);
    text_done(&parts);
    return 0;
}
