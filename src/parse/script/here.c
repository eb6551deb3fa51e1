#include "parse/script/syntax.h"

#include "base/number.h"

#include <string.h>

/* A line of a body: the part that can tell whether it is the delimiter, and all of its size. */
struct here_line {
    uint8_t start[SHELL_DELIMITER_SIZE_MAX + 1];
    size_t start_size;
    uint64_t size;
    bool was_cut;
};

static void add_to_line(struct here_line *line, struct bytes part)
{
    size_t size = number_least(part.size, sizeof line->start - line->start_size);
    if (size > 0) {
        memcpy(&line->start[line->start_size], part.data, size);
        line->start_size += size;
    }
    line->size += part.size;
}

/* Takes a line, its newline included; what there is room for goes to the end of scratch.
 * False where nothing is left. */
static bool read_line(struct shell_parser *parser, bool strips_tabs, size_t limit,
                      struct here_line *line)
{
    line->start_size = 0;
    line->size = 0;
    line->was_cut = false;
    bool any = false;
    for (int c; (c = input_peek(parser)) != SHELL_END;) {
        struct shell_input *input = parser->input;
        any = true;
        if (strips_tabs && line->size == 0 && c == '\t') {
            input_take(parser);
            continue;
        }
        struct bytes left = bytes_from(input->block, input->at);
        size_t size = bytes_find_byte(left, '\n');
        bool ends = size < left.size;
        struct bytes part = bytes_part(left, 0, size);
        add_to_line(line, part);
        struct bytes kept = bytes_part(left, 0, size + ends);
        size_t room = limit - number_least(limit, parser->scratch_used);
        size_t copied = number_least(kept.size, room);
        line->was_cut |= copied < kept.size;
        memcpy(&parser->scratch[parser->scratch_used], kept.data, copied);
        parser->scratch_used += copied;
        input->at += kept.size;
        if (ends) {
            break;
        }
    }
    return any;
}

static bool is_delimiter(const struct here *here, const struct here_line *line)
{
    struct bytes start = {line->start, line->start_size};
    if (start.size > 0 && start.data[start.size - 1] == '\r') {
        start.size--; /* a script with line ends of another system */
    }
    return line->size <= SHELL_DELIMITER_SIZE_MAX && bytes_equal(start, here->delimiter);
}

static void read_body(struct shell_parser *parser, struct here *here)
{
    size_t start = parser->scratch_used;
    size_t limit = number_least(start + SHELL_HERE_SIZE_MAX, SHELL_SCRATCH_SIZE);
    uint64_t offset = input_offset(parser);
    uint64_t end = offset;
    struct here_line line;
    bool was_cut = false;
    for (;;) {
        size_t line_start = parser->scratch_used;
        if (!read_line(parser, here->strips_tabs, limit, &line)) {
            parser_anomaly(parser, "a here-document is not closed");
            break;
        }
        if (is_delimiter(here, &line)) {
            parser->scratch_used = line_start;
            break;
        }
        was_cut |= line.was_cut;
        end = input_offset(parser);
    }
    if (was_cut) {
        parser_limit(parser, "a here-document is too long; its end was left out");
    }
    here->body = (struct shell_word){
        .text = region_copy(
            parser, (struct bytes){&parser->scratch[start], parser->scratch_used - start}),
        .offset = offset,
        .size = parser->input->is_opaque ? parser->input->holder_size
                                         : (uint32_t)number_least(end - offset, UINT32_MAX),
        .is_quoted = here->is_literal,
    };
    parser->scratch_used = start;
    if (here->owner != NULL) {
        here->owner->target = here->body;
    }
}

/* The line a body begins on, once it was read. */
static uint64_t line_of_body(struct shell_parser *parser, const struct here *here)
{
    uint64_t line = input_line(parser);
    return line - number_least(line - 1, bytes_count(here->body.text, '\n') + 1);
}

/* The outer shell runs the substitutions of a body whose delimiter is not quoted. */
static void read_expansions(struct shell_parser *parser, const struct here *here)
{
    if (here->is_literal || (bytes_find_byte(here->body.text, '$') == here->body.text.size &&
                             bytes_find_byte(here->body.text, '`') == here->body.text.size)) {
        return;
    }
    struct frame holder = {
        .pipeline = {.number = here->number, .command_count = here->command}};
    struct frame *outer = parser->frame;
    struct shell_input *input = parser->input;
    struct shell_input inner =
        nested_input(parser, here->body.text, &here->body, line_of_body(parser, here));
    parser->frame = &holder;
    parser->input = &inner;
    word_read_expansions(parser);
    parser->input = input;
    parser->frame = outer;
}

void here_read_all(struct shell_parser *parser)
{
    struct shell_input *input = parser->input;
    /* Bodies come before anything else of this input: nobody adds to the list meanwhile. */
    size_t count = input->here_count;
    for (size_t i = 0; i < count; i++) {
        read_body(parser, input->heres[i]);
        if (grammar_enter(parser)) {
            read_expansions(parser, input->heres[i]);
            grammar_leave(parser);
        }
    }
    input->here_count = 0;
    give_waiting(parser);
}
