#include "parse/script/syntax.h"

#include <string.h>

struct reserved_word {
    struct bytes text;
    enum reserved reserved;
    enum closer closer;
};

/* rows: one deleted at a time by make prove */
static const struct reserved_word reserved_words[] = {
    {BYTES_LITERAL("!"), RESERVED_SKIP, CLOSER_NONE},
    {BYTES_LITERAL("{"), RESERVED_GROUP, CLOSER_NONE},
    {BYTES_LITERAL("}"), RESERVED_CLOSER, CLOSER_BRACE},
    {BYTES_LITERAL("if"), RESERVED_IF, CLOSER_NONE},
    {BYTES_LITERAL("then"), RESERVED_CLOSER, CLOSER_THEN},
    {BYTES_LITERAL("elif"), RESERVED_CLOSER, CLOSER_THEN},
    {BYTES_LITERAL("else"), RESERVED_CLOSER, CLOSER_THEN},
    {BYTES_LITERAL("fi"), RESERVED_CLOSER, CLOSER_FI},
    {BYTES_LITERAL("while"), RESERVED_LOOP, CLOSER_NONE},
    {BYTES_LITERAL("until"), RESERVED_LOOP, CLOSER_NONE},
    {BYTES_LITERAL("for"), RESERVED_FOR, CLOSER_NONE},
    {BYTES_LITERAL("select"), RESERVED_FOR, CLOSER_NONE},
    {BYTES_LITERAL("do"), RESERVED_CLOSER, CLOSER_DO},
    {BYTES_LITERAL("done"), RESERVED_CLOSER, CLOSER_DONE},
    {BYTES_LITERAL("case"), RESERVED_CASE, CLOSER_NONE},
    {BYTES_LITERAL("esac"), RESERVED_CLOSER, CLOSER_ESAC},
    {BYTES_LITERAL("function"), RESERVED_FUNCTION, CLOSER_NONE},
    {BYTES_LITERAL("[["), RESERVED_TEST, CLOSER_NONE},
};

enum reserved compound_reserved(struct bytes word, enum closer *closer)
{
    if (word.size == 0 || word.size > 8) {
        return RESERVED_NONE;
    }
    for (size_t i = 0; i < sizeof reserved_words / sizeof *reserved_words; i++) {
        struct bytes text = reserved_words[i].text;
        if (word.size == text.size && memcmp(word.data, text.data, text.size) == 0) {
            *closer = reserved_words[i].closer;
            return reserved_words[i].reserved;
        }
    }
    return RESERVED_NONE;
}

/* Reads commands up to one of two closers; which it was, or none where another one, meant for
 * an outer command, or the end came first. */
static enum closer read_until(struct shell_parser *parser, enum closer a, enum closer b)
{
    parser->scope.open[a]++;
    parser->scope.open[b]++;
    grammar_read_list(parser);
    parser->scope.open[a]--;
    parser->scope.open[b]--;
    enum closer got = parser->closer;
    if (got == CLOSER_NONE) {
        parser_anomaly(parser, "a group, loop or branch is not closed");
        return CLOSER_NONE;
    }
    if (got != a && got != b) {
        return CLOSER_NONE;
    }
    parser->closer = CLOSER_NONE;
    return got;
}

static void read_if(struct shell_parser *parser)
{
    while (read_until(parser, CLOSER_THEN, CLOSER_FI) == CLOSER_THEN) {
    }
}

static void read_loop(struct shell_parser *parser)
{
    parser->scope.loops++;
    if (read_until(parser, CLOSER_DO, CLOSER_DONE) == CLOSER_DO) {
        read_until(parser, CLOSER_DONE, CLOSER_DONE);
    }
    parser->scope.loops--;
}

/* The next word of a head, on this line; false where there is none.  The word is added. */
static bool read_head_word(struct shell_parser *parser, struct shell_word *out)
{
    grammar_skip_blanks(parser);
    int c = input_peek(parser);
    if (c == SHELL_END || (word_stops((uint8_t)c) & ENDS_WORD) != 0) {
        return false;
    }
    size_t quote_at;
    word_read(parser, 0, out, &quote_at);
    grammar_add_word(parser, out);
    return true;
}

