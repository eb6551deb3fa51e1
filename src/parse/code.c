#include "parse/code.h"

#include "parse/handed.h"
#include "parse/script/dialect.h"
#include "record/shell.h"

#define ARGUMENT_SIZE_MAX 1024
#define LIST_ITEMS_MAX 24

/* Code being gone through. */
struct scan {
    struct bytes text;
    enum statement_language language;
    struct parse *parse;
    struct statement *statement;
    size_t at;
    /* Where the text stands: byte by byte from `offset`, or all of it there. */
    uint64_t offset;
    uint32_t size;
    bool is_literal;
};

/* ---- what runs commands ---- */

/* Calls whose first text a shell runs.  rows: one deleted at a time by make prove */
static const struct {
    const char *name;
    enum statement_language language;
} runners[] = {
    {"system", LANGUAGE_PHP},
    {"exec", LANGUAGE_PHP},
    {"shell_exec", LANGUAGE_PHP},
    {"passthru", LANGUAGE_PHP},
    {"popen", LANGUAGE_PHP},
    {"proc_open", LANGUAGE_PHP},
    {"`", LANGUAGE_PHP},
    {"os.system", LANGUAGE_PYTHON},
    {"os.popen", LANGUAGE_PYTHON},
    {"subprocess.run", LANGUAGE_PYTHON},
    {"subprocess.call", LANGUAGE_PYTHON},
    {"subprocess.check_output", LANGUAGE_PYTHON},
    {"subprocess.check_call", LANGUAGE_PYTHON},
    {"subprocess.Popen", LANGUAGE_PYTHON},
    {"subprocess.getoutput", LANGUAGE_PYTHON},
    {"pty.spawn", LANGUAGE_PYTHON},
    {"system", LANGUAGE_PERL},
    {"exec", LANGUAGE_PERL},
    {"qx", LANGUAGE_PERL},
    {"`", LANGUAGE_PERL},
    {"system", LANGUAGE_RUBY},
    {"exec", LANGUAGE_RUBY},
    {"spawn", LANGUAGE_RUBY},
    {"IO.popen", LANGUAGE_RUBY},
    {"`", LANGUAGE_RUBY},
    {"exec", LANGUAGE_JAVASCRIPT},
    {"execSync", LANGUAGE_JAVASCRIPT},
    {"spawn", LANGUAGE_JAVASCRIPT},
    {"spawnSync", LANGUAGE_JAVASCRIPT},
    {"Run", LANGUAGE_JAVASCRIPT},
    {"exec", LANGUAGE_JAVA},
    {"Run", LANGUAGE_VISUAL_BASIC},
    {"Exec", LANGUAGE_VISUAL_BASIC},
    {"Shell", LANGUAGE_VISUAL_BASIC},
    {"system", LANGUAGE_AWK},
    {"system", LANGUAGE_C},
    {"popen", LANGUAGE_C},
    {"system", LANGUAGE_UNKNOWN},
    {"shell_exec", LANGUAGE_UNKNOWN},
};

/* Whether `name` is the row's, or ends with it behind a dot or the like. */
static bool is_named(struct bytes name, const char *row)
{
    size_t size = bytes_of_text(row).size;
    return bytes_ends(name, row) &&
           (name.size == size || name.data[name.size - size - 1] == '.' ||
            name.data[name.size - size - 1] == ':');
}

static bool runs_commands(const struct scan *scan, struct bytes name)
{
    for (size_t i = 0; i < sizeof runners / sizeof *runners; i++) {
        if (runners[i].language == scan->language && is_named(name, runners[i].name)) {
            return true;
        }
    }
    return false;
}

/* ---- calls ---- */

/* SQL tells no small letters from capitals. */
static bool is_same_name(const struct scan *scan, struct bytes one, struct bytes other)
{
    for (size_t i = 0; i < one.size && one.size == other.size; i++) {
        bool is_same = scan->language == LANGUAGE_SQL
                           ? byte_lower(one.data[i]) == byte_lower(other.data[i])
                           : one.data[i] == other.data[i];
        if (!is_same) {
            return false;
        }
    }
    return one.size == other.size;
}

