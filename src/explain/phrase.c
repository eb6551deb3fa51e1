#include "explain/phrase.h"

#include "base/cursor.h"

#include <string.h>

void slots_set(struct slots *slots, const char *name, const struct text *value)
{
    struct bytes copy;
    if (text_status(value) != STATUS_OK || value->size == 0 ||
        arena_copy(slots->arena, text_bytes(value), &copy) != STATUS_OK) {
        return;
    }
    for (size_t i = 0; i < slots->count; i++) {
        if (strcmp(slots->items[i].name, name) == 0) {
            slots->items[i].value = copy;
            return;
        }
    }
    if (slots->count < SLOTS_MAX) {
        slots->items[slots->count++] = (struct slot){name, copy};
    }
}

void slots_drop(struct slots *slots, const char *name)
{
    for (size_t i = 0; i < slots->count; i++) {
        if (strcmp(slots->items[i].name, name) == 0) {
            slots->items[i] = slots->items[--slots->count];
            return;
        }
    }
}

void slots_set_text(struct slots *slots, const char *name, const char *ours)
{
    struct text value = text_of_limit(PHRASE_SIZE_MAX);
    text_add(&value, ours);
    slots_set(slots, name, &value);
    text_done(&value);
}

static struct bytes find_slot(const struct slots *slots, struct bytes name)
{
    for (size_t i = 0; i < slots->count; i++) {
        if (bytes_equal_text(name, slots->items[i].name)) {
            return slots->items[i].value;
        }
    }
    return BYTES_NONE;
}

/* ---- terms ---- */

static bool is_first_use(struct phrase_book *book, struct bytes term)
{
    for (size_t i = 0; i < book->glossed_count; i++) {
        if (bytes_equal(book->glossed[i], term)) {
            return false;
        }
    }
    if (book->glossed_count == GLOSSED_MAX) {
        return false;
    }
    book->glossed[book->glossed_count++] = term;
    return true;
}

static void add_term(struct phrase_book *book, struct bytes term, struct text *out)
{
    text_add_raw(out, term);
    struct bytes gloss = tree_text(tree_member_bytes(book->glossary, term));
    if (gloss.size > 0 && is_first_use(book, term)) {
        text_add(out, " (");
        text_add_raw(out, gloss);
        text_add(out, ")");
    }
}

/* ---- one phrase ---- */

/* Adds up to `end`; STATUS_NOT_FOUND at a fact that is missing. */
static enum status add_part(struct phrase_book *book, struct bytes part,
                            const struct slots *slots, struct text *out)
{
    struct cursor cursor = cursor_of(part);
    while (!cursor_at_end(&cursor)) {
        struct bytes word;
        if (cursor_accept(&cursor, "{")) {
            struct bytes value =
                cursor_until(&cursor, '}', &word) ? find_slot(slots, word) : BYTES_NONE;
            if (value.size == 0) {
                return STATUS_NOT_FOUND;
            }
            text_add_raw(out, value);
        } else if (cursor_accept(&cursor, "<")) {
            if (cursor_until(&cursor, '>', &word)) {
                add_term(book, word, out);
            }
        } else {
            text_add_byte(out, (char)cursor_u8(&cursor));
        }
    }
    return STATUS_OK;
}

static void capitalise(struct text *out, size_t at)
{
    if (at < out->size && out->data[at] >= 'a' && out->data[at] <= 'z') {
        out->data[at] = (char)(out->data[at] - 'a' + 'A');
    }
}

static enum status add_phrase(struct phrase_book *book, struct bytes phrase,
                              const struct slots *slots, struct text *out)
{
    size_t begin = out->size;
    size_t glossed = book->glossed_count;
    bool capital = bytes_starts(phrase, "^");
    struct bytes rest = bytes_from(phrase, capital ? 1 : 0);
    while (rest.size > 0) {
        size_t open = bytes_find(rest, bytes_of_text("[["));
        enum status status = add_part(book, bytes_part(rest, 0, open), slots, out);
        if (status != STATUS_OK) {
            text_cut(out, begin);
            book->glossed_count = glossed;
            return status;
        }
        rest = bytes_from(rest, open + 2);
        if (rest.size == 0) {
            break;
        }
        size_t close = bytes_find(rest, bytes_of_text("]]"));
        size_t mark = out->size;
        size_t glossed_mark = book->glossed_count;
        if (add_part(book, bytes_part(rest, 0, close), slots, out) != STATUS_OK) {
            text_cut(out, mark);
            book->glossed_count = glossed_mark;
        }
        rest = bytes_from(rest, close + 2);
    }
    if (capital) {
        capitalise(out, begin);
    }
    return text_status(out);
}

