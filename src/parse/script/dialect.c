#include "parse/script/dialect.h"

#define SURE 2        /* one strong sign, or two weak ones */
#define WORD_MAX 4096 /* bytes looked at */

/* What speaks for one of the two. */
struct signs {
    unsigned prompt;
    unsigned powershell;
    bool weak; /* a backslash within a word: counts once */
};

static bool is_capital(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static bool is_one_of(struct bytes word, const char *const *list)
{
    for (size_t i = 0; list[i] != NULL; i++) {
        if (bytes_equal_text_nocase(word, list[i])) {
            return true;
        }
    }
    return false;
}

static bool ends_with_nocase(struct bytes word, const char *end)
{
    size_t size = bytes_of_text(end).size;
    return word.size > size && bytes_equal_text_nocase(bytes_from(word, word.size - size), end);
}

/* Programs and commands that no Unix has under that name. */
static bool is_of_windows(struct bytes word)
{
    static const char *const names[] = {
        "attrib",   "auditpol",   "bcdedit",  "bitsadmin",   "cmd",         "cmdkey",
        "csvde",    "diskshadow", "dism",     "dsquery",     "esentutl",    "findstr",
        "forfiles", "fsutil",     "gpresult", "gpupdate",    "icacls",      "ipconfig",
        "ldifde",   "makecab",    "mklink",   "mshta",       "msiexec",     "net1",
        "netsh",    "nltest",     "ntdsutil", "pnputil",     "powershell",  "pwsh",
        "quser",    "qwinsta",    "reg",      "regedit",     "regini",      "regsvr32",
        "robocopy", "rundll32",   "schtasks", "secedit",     "setx",        "setspn",
        "sdbinst",  "takeown",    "taskkill", "tasklist",    "tracert",     "tzutil",
        "vssadmin", "wbadmin",    "wevtutil", "wmic",        "winrm",       "winrs",
        "xcopy",    "systeminfo", "typeperf", "logman",      "cscript",     "wscript",
        "ftype",    "assoc",      "cls",      "dsget",       "wusa",        "msbuild",
        "certreq",  "rasdial",    "wecutil",  "driverquery", "pathping",    "fltmc",
        "nbtstat",  "getmac",     "diskpart", "mofcomp",     "odbcconf",    "cipher",
        "choco",    "winget",     "appcmd",   "mstsc",       "installutil", "certutil",
        "runas",    "psexec",     NULL,
    };
    return is_one_of(word, names);
}

/* "Get-Item"; "get-item" of a verb that no Unix program begins with. */
static bool is_cmdlet(struct bytes word)
{
    static const char *const verbs[] = {
        "add",       "clear",   "compare", "compress", "connect", "convert",   "convertfrom",
        "convertto", "copy",    "disable", "dismount", "enable",  "enter",     "exit",
        "expand",    "export",  "find",    "foreach",  "format",  "get",       "grant",
        "group",     "import",  "install", "invoke",   "join",    "measure",   "mount",
        "move",      "new",     "out",     "push",     "pop",     "read",      "receive",
        "register",  "remove",  "rename",  "resolve",  "restart", "restore",   "resume",
        "save",      "select",  "send",    "set",      "sort",    "split",     "start",
        "stop",      "suspend", "tee",     "test",     "unblock", "uninstall", "unregister",
        "update",    "wait",    "where",   "write",    NULL,
    };
    static const char *const lower[] = {"get",     "set",   "new",       "invoke",      "write",
                                        "foreach", "where", "convertto", "convertfrom", NULL};
    size_t hyphen = bytes_find_byte(word, '-');
    struct bytes noun = bytes_from(word, hyphen + 1);
    struct bytes verb = bytes_part(word, 0, hyphen);
    if (noun.size < 2 || !byte_is_letter(noun.data[0])) {
        return false;
    }
    for (size_t i = 0; i < noun.size; i++) {
        if (!byte_is_letter(noun.data[i]) && !byte_is_digit(noun.data[i])) {
            return false;
        }
    }
    bool is_capitalised = is_capital(word.data[0]) || is_capital(noun.data[0]);
    return is_one_of(verb, is_capitalised ? verbs : lower);
}

static bool is_name_byte(uint8_t byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '_';
}

/* "%temp%": Unix writes "%Y-%m", "%20", "%s". */
static bool has_variable(struct bytes word)
{
    if (bytes_equal_text_nocase(bytes_part(word, 0, 13), "%programfiles")) {
        return true; /* its name may go on in brackets */
    }
    for (size_t i = 0; i + 4 < word.size; i++) {
        size_t end = i + 1;
        if (word.data[i] != '%' || !byte_is_letter(word.data[i + 1])) {
            continue;
        }
        while (end < word.size && is_name_byte(word.data[end])) {
            end++;
        }
        if (end > i + 3 && end < word.size && word.data[end] == '%') {
            return true;
        }
    }
    return false;
}

/* "C:\x", ".\x", "\\host\share". */
static bool has_place(struct bytes word)
{
    bool is_drive = word.size > 2 && byte_is_letter(word.data[0]) && word.data[1] == ':' &&
                    word.data[2] == '\\';
    size_t dots = bytes_starts(word, "..\\") ? 3 : bytes_starts(word, ".\\") ? 2 : 0;
    bool is_beside = dots > 0 && word.size > dots && byte_is_letter(word.data[dots]);
    bool is_share = bytes_starts(word, "\\\\") && word.size > 4 &&
                    byte_is_letter(word.data[2]) &&
                    bytes_find_byte(bytes_from(word, 3), '\\') < word.size - 3;
    return is_drive || is_beside || is_share;
}

/* "ab\cd": in Unix only a slip, or a pattern. */
static bool has_backslash(struct bytes word)
{
    for (size_t i = 2; i + 2 < word.size; i++) {
        if (word.data[i] == '\\' && is_name_byte(word.data[i - 1]) &&
            is_name_byte(word.data[i - 2]) && is_name_byte(word.data[i + 1]) &&
            is_name_byte(word.data[i + 2])) {
            return true;
        }
    }
    return false;
}

/* The program of a command stands in a folder: "tools\x". */
static bool is_in_folder(struct bytes word)
{
    size_t at = bytes_find_byte(word, '\\');
    return at > 0 && at + 1 < word.size &&
           (is_name_byte(word.data[at + 1]) || word.data[at + 1] == '.');
}

/* "/add": a folder at the root of Unix is none. */
static bool is_root_folder(struct bytes name)
{
    static const char *const names[] = {"bin",    "boot",  "data", "dev", "etc", "home", "lib",
                                        "lib64",  "media", "mnt",  "net", "opt", "proc", "root",
                                        "run",    "sbin",  "srv",  "sys", "tmp", "usr",  "var",
                                        "cgroup", "nix",   "snap", NULL};
    return is_one_of(name, names);
}

/* "/s", "/s:x", "/?", "/add" */
static bool is_switch(struct bytes word)
{
    size_t size = bytes_find_byte(word, ':');
    if (word.size < 2 || word.data[0] != '/') {
        return false;
    }
    if (size < word.size) {
        return size > 1 && size + 1 < word.size && word.data[size + 1] != '/' &&
               bytes_find_byte(bytes_from(word, 1), '/') > size - 1;
    }
    for (size_t i = 1; i < word.size; i++) {
        if (!byte_is_letter(word.data[i])) {
            return word.size == 2 && word.data[1] == '?';
        }
    }
    return word.size <= 14 && !is_root_folder(bytes_from(word, 1));
}

/* The parts of PowerShell's own language. */
static bool is_of_powershell(struct bytes word, bool is_first)
{
    static const char *const names[] = {"iex", "iwr",  "irm",  "gwmi",
                                        "gci", "sajb", "icim", NULL};
    static const char *const signs[] = {
        "$env:", "$_.", "]::", "${env:", "-ErrorAction", "$PSScriptRoot", "$ExecutionContext"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (bytes_contains(word, signs[i])) {
            return true;
        }
    }
    return is_first &&
           (is_cmdlet(word) || is_one_of(word, names) || ends_with_nocase(word, ".ps1"));
}

static void weigh(struct bytes word, bool is_first, struct signs *signs)
{
    static const char *const endings[] = {".exe", ".bat", ".cmd", ".vbs", ".msi", ".dll"};
    signs->powershell += is_of_powershell(word, is_first) ? SURE : 0;
    signs->prompt += has_variable(word) || has_place(word) ? SURE : 0;
    signs->prompt += is_switch(word) ? (word.size == 2 ? SURE : 1) : 0;
    signs->weak |= has_backslash(word);
    signs->prompt +=
        bytes_starts(word, "\\\\") && word.size > 4 && byte_is_letter(word.data[2]);
    signs->prompt += bytes_equal_text_nocase(word, "nul");
    signs->prompt += is_first && bytes_equal_text_nocase(word, "net"); /* of Samba too */
    signs->prompt += is_first && bytes_equal_text_nocase(word, "start");
    signs->prompt += bytes_equal_text_nocase(word, "binpath=") ? SURE : 0;
    signs->prompt += is_first && is_in_folder(word) ? SURE : 0;
    for (size_t i = 0; is_first && i < sizeof endings / sizeof *endings; i++) {
        signs->prompt += ends_with_nocase(word, endings[i]) ? SURE : 0;
    }
    signs->prompt += is_first && is_of_windows(word) ? SURE : 0;
}

static bool ends_word(uint8_t byte)
{
    return byte <= ' ' || byte == '|' || byte == ';' || byte == '&' || byte == '(' ||
           byte == ')' || byte == '{' || byte == '}' || byte == '"' || byte == '\'' ||
           byte == ',' || byte == '<' || byte == '>' || byte == '@';
}

/* The sign before a word, or its quote, begins a command. */
static bool begins_command(uint8_t byte)
{
    return byte == '\n' || byte == '|' || byte == ';' || byte == '&' || byte == '(' ||
           byte == '{' || byte == '@';
}

/* "$name =" where a command would begin. */
static bool is_assignment(struct bytes text, size_t at, size_t end)
{
    size_t i = end;
    while (i < text.size && text.data[i] == ' ') {
        i++;
    }
    bool is_spaced = i > end && i + 1 < text.size && text.data[i] == '=' &&
                     (text.data[i + 1] == ' ' || text.data[i + 1] == '"');
    size_t equals = bytes_find_byte(bytes_part(text, at, end - at), '=');
    return text.data[at] == '$' && end > at + 1 && byte_is_letter(text.data[at + 1]) &&
           (is_spaced || (equals > 1 && equals < end - at));
}

/* Passes a comment, or a sign between words; false at a word. */
static bool pass_sign(struct bytes text, size_t *at, uint8_t *quote, bool *is_first)
{
    uint8_t byte = text.data[*at];
    if (byte == '#' && *quote == 0 && (*at == 0 || text.data[*at - 1] <= ' ')) {
        *at += bytes_find_byte(bytes_from(text, *at), '\n');
        return true;
    }
    if (!ends_word(byte)) {
        return false;
    }
    (*at)++;
    if (byte == '"' || byte == '\'') {
        *quote = *quote == 0 ? byte : *quote == byte ? 0 : *quote;
        return true;
    }
    bool keeps = byte == ' ' || byte == '\t' || byte == '\r';
    *is_first = (begins_command(byte) && *quote == 0) || (*is_first && keeps);
    return true;
}

/* "$client.Fetch(" where a command would begin. */
static bool is_call(struct bytes text, size_t at, size_t end)
{
    struct bytes word = bytes_part(text, at, end - at);
    size_t dot = bytes_find_byte(word, '.');
    return word.size > 3 && word.data[0] == '$' && byte_is_letter(word.data[1]) &&
           dot + 1 < word.size && byte_is_letter(word.data[dot + 1]) && end < text.size &&
           text.data[end] == '(';
}

enum shell_dialect dialect_of(struct bytes text)
{
    struct signs signs = {0};
    uint8_t quote = 0;
    bool is_first = true;
    bool is_after_for = false;
    size_t at = 0;
    if (bytes_starts(text, "#!")) {
        return SHELL_UNIX;
    }
    while (at < text.size) {
        if (pass_sign(text, &at, &quote, &is_first)) {
            continue;
        }
        size_t end = at;
        while (end < text.size && !ends_word(text.data[end])) {
            end++;
        }
        bool is_sure = is_first && (is_assignment(text, at, end) || is_call(text, at, end));
        signs.powershell += is_sure ? SURE : 0;
        weigh(bytes_part(text, at, end - at < WORD_MAX ? end - at : WORD_MAX), is_first,
              &signs);
        bool is_loop = is_after_for && text.data[at] == '%' && end > at + 1;
        signs.prompt += is_loop ? SURE : 0; /* "for %f in": a Unix shell has no such name */
        is_after_for =
            is_first && bytes_equal_text_nocase(bytes_part(text, at, end - at), "for");
        is_first = false;
        at = end;
    }
    signs.prompt += signs.weak;
    if (signs.powershell >= SURE) {
        return SHELL_POWERSHELL;
    }
    return signs.prompt >= SURE ? SHELL_PROMPT : SHELL_UNIX;
}
