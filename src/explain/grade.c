#include "explain/grade.h"

#include <string.h>

static bool is_vowel(uint8_t byte)
{
    return memchr("aeiouyAEIOUY", byte, 12) != NULL;
}

/* Groups of vowels, less a silent final e: within a few percent of a dictionary on prose. */
static uint64_t count_syllables(struct bytes word)
{
    uint64_t count = 0;
    bool in_group = false;
    for (size_t i = 0; i < word.size; i++) {
        bool vowel = is_vowel(word.data[i]);
        count += vowel && !in_group;
        in_group = vowel;
    }
    bool final_e = word.size > 2 && (word.data[word.size - 1] | 0x20) == 'e' &&
                   !is_vowel(word.data[word.size - 2]) &&
                   (word.data[word.size - 2] | 0x20) != 'l';
    count -= final_e && count > 1;
    return count == 0 ? 1 : count;
}

static bool is_letters(struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        uint8_t folded = word.data[i] | 0x20;
        if ((folded < 'a' || folded > 'z') && word.data[i] != '\'') {
            return false;
        }
    }
    return word.size > 0;
}

static struct bytes strip(struct bytes word)
{
    static const char marks[] = ".,:;?!()\"[]*";
    while (word.size > 0 && memchr(marks, word.data[0], sizeof marks - 1) != NULL) {
        word = bytes_from(word, 1);
    }
    while (word.size > 0 && memchr(marks, word.data[word.size - 1], sizeof marks - 1) != NULL) {
        word.size--;
    }
    return word;
}

void grade_add(struct grade *grade, struct bytes text)
{
    bool open = false; /* words since the last full stop */
    struct bytes rest = text;
    struct bytes token;
    while (bytes_split(&rest, ' ', &token)) {
        struct bytes word = strip(token);
        if (word.size > 0) {
            grade->words++;
            grade->syllables += is_letters(word) ? count_syllables(word) : 1;
            open = true;
        }
        uint8_t end = token.size == 0 ? 0 : token.data[token.size - 1];
        if (open && (end == '.' || end == '?' || end == '!' || end == ':' || end == ';')) {
            grade->sentences++;
            open = false;
        }
    }
    grade->sentences += open;
}

double grade_value(const struct grade *grade)
{
    if (grade->words == 0 || grade->sentences == 0) {
        return 0;
    }
    double value = 0.39 * (double)grade->words / (double)grade->sentences +
                   11.8 * (double)grade->syllables / (double)grade->words - 15.59;
    return value < 0 ? 0 : value;
}
