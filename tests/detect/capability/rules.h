/* The rules of content/capabilities, made into a bundle as the program does, and one script
 * judged by them. */
#pragma once

#include "check.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "codec/yaml.h"
#include "detect/capability/rule_set.h"
#include "detect/engine.h"
#include "parse/script/shell.h"

#define RULES_FOLDER "content/capabilities"

struct rules {
    struct arena *arena;
    struct text image;
    struct bundle bundle;
    struct rule_set set;
    const struct engine *engine;
};

struct judged {
    struct arena *evidence;
    struct arena *batch;
    struct arena *result;
    struct budget budget;
    struct analysis_options options;
    struct examination examination;
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
        struct text written = text_of_limit(1U << 20);
        tree_write(&written, &tree);
        assert_ok(text_status(&written));
        entries[count].name = bytes_of_text(arena_copy_text(rules->arena, name));
        assert_ok(arena_copy(rules->arena, text_bytes(&written), &entries[count].content));
        text_done(&written);
        count++;
    }
    closedir(folder);
    struct fault fault = {0};
    assert_ok(bundle_write(&rules->image, entries, count));
    assert_ok(bundle_read(text_bytes(&rules->image), &rules->bundle, &fault));
    assert_ok(rule_set_load(&rules->bundle, rules->arena, &rules->set, &fault));
    assert_ok(engine_load(&rules->bundle, BYTES_NONE, rules->arena, &rules->engine, &fault));
}

static inline void rules_close(struct rules *rules)
{
    text_done(&rules->image);
    arena_free(rules->arena);
}

/* `read` is shell_read, parse_stream or their like. */
static inline void judged_open(struct judged *judged, const struct rules *rules,
                               struct bytes script,
                               enum status (*read)(struct stream *, struct parse *))
{
    *judged = (struct judged){.evidence = arena_new(64U << 20),
                              .batch = arena_new(64U << 20),
                              .result = arena_new(64U << 20),
                              .budget = budget_of(UINT64_C(1) << 32)};
    struct detection detection;
    coverage_init(&judged->examination.coverage, judged->result);
    assert_ok(detection_open(rules->engine, &judged->options, judged->evidence, judged->result,
                             &judged->examination, &detection));
    struct record_sink sink = {detection_take, &detection};
    struct parse parse = {.evidence = judged->evidence,
                          .batch = judged->batch,
                          .budget = &judged->budget,
                          .sink = &sink,
                          .coverage = &judged->examination.coverage};
    struct stream stream;
    assert_ok(stream_of_bytes(&stream, script, judged->evidence));
    assert_ok(read(&stream, &parse));
    assert_ok(detection_finish(&detection));
}

static inline void judged_close(struct judged *judged)
{
    arena_free(judged->evidence);
    arena_free(judged->batch);
    arena_free(judged->result);
}

/* The finding of that rule, or NULL. */
static inline const struct finding *judged_find(const struct judged *judged, struct bytes rule)
{
    for (size_t i = 0; i < judged->examination.finding_count; i++) {
        if (bytes_equal(judged->examination.findings[i].rule, rule)) {
            return &judged->examination.findings[i];
        }
    }
    return NULL;
}
