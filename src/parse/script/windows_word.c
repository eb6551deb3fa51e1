#include "parse/script/windows_word.h"

#include "base/text.h"

/* A word being read. */
struct scan {
    struct bytes text;
    enum shell_dialect dialect;
    size_t at;
    size_t groups;
    struct windows_word *word;
};

static bool is_name_byte(uint8_t byte)
{
    return byte_is_letter(byte) || (byte >= '0' && byte <= '9') || byte == '_' || byte == ':' ||
           byte == '.' || byte == '?';
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\v' || byte == '\f';
}

static uint8_t byte_at(const struct scan *scan, size_t offset)
{
    return scan->at + offset < scan->text.size ? scan->text.data[scan->at + offset] : 0;
}

static bool is_done(const struct scan *scan)
{
    return scan->at >= scan->text.size;
}

static bool is_powershell(const struct scan *scan)
{
    return scan->dialect == SHELL_POWERSHELL;
}

/* ---- quotes ---- */

/* @" ... "@ over lines. */
static bool pass_here(struct scan *scan)
{
    uint8_t quote = byte_at(scan, 1);
    if (!is_powershell(scan) || byte_at(scan, 0) != '@' || (quote != '"' && quote != '\'') ||
        (byte_at(scan, 2) != '\n' && byte_at(scan, 2) != '\r')) {
        return false;
    }
    const uint8_t end[] = {'\n', quote, '@'};
    struct bytes rest = bytes_from(scan->text, scan->at);
    scan->at += bytes_find(rest, (struct bytes){end, sizeof end});
    scan->at =
        scan->at + sizeof end < scan->text.size ? scan->at + sizeof end : scan->text.size;
    scan->word->is_quoted = true;
    return true;
}

/* Whether a backslash before a quote keeps it in the text: not where the word ends there. */
static bool keeps_quote(const struct scan *scan)
{
    uint8_t next = byte_at(scan, 2);
    return !is_powershell(scan) && byte_at(scan, 0) == '\\' && byte_at(scan, 1) == '"' &&
           next > ' ' && next != '|' && next != '&' && next != '>' && next != ')';
}

/* From a quote past its end, or the end of all. */
static void pass_quoted(struct scan *scan)
{
    uint8_t quote = byte_at(scan, 0);
    bool escapes = is_powershell(scan) && quote == '"';
    scan->at++;
    scan->word->is_quoted = true;
    while (!is_done(scan)) {
        uint8_t byte = byte_at(scan, 0);
        if ((escapes && byte == '`') || keeps_quote(scan)) {
            scan->at += 2;
        } else if (byte == quote && byte_at(scan, 1) == quote) {
            scan->at += 2;
        } else if (byte == quote) {
            scan->at++;
            return;
        } else if (!is_powershell(scan) && byte == '\n') {
            return;
        } else {
            scan->word->has_expansion |= quote == '"' && (byte == '$' || byte == '%');
            scan->at++;
        }
    }
    scan->at = scan->text.size;
}

/* ---- groups ---- */

static bool opens(uint8_t byte)
{
    return byte == '(' || byte == '{' || byte == '[';
}

static bool closes(uint8_t byte)
{
    return byte == ')' || byte == '}' || byte == ']';
}

/* From "(" or its like past what closes it; any of the three closes any. */
static void pass_group(struct scan *scan)
{
    size_t depth = 0;
    while (!is_done(scan)) {
        uint8_t byte = byte_at(scan, 0);
        if (byte == '"' || byte == '\'') {
            pass_quoted(scan);
            continue;
        }
        if (byte == '`') {
            scan->at += 2;
            continue;
        }
        if (pass_here(scan)) {
            continue;
        }
        depth += opens(byte) && depth < WINDOWS_GROUPS_DEPTH_MAX;
        depth -= closes(byte) && depth > 0;
        scan->at++;
        if (depth == 0) {
            return;
        }
    }
    scan->at = scan->text.size;
}

