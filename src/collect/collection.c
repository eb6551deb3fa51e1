#include "collect/collection.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/table.h"
#include "base/text.h"
#include "collect/directory.h"
#include "collect/input.h"

#define PREFIX_SIZE_MAX 512U
#define INPUT_NAME "stdin"

struct collection {
    struct arena *arena;
    struct collected *items;
    size_t count;
    size_t capacity;
    size_t next;
    struct table by_hash; /* SHA-256 -> struct collected, the first of its bytes */
    struct table prefixes;
    int input; /* standard input, spooled; -1 for none */
    bool is_cut;
    /* of the root that is being listed */
    const char *root;
    const char *prefix; /* "" for none */
};

static enum status grow(struct collection *collection)
{
    size_t capacity = collection->capacity == 0 ? 256 : collection->capacity * 2;
    struct collected *items =
        arena_take_many(collection->arena, capacity, sizeof *collection->items);
    if (items == NULL) {
        return STATUS_NO_MEMORY;
    }
    if (collection->count > 0) {
        memcpy(items, collection->items, collection->count * sizeof *items);
    }
    collection->items = items;
    collection->capacity = capacity;
    return STATUS_OK;
}

/* The path under which a person knows it: the root's prefix and what is below. */
static enum status display_path(struct collection *collection, const char *below,
                                struct bytes *out)
{
    AUTO(text_done) struct text path = text_of_limit(SIZE_MAX);
    text_add(&path, collection->prefix);
    if (*collection->prefix != '\0' && *below != '\0') {
        text_add_byte(&path, '/');
    }
    text_add(&path, below);
    if (path.size == 0) {
        text_add(&path, "."); /* the only root itself */
    }
    TRY(text_status(&path));
    return arena_copy(collection->arena, text_bytes(&path), out);
}

static enum status add_item(struct collection *collection, const char *below,
                            enum collected_problem problem, int error)
{
    if (collection->count == COLLECTION_FILES_MAX) {
        collection->is_cut = true;
        return STATUS_LIMIT;
    }
    if (collection->count == collection->capacity) {
        TRY(grow(collection));
    }
    struct collected item = {
        .problem = problem, .error = error, .root = collection->root, .below = below};
    TRY(display_path(collection, below, &item.path));
    collection->items[collection->count++] = item;
    return STATUS_OK;
}

static enum status take_entry(void *context, const struct directory_entry *entry)
{
    static const enum collected_problem problems[] = {
        [DIRECTORY_REGULAR] = COLLECTED_FINE,
        [DIRECTORY_LINK] = COLLECTED_LINK,
        [DIRECTORY_SPECIAL] = COLLECTED_SPECIAL,
        [DIRECTORY_TOO_DEEP] = COLLECTED_TOO_DEEP,
        [DIRECTORY_UNREADABLE] = COLLECTED_UNREADABLE,
    };
    return add_item(context, entry->path, problems[entry->kind], entry->error);
}

/* The last name of a path, without slashes after it; "" for the root of the file system. */
static struct bytes base_name(const char *path)
{
    struct bytes name = bytes_of_text(path);
    while (name.size > 0 && name.data[name.size - 1] == '/') {
        name.size--;
    }
    return bytes_after_last(name, '/');
}

/* "logs", and "logs~2" where that is taken. */
static enum status choose_prefix(struct collection *collection, struct bytes name)
{
    AUTO(text_done) struct text prefix = text_of_limit(PREFIX_SIZE_MAX);
    for (unsigned number = 1;; number++) {
        text_clear(&prefix);
        text_add_raw(&prefix, name);
        if (number > 1) {
            text_addf(&prefix, "~%u", number);
        }
        TRY(text_status(&prefix));
        struct table_entry *entry;
        TRY(table_add(&collection->prefixes, text_bytes(&prefix), &entry));
        if (entry->value == NULL) {
            char *copy = arena_copy_text(collection->arena, text_terminated(&prefix));
            if (copy == NULL) {
                return STATUS_NO_MEMORY;
            }
            entry->value = copy;
            collection->prefix = copy;
            return STATUS_OK;
        }
    }
}

