#include "explain/knowledge.h"

#include <string.h>

#define TEXT_SIZE_MAX 300

static const char *const sections[] = {
    "programs",
    "options",
    "same",
    "terms",
    "tactics",
    "techniques",
    "groups",
    "software",
    "mitigations",
    "vulnerabilities",
    "commands",
    "windows",
    "windows-options",
    "windows-commands",
    "aliases",
    "members",
    "alone",
    "calls",
    "given",
};

static enum status refuse(struct tree_fault *fault, const struct tree_node *node,
                          const char *what)
{
    *fault = (struct tree_fault){what, node == NULL ? 0 : node->line};
    return STATUS_MALFORMED;
}

static bool is_section(struct bytes name)
{
    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++) {
        if (bytes_equal_text(name, sections[i])) {
            return true;
        }
    }
    return false;
}

/* A short text, or a map of such texts and lists. */
static enum status check_entry(const struct tree_node *entry, struct tree_fault *fault)
{
    struct bytes text = tree_text(entry);
    if (tree_is(entry, TREE_TEXT)) {
        bool is_right = text.size > 0 && text.size <= TEXT_SIZE_MAX && !bytes_ends(text, ".");
        return is_right ? STATUS_OK
                        : refuse(fault, entry, "a short text without a full stop is expected");
    }
    if (!tree_is(entry, TREE_MAP)) {
        return refuse(fault, entry, "a text or a map is expected here");
    }
    for (const struct tree_node *child = tree_first(entry); child != NULL;
         child = tree_next(entry, child)) {
        if (!tree_is(child, TREE_LIST) && tree_text(child).size == 0) {
            return refuse(fault, child, "a text is expected here");
        }
    }
    return STATUS_OK;
}

enum status knowledge_check(const struct tree_node *document, struct tree_fault *fault)
{
    if (!tree_is(document, TREE_MAP)) {
        return refuse(fault, document, "knowledge is a map of sections");
    }
    for (const struct tree_node *section = tree_first(document); section != NULL;
         section = tree_next(document, section)) {
        if (!is_section(section->key) || !tree_is(section, TREE_MAP)) {
            return refuse(fault, section, "no such section, or not a map");
        }
        for (const struct tree_node *entry = tree_first(section); entry != NULL;
             entry = tree_next(section, entry)) {
            TRY(check_entry(entry, fault));
        }
    }
    return STATUS_OK;
}

