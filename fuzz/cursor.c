/* Claims of base/cursor.h: whatever is done in whatever order, what is taken lies inside the
 * input, the place never passes the end, and a failed cursor yields nothing more.
 *
 * Input: a program, two bytes an operation, then the bytes it is run on. */
#include "fuzz.h"

#include "base/cursor.h"

#define OPERATIONS_MAX 64

static void take_part(struct cursor *cursor, uint8_t argument)
{
    struct cursor part = cursor_part(cursor, argument);
    CLAIM(lies_inside(part.input, cursor->input));
    enum status before = cursor_status(cursor);
    cursor_skip(&part, (size_t)argument + 1);
    CLAIM(cursor_status(&part) != STATUS_OK);
    CLAIM(cursor_status(cursor) == before);
}

static void take_line(struct cursor *cursor)
{
    size_t before = cursor_offset(cursor);
    struct bytes line = BYTES_NONE;
    bool found = cursor_line(cursor, &line);
    CLAIM(lies_inside(line, cursor->input));
    CLAIM(bytes_find_byte(line, '\n') == line.size);
    CLAIM(found == (cursor_offset(cursor) > before));
}

static void take_count(struct cursor *cursor, uint8_t argument)
{
    size_t left = cursor_left(cursor);
    size_t count = cursor_count(cursor, argument, 7, 100);
    CLAIM(count <= 100 && count * 7 <= left);
}

/* The value a read gave, for the claim that a failed cursor gives none. */
static uint64_t run(struct cursor *cursor, uint8_t operation, uint8_t argument)
{
    struct bytes taken = BYTES_NONE;
    switch (operation % 16) {
    case 0:
        return cursor_u8(cursor);
    case 1:
        return cursor_u16be(cursor);
    case 2:
        return cursor_u24be(cursor);
    case 3:
        return cursor_u32be(cursor);
    case 4:
        return cursor_u64be(cursor);
    case 5:
        return cursor_u16le(cursor);
    case 6:
        return cursor_u32le(cursor);
    case 7:
        return cursor_u64le(cursor);
    case 8:
        taken = cursor_take(cursor, argument);
        break;
    case 9:
        cursor_skip(cursor, argument);
        break;
    case 10:
        cursor_seek(cursor, argument);
        break;
    case 11:
        take_part(cursor, argument);
        break;
    case 12:
        IGNORE(cursor_until(cursor, argument, &taken), "`taken` stays empty");
        break;
    case 13:
        take_line(cursor);
        break;
    case 14:
        take_count(cursor, argument);
        break;
    default:
        return cursor_peek(cursor) + (cursor_accept(cursor, "\r\n") ? 1U : 0U);
    }
    CLAIM(lies_inside(taken, cursor->input));
    return taken.size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    size_t count = size == 0 ? 0 : data[0] % OPERATIONS_MAX;
    struct bytes program = bytes_part(input, 1, count * 2);
    struct cursor cursor = cursor_of(bytes_from(input, 1 + program.size));
    for (size_t i = 0; i + 1 < program.size; i += 2) {
        bool had_failed = cursor_status(&cursor) != STATUS_OK;
        size_t before = cursor_offset(&cursor);
        uint64_t value = run(&cursor, program.data[i], program.data[i + 1]);
        CLAIM(cursor_offset(&cursor) <= cursor.input.size);
        CLAIM(cursor_left(&cursor) <= cursor.input.size - cursor_offset(&cursor));
        CLAIM(!had_failed || (value == 0 && cursor_offset(&cursor) == before));
        CLAIM(!had_failed || cursor_status(&cursor) != STATUS_OK);
    }
    return 0;
}
