#include "parse/language.h"

#include "base/number.h"

/* How a text begins; letters compare without case where `any_case`. */
struct beginning {
    const char *text;
    enum statement_language language;
    bool any_case;
};

/* rows: one deleted at a time by make prove */
static const struct beginning beginnings[] = {
    {"<?php", LANGUAGE_PHP, true},
    {"<?=", LANGUAGE_PHP, false},
    {"<%", LANGUAGE_PAGE, false},
    {"<!doctype", LANGUAGE_PAGE, true},
    {"<?xml", LANGUAGE_PAGE, true},
    {"#include <", LANGUAGE_C, false},
    {"${jndi:", LANGUAGE_LOOKUP, true},
    {"${${", LANGUAGE_LOOKUP, false},
    {"import java.", LANGUAGE_JAVA, false},
    {"public class ", LANGUAGE_JAVA, false},
    {"Runtime.getRuntime(", LANGUAGE_JAVA, false},
    {"new java.", LANGUAGE_JAVA, false},
    {"javascript:", LANGUAGE_JAVASCRIPT, true},
    {"const ", LANGUAGE_JAVASCRIPT, false},
    {"document.", LANGUAGE_JAVASCRIPT, false},
    {"window.", LANGUAGE_JAVASCRIPT, false},
    {"console.log(", LANGUAGE_JAVASCRIPT, false},
    {"(function(", LANGUAGE_JAVASCRIPT, false},
    {"(() =>", LANGUAGE_JAVASCRIPT, false},
    {"(()=>", LANGUAGE_JAVASCRIPT, false},
    {"#!/usr/bin/env python", LANGUAGE_PYTHON, false},
    {"#!/usr/bin/python", LANGUAGE_PYTHON, false},
    {"#!/usr/bin/perl", LANGUAGE_PERL, false},
    {"#!/usr/bin/env perl", LANGUAGE_PERL, false},
    {"#!/usr/bin/env node", LANGUAGE_JAVASCRIPT, false},
    {"#!/usr/bin/env ruby", LANGUAGE_RUBY, false},
    {"CreateObject(", LANGUAGE_VISUAL_BASIC, true},
    {"Sub AutoOpen(", LANGUAGE_VISUAL_BASIC, true},
    {"Sub Document_Open(", LANGUAGE_VISUAL_BASIC, true},
    {"' or '1'='1", LANGUAGE_SQL, true},
    {"' or 1=1", LANGUAGE_SQL, true},
    {"' union select ", LANGUAGE_SQL, true},
    {"union select ", LANGUAGE_SQL, true},
    {"union all select ", LANGUAGE_SQL, true},
};

/* Words that, with the first one, say that it is SQL. */
static const struct {
    const char *first;
    const char *later; /* what must stand behind, between spaces, or at the end */
} statements[] = {
    {"select ", " from "},     {"insert ", "into "},   {"update ", " set "},
    {"delete ", "from "},      {"drop table ", ""},    {"drop database ", ""},
    {"create table ", "("},    {"alter table ", ""},   {"truncate table ", ""},
    {"create user ", "'"},     {"grant ", " to "},     {"exec xp_", ""},
    {"create database ", ";"}, {"declare @", ""},      {"alter user ", "'"},
    {"exec master", "xp_"},    {"select @@", ""},      {"select sleep(", ""},
    {"select version(", ""},   {"waitfor delay ", ""}, {"load data ", "infile"},
};

static bool starts_nocase(struct bytes text, const char *with)
{
    return bytes_equal_text_nocase(bytes_part(text, 0, bytes_of_text(with).size), with);
}

static bool contains_nocase(struct bytes text, const char *needle)
{
    size_t size = bytes_of_text(needle).size;
    for (size_t i = 0; i + size <= text.size; i++) {
        if (bytes_equal_text_nocase(bytes_part(text, i, size), needle)) {
            return true;
        }
    }
    return false;
}

static bool is_sql(struct bytes text)
{
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        if (starts_nocase(text, statements[i].first) &&
            contains_nocase(text, statements[i].later)) {
            return true;
        }
    }
    return false;
}

static uint8_t byte_at(struct bytes text, size_t at)
{
    return at < text.size ? text.data[at] : 0;
}

static bool is_name_byte(uint8_t byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '_';
}

static size_t name_size(struct bytes text, bool dots)
{
    size_t size = 0;
    while (size < text.size &&
           (is_name_byte(text.data[size]) || (dots && text.data[size] == '.'))) {
        size++;
    }
    return size;
}

