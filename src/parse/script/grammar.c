#include "parse/script/syntax.h"

#include "base/number.h"

#include <string.h>

/* What ended a command. */
enum ending {
    ENDING_LIST, /* anything but what follows */
    ENDING_PIPE,
    ENDING_BACKGROUND,
};

/* Where the parts of the command being read begin in the stacks. */
struct draft {
    struct shell_command command;
    size_t word_base;
    size_t redirect_base;
    bool is_test; /* [[ ... ]]: signs are words */
};

bool grammar_enter(struct shell_parser *parser)
{
    if (parser->nesting >= SHELL_NESTING_MAX || parser->scope.depth > SHELL_DEPTH_MAX) {
        parser_limit(parser, "commands are nested too deep; the structure was lost");
        return false;
    }
    parser->nesting++;
    return true;
}

void grammar_leave(struct shell_parser *parser)
{
    parser->nesting--;
}

static void skip_comment(struct shell_parser *parser)
{
    while (input_peek(parser) != SHELL_END) {
        struct shell_input *input = parser->input;
        struct bytes left = bytes_from(input->block, input->at);
        size_t size = bytes_find_byte(left, '\n');
        input->at += size;
        if (size < left.size) {
            return;
        }
    }
}

void grammar_skip_blanks(struct shell_parser *parser)
{
    for (;;) {
        int c = input_peek(parser);
        if (c == '#') {
            skip_comment(parser);
            return;
        }
        if (c != ' ' && c != '\t' && c != '\r') {
            return;
        }
        input_take(parser);
    }
}

void grammar_take_newline(struct shell_parser *parser)
{
    input_take(parser);
    if (parser->input->here_count > 0) {
        here_read_all(parser);
    }
}

void grammar_read_inside(struct shell_parser *parser, enum shell_relation relation)
{
    if (parser->frame == NULL || !grammar_enter(parser)) {
        return;
    }
    struct scope outer = parser->scope;
    parser->scope = (struct scope){
        .parent = parser->frame->pipeline.number,
        .parent_command = (uint32_t)parser->frame->pipeline.command_count,
        .relation = relation,
        .depth = outer.depth + (relation != SHELL_COMPOUND),
        .loops = outer.loops,
        .open[CLOSER_PARENTHESIS] = 1,
    };
    bool is_known = parser->input->is_expanded && relation != SHELL_COMPOUND;
    parser->muted += is_known;
    grammar_read_list(parser);
    parser->muted -= is_known;
    if (parser->closer != CLOSER_PARENTHESIS) {
        parser_anomaly(parser, "a substitution is not closed");
    }
    parser->closer = CLOSER_NONE;
    parser->scope = outer;
    parser->token_end = input_offset(parser);
    grammar_leave(parser);
}

void grammar_add_word(struct shell_parser *parser, const struct shell_word *word)
{
    if (parser->word_count < SHELL_WORDS_OPEN_MAX &&
        parser->word_count - parser->word_base < COMMAND_WORDS_MAX) {
        parser->words[parser->word_count++] = *word;
    } else {
        parser->words_dropped++;
    }
}

/* ---- redirects ---- */

static struct here *add_here(struct shell_parser *parser, bool strips_tabs)
{
    struct shell_word word;
    size_t quote_at;
    grammar_skip_blanks(parser);
    word_read(parser, 0, &word, &quote_at);
    struct shell_input *input = parser->input;
    bool has_room = input->here_count < SHELL_HERES_MAX;
    struct here *here = has_room ? region_take(parser, 1, sizeof *here) : NULL;
    if (here == NULL) {
        parser_limit(parser, "too many here-documents begin on one line");
        return NULL;
    }
    *here = (struct here){
        .delimiter = bytes_part(word.text, 0, SHELL_DELIMITER_SIZE_MAX),
        .strips_tabs = strips_tabs,
        .is_literal = word.is_quoted,
        .number = parser->frame->pipeline.number,
        .command = parser->frame->pipeline.command_count,
    };
    input->heres[input->here_count++] = here;
    return here;
}

