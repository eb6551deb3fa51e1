#include "cli/secret.h"

#include <string.h>

#define SHARE_WORDS_MIN 20 /* SLIP-0039 has no shorter share */
#define SHOWN_MAX 4096
/* So much of a secret is known for it: a line may have cut the rest. */
#define BEGINNING_MIN 24

static const char mark[] = "AGE-SECRET-KEY-";
#define MARK_SIZE (sizeof mark - 1)

/* The words of a share where the name of its file belongs. */
static bool is_share(const char *word)
{
    size_t gaps = 0;
    for (const char *at = word; *at != '\0'; at++) {
        bool is_gap = *at == ' ' || *at == '\n' || *at == '\t' || *at == '\r';
        if (!is_gap && !byte_is_letter((uint8_t)*at)) {
            return false;
        }
        gaps += is_gap;
    }
    return gaps + 1 >= SHARE_WORDS_MIN;
}

static bool is_marked(struct bytes text)
{
    return bytes_equal_text_nocase(bytes_part(text, 0, MARK_SIZE), mark);
}

bool secret_is(const char *word)
{
    struct bytes text = bytes_of_text(word);
    for (size_t i = 0; i + MARK_SIZE <= text.size; i++) {
        if (is_marked(bytes_from(text, i))) {
            return true;
        }
    }
    return is_share(word);
}

/* How much of the secret stands at the beginning of the text; none where it is too little. */
static size_t find_beginning(struct bytes text, struct bytes secret)
{
    size_t size = 0;
    while (size < text.size && size < secret.size && text.data[size] == secret.data[size]) {
        size++;
    }
    return size >= BEGINNING_MIN ? size : 0;
}

/* The same of all secrets among the words, as they are and as a person would be shown them. */
static size_t find_any(const struct secret_words *words, struct bytes text)
{
    size_t most = 0;
    for (int i = 0; i < words->count; i++) {
        if (!secret_is(words->at[i])) {
            continue;
        }
        AUTO(text_done) struct text quoted = text_of_limit(4 * SHOWN_MAX);
        text_add_quoted(&quoted, bytes_of_text(words->at[i]), SHOWN_MAX);
        size_t plain = find_beginning(text, bytes_of_text(words->at[i]));
        size_t shown = find_beginning(text, text_bytes(&quoted));
        size_t size = plain > shown ? plain : shown;
        most = size > most ? size : most;
    }
    return most;
}

/* A key of age, whoever it came from. */
static size_t find_key(struct bytes text)
{
    size_t size = is_marked(text) ? MARK_SIZE : 0;
    while (size > 0 && size < text.size &&
           (byte_is_letter(text.data[size]) || byte_is_digit(text.data[size]))) {
        size++;
    }
    return size;
}

void secret_add_line(const struct secret_words *words, struct bytes line, struct text *out)
{
    bool has_secret = false;
    for (int i = 0; i < words->count; i++) {
        has_secret = has_secret || secret_is(words->at[i]);
    }
    while (line.size > 0) {
        size_t word = has_secret ? find_any(words, line) : 0;
        size_t key = find_key(line);
        size_t size = word > key ? word : key;
        if (size > 0) {
            text_add(out, "(a secret, not shown)");
        } else {
            text_add_byte(out, (char)line.data[0]);
        }
        line = bytes_from(line, size > 0 ? size : 1);
    }
}