/* "import os, sys": ImageMagick's import is given files and options. */
static bool is_import(struct bytes text)
{
    bool is_from = bytes_starts(text, "from ");
    if (!is_from && !bytes_starts(text, "import ")) {
        return false;
    }
    struct bytes rest = bytes_trim(bytes_from(text, is_from ? 5 : 7));
    size_t size = name_size(rest, true);
    struct bytes behind = bytes_from(rest, size);
    if (size == 0 || is_from) {
        return size > 0 && bytes_starts(behind, " import ");
    }
    bool has_dot = bytes_find_byte(bytes_part(rest, 0, size), '.') < size;
    return (behind.size == 0 && !has_dot) || bytes_starts(behind, ",") ||
           bytes_starts(behind, ";") || bytes_starts(behind, "\n") ||
           bytes_starts(behind, "\r") || bytes_starts(behind, " as ") ||
           bytes_starts(behind, " ;");
}

/* "use Socket;", "use IO::Socket::INET;", "my $x =". */
static bool is_perl(struct bytes text)
{
    if (bytes_starts(text, "my $") || bytes_starts(text, "my @") ||
        bytes_starts(text, "my (")) {
        return bytes_find_byte(text, '=') < text.size;
    }
    struct bytes rest = bytes_from(text, 4);
    size_t size = 0;
    while (size < rest.size && (is_name_byte(rest.data[size]) || rest.data[size] == ':')) {
        size++;
    }
    return bytes_starts(text, "use ") && size > 0 && size < rest.size &&
           (rest.data[size] == ';' || rest.data[size] == ' ') &&
           bytes_find_byte(rest, ';') < rest.size;
}

/* "let x = 1": in a shell no blanks stand around the sign. */
static bool is_variable(struct bytes text)
{
    bool is_let = bytes_starts(text, "let ") || bytes_starts(text, "var ");
    struct bytes rest = bytes_from(text, 4);
    size_t size = name_size(rest, false);
    struct bytes behind = bytes_from(rest, size);
    return is_let && size > 0 &&
           (bytes_starts(behind, " = ") ||
            (bytes_starts(text, "var ") && bytes_starts(behind, "=")));
}

/* "<script>", "<img src=x>": a shell would read from a file of that name; documentation writes
 * keys to press so. */
static bool is_page(struct bytes text)
{
    static const char *const names[] = {
        "script", "img",   "iframe", "svg",  "html",  "body",   "form",  "input", "a",
        "div",    "span",  "p",      "meta", "link",  "object", "embed", "style", "table",
        "head",   "title", "video",  "base", "audio", "button", "math",  "b",     "br"};
    bool is_end = bytes_starts(text, "</");
    struct bytes rest = bytes_from(text, is_end ? 2 : 1);
    size_t size = name_size(rest, false);
    bool is_name = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        is_name |= bytes_equal_text_nocase(bytes_part(rest, 0, size), names[i]);
    }
    uint8_t behind = byte_at(rest, size);
    return bytes_starts(text, "<") && is_name &&
           (behind == '>' || behind == '/' || (behind > 0 && behind <= ' ')) &&
           bytes_find_byte(text, '>') < text.size;
}

/* "{"a": ...}". */
static bool is_json(struct bytes text)
{
    struct bytes inner = bytes_trim(bytes_from(text, 1));
    bool is_object = bytes_starts(text, "{") && bytes_ends(text, "}") &&
                     bytes_starts(inner, "\"") && bytes_contains(inner, "\":");
    bool is_list = bytes_starts(text, "[") && bytes_ends(text, "]") &&
                   (bytes_starts(inner, "{\"") || bytes_starts(inner, "{ \""));
    return is_object || is_list || (bytes_starts(text, "{") && bytes_contains(text, "\" :"));
}

/* Names that say which language a call belongs to. */
static const struct {
    const char *name;
    enum statement_language language;
} marks[] = {
    {"$_GET", LANGUAGE_PHP},
    {"$_POST", LANGUAGE_PHP},
    {"$_REQUEST", LANGUAGE_PHP},
    {"$_SERVER", LANGUAGE_PHP},
    {"$_COOKIE", LANGUAGE_PHP},
    {"$_FILES", LANGUAGE_PHP},
    {"base64_decode", LANGUAGE_PHP},
    {"gzinflate", LANGUAGE_PHP},
    {"str_rot13", LANGUAGE_PHP},
    {"shell_exec", LANGUAGE_PHP},
    {"passthru", LANGUAGE_PHP},
    {"file_put_contents", LANGUAGE_PHP},
    {"__import__", LANGUAGE_PYTHON},
    {"b64decode", LANGUAGE_PYTHON},
    {"os.system", LANGUAGE_PYTHON},
    {"subprocess.", LANGUAGE_PYTHON},
    {"pty.spawn", LANGUAGE_PYTHON},
    {"os.popen", LANGUAGE_PYTHON},
    {"require(", LANGUAGE_JAVASCRIPT},
    {"atob(", LANGUAGE_JAVASCRIPT},
    {"document.", LANGUAGE_JAVASCRIPT},
    {"fromCharCode", LANGUAGE_JAVASCRIPT},
    {"unescape(", LANGUAGE_JAVASCRIPT},
    {"alert(", LANGUAGE_JAVASCRIPT},
    {"Runtime.getRuntime", LANGUAGE_JAVA},
    {"CreateObject", LANGUAGE_VISUAL_BASIC},
};