/* After "<" or ">": the rest of the operator. */
static enum redirect_kind read_operator(struct shell_parser *parser, int first, bool *is_here,
                                        bool *strips_tabs)
{
    if (first == '<') {
        if (input_accept(parser, '<')) {
            if (input_accept(parser, '<')) {
                return REDIRECT_HERE;
            }
            *is_here = true;
            *strips_tabs = input_accept(parser, '-');
            return REDIRECT_HERE;
        }
        if (input_accept(parser, '>')) {
            return REDIRECT_READ_WRITE;
        }
        return input_accept(parser, '&') ? REDIRECT_DUPLICATE : REDIRECT_READ;
    }
    if (input_accept(parser, '>')) {
        return REDIRECT_APPEND;
    }
    if (input_accept(parser, '&')) {
        return REDIRECT_DUPLICATE;
    }
    input_accept(parser, '|');
    return REDIRECT_WRITE;
}

/* `>& file` writes both outputs; only a number or "-" names a descriptor. */
static bool names_descriptor(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if ((c < '0' || c > '9') && c != '-') {
            return false;
        }
    }
    return text.size > 0;
}

/* After "<" or ">", which is no process substitution. */
static void read_redirect(struct shell_parser *parser, struct draft *draft, int first,
                          int descriptor)
{
    bool is_here = false;
    bool strips_tabs = false;
    struct open_redirect open = {.redirect = {.descriptor = descriptor}};
    size_t region = parser->region_used;
    open.redirect.kind = read_operator(parser, first, &is_here, &strips_tabs);
    if (is_here) {
        open.here = add_here(parser, strips_tabs);
    } else {
        size_t quote_at;
        grammar_skip_blanks(parser);
        int lead = 0;
        int c = input_peek(parser);
        if (c == '<' || c == '>') {
            input_take(parser);
            lead = input_peek(parser) == '(' ? c : 0;
        }
        word_read(parser, lead, &open.redirect.target, &quote_at);
        if (open.redirect.kind == REDIRECT_DUPLICATE && first == '>' &&
            !names_descriptor(open.redirect.target.text) &&
            !open.redirect.target.has_expansion) {
            open.redirect.kind = REDIRECT_WRITE;
        }
    }
    if (parser->redirect_count < SHELL_REDIRECTS_OPEN_MAX &&
        parser->redirect_count - draft->redirect_base < COMMAND_REDIRECTS_MAX) {
        parser->redirects[parser->redirect_count++] = open;
    } else {
        parser_limit(parser, "a command has too many redirects; some were left out");
        region_leave(parser, region);
    }
}

/* ---- commands ---- */

/* A word of digits right before "<" or ">" is the descriptor it redirects. */
static int descriptor_of(const struct shell_word *word)
{
    uint64_t value = 0;
    if (word->is_quoted || word->text.size > 3 ||
        number_decimal_max(word->text, 255, &value) != STATUS_OK) {
        return -1;
    }
    return (int)value;
}

static bool is_assignment(const struct shell_word *word, size_t quote_at)
{
    struct bytes text = word->text;
    for (size_t i = 0; i < text.size && i < quote_at; i++) {
        uint8_t c = text.data[i];
        bool letter = ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
        if (c == '=' || c == '+' || c == '[') {
            size_t equals = bytes_find_byte(text, '=');
            return i > 0 && equals < text.size && equals < quote_at;
        }
        if (!letter && (i == 0 || c < '0' || c > '9')) {
            return false;
        }
    }
    return false;
}

/* False where there is no room for it. */
static bool add_assignment(struct shell_parser *parser, struct draft *draft,
                           const struct shell_word *word)
{
    struct shell_command *command = &draft->command;
    if (command->assignments == NULL) {
        command->assignments =
            region_take(parser, SHELL_ASSIGNMENTS_MAX, sizeof *command->assignments);
    }
    if (command->assignments != NULL && command->assignment_count < SHELL_ASSIGNMENTS_MAX) {
        command->assignments[command->assignment_count++] = *word;
        return true;
    }
    parser_limit(parser, "a command has too many assignments; some were left out");
    return false;
}

static bool is_first(const struct shell_parser *parser, const struct draft *draft)
{
    return parser->word_count == draft->word_base && draft->command.assignment_count == 0 &&
           parser->redirect_count == draft->redirect_base && !draft->command.is_compound;
}