static bool is_told(const struct scan *scan, struct bytes name, struct bytes argument)
{
    const struct statement *statement = scan->statement;
    for (size_t i = 0; i < statement->call_count; i++) {
        const struct statement_call *call = &statement->calls[i];
        if (call->within == statement->within && call->view == statement->view &&
            is_same_name(scan, call->name, name) && bytes_equal(call->argument, argument)) {
            return true;
        }
    }
    return false;
}

/* Keeps a call that stands at `from`; each once: `*is_new` (may be NULL) where it was not
 * there. */
static enum status add_call(struct scan *scan, struct bytes name, struct bytes argument,
                            size_t from, size_t size, bool *is_new)
{
    struct statement *statement = scan->statement;
    struct bytes kept = bytes_part(argument, 0, ARGUMENT_SIZE_MAX);
    if (statement->call_count == STATEMENT_CALLS_MAX || name.size == 0 ||
        is_told(scan, name, kept)) {
        return STATUS_OK;
    }
    if (is_new != NULL) {
        *is_new = true;
    }
    struct statement_call *call = &statement->calls[statement->call_count++];
    *call = (struct statement_call){
        .view = statement->view,
        .within = statement->within,
        .language = scan->language,
        .offset = scan->is_literal ? scan->offset + from : scan->offset,
        .size = scan->is_literal ? (uint32_t)size : scan->size,
    };
    TRY(arena_copy(statement->arena, name, &call->name));
    return arena_copy(statement->arena, kept, &call->argument);
}

/* The text stands at `from` as it is, unless it was put together. */
static enum status add_commands(struct scan *scan, struct bytes text, size_t from,
                                bool is_whole)
{
    const struct handed_text handed = {
        .text = text,
        .dialect = dialect_of(text),
        .offset = scan->is_literal ? scan->offset + from : scan->offset,
        .size = scan->is_literal ? (uint32_t)text.size : scan->size,
        .is_literal = scan->is_literal && is_whole,
    };
    return handed_add_text(&handed, scan->parse, scan->statement);
}

/* ---- words of code ---- */

static bool is_name_byte(uint8_t byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '_';
}

static uint8_t byte_at(const struct scan *scan, size_t at)
{
    return at < scan->text.size ? scan->text.data[at] : 0;
}

static size_t pass_blanks(const struct scan *scan, size_t at)
{
    while (at < scan->text.size && scan->text.data[at] <= ' ') {
        at++;
    }
    return at;
}

static bool is_quote(uint8_t byte)
{
    return byte == '"' || byte == '\'' || byte == '`';
}

/* Behind the quote that closes the one at `at`; `*inner` is what stands between. */
static size_t pass_string(const struct scan *scan, size_t at, struct bytes *inner)
{
    uint8_t quote = scan->text.data[at];
    size_t end = at + 1;
    while (end < scan->text.size && scan->text.data[end] != quote) {
        end += scan->text.data[end] == '\\' ? 2 : 1;
    }
    end = end < scan->text.size ? end : scan->text.size;
    *inner = bytes_part(scan->text, at + 1, end - at - 1);
    return end + 1;
}

/* "os.system", "IO::Socket": a name with its dots. */
static size_t pass_name(const struct scan *scan, size_t at)
{
    while (at < scan->text.size) {
        uint8_t byte = scan->text.data[at];
        bool joins = (byte == '.' && is_name_byte(byte_at(scan, at + 1))) ||
                     (byte == ':' && byte_at(scan, at + 1) == ':');
        if (!is_name_byte(byte) && !joins) {
            break;
        }
        at += byte == ':' ? 2 : 1;
    }
    return at;
}

/* ["ls", "-l"] as "ls -l". */
static enum status read_list(const struct scan *scan, size_t at, struct bytes *out)
{
    AUTO(text_done) struct text joined = text_of_limit(ARGUMENT_SIZE_MAX);
    for (size_t i = 0; i < LIST_ITEMS_MAX; i++) {
        struct bytes item;
        at = pass_blanks(scan, at);
        if (!is_quote(byte_at(scan, at))) {
            break;
        }
        at = pass_blanks(scan, pass_string(scan, at, &item));
        text_add(&joined, joined.size > 0 ? " " : "");
        text_add_raw(&joined, item);
        if (byte_at(scan, at) != ',') {
            break;
        }
        at++;
    }
    return text_status(&joined) == STATUS_OK
               ? arena_copy(scan->parse->evidence, text_bytes(&joined), out)
               : STATUS_OK;
}