/* A group of a word; what a method is given holds no commands. */
static void take_group(struct scan *scan, bool is_call)
{
    struct windows_word *word = scan->word;
    uint8_t byte = byte_at(scan, 0);
    uint8_t before = scan->at > word->from ? scan->text.data[scan->at - 1] : 0;
    bool is_table = byte == '{' && (before == '@' || before == '$');
    size_t from = scan->at + 1;
    bool was_quoted = word->is_quoted;
    pass_group(scan);
    word->is_quoted = was_quoted;
    word->has_expansion = true;
    size_t to =
        scan->at > from && closes(scan->text.data[scan->at - 1]) ? scan->at - 1 : scan->at;
    if (byte != '[' && !is_table && !is_call && word->group_count < WINDOWS_GROUPS_MAX) {
        word->groups[word->group_count++] = (struct windows_group){from, to, byte == '{'};
    }
}

/* "name(": a call where the name is a member's or a type's, else a word and its group. */
static bool is_member(struct bytes name)
{
    return name.size > 0 &&
           (bytes_find_byte(name, '.') < name.size || bytes_find_byte(name, ':') < name.size ||
            name.data[0] == '$' || name.data[0] == '[' || closes(name.data[name.size - 1]));
}

/* ---- words ---- */

static bool ends_word(const struct scan *scan)
{
    uint8_t byte = byte_at(scan, 0);
    if (is_blank(byte) || byte == '\n' || byte == '|' || byte == '>') {
        return true;
    }
    if (is_powershell(scan)) {
        return byte == ';' || byte == ')' || byte == '}' ||
               (byte == '&' && byte_at(scan, 1) == '&');
    }
    return byte == '&' || byte == '<' || (byte == ')' && scan->groups > 0);
}

static void read_prompt_word(struct scan *scan)
{
    if (byte_at(scan, 0) == '(') {
        /* What a loop goes through: "in (a b)". */
        struct bytes rest = bytes_from(scan->text, scan->at);
        size_t line = bytes_find_byte(rest, '\n');
        size_t end = bytes_find_byte(bytes_part(rest, 0, line), ')');
        scan->at += end < line ? end + 1 : line;
        return;
    }
    while (!is_done(scan) && !ends_word(scan)) {
        uint8_t byte = byte_at(scan, 0);
        if (byte == '"') {
            pass_quoted(scan);
        } else if (byte == '^' || keeps_quote(scan)) {
            scan->at += 2;
        } else {
            scan->word->has_expansion |= byte == '%' || byte == '!';
            scan->at++;
        }
    }
}

static void read_powershell_word(struct scan *scan)
{
    while (!is_done(scan) && !ends_word(scan)) {
        uint8_t byte = byte_at(scan, 0);
        if (pass_here(scan)) {
            continue;
        }
        if (byte == '"' || byte == '\'') {
            pass_quoted(scan);
        } else if (byte == '`') {
            scan->at += 2;
        } else if (opens(byte)) {
            struct bytes name =
                bytes_part(scan->text, scan->word->from, scan->at - scan->word->from);
            bool is_bare = name.size > 0 && byte_is_letter(name.data[0]) && !is_member(name);
            if (is_bare && byte != '[') {
                return;
            }
            take_group(scan, byte == '(' && is_member(name));
        } else {
            scan->word->has_expansion |= byte == '$';
            scan->at++;
        }
    }
}

static void read_word(struct scan *scan)
{
    scan->word->from = scan->at;
    if (is_powershell(scan)) {
        read_powershell_word(scan);
    } else {
        read_prompt_word(scan);
    }
    scan->at = scan->at < scan->text.size ? scan->at : scan->text.size;
    scan->at += scan->at == scan->word->from && !is_done(scan);
    scan->word->to = scan->at;
}

/* ---- what stands between ---- */

static bool starts_nocase(const struct scan *scan, const char *word)
{
    size_t size = bytes_of_text(word).size;
    return bytes_equal_text_nocase(bytes_part(scan->text, scan->at, size), word);
}

static void pass_line(struct scan *scan)
{
    while (!is_done(scan) && byte_at(scan, 0) != '\n') {
        scan->at++;
    }
}

static bool pass_comment(struct scan *scan, bool is_first)
{
    if (is_powershell(scan) && byte_at(scan, 0) == '<' && byte_at(scan, 1) == '#') {
        struct bytes rest = bytes_from(scan->text, scan->at);
        size_t end = bytes_find(rest, bytes_of_text("#>"));
        scan->at += end < rest.size ? end + 2 : rest.size;
        return true;
    }
    bool is_comment = is_powershell(scan) ? byte_at(scan, 0) == '#'
                                          : is_first && (starts_nocase(scan, "rem ") ||
                                                         starts_nocase(scan, "::"));
    if (is_comment) {
        pass_line(scan);
    }
    return is_comment;
}