/* A reserved word in its place: true where it was one, and was dealt with. */
static bool read_reserved(struct shell_parser *parser, struct draft *draft,
                          const struct shell_word *word)
{
    enum closer closer = CLOSER_NONE;
    enum reserved reserved = compound_reserved(word->text, &closer);
    if (reserved == RESERVED_NONE) {
        return false;
    }
    if (reserved == RESERVED_CLOSER) {
        if (parser->scope.open[closer] > 0) {
            parser->closer = closer;
        }
        return true;
    }
    if (reserved == RESERVED_SKIP) {
        return true;
    }
    grammar_add_word(parser, word);
    if (reserved == RESERVED_TEST) {
        draft->is_test = true;
        return true;
    }
    draft->command.is_compound = true;
    compound_read(parser, reserved);
    return true;
}

/* A word, a descriptor, an assignment, or what a reserved word begins. */
static void read_word(struct shell_parser *parser, struct draft *draft)
{
    struct shell_word word;
    size_t quote_at;
    size_t region = parser->region_used;
    word_read(parser, 0, &word, &quote_at);
    int c = input_peek(parser);
    if ((c == '<' || c == '>') && descriptor_of(&word) >= 0) {
        input_take(parser);
        if (input_peek(parser) != '(') {
            read_redirect(parser, draft, c, descriptor_of(&word));
            return;
        }
        word_read(parser, c, &word, &quote_at);
    }
    if (is_first(parser, draft) && !word.is_quoted && read_reserved(parser, draft, &word)) {
        return;
    }
    if (parser->word_count == draft->word_base && is_assignment(&word, quote_at)) {
        if (!add_assignment(parser, draft, &word)) {
            region_leave(parser, region);
        }
    } else if (word.text.size > 0 || word.is_quoted) {
        grammar_add_word(parser, &word);
        if (parser->words_dropped > 0) {
            region_leave(parser, region);
        }
    }
    if (draft->is_test && bytes_equal_text(word.text, "]]")) {
        draft->is_test = false;
    }
}

/* In [[ ]] a sign is a word. */
static void read_sign(struct shell_parser *parser, int c)
{
    struct shell_word word = {
        .text = region_copy(parser, (struct bytes){(const uint8_t[]){(uint8_t)c}, 1}),
        .offset = input_offset(parser),
        .size = parser->input->is_opaque ? parser->input->holder_size : 1,
    };
    input_take(parser);
    grammar_add_word(parser, &word);
    parser->token_end = input_offset(parser);
}

/* "(" where a command stands: a group, or arithmetic. */
static void read_parenthesis(struct shell_parser *parser, struct draft *draft)
{
    size_t mark = input_mark(parser);
    struct shell_word head = {
        .text = BYTES_LITERAL("("),
        .offset = input_offset(parser),
        .size = parser->input->is_opaque ? parser->input->holder_size : 1,
    };
    input_take(parser);
    draft->command.is_compound = true;
    if (input_accept(parser, '(')) {
        head.text = (struct bytes)BYTES_LITERAL("((");
        grammar_add_word(parser, &head);
        if (grammar_enter(parser)) {
            word_read_arithmetic(parser, mark);
            grammar_leave(parser);
        }
    } else {
        grammar_add_word(parser, &head);
        grammar_read_inside(parser, SHELL_COMPOUND);
    }
    parser->token_end = input_offset(parser);
}

static enum ending take_ampersand(struct shell_parser *parser, struct draft *draft,
                                  bool *goes_on)
{
    input_take(parser);
    int c = input_peek(parser);
    if (c == '>') {
        input_take(parser);
        read_redirect(parser, draft, c, -1);
        *goes_on = true;
        return ENDING_LIST;
    }
    if (c == '&') {
        input_take(parser);
        return ENDING_LIST;
    }
    return ENDING_BACKGROUND;
}

/* Reads the parts of one command up to what ends it, which is taken where it is "|", "||",
 * "&" or "&&". */
