#include "explain/question_text.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 160
#define WORD_SIZE_MAX 64
#define JOINED_SIZE_MAX 512
#define TABLE_ENTRIES_MAX 100000
#define MEANINGS_MAX 96 /* of one text */
#define MISSPELT_SIZE_MIN 5
#define PART_SIZE_MIN 4 /* of a word, in letters */
#define PART_SIZE_MAX 5

/* How much a feature of a sort counts: chosen with tocsin-train questions. */
#define VALUE_WHOLE 10
#define VALUE_PAIR 7
#define VALUE_PART 4
#define VALUE_FOREIGN 15

/* ---- words ---- */

struct word_list {
    struct bytes words[WORDS_MAX];
    struct bytes stems[WORDS_MAX];
    uint8_t bytes[WORDS_MAX][WORD_SIZE_MAX];
    size_t count;
};

static bool is_word_byte(uint8_t byte)
{
    return byte_is_letter(byte) || byte_is_digit(byte) || byte == '&' || byte == '@' ||
           byte >= 0x80;
}

static bool is_vowel(uint8_t byte)
{
    return byte != 0 && strchr("aeiouy", byte) != NULL;
}

/* What is left of a word without its ending, so that most forms of it are one: a rough one, as
 * both sides of every comparison go through it. */
static struct bytes stem_of(struct bytes word)
{
    static const char *const endings[] = {"ingly", "edly", "ing", "ies", "ied",
                                          "es",    "ed",   "ly",  "s",   "e"};
    if (word.size > 0 && word.data[0] == '@') {
        return word;
    }
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t size = strlen(endings[i]);
        bool is_double_s = size == 1 && bytes_ends(word, "ss");
        if (word.size >= size + 3 && bytes_ends(word, endings[i]) && !is_double_s) {
            word.size -= size;
            break;
        }
    }
    if (word.size > 3 && word.data[word.size - 1] == word.data[word.size - 2] &&
        !is_vowel(word.data[word.size - 1])) {
        word.size--;
    }
    /* "try" and "tries", "carry" and "carried". */
    return word.size > 3 && word.data[word.size - 1] == 'y' ? bytes_part(word, 0, word.size - 1)
                                                            : word;
}

static void list_add(struct word_list *list, struct bytes word)
{
    if (list->count == WORDS_MAX || word.size == 0) {
        return;
    }
    size_t size = word.size < WORD_SIZE_MAX ? word.size : WORD_SIZE_MAX;
    for (size_t i = 0; i < size; i++) {
        list->bytes[list->count][i] = byte_lower(word.data[i]);
    }
    struct bytes kept = {list->bytes[list->count], size};
    list->words[list->count] = kept;
    list->stems[list->count] = stem_of(kept);
    list->count++;
}

/* ---- words that were misspelt ---- */

/* One letter more, less, other, or two that changed places. */
static bool is_near(struct bytes a, struct bytes b)
{
    if (a.size > b.size) {
        struct bytes swap = a;
        a = b;
        b = swap;
    }
    size_t same = 0;
    while (same < a.size && a.data[same] == b.data[same]) {
        same++;
    }
    a = bytes_from(a, same);
    b = bytes_from(b, same);
    if (a.size < b.size) {
        return a.size + 1 == b.size && bytes_equal(a, bytes_from(b, 1));
    }
    bool is_other = a.size > 0 && bytes_equal(bytes_from(a, 1), bytes_from(b, 1));
    bool is_swapped = a.size > 1 && a.data[0] == b.data[1] && a.data[1] == b.data[0] &&
                      bytes_equal(bytes_from(a, 2), bytes_from(b, 2));
    return is_other || is_swapped;
}

/* The word itself where it is known or short, else the most usual one that is near. */
static struct bytes spell(const struct question_lexicon *lexicon, struct bytes word)
{
    if (!lexicon->corrects || word.size < MISSPELT_SIZE_MIN ||
        table_get(&lexicon->vocabulary, word) != NULL) {
        return word;
    }
    struct bytes best = word;
    uintptr_t most = 0;
    for (size_t i = 0; i < lexicon->vocabulary.count; i++) {
        const struct table_entry *entry = &lexicon->vocabulary.entries[i];
        bool may_be = entry->key.size + 1 >= word.size && entry->key.size <= word.size + 1 &&
                      entry->key.size + 1 >= MISSPELT_SIZE_MIN &&
                      entry->key.data[0] == word.data[0];
        if (may_be && (uintptr_t)entry->value > most && is_near(entry->key, word)) {
            most = (uintptr_t)entry->value;
            best = entry->key;
        }
    }
    return best;
}

