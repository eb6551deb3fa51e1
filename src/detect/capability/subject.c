#include "detect/capability/subject.h"

struct bytes subject_plain_name(struct bytes base_name)
{
    size_t size = base_name.size;
    while (size > 0 && ((base_name.data[size - 1] >= '0' && base_name.data[size - 1] <= '9') ||
                        base_name.data[size - 1] == '.')) {
        size--;
    }
    return size > 0 ? bytes_part(base_name, 0, size) : base_name;
}

/* ---- files ---- */

static struct bytes without_dot(struct bytes file)
{
    while (bytes_starts(file, "./")) {
        file = bytes_from(file, 2);
    }
    return file;
}

bool subject_same_file(struct bytes a, struct bytes b)
{
    a = without_dot(a);
    b = without_dot(b);
    if (a.size == 0 || b.size == 0) {
        return false;
    }
    struct bytes a_name = shell_base_name(a);
    struct bytes b_name = shell_base_name(b);
    bool one_is_bare = a_name.size == a.size || b_name.size == b.size;
    return bytes_equal(a, b) || (one_is_bare && a_name.size > 1 && bytes_equal(a_name, b_name));
}

static bool is_file_name(struct bytes text)
{
    return text.size > 0 && !bytes_equal_text(text, "-") && !bytes_starts(text, "/dev/") &&
           text.data[0] != '&';
}

/* The name a downloader gives a file it is told nothing about. */
static struct bytes name_of_url(struct bytes url)
{
    size_t query = bytes_find_byte(url, '?');
    size_t mark = bytes_find_byte(url, '#');
    struct bytes path = bytes_part(url, 0, query < mark ? query : mark);
    size_t scheme = bytes_find(path, bytes_of_text("://"));
    struct bytes rest = scheme < path.size ? bytes_from(path, scheme + 3) : path;
    if (bytes_find_byte(rest, '/') == rest.size) {
        return BYTES_NONE;
    }
    return shell_base_name(rest);
}

static struct bytes last_operand(const struct shell_command *command, size_t at)
{
    for (size_t i = command->word_count; i > at + 1; i--) {
        struct bytes word = command->words[i - 1].text;
        if (word.size > 0 && word.data[0] != '-') {
            return word;
        }
    }
    return BYTES_NONE;
}

static struct bytes first_value(const struct shell_command *command, size_t at,
                                const char *option)
{
    size_t from = at + 1;
    struct bytes value;
    return subject_next_value(command, bytes_of_text(option), &from, &value) ? value
                                                                             : BYTES_NONE;
}

static struct bytes saved_by_curl(const struct shell_command *command, size_t at)
{
    struct bytes file = first_value(command, at, "-o");
    if (file.size == 0) {
        file = first_value(command, at, "--output");
    }
    bool remote_name = subject_has_flag(command, at, bytes_of_text("-O")) ||
                       subject_has_flag(command, at, bytes_of_text("--remote-name"));
    for (size_t i = at + 1; file.size == 0 && remote_name && i < command->word_count; i++) {
        if (bytes_contains(command->words[i].text, "/")) {
            file = name_of_url(command->words[i].text);
        }
    }
    return file;
}

static struct bytes saved_by_wget(const struct shell_command *command, size_t at)
{
    struct bytes file = first_value(command, at, "-O");
    if (file.size == 0) {
        file = first_value(command, at, "--output-document");
    }
    return file.size > 0 ? file : name_of_url(last_operand(command, at));
}

static struct bytes saved_by_tftp(const struct shell_command *command, size_t at)
{
    struct bytes file = first_value(command, at, "-l");
    return file.size > 0 ? file : first_value(command, at, "-r");
}

/* Copied from another machine to this one: the last operand is a file, another one is not. */
static struct bytes saved_by_copy(const struct shell_command *command, size_t at)
{
    struct bytes last = last_operand(command, at);
    bool is_local = bytes_find_byte(last, ':') == last.size;
    for (size_t i = at + 1; is_local && i < command->word_count; i++) {
        struct bytes word = command->words[i].text;
        if (word.size > 0 && word.data[0] != '-' && bytes_find_byte(word, ':') < word.size) {
            return last;
        }
    }
    return BYTES_NONE;
}

static bool saves_to_last(struct bytes name)
{
    static const char *const names[] = {"tee", "ftpget", "lwp-download"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (bytes_equal_text(name, names[i])) {
            return true;
        }
    }
    return false;
}

struct bytes subject_saved_file(const struct shell_command *command, size_t at)
{
    for (size_t i = 0; i < command->redirect_count; i++) {
        const struct shell_redirect *redirect = &command->redirects[i];
        bool writes = redirect->kind == REDIRECT_WRITE || redirect->kind == REDIRECT_APPEND;
        if (writes && redirect->descriptor != 2 && is_file_name(redirect->target.text)) {
            return redirect->target.text;
        }
    }
    if (at >= command->word_count) {
        return BYTES_NONE;
    }
    struct bytes name = shell_base_name(command->words[at].text);
    struct bytes file = BYTES_NONE;
    if (bytes_equal_text(name, "curl") || bytes_equal_text(name, "fetch")) {
        file = saved_by_curl(command, at);
    } else if (bytes_equal_text(name, "wget")) {
        file = saved_by_wget(command, at);
    } else if (bytes_equal_text(name, "tftp")) {
        file = saved_by_tftp(command, at);
    } else if (bytes_equal_text(name, "aria2c") || bytes_equal_text(name, "axel")) {
        file = first_value(command, at, "-o");
    } else if (bytes_equal_text(name, "scp") || bytes_equal_text(name, "rsync")) {
        file = saved_by_copy(command, at);
    } else if (saves_to_last(name)) {
        file = last_operand(command, at);
    }
    return is_file_name(file) ? file : BYTES_NONE;
}

