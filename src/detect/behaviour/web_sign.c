#include "detect/behaviour/web_sign.h"

#include <string.h>

#define NEAR_SIZE 96U
#define TOKEN_SIZE_MAX 24U
#define PLACES_MAX 32 /* of the first piece that are tried */

/* Two pieces of text, the second soon after the first; or the first alone. */
struct sign_row {
    enum web_attack kind;
    const char *first;
    const char *then;
};

/* clang-format off */
/* rows: one deleted at a time by make prove */
static const struct sign_row rows[] = {
    {WEB_SQL, "select", "from information_schema"},
    {WEB_SQL, "and sleep(", NULL},
    {WEB_SQL, "or sleep(", NULL},
    {WEB_SQL, "'", "sleep("},
    {WEB_SQL, "select", "sleep("},
    {WEB_SQL, "select", "benchmark("},
    {WEB_SQL, "waitfor delay '", NULL},
    {WEB_SQL, "(select ", " from "},
    {WEB_SQL, "select (case when", NULL},
    {WEB_SQL, "select", "concat(0x"},
    {WEB_SQL, ";select ", " from "},
    {WEB_SQL, "; select ", " from "},
    {WEB_SQL, "char(", "||char("},
    {WEB_SQL, "char(", " char("},
    {WEB_SQL, "chr(", "||chr("},
    {WEB_SQL, "convert(int,", "select"},
    {WEB_SQL, "dbms_pipe.receive_message(", NULL},
    {WEB_SQL, "randomblob(", NULL},
    {WEB_SQL, "benchmark(", "md5("},
    {WEB_SQL, "'--", NULL},
    {WEB_TRAVERSAL, "web-inf/web.xml", NULL},
    {WEB_SQL, "extractvalue(", "0x"},
    {WEB_SQL, "updatexml(", "concat"},
    {WEB_SQL, "select", "load_file("},
    {WEB_SQL, "select", "into outfile '"},
    {WEB_SQL, "select", "into dumpfile '"},
    {WEB_SQL, "exec", "xp_cmdshell"},
    {WEB_SQL, "';", "drop table "},
    {WEB_SQL, "; drop table ", "--"},
    {WEB_CODE, "${jndi:", NULL},
    {WEB_CODE, "${${", ":"},
    {WEB_CODE, "${lower:", NULL},
    {WEB_CODE, "${::-", NULL},
    {WEB_CODE, "<?php ", NULL},
    {WEB_CODE, "<?=", "("},
    {WEB_CODE, "php://filter/", "resource="},
    {WEB_CODE, "=php://input", NULL},
    {WEB_CODE, "data://text/plain", ","},
    {WEB_CODE, "=expect://", NULL},
    {WEB_CODE, "allow_url_include", "auto_prepend_file"},
    {WEB_CODE, "eval(", "base64_decode("},
    {WEB_CODE, "call_user_func_array", "function="},
    {WEB_CODE, "invokefunction", "call_user_func"},
    {WEB_CODE, "system('", "')"},
    {WEB_CODE, "system($_", NULL},
    {WEB_CODE, "passthru(", ");"},
    {WEB_CODE, "shell_exec(", ");"},
    {WEB_CODE, "phpinfo();", NULL},
    {WEB_CODE, "@java.lang.runtime@", NULL},
    {WEB_CODE, "getruntime().exec(", NULL},
    {WEB_CODE, "#_memberaccess", NULL},
    {WEB_CODE, "class.module.classloader", "="},
    {WEB_CODE, "freemarker.template.utility.execute", NULL},
    {WEB_CODE, "__import__(", "("},
    {WEB_CODE, "__class__.__", "__"},
    {WEB_CODE, "{{7*7}}", NULL},
};
/* clang-format on */

static bool sign(struct bytes plain, size_t at, enum web_attack kind, struct web_sign *out)
{
    *out = (struct web_sign){kind, bytes_part(plain, at, WEB_SIGN_SHOWN_MAX)};
    return true;
}

static bool is_word_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_';
}

static uint8_t byte_at(struct bytes bytes, size_t at)
{
    return at < bytes.size ? bytes.data[at] : ' ';
}

