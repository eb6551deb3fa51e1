/* Claims of codec/markdown.h: one line of valid UTF-8 in which nothing is hidden; in prose
 * every mark is escaped and taking the escapes away gives the bytes back as they are shown; a
 * code span ends where it is meant to end. */
#include "fuzz.h"

#include <string.h>

#include "base/cursor.h"
#include "codec/markdown.h"

#define INPUT_SIZE_MAX 4096

static void check_visible(struct bytes written)
{
    while (written.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(written, &code_point);
        CLAIM(size > 0 && !text_is_hidden(code_point));
        written = bytes_from(written, size);
    }
}

/* What a reader should see of prose. */
static void add_visible(struct text *out, struct bytes theirs, bool is_prose)
{
    while (theirs.size > 0) {
        uint32_t code_point = 0;
        size_t size = text_utf8_next(theirs, &code_point);
        if (size == 0 || text_is_hidden(code_point)) {
            bool is_byte = size <= 1;
            text_addf(out, is_byte ? "\\x%02x" : "\\u{%x}",
                      is_byte ? theirs.data[0] : (unsigned)code_point);
            size = is_byte ? 1 : size;
        } else if (is_prose && bytes_equal_text_nocase(bytes_part(theirs, 0, 4), "www.")) {
            text_add_raw(out, bytes_part(theirs, 0, 3));
            text_add(out, "[.]");
            size = 4;
        } else if (is_prose && code_point == '@') {
            text_add(out, "[@]");
        } else {
            text_add_raw(out, bytes_part(theirs, 0, size));
        }
        theirs = bytes_from(theirs, size);
    }
}

static void read_prose(struct bytes written, struct text *out)
{
    struct cursor cursor = cursor_of(written);
    if (cursor_accept(&cursor, "&#32;")) {
        text_add(out, " ");
    }
    CLAIM(cursor_offset(&cursor) > 0 || cursor_at_end(&cursor) ||
          strchr("+-= ", cursor_peek(&cursor)) == NULL);
    while (!cursor_at_end(&cursor)) {
        uint8_t byte = cursor_u8(&cursor);
        if (byte == '\\') {
            byte = cursor_u8(&cursor);
            CLAIM(byte > ' ' && byte < 0x7f);
        } else if (byte != '{' && byte != '}') { /* those of \u{...} stand bare */
            CLAIM(byte >= 0x80 || strchr("`*_[]<>#|~!&$", byte) == NULL);
        }
        text_add_byte(out, (char)byte);
    }
    CLAIM(cursor_status(&cursor) == STATUS_OK);
}

/* CommonMark 6.1: the span ends at the first run of as many backticks as it began with. */
static void read_code(struct bytes written, struct text *out)
{
    size_t fence = 0;
    while (fence < written.size && written.data[fence] == '`') {
        fence++;
    }
    struct bytes rest = bytes_from(written, fence);
    size_t at = 0;
    size_t run = 0;
    for (; at < rest.size; at++) {
        run = rest.data[at] == '`' ? run + 1 : 0;
        bool ends = at + 1 == rest.size || rest.data[at + 1] != '`';
        if (run == fence && ends) {
            break;
        }
    }
    CLAIM(at + 1 == rest.size && at + 1 >= fence);
    struct bytes inside = bytes_part(rest, 0, rest.size - fence);
    bool is_padded =
        inside.size > 1 && inside.data[0] == ' ' && inside.data[inside.size - 1] == ' ';
    text_add_raw(out, is_padded ? bytes_part(inside, 1, inside.size - 2) : inside);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = bytes_part((struct bytes){data, size}, 0, INPUT_SIZE_MAX);
    struct text AUTO(text_done) written = text_of_limit(16 * INPUT_SIZE_MAX);
    struct text AUTO(text_done) read = text_of_limit(16 * INPUT_SIZE_MAX);
    struct text AUTO(text_done) visible = text_of_limit(16 * INPUT_SIZE_MAX);
    markdown_add(&written, input);
    check_visible(text_bytes(&written));
    read_prose(text_bytes(&written), &read);
    add_visible(&visible, input, true);
    CLAIM(bytes_equal(text_bytes(&read), text_bytes(&visible)));
    if (input.size == 0) {
        return 0;
    }
    text_clear(&written);
    text_clear(&read);
    text_clear(&visible);
    markdown_add_code(&written, input);
    check_visible(text_bytes(&written));
    read_code(text_bytes(&written), &read);
    add_visible(&visible, input, false);
    CLAIM(bytes_equal(text_bytes(&read), text_bytes(&visible)));
    return 0;
}