/* "didn't" says did and not; "what's" says what. */
static void add_plain(const struct question_lexicon *lexicon, struct bytes word)
{
    bool is_denied = word.size > 3 && bytes_ends(word, "n't");
    struct bytes stem = is_denied ? bytes_part(word, 0, word.size - 3)
                                  : bytes_part(word, 0, bytes_find_byte(word, '\''));
    list_add(lexicon->list, spell(lexicon, stem));
    if (is_denied) {
        list_add(lexicon->list, bytes_of_text("not"));
    }
}

/* The parts of a word that are letters and digits, with an apostrophe between them. */
static void split_word(const struct question_lexicon *lexicon, struct bytes word)
{
    uint8_t folded[WORD_SIZE_MAX];
    size_t size = 0;
    for (size_t i = 0; i <= word.size; i++) {
        uint8_t byte = i < word.size ? byte_lower(word.data[i]) : ' ';
        bool joins = is_word_byte(byte) || (byte == '\'' && size > 0);
        if (joins && size < WORD_SIZE_MAX) {
            folded[size++] = byte;
        } else if (!joins && size > 0) {
            add_plain(lexicon, (struct bytes){folded, size});
            size = 0;
        }
    }
}

/* ---- names ---- */

static bool is_edge(uint8_t byte)
{
    return byte != 0 && strchr("?!.,;:\"'()<>`[]", byte) != NULL;
}

static struct bytes strip(struct bytes word)
{
    while (word.size > 0 && is_edge(word.data[0])) {
        word = bytes_from(word, 1);
    }
    while (word.size > 0 && is_edge(word.data[word.size - 1])) {
        word.size--;
    }
    return bytes_ends(word, "'s") ? bytes_part(word, 0, word.size - 2) : word;
}

/* "203.0.113[.]7" as "203.0.113.7". */
static struct bytes without_brackets(struct bytes word, uint8_t buffer[ENTITY_SIZE_MAX])
{
    size_t size = 0;
    for (size_t i = 0; i < word.size && size < ENTITY_SIZE_MAX; i++) {
        if (word.data[i] != '[' && word.data[i] != ']') {
            buffer[size++] = word.data[i];
        }
    }
    return (struct bytes){buffer, size};
}

static const struct entity *find_name(const struct report *report, struct bytes word)
{
    uint8_t buffer[ENTITY_SIZE_MAX];
    struct bytes name = without_brackets(strip(word), buffer);
    for (size_t i = 0; name.size > 1 && i < report->incident_count; i++) {
        const struct incident *incident = &report->incidents[i];
        for (size_t j = 0; j < incident->entity_count; j++) {
            if (bytes_equal(incident->entities[j].name, name)) {
                return &incident->entities[j];
            }
        }
    }
    return NULL;
}

const struct entity *question_entity(const struct report *report, struct bytes question)
{
    struct bytes rest = bytes_part(question, 0, QUESTION_SIZE_MAX);
    struct bytes word;
    while (report != NULL && bytes_split(&rest, ' ', &word)) {
        const struct entity *entity = find_name(report, word);
        if (entity != NULL) {
            return entity;
        }
    }
    return NULL;
}

/* How many of each sort of byte a word has. */
struct form {
    size_t letters;
    size_t digits;
    size_t dots;
    size_t colons;
    size_t slashes;
    size_t underscores;
};

static struct form form_of(struct bytes word)
{
    struct form form = {0};
    for (size_t i = 0; i < word.size; i++) {
        uint8_t byte = byte_lower(word.data[i]);
        form.letters += byte_is_letter(byte);
        form.digits += byte_is_digit(byte);
        form.dots += byte == '.';
        form.colons += byte == ':';
        form.slashes += byte == '/';
        form.underscores += byte == '_';
    }
    return form;
}

static bool is_file_name(struct bytes word)
{
    static const char *const endings[] = {".sh",  ".elf", ".ps1", ".exe", ".py", ".php", ".pl",
                                          ".dll", ".bin", ".zip", ".gz",  ".js", ".jsp"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (bytes_ends(word, endings[i])) {
            return true;
        }
    }
    return word.size > 3 && word.data[0] == '/';
}

