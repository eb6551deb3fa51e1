#include "explain/braces.h"

#include "record/quote.h"

#define WORD_SIZE_MAX 1024

/* The one group of a word; false where there is none, or another beside or inside it. */
static bool find_group(struct bytes word, size_t *open, size_t *close)
{
    *open = bytes_find_byte(word, '{');
    struct bytes inner = bytes_from(word, *open + 1);
    size_t end = bytes_find_byte(inner, '}');
    *close = *open + 1 + end;
    bool is_variable = *open > 0 && word.data[*open - 1] == '$';
    return *open < word.size && end < inner.size && !is_variable &&
           bytes_find_byte(inner, '{') == inner.size &&
           bytes_find_byte(bytes_part(inner, 0, end), ',') < end;
}

size_t braces_add_words(struct text *list, struct bytes word, size_t shown_max)
{
    size_t open;
    size_t close;
    if (word.size > WORD_SIZE_MAX || !find_group(word, &open, &close)) {
        return 0;
    }
    struct bytes inner = bytes_part(word, open + 1, close - open - 1);
    if (bytes_count(inner, ',') >= BRACES_WORDS_MAX) {
        return 0;
    }
    size_t count = bytes_count(inner, ',') + 1;
    for (size_t i = 0; i < count; i++) {
        size_t size = bytes_find_byte(inner, ',');
        AUTO(text_done) struct text one = text_of_limit(WORD_SIZE_MAX);
        text_add_raw(&one, bytes_part(word, 0, open));
        text_add_raw(&one, bytes_part(inner, 0, size));
        text_add_raw(&one, bytes_from(word, close + 1));
        text_add(list, i > 0 ? ", " : "");
        quote_add_text(list, text_bytes(&one), shown_max);
        inner = bytes_from(inner, size + 1);
    }
    return count;
}