const struct tree_node *knowledge_find(const struct knowledge *knowledge, const char *section,
                                       struct bytes name)
{
    for (size_t i = 0; i < knowledge->count; i++) {
        const struct tree_node *found =
            tree_member_bytes(tree_member(knowledge->documents[i], section), name);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

size_t knowledge_program_count(const struct knowledge *knowledge)
{
    size_t count = 0;
    for (size_t i = 0; i < knowledge->count; i++) {
        count += tree_child_count(tree_member(knowledge->documents[i], "programs"));
        count += tree_child_count(tree_member(knowledge->documents[i], "windows"));
    }
    return count;
}

/* ---- programs ---- */

/* "python3.11" as "python3", then "python". */
static struct bytes without_version(struct bytes name)
{
    size_t size = name.size;
    while (size > 1 && name.data[size - 1] >= '0' && name.data[size - 1] <= '9') {
        size--;
    }
    while (size > 1 && size < name.size &&
           (name.data[size - 1] == '.' || name.data[size - 1] == '-')) {
        size--;
    }
    return bytes_part(name, 0, size);
}

/* The name in small letters, without ".exe"; BYTES_NONE where it is too long for any. */
static struct bytes in_small_letters(struct bytes name, uint8_t *buffer)
{
    if (name.size > KNOWLEDGE_NAME_MAX) {
        return BYTES_NONE;
    }
    for (size_t i = 0; i < name.size; i++) {
        bool is_capital = name.data[i] >= 'A' && name.data[i] <= 'Z';
        buffer[i] = is_capital ? name.data[i] | 0x20 : name.data[i];
    }
    return (struct bytes){buffer, name.size};
}

static struct bytes without_ending(struct bytes name)
{
    if (bytes_equal_text_nocase(name, "echo.") || bytes_equal_text_nocase(name, "echo:")) {
        return bytes_part(name, 0, 4); /* the command prompt's way to print an empty line */
    }
    static const char *const endings[] = {".exe", ".com"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (name.size > 4 &&
            bytes_equal_text_nocase(bytes_from(name, name.size - 4), endings[i])) {
            return bytes_part(name, 0, name.size - 4);
        }
    }
    return name;
}

/* `*known` is the name as the knowledge has it. */
static struct bytes find_windows(const struct knowledge *knowledge, enum shell_dialect dialect,
                                 struct bytes name, struct bytes *known)
{
    uint8_t buffer[KNOWLEDGE_NAME_MAX];
    struct bytes small = in_small_letters(name, buffer);
    struct bytes alias = dialect == SHELL_POWERSHELL
                             ? tree_text(knowledge_find(knowledge, "aliases", small))
                             : BYTES_NONE;
    const struct tree_node *entry =
        knowledge_find(knowledge, "windows", alias.size > 0 ? alias : small);
    if (entry == NULL) {
        return BYTES_NONE;
    }
    *known = entry->key;
    return tree_text(entry);
}

static struct bytes find_unix(const struct knowledge *knowledge, struct bytes name,
                              struct bytes *known)
{
    struct bytes wanted = name;
    for (unsigned i = 0; i < 4; i++) {
        const struct tree_node *entry = knowledge_find(knowledge, "programs", wanted);
        if (entry != NULL) {
            *known = entry->key;
            return tree_text(entry);
        }
        struct bytes shorter = without_version(wanted);
        if (shorter.size == wanted.size) {
            break;
        }
        wanted = shorter;
    }
    return BYTES_NONE;
}

struct bytes knowledge_program(const struct knowledge *knowledge, enum shell_dialect dialect,
                               struct bytes name, struct bytes *known)
{
    struct bytes wanted = without_ending(name);
    struct bytes does = dialect == SHELL_UNIX ? find_unix(knowledge, wanted, known)
                                              : find_windows(knowledge, dialect, wanted, known);
    uint8_t buffer[KNOWLEDGE_NAME_MAX];
    if (does.size > 0) {
        return does;
    }
    return dialect == SHELL_UNIX
               ? find_windows(knowledge, dialect, wanted, known)
               : find_unix(knowledge, in_small_letters(wanted, buffer), known);
}

/* ---- options ---- */

/* "-i.*": whatever is joined to it; "--*-name": whatever stands there, in words behind hyphens
 * without a value. */
static bool fits_star(struct bytes key, struct bytes word, struct bytes *star)
{
    size_t at = bytes_find_byte(key, '*');
    struct bytes head = bytes_part(key, 0, at);
    struct bytes tail = bytes_from(key, at + 1);
    if (at == 0 || at >= key.size || key.size < 3 || word.size <= head.size + tail.size ||
        !bytes_equal(bytes_part(word, 0, head.size), head) ||
        !bytes_equal(bytes_from(word, word.size - tail.size), tail)) {
        return false;
    }
    *star = bytes_part(word, head.size, word.size - head.size - tail.size);
    bool has_value = bytes_starts(key, "--") && bytes_find_byte(*star, '=') < star->size;
    return !has_value && bytes_find_byte(*star, ' ') == star->size;
}

/* How well a word fits a key: 0 not at all, 1 as its beginning or by its "*", 2 wholly. */
static unsigned compare_key(struct bytes key, struct bytes word, bool is_windows,
                            struct bytes *star)
{
    uint8_t of_key[KNOWLEDGE_NAME_MAX];
    uint8_t of_word[KNOWLEDGE_NAME_MAX];
    *star = BYTES_NONE;
    if (!is_windows && fits_star(key, word, star)) {
        return 1;
    }
    if (!is_windows) {
        return bytes_equal(key, word) ? 2 : 0;
    }
    struct bytes small_key = in_small_letters(key, of_key);
    struct bytes small_word = in_small_letters(word, of_word);
    if (small_word.size == 0 || small_word.size > small_key.size ||
        !bytes_equal(bytes_part(small_key, 0, small_word.size), small_word)) {
        return 0;
    }
    bool may_be_cut = word.size >= 3 && word.data[0] == '-';
    return small_word.size == small_key.size ? 2 : may_be_cut ? 1 : 0;
}

/* Looks through a map of options; PowerShell takes the beginning of one for all of it. */
static bool find_option(const struct tree_node *options, struct bytes option, bool is_windows,
                        struct known_option *out)
{
    unsigned best = 0;
    for (const struct tree_node *child = tree_first(options); child != NULL;
         child = tree_next(options, child)) {
        struct bytes key = child->key;
        bool compares = bytes_equal_text(key, "!=") || bytes_equal_text(key, "==");
        bool takes_value = bytes_ends(key, "=") && key.size > 1 && !compares;
        key.size -= takes_value;
        struct bytes star;
        unsigned fits = compare_key(key, option, is_windows, &star);
        if (fits > best) {
            best = fits;
            struct bytes shown = star.size > 0 ? option : key;
            *out = (struct known_option){shown, tree_text(child), takes_value, star};
        }
    }
    return best > 0;
}

/* Programs of the command prompt take "-f" for "/f". */
static bool find_windows_option(const struct tree_node *options, struct bytes option,
                                struct known_option *out)
{
    uint8_t buffer[KNOWLEDGE_NAME_MAX];
    struct bytes other = in_small_letters(option, buffer);
    if (find_option(options, option, true, out)) {
        return true;
    }
    if (other.size < 2 || other.data[0] != '-') {
        return false;
    }
    buffer[0] = '/';
    return find_option(options, other, true, out);
}

/* Whose options a program takes: "podman logs" those of "docker logs", where podman is told to
 * do the same as docker. */
static struct bytes owner_of(const struct knowledge *knowledge, struct bytes program,
                             struct text *joined)
{
    struct bytes same = tree_text(knowledge_find(knowledge, "same", program));
    size_t space = bytes_find_byte(program, ' ');
    struct bytes head = bytes_part(program, 0, space);
    struct bytes other = tree_text(knowledge_find(knowledge, "same", head));
    const struct tree_node *commands = knowledge_find(knowledge, "commands", head);
    other = other.size == 0 && tree_is(commands, TREE_TEXT) ? tree_text(commands) : other;
    if (same.size > 0 || other.size == 0) {
        return same.size > 0 ? same : program;
    }
    text_add_raw(joined, other);
    text_add_raw(joined, bytes_from(program, space));
    return text_status(joined) == STATUS_OK ? text_bytes(joined) : program;
}

bool knowledge_option(const struct knowledge *knowledge, enum shell_dialect dialect,
                      struct bytes program, struct bytes option, struct known_option *out)
{
    AUTO(text_done) struct text joined = text_of_limit(TEXT_SIZE_MAX);
    struct bytes owner = owner_of(knowledge, program, &joined);
    if (dialect != SHELL_UNIX &&
        find_windows_option(knowledge_find(knowledge, "windows-options", owner), option, out)) {
        return true;
    }
    if (find_option(knowledge_find(knowledge, "options", program), option, false, out) ||
        find_option(knowledge_find(knowledge, "options", owner), option, false, out)) {
        return true;
    }
    /* A program of Windows that a Unix shell is given, where it is none of Unix. */
    struct bytes head = bytes_part(program, 0, bytes_find_byte(program, ' '));
    return dialect == SHELL_UNIX && knowledge_find(knowledge, "programs", head) == NULL &&
           !bytes_equal_text(program, "any") &&
           find_windows_option(knowledge_find(knowledge, "windows-options", owner), option,
                               out);
}

bool knowledge_has_options(const struct knowledge *knowledge, struct bytes program)
{
    return knowledge_find(knowledge, "options", program) != NULL ||
           knowledge_find(knowledge, "windows-options", program) != NULL ||
           knowledge_find(knowledge, "same", program) != NULL;
}

#define LONG_WORDS_MIN 3

bool knowledge_has_long_words(const struct knowledge *knowledge, struct bytes program)
{
    const struct tree_node *options = knowledge_find(knowledge, "options", program);
    size_t count = 0;
    for (const struct tree_node *child = tree_first(options); child != NULL;
         child = tree_next(options, child)) {
        struct bytes key = child->key;
        key.size -= bytes_ends(key, "=") && key.size > 1;
        count += key.size > 3 && key.data[0] == '-' && byte_is_letter(key.data[1]) &&
                 byte_is_letter(key.data[2]) && byte_is_letter(key.data[3]);
    }
    return count >= LONG_WORDS_MIN;
}

bool knowledge_custom(const struct knowledge *knowledge, enum shell_dialect dialect,
                      struct bytes option, struct known_option *out)
{
    /* The beginning of one may be that of another option of the program. */
    return knowledge_option(knowledge, dialect, bytes_of_text("any"), option, out) &&
           out->key.size == option.size;
}

/* ---- commands ---- */

static const struct tree_node *commands_of(const struct knowledge *knowledge,
                                           enum shell_dialect dialect, struct bytes program)
{
    const struct tree_node *entry = NULL;
    if (dialect != SHELL_UNIX || knowledge_find(knowledge, "programs", program) == NULL) {
        entry = knowledge_find(knowledge, "windows-commands", program);
    }
    if (entry == NULL) {
        entry = knowledge_find(knowledge, "commands", program);
    }
    if (entry == NULL) {
        struct bytes same = tree_text(knowledge_find(knowledge, "same", program));
        entry = knowledge_find(knowledge, "commands", same);
    }
    return tree_is(entry, TREE_TEXT) ? knowledge_find(knowledge, "commands", tree_text(entry))
                                     : entry;
}

/* The words that a program takes besides its own: "...: verbs" among these. */
static const struct tree_node *commands_besides(const struct knowledge *knowledge,
                                                const struct tree_node *commands)
{
    struct bytes name = tree_text(tree_member(commands, "..."));
    return name.size == 0 ? NULL : knowledge_find(knowledge, "commands", name);
}

bool knowledge_has_commands(const struct knowledge *knowledge, enum shell_dialect dialect,
                            struct bytes program, bool *may_come_later)
{
    const struct tree_node *commands = commands_of(knowledge, dialect, program);
    const struct tree_node *besides = commands_besides(knowledge, commands);
    const struct tree_node *last = besides != NULL ? besides : commands;
    *may_come_later = last != NULL && bytes_equal_text(last->key, "verbs");
    return commands != NULL;
}

static const struct tree_node *find_command(const struct tree_node *commands,
                                            struct bytes wanted)
{
    const struct tree_node *found = tree_member_bytes(commands, wanted);
    for (const struct tree_node *child = tree_first(commands); found == NULL && child != NULL;
         child = tree_next(commands, child)) {
        /* "list-*": all words that begin so. */
        size_t size = child->key.size - 1;
        bool fits = bytes_ends(child->key, "*") && wanted.size > size &&
                    bytes_equal(bytes_part(wanted, 0, size), bytes_part(child->key, 0, size));
        found = fits ? child : NULL;
    }
    return bytes_equal_text(wanted, "...") ? NULL : found;
}

bool knowledge_command(const struct knowledge *knowledge, enum shell_dialect dialect,
                       struct bytes program, struct bytes words, struct known_option *out)
{
    const struct tree_node *commands = commands_of(knowledge, dialect, program);
    uint8_t buffer[KNOWLEDGE_NAME_MAX];
    struct bytes wanted = dialect == SHELL_UNIX ? words : in_small_letters(words, buffer);
    const struct tree_node *found = find_command(commands, wanted);
    found = found == NULL ? find_command(commands_besides(knowledge, commands), wanted) : found;
    if (found == NULL) {
        return false;
    }
    bool has_star = bytes_ends(found->key, "*") && found->key.size > 1;
    struct bytes star = has_star ? bytes_from(words, found->key.size - 1) : BYTES_NONE;
    *out = (struct known_option){found->key, tree_text(found), false, star};
    return true;
}

bool knowledge_is_noun(const struct knowledge *knowledge, struct bytes word)
{
    const struct tree_node *nouns =
        knowledge_find(knowledge, "commands", bytes_of_text("nouns"));
    return tree_member_bytes(nouns, word) != NULL;
}

struct bytes knowledge_alone(const struct knowledge *knowledge, struct bytes program)
{
    return tree_text(knowledge_find(knowledge, "alone", program));
}

struct bytes knowledge_given(const struct knowledge *knowledge, struct bytes program)
{
    return tree_text(knowledge_find(knowledge, "given", program));
}

struct bytes knowledge_member(const struct knowledge *knowledge, struct bytes name)
{
    uint8_t buffer[KNOWLEDGE_NAME_MAX];
    return tree_text(knowledge_find(knowledge, "members", in_small_letters(name, buffer)));
}

struct bytes knowledge_call(const struct knowledge *knowledge, struct bytes language,
                            struct bytes name)
{
    return tree_text(tree_member_bytes(knowledge_find(knowledge, "calls", language), name));
}
