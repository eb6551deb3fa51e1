#include "parse/paste.h"

#include <string.h>

#include "parse/code.h"
#include "parse/handed.h"
#include "parse/hidden.h"
#include "parse/identify.h"
#include "parse/language.h"
#include "parse/net/http.h"
#include "parse/script/dialect.h"
#include "parse/script/shell.h"
#include "parse/script/windows.h"

#define AGENT_SIZE_MAX 512
#define CHOICE_SIZE_MAX 200

/* ---- what it is ---- */

static bool has_byte(struct bytes text, const char *any)
{
    for (; *any != '\0'; any++) {
        if (bytes_find_byte(text, (uint8_t)*any) < text.size) {
            return true;
        }
    }
    return false;
}

static bool is_scheme_byte(uint8_t byte)
{
    uint8_t folded = byte | 0x20;
    return (folded >= 'a' && folded <= 'z') || (byte >= '0' && byte <= '9') || byte == '+';
}

static bool is_url(struct bytes text)
{
    size_t colon = bytes_find(text, bytes_of_text("://"));
    if (colon == 0 || colon > 12 || colon + 3 >= text.size || has_byte(text, " \t\n\"'`|;<>")) {
        return false;
    }
    for (size_t i = 0; i < colon; i++) {
        if (!is_scheme_byte(text.data[i])) {
            return false;
        }
    }
    return true;
}

/* "Mozilla/5.0 (...)", "curl/7.88.1": a name, a slash, a version. */
static bool is_agent(struct bytes text)
{
    size_t slash = bytes_find_byte(text, '/');
    if (text.size > AGENT_SIZE_MAX || slash == 0 || slash + 1 >= text.size ||
        has_byte(text, "\n|$`\"'=&")) {
        return false;
    }
    for (size_t i = 0; i < slash; i++) {
        if (!is_scheme_byte(text.data[i]) && text.data[i] != '-') {
            return false;
        }
    }
    uint8_t digit = text.data[slash + 1];
    return digit >= '0' && digit <= '9';
}

static bool is_request(struct bytes text)
{
    struct bytes line = bytes_part(text, 0, bytes_find_byte(text, '\n'));
    return http_request_begins(text) && bytes_contains(line, " HTTP/1");
}

/* ---- reading it ---- */

static enum status read_url(struct bytes text, struct statement *statement)
{
    size_t from = bytes_find(text, bytes_of_text("://")) + 3;
    struct bytes rest = bytes_from(text, from);
    size_t end = 0;
    while (end < rest.size && rest.data[end] != '/' && rest.data[end] != '?' &&
           rest.data[end] != '#') {
        end++;
    }
    struct bytes authority = bytes_part(rest, 0, end);
    size_t at = bytes_find_byte(authority, '@');
    struct bytes host = at < authority.size ? bytes_from(authority, at + 1) : authority;
    TRY(statement_add_field(statement, FIELD_HTTP_HOST,
                            bytes_part(host, 0, bytes_find_byte(host, ':'))));
    TRY(statement_add_field(statement, FIELD_URL_PATH, bytes_from(rest, end)));
    return statement_add_field(statement, FIELD_USER_NAME,
                               at < authority.size ? bytes_part(authority, 0, at) : BYTES_NONE);
}

static enum status read_request(struct bytes text, struct statement *statement)
{
    struct http_request request;
    TRY(http_request_read(text, &request));
    TRY(statement_add_field(statement, FIELD_HTTP_METHOD, request.method));
    TRY(statement_add_field(statement, FIELD_HTTP_HOST, request.headers[HTTP_HOST]));
    TRY(statement_add_field(statement, FIELD_URL_PATH, request.target));
    return statement_add_field(statement, FIELD_HTTP_USER_AGENT,
                               request.headers[HTTP_USER_AGENT]);
}

static enum status read_shell(struct bytes text, struct parse *parse)
{
    struct stream stream;
    TRY(stream_of_bytes(&stream, text, parse->evidence));
    return shell_read(&stream, parse);
}

static enum status take_command(void *context, const struct record *record)
{
    return statement_take(context, record);
}

/* Commands of whichever shell.  Those of Windows are read for a Unix shell too, but for the
 * detectors alone: what looks like one shell's may be made so that another one's is missed. */
