#include "detect/capability/rule_pack.h"

#include "codec/yaml.h"
#include "detect/capability/condition.h"
#include "detect/capability/rule_set.h"

#define FORMAT "tocsin rule pack 1"

/* The text of a scalar, whatever YAML makes of it: a version may look like a number. */
static struct bytes scalar(const struct tree_node *document, const char *key)
{
    const struct tree_node *node = tree_member(document, key);
    bool is_scalar = node != NULL && !tree_is(node, TREE_LIST) && !tree_is(node, TREE_MAP);
    return is_scalar ? bytes_trim(node->text) : BYTES_NONE;
}

static enum status read_head(struct rule_reader *reader, const struct tree_node *document,
                             struct rule_pack *out)
{
    static const char *const keys[] = {"format", "name",        "version", "tlp", "group",
                                       "key",    "description", "rules",   NULL};
    TRY(condition_check_keys(reader, document, keys));
    if (!bytes_equal_text(scalar(document, "format"), FORMAT)) {
        return condition_refuse(reader, document,
                                "this is no rule pack: it does not begin with "
                                "'format: tocsin rule pack 1'");
    }
    const struct tree_node *rules = tree_member(document, "rules");
    size_t count = tree_child_count(rules);
    if (!tree_is(rules, TREE_LIST) || count == 0 || count > RULE_PACK_RULES_MAX) {
        return condition_refuse(reader, rules == NULL ? document : rules,
                                "a pack has a list of 1 to 128 rules");
    }
    struct rule_pack pack = {
        .about = {.name = scalar(document, "name"),
                  .version = scalar(document, "version"),
                  .tlp = scalar(document, "tlp"),
                  .group = scalar(document, "group"),
                  .key = scalar(document, "key"),
                  .description = scalar(document, "description"),
                  .rule_count = (uint32_t)count},
        .rules = rules,
    };
    const char *what = "a pack has the key of the group that lends it: 'tocsin access seal "
                       "--group FILE' puts it in";
    if (pack.about.key.size == 0 || !restricted_check(&pack.about, &what)) {
        return condition_refuse(reader, document, what);
    }
    *out = pack;
    return STATUS_OK;
}

/* In memory of its own, so that a pack's share of what all rules may take is bounded before it
 * is mixed with ours. */
static enum status check_rules(const struct rule_pack *pack, struct tree_fault *fault)
{
    AUTO(arena_done) struct arena *scratch = arena_new(RULE_PACK_MEMORY_MAX);
    struct rule_set set;
    *fault = (struct tree_fault){"its rules take more memory than a pack may", 0};
    return scratch == NULL ? STATUS_NO_MEMORY
                           : rule_set_of_documents(NULL, 0, pack, scratch, &set, fault);
}

enum status rule_pack_read(struct bytes text, struct arena *arena, struct rule_pack *out,
                           struct tree_fault *fault)
{
    struct tree tree;
    struct rule_pack pack;
    if (text.size > RULE_PACK_SIZE_MAX) {
        *fault = (struct tree_fault){"a pack has at most 512 KiB", 0};
        return STATUS_LIMIT;
    }
    TRY(tree_of_yaml(text, arena, &tree, fault));
    struct rule_reader reader = {.arena = arena, .fault = fault};
    TRY(read_head(&reader, tree.nodes, &pack));
    TRY(check_rules(&pack, fault));
    *out = pack;
    return STATUS_OK;
}
