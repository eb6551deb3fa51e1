#include "parse/script/input.h"

#include "base/number.h"

#include <stdalign.h>
#include <string.h>

#define RUN_SIZE 1024U       /* a run of lines is given when it has this many bytes ... */
#define BINARY_SIZE_MIN 512U /* fewer bytes say nothing about what they are */
#define RUN_SIZE_MAX 4096U   /* ... and is cut here where a line does not end */

void parser_fail(struct shell_parser *parser, enum status status)
{
    if (parser->status == STATUS_OK) {
        parser->status = status;
    }
    parser->input->at = parser->input->block.size;
}

void parser_anomaly(struct shell_parser *parser, const char *what)
{
    struct place place = place_bytes(parser->parse->member, input_offset(parser), 0);
    coverage_anomaly(parser->parse->coverage, what,
                     parser->carrier != NULL ? parser->carrier->place : place);
}

void parser_limit(struct shell_parser *parser, const char *what)
{
    parser_anomaly(parser, what);
    parser->left_out = true;
}

void parser_say_limits(const struct shell_parser *parser, struct coverage *coverage)
{
    if (parser->left_out && coverage->examined == EXAMINED_WHOLE) {
        coverage->examined = EXAMINED_PARTLY;
        coverage->why = "parts of the commands are longer or deeper than are read";
    }
}

/* ---- runs of lines for the model ---- */

static void give_run(struct shell_parser *parser)
{
    if (parser->run_size == 0 || parser->status != STATUS_OK) {
        return;
    }
    struct shell_text text = {
        .text = {parser->run, parser->run_size},
        .offset = parser->run_offset,
        .line = parser->run_line,
    };
    struct record record = {
        .kind = RECORD_SHELL_TEXT,
        .place = place_bytes(parser->parse->member, text.offset, text.text.size),
        .source = text.text,
        .origin = SHELL_SCRIPT,
        .shell_text = &text,
    };
    enum status status = parse_give(parser->parse, &record);
    if (status != STATUS_OK) {
        parser_fail(parser, status);
    }
    parser->run_offset += parser->run_size;
    parser->run_line = parser->run_next_line;
    parser->run_size = 0;
}

static void add_to_runs(struct shell_parser *parser, struct bytes bytes, uint64_t offset)
{
    if (parser->run_size == 0) {
        parser->run_offset = offset;
    }
    while (bytes.size > 0) {
        size_t line = number_least(bytes_find_byte(bytes, '\n') + 1, bytes.size);
        size_t size = number_least(line, RUN_SIZE_MAX - parser->run_size);
        memcpy(parser->run + parser->run_size, bytes.data, size);
        parser->run_size += size;
        bool ends = bytes.data[size - 1] == '\n';
        parser->run_next_line += ends;
        if ((ends && parser->run_size >= RUN_SIZE) || parser->run_size == RUN_SIZE_MAX) {
            give_run(parser);
        }
        bytes = bytes_from(bytes, size);
    }
}

void input_finish(struct shell_parser *parser)
{
    give_run(parser);
}

/* ---- blocks ---- */

/* Programs are appended to scripts that unpack them: a NUL, and much that is no text. */
static bool is_binary(struct bytes block)
{
    if (block.size < BINARY_SIZE_MIN || bytes_find_byte(block, 0) == block.size) {
        return false;
    }
    size_t odd = 0;
    for (size_t i = 0; i < block.size; i++) {
        uint8_t c = block.data[i];
        odd += c >= 0x7f || (c < 0x20 && c != '\t' && c != '\n' && c != '\r');
    }
    return odd > block.size / 8;
}

/* Blocks have the same ends whatever the windows of the stream are: nothing that is given
 * depends on those. */
static struct bytes load_block(struct shell_parser *parser, struct stream *stream)
{
    size_t size = 0;
    while (size < SHELL_BLOCK_SIZE) {
        struct bytes view = stream_peek(stream, 1);
        if (view.size == 0) {
            break;
        }
        size_t part = number_least(view.size, SHELL_BLOCK_SIZE - size);
        memcpy(parser->block + size, view.data, part);
        stream_take(stream, part);
        size += part;
    }
    return (struct bytes){parser->block, size};
}

static void count_lines(struct shell_input *input)
{
    struct bytes passed = bytes_part(input->block, input->counted, input->at - input->counted);
    while (passed.size > 0) {
        size_t newline = bytes_find_byte(passed, '\n');
        input->line += newline < passed.size;
        passed = bytes_from(passed, newline + 1);
    }
    input->counted = input->at;
}

