#include "explain/knowledge.h"

#include <string.h>

#define TEXT_SIZE_MAX 300
#define NAME_SIZE_MAX 128

static const char *const sections[] = {"programs",    "options",        "same",   "terms",
                                       "tactics",     "techniques",     "groups", "software",
                                       "mitigations", "vulnerabilities"};

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

struct bytes knowledge_program(const struct knowledge *knowledge, struct bytes name,
                               struct bytes *known)
{
    struct bytes wanted = name;
    if (wanted.size > 4 &&
        bytes_equal_text_nocase(bytes_from(wanted, wanted.size - 4), ".exe")) {
        wanted.size -= 4;
    }
    for (unsigned i = 0; i < 4; i++) {
        struct bytes does = tree_text(knowledge_find(knowledge, "programs", wanted));
        if (does.size > 0) {
            *known = wanted;
            return does;
        }
        struct bytes shorter = without_version(wanted);
        if (shorter.size == wanted.size) {
            break;
        }
        wanted = shorter;
    }
    return BYTES_NONE;
}

bool knowledge_option(const struct knowledge *knowledge, struct bytes program,
                      struct bytes option, struct known_option *out)
{
    struct bytes same = tree_text(knowledge_find(knowledge, "same", program));
    const struct tree_node *options =
        knowledge_find(knowledge, "options", same.size > 0 ? same : program);
    for (const struct tree_node *child = tree_first(options); child != NULL;
         child = tree_next(options, child)) {
        struct bytes key = child->key;
        bool takes_value = bytes_ends(key, "=");
        key.size -= takes_value;
        if (bytes_equal(key, option)) {
            *out = (struct known_option){key, tree_text(child), takes_value};
            return true;
        }
    }
    return false;
}