static enum status add_input(struct collection *collection, const struct stop *stop)
{
    if (collection->input >= 0) {
        return STATUS_OK; /* named twice, there is still only one */
    }
    TRY(choose_prefix(collection, bytes_of_text(INPUT_NAME)));
    collection->root = NULL;
    bool is_cut = false;
    enum status status =
        input_spool(STDIN_FILENO, INPUT_SIZE_MAX, stop, &collection->input, &is_cut);
    if (status == STATUS_IO) {
        return add_item(collection, "", COLLECTED_UNREADABLE, errno);
    }
    TRY(status);
    TRY(add_item(collection, "", COLLECTED_FINE, 0));
    collection->items[collection->count - 1].is_cut = is_cut;
    return STATUS_OK;
}

static enum status add_folder(struct collection *collection, const char *path, bool is_only)
{
    AUTO(file_done) int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return add_item(collection, "", COLLECTED_UNREADABLE, errno);
    }
    collection->prefix = is_only ? "" : collection->prefix;
    return directory_walk(folder, COLLECTION_FILES_MAX, collection->arena, take_entry,
                          collection);
}

/* STATUS_NOT_FOUND where there is no such thing; what is there and cannot be read is a problem
 * of that item alone. */
static enum status add_root(struct collection *collection, const char *path, bool is_only)
{
    struct stat about;
    int error = stat(path, &about) == 0 ? 0 : errno;
    if (error != 0 && error != EACCES) {
        return STATUS_NOT_FOUND;
    }
    TRY(choose_prefix(collection, base_name(path)));
    collection->root = path;
    if (error != 0) {
        return add_item(collection, "", COLLECTED_UNREADABLE, error);
    }
    if (S_ISDIR(about.st_mode)) {
        return add_folder(collection, path, is_only);
    }
    return add_item(collection, "", S_ISREG(about.st_mode) ? COLLECTED_FINE : COLLECTED_SPECIAL,
                    0);
}

static int compare_items(const void *a, const void *b)
{
    const struct collected *first = a;
    const struct collected *second = b;
    return bytes_compare(first->path, second->path);
}

static enum status list(struct collection *collection, const char *const *paths, size_t count,
                        const struct stop *stop, const char **missing)
{
    for (size_t i = 0; i < count; i++) {
        enum status status = strcmp(paths[i], "-") == 0
                                 ? add_input(collection, stop)
                                 : add_root(collection, paths[i], count == 1);
        if (status == STATUS_NOT_FOUND) {
            *missing = paths[i];
        }
        if (status == STATUS_LIMIT) {
            collection->is_cut = true;
            break;
        }
        TRY(status);
    }
    if (collection->count > 0) {
        qsort(collection->items, collection->count, sizeof *collection->items, compare_items);
    }
    return STATUS_OK;
}

enum status collection_open(const char *const *paths, size_t count, const struct stop *stop,
                            struct arena *arena, const char **missing, struct collection **out)
{
    if (count > COLLECTION_ROOTS_MAX) {
        return STATUS_LIMIT;
    }
    struct collection *collection = arena_take(arena, sizeof *collection);
    if (collection == NULL) {
        return STATUS_NO_MEMORY;
    }
    collection->arena = arena;
    collection->input = -1;
    table_init(&collection->by_hash, arena, COLLECTION_FILES_MAX);
    table_init(&collection->prefixes, arena, 2 * COLLECTION_ROOTS_MAX);
    enum status status = list(collection, paths, count, stop, missing);
    if (status != STATUS_OK) {
        collection_close(collection);
        return status;
    }
    *out = collection;
    return STATUS_OK;
}

void collection_close(struct collection *collection)
{
    if (collection != NULL) {
        file_done(&collection->input);
    }
}

static enum status open_item(const struct collection *collection, struct collected *item,
                             int *out)
{
    if (item->root == NULL) {
        *out = fcntl(collection->input, F_DUPFD_CLOEXEC, 0);
        return *out < 0 ? STATUS_IO : STATUS_OK;
    }
    return regular_open(item->root, item->below, out);
}