static enum ending read_parts(struct shell_parser *parser, struct draft *draft)
{
    while (parser->status == STATUS_OK && parser->closer == CLOSER_NONE) {
        grammar_skip_blanks(parser);
        int c = input_peek(parser);
        if (c == SHELL_END || c == '\n' || c == ';') {
            return ENDING_LIST;
        }
        if (draft->is_test && (word_stops((uint8_t)c) & ENDS_WORD) != 0) {
            read_sign(parser, c);
        } else if (c == ')') {
            return ENDING_LIST;
        } else if (c == '|') {
            input_take(parser);
            if (input_accept(parser, '|')) {
                return ENDING_LIST;
            }
            input_accept(parser, '&');
            return ENDING_PIPE;
        } else if (c == '&') {
            bool goes_on = false;
            enum ending ending = take_ampersand(parser, draft, &goes_on);
            if (!goes_on) {
                return ending;
            }
        } else if (c == '<' || c == '>') {
            input_take(parser);
            if (input_peek(parser) == '(') {
                struct shell_word word;
                size_t quote_at;
                word_read(parser, c, &word, &quote_at);
                grammar_add_word(parser, &word);
            } else {
                read_redirect(parser, draft, c, -1);
            }
        } else if (c == '(') {
            if (is_first(parser, draft)) {
                read_parenthesis(parser, draft);
            } else if (parser->word_count == draft->word_base + 1 &&
                       !draft->command.is_compound) {
                draft->command.is_compound = true;
                compound_read_function(parser);
            } else {
                return ENDING_LIST;
            }
        } else if (draft->command.is_compound) {
            return ENDING_LIST; /* a word after "done": the next command */
        } else {
            read_word(parser, draft);
        }
    }
    return ENDING_LIST;
}

/* Moves the parts of a finished command to the region, where they stay until it was given. */
static void finish_command(struct shell_parser *parser, struct draft *draft)
{
    struct shell_command *command = &draft->command;
    size_t words = parser->word_count - draft->word_base;
    command->words = region_take(parser, words, sizeof *command->words);
    if (command->words != NULL && words > 0) {
        memcpy(command->words, &parser->words[draft->word_base],
               words * sizeof *command->words);
        command->word_count = words;
    }
    command->words_dropped = parser->words_dropped;
    if (command->words_dropped > 0) {
        parser_limit(parser, "a command has too many words; the last were left out");
    }
    size_t redirects = parser->redirect_count - draft->redirect_base;
    command->redirects = region_take(parser, redirects, sizeof *command->redirects);
    for (size_t i = 0; command->redirects != NULL && i < redirects; i++) {
        struct open_redirect *open = &parser->redirects[draft->redirect_base + i];
        command->redirects[i] = open->redirect;
        if (open->here != NULL) {
            command->redirects[i].target = open->here->body;
            open->here->owner = &command->redirects[i];
        }
        command->redirect_count = i + 1;
    }
    parser->word_count = draft->word_base;
    parser->redirect_count = draft->redirect_base;
}

static enum ending read_command(struct shell_parser *parser, struct frame *frame)
{
    struct draft draft = {.word_base = parser->word_count,
                          .redirect_base = parser->redirect_count};
    size_t outer_base = parser->word_base;
    size_t outer_dropped = parser->words_dropped;
    size_t region = parser->region_used;
    parser->word_base = draft.word_base;
    parser->words_dropped = 0;
    enum ending ending = read_parts(parser, &draft);
    finish_command(parser, &draft);
    parser->word_base = outer_base;
    parser->words_dropped = outer_dropped;
    const struct shell_command *command = &draft.command;
    bool is_empty =
        command->word_count + command->redirect_count + command->assignment_count == 0;
    if (!is_empty && frame->pipeline.command_count < PIPELINE_COMMANDS_MAX &&
        parser->command_count < SHELL_COMMANDS_OPEN_MAX) {
        parser->commands[parser->command_count++] = draft.command;
        frame->pipeline.command_count++;
    } else if (!is_empty) {
        parser_limit(parser, "a pipeline has too many commands; the last were left out");
        region_leave(parser, region);
    }
    return ending;
}

/* ---- pipelines and lists ---- */