/* What a word stands for by its form alone, or NULL. */
static const char *stands_for(struct bytes word)
{
    struct form form = form_of(word);
    if (bytes_equal_text_nocase(word, "c2") || bytes_contains(word, "&")) {
        return NULL;
    }
    if ((form.dots == 3 && form.digits >= 4 && form.letters == 0) ||
        (form.colons >= 2 && form.digits > 0)) {
        return "@address";
    }
    if (form.digits >= 4 && (word.data[0] | 0x20) == 't' && form.letters == 1) {
        return "@technique";
    }
    if (form.digits > 0 && form.letters == 0) {
        return "@number";
    }
    if (is_file_name(word)) {
        return "@file";
    }
    bool has_zone = form.dots > 0 && form.letters > 3 && !bytes_contains(word, "..");
    bool has_number =
        form.digits > 0 && form.letters > 1 && byte_is_letter(byte_lower(word.data[0]));
    return form.letters > 0 && (has_zone || has_number || form.underscores > 0) ? "@name"
                                                                                : NULL;
}

static const char *entity_stands_for(const struct entity *entity)
{
    switch (entity->kind) {
    case ENTITY_ADDRESS:
        return "@address";
    case ENTITY_FILE:
    case ENTITY_URL:
    case ENTITY_HASH:
        return "@file";
    case ENTITY_ACCOUNT:
    case ENTITY_HOST:
    case ENTITY_NAME:
    case ENTITY_PROCESS:
    case ENTITY_KEY:
    case ENTITY_SERVICE:
        return "@name";
    }
    return "@name";
}

/* A name that is an ordinary word too ("test") is one only in quotes. */
static const char *name_in(const struct question_lexicon *lexicon, struct bytes word)
{
    uint8_t buffer[ENTITY_SIZE_MAX];
    struct bytes bare = without_brackets(strip(word), buffer);
    const struct entity *entity =
        lexicon->report == NULL ? NULL : find_name(lexicon->report, word);
    if (entity != NULL &&
        (bytes_contains(word, "\"") || table_get(&lexicon->vocabulary, bare) == NULL)) {
        return entity_stands_for(entity);
    }
    return bare.size == 0 ? NULL : stands_for(bare);
}

static void list_words(const struct question_lexicon *lexicon, struct bytes text)
{
    lexicon->list->count = 0;
    struct bytes rest = bytes_part(text, 0, QUESTION_SIZE_MAX);
    struct bytes word;
    while (bytes_split(&rest, ' ', &word)) {
        const char *name = name_in(lexicon, word);
        if (name != NULL) {
            list_add(lexicon->list, bytes_of_text(name));
        } else {
            split_word(lexicon, word);
        }
    }
}

/* ---- meanings ---- */

static enum status join_stems(const struct bytes *stems, size_t count, struct text *out)
{
    text_clear(out);
    for (size_t i = 0; i < count; i++) {
        text_add(out, i == 0 ? "" : " ");
        text_add_raw(out, stems[i]);
    }
    return text_status(out);
}

/* The longest run of words from `at` on that has a meaning of its own; 0 words where none has.
 */
static enum status find_meaning(const struct question_lexicon *lexicon, size_t at,
                                struct text *joined, struct bytes *meaning, size_t *taken)
{
    const struct word_list *list = lexicon->list;
    *taken = 0;
    for (size_t count = QUESTION_PHRASE_WORDS_MAX; count > 0; count--) {
        if (at + count > list->count) {
            continue;
        }
        TRY(join_stems(&list->stems[at], count, joined));
        const struct bytes *found = table_get(&lexicon->meanings, text_bytes(joined));
        if (found != NULL) {
            *meaning = *found;
            *taken = count;
            return STATUS_OK;
        }
    }
    return STATUS_OK;
}

/* How it is asked tells as much as what about: by the first word that asks. */
static const char *head_of(const struct word_list *list)
{
    static const struct {
        const char *word;
        const char *next; /* that must follow, or NULL */
        const char *head;
    } rows[] = {
        {"how", "many", "many"},  {"how", "often", "many"},   {"how", "much", "much"},
        {"how", "big", "much"},   {"how", "large", "much"},   {"how", "long", "long"},
        {"how", NULL, "how"},     {"who", NULL, "who"},       {"whose", NULL, "who"},
        {"whom", NULL, "who"},    {"when", NULL, "when"},     {"what", "time", "when"},
        {"what", "date", "when"}, {"where", NULL, "where"},   {"why", NULL, "why"},
        {"what", NULL, "what"},   {"which", NULL, "what"},    {"did", NULL, "did"},
        {"has", NULL, "did"},     {"have", NULL, "did"},      {"had", NULL, "did"},
        {"was", NULL, "did"},     {"were", NULL, "did"},      {"is", NULL, "is"},
        {"are", NULL, "is"},      {"am", NULL, "is"},         {"do", NULL, "is"},
        {"does", NULL, "is"},     {"will", NULL, "will"},     {"would", NULL, "will"},
        {"can", NULL, "can"},     {"could", NULL, "can"},     {"may", NULL, "can"},
        {"might", NULL, "can"},   {"should", NULL, "should"}, {"must", NULL, "should"},
    };
    for (size_t i = 0; i < list->count; i++) {
        for (size_t j = 0; j < sizeof rows / sizeof *rows; j++) {
            bool follows =
                rows[j].next == NULL ||
                (i + 1 < list->count && bytes_equal_text(list->words[i + 1], rows[j].next));
            if (follows && bytes_equal_text(list->words[i], rows[j].word)) {
                return rows[j].head;
            }
        }
    }
    return "none";
}

