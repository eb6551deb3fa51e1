#include "explain/question.h"

#include <string.h>

#define WORDS_MAX 100
#define WORD_SIZE_MAX 64
#define FEATURE_SIZE_MAX 256
#define TABLE_ENTRIES_MAX 100000
#define MEANINGS_MAX 48 /* of one text */
#define EPOCHS 12
#define MARGIN_TRAINED 4 /* by how much the right kind must win while it is learned */

/* ---- words ---- */

struct word_list {
    struct bytes words[WORDS_MAX];
    uint8_t bytes[WORDS_MAX][WORD_SIZE_MAX];
    bool is_name[WORDS_MAX]; /* stands for an entity already */
    size_t count;
};

static bool is_word_byte(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '&' ||
           byte == '@' || byte >= 0x80;
}

static void list_add(struct word_list *list, struct bytes word, bool is_name)
{
    if (list->count == WORDS_MAX || word.size == 0) {
        return;
    }
    size_t size = word.size < WORD_SIZE_MAX ? word.size : WORD_SIZE_MAX;
    for (size_t i = 0; i < size; i++) {
        uint8_t byte = word.data[i];
        list->bytes[list->count][i] = byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
    }
    list->words[list->count] = (struct bytes){list->bytes[list->count], size};
    list->is_name[list->count] = is_name;
    list->count++;
}

/* "didn't" says did and not; "what's" says what. */
static void add_plain(struct word_list *list, struct bytes word)
{
    struct bytes stem = word;
    if (word.size > 3 && bytes_ends(word, "n't")) {
        stem = bytes_part(word, 0, word.size - 3);
        list_add(list, stem, false);
        list_add(list, bytes_of_text("not"), false);
        return;
    }
    size_t apostrophe = bytes_find_byte(word, '\'');
    list_add(list, bytes_part(stem, 0, apostrophe), false);
}

/* The parts of a word that are letters and digits, with an apostrophe between them. */
static void split_word(struct word_list *list, struct bytes word)
{
    uint8_t folded[WORD_SIZE_MAX];
    size_t size = 0;
    for (size_t i = 0; i <= word.size; i++) {
        uint8_t byte = i < word.size ? word.data[i] : ' ';
        byte = byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte;
        bool joins = is_word_byte(byte) || (byte == '\'' && size > 0);
        if (joins && size < WORD_SIZE_MAX) {
            folded[size++] = byte;
        } else if (!joins && size > 0) {
            add_plain(list, (struct bytes){folded, size});
            size = 0;
        }
    }
}

/* ---- names from the report ---- */