/* Signs before a command that are none of its words: "@", "&", "(" of the command prompt. */
static size_t lead_size(struct scan *scan)
{
    uint8_t byte = byte_at(scan, 0);
    if (is_powershell(scan)) {
        return (byte == '&' && byte_at(scan, 1) != '&') ||
               (byte == '.' && is_blank(byte_at(scan, 1)));
    }
    bool is_else =
        starts_nocase(scan, "else") && (is_blank(byte_at(scan, 4)) || byte_at(scan, 4) == '(');
    scan->groups += byte == '(';
    scan->groups -= byte == ')' && scan->groups > 0;
    return is_else ? 4 : byte == '@' || byte == '(' || byte == ')' || byte == '&';
}

/* Blanks, comments, lines that go on. */
static void pass_blanks(struct scan *scan, bool is_first)
{
    uint8_t escape = is_powershell(scan) ? '`' : '^';
    size_t lead = 0;
    while (!is_done(scan)) {
        uint8_t byte = byte_at(scan, 0);
        bool goes_on = byte == escape && (byte_at(scan, 1) == '\n' || byte_at(scan, 1) == '\r');
        if (is_blank(byte) || (is_first && byte == '\n')) {
            scan->at++;
        } else if (goes_on) {
            scan->at += byte_at(scan, 1) == '\r' && byte_at(scan, 2) == '\n' ? 3 : 2;
        } else if (is_first && (lead = lead_size(scan)) > 0) {
            scan->at += lead;
        } else if (!pass_comment(scan, is_first)) {
            return;
        }
    }
    scan->at = scan->text.size;
}

/* ">", ">>", "2>", "2>&1", "<". */
static bool read_redirect(struct scan *scan)
{
    size_t at = 0;
    uint8_t byte = byte_at(scan, 0);
    if ((byte >= '0' && byte <= '9') || byte == '*') {
        at = 1;
    }
    bool reads = byte_at(scan, at) == '<' && !is_powershell(scan);
    if (byte_at(scan, at) != '>' && !reads) {
        return false;
    }
    bool is_appended = byte_at(scan, at + 1) == '>';
    scan->word->is_error = at == 1 && byte == '2';
    scan->at += at + 1 + is_appended;
    scan->word->kind = reads ? WINDOWS_READ : is_appended ? WINDOWS_APPEND : WINDOWS_WRITE;
    if (byte_at(scan, 0) == '&') {
        scan->at += 2; /* another stream: no place of its own */
        scan->at = scan->at < scan->text.size ? scan->at : scan->text.size;
        scan->word->from = scan->at;
        scan->word->to = scan->at;
        return true;
    }
    while (is_blank(byte_at(scan, 0)) && !is_done(scan)) {
        scan->at++;
    }
    if (is_done(scan) || ends_word(scan)) {
        scan->word->from = scan->at;
        scan->word->to = scan->at;
        return true;
    }
    enum windows_kind kind = scan->word->kind;
    read_word(scan);
    scan->word->kind = kind;
    return true;
}

/* "|", ";", a line's end and the like. */
static bool read_sign(struct scan *scan)
{
    uint8_t byte = byte_at(scan, 0);
    bool is_pipe = byte == '|' && byte_at(scan, 1) != '|';
    bool is_double = (byte == '|' || byte == '&') && byte_at(scan, 1) == byte;
    bool closes_group = !is_powershell(scan) && byte == ')' && scan->groups > 0;
    bool is_end =
        byte == '\n' || is_double || closes_group ||
        (is_powershell(scan) ? byte == ';' || byte == ')' || byte == '}' : byte == '&');
    if (is_pipe || is_end) {
        scan->word->kind = is_pipe ? WINDOWS_PIPE : WINDOWS_END;
    }
    scan->groups -= closes_group;
    scan->at += is_double ? 2 : is_pipe || is_end;
    return is_pipe || is_end;
}

/* The end of a value that is written out, or worked out: of one that runs a command, its
 * beginning, so that the command is read. */
