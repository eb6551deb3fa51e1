#include "train/placeholder.h"

enum stand_in {
    STAND_IN_FOLDER,
    STAND_IN_FILE,
    STAND_IN_HOST,
    STAND_IN_NAME,
};
#define STAND_IN_COUNT 4

struct placeholder {
    const char *text;
    enum stand_in kind;
    bool takes_path; /* what follows of a path belongs to it, up to the ending of its name */
};

/* The longest first among those that begin alike. */
static const struct placeholder placeholders[] = {
    {"PathToAtomicsFolder", STAND_IN_FILE, true},
    {"/path/to/dir", STAND_IN_FOLDER, true},
    {"path/to/dir", STAND_IN_FOLDER, true},
    {"path/to/folder", STAND_IN_FOLDER, true},
    {"/path/to", STAND_IN_FILE, true},
    {"path/to", STAND_IN_FILE, true},
    {"://", STAND_IN_HOST, true}, /* every host of a URL */
    {"attacker.com", STAND_IN_HOST, false},
    {"contoso.com", STAND_IN_HOST, false},
    {"example.com", STAND_IN_HOST, false},
    {"example.org", STAND_IN_HOST, false},
    {"atomic.local", STAND_IN_HOST, false},
    {"atomics", STAND_IN_NAME, false},
    {"atomic", STAND_IN_NAME, false},
    {"Atomic", STAND_IN_NAME, false},
    {"AtomicRedTeam", STAND_IN_NAME, false},
    {"atomictest", STAND_IN_NAME, false},
    {"atomicuser", STAND_IN_NAME, false},
    {"art", STAND_IN_NAME, false},
    {"redcanaryco", STAND_IN_NAME, false},
    {"redcanary", STAND_IN_NAME, false},
};

static const char *const folders[] = {
    "/tmp",      "/var/tmp", "~/work", "/opt/app",      "/srv/data", "/usr/local/share",
    "documents", "./work",   "build",  "/var/lib/data", "src",       "backup",
};
static const char *const files[] = {
    "/tmp/a.txt", "notes.txt",  "~/data",      "report.csv",    "/srv/data/list", "out.log",
    "./input",    "/var/tmp/x", "archive.bin", "/opt/app/file", "main.c",         "image.png",
};
static const char *const hosts[] = {
    "host.test", "www.site.test", "server", "mail.site.test", "files.net.test", "node1",
};
static const char *const names[] = {"work", "data", "test", "app", "job", "tool", "item"};

#define LIST(list) \
    { \
        list, sizeof(list) / sizeof *(list) \
    }

static const struct {
    const char *const *words;
    size_t count;
} lists[STAND_IN_COUNT] = {
    [STAND_IN_FOLDER] = LIST(folders),
    [STAND_IN_FILE] = LIST(files),
    [STAND_IN_HOST] = LIST(hosts),
    [STAND_IN_NAME] = LIST(names),
};

static bool is_word_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9');
}

/* A placeholder at that place: a word of its own, or what a path or URL begins with. */
static const struct placeholder *find(struct bytes text, size_t at)
{
    struct bytes rest = bytes_from(text, at);
    for (size_t i = 0; i < sizeof placeholders / sizeof *placeholders; i++) {
        const struct placeholder *placeholder = &placeholders[i];
        size_t size = bytes_of_text(placeholder->text).size;
        bool begins = at == 0 || placeholder->takes_path || !is_word_byte(text.data[at - 1]);
        bool ends = placeholder->takes_path || size == rest.size ||
                    (size < rest.size && !is_word_byte(rest.data[size]));
        if (begins && ends && bytes_starts(rest, placeholder->text)) {
            return placeholder;
        }
    }
    return NULL;
}

/* How much the placeholder covers.  Of a URL its host; of a path all up to the ending of its
 * last name, but for dots within numbers ("T1059.004"). */
static size_t size_of(const struct placeholder *placeholder, struct bytes rest)
{
    size_t size = bytes_of_text(placeholder->text).size;
    bool is_host = placeholder->kind == STAND_IN_HOST;
    while (placeholder->takes_path && size < rest.size) {
        uint8_t byte = rest.data[size];
        bool is_dot =
            byte == '.' && (is_host || (size + 1 < rest.size && rest.data[size + 1] >= '0' &&
                                        rest.data[size + 1] <= '9'));
        bool is_more =
            byte == '-' || byte == '_' || (byte == '/' && !is_host) || (byte == ':' && is_host);
        if (!is_word_byte(byte) && !is_dot && !is_more) {
            break;
        }
        size++;
    }
    return size;
}

void placeholder_replace(struct bytes text, struct random *random, struct text *out)
{
    size_t at = 0;
    while (at < text.size) {
        const struct placeholder *placeholder = find(text, at);
        if (placeholder == NULL) {
            text_add_byte(out, (char)text.data[at++]);
            continue;
        }
        enum stand_in kind = placeholder->kind;
        text_add(out, bytes_starts(bytes_of_text(placeholder->text), ":") ? "://" : "");
        text_add(out, lists[kind].words[random_below(random, lists[kind].count)]);
        at += size_of(placeholder, bytes_from(text, at));
    }
}
