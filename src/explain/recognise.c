#include "explain/recognise.h"

#include "explain/cite.h"

#define NAME_SIZE_MAX 64

/* A section of the knowledge, and the phrase for what stands in it. */
struct row {
    const char *section;
    const char *phrase;
    bool by_name; /* found by what it is called, too */
};

static const struct row rows[] = {
    {"techniques", "technique", true},
    {"tactics", "tactic", true},
    {"groups", "group", true},
    {"software", "software", true},
    {"mitigations", "mitigation", false},
    {"vulnerabilities", "vulnerability", false},
    {"terms", "term", false},
};

static struct bytes name_of(const struct tree_node *entry)
{
    struct bytes name = tree_text(entry);
    name = name.size > 0 ? name : tree_text(tree_member(entry, "name"));
    return name.size > 0 ? name : tree_text(tree_member(entry, "product"));
}

static bool equal_nocase(struct bytes a, struct bytes b)
{
    for (size_t i = 0; i < a.size && a.size == b.size; i++) {
        uint8_t left = a.data[i] >= 'A' && a.data[i] <= 'Z' ? a.data[i] | 0x20 : a.data[i];
        uint8_t right = b.data[i] >= 'A' && b.data[i] <= 'Z' ? b.data[i] | 0x20 : b.data[i];
        if (left != right) {
            return false;
        }
    }
    return a.size == b.size;
}

static const struct tree_node *find_in(const struct knowledge *knowledge, const struct row *row,
                                       struct bytes text)
{
    for (size_t i = 0; i < knowledge->count; i++) {
        const struct tree_node *section = tree_member(knowledge->documents[i], row->section);
        for (const struct tree_node *entry = tree_first(section); entry != NULL;
             entry = tree_next(section, entry)) {
            if (equal_nocase(entry->key, text) ||
                (row->by_name && equal_nocase(name_of(entry), text))) {
                return entry;
            }
        }
    }
    return NULL;
}

static void set(struct slots *slots, const char *name, struct bytes value)
{
    AUTO(text_done) struct text text = text_of_limit(PHRASE_SIZE_MAX);
    text_add_quoted(&text, value, 400);
    slots_set(slots, name, &text);
}

static void set_tactics(const struct knowledge *knowledge, const struct tree_node *entry,
                        struct slots *slots)
{
    AUTO(text_done) struct text text = text_of_limit(PHRASE_SIZE_MAX);
    const struct tree_node *list = tree_member(entry, "tactics");
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        struct bytes name = name_of(knowledge_find(knowledge, "tactics", tree_text(child)));
        text_add(&text, text.size > 0 ? ", " : "");
        text_add_quoted(&text, name, 100);
    }
    slots_set(slots, "tactics", &text);
}

static bool is_vulnerability_number(struct bytes text)
{
    return text.size >= 13 && text.size <= 20 &&
           bytes_equal_text_nocase(bytes_part(text, 0, 4), "CVE-");
}

static enum status say_entry(const struct knowledge *knowledge, const struct row *row,
                             const struct tree_node *entry, struct draft *draft)
{
    struct slots slots = {.arena = draft->arena};
    struct basis basis = {0};
    set(&slots, "id", entry->key);
    set(&slots, "name", name_of(entry));
    set(&slots, "listed", tree_text(tree_member(entry, "listed")));
    set_tactics(knowledge, entry, &slots);
    AUTO(text_done) struct text scheme = text_of_limit(64);
    text_addf(&scheme, "known:%s/", row->phrase);
    TRY(cite_knowledge(&basis, draft->arena, text_terminated(&scheme), entry->key));
    return draft_say(draft, row->phrase, &slots, &basis, NULL);
}

enum status recognise_name(const struct knowledge *knowledge, struct bytes text,
                           struct draft *draft, bool *is_name)
{
    struct bytes name = bytes_trim(text);
    struct bytes known;
    *is_name = false;
    if (name.size == 0 || name.size > NAME_SIZE_MAX ||
        knowledge_program(knowledge, SHELL_UNIX, name, &known).size > 0) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct tree_node *entry = find_in(knowledge, &rows[i], name);
        if (entry != NULL) {
            *is_name = true;
            return say_entry(knowledge, &rows[i], entry, draft);
        }
    }
    if (is_vulnerability_number(name)) {
        struct slots slots = {.arena = draft->arena};
        struct basis basis = {0};
        set(&slots, "id", name);
        cite_text(&basis, 0, 0, name.size);
        *is_name = true;
        return draft_say(draft, "vulnerability.unlisted", &slots, &basis, NULL);
    }
    return STATUS_OK;
}
