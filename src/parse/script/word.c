#include "parse/script/syntax.h"

#include "base/number.h"

#include <string.h>

static const uint8_t stops[256] = {
    ['\t'] = STOPS_WORD | ENDS_WORD,  ['\n'] = STOPS_WORD | ENDS_WORD,
    ['\r'] = STOPS_WORD | ENDS_WORD,  [' '] = STOPS_WORD | ENDS_WORD,
    ['&'] = STOPS_WORD | ENDS_WORD,   ['('] = STOPS_WORD | ENDS_WORD,
    [')'] = STOPS_WORD | ENDS_WORD,   [';'] = STOPS_WORD | ENDS_WORD,
    ['<'] = STOPS_WORD | ENDS_WORD,   ['>'] = STOPS_WORD | ENDS_WORD,
    ['|'] = STOPS_WORD | ENDS_WORD,   ['\''] = STOPS_WORD,
    ['"'] = STOPS_WORD | STOPS_QUOTE, ['\\'] = STOPS_WORD | STOPS_QUOTE,
    ['$'] = STOPS_WORD | STOPS_QUOTE, ['`'] = STOPS_WORD | STOPS_QUOTE,
};

static void read_dollar(struct shell_parser *parser, struct shell_word *word);
static void read_backticks(struct shell_parser *parser, struct shell_word *word);

static uint64_t line_before(struct shell_parser *parser, struct bytes text)
{
    uint64_t line = input_line(parser);
    return line - number_least(line - 1, bytes_count(text, '\n'));
}

uint8_t word_stops(uint8_t byte)
{
    return stops[byte];
}

/* Adds to the word being read, as far as words are kept. */
static void append(struct shell_parser *parser, struct bytes bytes)
{
    size_t kept = parser->scratch_used - parser->word_start;
    size_t room = number_least(SHELL_WORD_SIZE_MAX - number_least(kept, SHELL_WORD_SIZE_MAX),
                               SHELL_SCRATCH_SIZE - parser->scratch_used);
    size_t size = number_least(bytes.size, room);
    parser->word_is_cut |= size < bytes.size;
    if (size > 0) {
        memcpy(&parser->scratch[parser->scratch_used], bytes.data, size);
        parser->scratch_used += size;
    }
}

static void append_byte(struct shell_parser *parser, int byte)
{
    uint8_t one = (uint8_t)byte;
    append(parser, (struct bytes){&one, 1});
}

/* Takes what comes before the next byte that has one of `bits`, from the block in hand. */
static void take_run(struct shell_parser *parser, unsigned bits)
{
    struct shell_input *input = parser->input;
    size_t end = input->at;
    while (end < input->block.size && (stops[input->block.data[end]] & bits) == 0) {
        end++;
    }
    append(parser, bytes_part(input->block, input->at, end - input->at));
    input->at = end;
}

static void read_single_quotes(struct shell_parser *parser)
{
    while (input_peek(parser) != SHELL_END) {
        struct shell_input *input = parser->input;
        struct bytes left = bytes_from(input->block, input->at);
        size_t size = bytes_find_byte(left, '\'');
        append(parser, bytes_part(left, 0, size));
        input->at += size;
        if (size < left.size) {
            input_take(parser);
            return;
        }
    }
    parser_anomaly(parser, "a quote is not closed");
}

/* Double quotes, and bodies of here-documents, which end with the input alone. */
static void read_double_quotes(struct shell_parser *parser, struct shell_word *word,
                               bool ends_at_quote)
{
    for (int c; (c = input_peek(parser)) != SHELL_END;) {
        if ((stops[c] & STOPS_QUOTE) == 0) {
            take_run(parser, STOPS_QUOTE);
            continue;
        }
        input_take(parser);
        if (c == '"' && ends_at_quote) {
            return;
        }
        if (c == '$') {
            read_dollar(parser, word);
        } else if (c == '`') {
            read_backticks(parser, word);
        } else if (c == '\\') {
            int next = input_peek(parser);
            if (next == SHELL_END) {
                break;
            }
            input_take(parser);
            if ((stops[next] & STOPS_QUOTE) == 0 && next != '\n') {
                append_byte(parser, '\\');
            }
            if (next != '\n') {
                append_byte(parser, next);
            }
        } else {
            append_byte(parser, c);
        }
    }
    if (ends_at_quote) {
        parser_anomaly(parser, "a quote is not closed");
    }
}

