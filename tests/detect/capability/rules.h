/* The rules of content/capabilities, or one of a tree, made into a bundle as the program does:
 * for tests that judge scripts by them. */
#pragma once

#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "codec/yaml.h"
#include "detect/capability/rule_set.h"
#include "detect/engine.h"

#define RULES_FOLDER "content/capabilities"

struct rules {
    struct arena *arena;
    struct text image;
    struct bundle bundle;
    struct rule_set set;
    const struct engine *engine;
};

static inline struct bytes rules_read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t limit = 1U << 20;
    uint8_t *data = arena_take(arena, limit);
    assert_non_null(data);
    size_t size = fread(data, 1, limit, file);
    assert_int_equal(fclose(file), 0);
    return (struct bytes){data, size};
}

/* Fails, naming file and line, where a rule file is refused. */
static inline struct tree rules_read_tree(struct arena *arena, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, RULES_FOLDER "/%s", name);
    struct tree tree = {0};
    struct tree_fault fault = {0};
    enum status status = tree_of_yaml(rules_read_file(arena, path), arena, &tree, &fault);
    if (status == STATUS_OK) {
        status = capability_check(tree.nodes, &fault);
    }
    if (status != STATUS_OK) {
        fail_msg("%s:%u: %s", path, fault.line, fault.what == NULL ? "?" : fault.what);
    }
    return tree;
}

/* The rules of `count` files. */
static inline void rules_load(struct rules *rules, struct bundle_entry *entries, size_t count)
{
    struct fault fault = {0};
    assert_ok(bundle_write(&rules->image, entries, count));
    assert_ok(bundle_read(text_bytes(&rules->image), &rules->bundle, &fault));
    assert_ok(rule_set_load(&rules->bundle, NULL, rules->arena, &rules->set, &fault));
    assert_ok(engine_load(&(struct engine_supply){.content = &rules->bundle}, rules->arena,
                          &rules->engine, &fault));
}

static inline struct bytes rules_write_tree(struct arena *arena, const struct tree *tree)
{
    struct text AUTO(text_done) written = text_of_limit(1U << 20);
    struct bytes out;
    tree_write(&written, tree);
    assert_ok(text_status(&written));
    assert_ok(arena_copy(arena, text_bytes(&written), &out));
    return out;
}

/* The one rule that a tree holds. */
static inline void rules_of_tree(struct rules *rules, const struct tree *tree)
{
    *rules = (struct rules){.arena = arena_new(512U << 20), .image = text_of_limit(64U << 20)};
    struct bundle_entry entry = {BYTES_LITERAL("capabilities/a.yaml"),
                                 rules_write_tree(rules->arena, tree)};
    rules_load(rules, &entry, 1);
}

static inline void rules_open(struct rules *rules)
{
    static struct bundle_entry entries[CAPABILITY_RULES_MAX];
    size_t count = 0;
    *rules = (struct rules){.arena = arena_new(512U << 20), .image = text_of_limit(64U << 20)};
    DIR *folder = opendir(RULES_FOLDER);
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        char name[400];
        snprintf(name, sizeof name, "capabilities/%s", entry->d_name);
        struct tree tree = rules_read_tree(rules->arena, entry->d_name);
        entries[count].name = bytes_of_text(arena_copy_text(rules->arena, name));
        entries[count].content = rules_write_tree(rules->arena, &tree);
        count++;
    }
    closedir(folder);
    rules_load(rules, entries, count);
}

static inline void rules_close(struct rules *rules)
{
    text_done(&rules->image);
    arena_free(rules->arena);
}