static void read_for(struct shell_parser *parser)
{
    struct shell_word word;
    grammar_skip_blanks(parser);
    if (input_peek(parser) == '(') {
        size_t mark = input_mark(parser);
        input_take(parser);
        if (input_accept(parser, '(')) {
            word_read_arithmetic(parser, mark);
        }
        grammar_skip_blanks(parser);
        input_accept(parser, ';');
        grammar_skip_blanks(parser);
        while (input_peek(parser) == '\n') {
            grammar_take_newline(parser);
            grammar_skip_blanks(parser);
        }
        if (input_peek(parser) == '{') {
            return; /* bash allows a group in place of do ... done */
        }
    }
    while (read_head_word(parser, &word)) {
        if (!word.is_quoted && bytes_equal_text(word.text, "do")) {
            parser->word_count -= parser->word_count > parser->word_base;
            parser->scope.loops++;
            read_until(parser, CLOSER_DONE, CLOSER_DONE);
            parser->scope.loops--;
            return;
        }
    }
    read_loop(parser);
}

/* Takes up to the ")" that ends the pattern of a branch; false at "esac" and at the end. */
static bool read_pattern(struct shell_parser *parser)
{
    bool is_begun = false;
    while (parser->status == STATUS_OK) {
        grammar_skip_blanks(parser);
        int c = input_peek(parser);
        if (c == SHELL_END) {
            parser_anomaly(parser, "a group, loop or branch is not closed");
            return false;
        }
        if (c == '\n') {
            grammar_take_newline(parser);
        } else if ((word_stops((uint8_t)c) & ENDS_WORD) != 0) {
            input_take(parser);
            if (c == ')') {
                return true;
            }
        } else {
            struct shell_word word;
            size_t quote_at;
            size_t region = parser->region_used;
            word_read(parser, 0, &word, &quote_at);
            bool ends = !is_begun && !word.is_quoted && bytes_equal_text(word.text, "esac");
            region_leave(parser, region);
            if (ends) {
                return false;
            }
            is_begun = true;
        }
    }
    return false;
}

static void read_case(struct shell_parser *parser)
{
    struct shell_word word;
    while (read_head_word(parser, &word)) {
        if (!word.is_quoted && bytes_equal_text(word.text, "in")) {
            break;
        }
    }
    while (read_pattern(parser)) {
        if (read_until(parser, CLOSER_BRANCH, CLOSER_ESAC) != CLOSER_BRANCH) {
            return;
        }
    }
}

/* The body of a function: one command, usually a group. */
static void read_body(struct shell_parser *parser)
{
    for (;;) {
        grammar_skip_blanks(parser);
        int c = input_peek(parser);
        if (c == '\n') {
            grammar_take_newline(parser);
            continue;
        }
        if (c != SHELL_END && c != ';' && c != ')' && c != '&' && c != '|') {
            grammar_read_pipeline(parser);
        }
        return;
    }
}

static void read_function(struct shell_parser *parser)
{
    struct shell_word name;
    if (!read_head_word(parser, &name)) {
        return;
    }
    grammar_skip_blanks(parser);
    if (input_accept(parser, '(')) {
        grammar_skip_blanks(parser);
        input_accept(parser, ')');
    }
    read_body(parser);
}

/* What stands in a compound command has the pipeline being read as its parent. */
static struct scope begin_inside(struct shell_parser *parser)
{
    struct scope outer = parser->scope;
    parser->scope.parent = parser->frame->pipeline.number;
    parser->scope.parent_command = (uint32_t)parser->frame->pipeline.command_count;
    parser->scope.relation = SHELL_COMPOUND;
    return outer;
}

void compound_read(struct shell_parser *parser, enum reserved reserved)
{
    if (!grammar_enter(parser)) {
        return;
    }
    struct scope outer = begin_inside(parser);
    switch (reserved) {
    case RESERVED_GROUP:
        read_until(parser, CLOSER_BRACE, CLOSER_BRACE);
        break;
    case RESERVED_IF:
        read_if(parser);
        break;
    case RESERVED_LOOP:
        read_loop(parser);
        break;
    case RESERVED_FOR:
        read_for(parser);
        break;
    case RESERVED_CASE:
        read_case(parser);
        break;
    case RESERVED_FUNCTION:
        read_function(parser);
        break;
    case RESERVED_NONE:
    case RESERVED_SKIP:
    case RESERVED_CLOSER:
    case RESERVED_TEST:
        break;
    }
    parser->scope = outer;
    grammar_leave(parser);
}

void compound_read_function(struct shell_parser *parser)
{
    input_take(parser);
    grammar_skip_blanks(parser);
    if (!input_accept(parser, ')')) {
        grammar_read_inside(parser, SHELL_COMPOUND); /* no function: some group */
        return;
    }
    if (grammar_enter(parser)) {
        struct scope outer = begin_inside(parser);
        read_body(parser);
        parser->scope = outer;
        grammar_leave(parser);
    }
}