/* Words before a name that make it no call, and words that are none. */
static bool is_keyword(struct bytes name)
{
    static const char *const words[] = {"if",     "while", "for",    "foreach", "switch",
                                        "return", "and",   "or",     "not",     "elif",
                                        "catch",  "with",  "lambda", "in",      "else",
                                        "my",     "new",   "var",    "let",     "const"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (bytes_equal_text(name, words[i])) {
            return true;
        }
    }
    return false;
}

/* Those that Perl, Ruby and PHP allow without brackets. */
static bool goes_without_brackets(const struct scan *scan, struct bytes name)
{
    static const char *const words[] = {"eval",         "require", "include", "require_once",
                                        "include_once", "open",    "use"};
    bool may = scan->language == LANGUAGE_PERL || scan->language == LANGUAGE_RUBY ||
               scan->language == LANGUAGE_PHP || scan->language == LANGUAGE_VISUAL_BASIC;
    for (size_t i = 0; may && i < sizeof words / sizeof *words; i++) {
        if (bytes_equal_text(name, words[i])) {
            return true;
        }
    }
    return may && runs_commands(scan, name);
}

/* A name at `from`: a call where a bracket follows, or a text without one. */
static enum status read_name(struct scan *scan, size_t from)
{
    size_t end = pass_name(scan, from);
    struct bytes name = bytes_part(scan->text, from, end - from);
    size_t next = pass_blanks(scan, end);
    bool has_bracket = byte_at(scan, next) == '(';
    bool is_definition = from >= 4 && bytes_ends(bytes_part(scan->text, 0, from), "def ");
    scan->at = end;
    if (is_keyword(name) || is_definition ||
        (!has_bracket &&
         !(goes_without_brackets(scan, name) && is_quote(byte_at(scan, next))))) {
        return STATUS_OK;
    }
    size_t at = pass_blanks(scan, next + has_bracket);
    struct bytes argument = BYTES_NONE;
    bool is_list = byte_at(scan, at) == '[';
    if (is_quote(byte_at(scan, at))) {
        (void)pass_string(scan, at, &argument);
    } else if (is_list) {
        TRY(read_list(scan, at + 1, &argument));
    }
    scan->at = at;
    bool is_new = false;
    TRY(add_call(scan, name, argument, from, end - from, &is_new));
    return is_new && runs_commands(scan, name) && argument.size > 0
               ? add_commands(scan, argument, at + !is_list, !is_list)
               : STATUS_OK;
}

/* "$_GET": what PHP is handed by whoever asks. */
static enum status read_variable(struct scan *scan, size_t from)
{
    size_t end = from + 1;
    while (is_name_byte(byte_at(scan, end))) {
        end++;
    }
    scan->at = end;
    bool is_own = scan->language == LANGUAGE_PHP || scan->language == LANGUAGE_UNKNOWN;
    return is_own && byte_at(scan, from + 1) == '_' && end > from + 2
               ? add_call(scan, bytes_part(scan->text, from, end - from), BYTES_NONE, from,
                          end - from, NULL)
               : STATUS_OK;
}

static enum status read_string(struct scan *scan, size_t from)
{
    struct bytes inner;
    struct bytes sign = bytes_part(scan->text, from, 1);
    scan->at = pass_string(scan, from, &inner);
    if (!bytes_equal_text(sign, "`") || !runs_commands(scan, sign)) {
        return STATUS_OK;
    }
    bool is_new = false;
    TRY(add_call(scan, sign, inner, from, inner.size + 2, &is_new));
    return !is_new ? STATUS_OK : add_commands(scan, inner, from + 1, true);
}

