#include "train/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "train/reading.h"

#define KEY_BYTES (SPLIT_DIGITS / 2)
#define ITEMS_MAX (1U << 20)
#define NUL_LOOKED_FOR 4096

struct gathering {
    struct item *items;
    size_t count;
    size_t capacity;
};

static uint64_t key_of(const struct sha256 *hash)
{
    uint64_t key = 0;
    for (size_t i = 0; i < KEY_BYTES; i++) {
        key = key << 8 | hash->bytes[i];
    }
    return key;
}

static enum status gather(void *context, const struct corpus_item *corpus_item)
{
    struct gathering *gathering = context;
    if (gathering->count == gathering->capacity) {
        size_t capacity = gathering->capacity == 0 ? 4096 : 2 * gathering->capacity;
        struct item *items =
            capacity > ITEMS_MAX ? NULL : realloc(gathering->items, capacity * sizeof *items);
        if (items == NULL) {
            return STATUS_NO_MEMORY;
        }
        gathering->items = items;
        gathering->capacity = capacity;
    }
    struct bytes text = corpus_item->text;
    struct bytes start = bytes_part(text, 0, NUL_LOOKED_FOR);
    struct item *item = &gathering->items[gathering->count++];
    *item = (struct item){.hash = sha256_of(text), .is_held_out = corpus_item->is_held_out};
    item->has_sketch = bytes_find_byte(start, 0) == start.size;
    if (item->has_sketch) {
        sketch_make(text, &item->sketch);
    }
    return STATUS_OK;
}

/* Writes each cluster on its line.  Items ascend by hash, so the clusters do, by their smallest
 * member; the members of each are a list through `next`. */
static enum status write_clusters(const struct item *items, size_t count, struct text *listed,
                                  struct text *held_out, struct split_counts *counts)
{
    uint32_t *next = calloc(count + 1, sizeof *next);
    uint32_t *last = calloc(count + 1, sizeof *last);
    bool *is_held = calloc(count + 1, sizeof *is_held);
    enum status status =
        next == NULL || last == NULL || is_held == NULL ? STATUS_NO_MEMORY : STATUS_OK;
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        uint32_t root = items[i].cluster;
        next[last[root]] = root == i ? next[last[root]] : i;
        last[root] = i;
        is_held[root] = is_held[root] || items[i].is_held_out;
    }
    for (uint32_t i = 0; status == STATUS_OK && i < count; i++) {
        if (items[i].cluster != i) {
            continue;
        }
        struct text *out = is_held[i] ? held_out : listed;
        for (uint32_t member = i;; member = next[member]) {
            text_add(out, member == i ? "" : " ");
            text_add_hex(out, (struct bytes){items[member].hash.bytes, KEY_BYTES});
            if (member == last[i]) {
                break;
            }
        }
        text_add(out, "\n");
        bool trains = !is_held[i] && items[i].hash.bytes[0] < SPLIT_TRAIN_BELOW;
        counts->clusters++;
        counts->train_clusters += trains;
        counts->score_clusters += !trains;
        counts->held_out_clusters += is_held[i];
    }
    free(next);
    free(last);
    free(is_held);
    return status;
}

static enum status write_split(struct gathering *gathering, struct text *listed,
                               struct text *held_out, struct split_counts *counts)
{
    *counts = (struct split_counts){0};
    TRY(cluster_items(gathering->items, &gathering->count));
    counts->items = gathering->count;
    TRY(write_clusters(gathering->items, gathering->count, listed, held_out, counts));
    TRY(text_status(listed));
    return text_status(held_out);
}

enum status split_make(const char *data, enum corpus_kind kind, struct text *listed,
                       struct text *held_out, struct split_counts *counts)
{
    struct gathering gathering = {0};
    enum status status = corpus_read(data, kind, gather, &gathering);
    if (status == STATUS_OK) {
        status = write_split(&gathering, listed, held_out, counts);
    }
    free(gathering.items);
    return status;
}

static enum status gather_file(void *context, const char *path, const char *name)
{
    struct text AUTO(text_done) content = text_of_limit(READING_FILE_SIZE_MAX);
    TRY(reading_file(path, &content));
    struct corpus_item item = {.file = name, .text = text_bytes(&content)};
    return item.text.size > 0 ? gather(context, &item) : STATUS_OK;
}

enum status split_make_files(const char *folder, struct text *listed,
                             struct split_counts *counts)
{
    struct gathering gathering = {0};
    struct text AUTO(text_done) held_out = text_of_limit(1);
    enum status status = reading_folder(folder, gather_file, &gathering);
    if (status == STATUS_OK) {
        status = write_split(&gathering, listed, &held_out, counts);
    }
    free(gathering.items);
    return status;
}

/* ---- reading ---- */

static enum status add_member(struct split *split, const struct split_member *member)
{
    if ((split->count & (split->count - 1)) == 0) {
        size_t capacity = split->count == 0 ? 1 : 2 * split->count;
        struct split_member *members =
            capacity > ITEMS_MAX ? NULL : realloc(split->members, capacity * sizeof *members);
        if (members == NULL) {
            return STATUS_NO_MEMORY;
        }
        split->members = members;
    }
    split->members[split->count++] = *member;
    return STATUS_OK;
}

enum status split_add(struct split *split, struct bytes text, bool is_held_out)
{
    struct bytes line;
    while (bytes_split(&text, '\n', &line)) {
        struct bytes word;
        struct split_member member = {.is_held_out = is_held_out};
        bool is_first = true;
        while (bytes_split(&line, ' ', &word)) {
            if (word.size != SPLIT_DIGITS) {
                return STATUS_MALFORMED;
            }
            TRY(number_hex(word, &member.key));
            member.cluster = is_first ? member.key : member.cluster;
            is_first = false;
            TRY(add_member(split, &member));
        }
    }
    return STATUS_OK;
}

static int compare_members(const void *a, const void *b)
{
    const struct split_member *left = a;
    const struct split_member *right = b;
    return left->key < right->key ? -1 : left->key > right->key;
}

void split_seal(struct split *split)
{
    if (split->count > 0) {
        qsort(split->members, split->count, sizeof *split->members, compare_members);
    }
}

void split_done(struct split *split)
{
    free(split->members);
    *split = (struct split){0};
}

static const struct split_member *find(const struct split *split, const struct sha256 *hash)
{
    struct split_member wanted = {.key = key_of(hash)};
    return split->count == 0
               ? NULL
               : bsearch(&wanted, split->members, split->count, sizeof wanted, compare_members);
}

bool split_has(const struct split *split, const struct sha256 *hash)
{
    return find(split, hash) != NULL;
}

struct membership split_find(const struct split *split, const struct sha256 *hash)
{
    const struct split_member *found = find(split, hash);
    uint64_t cluster = found == NULL ? key_of(hash) : found->cluster;
    bool trains = cluster >> (8 * (KEY_BYTES - 1)) < SPLIT_TRAIN_BELOW;
    bool scores = (found != NULL && found->is_held_out) || !trains;
    return (struct membership){cluster, scores ? SIDE_SCORE : SIDE_TRAIN};
}