/* ---- features ---- */

/* FNV-1a of the sort and of both texts with a space between: it is written into weights, so it
 * has no secret; two features of one hash would only be learned as one. */
static void add_feature(struct question_text *out, char sort, struct bytes a, struct bytes b,
                        uint32_t value)
{
    uint32_t hash = (UINT32_C(2166136261) ^ (uint8_t)sort) * UINT32_C(16777619);
    for (size_t i = 0; i < a.size; i++) {
        hash = (hash ^ a.data[i]) * UINT32_C(16777619);
    }
    hash = (hash ^ ' ') * UINT32_C(16777619);
    for (size_t i = 0; i < b.size; i++) {
        hash = (hash ^ b.data[i]) * UINT32_C(16777619);
    }
    if (out->count < QUESTION_FEATURES_MAX) {
        out->features[out->count++] = (struct question_feature){hash, value};
    }
}

/* Parts of "<word>", so that a beginning and an end are parts of their own. */
static void add_parts(struct question_text *out, struct bytes word)
{
    uint8_t marked[WORD_SIZE_MAX + 2] = "<";
    memcpy(marked + 1, word.data, word.size);
    marked[word.size + 1] = '>';
    struct bytes whole = {marked, word.size + 2};
    for (size_t size = PART_SIZE_MIN; size <= PART_SIZE_MAX; size++) {
        for (size_t at = 0; at + size <= whole.size; at++) {
            add_feature(out, '~', bytes_part(whole, at, size), BYTES_NONE, VALUE_PART);
        }
    }
}

static void add_words(const struct question_lexicon *lexicon, struct question_text *out)
{
    const struct word_list *list = lexicon->list;
    struct bytes before = bytes_of_text("^");
    for (size_t i = 0; i < list->count; i++) {
        struct bytes stem = list->stems[i];
        bool is_name = stem.data[0] == '@';
        add_feature(out, 'w', stem, BYTES_NONE, VALUE_WHOLE);
        add_feature(out, 'b', before, stem, VALUE_PAIR);
        before = stem;
        if (!is_name) {
            add_parts(out, list->words[i]);
            out->unknown_count +=
                (uintptr_t)table_get(&lexicon->stems, stem) <= (uintptr_t)lexicon->is_own;
        }
    }
    out->word_count = list->count;
    add_feature(out, 'b', before, bytes_of_text("$"), VALUE_PAIR);
    static const char *const counts[] = {"1", "2", "3", "4"};
    for (size_t i = 0; i < sizeof counts / sizeof *counts && i < out->unknown_count; i++) {
        add_feature(out, 'x', bytes_of_text(counts[i]), BYTES_NONE, VALUE_FOREIGN);
    }
}

/* What the words mean, those that say nothing left out. */
static enum status add_meanings(const struct question_lexicon *lexicon,
                                struct question_text *out)
{
    const struct word_list *list = lexicon->list;
    AUTO(text_done) struct text joined = text_of_limit(JOINED_SIZE_MAX);
    struct bytes head = bytes_of_text(head_of(list));
    struct bytes before = bytes_of_text("^");
    size_t count = 0;
    add_feature(out, '#', head, BYTES_NONE, VALUE_WHOLE);
    for (size_t i = 0; i < list->count;) {
        struct bytes meaning = list->stems[i];
        size_t taken;
        TRY(find_meaning(lexicon, i, &joined, &meaning, &taken));
        bool says_nothing = taken == 0 && table_get(&lexicon->ignored, meaning) != NULL;
        if (!says_nothing && count++ < MEANINGS_MAX) {
            add_feature(out, 'c', meaning, BYTES_NONE, VALUE_WHOLE);
            add_feature(out, '+', before, meaning, VALUE_PAIR);
            add_feature(out, 'h', head, meaning, VALUE_PAIR);
            before = meaning;
        }
        i += taken > 0 ? taken : 1;
    }
    return STATUS_OK;
}

