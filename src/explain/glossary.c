#include "explain/glossary.h"

static const char *const parts[] = {"terms", "words"};
#define PART_COUNT (sizeof parts / sizeof *parts)

static enum status complain(const char *what, const struct tree_node *node,
                            struct tree_fault *fault)
{
    *fault = (struct tree_fault){what, node == NULL ? 0 : node->line};
    return STATUS_MALFORMED;
}

enum status glossary_check(const struct tree_node *document, struct tree_fault *fault)
{
    size_t count = 0;
    if (!tree_is(tree_member(document, "terms"), TREE_MAP)) {
        return complain("a glossary needs a map named terms", document, fault);
    }
    for (size_t i = 0; i < PART_COUNT; i++) {
        const struct tree_node *part = tree_member(document, parts[i]);
        if (part != NULL && !tree_is(part, TREE_MAP)) {
            return complain("terms and words are maps of texts", part, fault);
        }
        for (const struct tree_node *child = tree_first(part); child != NULL;
             child = tree_next(part, child)) {
            if (!tree_is(child, TREE_TEXT) || child->text.size == 0 || child->key.size == 0) {
                return complain("a term without a text that says what it means", child, fault);
            }
            if (++count > GLOSSARY_TERMS_MAX) {
                return complain("more terms than a report can list", child, fault);
            }
        }
    }
    return STATUS_OK;
}

/* ---- is a term used? ---- */

static bool is_letter(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') ||
           byte >= 0x80;
}

static bool starts_with_term(struct bytes rest, struct bytes term)
{
    if (rest.size < term.size) {
        return false;
    }
    for (size_t i = 0; i < term.size; i++) {
        if (byte_lower(rest.data[i]) != byte_lower(term.data[i])) {
            return false;
        }
    }
    struct bytes behind = bytes_from(rest, term.size);
    behind = bytes_from(behind, bytes_starts(behind, "s") ? 1 : 0);
    return behind.size == 0 || !is_letter(behind.data[0]);
}

/* True where the words of the term stand in `prose` as words, in the plural too. */
static bool uses(struct bytes prose, struct bytes term)
{
    for (size_t i = 0; i + term.size <= prose.size; i++) {
        bool begins_word = i == 0 || !is_letter(prose.data[i - 1]);
        if (begins_word && starts_with_term(bytes_from(prose, i), term)) {
            return true;
        }
    }
    return false;
}

static bool sentences_use(const struct sentence *sentences, size_t count, struct bytes term)
{
    for (size_t i = 0; i < count; i++) {
        if (uses(sentences[i].text, term)) {
            return true;
        }
    }
    return false;
}

static bool plan_uses(const struct incident *incident, struct bytes term)
{
    for (size_t i = 0; i < incident->plan_count; i++) {
        const struct plan_step *step = &incident->plan[i];
        if (uses(step->action, term) || uses(step->breaks, term) || uses(step->undo, term)) {
            return true;
        }
    }
    return false;
}

static bool incident_uses(const struct incident *incident, struct bytes term)
{
    bool found = uses(incident->title, term) || plan_uses(incident, term);
    for (size_t i = 0; i < AUDIENCE_COUNT && !found; i++) {
        found = sentences_use(incident->story[i], incident->story_count[i], term);
    }
    for (size_t i = 0; i < incident->stage_count && !found; i++) {
        found = uses(incident->stages[i].title, term);
    }
    return found;
}

static bool report_uses(const struct report *report, struct bytes term)
{
    bool found = sentences_use(report->summary, report->summary_count, term);
    for (size_t i = 0; i < report->incident_count && !found; i++) {
        found = incident_uses(&report->incidents[i], term);
    }
    for (size_t i = 0; i < report->finding_count && !found; i++) {
        found = uses(report->findings[i].title, term);
    }
    return found;
}

/* ---- the list ---- */

/* A to Z whatever the case; a term that stands in both parts is listed once. */
static int compare_terms(struct bytes a, struct bytes b)
{
    for (size_t i = 0; i < a.size && i < b.size; i++) {
        int difference = byte_lower(a.data[i]) - byte_lower(b.data[i]);
        if (difference != 0) {
            return difference;
        }
    }
    return (a.size > b.size) - (a.size < b.size);
}

static void insert(struct glossary_term *rows, size_t *count, const struct glossary_term *row)
{
    size_t at = *count;
    while (at > 0 && compare_terms(rows[at - 1].term, row->term) > 0) {
        at--;
    }
    if (*count == GLOSSARY_TERMS_MAX ||
        (at > 0 && compare_terms(rows[at - 1].term, row->term) == 0)) {
        return;
    }
    for (size_t i = *count; i > at; i--) {
        rows[i] = rows[i - 1];
    }
    rows[at] = *row;
    (*count)++;
}

enum status glossary_collect(const struct tree_node *document, struct arena *arena,
                             struct report *report)
{
    struct glossary_term *rows = arena_take_many(arena, GLOSSARY_TERMS_MAX, sizeof *rows);
    if (rows == NULL) {
        return STATUS_NO_MEMORY;
    }
    size_t count = 0;
    for (size_t i = 0; i < PART_COUNT; i++) {
        const struct tree_node *part = tree_member(document, parts[i]);
        for (const struct tree_node *child = tree_first(part); child != NULL;
             child = tree_next(part, child)) {
            const struct glossary_term row = {child->key, tree_text(child)};
            if (i == 1 || report_uses(report, row.term)) {
                insert(rows, &count, &row);
            }
        }
    }
    report->glossary = rows;
    report->glossary_count = count;
    return STATUS_OK;
}