enum status phrase_add(struct phrase_book *book, const char *id, const struct slots *slots,
                       struct text *out)
{
    struct bytes name = bytes_of_text(id);
    while (name.size > 0) {
        struct bytes phrase = tree_text(tree_member_bytes(book->phrases, name));
        if (phrase.size > 0) {
            enum status status = add_phrase(book, phrase, slots, out);
            if (status != STATUS_NOT_FOUND) {
                return status;
            }
        }
        while (name.size > 0 && name.data[name.size - 1] != '.') {
            name.size--;
        }
        name.size -= name.size > 0;
    }
    return STATUS_NOT_FOUND;
}

/* ---- checking a document ---- */

bool phrase_marks_name(struct bytes fact)
{
    return bytes_equal_text(fact, "account") || bytes_equal_text(fact, "file");
}

/* A name that could go on with our sentence stands in quotation marks. */
static bool is_marked(struct bytes phrase, size_t begin, size_t end)
{
    return begin > 0 && end < phrase.size && phrase.data[begin - 1] == '"' &&
           phrase.data[end] == '"';
}

/* A name holds no mark: a part that began in a name would end outside of it. */
static bool is_name(struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        if (memchr("[]{}<>", word.data[i], 6) != NULL) {
            return false;
        }
    }
    return word.size > 0;
}

/* Every mark that opens must close, in order, and parts do not stand in one another. */
static const char *find_mistake(struct bytes phrase)
{
    bool in_part = false;
    struct cursor cursor = cursor_of(phrase);
    while (!cursor_at_end(&cursor)) {
        struct bytes word;
        size_t begin = (size_t)cursor_offset(&cursor);
        if (cursor_accept(&cursor, "[[")) {
            if (in_part) {
                return "a part begins inside another part";
            }
            in_part = true;
        } else if (cursor_accept(&cursor, "]]")) {
            if (!in_part) {
                return "a part ends that did not begin";
            }
            in_part = false;
        } else if (cursor_accept(&cursor, "{")) {
            if (!cursor_until(&cursor, '}', &word) || !is_name(word)) {
                return "a fact's name is not closed, or holds a mark";
            }
            if (phrase_marks_name(word) &&
                !is_marked(phrase, begin, (size_t)cursor_offset(&cursor))) {
                return "an account or file stands without quotation marks";
            }
        } else if (cursor_accept(&cursor, "<")) {
            if (!cursor_until(&cursor, '>', &word) || !is_name(word)) {
                return "a term is not closed, or holds a mark";
            }
        } else {
            cursor_skip(&cursor, 1);
        }
    }
    return in_part ? "a part is not closed" : NULL;
}

static enum status refuse(struct tree_fault *fault, const struct tree_node *node,
                          const char *what)
{
    *fault = (struct tree_fault){what, node == NULL ? 0 : node->line};
    return STATUS_MALFORMED;
}

enum status phrase_check(const struct tree_node *document, struct tree_fault *fault)
{
    const struct tree_node *phrases = tree_member(document, "phrases");
    if (!tree_is(phrases, TREE_MAP)) {
        return refuse(fault, document, "a phrase file needs a map named phrases");
    }
    for (const struct tree_node *child = tree_first(phrases); child != NULL;
         child = tree_next(phrases, child)) {
        struct bytes phrase = tree_text(child);
        if (phrase.size == 0 || phrase.size > PHRASE_SIZE_MAX) {
            return refuse(fault, child, "a phrase must be text of a sensible size");
        }
        const char *mistake = find_mistake(phrase);
        if (mistake != NULL) {
            return refuse(fault, child, mistake);
        }
    }
    return STATUS_OK;
}
