#include "explain/blank.h"

#include "record/quote.h"

/* Words of a command are shown with such a byte escaped: it can only come from here. */
#define BLANK_MARK '\x01'

static const char *const names[] = {"it", "one", "them"};

/* "db-cluster" as "db cluster". */
static void add_star(struct text *out, struct bytes star)
{
    AUTO(text_done) struct text spaced = text_of_limit(BLANK_SHOWN_MAX);
    size_t size = star.size < BLANK_SHOWN_MAX ? star.size : BLANK_SHOWN_MAX - 1;
    for (size_t i = 0; i < size; i++) {
        text_add_byte(&spaced,
                      star.data[i] == '-' || star.data[i] == '_' ? ' ' : (char)star.data[i]);
    }
    quote_add_text(out, text_bytes(&spaced), BLANK_SHOWN_MAX);
}

/* "storage, account" as "storage account". */
static void add_things(struct text *out, struct bytes things)
{
    for (size_t i = 0; i < things.size; i++) {
        bool is_comma =
            things.data[i] == ',' && i + 1 < things.size && things.data[i + 1] == ' ';
        if (!is_comma) {
            text_add_byte(out, (char)things.data[i]);
        }
    }
}

/* One blank, its braces left out. */
static void add_blank(struct text *out, struct bytes blank, const struct blanks *blanks)
{
    if (blank.size == 0) {
        text_add_byte(out, BLANK_MARK);
        return;
    }
    if (bytes_equal_text(blank, "*")) {
        add_star(out, blanks->star);
        return;
    }
    if (bytes_equal_text(blank, "of")) {
        text_add(out, blanks->things.size > 0 ? " of " : "");
        add_things(out, blanks->things);
        return;
    }
    if (blanks->things.size > 0) {
        add_things(out, blanks->things);
    } else {
        text_add_raw(out, blank);
    }
}

void blank_add(struct text *out, struct bytes means, const struct blanks *blanks)
{
    struct bytes rest = means;
    while (rest.size > 0) {
        size_t open = bytes_find_byte(rest, '{');
        text_add_raw(out, bytes_part(rest, 0, open));
        rest = bytes_from(rest, open);
        size_t close = bytes_find_byte(rest, '}');
        if (close >= rest.size) {
            text_add_raw(out, rest);
            return;
        }
        add_blank(out, bytes_part(rest, 1, close - 1), blanks);
        rest = bytes_from(rest, close + 1);
    }
}

bool blank_names_things(struct bytes means)
{
    bool is_there = bytes_contains(means, "{of}");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        AUTO(text_done) struct text blank = text_of_limit(16);
        text_addf(&blank, "{%s}", names[i]);
        is_there = is_there || bytes_contains(means, text_terminated(&blank));
    }
    return is_there;
}

/* Whether "the" stands one or two words before the end: "removes the packages " is whole
 * without what it is given, "shows details of " is not. */
static bool ends_with_name(const struct text *text)
{
    struct bytes rest = bytes_trim(text_bytes(text));
    for (unsigned i = 0; i < 2 && rest.size > 0; i++) {
        while (rest.size > 0 && rest.data[rest.size - 1] != ' ') {
            rest.size--;
        }
        rest = bytes_trim(rest);
        if (bytes_ends(rest, " the")) {
            return true;
        }
    }
    return false;
}

/* In place of what the program is not given.  The bytes behind the mark that go with it. */
static size_t add_nothing(struct text *settled, struct bytes behind)
{
    if (bytes_ends(text_bytes(settled), " (") && bytes_starts(behind, ")")) {
        text_cut(settled, settled->size - 2);
        return 1;
    }
    if (ends_with_name(settled)) {
        text_cut(settled, settled->size - 1);
        return 0;
    }
    text_add(settled, "it");
    return 0;
}

bool blank_settle(struct text *list, struct bytes given)
{
    AUTO(text_done) struct text settled = text_of_limit(2 * list->size + given.size + 1);
    bool fits = list->size + given.size < list->limit / 2; /* else it is said apart */
    bool is_filled = false;
    for (size_t i = 0; i < list->size; i++) {
        if (list->data[i] != BLANK_MARK) {
            text_add_byte(&settled, list->data[i]);
        } else if (given.size > 0 && fits && !is_filled) {
            is_filled = true;
            text_add_raw(&settled, given);
        } else {
            i += add_nothing(&settled, bytes_from(text_bytes(list), i + 1));
        }
    }
    text_clear(list);
    text_add_raw(list, text_bytes(&settled));
    return is_filled;
}
