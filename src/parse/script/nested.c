#include "parse/script/syntax.h"

#include "base/number.h"
#include "record/shell.h"

#include <string.h>

/* A word is literal where its bytes stand in the source as they are: one pair of quotes round
 * it, or none. */
static bool is_literal(const struct shell_word *word, size_t *lead)
{
    *lead = word->is_quoted ? 1 : 0;
    return word->size == word->text.size + 2 * *lead;
}

struct shell_input nested_input(struct shell_parser *parser, struct bytes text,
                                const struct shell_word *word, uint64_t line)
{
    const struct shell_input *outer = parser->input;
    size_t lead = 0;
    /* A body of a here-document is marked quoted too, but has no quotes round it. */
    bool is_body = word->is_quoted && word->size == text.size;
    struct shell_word whole = *word;
    whole.text = text;
    bool literal = !outer->is_opaque && (is_body || is_literal(&whole, &lead));
    return (struct shell_input){
        .block = text,
        .offset = word->offset + (literal && !is_body ? lead : 0),
        .line = line,
        .is_opaque = !literal,
        .holder_size = outer->is_opaque ? outer->holder_size : word->size,
        .is_expanded = word->has_substitution,
    };
}

void nested_read_text(struct shell_parser *parser, struct bytes text,
                      const struct shell_word *word, uint64_t line, const struct scope *scope)
{
    if (text.size == 0 || !grammar_enter(parser)) {
        return;
    }
    if (!budget_spend(parser->parse->budget, text.size)) {
        parser_fail(parser, STATUS_LIMIT);
        return;
    }
    struct shell_input *outer = parser->input;
    struct scope outer_scope = parser->scope;
    enum closer outer_closer = parser->closer;
    uint64_t outer_end = parser->token_end;
    struct shell_input inner = nested_input(parser, text, word, line);
    parser->input = &inner;
    parser->scope = *scope;
    parser->closer = CLOSER_NONE;
    grammar_read_list(parser);
    if (inner.here_count > 0 || inner.waiting_first != NULL) {
        here_read_all(parser);
    }
    parser->input = outer;
    parser->scope = outer_scope;
    parser->closer = outer_closer;
    parser->token_end = outer_end;
    grammar_leave(parser);
}

/* ---- which text a command hands to an interpreter ---- */

struct hand {
    struct shell_parser *parser;
    const struct shell_pipeline *pipeline;
    size_t command;
};

static uint64_t line_of(const struct hand *hand, const struct shell_word *word)
{
    const struct shell_pipeline *pipeline = hand->pipeline;
    if (hand->parser->input->is_opaque || word->offset < pipeline->offset) {
        return pipeline->line;
    }
    struct bytes before = bytes_part(pipeline->source, 0, word->offset - pipeline->offset);
    return pipeline->line + bytes_count(before, '\n');
}

static void hand_over(const struct hand *hand, const struct shell_word *word)
{
    if (hand->pipeline->depth >= SHELL_DEPTH_MAX) {
        parser_limit(hand->parser, "commands are nested too deep; the innermost were left out");
        return;
    }
    struct scope scope = {
        .parent = hand->pipeline->number,
        .parent_command = (uint32_t)hand->command,
        .relation = SHELL_NESTED,
        .depth = hand->pipeline->depth + 1,
        .loops = hand->pipeline->loops,
    };
    nested_read_text(hand->parser, word->text, word, line_of(hand, word), &scope);
}

/* Words from `first`, joined by blanks, as eval joins them. */
static void hand_over_joined(const struct hand *hand, const struct shell_command *command,
                             size_t first)
{
    if (first >= command->word_count) {
        return;
    }
    if (first + 1 == command->word_count) {
        hand_over(hand, &command->words[first]);
        return;
    }
    struct shell_parser *parser = hand->parser;
    const struct shell_word *last = &command->words[command->word_count - 1];
    struct shell_word joined = {.offset = command->words[first].offset};
    uint64_t end = last->offset + last->size;
    joined.size = (uint32_t)number_least(end - number_least(end, joined.offset), UINT32_MAX);
    size_t size = 0;
    for (size_t i = first; i < command->word_count; i++) {
        size += command->words[i].text.size + 1;
        joined.has_substitution |= command->words[i].has_substitution;
    }
    uint8_t *text = region_take(parser, size, 1);
    if (text == NULL) {
        return;
    }
    size_t at = 0;
    for (size_t i = first; i < command->word_count; i++) {
        struct bytes part = command->words[i].text;
        if (part.size > 0) {
            memcpy(&text[at], part.data, part.size);
        }
        at += part.size;
        text[at++] = ' ';
    }
    joined.text = (struct bytes){text, size - 1};
    /* Quotes are gone: the bytes stand in the source at other places. */
    joined.is_quoted = joined.size == joined.text.size;
    hand_over(hand, &joined);
}

/* The string after -c (also joined with other letters, as in -lc); NULL where there is none.
 * `*operand` is the first word that is no option. */
