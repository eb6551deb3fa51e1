/* Claims of pattern/glob.h: it agrees with a matcher that tries every split, written from the
 * description.  The input is a flag byte, the pattern's size, the pattern and the subject. */
#include "pattern/glob.h"

#include "fuzz.h"

#include "base/text.h"

#define PART_MAX 48

struct part {
    enum { ANY_TEXT, ANY_ONE, ONE_OF } kind;
    bool is_negated;
    unsigned range_count;
    uint32_t ranges[PART_MAX][2];
};

static uint32_t take_one(struct bytes *text)
{
    uint32_t value = 0;
    size_t size = text_utf8_next(*text, &value);
    if (size == 0) {
        value = 0x110000U + text->data[0];
        size = 1;
    }
    *text = bytes_from(*text, size);
    return value;
}

static uint32_t take_literal(struct bytes *pattern)
{
    if (pattern->data[0] == '\\' && pattern->size > 1) {
        *pattern = bytes_from(*pattern, 1);
    }
    return take_one(pattern);
}

static bool read_class(struct bytes *pattern, struct part *part)
{
    struct bytes rest = bytes_from(*pattern, 1);
    part->is_negated = rest.size > 0 && (rest.data[0] == '!' || rest.data[0] == '^');
    rest = bytes_from(rest, part->is_negated ? 1 : 0);
    for (part->range_count = 0; rest.size > 0; part->range_count++) {
        if (rest.data[0] == ']' && part->range_count > 0) {
            *pattern = bytes_from(rest, 1);
            return true;
        }
        uint32_t first = take_literal(&rest);
        uint32_t last = first;
        if (rest.size >= 2 && rest.data[0] == '-' && rest.data[1] != ']') {
            rest = bytes_from(rest, 1);
            last = take_literal(&rest);
        }
        part->ranges[part->range_count][0] = first;
        part->ranges[part->range_count][1] = last;
    }
    return false;
}

static size_t read_parts(struct bytes pattern, struct part *parts)
{
    size_t count = 0;
    while (pattern.size > 0) {
        struct part *part = &parts[count++];
        *part = (struct part){.kind = ONE_OF};
        if (pattern.data[0] == '*' || pattern.data[0] == '?') {
            part->kind = pattern.data[0] == '*' ? ANY_TEXT : ANY_ONE;
            pattern = bytes_from(pattern, 1);
        } else if (pattern.data[0] != '[' || !read_class(&pattern, part)) {
            *part = (struct part){.kind = ONE_OF, .range_count = 1};
            part->ranges[0][0] = take_literal(&pattern);
            part->ranges[0][1] = part->ranges[0][0];
        }
    }
    return count;
}

static bool is_in(const struct part *part, uint32_t value)
{
    for (unsigned i = 0; i < part->range_count; i++) {
        if (value >= part->ranges[i][0] && value <= part->ranges[i][1]) {
            return true;
        }
    }
    return false;
}

static bool takes(const struct part *part, uint32_t value, bool any_case)
{
    if (part->kind == ANY_ONE) {
        return true;
    }
    bool found = is_in(part, value);
    if (any_case && value >= 'A' && value <= 'Z') {
        found = found || is_in(part, value + 32);
    } else if (any_case && value >= 'a' && value <= 'z') {
        found = found || is_in(part, value - 32);
    }
    return found != part->is_negated;
}

/* reach[i]: the parts so far can match the first i characters. */
static bool matches(struct bytes pattern, struct bytes subject, bool any_case)
{
    static struct part parts[PART_MAX];
    uint32_t values[256];
    size_t value_count = 0;
    while (subject.size > 0) {
        values[value_count++] = take_one(&subject);
    }
    bool reach[257] = {true};
    size_t part_count = read_parts(pattern, parts);
    for (size_t p = 0; p < part_count; p++) {
        bool next[257] = {false};
        for (size_t i = 0; i <= value_count; i++) {
            if (parts[p].kind == ANY_TEXT) {
                next[i] = reach[i] || (i > 0 && next[i - 1]);
            } else {
                next[i] = i > 0 && reach[i - 1] && takes(&parts[p], values[i - 1], any_case);
            }
        }
        for (size_t i = 0; i <= value_count; i++) {
            reach[i] = next[i];
        }
    }
    return reach[value_count];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes input = {data, size};
    if (size < 2) {
        return 0;
    }
    bool any_case = (data[0] & 1) != 0;
    struct bytes pattern = bytes_part(bytes_from(input, 2), 0, data[1] % PART_MAX);
    struct bytes subject = bytes_part(bytes_from(input, 2 + pattern.size), 0, 256);
    CLAIM(glob_matches(pattern, subject, any_case ? GLOB_NOCASE : 0) ==
          matches(pattern, subject, any_case));
    return 0;
}