static int digit_of(int c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : 16;
}

/* Up to `count` digits of `base`: their value. */
static int read_digits(struct shell_parser *parser, int base, int count)
{
    int value = 0;
    for (int c; count > 0 && (c = input_peek(parser)) != SHELL_END && digit_of(c) < base;
         count--) {
        value = value * base + digit_of(c);
        input_take(parser);
    }
    return value;
}

/* $'...': backslashes stand for other bytes (bash, "ANSI-C Quoting"). */
static void read_escape(struct shell_parser *parser)
{
    static const char from[] = "abeEfnrtv";
    static const char to[] = "\a\b\033\033\f\n\r\t\v";
    int c = input_peek(parser);
    if (c == SHELL_END) {
        return;
    }
    if (c >= '0' && c <= '7') {
        append_byte(parser, read_digits(parser, 8, 3));
        return;
    }
    input_take(parser);
    const char *place = c == 0 ? NULL : strchr(from, c);
    if (place != NULL) {
        append_byte(parser, to[strchr(from, c) - from]);
    } else if (c == 'x') {
        append_byte(parser, read_digits(parser, 16, 2));
    } else if (c == 'u' || c == 'U') {
        int value = read_digits(parser, 16, c == 'u' ? 4 : 6);
        append_byte(parser, value < 0x80 ? value : '?'); /* letters of commands are ASCII */
    } else {
        append_byte(parser, c);
    }
}

static void read_ansi_quotes(struct shell_parser *parser)
{
    for (int c; (c = input_peek(parser)) != SHELL_END;) {
        input_take(parser);
        if (c == '\'') {
            return;
        }
        if (c == '\\') {
            read_escape(parser);
        } else {
            append_byte(parser, c);
        }
    }
    parser_anomaly(parser, "a quote is not closed");
}

/* After "${": up to the matching "}".  What it holds stays as written, but substitutions in it
 * are commands. */
static void read_braces(struct shell_parser *parser, struct shell_word *word)
{
    for (int c; (c = input_peek(parser)) != SHELL_END;) {
        input_take(parser);
        if (c == '}') {
            return;
        }
        if (c == '\\') {
            if (input_peek(parser) != SHELL_END) {
                input_take(parser);
            }
        } else if (c == '$') {
            read_dollar(parser, word);
        } else if (c == '`') {
            read_backticks(parser, word);
        } else if (c == '"') {
            read_double_quotes(parser, word, true);
        }
    }
    parser_anomaly(parser, "an expansion is not closed");
}

void word_read_arithmetic(struct shell_parser *parser, size_t mark)
{
    struct shell_word inside = {.offset = input_offset(parser)};
    size_t kept = parser->scratch_used;
    uint64_t last_close = 0;
    bool closes_together = true; /* also where the end comes first: nothing to read again */
    parser->arithmetic++;
    for (unsigned depth = 2; depth > 0;) {
        int c = input_peek(parser);
        if (c == SHELL_END) {
            parser_anomaly(parser, "an expansion is not closed");
            break;
        }
        input_take(parser);
        if (c == '(') {
            depth++;
        } else if (c == ')') {
            depth--;
            closes_together = input_offset(parser) == last_close + 1;
            last_close = input_offset(parser);
        } else if (c == '$') {
            read_dollar(parser, &inside);
        } else if (c == '`') {
            read_backticks(parser, &inside);
        } else if (c == '\'') {
            read_single_quotes(parser);
        } else if (c == '"') {
            read_double_quotes(parser, &inside, true);
        } else if (c == '\\' && input_peek(parser) != SHELL_END) {
            input_take(parser);
        }
        parser->scratch_used = kept;
    }
    parser->arithmetic--;
    /* Inside another one it is not read again: each level would double the work. */
    if (closes_together || parser->arithmetic > 0 || parser->frame == NULL) {
        return;
    }
    /* "$((" began a group inside a substitution. */
    struct bytes raw = input_since(parser, mark);
    struct bytes text =
        region_copy(parser, bytes_part(raw, 1, raw.size - number_least(raw.size, 2)));
    struct scope scope = {
        .parent = parser->frame->pipeline.number,
        .parent_command = (uint32_t)parser->frame->pipeline.command_count,
        .relation = SHELL_SUBSTITUTION,
        .depth = parser->scope.depth + 1,
        .loops = parser->scope.loops,
    };
    struct shell_word holder = {
        .offset = inside.offset - 1,
        .size = (uint32_t)number_least(input_offset(parser) - inside.offset, UINT32_MAX),
        .has_substitution = true,
    };
    nested_read_text(parser, text, &holder, line_before(parser, text), &scope);
}