static enum status add_also(struct collection *collection, struct collected *item,
                            struct bytes path)
{
    /* Room for 1, 2, 4, 8 ...: it is full where the count is one of them. */
    if ((item->also_count & (item->also_count - 1)) == 0) {
        size_t capacity = item->also_count == 0 ? 1 : item->also_count * 2;
        struct bytes *also = arena_take_many(collection->arena, capacity, sizeof *also);
        if (also == NULL) {
            return STATUS_NO_MEMORY;
        }
        if (item->also_count > 0) {
            memcpy(also, item->also, item->also_count * sizeof *also);
        }
        item->also = also;
    }
    item->also[item->also_count++] = path;
    return STATUS_OK;
}

/* Its first name in order of path is the evidence's; the others are named beside it. */
static enum status find_same(struct collection *collection, struct collected *item)
{
    struct bytes key = {item->sha256.bytes, sizeof item->sha256.bytes};
    struct table_entry *entry;
    TRY(table_add(&collection->by_hash, key, &entry));
    if (entry->value == NULL) {
        entry->value = item;
        return STATUS_OK;
    }
    item->is_same = true;
    return add_also(collection, entry->value, item->path);
}

/* A file that cannot be read is a problem of its own, not a failure. */
static enum status identify(struct collection *collection, struct collected *item,
                            const struct stop *stop, int *fd)
{
    enum status status = open_item(collection, item, fd);
    if (status == STATUS_OK) {
        status = regular_identify(*fd, stop, &item->stamp, &item->sha256);
    }
    bool is_stopped = stop_is_set(stop);
    if (status == STATUS_OK) {
        item->is_identified = true;
        return find_same(collection, item);
    }
    item->error = status == STATUS_IO ? errno : 0;
    item->problem = is_stopped                     ? COLLECTED_STOPPED
                    : status == STATUS_UNSUPPORTED ? COLLECTED_SPECIAL
                    : status == STATUS_CONFLICT    ? COLLECTED_CHANGING
                                                   : COLLECTED_UNREADABLE;
    return is_stopped ? STATUS_CONFLICT : STATUS_OK;
}

static void mark_stopped(struct collection *collection)
{
    for (size_t i = collection->next; i < collection->count; i++) {
        if (collection->items[i].problem == COLLECTED_FINE) {
            collection->items[i].problem = COLLECTED_STOPPED;
        }
    }
    collection->next = collection->count;
}

enum status collection_next(struct collection *collection, const struct stop *stop,
                            const struct collected **item, int *fd)
{
    while (collection->next < collection->count) {
        if (stop_is_set(stop)) {
            mark_stopped(collection);
            return STATUS_CONFLICT;
        }
        struct collected *here = &collection->items[collection->next++];
        if (here->problem != COLLECTED_FINE) {
            continue;
        }
        AUTO(file_done) int opened = -1;
        enum status status = identify(collection, here, stop, &opened);
        if (status != STATUS_OK) {
            mark_stopped(collection);
            return status;
        }
        if (here->is_identified && !here->is_same) {
            *item = here;
            *fd = opened;
            opened = -1;
            return STATUS_OK;
        }
    }
    return STATUS_NOT_FOUND;
}

const struct collected *collection_items(const struct collection *collection, size_t *count)
{
    *count = collection->count;
    return collection->items;
}

bool collection_is_cut(const struct collection *collection)
{
    return collection->is_cut;
}

bool collection_is_unchanged(const struct collected *item, int fd)
{
    return regular_is_unchanged(fd, &item->stamp);
}

const char *collected_problem_text(const struct collected *item)
{
    static const char *const texts[COLLECTED_PROBLEM_COUNT] = {
        [COLLECTED_FINE] = "",
        [COLLECTED_UNREADABLE] = "cannot be read",
        [COLLECTED_LINK] = "a link, not followed",
        [COLLECTED_SPECIAL] = "not a file: a device, pipe or socket",
        [COLLECTED_TOO_DEEP] = "a folder too deep to be entered",
        [COLLECTED_CHANGING] = "written to while it was read",
        [COLLECTED_STOPPED] = "not reached before the end",
    };
    /* The same words in every locale. */
    const char *reason = item->problem == COLLECTED_UNREADABLE && item->error != 0
                             ? strerrordesc_np(item->error)
                             : NULL;
    return reason != NULL ? reason : texts[item->problem];
}