/* The next place of `needle` at or after `from`, or the end. */
static size_t find_from(struct bytes plain, size_t from, const char *needle)
{
    return from + bytes_find(bytes_from(plain, from), bytes_of_text(needle));
}

static bool find_row(struct bytes plain, struct web_sign *out)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct sign_row *row = &rows[i];
        size_t at = find_from(plain, 0, row->first);
        for (unsigned places = 0; at < plain.size && places < PLACES_MAX; places++) {
            struct bytes after = bytes_part(plain, at + strlen(row->first), NEAR_SIZE);
            if (row->then == NULL || bytes_contains(after, row->then)) {
                return sign(plain, at, row->kind, out);
            }
            at = find_from(plain, at + 1, row->first);
        }
    }
    return false;
}

/* ---- SQL ---- */

/* "union select" with columns: a union of what was asked and what was not to be. */
static bool find_union(struct bytes plain, struct web_sign *out)
{
    /* rows: one deleted at a time by make prove */
    static const char *const columns[] = {"null", "@@", "concat", "char(", "version(", "0x"};
    for (size_t at = find_from(plain, 0, "union"); at < plain.size;
         at = find_from(plain, at + 1, "union")) {
        struct bytes after = bytes_part(plain, at + 5, NEAR_SIZE);
        size_t select = bytes_find(after, bytes_of_text("select"));
        if (select > sizeof " distinct (") {
            continue;
        }
        struct bytes list = bytes_trim(bytes_from(after, select + 6));
        bool is_list = list.size > 0 && (byte_is_digit(list.data[0]) || list.data[0] == '\'');
        is_list = is_list && bytes_find_byte(list, ',') < 16;
        for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
            is_list = is_list || bytes_contains(bytes_part(list, 0, 32), columns[i]);
        }
        bool has_source = bytes_find_byte(bytes_part(list, 0, 32), ',') < 32 &&
                          bytes_contains(list, " from ");
        if (is_list || has_source) {
            return sign(plain, at, WEB_SQL, out);
        }
    }
    return false;
}

/* What is compared, without its quotes. */
static struct bytes take_token(struct bytes *rest)
{
    size_t begin = 0;
    while (begin < rest->size && byte_is_one_of(rest->data[begin], "'\"( ")) {
        begin++;
    }
    size_t end = begin;
    while (end < rest->size && end - begin < TOKEN_SIZE_MAX && is_word_byte(rest->data[end])) {
        end++;
    }
    struct bytes token = bytes_part(*rest, begin, end - begin);
    while (end < rest->size &&
           (rest->data[end] == '\'' || rest->data[end] == '"' || rest->data[end] == ' ')) {
        end++;
    }
    *rest = bytes_from(*rest, end);
    return token;
}

static bool is_number(struct bytes token)
{
    for (size_t i = 0; i < token.size; i++) {
        if (!byte_is_digit(token.data[i])) {
            return false;
        }
    }
    return token.size > 0;
}

/* "or 1=1", "' and 'a'='a": what is always so, or two numbers that never are. */
static bool find_tautology(struct bytes plain, struct web_sign *out)
{
    static const char *const joins[] = {"or", "and", "||"};
    for (size_t at = 0; at + 2 < plain.size; at++) {
        uint8_t before = at == 0 ? 0 : plain.data[at - 1];
        if (before != ' ' && before != '\'' && before != '"' && before != ')') {
            continue;
        }
        for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
            struct bytes rest = bytes_from(plain, at);
            if (!bytes_starts(rest, joins[i])) {
                continue;
            }
            rest = bytes_from(rest, strlen(joins[i]));
            if (rest.size == 0 || !byte_is_one_of(rest.data[0], " '\"(")) {
                continue;
            }
            struct bytes left = take_token(&rest);
            if (left.size == 0 || byte_at(rest, 0) != '=') {
                continue;
            }
            rest = bytes_from(rest, 1);
            struct bytes right = take_token(&rest);
            if (bytes_equal(left, right) || (is_number(left) && is_number(right))) {
                return sign(plain, at - 1, WEB_SQL, out);
            }
        }
    }
    return false;
}

