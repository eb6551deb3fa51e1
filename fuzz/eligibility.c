/* Claims of access/eligibility.h: whatever the facts are, nobody reaches a tier without every
 * criterion up to it, and what is said borrows from policy or facts. */
#include "access/eligibility.h"

#include "fuzz.h"

#define MEMORY (64U << 20)

/* A small policy of the same shape as the published one. */
static const char policy[] =
    "tier_name(0, \"none\"); tier_name(1, \"first\"); tier_name(2, \"second\");"
    "criterion(1, \"a\", \"has a\", \"get a\"); criterion(2, \"b\", \"has b\", \"get b\");"
    "met(\"a\", $p) <- subject($p), a($p, $s), $s.type() == \"string\", $s != \"\";"
    "met(\"b\", $p) <- subject($p), b($p, $x), b($p, $y), $x != $y, {\"u\", "
    "\"v\"}.contains($x);"
    "tier($p, 1) <- met(\"a\", $p); tier($p, 2) <- tier($p, 1), met(\"b\", $p);"
    "allow if tier($p, 2); allow if tier($p, 1); allow if subject($p);";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes facts = {data, size};
    struct arena *AUTO(arena_done) arena = arena_new(MEMORY);
    static struct eligibility found;
    struct eligibility_fault fault;
    if (eligibility_find(bytes_of_text(policy), facts, arena, &found, &fault) != STATUS_OK) {
        CLAIM(fault.fault.what != NULL);
        return 0;
    }
    CLAIM(found.criterion_count == 2 && found.tier >= 0 && found.tier <= 2);
    CLAIM(found.tier < 1 || found.criteria[0].is_met);
    CLAIM(found.tier < 2 || found.criteria[1].is_met);
    CLAIM(found.subject.size > 0);
    uint32_t index = 0;
    CLAIM(eligibility_rule(&found, found.criteria[1].name, &index) != NULL);
    CLAIM(eligibility_rule(&found, found.criteria[1].name, &index) == NULL);
    return 0;
}
