/* Claims of parse/identify.h: the same sample is always the same thing; what is identified has
 * a name, and a reader or a reason; a name alone makes nothing of an empty evidence. */
#include "fuzz.h"

#include <string.h>

#include "parse/identify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct bytes name = bytes_part(input, 0, bytes_find_byte(input, '\n'));
    struct bytes head = bytes_part(bytes_from(input, name.size + 1), 0, IDENTIFY_SAMPLE_MAX);
    struct sample sample = {.head = head,
                            .name = name,
                            .is_whole = head.size < IDENTIFY_SAMPLE_MAX,
                            .is_text = sample_is_text(head)};
    const struct reader *reader = identify(&sample);
    CLAIM(reader == identify(&sample));
    if (reader != NULL) {
        bool is_read = reader->read != NULL || reader->unpack != NULL;
        CLAIM(reader->kind != NULL && (is_read || reader->why != NULL));
        CLAIM(reader->why == NULL || strstr(reader->why, reader->kind) == reader->why);
    }
    CLAIM(head.size > 0 || reader == NULL);
    return 0;
}
