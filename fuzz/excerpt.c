/* Claims of parse/excerpt.h: what comes out of lines is the text of those lines, a range is the
 * bytes of that range, a whole evidence is itself, any other citation a status; what is shown
 * to a person holds nothing hidden.
 *
 * Input: a citation, a newline, the evidence. */
#include "fuzz.h"

#include "base/memory_file.h"
#include "parse/excerpt.h"
#include "record/citation.h"

#include <unistd.h>

#define MEMORY_MAX (32U << 20)

/* The lines first..last with their ends, counted in the plainest way. */
static bool find_lines(struct bytes evidence, uint64_t first, uint64_t last, struct bytes *out)
{
    uint64_t line = 1;
    size_t begin = 0;
    if (first == 0) {
        return false;
    }
    for (size_t at = 0; at < evidence.size; at++) {
        bool ends = evidence.data[at] == '\n' || at + 1 == evidence.size;
        if (ends && line == last) {
            *out = bytes_part(evidence, begin, at + 1 - begin);
            return true;
        }
        line += ends;
        begin = ends && line == first ? at + 1 : begin;
    }
    return false;
}

static void check_bytes(const struct citation *citation, struct bytes evidence,
                        enum status status, struct bytes bytes)
{
    struct bytes expected = evidence;
    const struct place *place = &citation->place;
    switch (place->kind) {
    case PLACE_WHOLE:
        break;
    case PLACE_LINES:
        CLAIM((status == STATUS_OK) ==
              find_lines(evidence, place->first, place->last, &expected));
        break;
    case PLACE_BYTES:
        CLAIM((status == STATUS_OK) ==
              (place->first <= evidence.size && place->last <= evidence.size - place->first));
        expected = bytes_part(evidence, place->first, place->last);
        break;
    case PLACE_FRAME:
        CLAIM(status != STATUS_OK || bytes.size == 0 ||
              bytes_find(evidence, bytes) < evidence.size);
        return;
    case PLACE_FLOW:
    case PLACE_RECORD:
        CLAIM(status == STATUS_UNSUPPORTED);
        return;
    }
    CLAIM(status != STATUS_OK || bytes_equal(bytes, expected));
}

static void check_shown(struct bytes shown)
{
    while (shown.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(shown, &code_point);
        CLAIM(size > 0 && (code_point == '\n' || !text_is_hidden(code_point)));
        shown = bytes_from(shown, size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    struct bytes word = bytes_part(input, 0, bytes_find_byte(input, '\n'));
    struct bytes evidence = bytes_from(input, word.size + 1);
    int fd = -1;
    CLAIM(memory_file_new("evidence", &fd) == STATUS_OK);
    CLAIM(memory_file_write(fd, evidence) == STATUS_OK);
    AUTO(arena_done) struct arena *arena = arena_new(MEMORY_MAX);
    AUTO(text_done) struct text bytes = text_of_limit(EXCERPT_OUTPUT_MAX);
    AUTO(text_done) struct text shown = text_of_limit(4 * EXCERPT_OUTPUT_MAX);
    enum status status = excerpt_extract(fd, word, arena, &bytes);
    enum status is_shown = excerpt_show(fd, word, arena, &shown);
    struct citation citation;
    if (citation_read(word, &citation) != STATUS_OK) {
        CLAIM(status == STATUS_MALFORMED && is_shown == STATUS_MALFORMED);
    } else if (citation.kind == CITATION_EVIDENCE && !bytes_contains(citation.subject, "!/")) {
        check_bytes(&citation, evidence, status, text_bytes(&bytes));
    }
    check_shown(text_bytes(&shown));
    close(fd);
    return 0;
}