static enum statement_language language_by_marks(struct bytes text)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (bytes_contains(text, marks[i].name)) {
            return marks[i].language;
        }
    }
    return LANGUAGE_UNKNOWN;
}

/* "name(x": a shell allows no bracket there but "name()". */
static bool is_call(struct bytes text)
{
    static const char *const words[] = {"if",      "while",  "for",   "case", "until", "select",
                                        "foreach", "switch", "catch", "elif", "return"};
    struct bytes rest = bytes_from(text, bytes_starts(text, "@"));
    size_t size = name_size(rest, true);
    struct bytes name = bytes_part(rest, 0, size);
    struct bytes behind = bytes_from(rest, size);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (bytes_equal_text(name, words[i])) {
            return false;
        }
    }
    struct bytes inner = bytes_trim(bytes_from(behind, 1));
    return size > 0 && !byte_is_digit(name.data[0]) && name.data[0] != '.' &&
           bytes_starts(behind, "(") && inner.size > 0 &&
           (inner.data[0] != ')' || bytes_find_byte(name, '.') < name.size);
}

/* What is put into a field of a page in order to change the question to its database. */
static bool is_injection(struct bytes text)
{
    static const char *const parts[] = {
        "' or '1'='1",     "' or 1=1",        "' and 1=1", "'; drop ",
        "; waitfor delay", "' union select ", "') or ('",  "' union all select ",
        "\" or \"1\"=\"1", "'or'1'='1"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (contains_nocase(text, parts[i]) && bytes_count(text, '\n') <= 1) {
            return true;
        }
    }
    return false;
}

#define ESCAPES_MIN 4

/* "%3Cscript%3E": one word, and no variables of the command prompt. */
static bool is_part_of_address(struct bytes text)
{
    size_t escapes = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] <= ' ' || text.data[i] == '"') {
            return false;
        }
        escapes += text.data[i] == '%' && number_hex_digit(byte_at(text, i + 1)) >= 0 &&
                   number_hex_digit(byte_at(text, i + 2)) >= 0;
    }
    return bytes_starts(text, "%") && escapes >= ESCAPES_MIN;
}

/* "$x = ...": PHP, where it uses what only PHP has. */
static bool is_php_assignment(struct bytes text)
{
    return bytes_starts(text, "$") && !bytes_starts(text, "$(") &&
           language_by_marks(text) == LANGUAGE_PHP;
}

/* "set x = createobject(": the command prompt has no brackets there. */
static bool is_visual_basic(struct bytes text)
{
    return (starts_nocase(text, "set ") || starts_nocase(text, "dim ") ||
            starts_nocase(text, "sub ") || starts_nocase(text, "private sub ")) &&
           (contains_nocase(text, "createobject(") || contains_nocase(text, "end sub"));
}

enum statement_language language_of(struct bytes text, enum shell_dialect dialect)
{
    struct bytes look = bytes_trim(bytes_part(text, 0, LANGUAGE_LOOK_MAX));
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        const struct beginning *row = &beginnings[i];
        if (row->any_case ? starts_nocase(look, row->text) : bytes_starts(look, row->text)) {
            return row->language == LANGUAGE_LOOKUP && !contains_nocase(look, "jndi") &&
                           !contains_nocase(look, "lower:") && !contains_nocase(look, "env:")
                       ? LANGUAGE_NONE
                       : row->language;
        }
    }
    if (is_sql(look) || is_injection(look)) {
        return LANGUAGE_SQL;
    }
    if (is_part_of_address(look)) {
        return LANGUAGE_ADDRESS;
    }
    if (is_php_assignment(look)) {
        return LANGUAGE_PHP;
    }
    if (is_visual_basic(look)) {
        return LANGUAGE_VISUAL_BASIC;
    }
    if (is_json(look)) {
        return LANGUAGE_JSON;
    }
    if (is_page(look)) {
        return LANGUAGE_PAGE;
    }
    if (dialect == SHELL_UNIX && is_import(look)) {
        return LANGUAGE_PYTHON;
    }
    if (is_perl(look)) {
        return LANGUAGE_PERL;
    }
    if (dialect != SHELL_POWERSHELL && is_variable(look)) {
        return LANGUAGE_JAVASCRIPT;
    }
    return dialect != SHELL_POWERSHELL && is_call(look) ? language_by_marks(look)
                                                        : LANGUAGE_NONE;
}