static bool is_edge(uint8_t byte)
{
    return strchr("?!.,;:\"'()<>`", byte) != NULL && byte != 0;
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

static void list_words(const struct report *report, struct bytes text, struct word_list *list)
{
    list->count = 0;
    struct bytes rest = bytes_part(text, 0, QUESTION_SIZE_MAX);
    struct bytes word;
    while (bytes_split(&rest, ' ', &word)) {
        const struct entity *entity = report == NULL ? NULL : find_name(report, word);
        if (entity != NULL) {
            uint8_t name[WORD_SIZE_MAX] = "@";
            struct bytes kind = bytes_of_text(entity_kind_name(entity->kind));
            memcpy(name + 1, kind.data, kind.size);
            list_add(list, (struct bytes){name, kind.size + 1}, true);
        } else {
            split_word(list, word);
        }
    }
}

/* ---- tokens ---- */

static bool is_vowel(uint8_t byte)
{
    return strchr("aeiouy", byte) != NULL && byte != 0;
}

/* What is left of a word without its ending, so that most forms of it are one: a rough one, as
 * both sides of every comparison go through it. */
static struct bytes stem_of(struct bytes word)
{
    static const char *const endings[] = {"ingly", "edly", "ing", "ies", "ied",
                                          "es",    "ed",   "ly",  "s",   "e"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t size = strlen(endings[i]);
        if (word.size >= size + 3 && bytes_ends(word, endings[i]) &&
            !(bytes_equal_text(bytes_of_text(endings[i]), "s") && bytes_ends(word, "ss"))) {
            word.size -= size;
            break;
        }
    }
    if (word.size > 3 && word.data[word.size - 1] == word.data[word.size - 2] &&
        !is_vowel(word.data[word.size - 1])) {
        word.size--;
    }
    return word;
}

/* Words as they are looked up: stems joined by spaces. */
static enum status join_stems(const struct bytes *words, size_t count, struct text *out)
{
    text_clear(out);
    for (size_t i = 0; i < count; i++) {
        text_add(out, i == 0 ? "" : " ");
        text_add_raw(out, stem_of(words[i]));
    }
    return text_status(out);
}

/* The longest run of words from `at` on that has a meaning of its own; 0 words where none has.
 */
static enum status find_meaning(const struct question_book *book, size_t at,
                                struct text *joined, struct bytes *meaning, size_t *taken)
{
    const struct word_list *list = book->list;
    *taken = 0;
    for (size_t count = QUESTION_PHRASE_WORDS_MAX; count > 0; count--) {
        if (at + count > list->count) {
            continue;
        }
        TRY(join_stems(&list->words[at], count, joined));
        const struct bytes *found = table_get(&book->words, text_bytes(joined));
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

/* While the book learns, features it does not know are added; later they are left out. */
static enum status add_feature(struct question_book *book, struct bytes text,
                               struct question_text *out, bool *is_known)
{
    void *value = table_get(&book->features, text);
    if (value == NULL && book->weights == NULL) {
        struct table_entry *entry;
        TRY(table_add(&book->features, text, &entry));
        value = (void *)(uintptr_t)book->features.count;
        entry->value = value;
    }
    *is_known = value != NULL;
    if (value == NULL) {
        return STATUS_OK;
    }
    uint32_t number = (uint32_t)((uintptr_t)value - 1);
    for (size_t i = 0; i < out->count; i++) {
        if (out->features[i] == number) {
            return STATUS_OK;
        }
    }
    if (out->count < QUESTION_FEATURES_MAX) {
        out->features[out->count++] = number;
    }
    return STATUS_OK;
}

/* "<mark>a b": one feature made of two texts. */
static enum status add_pair(struct question_book *book, char mark, struct bytes a,
                            struct bytes b, struct question_text *out)
{
    AUTO(text_done) struct text name = text_of_limit(FEATURE_SIZE_MAX);
    text_add_byte(&name, mark);
    text_add_raw(&name, a);
    text_add(&name, " ");
    text_add_raw(&name, b);
    TRY(text_status(&name));
    bool is_known;
    return add_feature(book, text_bytes(&name), out, &is_known);
}

struct meanings {
    struct bytes items[MEANINGS_MAX];
    size_t count;
};

/* The words themselves, and what they mean; those that say nothing count as words alone. */
static enum status add_words(struct question_book *book, struct question_text *out,
                             struct meanings *meanings)
{
    const struct word_list *list = book->list;
    AUTO(text_done) struct text joined = text_of_limit(FEATURE_SIZE_MAX * 2);
    for (size_t i = 0; i < list->count;) {
        struct bytes meaning = BYTES_NONE;
        size_t taken;
        TRY(find_meaning(book, i, &joined, &meaning, &taken));
        for (size_t j = i; j < i + (taken > 0 ? taken : 1); j++) {
            TRY(add_pair(book, 'w', BYTES_NONE, stem_of(list->words[j]), out));
        }
        bool is_name = list->is_name[i];
        struct bytes word = is_name ? list->words[i] : stem_of(list->words[i]);
        bool says_nothing = taken == 0 && table_get(&book->ignored, word) != NULL;
        meaning = taken > 0 ? meaning : word;
        if (!says_nothing && meanings->count < MEANINGS_MAX) {
            bool is_known;
            TRY(add_feature(book, meaning, out, &is_known));
            out->content_count++;
            out->unknown_count += !is_known;
            meanings->items[meanings->count++] = meaning;
        }
        i += taken > 0 ? taken : 1;
    }
    return STATUS_OK;
}

/* What stands side by side, and what stands in one question in any order. */
static enum status add_neighbours(struct question_book *book, struct bytes head,
                                  const struct meanings *meanings, struct question_text *out)
{
    struct bytes before = head;
    for (size_t i = 0; i < meanings->count; i++) {
        TRY(add_pair(book, '+', before, meanings->items[i], out));
        TRY(add_pair(book, '^', head, meanings->items[i], out));
        before = meanings->items[i];
        for (size_t j = i + 1; j < meanings->count; j++) {
            bool in_order = bytes_compare(meanings->items[i], meanings->items[j]) < 0;
            TRY(add_pair(book, '&', meanings->items[in_order ? i : j],
                         meanings->items[in_order ? j : i], out));
        }
    }
    return STATUS_OK;
}

static enum status read_text(struct question_book *book, struct bytes text,
                             struct question_text *out)
{
    struct question_text read = {.count = 0};
    struct meanings meanings = {.count = 0};
    list_words(book->report, text, book->list);
    struct bytes head = bytes_of_text(head_of(book->list));
    TRY(add_pair(book, '#', BYTES_NONE, head, &read));
    TRY(add_words(book, &read, &meanings));
    TRY(add_neighbours(book, head, &meanings, &read));
    *out = read;
    return STATUS_OK;
}

/* ---- the book ---- */

static enum status learn_meanings(struct question_book *book, const struct tree_node *token)
{
    AUTO(text_done) struct text joined = text_of_limit(FEATURE_SIZE_MAX * 2);
    struct bytes *meaning = arena_take(book->arena, sizeof *meaning);
    if (meaning == NULL) {
        return STATUS_NO_MEMORY;
    }
    *meaning = token->key;
    for (const struct tree_node *child = tree_first(token); child != NULL;
         child = tree_next(token, child)) {
        struct table_entry *entry;
        list_words(NULL, tree_text(child), book->list);
        TRY(join_stems(book->list->words, book->list->count, &joined));
        TRY(table_add(&book->words, text_bytes(&joined), &entry));
        entry->value = meaning;
    }
    return STATUS_OK;
}

static enum status learn_words(struct question_book *book, const struct tree_node *document)
{
    const struct tree_node *words = tree_member(document, "words");
    for (const struct tree_node *token = tree_first(words); token != NULL;
         token = tree_next(words, token)) {
        TRY(learn_meanings(book, token));
    }
    const struct tree_node *ignored = tree_member(document, "ignore");
    for (const struct tree_node *child = tree_first(ignored); child != NULL;
         child = tree_next(ignored, child)) {
        struct table_entry *entry;
        TRY(table_add(&book->ignored, stem_of(tree_text(child)), &entry));
        entry->value = book;
    }
    return STATUS_OK;
}

static enum status learn_wording(struct question_book *book, struct bytes text)
{
    if (book->wording_count == QUESTION_WORDINGS_MAX) {
        return STATUS_LIMIT;
    }
    return read_text(book, text, &book->wordings[book->wording_count++]);
}

static enum status learn_kind(struct question_book *book, const struct tree_node *document)
{
    if (book->kind_count == QUESTION_KINDS_MAX) {
        return STATUS_LIMIT;
    }
    struct question_kind kind = {
        .document = document,
        .id = tree_text(tree_member(document, "id")),
        .asks = tree_text(tree_member(document, "asks")),
        .is_refused = tree_member(document, "refused") != NULL,
        .first_wording = book->wording_count,
    };
    const struct tree_node *wordings = tree_member(document, "wordings");
    for (const struct tree_node *child = tree_first(wordings); child != NULL;
         child = tree_next(wordings, child)) {
        TRY(learn_wording(book, tree_text(child)));
    }
    TRY(learn_wording(book, kind.asks));
    kind.wording_count = book->wording_count - kind.first_wording;
    book->kinds[book->kind_count++] = kind;
    return STATUS_OK;
}

/* ---- learning ---- */

static void add_scores(const struct question_book *book, const int64_t *weights,
                       const struct question_text *text, int64_t *scores)
{
    memset(scores, 0, book->kind_count * sizeof *scores);
    for (size_t i = 0; i < text->count; i++) {
        const int64_t *row = &weights[text->features[i] * book->kind_count];
        for (size_t k = 0; k < book->kind_count; k++) {
            scores[k] += row[k];
        }
    }
}

/* The kind that is nearest to being taken for `right`, where it is too near, else `right`. */
static size_t find_rival(const struct question_book *book, const int64_t *scores, size_t right)
{
    size_t rival = right;
    int64_t highest = scores[right] - MARGIN_TRAINED;
    for (size_t k = 0; k < book->kind_count; k++) {
        if (k != right && scores[k] > highest) {
            highest = scores[k];
            rival = k;
        }
    }
    return rival;
}

struct lesson {
    int64_t *weights; /* (feature, kind) */
    int64_t *sums;    /* each change times the step it was made in */
    int64_t step;
};

static void learn_one(const struct question_book *book, struct lesson *lesson, size_t wording,
                      size_t kind)
{
    int64_t scores[QUESTION_KINDS_MAX];
    const struct question_text *text = &book->wordings[wording];
    add_scores(book, lesson->weights, text, scores);
    size_t rival = find_rival(book, scores, kind);
    for (size_t i = 0; rival != kind && i < text->count; i++) {
        size_t row = text->features[i] * book->kind_count;
        lesson->weights[row + kind]++;
        lesson->weights[row + rival]--;
        lesson->sums[row + kind] += lesson->step;
        lesson->sums[row + rival] -= lesson->step;
    }
    lesson->step++;
}

/* Every wording, in an order that is mixed and always the same. */
static void learn_epoch(const struct question_book *book, const size_t *kind_of,
                        struct lesson *lesson, size_t epoch)
{
    size_t count = book->wording_count;
    size_t stride = count / 3 + epoch * 2 + 1;
    while (count % stride == 0 && stride > 1) {
        stride++;
    }
    for (size_t prime = 2; prime <= stride && stride > 1; prime++) {
        if (count % prime == 0 && stride % prime == 0) {
            stride++;
            prime = 1;
        }
    }
    for (size_t i = 0; i < count; i++) {
        size_t wording = i * stride % count;
        learn_one(book, lesson, wording, kind_of[wording]);
    }
}

static enum status learn(struct question_book *book)
{
    size_t cells = book->features.count * book->kind_count;
    size_t *kind_of = arena_take_many(book->arena, book->wording_count, sizeof *kind_of);
    struct lesson lesson = {
        .weights = arena_take_many(book->arena, cells, sizeof *lesson.weights),
        .sums = arena_take_many(book->arena, cells, sizeof *lesson.sums),
        .step = 1,
    };
    if (kind_of == NULL || lesson.weights == NULL || lesson.sums == NULL) {
        return STATUS_NO_MEMORY;
    }
    for (size_t k = 0; k < book->kind_count; k++) {
        for (size_t i = 0; i < book->kinds[k].wording_count; i++) {
            kind_of[book->kinds[k].first_wording + i] = k;
        }
    }
    for (size_t epoch = 0; epoch < EPOCHS && book->wording_count > 0; epoch++) {
        learn_epoch(book, kind_of, &lesson, epoch);
    }
    for (size_t i = 0; i < cells; i++) {
        lesson.weights[i] = lesson.weights[i] * lesson.step - lesson.sums[i];
    }
    book->weights = lesson.weights;
    book->feature_count = book->features.count;
    book->step_count = lesson.step;
    return STATUS_OK;
}

enum status question_book_open(const struct tree_node *words,
                               const struct tree_node *const *documents, size_t count,
                               const struct report *report, struct arena *arena,
                               struct question_book *out)
{
    *out = (struct question_book){.arena = arena};
    table_init(&out->words, arena, TABLE_ENTRIES_MAX);
    table_init(&out->features, arena, TABLE_ENTRIES_MAX);
    table_init(&out->ignored, arena, TABLE_ENTRIES_MAX);
    out->wordings = arena_take_many(arena, QUESTION_WORDINGS_MAX, sizeof *out->wordings);
    out->list = arena_take(arena, sizeof *out->list);
    if (out->wordings == NULL || out->list == NULL) {
        return STATUS_NO_MEMORY;
    }
    TRY(learn_words(out, words));
    for (size_t i = 0; i < count; i++) {
        TRY(learn_kind(out, documents[i]));
    }
    TRY(learn(out));
    out->report = report;
    return STATUS_OK;
}

/* ---- matching ---- */

static void find_two(const struct question_book *book, const int64_t *scores,
                     struct question_match *out, int64_t *lead)
{
    size_t best = 0;
    for (size_t k = 1; k < book->kind_count; k++) {
        best = scores[k] > scores[best] ? k : best;
    }
    size_t second = best == 0 ? 1 : 0;
    for (size_t k = 0; k < book->kind_count; k++) {
        second = k != best && scores[k] > scores[second] ? k : second;
    }
    out->best = &book->kinds[best];
    out->second = &book->kinds[second];
    *lead = scores[best] - scores[second];
}

enum status question_match(struct question_book *book, struct bytes question,
                           struct question_match *out)
{
    struct question_text asked;
    struct question_match match = {0};
    int64_t scores[QUESTION_KINDS_MAX];
    int64_t lead = 0;
    TRY(read_text(book, question, &asked));
    if (asked.content_count > 0 && book->kind_count > 1) {
        add_scores(book, book->weights, &asked, scores);
        find_two(book, scores, &match, &lead);
        double scale = (double)book->step_count * (double)(asked.count + asked.unknown_count);
        match.margin = (double)lead / scale;
        match.known = 1 - (double)asked.unknown_count / (double)asked.content_count;
        match.is_sure =
            match.margin >= QUESTION_MARGIN_MIN && match.known >= QUESTION_KNOWN_MIN;
    }
    *out = match;
    return STATUS_OK;
}

/* ---- checking a document ---- */

static enum status refuse(struct tree_fault *fault, const struct tree_node *node,
                          const char *what)
{
    *fault = (struct tree_fault){what, node == NULL ? 0 : node->line};
    return STATUS_MALFORMED;
}

static enum status check_texts(const struct tree_node *list, struct tree_fault *fault)
{
    if (!tree_is(list, TREE_LIST) || tree_first(list) == NULL) {
        return refuse(fault, list, "a list of texts is expected here");
    }
    for (const struct tree_node *child = tree_first(list); child != NULL;
         child = tree_next(list, child)) {
        if (tree_text(child).size == 0 || tree_text(child).size > QUESTION_SIZE_MAX) {
            return refuse(fault, child, "a text of a sensible size is expected here");
        }
    }
    return STATUS_OK;
}

static enum status check_words(const struct tree_node *document, struct tree_fault *fault)
{
    const struct tree_node *words = tree_member(document, "words");
    if (!tree_is(words, TREE_MAP)) {
        return refuse(fault, document, "a map named words is expected here");
    }
    for (const struct tree_node *child = tree_first(words); child != NULL;
         child = tree_next(words, child)) {
        TRY(check_texts(child, fault));
    }
    return check_texts(tree_member(document, "ignore"), fault);
}

enum status question_check(const struct tree_node *document, struct tree_fault *fault)
{
    if (tree_member(document, "words") != NULL) {
        return check_words(document, fault);
    }
    static const char *const keys[] = {"id",     "asks",      "wordings",
                                       "answer", "otherwise", "refused"};
    if (!tree_is(document, TREE_MAP)) {
        return refuse(fault, document, "a question is a map");
    }
    for (const struct tree_node *child = tree_first(document); child != NULL;
         child = tree_next(document, child)) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            is_known = is_known || bytes_equal_text(child->key, keys[i]);
        }
        if (!is_known) {
            return refuse(fault, child, "a key that questions do not have");
        }
    }
    if (tree_text(tree_member(document, "id")).size == 0 ||
        !bytes_ends(tree_text(tree_member(document, "asks")), "?")) {
        return refuse(fault, document, "a question needs an id, and asks something?");
    }
    return check_texts(tree_member(document, "wordings"), fault);
}
