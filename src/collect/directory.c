#include "collect/directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

struct walk {
    struct arena *arena;
    size_t count_max;
    enum status (*found)(void *context, const struct directory_entry *entry);
    void *context;
};

struct names {
    char **items;
    size_t count;
    size_t capacity;
    bool is_cut;
};

static enum status add_name(struct walk *walk, struct names *names, const char *name)
{
    if (names->count == names->capacity) {
        size_t capacity = names->capacity == 0 ? 64 : names->capacity * 2;
        char **items = arena_take_many(walk->arena, capacity, sizeof *items);
        if (items == NULL) {
            return STATUS_NO_MEMORY;
        }
        if (names->count > 0) {
            memcpy(items, names->items, names->count * sizeof *items);
        }
        names->items = items;
        names->capacity = capacity;
    }
    char *copy = arena_copy_text(walk->arena, name);
    if (copy == NULL) {
        return STATUS_NO_MEMORY;
    }
    names->items[names->count++] = copy;
    return STATUS_OK;
}

static int compare_names(const void *a, const void *b)
{
    const char *const *first = a;
    const char *const *second = b;
    return strcmp(*first, *second);
}

/* All names first: the order of a folder is the file system's, ours is the same everywhere.
 * `*error` is set where reading fails part way, and what was read is kept. */
static enum status read_names(struct walk *walk, int folder, struct names *out, int *error)
{
    int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *listing = copy < 0 ? NULL : fdopendir(copy);
    if (listing == NULL) {
        *error = errno;
        if (copy >= 0) {
            close(copy);
        }
        return STATUS_OK;
    }
    enum status status = STATUS_OK;
    while (status == STATUS_OK) {
        errno = 0;
        const struct dirent *entry = readdir(listing);
        if (entry == NULL) {
            *error = errno;
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) {
            continue;
        }
        if (out->count == walk->count_max) {
            out->is_cut = true;
            break;
        }
        status = add_name(walk, out, entry->d_name);
    }
    closedir(listing);
    if (out->count > 0) {
        qsort(out->items, out->count, sizeof *out->items, compare_names);
    }
    return status;
}

static char *join(struct arena *arena, const char *folder, const char *name)
{
    size_t folder_size = strlen(folder);
    size_t name_size = strlen(name);
    size_t slash = folder_size > 0 ? 1 : 0;
    char *path = arena_take(arena, folder_size + slash + name_size + 1);
    if (path != NULL) {
        memcpy(path, folder, folder_size);
        memcpy(path + folder_size, "/", slash);
        memcpy(path + folder_size + slash, name, name_size);
    }
    return path;
}

static enum status tell(struct walk *walk, const char *path, enum directory_kind kind,
                        int error)
{
    struct directory_entry entry = {path, kind, error};
    return walk->found(walk->context, &entry);
}

static enum status walk_folder(struct walk *walk, int folder, const char *path, unsigned depth);

static enum status walk_entry(struct walk *walk, int folder, const char *path, const char *name,
                              unsigned depth)
{
    struct stat about;
    if (fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0) {
        return tell(walk, path, DIRECTORY_UNREADABLE, errno);
    }
    if (S_ISREG(about.st_mode)) {
        return tell(walk, path, DIRECTORY_REGULAR, 0);
    }
    if (!S_ISDIR(about.st_mode)) {
        bool is_link = S_ISLNK(about.st_mode);
        return tell(walk, path, is_link ? DIRECTORY_LINK : DIRECTORY_SPECIAL, 0);
    }
    if (depth == DIRECTORY_DEPTH_MAX) {
        return tell(walk, path, DIRECTORY_TOO_DEEP, 0);
    }
    AUTO(file_done)
    int next = file_open_existing_folder(folder, name);
    return next < 0 ? tell(walk, path, DIRECTORY_UNREADABLE, errno)
                    : walk_folder(walk, next, path, depth + 1);
}

static enum status walk_folder(struct walk *walk, int folder, const char *path, unsigned depth)
{
    struct names names = {0};
    int error = 0;
    TRY(read_names(walk, folder, &names, &error));
    if (error != 0) {
        TRY(tell(walk, path, DIRECTORY_UNREADABLE, error));
    }
    for (size_t i = 0; i < names.count; i++) {
        char *below = join(walk->arena, path, names.items[i]);
        if (below == NULL) {
            return STATUS_NO_MEMORY;
        }
        TRY(walk_entry(walk, folder, below, names.items[i], depth));
    }
    return names.is_cut ? STATUS_LIMIT : STATUS_OK;
}

enum status directory_walk(int folder, size_t count_max, struct arena *arena,
                           enum status (*found)(void *context,
                                                const struct directory_entry *entry),
                           void *context)
{
    struct walk walk = {arena, count_max, found, context};
    return walk_folder(&walk, folder, "", 0);
}
