/* Claims of record/restricted.h: what is read passes its own check, borrows from the message,
 * and is the same after a way through its written form. */
#include "fuzz.h"

#include "record/restricted.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct restricted restricted;
    const char *what = NULL;
    if (restricted_read(input, &restricted) != STATUS_OK) {
        return 0;
    }
    CLAIM(restricted_check(&restricted, &what));
    CLAIM(restricted.name.data >= data && restricted.name.data < data + size);
    struct text AUTO(text_done) written = text_of_limit(RESTRICTED_SIZE_MAX);
    restricted_write(&written, &restricted);
    CLAIM(text_status(&written) == STATUS_OK);
    CLAIM(bytes_equal(text_bytes(&written), input));
    return 0;
}