/* After "$", which is in the word already. */
static void read_dollar(struct shell_parser *parser, struct shell_word *word)
{
    append_byte(parser, '$');
    int c = input_peek(parser);
    if (c != '(' && c != '{') {
        word->has_expansion = true;
        return;
    }
    word->has_expansion = true;
    if (!grammar_enter(parser)) {
        return;
    }
    size_t kept = parser->scratch_used;
    size_t start = parser->word_start;
    size_t mark = input_mark(parser);
    input_take(parser);
    if (c == '{') {
        read_braces(parser, word);
    } else if (input_peek(parser) == '(') {
        input_take(parser);
        word_read_arithmetic(parser, mark);
    } else {
        word->has_substitution = true;
        grammar_read_inside(parser, SHELL_SUBSTITUTION);
    }
    grammar_leave(parser);
    parser->word_start = start;
    parser->scratch_used = kept;
    append(parser, input_since(parser, mark));
}

/* After the first backtick.  Inside, a backslash before $ ` and itself is taken away before
 * the text is read as commands. */
static void read_backticks(struct shell_parser *parser, struct shell_word *word)
{
    struct shell_word inside = {.offset = input_offset(parser), .has_expansion = true};
    size_t start = parser->word_start;
    size_t kept = parser->scratch_used;
    append_byte(parser, '`');
    size_t mark = input_mark(parser);
    parser->word_start = parser->scratch_used;
    uint64_t end = inside.offset;
    for (int c;;) {
        c = input_peek(parser);
        if (c == SHELL_END) {
            parser_anomaly(parser, "a substitution is not closed");
            break;
        }
        input_take(parser);
        if (c == '`') {
            end = input_offset(parser) - 1;
            break;
        }
        end = input_offset(parser);
        int next = c == '\\' ? input_peek(parser) : SHELL_END;
        if (next == '`' || next == '\\' || next == '$') {
            input_take(parser);
            c = next;
        }
        append_byte(parser, c);
    }
    struct bytes text = {&parser->scratch[parser->word_start],
                         parser->scratch_used - parser->word_start};
    inside.size = (uint32_t)number_least(end - number_least(end, inside.offset), UINT32_MAX);
    text = region_copy(parser, text);
    word->has_expansion = true;
    word->has_substitution = true;
    struct bytes raw = input_since(parser, mark);
    parser->word_start = start;
    parser->scratch_used = kept;
    append_byte(parser, '`');
    append(parser, raw);
    if (parser->frame != NULL) {
        struct scope scope = {
            .parent = parser->frame->pipeline.number,
            .parent_command = (uint32_t)parser->frame->pipeline.command_count,
            .relation = SHELL_SUBSTITUTION,
            .depth = parser->scope.depth + 1,
            .loops = parser->scope.loops,
        };
        inside.text = text;
        nested_read_text(parser, text, &inside, line_before(parser, text), &scope);
    }
}

void word_read_expansions(struct shell_parser *parser)
{
    struct shell_word body = {0};
    size_t start = parser->word_start;
    size_t kept = parser->scratch_used;
    parser->word_start = kept;
    read_double_quotes(parser, &body, false);
    parser->word_start = start;
    parser->scratch_used = kept;
}

