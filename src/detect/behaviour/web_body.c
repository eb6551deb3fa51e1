#include "detect/behaviour/web_body.h"

#include <string.h>

#include "base/text.h"
#include "record/redact.h"

#define HIDDEN "[redacted]"
#define KEYWORD_SIZE_MAX 16U
#define NO_PLACE SIZE_MAX

/* What may stand about a sign of one kind. */
struct company {
    size_t words_before;
    size_t words; /* in all */
};

static const struct company companies[WEB_ATTACK_COUNT] = {
    [WEB_SQL] = {1, 3},
    [WEB_TRAVERSAL] = {0, 1},
    [WEB_COMMAND] = {1, 8}, /* a command's own words look like those of a language */
    [WEB_CODE] = {0, 3},
};

/* Words of SQL, which are none of a language. */
static const char *const keywords[] = {
    "all",    "and",     "as",     "asc",     "between", "by",     "case",  "char",
    "concat", "delay",   "delete", "desc",    "drop",    "else",   "end",   "exec",
    "exists", "from",    "group",  "having",  "in",      "insert", "into",  "is",
    "join",   "like",    "limit",  "not",     "null",    "offset", "on",    "or",
    "order",  "outfile", "select", "set",     "sleep",   "table",  "then",  "union",
    "update", "user",    "values", "version", "waitfor", "when",   "where", "distinct",
};

/* What a question to a database begins with: a tool for it was given one. */
/* rows: one deleted at a time by make prove */
static const char *const statements[] = {
    "select", "insert", "update", "delete", "create", "alter", "with", "show", "explain",
};

/* Names of values that are commands: a shell is meant to read them. */
/* rows: one deleted at a time by make prove */
static const char *const command_names[] = {
    "cmd", "command", "commands", "script", "scripts", "run", "exec", "args", "entrypoint",
};

void web_body_plain(const struct body_field *field, struct web_plain *plain)
{
    web_plain_set_pair(plain, field->name, field->value);
}

bool web_body_is_line(const struct body_field *field)
{
    struct bytes value = bytes_trim(field->value);
    return bytes_find_byte(value, '\n') == value.size &&
           bytes_find_byte(value, '\r') == value.size;
}

static bool is_one_of(struct bytes word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes_equal_text(word, list[i])) {
            return true;
        }
    }
    return false;
}

static bool is_letter(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || byte >= 0x80; /* of plain letters, or not of ASCII */
}

/* "<p>" or "</p>": the value is a page, or a part of one.  "<?php" is code. */
static bool has_markup(struct bytes value)
{
    /* What opens is looked for before the last ">" alone: one look from each "<" on would be
     * quadratic where none closes. */
    size_t last = value.size;
    while (last > 0 && value.data[last - 1] != '>') {
        last--;
    }
    for (size_t i = 0; i + 2 < last; i++) {
        uint8_t next = value.data[i + 1];
        if (value.data[i] == '<' && (is_letter(next) || next == '/')) {
            return true;
        }
    }
    return false;
}

/* Whether the letters from `begin` to `end` are a word of a sentence: between blanks, or before
 * the marks that end a part of one.  Before commas stand columns of tables, too. */
static bool is_spoken(struct bytes text, size_t begin, size_t end)
{
    bool begins = begin == 0 || byte_is_one_of(text.data[begin - 1], " (\"");
    bool ends = end == text.size || byte_is_one_of(text.data[end], " .:!?)\"");
    struct bytes word = bytes_part(text, begin, end - begin);
    return begins && ends && word.size > 1 &&
           !(word.size <= KEYWORD_SIZE_MAX &&
             is_one_of(word, keywords, sizeof keywords / sizeof *keywords));
}

static size_t count_words(struct bytes text)
{
    size_t count = 0;
    size_t at = 0;
    while (at < text.size) {
        size_t begin = at;
        while (at < text.size && is_letter(text.data[at])) {
            at++;
        }
        count += at > begin && is_spoken(text, begin, at);
        at += at == begin;
    }
    return count;
}

/* `make && ls -la`, `./build ; cd /`: a line of commands, not a value that one was added to. */
static bool is_command_line(struct bytes before)
{
    struct bytes words = bytes_trim(before);
    bool is_word = words.size > 0;
    for (size_t i = 0; i < words.size; i++) {
        is_word = is_word && is_letter(words.data[i]);
    }
    bool is_many = bytes_find_byte(words, ' ') < words.size;
    return is_many || (is_word && words.size < before.size);
}

/* Within backticks that open behind a blank or at the start: a quotation. */
static bool is_quoted(struct bytes value, size_t at)
{
    bool is_open = false;
    for (size_t i = 0; i < value.size && i <= at; i++) {
        if (value.data[i] == '`') {
            is_open = !is_open && (i == 0 || value.data[i - 1] == ' ');
        }
    }
    return is_open;
}

/* Where the words of a sign stand in the value; NO_PLACE for one that begins in the name. */
static size_t place_of(struct bytes value, struct bytes words)
{
    size_t at = bytes_find(value, words);
    return at < value.size ? at : NO_PLACE;
}

static bool is_in_company(struct bytes name, struct bytes value, const struct web_sign *sign)
{
    size_t at = place_of(value, sign->words);
    struct bytes before = bytes_part(value, 0, at == NO_PLACE ? 0 : at);
    const struct company *company = &companies[sign->kind];
    if (is_quoted(value, before.size) || count_words(before) > company->words_before ||
        count_words(value) > company->words) {
        return true;
    }
    struct bytes first = bytes_part(value, 0, bytes_find_byte(value, ' '));
    switch (sign->kind) {
    case WEB_SQL:
        return is_one_of(first, statements, sizeof statements / sizeof *statements);
    case WEB_COMMAND:
        return is_command_line(before) ||
               is_one_of(name, command_names, sizeof command_names / sizeof *command_names);
    case WEB_TRAVERSAL:
    case WEB_CODE:
        break;
    }
    return false;
}

bool web_body_sign(const struct body_field *field, struct web_plain *plain,
                   struct web_sign *out)
{
    if (!web_body_is_line(field)) {
        return false;
    }
    web_body_plain(field, plain);
    struct bytes text = web_plain_get(plain);
    struct web_sign sign;
    if (!web_sign_find(text, false, &sign)) {
        return false;
    }
    size_t equals = field->name.size == 0 ? text.size : bytes_find_byte(text, '=');
    struct bytes name = bytes_part(text, 0, equals < text.size ? equals : 0);
    struct bytes value = bytes_trim(equals < text.size ? bytes_from(text, equals + 1) : text);
    if (has_markup(value) || is_in_company(name, value, &sign)) {
        return false;
    }
    *out = sign;
    return true;
}

/* "user[password]" is the password of a user. */
static struct bytes inner_name(struct bytes name)
{
    size_t end = name.size;
    while (end > 0 && name.data[end - 1] == ']') {
        end--;
    }
    return bytes_after_last(bytes_part(name, 0, end), '[');
}

void web_body_show(const struct body_field *field, struct bytes words, struct trace_name *out)
{
    if (redact_names_secret(inner_name(field->name))) {
        words = (struct bytes)BYTES_LITERAL(HIDDEN);
    }
    trace_name_set(out, bytes_trim(words));
}