static enum status read_commands(struct bytes text, struct parse *parse,
                                 struct statement *statement)
{
    enum shell_dialect dialect = dialect_of(text);
    if (dialect == SHELL_UNIX) {
        return read_shell(text, parse);
    }
    statement->is_deaf = true;
    enum status status = read_shell(text, parse);
    statement->is_deaf = false;
    TRY(status);
    const struct record_sink sink = {.take = take_command, .context = statement};
    return windows_read(text, dialect, parse->evidence, &sink);
}

/* Code is read for a shell too, but for the detectors alone. */
static enum status read_code(struct bytes text, enum statement_language language,
                             struct parse *parse, struct statement *statement)
{
    statement->is_deaf = true;
    enum status status = read_shell(text, parse);
    statement->is_deaf = false;
    TRY(status);
    return code_read(text, language, parse, statement);
}

/* Puts spaces in place of bytes that are no part of a command, so that places stay. */
static void blank(uint8_t *text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        text[i] = text[i] == '\n' ? '\n' : ' ';
    }
}

/* Where the command of a line of a crontab begins; the whole line where it has none. */
static size_t command_offset(struct bytes line)
{
    struct bytes trimmed = bytes_trim(line);
    struct bytes command = shell_crontab_command(line);
    size_t blanks = 0;
    while (blanks < line.size && line.data[blanks] <= ' ') {
        blanks++;
    }
    return command.size > 0 ? blanks + trimmed.size - command.size : 0;
}

/* Lines of which each holds a command behind something else, as the commands alone. */
static enum status read_behind(struct bytes text, size_t (*offset_of)(struct bytes line),
                               struct parse *parse, struct statement *statement)
{
    uint8_t *copy = arena_take(parse->evidence, text.size);
    if (copy == NULL) {
        return STATUS_NO_MEMORY;
    }
    memcpy(copy, text.data, text.size);
    struct bytes rest = text;
    struct bytes line;
    size_t from = 0;
    while (bytes_split(&rest, '\n', &line)) {
        blank(copy, from, from + offset_of(line));
        from = text.size - rest.size;
    }
    return read_commands((struct bytes){copy, text.size}, parse, statement);
}

/* ---- units of systemd ---- */

/* Where the command of a line of a unit begins; its size where it has none.  Signs before the
 * program say how it is run. */
static size_t exec_offset(struct bytes line)
{
    static const char *const names[] = {
        "ExecStart=", "ExecStartPre=", "ExecStartPost=", "ExecReload=",
        "ExecStop=",  "ExecStopPost=", "ExecCondition="};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t at = bytes_find(line, bytes_of_text(names[i]));
        bool begins = at < line.size && (at == 0 || line.data[at - 1] <= ' ');
        if (begins) {
            at += bytes_of_text(names[i]).size;
            while (at < line.size &&
                   bytes_find_byte(bytes_of_text("-@:+!"), line.data[at]) < 5) {
                at++;
            }
            return at;
        }
    }
    return line.size;
}

/* Its first line that says anything begins such a command, or a part of a unit. */
static bool is_unit(struct bytes text)
{
    struct bytes line = bytes_trim(text);
    bool is_part = bytes_starts(line, "[Unit]") || bytes_starts(line, "[Service]") ||
                   bytes_starts(line, "[Timer]") || bytes_starts(line, "[Install]");
    return exec_offset(line) < line.size &&
           (is_part || (bytes_starts(line, "Exec") && bytes_find_byte(line, '=') < 14));
}

/* ---- what documentation writes ---- */

/* The size of "[a|b c]", as documentation writes a choice; 0 where there is none.  `*last` is
 * where the last part begins.  A test, "[ -f x ]", has a blank behind its bracket. */
static size_t choice_size(struct bytes text, size_t at, size_t *last)
{
    size_t from = at + 1;
    bool has_bar = false;
    for (size_t i = from; i < text.size && i < at + CHOICE_SIZE_MAX; i++) {
        uint8_t byte = text.data[i];
        if (byte == ']') {
            *last = from;
            return has_bar && i > from ? i + 1 - at : 0;
        }
        if (byte < ' ' || byte == '[' || byte == '"' || byte == '\'' || byte == ';' ||
            (i == at + 1 && byte == ' ')) {
            return 0;
        }
        if (byte == '|') {
            has_bar = true;
            from = i + 1;
        }
    }
    return 0;
}

