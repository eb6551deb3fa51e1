#include "parse/script/syntax.h"

bool give_is_empty(const struct shell_pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->command_count; i++) {
        const struct shell_command *command = &pipeline->commands[i];
        if (command->word_count + command->redirect_count + command->assignment_count > 0) {
            return false;
        }
    }
    return true;
}

static void give(struct shell_parser *parser, const struct shell_pipeline *pipeline,
                 uint64_t size)
{
    if (parser->status != STATUS_OK || parser->muted > 0 || give_is_empty(pipeline)) {
        return;
    }
    nested_read(parser, pipeline);
    if (parser->status != STATUS_OK) {
        return;
    }
    struct parse *parse = parser->parse;
    struct record record = {
        .kind = RECORD_PIPELINE,
        .place = place_bytes(parse->member, pipeline->offset, size),
        .source = pipeline->source,
        .pipeline = pipeline,
        .at = parser->at,
    };
    if (parser->carrier != NULL) {
        record.place = parser->carrier->place;
        record.source = parser->carrier->source;
        record.origin = parser->carrier->origin;
        record.event = parser->carrier->event;
    }
    enum status status = parse_give(parse, &record);
    if (status != STATUS_OK) {
        parser_fail(parser, status);
    }
    parser->given++;
}

void give_pipeline(struct shell_parser *parser, struct shell_pipeline *pipeline, uint64_t size)
{
    struct shell_input *input = parser->input;
    if (input->here_count == 0) {
        give(parser, pipeline, size);
        return;
    }
    struct waiting *waiting = region_take(parser, 1, sizeof *waiting);
    struct shell_pipeline *kept = region_take(parser, 1, sizeof *kept);
    if (waiting == NULL || kept == NULL) {
        give(parser, pipeline, size); /* without its here-documents, rather than not at all */
        return;
    }
    *kept = *pipeline;
    kept->source = region_copy(parser, pipeline->source);
    *waiting = (struct waiting){.pipeline = kept, .size = size};
    if (input->waiting_last == NULL) {
        input->waiting_first = waiting;
    } else {
        input->waiting_last->next = waiting;
    }
    input->waiting_last = waiting;
}

void give_waiting(struct shell_parser *parser)
{
    struct shell_input *input = parser->input;
    struct waiting *waiting = input->waiting_first;
    input->waiting_first = NULL;
    input->waiting_last = NULL;
    for (; waiting != NULL; waiting = waiting->next) {
        give(parser, waiting->pipeline, waiting->size);
    }
}