static enum status read_calls(struct scan *scan)
{
    bool has_strings = scan->language != LANGUAGE_PAGE;
    while (scan->at < scan->text.size) {
        size_t at = scan->at;
        uint8_t byte = scan->text.data[at];
        if (is_quote(byte) && has_strings) {
            TRY(read_string(scan, at));
        } else if (byte == '$') {
            TRY(read_variable(scan, at));
        } else if (byte_is_letter(byte) || byte == '_') {
            TRY(read_name(scan, at));
        } else if (byte_is_digit(byte)) {
            scan->at = pass_name(scan, at);
        }
        scan->at += scan->at == at;
    }
    return STATUS_OK;
}

/* ---- by what stands in it ---- */

/* Parts that say something wherever they stand.  rows: one deleted at a time by make prove */
static const struct {
    const char *part;
    enum statement_language language;
} parts[] = {
    {"document.cookie", LANGUAGE_JAVASCRIPT},
    {"document.location", LANGUAGE_JAVASCRIPT},
    {"document.write", LANGUAGE_JAVASCRIPT},
    {"window.location", LANGUAGE_JAVASCRIPT},
    {"innerHTML", LANGUAGE_JAVASCRIPT},
    {"localStorage", LANGUAGE_JAVASCRIPT},
    {"XMLHttpRequest", LANGUAGE_JAVASCRIPT},
    {"<script", LANGUAGE_PAGE},
    {"<iframe", LANGUAGE_PAGE},
    {"onerror=", LANGUAGE_PAGE},
    {"onload=", LANGUAGE_PAGE},
    {"onclick=", LANGUAGE_PAGE},
    {"onmouseover=", LANGUAGE_PAGE},
    {"javascript:", LANGUAGE_PAGE},
    {"<form", LANGUAGE_PAGE},
    {"union select", LANGUAGE_SQL},
    {"union all select", LANGUAGE_SQL},
    {"information_schema", LANGUAGE_SQL},
    {"xp_cmdshell", LANGUAGE_SQL},
    {"into outfile", LANGUAGE_SQL},
    {"into dumpfile", LANGUAGE_SQL},
    {"load_file", LANGUAGE_SQL},
    {"waitfor delay", LANGUAGE_SQL},
    {"1=1", LANGUAGE_SQL},
    {"'1'='1", LANGUAGE_SQL},
};

static enum status read_parts(struct scan *scan)
{
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t size = bytes_of_text(parts[i].part).size;
        bool is_read =
            parts[i].language == scan->language ||
            (parts[i].language == LANGUAGE_JAVASCRIPT && scan->language == LANGUAGE_PAGE);
        for (size_t at = 0; is_read && at + size <= scan->text.size; at++) {
            if (bytes_equal_text_nocase(bytes_part(scan->text, at, size), parts[i].part)) {
                TRY(add_call(scan, bytes_of_text(parts[i].part), BYTES_NONE, at, size, NULL));
                break;
            }
        }
    }
    return STATUS_OK;
}

static bool is_statement(struct bytes word)
{
    static const char *const words[] = {
        "select",   "insert",  "update",   "delete",  "drop",    "create",  "alter",
        "truncate", "grant",   "revoke",   "use",     "show",    "set",     "explain",
        "exec",     "execute", "declare",  "copy",    "load",    "begin",   "flush",
        "commit",   "waitfor", "rollback", "vacuum",  "call",    "analyze", "with",
        "lock",     "kill",    "backup",   "restore", "shutdown"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (bytes_equal_text_nocase(word, words[i])) {
            return true;
        }
    }
    return false;
}

/* The word that says what a statement of SQL does, with the next one where that says of what.
 */
static enum status read_statement(struct scan *scan, struct bytes part, size_t from)
{
    static const char *const takes_two[] = {"drop",   "create", "alter", "truncate", "load",
                                            "insert", "delete", "show",  "waitfor"};
    size_t end = 0;
    bool has_two = false;
    while (end < part.size && (byte_is_letter(part.data[end]) || part.data[end] == '_')) {
        end++;
    }
    if (!is_statement(bytes_part(part, 0, end))) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof takes_two / sizeof *takes_two; i++) {
        has_two |= bytes_equal_text_nocase(bytes_part(part, 0, end), takes_two[i]);
    }
    if (has_two && end + 1 < part.size && part.data[end] == ' ') {
        end++;
        while (end < part.size && byte_is_letter(part.data[end])) {
            end++;
        }
    }
    return end > 0 ? add_call(scan, bytes_part(part, 0, end), BYTES_NONE, from, end, NULL)
                   : STATUS_OK;
}

