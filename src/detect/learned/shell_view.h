/* Shell text as the model sees it: what differs without meaning is made alike.
 *
 * Upper case becomes lower, a run of digits one 0, a run of space or controls one space, both
 * kinds of quotes one; space at the ends of a line goes.  Lines stay lines, and commands that
 * follow one another on a line (";", "&&", "||") get lines of their own: what ordinary work
 * stands beside a command must not hide it.  The first line of a script, where it names the
 * interpreter, is left out: it is no command, and much like starting a shell.  Detection and
 * training both come through here, and nowhere else.
 *
 * Input:  untrusted; any bytes.
 * Output: at most twice as many bytes as the input; each knows where in the input it stood. */
#pragma once

#include "base/arena.h"

struct shell_view {
    uint8_t *text;
    uint32_t *offsets; /* of each byte of `text` in the input; NULL where nobody asked */
    size_t size;
    size_t capacity;
    uint8_t folds[256]; /* what becomes of each byte */
};

/* For inputs of up to `capacity` bytes, which must be below 4 GB. */
enum status shell_view_new(struct arena *arena, size_t capacity, bool with_offsets,
                           struct shell_view *out) MUST_USE;
/* Replaces what the view held; input beyond its capacity is left out. */
void shell_view_fill(struct shell_view *view, struct bytes input);
struct bytes shell_view_text(const struct shell_view *view);
