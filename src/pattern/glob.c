#include "pattern/glob.h"

#include <string.h>

#include "base/text.h"

/* Bytes that are not UTF-8 count as characters beyond Unicode. */
#define NOT_UTF8 0x110000U

struct character {
    uint32_t value;
    size_t size;
};

/* The first character of text that is not empty. */
static struct character first_of(struct bytes text)
{
    if (text.data[0] < 0x80) {
        return (struct character){text.data[0], 1};
    }
    struct character character = {0};
    character.size = text_utf8_next(text, &character.value);
    if (character.size == 0) {
        character = (struct character){NOT_UTF8 + text.data[0], 1};
    }
    return character;
}

/* Takes one character off, passing a `\` before it where another follows. */
static uint32_t take_escaped(struct bytes *pattern)
{
    if (pattern->data[0] == '\\' && pattern->size > 1) {
        *pattern = bytes_from(*pattern, 1);
    }
    struct character character = first_of(*pattern);
    *pattern = bytes_from(*pattern, character.size);
    return character.value;
}

static uint32_t fold(uint32_t value)
{
    return value >= 'A' && value <= 'Z' ? value - 'A' + 'a' : value;
}

static bool in_range(uint32_t value, uint32_t first, uint32_t last, unsigned flags)
{
    if (value >= first && value <= last) {
        return true;
    }
    uint32_t lower = fold(value);
    uint32_t upper = value >= 'a' && value <= 'z' ? value - 'a' + 'A' : value;
    return (flags & GLOB_NOCASE) != 0 &&
           ((lower >= first && lower <= last) || (upper >= first && upper <= last));
}

/* Matches `value` against the class that follows a `[`, and passes it; false, and nothing
 * passed, where it is never closed. */
static bool take_class(struct bytes *pattern, uint32_t value, unsigned flags, bool *matches)
{
    struct bytes rest = *pattern;
    bool is_negated = bytes_starts(rest, "!") || bytes_starts(rest, "^");
    rest = bytes_from(rest, is_negated ? 1 : 0);
    bool is_in = false;
    bool is_first = true;
    while (rest.size > 0 && (is_first || rest.data[0] != ']')) {
        uint32_t first = take_escaped(&rest);
        uint32_t last = first;
        if (rest.size > 1 && rest.data[0] == '-' && rest.data[1] != ']') {
            rest = bytes_from(rest, 1);
            last = take_escaped(&rest);
        }
        is_in = is_in || in_range(value, first, last, flags);
        is_first = false;
    }
    if (rest.size == 0) {
        return false;
    }
    *pattern = bytes_from(rest, 1);
    *matches = is_in != is_negated;
    return true;
}

/* Matches one character of the subject against the pattern's next part, which is no `*`, and
 * passes both where it does. */
static bool step(struct bytes *pattern, struct bytes *subject, unsigned flags)
{
    struct character character = first_of(*subject);
    struct bytes rest = *pattern;
    bool matches = false;
    if (rest.data[0] == '?') {
        rest = bytes_from(rest, 1);
        matches = true;
    } else {
        bool is_class = false;
        if (rest.data[0] == '[') {
            struct bytes class = bytes_from(rest, 1);
            is_class = take_class(&class, character.value, flags, &matches);
            rest = is_class ? class : rest;
        }
        if (!is_class) {
            uint32_t want = take_escaped(&rest);
            matches = in_range(character.value, want, want, flags);
        }
    }
    if (matches) {
        *pattern = rest;
        *subject = bytes_from(*subject, character.size);
    }
    return matches;
}

/* The subject from where the pattern after a star can begin to match: a plain ASCII character
 * is searched for, and what is skipped over are whole characters. */
static struct bytes skip_to(struct bytes after_star, struct bytes subject, unsigned flags)
{
    if (after_star.size == 0 || after_star.data[0] >= 0x80 || (flags & GLOB_NOCASE) != 0 ||
        strchr("*?[\\", after_star.data[0]) != NULL) {
        return subject;
    }
    return bytes_from(subject, bytes_find_byte(subject, after_star.data[0]));
}

static bool is_plain(uint8_t c)
{
    return c < 0x80 && strchr("*?[]\\", c) == NULL;
}

/* Most subjects begin or end otherwise than a pattern says: true where that alone settles it.
 */
static bool ends_differ(struct bytes pattern, struct bytes subject)
{
    if (pattern.size == 0 || subject.size == 0) {
        return false;
    }
    uint8_t first = pattern.data[0];
    uint8_t last = pattern.data[pattern.size - 1];
    return (is_plain(first) && first != subject.data[0]) ||
           (is_plain(last) && last != subject.data[subject.size - 1]);
}

bool glob_matches(struct bytes pattern, struct bytes subject, unsigned flags)
{
    if ((flags & GLOB_NOCASE) == 0 && ends_differ(pattern, subject)) {
        return false;
    }
    /* Only the last star is ever gone back to: what an earlier one could match, it can too. */
    bool has_star = false;
    struct bytes after_star = BYTES_NONE;
    struct bytes star_subject = BYTES_NONE;
    while (subject.size > 0 || pattern.size > 0) {
        if (bytes_starts(pattern, "*")) {
            pattern = bytes_from(pattern, 1);
            has_star = true;
            after_star = pattern;
            subject = skip_to(after_star, subject, flags);
            star_subject = subject;
        } else if (pattern.size > 0 && subject.size > 0 && step(&pattern, &subject, flags)) {
            continue;
        } else if (has_star && star_subject.size > 0) {
            star_subject = bytes_from(star_subject, first_of(star_subject).size);
            pattern = after_star;
            star_subject = skip_to(after_star, star_subject, flags);
            subject = star_subject;
        } else {
            return false;
        }
    }
    return true;
}
