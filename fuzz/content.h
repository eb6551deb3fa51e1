/* The content that analysts wrote, loaded once as the programs load it, for targets that need
 * rules, phrases or playbooks beside their input. */
#pragma once

#include "fuzz.h"

#include <dirent.h>
#include <string.h>

#include "codec/bundle.h"
#include "codec/yaml.h"

#define CONTENT_FILES_MAX 256
#define CONTENT_FILE_SIZE_MAX (1U << 20)
#define CONTENT_MEMORY (256U << 20)

struct content {
    struct arena *arena; /* lives as long as the program */
    struct bundle_entry entries[CONTENT_FILES_MAX];
    size_t count;
    struct text image;
    struct bundle bundle;
};

static inline struct bytes content_read(struct content *content, const char *path)
{
    FILE *file = fopen(path, "rb");
    CLAIM(file != NULL);
    uint8_t *data = arena_take(content->arena, CONTENT_FILE_SIZE_MAX);
    CLAIM(data != NULL);
    size_t size = fread(data, 1, CONTENT_FILE_SIZE_MAX, file);
    fclose(file);
    return (struct bytes){data, size};
}

static inline void content_add(struct content *content, const char *folder, const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, SOURCE_ROOT "/content/%s/%s", folder, name);
    struct tree tree;
    struct tree_fault fault;
    CLAIM(content->count < CONTENT_FILES_MAX);
    CLAIM(tree_of_yaml(content_read(content, path), content->arena, &tree, &fault) ==
          STATUS_OK);
    struct bundle_entry *entry = &content->entries[content->count++];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    entry->name = bytes_of_text(arena_copy_text(content->arena, path));
    struct text written = text_of_limit(CONTENT_FILE_SIZE_MAX * 4);
    tree_write(&written, &tree);
    CLAIM(arena_copy(content->arena, text_bytes(&written), &entry->content) == STATUS_OK);
    text_done(&written);
}

static inline void content_add_folder(struct content *content, const char *folder)
{
    char path[1024];
    snprintf(path, sizeof path, SOURCE_ROOT "/content/%s", folder);
    DIR *open = opendir(path);
    CLAIM(open != NULL);
    for (struct dirent *entry; (entry = readdir(open)) != NULL;) {
        if (entry->d_name[0] != '.') {
            content_add(content, folder, entry->d_name);
        }
    }
    closedir(open);
}

/* Every folder of `folders`, which ends with NULL. */
static inline void content_load(struct content *content, const char *const *folders)
{
    struct fault fault;
    content->arena = arena_new(CONTENT_MEMORY);
    content->image = text_of_limit(CONTENT_MEMORY);
    for (size_t i = 0; folders[i] != NULL; i++) {
        content_add_folder(content, folders[i]);
    }
    CLAIM(bundle_write(&content->image, content->entries, content->count) == STATUS_OK);
    CLAIM(bundle_read(text_bytes(&content->image), &content->bundle, &fault) == STATUS_OK);
}

static inline const struct tree_node *content_document(struct content *content,
                                                       const char *name)
{
    struct bytes written;
    struct tree tree;
    struct fault fault;
    CLAIM(bundle_find(&content->bundle, name, &written) == STATUS_OK);
    CLAIM(tree_read(written, content->arena, &tree, &fault) == STATUS_OK);
    return tree.nodes;
}
