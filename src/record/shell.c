#include "record/shell.h"

#include <string.h>

/* A program that runs another one, which its own words name. */
struct wrapper {
    struct bytes name;
    const char *value_letters; /* short options whose value is the next word, or joined */
    const char *value_words;   /* long ones, between spaces */
    unsigned operands;         /* words of its own before the program */
};

/* rows: one deleted at a time by make prove */
static const struct wrapper wrappers[] = {
    {BYTES_LITERAL("sudo"), "ughpCTrtDRU",
     " --user --group --host --prompt --chdir --role --type ", 0},
    {BYTES_LITERAL("doas"), "uCa", "", 0},
    {BYTES_LITERAL("env"), "uC", " --unset --chdir ", 0},
    {BYTES_LITERAL("nohup"), "", "", 0},
    {BYTES_LITERAL("setsid"), "", "", 0},
    {BYTES_LITERAL("nice"), "n", " --adjustment ", 0},
    {BYTES_LITERAL("ionice"), "cnp", " --class --classdata ", 0},
    {BYTES_LITERAL("timeout"), "ks", " --kill-after --signal ", 1},
    {BYTES_LITERAL("time"), "fo", " --format --output ", 0},
    {BYTES_LITERAL("stdbuf"), "ioe", " --input --output --error ", 0},
    {BYTES_LITERAL("exec"), "a", "", 0},
    {BYTES_LITERAL("command"), "", "", 0},
    {BYTES_LITERAL("builtin"), "", "", 0},
    {BYTES_LITERAL("busybox"), "", "", 0},
    {BYTES_LITERAL("toybox"), "", "", 0},
    {BYTES_LITERAL("xargs"), "InPdELsa",
     " --max-args --max-procs --delimiter --replace --arg-file ", 0},
    {BYTES_LITERAL("chroot"), "", " --userspec --groups ", 1},
    {BYTES_LITERAL("unshare"), "SG", " --setuid --setgid ", 0},
    {BYTES_LITERAL("nsenter"), "tSG", " --target ", 0},
    {BYTES_LITERAL("runuser"), "ugGs", " --user --group --shell ", 0},
    {BYTES_LITERAL("setpriv"), "", " --reuid --regid --groups ", 0},
    {BYTES_LITERAL("strace"), "eopsuaP", "", 0},
    {BYTES_LITERAL("systemd-run"), "pMHut",
     " --unit --property --slice --description --setenv ", 0},
    {BYTES_LITERAL("flock"), "wE", " --timeout --wait ", 1},
    {BYTES_LITERAL("sshpass"), "pfdP", "", 0},
    {BYTES_LITERAL("taskset"), "", "", 1},
    {BYTES_LITERAL("chrt"), "TPD", "", 1},
    {BYTES_LITERAL("watch"), "n", " --interval ", 0},
    {BYTES_LITERAL("proxychains"), "f", "", 0},
    {BYTES_LITERAL("proxychains4"), "f", "", 0},
    {BYTES_LITERAL("torsocks"), "", "", 0},
    {BYTES_LITERAL("torify"), "", "", 0},
    {BYTES_LITERAL("coproc"), "", "", 0},
    {BYTES_LITERAL("fakeroot"), "", "", 0},
    {BYTES_LITERAL("ld.so"), "", " --library-path --preload ", 0},
    {BYTES_LITERAL("ld-linux-x86-64.so.2"), "", " --library-path --preload ", 0},
};

/* Asked of every command for every row: the size tells most of them apart. */
static bool is_same(struct bytes name, struct bytes row)
{
    return name.size == row.size && memcmp(name.data, row.data, row.size) == 0;
}

struct bytes shell_base_name(struct bytes path)
{
    return bytes_after_last(path, '/');
}

static const struct wrapper *wrapper_find(struct bytes name)
{
    for (size_t i = 0; i < sizeof wrappers / sizeof *wrappers; i++) {
        if (is_same(name, wrappers[i].name)) {
            return &wrappers[i];
        }
    }
    return NULL;
}