/* name=(a b c): the items are words of their own in the text, between blanks. */
static void read_array(struct shell_parser *parser, struct shell_word *word)
{
    append_byte(parser, '(');
    for (int c; (c = input_peek(parser)) != SHELL_END;) {
        if ((stops[c] & STOPS_WORD) == 0) {
            take_run(parser, STOPS_WORD);
            continue;
        }
        if ((stops[c] & ENDS_WORD) == 0) {
            /* A quote or an expansion: as in any word. */
            struct shell_word item;
            size_t quote_at;
            size_t start = parser->word_start;
            size_t region = parser->region_used;
            if (!grammar_enter(parser)) {
                return;
            }
            word_read(parser, 0, &item, &quote_at);
            grammar_leave(parser);
            parser->word_start = start;
            append(parser, item.text);
            region_leave(parser, region);
            word->has_expansion |= item.has_expansion;
            word->has_substitution |= item.has_substitution;
            word->is_quoted |= item.is_quoted;
            continue;
        }
        input_take(parser);
        append_byte(parser, c == '\n' || c == '\r' ? ' ' : c);
        if (c == ')') {
            return;
        }
    }
    parser_anomaly(parser, "a list is not closed");
}

/* What follows a sign that ended a run inside a word; false where the word is over. */
static bool read_special(struct shell_parser *parser, struct shell_word *word, int c,
                         size_t *quote_at)
{
    size_t size = parser->scratch_used - parser->word_start;
    struct bytes text = {&parser->scratch[parser->word_start], size};
    if (c == '(' && size > 0 && !word->is_quoted) {
        uint8_t last = text.data[size - 1];
        if (last == '=' && bytes_find_byte(text, '=') < size) {
            input_take(parser);
            read_array(parser, word);
            return true;
        }
        if (last == '@' || last == '?' || last == '*' || last == '+') {
            input_take(parser);
            read_array(parser, word); /* an extended glob: a list of another kind */
            return true;
        }
    }
    if ((stops[c] & ENDS_WORD) != 0) {
        return false;
    }
    input_take(parser);
    if (c == '$' && input_peek(parser) != '\'' && input_peek(parser) != '"') {
        read_dollar(parser, word);
        return true;
    }
    if (c == '`') {
        read_backticks(parser, word);
        return true;
    }
    if (!word->is_quoted && !(c == '\\' && input_peek(parser) == '\n')) {
        *quote_at = size;
        word->is_quoted = true;
    }
    if (c == '\'') {
        read_single_quotes(parser);
    } else if (c == '"') {
        read_double_quotes(parser, word, true);
    } else if (c == '$') {
        bool is_ansi = input_peek(parser) == '\'';
        input_take(parser);
        if (is_ansi) {
            read_ansi_quotes(parser);
        } else {
            read_double_quotes(parser, word, true);
        }
    } else if (input_peek(parser) != SHELL_END) {
        int next = input_peek(parser);
        input_take(parser);
        if (next != '\n') {
            append_byte(parser, next);
        }
    }
    return true;
}

void word_read(struct shell_parser *parser, int lead, struct shell_word *out, size_t *quote_at)
{
    struct shell_word word = {.offset = input_offset(parser)};
    size_t start = parser->scratch_used;
    parser->word_start = start;
    *quote_at = SIZE_MAX;
    if (lead != 0) {
        word.offset -= parser->input->is_opaque ? 0 : 1;
        word.has_expansion = true;
        word.has_substitution = true;
        append_byte(parser, lead);
        size_t mark = input_mark(parser);
        input_take(parser);
        grammar_read_inside(parser, SHELL_PROCESS);
        parser->word_start = start;
        parser->scratch_used = start + 1;
        append(parser, input_since(parser, mark));
    }
    for (int c; (c = input_peek(parser)) != SHELL_END;) {
        if ((stops[c] & STOPS_WORD) == 0) {
            take_run(parser, STOPS_WORD);
        } else if (!read_special(parser, &word, c, quote_at)) {
            break;
        }
    }
    uint64_t end = input_offset(parser);
    word.size = parser->input->is_opaque
                    ? parser->input->holder_size
                    : (uint32_t)number_least(end - word.offset, UINT32_MAX);
    word.text = region_copy(
        parser, (struct bytes){&parser->scratch[start], parser->scratch_used - start});
    parser->scratch_used = start;
    parser->token_end = end;
    if (parser->word_is_cut) {
        parser->word_is_cut = false;
        parser_limit(parser, "a word is too long; its end was left out");
    }
    *out = word;
}
