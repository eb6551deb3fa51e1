#include "explain/program.h"

#include "record/shell.h"

#include <string.h>

struct bytes program_base_name(struct bytes path, enum shell_dialect dialect)
{
    bool is_sign = dialect == SHELL_POWERSHELL && path.size > 1 && path.data[1] == '{' &&
                   (path.data[0] == '?' || path.data[0] == '%');
    if (is_sign) {
        return bytes_part(path, 0, 1); /* "?{ ... }": what it is given is joined to it */
    }
    struct bytes name = shell_base_name(path);
    return dialect == SHELL_UNIX ? name : bytes_after_last(name, '\\');
}

bool program_is_at_home(struct bytes path, enum shell_dialect dialect)
{
    static const char *const folders[] = {"/bin/",      "/sbin/",          "/usr/bin/",
                                          "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/"};
    static const char *const beginnings[] = {
        "c:\\windows\\",     "%windir%\\",        "%systemroot%\\",   "$env:windir\\",
        "$env:systemroot\\", "c:\\program files", "%programfiles%\\", "%comspec%"};
    struct bytes name = program_base_name(path, dialect);
    bool is_usual =
        name.size == path.size || bytes_starts(path, "?{") || bytes_starts(path, "%{");
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        is_usual = is_usual ||
                   bytes_equal_text(bytes_part(path, 0, path.size - name.size), folders[i]);
    }
    for (size_t i = 0; dialect != SHELL_UNIX && i < sizeof beginnings / sizeof *beginnings;
         i++) {
        size_t size = strlen(beginnings[i]);
        is_usual =
            is_usual || bytes_equal_text_nocase(bytes_part(path, 0, size), beginnings[i]);
    }
    return is_usual;
}

bool program_is_script(struct bytes word)
{
    static const char *const endings[] = {".sh",  ".py",  ".ps1", ".bat",
                                          ".cmd", ".vbs", ".pl",  ".rb"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t size = strlen(endings[i]);
        if (word.size > size &&
            bytes_equal_text_nocase(bytes_from(word, word.size - size), endings[i])) {
            return true;
        }
    }
    return false;
}

bool program_is_other_file(struct bytes word)
{
    static const char *const places[] = {
        "/etc/passwd", "/etc/shadow", "/etc/hosts",   "/etc/group",  "/etc/ssh/",   "/proc/",
        "/var/log/",   "/etc/issue",  "/etc/sudoers", "/etc/resolv", "/etc/crontab"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        size_t at = bytes_find(word, bytes_of_text(places[i]));
        /* From the root, or from however many folders up. */
        bool is_there =
            at < word.size && (at == 0 || bytes_ends(bytes_part(word, 0, at), ".."));
        if (is_there) {
            return true;
        }
    }
    return false;
}

bool program_is_end_of_run(struct bytes word)
{
    return bytes_equal_text(word, ";") || bytes_equal_text(word, "+");
}

bool program_is_filter(struct bytes base_name)
{
    static const char *const names[] = {
        "awk",       "base64", "bash",   "bc",      "cut",   "dash", "egrep",  "fgrep",
        "findstr",   "grep",   "gunzip", "head",    "iex",   "jq",   "less",   "md5sum",
        "more",      "nc",     "node",   "openssl", "perl",  "php",  "python", "rev",
        "ruby",      "sed",    "sh",     "sort",    "ssh",   "sudo", "tail",   "tar",
        "tee",       "tr",     "uniq",   "wc",      "xargs", "xxd",  "zsh",    "python3",
        "sha256sum", "clip",   "column", "zcat",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (bytes_equal_text(base_name, names[i])) {
            return true;
        }
    }
    return false;
}