static const struct shell_word *find_string(const struct shell_command *command, size_t at,
                                            size_t *operand)
{
    bool wanted = false;
    for (size_t i = at + 1; i < command->word_count; i++) {
        struct bytes word = command->words[i].text;
        if (word.size > 1 && (word.data[0] == '-' || word.data[0] == '+')) {
            wanted |= shell_has_letter(word, 'c') || bytes_equal_text(word, "--command");
            if (bytes_starts(word, "--command=")) {
                *operand = i;
                return &command->words[i];
            }
            continue;
        }
        *operand = i;
        return wanted ? &command->words[i] : NULL;
    }
    *operand = command->word_count;
    return NULL;
}

/* su and its like: the string follows -c wherever that stands. */
static const struct shell_word *find_after_letter(const struct shell_command *command,
                                                  size_t at)
{
    for (size_t i = at + 1; i + 1 < command->word_count; i++) {
        struct bytes word = command->words[i].text;
        if (shell_has_letter(word, 'c') || bytes_equal_text(word, "--command")) {
            return &command->words[i + 1];
        }
    }
    return NULL;
}

/* What the command before the pipe prints, where that can be seen. */
static void hand_over_printed(const struct hand *hand, const struct shell_command *printer)
{
    if (printer->is_compound || printer->word_count == 0) {
        return;
    }
    struct bytes name = shell_base_name(printer->words[0].text);
    if (bytes_equal_text(name, "cat") && printer->word_count == 1) {
        for (size_t i = 0; i < printer->redirect_count; i++) {
            if (printer->redirects[i].kind == REDIRECT_HERE) {
                hand_over(hand, &printer->redirects[i].target);
            }
        }
    }
    if (bytes_equal_text(name, "echo") || bytes_equal_text(name, "printf")) {
        size_t first = 1;
        while (first < printer->word_count && printer->words[first].text.size > 1 &&
               printer->words[first].text.data[0] == '-') {
            first++;
        }
        hand_over_joined(hand, printer, first);
    }
}

static void read_shell(const struct hand *hand, const struct shell_command *command, size_t at)
{
    size_t operand = 0;
    const struct shell_word *string = find_string(command, at, &operand);
    if (string != NULL) {
        hand_over(hand, string);
        return;
    }
    bool reads_input =
        operand == command->word_count || bytes_equal_text(command->words[operand].text, "-") ||
        (at + 1 < command->word_count && shell_has_letter(command->words[at + 1].text, 's'));
    if (!reads_input) {
        return;
    }
    for (size_t i = 0; i < command->redirect_count; i++) {
        if (command->redirects[i].kind == REDIRECT_HERE) {
            hand_over(hand, &command->redirects[i].target);
        }
    }
    if (hand->command > 0) {
        hand_over_printed(hand, &hand->pipeline->commands[hand->command - 1]);
    }
}

enum manner {
    TAKES_WORDS,  /* all of its words, joined */
    TAKES_FIRST,  /* its first word, where others follow */
    TAKES_LETTER, /* what follows -c, wherever that stands */
    TAKES_SPLIT,  /* what follows -S */
};

struct taker {
    struct bytes name;
    enum manner manner;
};

/* Programs other than shells that run text they are handed.
 * rows: one deleted at a time by make prove */
static const struct taker takers[] = {
    {BYTES_LITERAL("eval"), TAKES_WORDS},   {BYTES_LITERAL("trap"), TAKES_FIRST},
    {BYTES_LITERAL("su"), TAKES_LETTER},    {BYTES_LITERAL("runuser"), TAKES_LETTER},
    {BYTES_LITERAL("flock"), TAKES_LETTER}, {BYTES_LITERAL("script"), TAKES_LETTER},
    {BYTES_LITERAL("env"), TAKES_SPLIT},
};

static void read_program(const struct hand *hand, const struct shell_command *command,
                         size_t at)
{
    struct bytes name = shell_base_name(command->words[at].text);
    if (shell_is_shell(name)) {
        read_shell(hand, command, at);
        return;
    }
    const struct taker *taker = NULL;
    for (size_t i = 0; i < sizeof takers / sizeof *takers && taker == NULL; i++) {
        taker = bytes_equal(name, takers[i].name) ? &takers[i] : NULL;
    }
    const struct shell_word *string = NULL;
    bool has_two = at + 2 < command->word_count;
    if (taker == NULL) {
        return;
    }
    switch (taker->manner) {
    case TAKES_WORDS:
        hand_over_joined(hand, command, at + 1);
        break;
    case TAKES_FIRST:
        string = has_two ? &command->words[at + 1] : NULL;
        break;
    case TAKES_LETTER:
        string = find_after_letter(command, at);
        break;
    case TAKES_SPLIT:
        string = has_two && shell_has_letter(command->words[at + 1].text, 'S')
                     ? &command->words[at + 2]
                     : NULL;
        break;
    }
    if (string != NULL) {
        hand_over(hand, string);
    }
}

void nested_read(struct shell_parser *parser, const struct shell_pipeline *pipeline)
{
    size_t region = parser->region_used;
    for (size_t i = 0; i < pipeline->command_count; i++) {
        const struct shell_command *command = &pipeline->commands[i];
        struct hand hand = {parser, pipeline, i};
        size_t at = 0;
        bool has_program = command->word_count > 0 && !command->is_compound;
        while (has_program) {
            read_program(&hand, command, at);
            has_program = shell_next_program(command, at, &at);
        }
    }
    region_leave(parser, region);
}