/* "' order by 5--": counting the columns. */
static bool find_order(struct bytes plain, struct web_sign *out)
{
    size_t at = find_from(plain, 0, "order by ");
    struct bytes number = bytes_from(plain, at + 9);
    size_t end = 0;
    while (end < number.size && byte_is_digit(number.data[end])) {
        end++;
    }
    struct bytes rest = bytes_trim(bytes_from(number, end));
    bool is_cut = bytes_starts(rest, "--") || bytes_starts(rest, "#");
    return at < plain.size && end > 0 && is_cut && sign(plain, at, WEB_SQL, out);
}

/* ---- paths ---- */

static bool names_secret_file(struct bytes text)
{
    /* rows: one deleted at a time by make prove */
    static const char *const files[] = {
        "etc/passwd", "etc/shadow",    "etc/hosts", "proc/self", "win.ini",    "boot.ini",
        ".ssh/",      "wp-config.php", ".htpasswd", "web-inf/",  "/.env",      "id_rsa",
        "system32",   "bin/sh",        "bin/bash",  "etc/group", "access.log",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (bytes_contains(text, files[i])) {
            return true;
        }
    }
    return false;
}

static bool find_traversal(struct bytes plain, bool was_encoded, struct web_sign *out)
{
    size_t first = plain.size;
    size_t climbs = 0;
    for (size_t at = 0; at + 2 < plain.size; at++) {
        bool is_climb = plain.data[at] == '.' && plain.data[at + 1] == '.' &&
                        (plain.data[at + 2] == '/' || plain.data[at + 2] == '\\');
        if (is_climb) {
            first = climbs == 0 ? at : first;
            climbs++;
        }
    }
    bool in_query = bytes_find_byte(bytes_part(plain, 0, first), '?') < first;
    bool is_secret = climbs > 0 && names_secret_file(bytes_from(plain, first));
    if (is_secret || (climbs >= 2 && was_encoded) || (climbs >= 3 && in_query)) {
        return sign(plain, first, WEB_TRAVERSAL, out);
    }
    /* rows: one deleted at a time by make prove */
    static const char *const values[] = {"=/etc/passwd",  "=/etc/shadow",   "=/proc/self/",
                                         "=file:/etc/",   "=c:/boot.ini",   "=c:\\boot.ini",
                                         "=file:///etc/", "=c:\\windows\\", "=c:/windows/"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        size_t at = find_from(plain, 0, values[i]);
        if (at < plain.size) {
            return sign(plain, at + 1, WEB_TRAVERSAL, out);
        }
    }
    return false;
}

/* ---- commands ---- */

/* A command and what must follow it to be no word of a sentence: one of these bytes, where '9'
 * stands for any digit; empty for a word that no sentence has. */
struct command_row {
    const char *word;
    const char *argument;
};

/* rows: one deleted at a time by make prove */
static const struct command_row commands[] = {
    {"cat", "/.$"},   {"wget", "hf-"},    {"curl", "hf-"},     {"ping", "-9"},
    {"nc", "-9"},     {"bash", "-</"},    {"sh", "-<"},        {"python", "-"},
    {"python3", "-"}, {"perl", "-"},      {"uname", "-"},      {"ls", "-/"},
    {"chmod", "9+"},  {"rm", "-"},        {"whoami", ""},      {"ifconfig", ""},
    {"ipconfig", ""}, {"cmd", "/"},       {"powershell", "-"}, {"certutil", "-"},
    {"sleep", "9"},   {"nslookup", "$`"}, {"cd", "/"},         {"busybox", "wtfn"},
    {"id", "-"},      {"echo", "$`"},     {"tftp", "-"},
};

/* A command without the folder of programs it may be called by. */
static struct bytes skip_folder(struct bytes text)
{
    static const char *const folders[] = {"/usr/", "/bin/", "bin/", "/sbin/"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        text = bytes_from(text, bytes_starts(text, folders[i]) ? strlen(folders[i]) : 0);
    }
    return text;
}

