#include "access/seal/word.h"

enum status word_find(struct bytes word, unsigned *out)
{
    uint8_t lower[WORD_SIZE_MAX];
    if (word.size > sizeof lower) {
        return STATUS_NOT_FOUND;
    }
    for (size_t i = 0; i < word.size; i++) {
        lower[i] = byte_lower(word.data[i]);
    }
    struct bytes sought = {lower, word.size};
    unsigned first = 0;
    unsigned end = WORD_COUNT;
    while (first < end) {
        unsigned middle = first + (end - first) / 2;
        int order = bytes_compare(sought, bytes_of_text(word_at(middle)));
        if (order == 0) {
            *out = middle;
            return STATUS_OK;
        }
        if (order < 0) {
            end = middle;
        } else {
            first = middle + 1;
        }
    }
    return STATUS_NOT_FOUND;
}
