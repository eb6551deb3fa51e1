#include "access/group/member_name.h"

#include "base/text.h"
#include "pattern/regex.h"

#define PATTERN_MAX 4096

/* STATUS_NOT_FOUND where it does not match. */
static enum status match(struct arena *arena, struct bytes pattern, struct bytes name)
{
    struct regex *regex;
    struct regex_match found;
    struct fault fault;
    TRY(regex_compile(arena, pattern, REGEX_UTF | REGEX_NOCASE, &regex, &fault));
    return regex_find(regex, name, 0, &found);
}

bool member_name_is_alike(struct arena *arena, struct bytes a, struct bytes b)
{
    AUTO(text_done) struct text pattern = text_of_limit(PATTERN_MAX);
    text_add(&pattern, "\\A");
    for (size_t i = 0; i < a.size; i++) {
        uint8_t c = a.data[i];
        bool is_plain =
            c >= 0x80 || byte_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        text_add(&pattern, is_plain ? "" : "\\");
        text_add_byte(&pattern, (char)c);
    }
    text_add(&pattern, "\\z");
    return text_status(&pattern) != STATUS_OK ||
           match(arena, text_bytes(&pattern), b) != STATUS_NOT_FOUND;
}

bool member_name_mixes_alphabets(struct arena *arena, struct bytes name)
{
    static const char latin[] = "\\p{Latin}";
    static const char others[] = "[\\p{Greek}\\p{Cyrillic}]";
    return match(arena, bytes_of_text(latin), name) == STATUS_OK &&
           match(arena, bytes_of_text(others), name) == STATUS_OK;
}