static size_t value_end(struct scan *scan)
{
    uint8_t byte = byte_at(scan, 0);
    uint8_t next = byte_at(scan, 1);
    bool runs = byte_is_letter(byte) || byte == '&' || byte == '(' ||
                ((byte == '$' || byte == '@') && next == '(');
    if (runs) {
        return scan->at;
    }
    while (!is_done(scan)) {
        byte = byte_at(scan, 0);
        if (byte == '"' || byte == '\'') {
            pass_quoted(scan);
        } else if (opens(byte)) {
            pass_group(scan);
        } else if (!pass_here(scan)) {
            if (byte == ';' || byte == '\n' || byte == '|' || byte == '}' || byte == ')') {
                break;
            }
            scan->at++;
        }
    }
    return scan->at < scan->text.size ? scan->at : scan->text.size;
}

/* "$x = ...". */
static bool read_assignment(struct scan *scan)
{
    if (!is_powershell(scan) || byte_at(scan, 0) != '$') {
        return false;
    }
    size_t end = 1;
    while (is_name_byte(byte_at(scan, end))) {
        end++;
    }
    size_t equals = end;
    while (is_blank(byte_at(scan, equals))) {
        equals++;
    }
    equals += byte_at(scan, equals) == '+' || byte_at(scan, equals) == '-';
    if (end == 1 || byte_at(scan, equals) != '=' || byte_at(scan, equals + 1) == '=') {
        return false;
    }
    scan->word->kind = WINDOWS_ASSIGNMENT;
    scan->word->from = scan->at;
    scan->word->to = scan->at + end;
    scan->at += equals + 1;
    while (is_blank(byte_at(scan, 0)) && !is_done(scan)) {
        scan->at++;
    }
    if (byte_at(scan, 0) == '&' && byte_at(scan, 1) != '&') {
        scan->at++; /* "$x = & program": a command follows, in quotes or not */
        return true;
    }
    size_t from = scan->at;
    scan->word->to = value_end(scan) > from ? scan->at : scan->word->to;
    return true;
}

bool windows_word_next(struct windows_text *text, bool is_first, struct windows_word *out)
{
    *out = (struct windows_word){0};
    struct scan scan = {text->text, text->dialect, text->at, text->groups, out};
    pass_blanks(&scan, is_first);
    bool is_found = !is_done(&scan);
    if (is_found && !(is_first && read_assignment(&scan)) && !read_redirect(&scan) &&
        !read_sign(&scan)) {
        read_word(&scan);
    }
    text->at = scan.at < text->text.size ? scan.at : text->text.size;
    text->groups = scan.groups;
    return is_found;
}

/* ---- quotes removed ---- */

static bool is_dropped(struct bytes raw, size_t at, enum shell_dialect dialect, uint8_t *quote)
{
    uint8_t byte = raw.data[at];
    bool is_quote = byte == '"' || (byte == '\'' && dialect == SHELL_POWERSHELL);
    if (!is_quote) {
        uint8_t escape = dialect == SHELL_POWERSHELL ? '`' : '^';
        return byte == escape && *quote != '\'' && at + 1 < raw.size &&
               (dialect == SHELL_POWERSHELL || *quote == 0);
    }
    if (*quote == 0) {
        *quote = byte;
        return true;
    }
    if (*quote == byte) {
        *quote = 0;
        return true;
    }
    return false;
}

enum status windows_word_text(const struct windows_text *text, const struct windows_word *word,
                              struct arena *arena, struct bytes *out)
{
    struct bytes raw = bytes_part(text->text, word->from, word->to - word->from);
    AUTO(text_done) struct text plain = text_of_limit(raw.size + 1);
    uint8_t quote = 0;
    /* A group keeps its quotes: they are part of what it says. */
    bool keeps = word->kind == WINDOWS_ASSIGNMENT || word->group_count > 0 ||
                 (!word->is_quoted && text->dialect == SHELL_POWERSHELL);
    for (size_t i = 0; i < raw.size; i++) {
        if (keeps || !is_dropped(raw, i, text->dialect, &quote)) {
            text_add_byte(&plain, (char)raw.data[i]);
        }
    }
    TRY(text_status(&plain));
    return arena_copy(arena, text_bytes(&plain), out);
}