static int compare_features(const void *a, const void *b)
{
    const struct question_feature *left = a;
    const struct question_feature *right = b;
    return (left->hash > right->hash) - (left->hash < right->hash);
}

static void keep_each_once(struct question_text *text)
{
    qsort(text->features, text->count, sizeof *text->features, compare_features);
    size_t kept = 0;
    for (size_t i = 0; i < text->count; i++) {
        if (kept == 0 || text->features[kept - 1].hash != text->features[i].hash) {
            text->features[kept++] = text->features[i];
        }
    }
    text->count = kept;
}

enum status question_text_read(struct question_lexicon *lexicon, struct bytes text,
                               struct question_text *out)
{
    out->count = 0;
    out->unknown_count = 0;
    list_words(lexicon, text);
    add_words(lexicon, out);
    TRY(add_meanings(lexicon, out));
    keep_each_once(out);
    return STATUS_OK;
}

/* ---- the lexicon ---- */

/* A wording is known by itself, so only what is used elsewhere too makes its words known; words
 * of the lexicon are, and count as much as makes them so. */
#define USES_OF_WORDING 1
#define USES_OF_LEXICON 2

static enum status add_uses(struct table *table, struct bytes word, uintptr_t uses)
{
    struct table_entry *entry;
    TRY(table_add(table, word, &entry));
    entry->value = (void *)((uintptr_t)entry->value + uses);
    return STATUS_OK;
}

/* Read as they are written: what is learned is not corrected. */
static enum status learn_words(struct question_lexicon *lexicon, struct bytes text,
                               bool is_ours, uintptr_t uses)
{
    const struct word_list *list = lexicon->list;
    lexicon->corrects = false;
    list_words(lexicon, text);
    lexicon->corrects = true;
    for (size_t i = 0; i < list->count; i++) {
        TRY(add_uses(&lexicon->vocabulary, list->words[i], uses));
        if (is_ours) {
            TRY(add_uses(&lexicon->stems, list->stems[i], uses));
        }
    }
    return STATUS_OK;
}

enum status question_lexicon_learn(struct question_lexicon *lexicon, struct bytes wording,
                                   bool is_ours)
{
    return learn_words(lexicon, wording, is_ours, USES_OF_WORDING);
}

static enum status learn_meanings(struct question_lexicon *lexicon,
                                  const struct tree_node *token)
{
    AUTO(text_done) struct text joined = text_of_limit(JOINED_SIZE_MAX);
    struct bytes *meaning = arena_take(lexicon->arena, sizeof *meaning);
    if (meaning == NULL) {
        return STATUS_NO_MEMORY;
    }
    *meaning = token->key;
    for (const struct tree_node *child = tree_first(token); child != NULL;
         child = tree_next(token, child)) {
        struct table_entry *entry;
        TRY(learn_words(lexicon, tree_text(child), true, USES_OF_LEXICON));
        size_t count = lexicon->list->count;
        if (count == 0 || count > QUESTION_PHRASE_WORDS_MAX) {
            continue;
        }
        TRY(join_stems(lexicon->list->stems, count, &joined));
        TRY(table_add(&lexicon->meanings, text_bytes(&joined), &entry));
        entry->value = meaning;
    }
    return STATUS_OK;
}

enum status question_lexicon_open(const struct tree_node *words, struct arena *arena,
                                  struct question_lexicon *out)
{
    *out = (struct question_lexicon){.arena = arena, .corrects = true};
    table_init(&out->meanings, arena, TABLE_ENTRIES_MAX);
    table_init(&out->ignored, arena, TABLE_ENTRIES_MAX);
    table_init(&out->vocabulary, arena, TABLE_ENTRIES_MAX);
    table_init(&out->stems, arena, TABLE_ENTRIES_MAX);
    out->list = arena_take(arena, sizeof *out->list);
    if (out->list == NULL) {
        return STATUS_NO_MEMORY;
    }
    const struct tree_node *meanings = tree_member(words, "words");
    for (const struct tree_node *token = tree_first(meanings); token != NULL;
         token = tree_next(meanings, token)) {
        TRY(learn_meanings(out, token));
    }
    const struct tree_node *ignored = tree_member(words, "ignore");
    for (const struct tree_node *child = tree_first(ignored); child != NULL;
         child = tree_next(ignored, child)) {
        struct table_entry *entry;
        TRY(learn_words(out, tree_text(child), true, USES_OF_LEXICON));
        TRY(table_add(&out->ignored, stem_of(tree_text(child)), &entry));
        entry->value = out;
    }
    return STATUS_OK;
}