/* Commands, where choices of words are read as the last of them. */
static enum status read_usage(struct bytes text, struct parse *parse,
                              struct statement *statement)
{
    uint8_t *copy = arena_take(parse->evidence, text.size);
    if (copy == NULL && text.size > 0) {
        return STATUS_NO_MEMORY;
    }
    memcpy(copy, text.data, text.size);
    for (size_t i = 0; i < text.size; i++) {
        size_t last = 0;
        bool begins = text.data[i] == '[' && (i == 0 || text.data[i - 1] == ' ');
        size_t size = begins ? choice_size(text, i, &last) : 0;
        if (size > 0) {
            blank(copy, i, last);
            copy[i + size - 1] = ' ';
            statement->is_usage = true;
            i += size - 1;
        }
    }
    return read_commands((struct bytes){copy, text.size}, parse, statement);
}

static bool is_log(const struct reader *reader)
{
    static const char *const kinds[] = {"journal in JSON", "journal export"};
    struct bytes kind = bytes_of_text(reader->kind);
    bool is_journal = bytes_equal_text(kind, kinds[0]) || bytes_equal_text(kind, kinds[1]);
    return reader->read != NULL && (is_journal || bytes_ends(kind, "log"));
}

/* A line of a log, where a reader knows it; else shell text. */
static enum status read_lines(struct bytes text, struct parse *parse,
                              struct statement *statement)
{
    const struct sample sample = {.head = text, .is_whole = true, .is_text = true};
    const struct reader *reader = identify(&sample);
    if (reader != NULL && is_log(reader)) {
        statement->kind = STATEMENT_LOG;
        struct stream stream;
        TRY(stream_of_bytes(&stream, text, parse->evidence));
        return reader->read(&stream, parse);
    }
    if (shell_crontab_matches(text, BYTES_NONE)) {
        statement->kind = STATEMENT_SCHEDULE;
        return read_behind(text, command_offset, parse, statement);
    }
    if (is_unit(text)) {
        statement->kind = STATEMENT_UNIT;
        return read_behind(text, exec_offset, parse, statement);
    }
    statement->language = language_of(text, dialect_of(text));
    if (statement->language != LANGUAGE_NONE) {
        statement->kind = STATEMENT_CODE;
        return read_code(text, statement->language, parse, statement);
    }
    return read_usage(text, parse, statement);
}

static enum status read_any(struct bytes text, struct parse *parse, struct statement *statement)
{
    if (is_request(text)) {
        statement->kind = STATEMENT_REQUEST;
        return read_request(text, statement);
    }
    if (is_url(text)) {
        statement->kind = STATEMENT_URL;
        return read_url(text, statement);
    }
    if (is_agent(text)) {
        statement->kind = STATEMENT_AGENT;
        return statement_add_field(statement, FIELD_HTTP_USER_AGENT, text);
    }
    return read_lines(text, parse, statement);
}

/* What the text, or a view of it, hides; each is read as shell text too. */
static enum status read_views(struct bytes text, uint32_t parent, struct parse *parse,
                              struct statement *statement)
{
    size_t from = 0;
    struct hidden hidden;
    while (statement->view_count < STATEMENT_VIEWS_MAX &&
           hidden_next(text, &from, parse->evidence, &hidden)) {
        statement->views[statement->view_count++] = (struct statement_view){
            .how = bytes_of_text(hidden.how),
            .text = bytes_part(hidden.text, 0, STATEMENT_TEXT_MAX),
            .parent = parent,
            .offset = hidden.offset,
            .size = hidden.size,
        };
        statement->view = (uint32_t)statement->view_count;
        /* Its members are numbered like views: records name the one they stand in. */
        TRY(coverage_member(parse->coverage, parent, bytes_of_text("decoded"), &parse->member));
        enum statement_language language = language_of(hidden.text, dialect_of(hidden.text));
        enum status status = language == LANGUAGE_NONE
                                 ? read_commands(hidden.text, parse, statement)
                                 : read_code(hidden.text, language, parse, statement);
        parse->member = 0;
        TRY(status);
    }
    return STATUS_OK;
}

enum status paste_read(struct bytes text, struct parse *parse, struct statement *statement)
{
    TRY(read_any(text, parse, statement));
    TRY(read_views(text, 0, parse, statement));
    for (uint32_t i = 0; i < statement->view_count; i++) {
        TRY(read_views(statement->views[i].text, i + 1, parse, statement));
    }
    TRY(handed_read(parse, statement));
    TRY(code_read_handed(parse, statement));
    statement->view = 0;
    return STATUS_OK;
}
