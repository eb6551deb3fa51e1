#include "detect/learned/shell_view.h"

/* What becomes of a byte.  Digits become 0 and space and controls a space, and runs of these
 * two are kept once. */
static uint8_t fold(uint8_t byte)
{
    if (byte >= 'A' && byte <= 'Z') {
        return (uint8_t)(byte | 0x20);
    }
    if (byte >= '0' && byte <= '9') {
        return '0';
    }
    if ((byte <= ' ' && byte != '\n') || byte == 0x7f) {
        return ' ';
    }
    return byte == '\'' ? '"' : byte;
}

enum status shell_view_new(struct arena *arena, size_t capacity, bool with_offsets,
                           struct shell_view *out)
{
    struct shell_view view = {.capacity = capacity};
    view.text = arena_take_many(arena, capacity + 1, 2);
    if (with_offsets) {
        view.offsets = arena_take_many(arena, capacity + 1, 2 * sizeof *view.offsets);
    }
    for (unsigned byte = 0; byte < sizeof view.folds; byte++) {
        view.folds[byte] = fold((uint8_t)byte);
    }
    if (view.text == NULL || (with_offsets && view.offsets == NULL)) {
        return STATUS_NO_MEMORY;
    }
    *out = view;
    return STATUS_OK;
}

static void put(struct shell_view *view, uint8_t byte, size_t offset)
{
    view->text[view->size] = byte;
    if (view->offsets != NULL) {
        view->offsets[view->size] = (uint32_t)offset;
    }
    view->size++;
}

/* A command ends here: ";", and the second byte of "&&" and "||". */
static bool ends_command(uint8_t byte, uint8_t last)
{
    return byte == ';' || ((byte == '&' || byte == '|') && byte == last);
}

void shell_view_fill(struct shell_view *view, struct bytes input)
{
    struct bytes seen = bytes_part(input, 0, view->capacity);
    size_t start = bytes_starts(seen, "#!") ? bytes_find_byte(seen, '\n') : 0;
    uint8_t last = '\n';
    view->size = 0;
    for (size_t i = start; i < seen.size; i++) {
        uint8_t byte = view->folds[seen.data[i]];
        bool is_run = byte == last && (byte == ' ' || byte == '0');
        if (is_run || (byte == ' ' && last == '\n')) {
            continue;
        }
        if (byte == '\n' && last == ' ') {
            view->size--; /* the space at the end of a line */
        }
        put(view, byte, i);
        if (ends_command(byte, last)) {
            put(view, '\n', i);
            byte = '\n';
        }
        last = byte;
    }
    view->size -= view->size > 0 && last == ' ';
}

struct bytes shell_view_text(const struct shell_view *view)
{
    return (struct bytes){view->text, view->size};
}
