/* Claims of record/citation.h: a citation that is read is written back as the same word and
 * borrows from it; any name at all, encoded, is one visible word that decodes to the name. */
#include "fuzz.h"

#include "record/citation.h"

#define NAME_SIZE_MAX 2000

static void check_word(struct bytes word)
{
    struct citation citation;
    if (citation_read(word, &citation) != STATUS_OK) {
        return;
    }
    CLAIM(lies_inside(citation.subject, word));
    struct text AUTO(text_done) again = text_of_limit(CITATION_SIZE_MAX);
    citation_add(&again, &citation);
    CLAIM(bytes_equal(text_bytes(&again), word));
    struct citation second;
    CLAIM(citation_read(text_bytes(&again), &second) == STATUS_OK);
    CLAIM(citation_equal(&citation, &second));
}

/* No space, no control, nothing hidden, and none of the signs that citations are made of but
 * the one "~" that numbers a root. */
static void check_visible(struct bytes encoded, unsigned numbers)
{
    while (encoded.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(encoded, &code_point);
        CLAIM(size > 0 && !text_is_hidden(code_point) && code_point != ' ');
        CLAIM(bytes_find_byte(bytes_of_text("#@:!,\"'[]\\"), (uint8_t)code_point) == 10 ||
              code_point >= 0x80);
        CLAIM(code_point != '~' || numbers-- > 0);
        encoded = bytes_from(encoded, size);
    }
}

static void check_decodes(struct bytes encoded, struct bytes raw)
{
    struct text AUTO(text_done) back = text_of_limit(NAME_SIZE_MAX);
    CLAIM(citation_decode_name(encoded, &back) == STATUS_OK);
    CLAIM(bytes_equal(text_bytes(&back), raw));
}

static void check_name(struct bytes raw)
{
    struct text AUTO(text_done) name = text_of_limit(4 * NAME_SIZE_MAX);
    struct text AUTO(text_done) path = text_of_limit(4 * NAME_SIZE_MAX);
    citation_add_name(&name, raw);
    citation_add_path(&path, raw);
    check_visible(text_bytes(&name), 0);
    check_visible(text_bytes(&path), 1);
    check_decodes(text_bytes(&name), raw);
    check_decodes(text_bytes(&path), raw);
    if (raw.size == 0) {
        return;
    }
    struct citation citation;
    CLAIM(citation_read(text_bytes(&path), &citation) == STATUS_OK);
    CLAIM(citation.kind == CITATION_EVIDENCE && citation.place.kind == PLACE_WHOLE);
    CLAIM(bytes_equal(citation.subject, text_bytes(&path)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    check_word(input);
    check_name(bytes_part(input, 0, NAME_SIZE_MAX));
    return 0;
}