static void begin_frame(struct shell_parser *parser, struct frame *frame)
{
    size_t start = input_mark(parser);
    *frame = (struct frame){
        .pipeline = {.number = ++parser->numbers,
                     .parent = parser->scope.parent,
                     .parent_command = parser->scope.parent_command,
                     .relation = parser->scope.relation,
                     .loops = parser->scope.loops,
                     .depth = parser->scope.depth,
                     .offset = input_offset(parser),
                     .line = input_line(parser)},
        .outer = parser->frame,
        .source_start = start,
        .source_limit = start + SHELL_SOURCE_SIZE_MAX,
        .command_base = parser->command_count,
    };
    parser->frame = frame;
    parser->token_end = frame->pipeline.offset;
}

static void end_frame(struct shell_parser *parser, struct frame *frame)
{
    struct shell_pipeline *pipeline = &frame->pipeline;
    struct shell_input *input = parser->input;
    uint64_t size = parser->token_end - number_least(parser->token_end, pipeline->offset);
    pipeline->source = input_since(parser, frame->source_start);
    if (input->is_opaque) {
        size = input->holder_size;
        pipeline->source = bytes_trim(pipeline->source);
    } else {
        pipeline->source = bytes_part(pipeline->source, 0, size);
    }
    pipeline->commands =
        region_take(parser, pipeline->command_count, sizeof *pipeline->commands);
    if (pipeline->commands == NULL) {
        pipeline->command_count = 0; /* the region is full, and it was said */
    } else {
        memcpy(pipeline->commands, &parser->commands[frame->command_base],
               pipeline->command_count * sizeof *pipeline->commands);
        parser->command_count = frame->command_base;
        parser->frame = frame->outer;
        give_pipeline(parser, pipeline, size);
    }
    parser->command_count = frame->command_base;
    parser->frame = frame->outer;
    if (give_is_empty(pipeline) && parser->numbers == pipeline->number) {
        parser->numbers--;
    }
    if (input->stream != NULL && frame->outer != NULL) {
        parser->source_used = number_least(parser->source_used, frame->outer->source_limit);
    } else if (input->stream != NULL) {
        parser->source_used = 0;
    }
}

void grammar_read_pipeline(struct shell_parser *parser)
{
    struct frame frame;
    begin_frame(parser, &frame);
    for (;;) {
        enum ending ending = read_command(parser, &frame);
        frame.pipeline.is_background = ending == ENDING_BACKGROUND;
        if (ending != ENDING_PIPE || parser->closer != CLOSER_NONE) {
            break;
        }
        grammar_skip_blanks(parser);
        while (input_peek(parser) == '\n') {
            grammar_take_newline(parser);
            grammar_skip_blanks(parser);
        }
        int c = input_peek(parser);
        if (c == SHELL_END || c == ')' || c == ';') {
            break;
        }
    }
    end_frame(parser, &frame);
}

/* ";" and what may follow it: true where ";;" ends a branch somebody waits for. */
static bool take_semicolon(struct shell_parser *parser)
{
    input_take(parser);
    bool is_double = input_accept(parser, ';');
    is_double |= input_accept(parser, '&');
    if (is_double && parser->scope.open[CLOSER_BRANCH] > 0) {
        parser->closer = CLOSER_BRANCH;
        return true;
    }
    return false;
}

void grammar_read_list(struct shell_parser *parser)
{
    size_t region = parser->region_used;
    while (parser->status == STATUS_OK) {
        region_leave(parser, region);
        grammar_skip_blanks(parser);
        int c = input_peek(parser);
        if (c == SHELL_END) {
            return;
        }
        if (c == '\n') {
            grammar_take_newline(parser);
        } else if (c == ';') {
            if (take_semicolon(parser)) {
                return;
            }
        } else if (c == '&' || c == '|') {
            input_take(parser);
        } else if (c == ')') {
            input_take(parser);
            if (parser->scope.open[CLOSER_PARENTHESIS] > 0) {
                parser->closer = CLOSER_PARENTHESIS;
                return;
            }
        } else {
            grammar_read_pipeline(parser);
            if (parser->closer != CLOSER_NONE) {
                return;
            }
        }
    }
}