/* `is_inner`: between marks that hold a command and nothing else. */
static bool begins_command(struct bytes text, bool is_inner)
{
    size_t whole = text.size;
    text = skip_folder(text);
    bool is_told = text.size != whole; /* no sentence names a program's folder */
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        size_t size = strlen(commands[i].word);
        if (!bytes_starts(text, commands[i].word) || is_word_byte(byte_at(text, size)) ||
            byte_at(text, size) == '=') {
            continue;
        }
        const char *argument = commands[i].argument;
        bool is_parted = bytes_starts(bytes_from(text, size), " ") ||
                         bytes_starts(bytes_from(text, size), "${ifs}");
        uint8_t next = byte_at(text, size + (byte_at(text, size) == '$' ? 6 : 1));
        bool fits = is_parted && (byte_is_one_of(next, argument) ||
                                  (byte_is_digit(next) && byte_is_one_of('9', argument)));
        bool is_closed = byte_at(text, size) == '`' || byte_at(text, size) == ')';
        if (argument[0] == '\0' || fits || is_told || (is_inner && is_closed)) {
            return true;
        }
    }
    return false;
}

/* The size of what parts one command from another, or 0.  An ampersand parts parameters too: a
 * blank after it does not come from a form. */
static size_t separator_size(struct bytes rest)
{
    if (bytes_starts(rest, "$(") || bytes_starts(rest, "&&") || bytes_starts(rest, "& ")) {
        return 2;
    }
    return rest.data[0] == ';' || rest.data[0] == '|' || rest.data[0] == '`';
}

static bool find_command(struct bytes plain, struct web_sign *out)
{
    for (size_t at = 0; at < plain.size; at++) {
        struct bytes rest = bytes_from(plain, at);
        size_t size = separator_size(rest);
        bool is_inner = rest.data[0] == '$' || rest.data[0] == '`';
        if (size > 0 &&
            begins_command(bytes_trim(bytes_part(rest, size, NEAR_SIZE)), is_inner)) {
            return sign(plain, at, WEB_COMMAND, out);
        }
    }
    return false;
}

/* ---- all ---- */

/* True where the text has none of the marks that every sign needs. */
static bool is_harmless(struct bytes plain)
{
    for (size_t i = 0; i < plain.size; i++) {
        uint8_t byte = plain.data[i];
        bool is_plain = is_word_byte(byte) || byte == '/' || byte == '-' || byte == '?' ||
                        byte == '=' || byte == '&' || byte == '~' || byte == ',' ||
                        (byte == '.' && byte_at(plain, i + 1) != '.');
        if (!is_plain) {
            return false;
        }
    }
    return !bytes_contains(plain, "=/") && !bytes_contains(plain, "class.module") &&
           !bytes_contains(plain, "allow_url") && !bytes_contains(plain, "invokefunction") &&
           !bytes_contains(plain, "__class__") && !bytes_contains(plain, "web-inf/web.xml");
}

bool web_sign_find(struct bytes plain, bool was_encoded, struct web_sign *out)
{
    if (is_harmless(plain)) {
        return false;
    }
    return find_row(plain, out) || find_traversal(plain, was_encoded, out) ||
           find_union(plain, out) || find_tautology(plain, out) || find_order(plain, out) ||
           find_command(plain, out);
}

bool web_sign_find_in_header(struct bytes plain, struct web_sign *out)
{
    if (bytes_starts(plain, "() {")) {
        return sign(plain, 0, WEB_COMMAND, out);
    }
    struct web_sign found;
    bool has_mark =
        bytes_find_byte(plain, '{') < plain.size || bytes_find_byte(plain, '<') < plain.size;
    if (!has_mark || !find_row(plain, &found) || found.kind != WEB_CODE) {
        return false;
    }
    *out = found;
    return true;
}

const char *web_attack_name(enum web_attack kind)
{
    static const char *const names[WEB_ATTACK_COUNT] = {
        [WEB_SQL] = "words for a database",
        [WEB_TRAVERSAL] = "a path out of what is served",
        [WEB_COMMAND] = "a command for a shell",
        [WEB_CODE] = "code for the program itself",
    };
    return names[kind];
}