static enum status read_statements(struct scan *scan)
{
    struct bytes rest = scan->text;
    struct bytes part;
    size_t from = 0;
    while (bytes_split(&rest, ';', &part)) {
        TRY(read_statement(scan, bytes_trim(part), pass_blanks(scan, from)));
        from = scan->text.size - rest.size;
    }
    TRY(read_parts(scan));
    return read_calls(scan);
}

/* The names at the top of an object, with their values where they are short. */
static enum status read_object(struct scan *scan)
{
    size_t depth = 0;
    while (scan->at < scan->text.size) {
        uint8_t byte = scan->text.data[scan->at];
        struct bytes name;
        if (byte != '"') {
            depth += byte == '{' || byte == '[';
            depth -= depth > 0 && (byte == '}' || byte == ']');
            scan->at++;
            continue;
        }
        size_t from = scan->at;
        scan->at = pass_blanks(scan, pass_string(scan, from, &name));
        if (byte_at(scan, scan->at) != ':' || depth != 1) {
            continue;
        }
        size_t at = pass_blanks(scan, scan->at + 1);
        struct bytes value = BYTES_NONE;
        scan->at = at;
        if (byte_at(scan, at) == '"') {
            scan->at = pass_string(scan, at, &value);
        } else if (is_name_byte(byte_at(scan, at)) || byte_at(scan, at) == '-') {
            scan->at = pass_name(scan, at + 1);
            value = bytes_part(scan->text, at, scan->at - at);
        }
        TRY(add_call(scan, name, value, from, name.size + 2, NULL));
    }
    return STATUS_OK;
}

/* "${jndi:ldap://...}": what stands behind it is what is asked for. */
static enum status read_lookup(struct scan *scan)
{
    size_t at = bytes_find(scan->text, bytes_of_text("jndi:"));
    struct bytes rest = bytes_from(scan->text, at + 5);
    return at < scan->text.size
               ? add_call(scan, bytes_of_text("jndi"),
                          bytes_part(rest, 0, bytes_find_byte(rest, '}')), at, 4, NULL)
               : STATUS_OK;
}

static enum status scan_all(struct scan *scan)
{
    switch (scan->language) {
    case LANGUAGE_SQL:
        return read_statements(scan);
    case LANGUAGE_JSON:
        return read_object(scan);
    case LANGUAGE_LOOKUP:
        return read_lookup(scan);
    case LANGUAGE_ADDRESS:
        return STATUS_OK; /* what it says is a view of its own */
    case LANGUAGE_NONE:
    case LANGUAGE_PHP:
    case LANGUAGE_PYTHON:
    case LANGUAGE_PERL:
    case LANGUAGE_JAVASCRIPT:
    case LANGUAGE_RUBY:
    case LANGUAGE_JAVA:
    case LANGUAGE_VISUAL_BASIC:
    case LANGUAGE_AWK:
    case LANGUAGE_C:
    case LANGUAGE_PAGE:
    case LANGUAGE_UNKNOWN:
        break;
    }
    TRY(read_parts(scan));
    return read_calls(scan);
}

enum status code_read(struct bytes text, enum statement_language language, struct parse *parse,
                      struct statement *statement)
{
    struct scan scan = {
        .text = bytes_part(text, 0, CODE_TEXT_MAX),
        .language = language,
        .parse = parse,
        .statement = statement,
        .is_literal = true,
    };
    return scan_all(&scan);
}

/* ---- programs that commands are handed ---- */

struct interpreter {
    const char *name;    /* a version may follow */
    const char *letters; /* options behind which the program stands; "": it is the first word */
    const char *values;  /* letters that take a value */
    enum statement_language language;
};

