#include "access/checkpoint.h"

#include "access/note.h"
#include "base/cursor.h"
#include "base/number.h"

bool checkpoint_read_size(struct bytes digits, uint64_t *out)
{
    bool has_zero = digits.size > 1 && digits.data[0] == '0';
    return !has_zero && number_decimal(digits, out) == STATUS_OK;
}

/* A newline ends every line, the last too. */
static struct bytes take_line(struct cursor *cursor)
{
    struct bytes line = BYTES_NONE;
    if (!cursor_until(cursor, '\n', &line) || line.size == 0) {
        cursor_fail(cursor, STATUS_MALFORMED, "a line that is empty or without its end");
    }
    return line;
}

enum status checkpoint_read(struct bytes text, struct checkpoint *out)
{
    struct cursor cursor = cursor_of(text);
    struct checkpoint found = {.origin = take_line(&cursor)};
    struct bytes size = take_line(&cursor);
    struct bytes root = take_line(&cursor);
    while (!cursor_at_end(&cursor)) {
        found.has_extension = take_line(&cursor).size > 0;
    }
    TRY(cursor_status(&cursor));
    if (!checkpoint_read_size(size, &found.size) ||
        !note_base64(root, found.root.bytes, sizeof found.root.bytes)) {
        return STATUS_MALFORMED;
    }
    *out = found;
    return STATUS_OK;
}
