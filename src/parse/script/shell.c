#include "parse/script/shell.h"

#include "parse/script/syntax.h"
#include "record/shell.h"

static enum status make_parser(struct parse *parse, struct shell_parser **out)
{
    if (parse->shell == NULL) {
        struct shell_parser *parser = arena_take(parse->evidence, sizeof *parser);
        if (parser == NULL) {
            return STATUS_NO_MEMORY;
        }
        TRY(parser_init(parser, parse->evidence));
        parse->shell = parser;
    }
    *out = parse->shell;
    (*out)->parse = parse;
    return STATUS_OK;
}

/* Reads all of the input in hand. */
static void read_input(struct shell_parser *parser)
{
    while (parser->status == STATUS_OK && input_peek(parser) != SHELL_END) {
        parser->closer = CLOSER_NONE;
        parser->scope = (struct scope){0};
        region_leave(parser, 0);
        grammar_read_list(parser);
    }
    struct shell_input *input = parser->input;
    if (input->here_count > 0 || input->waiting_first != NULL) {
        here_read_all(parser);
    }
}

enum status shell_read(struct stream *stream, struct parse *parse)
{
    struct shell_parser *parser;
    TRY(make_parser(parse, &parser));
    struct shell_input input = {.stream = stream, .line = 1};
    parser->input = &input;
    parser->run_line = 1;
    parser->run_next_line = 1;
    parser->given = 0;
    parser->passed_over = false;
    parser->left_out = false;
    read_input(parser);
    input_finish(parser);
    uint64_t lines = input_line(parser);
    parser->input = NULL;
    coverage_count_add(parse->coverage, "lines", lines);
    coverage_count_add(parse->coverage, "commands", parser->given);
    if (parser->passed_over) {
        parse->coverage->examined = EXAMINED_PARTLY;
        parse->coverage->why = "binary data in the script was passed over";
    }
    parser_say_limits(parser, parse->coverage);
    enum status status = parser->status;
    parser->status = STATUS_OK;
    return status;
}

enum status shell_parse_line(struct bytes line, struct parse *parse,
                             const struct record *carrier)
{
    struct shell_parser *parser;
    TRY(make_parser(parse, &parser));
    if (!budget_spend(parse->budget, line.size)) {
        return STATUS_LIMIT;
    }
    struct shell_text text = {.text = line, .line = 1};
    struct record record = *carrier;
    record.kind = RECORD_SHELL_TEXT;
    record.shell_text = &text;
    TRY(parse_give(parse, &record));
    struct shell_input input = {.block = line, .line = 1};
    parser->input = &input;
    parser->carrier = carrier;
    parser->at = carrier->at;
    parser->numbers = 0;
    read_input(parser);
    parser->carrier = NULL;
    parser->at = (struct moment){0};
    parser->input = NULL;
    enum status status = parser->status;
    parser->status = STATUS_OK;
    return status;
}

/* ---- what a file is ---- */

static bool is_one_of(struct bytes name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal_text(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* "#!" with a shell, also by way of env. */
static bool has_interpreter(struct bytes start)
{
    if (!bytes_starts(start, "#!")) {
        return false;
    }
    struct bytes line = bytes_part(start, 2, bytes_find_byte(bytes_from(start, 2), '\n'));
    line = bytes_trim(line);
    for (unsigned i = 0; i < 4 && line.size > 0; i++) {
        size_t end = bytes_find_byte(line, ' ');
        struct bytes name = shell_base_name(bytes_part(line, 0, end));
        if (shell_is_shell(name) || bytes_equal_text(name, "busybox")) {
            return true;
        }
        if (!bytes_equal_text(name, "env") && !bytes_starts(name, "-")) {
            return false;
        }
        line = bytes_trim(bytes_from(line, end));
    }
    return false;
}

/* Text, as far as its first bytes show: a NUL, or many controls, are no shell's. */
static bool is_text(struct bytes start)
{
    size_t odd = 0;
    for (size_t i = 0; i < start.size; i++) {
        uint8_t c = start.data[i];
        if (c == 0) {
            return false;
        }
        odd += c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != 0x1b;
    }
    return odd <= start.size / 32;
}

bool shell_matches(struct bytes start, struct bytes name)
{
    static const char *const names[] = {
        ".profile",  ".bashrc",     ".bash_profile", ".bash_login",   ".bash_logout", ".zshrc",
        ".zprofile", ".zshenv",     ".kshrc",        ".bash_aliases", "bashrc",       "profile",
        "rc.local",  "bash.bashrc", ".xprofile",     ".xsessionrc",
    };
    if (has_interpreter(start)) {
        return true;
    }
    bool is_named = bytes_ends(name, ".sh") || bytes_ends(name, ".bash") ||
                    bytes_ends(name, ".ksh") || bytes_ends(name, ".zsh") ||
                    is_one_of(name, names, sizeof names / sizeof *names);
    return is_named && !bytes_starts(start, "#!") && is_text(start);
}
