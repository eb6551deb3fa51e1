/* Claims of detect/capability/rule_pack.h: a pack that is accepted has a head whose parts have
 * their shapes, travels as a message and comes back the same, and is accepted in a set, where
 * every rule of it says that it is one; what is refused has a reason. */
#include "fuzz.h"

#include "detect/capability/rule_pack.h"
#include "detect/capability/rule_set.h"

#define MEMORY_MAX (128U << 20)

static void check_message(const struct restricted *about)
{
    struct text AUTO(text_done) written = text_of_limit(RESTRICTED_SIZE_MAX);
    struct restricted again;
    restricted_write(&written, about);
    CLAIM(text_status(&written) == STATUS_OK);
    CLAIM(restricted_read(text_bytes(&written), &again) == STATUS_OK);
    CLAIM(bytes_equal(again.name, about->name) && again.rule_count == about->rule_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY_MAX);
    struct rule_pack pack;
    struct rule_set set;
    struct tree_fault fault = {0};
    if (rule_pack_read((struct bytes){data, size}, arena, &pack, &fault) != STATUS_OK) {
        CLAIM(fault.what != NULL);
        return 0;
    }
    const char *what = NULL;
    CLAIM(restricted_check(&pack.about, &what));
    check_message(&pack.about);
    CLAIM(rule_set_of_documents(NULL, 0, &pack, arena, &set, &fault) == STATUS_OK);
    CLAIM(set.rule_count == pack.about.rule_count && set.rule_count <= RULE_PACK_RULES_MAX);
    for (size_t i = 0; i < set.rule_count; i++) {
        CLAIM(bytes_equal(restricted_pack_of_rule(set.rules[i].name), pack.about.name));
        CLAIM(set.rules[i].name.size <= RULE_SIZE_MAX);
    }
    return 0;
}
