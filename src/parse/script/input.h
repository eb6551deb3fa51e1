/* Takes bytes from the input in hand, and memory for what is kept of them.
 *
 * The next byte is asked for and then taken, one by one, or in runs of the block; SHELL_END
 * stands where nothing is left, also after a failure. */
#pragma once

#include "parse/script/parser.h"

/* All memory, from `arena`. */
enum status parser_init(struct shell_parser *parser, struct arena *arena) MUST_USE;
void parser_fail(struct shell_parser *parser, enum status status);
void parser_anomaly(struct shell_parser *parser, const char *what);
/* The same where a limit was met: what was left out was not examined. */
void parser_limit(struct shell_parser *parser, const char *what);
/* Says in coverage that something was left out, where it was. */
void parser_say_limits(const struct shell_parser *parser, struct coverage *coverage);
/* Fetches the next block; SHELL_END or its first byte. */
int input_more(struct shell_parser *parser);
/* Where the next byte stands in the evidence. */
uint64_t input_offset(const struct shell_parser *parser);
uint64_t input_line(struct shell_parser *parser);
/* A mark at the next byte, and what was read since it as written (cut where it is long). */
size_t input_mark(struct shell_parser *parser);
struct bytes input_since(struct shell_parser *parser, size_t mark);
void input_capture(struct shell_parser *parser);
/* Gives the last run of lines away. */
void input_finish(struct shell_parser *parser);
/* NULL, and an anomaly, where the region is full. */
void *region_take(struct shell_parser *parser, size_t count, size_t size);
struct bytes region_copy(struct shell_parser *parser, struct bytes bytes);
/* Gives back what was taken since `used`, which nobody keeps, unless a here-document that waits
 * for its body, or a pipeline that waits for it, may lie there. */
void region_leave(struct shell_parser *parser, size_t used);

static inline int input_peek(struct shell_parser *parser)
{
    const struct shell_input *input = parser->input;
    return input->at < input->block.size ? input->block.data[input->at] : input_more(parser);
}

/* Only after input_peek gave a byte. */
static inline void input_take(struct shell_parser *parser)
{
    parser->input->at++;
}

static inline bool input_accept(struct shell_parser *parser, int byte)
{
    if (input_peek(parser) != byte) {
        return false;
    }
    input_take(parser);
    return true;
}