static bool is_interpreter(struct bytes base_name)
{
    static const char *const names[] = {".",    "source", "python", "perl",
                                        "ruby", "php",    "node",   "lua",
                                        "awk",  "tclsh",  "java",   "ld-linux-x86-64.so.2"};
    struct bytes plain = subject_plain_name(base_name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (bytes_equal_text(plain, names[i]) || bytes_equal_text(base_name, names[i])) {
            return true;
        }
    }
    return shell_is_shell(base_name);
}

/* The first word after `at` that is no option; word_count where there is none. */
static size_t first_operand(const struct shell_command *command, size_t at)
{
    size_t i = at + 1;
    while (i < command->word_count && command->words[i].text.size > 1 &&
           (command->words[i].text.data[0] == '-' || command->words[i].text.data[0] == '+')) {
        i++;
    }
    return i;
}

bool subject_runs_file(const struct shell_command *command, struct bytes file)
{
    if (command->is_compound || command->word_count == 0) {
        return false;
    }
    size_t at = 0;
    do {
        struct bytes word = command->words[at].text;
        if (subject_same_file(word, file)) {
            return true;
        }
        size_t operand = first_operand(command, at);
        if (is_interpreter(shell_base_name(word)) && operand < command->word_count &&
            subject_same_file(command->words[operand].text, file)) {
            return true;
        }
    } while (shell_next_program(command, at, &at));
    return false;
}

bool subject_uses_file(const struct shell_command *command, size_t at, struct bytes file)
{
    for (size_t i = at + 1; i < command->word_count; i++) {
        if (subject_same_file(command->words[i].text, file)) {
            return true;
        }
    }
    return false;
}

/* ---- flags and options ---- */

static bool is_letter_flag(struct bytes flag)
{
    return flag.size == 2 && flag.data[0] == '-' && flag.data[1] != '-';
}

bool subject_has_flag(const struct shell_command *command, size_t at, struct bytes flag)
{
    for (size_t i = at + 1; i < command->word_count; i++) {
        struct bytes word = command->words[i].text;
        if (bytes_equal_text(word, "--")) {
            return false;
        }
        bool joined = is_letter_flag(flag) && shell_has_letter(word, (char)flag.data[1]);
        bool valued = flag.size > 2 && word.size > flag.size && word.data[flag.size] == '=' &&
                      bytes_equal(bytes_part(word, 0, flag.size), flag);
        if (bytes_equal(word, flag) || joined || valued) {
            return true;
        }
    }
    return false;
}

bool subject_next_value(const struct shell_command *command, struct bytes option, size_t *from,
                        struct bytes *out)
{
    for (size_t i = *from; i < command->word_count; i++) {
        struct bytes word = command->words[i].text;
        struct bytes head = bytes_part(word, 0, option.size);
        bool is_long = option.size > 2 && option.data[1] == '-';
        *from = i + 1;
        if (bytes_equal(word, option) && i + 1 < command->word_count) {
            *out = command->words[i + 1].text;
            return true;
        }
        if (is_long && bytes_equal(head, option) && word.size > option.size &&
            word.data[option.size] == '=') {
            *out = bytes_from(word, option.size + 1);
            return true;
        }
        if (is_letter_flag(option) && shell_has_letter(word, (char)option.data[1])) {
            size_t letter = bytes_find_byte(word, option.data[1]);
            if (letter + 1 < word.size) {
                *out = bytes_from(word, letter + 1); /* -ofile, and -sofile */
                return true;
            }
            if (i + 1 < command->word_count) {
                *out = command->words[i + 1].text; /* -so file */
                return true;
            }
        }
    }
    return false;
}

bool subject_reads_input(const struct shell_command *command, size_t at)
{
    if (at >= command->word_count ||
        !is_interpreter(shell_base_name(command->words[at].text))) {
        return false;
    }
    bool is_shell = shell_is_shell(shell_base_name(command->words[at].text));
    for (size_t i = at + 1; i < command->word_count; i++) {
        struct bytes word = command->words[i].text;
        if (bytes_equal_text(word, "-") || bytes_equal_text(word, "/dev/stdin") ||
            (is_shell && shell_has_letter(word, 's') && !shell_has_letter(word, 'c'))) {
            return true;
        }
        bool is_option = word.size > 1 && (word.data[0] == '-' || word.data[0] == '+');
        if (!is_option || shell_has_letter(word, 'c') || shell_has_letter(word, 'e') ||
            shell_has_letter(word, 'r') || bytes_starts(word, "--version")) {
            /* `bash -e` runs what comes in; perl -e, php -r and node -e do not. */
            if (is_shell && is_option && !shell_has_letter(word, 'c') &&
                !bytes_starts(word, "--version")) {
                continue;
            }
            return false;
        }
    }
    return true;
}