int input_more(struct shell_parser *parser)
{
    struct shell_input *input = parser->input;
    if (input->stream == NULL || parser->status != STATUS_OK) {
        return SHELL_END;
    }
    input_capture(parser);
    for (;;) {
        input->at = input->block.size;
        count_lines(input);
        input->offset += input->block.size;
        input->block = load_block(parser, input->stream);
        input->at = 0;
        input->captured = 0;
        input->counted = 0;
        if (!budget_spend(parser->parse->budget, input->block.size)) {
            parser_fail(parser, STATUS_LIMIT);
            return SHELL_END;
        }
        if (!is_binary(input->block)) {
            break;
        }
        parser_anomaly(parser, "binary data stands in the script; it was passed over");
        parser->passed_over = true;
        parser->run_next_line += 1;
        give_run(parser);
    }
    add_to_runs(parser, input->block, input->offset);
    return input->block.size > 0 && parser->status == STATUS_OK ? input->block.data[0]
                                                                : SHELL_END;
}

uint64_t input_offset(const struct shell_parser *parser)
{
    const struct shell_input *input = parser->input;
    return input->is_opaque ? input->offset : input->offset + input->at;
}

uint64_t input_line(struct shell_parser *parser)
{
    if (!parser->input->is_opaque) {
        count_lines(parser->input);
    }
    return parser->input->line;
}

/* ---- what was read, as written ---- */

void input_capture(struct shell_parser *parser)
{
    struct shell_input *input = parser->input;
    if (input->stream != NULL && parser->frame != NULL) {
        struct bytes read =
            bytes_part(input->block, input->captured, input->at - input->captured);
        size_t room = parser->frame->source_limit - parser->source_used;
        size_t size = number_least(read.size, room);
        if (size > 0) {
            memcpy(parser->source + parser->source_used, read.data, size);
            parser->source_used += size;
        }
    }
    input->captured = input->at;
}

size_t input_mark(struct shell_parser *parser)
{
    if (parser->input->stream == NULL) {
        return parser->input->at;
    }
    input_capture(parser);
    return parser->source_used;
}

struct bytes input_since(struct shell_parser *parser, size_t mark)
{
    const struct shell_input *input = parser->input;
    if (input->stream == NULL) {
        return bytes_part(input->block, mark, input->at - mark);
    }
    input_capture(parser);
    struct bytes all = {parser->source, parser->source_used};
    return bytes_from(all, mark);
}

/* ---- memory ---- */

void *region_take(struct shell_parser *parser, size_t count, size_t size)
{
    size_t step = alignof(max_align_t);
    size_t need = (count * size + step - 1) / step * step;
    if (need > SHELL_REGION_SIZE - parser->region_used) {
        parser_limit(parser, "a command is too large; parts of it were left out");
        return NULL;
    }
    void *memory = &parser->region[parser->region_used];
    parser->region_used += need;
    return memory;
}

void region_leave(struct shell_parser *parser, size_t used)
{
    const struct shell_input *input = parser->input;
    if (input->here_count == 0 && input->waiting_first == NULL) {
        parser->region_used = used;
    }
}

struct bytes region_copy(struct shell_parser *parser, struct bytes bytes)
{
    if (bytes.size == 0) {
        return BYTES_NONE;
    }
    uint8_t *copy = region_take(parser, bytes.size, 1);
    if (copy == NULL) {
        return BYTES_NONE;
    }
    memcpy(copy, bytes.data, bytes.size);
    return (struct bytes){copy, bytes.size};
}

enum status parser_init(struct shell_parser *parser, struct arena *arena)
{
    *parser = (struct shell_parser){
        .region = arena_take(arena, SHELL_REGION_SIZE),
        .scratch = arena_take(arena, SHELL_SCRATCH_SIZE),
        .source = arena_take(arena, SHELL_SOURCE_SIZE_MAX * (SHELL_NESTING_MAX + 2)),
        .words = arena_take_many(arena, SHELL_WORDS_OPEN_MAX, sizeof *parser->words),
        .commands = arena_take_many(arena, SHELL_COMMANDS_OPEN_MAX, sizeof *parser->commands),
        .redirects =
            arena_take_many(arena, SHELL_REDIRECTS_OPEN_MAX, sizeof *parser->redirects),
        .block = arena_take(arena, SHELL_BLOCK_SIZE),
        .run = arena_take(arena, RUN_SIZE_MAX),
        .run_line = 1,
        .run_next_line = 1,
    };
    bool whole = parser->region != NULL && parser->scratch != NULL && parser->source != NULL &&
                 parser->words != NULL && parser->commands != NULL &&
                 parser->redirects != NULL && parser->block != NULL && parser->run != NULL;
    return whole ? STATUS_OK : STATUS_NO_MEMORY;
}
