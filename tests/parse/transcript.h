/* Writes the pipelines a reader gives as lines of text, for tests to compare.
 *
 *   number<parent.command relation> [word] [word] | [word] >[target]   (&: in the background)
 */
#pragma once

#include "base/text.h"
#include "parse/script/shell.h"

struct transcript {
    struct text pipelines;
    struct text lines; /* offset+size of each place, and the offsets of its words */
    struct text runs;
    uint64_t pipeline_count;
};

static inline void transcript_add_word(struct text *text, struct bytes word)
{
    text_add(text, "[");
    text_add_raw(text, word);
    text_add(text, "]");
}

static inline void transcript_add_command(struct text *text,
                                          const struct shell_command *command)
{
    static const char *const signs[] = {"<", ">", ">>", ">&", "<<", "<>"};
    for (size_t i = 0; i < command->assignment_count; i++) {
        text_add(text, " =");
        transcript_add_word(text, command->assignments[i].text);
    }
    for (size_t i = 0; i < command->word_count; i++) {
        text_add(text, " ");
        transcript_add_word(text, command->words[i].text);
    }
    for (size_t i = 0; i < command->redirect_count; i++) {
        text_add(text, " ");
        if (command->redirects[i].descriptor >= 0) {
            text_addf(text, "%d", command->redirects[i].descriptor);
        }
        text_add(text, signs[command->redirects[i].kind]);
        transcript_add_word(text, command->redirects[i].target.text);
    }
}

static inline enum status transcript_take(void *context, const struct record *record)
{
    struct transcript *transcript = context;
    if (record->kind == RECORD_SHELL_TEXT) {
        text_add_raw(&transcript->runs, record->shell_text->text);
        return STATUS_OK;
    }
    if (record->kind != RECORD_PIPELINE) {
        return STATUS_OK;
    }
    const struct shell_pipeline *pipeline = record->pipeline;
    struct text *text = &transcript->pipelines;
    transcript->pipeline_count++;
    text_addf(text, "%u", pipeline->number);
    if (pipeline->relation != SHELL_ALONE) {
        text_addf(text, "<%u.%u %c>", pipeline->parent, pipeline->parent_command,
                  "ACSPN"[pipeline->relation]);
    }
    for (size_t i = 0; i < pipeline->command_count; i++) {
        text_add(text, i > 0 ? " |" : "");
        transcript_add_command(text, &pipeline->commands[i]);
    }
    text_add(text, pipeline->is_background ? " &\n" : "\n");
    text_addf(&transcript->lines, "%lu+%lu line %lu loops %u\n",
              (unsigned long)record->place.first, (unsigned long)record->place.last,
              (unsigned long)pipeline->line, pipeline->loops);
    return STATUS_OK;
}
