#include "parse/net/stream/sequence.h"

int32_t sequence_ahead(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b);
}

void sequence_begin(struct sequence *sequence, uint32_t first)
{
    *sequence = (struct sequence){.first = first, .high = first, .is_known = true};
}

static void remove_hole(struct sequence *sequence, uint8_t index)
{
    sequence->hole_count--;
    for (uint8_t i = index; i < sequence->hole_count; i++) {
        sequence->holes[i] = sequence->holes[i + 1];
    }
}

static void add_hole(struct sequence *sequence, uint32_t from, uint32_t to)
{
    if (sequence->hole_count == SEQUENCE_HOLES_MAX) {
        remove_hole(sequence, 0);
    }
    sequence->holes[sequence->hole_count++] = (struct sequence_hole){from, to};
}

/* How much of from..to lies in holes; those parts are holes no longer. */
static uint32_t fill_holes(struct sequence *sequence, uint32_t from, uint32_t to)
{
    uint32_t filled = 0;
    for (uint8_t i = sequence->hole_count; i > 0; i--) {
        struct sequence_hole *hole = &sequence->holes[i - 1];
        struct sequence_hole was = *hole;
        uint32_t begin = sequence_ahead(from, was.from) > 0 ? from : was.from;
        uint32_t end = sequence_ahead(to, was.to) < 0 ? to : was.to;
        if (sequence_ahead(end, begin) <= 0) {
            continue;
        }
        filled += end - begin;
        if (begin == was.from && end == was.to) {
            remove_hole(sequence, (uint8_t)(i - 1));
        } else if (begin == was.from) {
            hole->from = end;
        } else {
            hole->to = begin;
            if (end != was.to) {
                add_hole(sequence, end, was.to);
            }
        }
    }
    return filled;
}

uint32_t sequence_take(struct sequence *sequence, uint32_t from, uint32_t size)
{
    if (!sequence->is_known) {
        sequence_begin(sequence, from);
    }
    uint32_t end = from + size;
    int32_t ahead = sequence_ahead(from, sequence->high);
    if (ahead >= 0) {
        if (ahead > 0 && size > 0) {
            add_hole(sequence, sequence->high, from);
        }
        if (size > 0) {
            sequence->high = end;
        }
        return size;
    }
    if (sequence_ahead(end, sequence->high) <= 0) {
        return fill_holes(sequence, from, end);
    }
    uint32_t fresh = end - sequence->high;
    fresh += fill_holes(sequence, from, sequence->high);
    sequence->high = end;
    return fresh;
}