/* rows: one deleted at a time by make prove */
static const struct interpreter interpreters[] = {
    {"python", "c", "mWX", LANGUAGE_PYTHON},    {"pypy", "c", "mWX", LANGUAGE_PYTHON},
    {"perl", "eE", "", LANGUAGE_PERL},          {"ruby", "e", "rI", LANGUAGE_RUBY},
    {"php", "r", "df", LANGUAGE_PHP},           {"node", "ep", "r", LANGUAGE_JAVASCRIPT},
    {"nodejs", "ep", "r", LANGUAGE_JAVASCRIPT}, {"awk", "", "Fvf", LANGUAGE_AWK},
    {"gawk", "", "Fvf", LANGUAGE_AWK},          {"mawk", "", "Fvf", LANGUAGE_AWK},
    {"mysql", "e", "uhPDS", LANGUAGE_SQL},      {"mariadb", "e", "uhPDS", LANGUAGE_SQL},
    {"psql", "c", "UhpdvP", LANGUAGE_SQL},      {"sqlcmd", "Qq", "SUPdi", LANGUAGE_SQL},
};

/* "python3.11" is a python. */
static const struct interpreter *find_interpreter(struct bytes name)
{
    for (size_t i = 0; i < sizeof interpreters / sizeof *interpreters; i++) {
        size_t size = bytes_of_text(interpreters[i].name).size;
        bool is_version = true;
        for (size_t j = size; j < name.size; j++) {
            is_version &= byte_is_digit(name.data[j]) || name.data[j] == '.';
        }
        if (bytes_starts(name, interpreters[i].name) && is_version) {
            return &interpreters[i];
        }
    }
    return NULL;
}

static bool has_byte(const char *list, uint8_t byte)
{
    return bytes_find_byte(bytes_of_text(list), byte) < bytes_of_text(list).size;
}

/* The word of the program that the interpreter at `at` is handed, or NULL. */
static const struct statement_word *find_program(const struct statement_command *command,
                                                 size_t at, size_t end,
                                                 const struct interpreter *interpreter)
{
    bool is_first = interpreter->letters[0] == '\0';
    for (size_t i = at + 1; i < end; i++) {
        struct bytes word = command->words[i].text;
        if (word.size < 2 || word.data[0] != '-' || word.data[1] == '-') {
            if (is_first && word.size > 0 && word.data[0] != '-') {
                return &command->words[i];
            }
            continue;
        }
        uint8_t last = word.data[word.size - 1];
        if (has_byte(interpreter->letters, last)) {
            return i + 1 < end ? &command->words[i + 1] : NULL;
        }
        i += has_byte(interpreter->values, last) && word.size == 2;
    }
    return NULL;
}

static enum status read_program(struct parse *parse, struct statement *statement, size_t index,
                                const struct statement_word *word,
                                enum statement_language language)
{
    bool is_plain = word->size == word->text.size + (word->is_quoted ? 2U : 0U);
    struct scan scan = {
        .text = bytes_part(word->text, 0, CODE_TEXT_MAX),
        .language = language,
        .parse = parse,
        .statement = statement,
        .offset = word->offset + (is_plain && word->is_quoted),
        .size = word->size,
        .is_literal = is_plain,
    };
    statement->view = statement->commands[index].view;
    statement->within = (uint32_t)index + 1;
    enum status status = scan_all(&scan);
    statement->within = 0;
    return status;
}

static enum status read_command(struct parse *parse, struct statement *statement, size_t index)
{
    const struct statement_command *command = &statement->commands[index];
    struct shell_word words[STATEMENT_WORDS_MAX];
    size_t first = 0;
    const struct shell_command plain = handed_words(command, words, &first);
    size_t count = plain.word_count;
    size_t at = shell_last_program(&plain);
    if (count == 0 || command->is_compound || at >= count ||
        handed_depth(statement, index) >= HANDED_DEPTH_MAX) {
        return STATUS_OK;
    }
    const struct interpreter *interpreter = find_interpreter(shell_base_name(words[at].text));
    const struct statement_word *word =
        interpreter == NULL ? NULL
                            : find_program(command, first + at, first + count, interpreter);
    return word == NULL ? STATUS_OK
                        : read_program(parse, statement, index, word, interpreter->language);
}

enum status code_read_handed(struct parse *parse, struct statement *statement)
{
    for (size_t i = 0; i < statement->command_count; i++) {
        TRY(read_command(parse, statement, i));
    }
    return STATUS_OK;
}