/* How many words the option at `word` takes: itself, and its value where that stands apart. */
static size_t option_span(const struct wrapper *wrapper, struct bytes word)
{
    if (bytes_starts(word, "--")) {
        size_t size = strlen(wrapper->value_words);
        for (size_t i = 0; i + word.size + 2 <= size; i++) {
            if (wrapper->value_words[i] == ' ' &&
                memcmp(wrapper->value_words + i + 1, word.data, word.size) == 0 &&
                wrapper->value_words[i + 1 + word.size] == ' ') {
                return 2;
            }
        }
        return 1;
    }
    for (size_t i = 1; i < word.size; i++) {
        if (word.data[i] != '\0' && strchr(wrapper->value_letters, word.data[i]) != NULL) {
            return i + 1 == word.size ? 2 : 1;
        }
    }
    return 1;
}

static bool is_assignment(struct bytes word)
{
    size_t equals = bytes_find_byte(word, '=');
    if (equals == 0 || equals == word.size) {
        return false;
    }
    for (size_t i = 0; i < equals; i++) {
        uint8_t c = word.data[i];
        bool letter = (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
        if (!letter && c != '_' && !(i > 0 && c >= '0' && c <= '9')) {
            return false;
        }
    }
    return true;
}

/* find -exec runs what stands after that word. */
static bool find_runs(const struct shell_command *command, size_t at, size_t *out)
{
    for (size_t i = at + 1; i + 1 < command->word_count; i++) {
        struct bytes word = command->words[i].text;
        if (bytes_equal_text(word, "-exec") || bytes_equal_text(word, "-execdir") ||
            bytes_equal_text(word, "-ok") || bytes_equal_text(word, "-okdir")) {
            *out = i + 1;
            return true;
        }
    }
    return false;
}

bool shell_next_program(const struct shell_command *command, size_t at, size_t *out)
{
    if (at >= command->word_count || command->is_compound) {
        return false;
    }
    struct bytes name = shell_base_name(command->words[at].text);
    if (bytes_equal_text(name, "find")) {
        return find_runs(command, at, out);
    }
    const struct wrapper *wrapper = wrapper_find(name);
    if (wrapper == NULL) {
        return false;
    }
    size_t i = at + 1;
    while (i < command->word_count && command->words[i].text.size > 1 &&
           command->words[i].text.data[0] == '-') {
        struct bytes word = command->words[i].text;
        if (bytes_equal_text(word, "--")) {
            i++;
            break;
        }
        /* `command -v curl` and `command -V curl` only ask. */
        if (bytes_equal_text(name, "command") &&
            (shell_has_letter(word, 'v') || shell_has_letter(word, 'V'))) {
            return false;
        }
        i += option_span(wrapper, word);
    }
    i += wrapper->operands;
    while (i < command->word_count && is_assignment(command->words[i].text)) {
        i++;
    }
    if (i >= command->word_count) {
        return false;
    }
    *out = i;
    return true;
}

size_t shell_last_program(const struct shell_command *command)
{
    size_t at = 0;
    while (shell_next_program(command, at, &at)) {
    }
    return at;
}

bool shell_is_shell(struct bytes base_name)
{
    static const struct bytes names[] = {
        BYTES_LITERAL("sh"),   BYTES_LITERAL("bash"),  BYTES_LITERAL("dash"),
        BYTES_LITERAL("ash"),  BYTES_LITERAL("zsh"),   BYTES_LITERAL("ksh"),
        BYTES_LITERAL("mksh"), BYTES_LITERAL("ksh93"), BYTES_LITERAL("rbash"),
        BYTES_LITERAL("hush"), BYTES_LITERAL("fish"),
    };
    if (base_name.size > 0 && base_name.data[0] == '-') {
        base_name = bytes_from(base_name, 1); /* a login shell's name for itself */
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (is_same(base_name, names[i])) {
            return true;
        }
    }
    return false;
}

bool shell_has_letter(struct bytes word, char letter)
{
    return word.size > 1 && word.data[0] == '-' && word.data[1] != '-' &&
           bytes_find_byte(word, (uint8_t)letter) < word.size;
}
