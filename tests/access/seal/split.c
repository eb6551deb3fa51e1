#include "access/seal/split.h"

#include "check.h"

#include "access/vectors.h"
#include "codec/hex.h"
#include "codec/json_read.h"

#define VECTOR_PASSPHRASE "TREZOR"

static const struct bytes secret = BYTES_LITERAL("thirty-two bytes that are secret");

static struct split_plan plan_of(uint8_t threshold, uint8_t count)
{
    struct split_plan plan = split_plan_three_of_five();
    plan.groups[0] = (struct split_group){threshold, count};
    plan.exponent = 0;
    return plan;
}

static void assert_joins(const struct share *shares, size_t count, struct bytes passphrase,
                         struct bytes expected)
{
    uint8_t out[SHARE_SECRET_MAX];
    size_t size = 0;
    const char *why = NULL;
    assert_ok(split_join(shares, count, passphrase, out, &size, &why));
    assert_true(bytes_equal((struct bytes){out, size}, expected));
}

static void assert_refused(const struct share *shares, size_t count, enum status expected,
                           const char *reason)
{
    uint8_t out[SHARE_SECRET_MAX];
    size_t size = 0;
    const char *why = NULL;
    assert_status(split_join(shares, count, BYTES_NONE, out, &size, &why), expected);
    assert_string_equal(why, reason);
}

static void any_three_of_five_give_the_secret_and_no_two(void **state)
{
    (void)state;
    struct share shares[5];
    const char *why = NULL;
    struct split_plan plan = split_plan_three_of_five();
    assert_int_equal(split_plan_count(&plan, &why), 5);
    assert_ok(split_secret(secret, BYTES_NONE, &plan, shares, &why));
    for (unsigned chosen = 0; chosen < 32; chosen++) {
        struct share some[5];
        size_t count = 0;
        for (unsigned i = 0; i < 5; i++) {
            if ((chosen >> i & 1) != 0) {
                some[count++] = shares[4 - i];
            }
        }
        if (count == 3) {
            assert_joins(some, count, BYTES_NONE, secret);
        } else if (count == 0) {
            assert_refused(some, count, STATUS_NOT_FOUND, "there are no shares");
        } else if (count < 3) {
            assert_refused(some, count, STATUS_NOT_FOUND,
                           "there are too few shares of a group");
        } else {
            assert_refused(
                some, count, STATUS_LIMIT,
                "there are more shares of a group than it asks for: leave the others "
                "out");
        }
    }
}

static void groups_ask_for_members_of_their_own(void **state)
{
    (void)state;
    struct split_plan plan = {.group_threshold = 2,
                              .group_count = 3,
                              .groups = {{1, 1}, {2, 3}, {3, 5}},
                              .exponent = 0};
    struct share shares[9];
    const char *why = NULL;
    assert_int_equal(split_plan_count(&plan, &why), 9);
    assert_ok(split_secret(secret, BYTES_NONE, &plan, shares, &why));
    assert_joins((struct share[]){shares[0], shares[1], shares[3]}, 3, BYTES_NONE, secret);
    assert_joins((struct share[]){shares[2], shares[4], shares[3], shares[8], shares[6]}, 5,
                 BYTES_NONE, secret);
    assert_refused((struct share[]){shares[4], shares[5], shares[6]}, 3, STATUS_NOT_FOUND,
                   "there are shares of too few groups");
    assert_refused(
        (struct share[]){shares[0], shares[1], shares[2], shares[4], shares[5], shares[6]}, 6,
        STATUS_LIMIT,
        "there are shares of more groups than are asked for: leave the others out");
}

static void the_passphrase_is_part_of_the_secret(void **state)
{
    (void)state;
    struct share shares[3];
    const char *why = NULL;
    struct split_plan plan = plan_of(2, 3);
    struct bytes passphrase = BYTES_LITERAL("a word of ours");
    for (int i = 0; i < 2; i++) {
        plan.is_extendable = i == 0;
        assert_ok(split_secret(secret, passphrase, &plan, shares, &why));
        assert_joins(shares, 2, passphrase, secret);
        uint8_t other[SHARE_SECRET_MAX];
        size_t size = 0;
        assert_ok(split_join(shares, 2, BYTES_NONE, other, &size, &why));
        assert_int_equal(size, secret.size);
        assert_memory_not_equal(other, secret.data, size);
    }
    assert_status(split_secret(secret, bytes_of_text("tab\there"), &plan, shares, &why),
                  STATUS_MALFORMED);
    assert_string_equal(why,
                        "the passphrase holds something else than visible ASCII and spaces");
    uint8_t longer[SPLIT_PASSPHRASE_MAX + 1];
    memset(longer, 'x', sizeof longer);
    assert_status(
        split_secret(secret, (struct bytes){longer, sizeof longer}, &plan, shares, &why),
        STATUS_MALFORMED);
    assert_string_equal(why, "the passphrase is too long");
}

static void shares_that_do_not_belong_together_say_why(void **state)
{
    (void)state;
    struct share ours[5];
    const char *why = NULL;
    struct split_plan plan = plan_of(3, 5);
    assert_ok(split_secret(secret, BYTES_NONE, &plan, ours, &why));
    struct share changed[3] = {ours[0], ours[1], ours[2]};
    changed[2].identifier ^= 1;
    assert_refused(changed, 3, STATUS_CONFLICT,
                   "the shares are of different splits: their first words differ");
    changed[2] = ours[2];
    changed[2].group_count = 2;
    assert_refused(changed, 3, STATUS_CONFLICT,
                   "the shares disagree about the groups of the split");
    changed[2] = ours[2];
    changed[2].value_size -= 2;
    assert_refused(changed, 3, STATUS_CONFLICT,
                   "the shares are of secrets of different length");
    changed[2] = ours[2];
    changed[2].member_threshold = 2;
    assert_refused(changed, 3, STATUS_CONFLICT,
                   "shares of one group disagree about how many of it are asked for");
    changed[2] = ours[1];
    assert_refused(changed, 3, STATUS_CONFLICT, "one share is there twice");
    changed[2] = ours[2];
    changed[2].value[7] ^= 0x10;
    assert_refused(changed, 3, STATUS_CONFLICT,
                   "the shares do not fit together: one was changed, or is of another secret");
}

static void refuses_plans_that_cannot_be(void **state)
{
    (void)state;
    struct split_plan plan = plan_of(3, 5);
    const char *why = NULL;
    plan.groups[0] = (struct split_group){1, 2};
    assert_int_equal(split_plan_count(&plan, &why), 0);
    assert_string_equal(why, "a group of which one member is enough has that member only: give "
                             "its share to several people instead");
    plan.groups[0] = (struct split_group){4, 3};
    assert_int_equal(split_plan_count(&plan, &why), 0);
    assert_string_equal(why, "a group asks for more members than it has, or for none");
    plan.groups[0] = (struct split_group){2, 17};
    assert_int_equal(split_plan_count(&plan, &why), 0);
    assert_string_equal(why, "a group has no members, or more than sixteen");
    plan = plan_of(3, 5);
    plan.group_threshold = 2;
    assert_int_equal(split_plan_count(&plan, &why), 0);
    assert_string_equal(why, "more groups are asked for than there are, or none");
    plan.group_count = 17;
    assert_int_equal(split_plan_count(&plan, &why), 0);
    assert_string_equal(why, "there are no groups, or more than sixteen");
    plan = plan_of(3, 5);
    plan.exponent = SHARE_EXPONENT_MAX + 1;
    assert_int_equal(split_plan_count(&plan, &why), 0);
    assert_string_equal(why, "the exponent is more work than is done");
    struct share shares[5];
    plan = plan_of(3, 5);
    assert_status(split_secret(bytes_part(secret, 0, 15), BYTES_NONE, &plan, shares, &why),
                  STATUS_LIMIT);
    assert_string_equal(why, "a secret to split has an even number of bytes, 16 to 64");
}

/* One of the published vectors: true where the shares give the secret it says, or none where it
 * says none. */
static bool vector_holds(const struct tree_node *vector)
{
    const struct tree_node *mnemonics = tree_next(vector, tree_first(vector));
    struct bytes expected = tree_text(tree_next(vector, mnemonics));
    struct share shares[SPLIT_SHARES_MAX];
    size_t count = 0;
    const char *why = NULL;
    enum status status = STATUS_OK;
    for (const struct tree_node *at = tree_first(mnemonics); at != NULL && status == STATUS_OK;
         at = tree_next(mnemonics, at)) {
        status = share_read(tree_text(at), &shares[count++], &why);
    }
    uint8_t out[SHARE_SECRET_MAX];
    uint8_t wanted[SHARE_SECRET_MAX];
    size_t size = 0;
    if (status == STATUS_OK) {
        status = split_join(shares, count, bytes_of_text(VECTOR_PASSPHRASE), out, &size, &why);
    }
    if (expected.size == 0) {
        return status != STATUS_OK && why != NULL;
    }
    return status == STATUS_OK && expected.size == 2 * size &&
           hex_read(expected, wanted, size) == STATUS_OK && memcmp(out, wanted, size) == 0;
}

static void agrees_with_the_published_vectors(void **state)
{
    (void)state;
    char path[VECTORS_PATH_MAX];
    if (!vectors_find("slip39/vectors.json", path)) {
        return;
    }
    AUTO(text_done) struct text text = vectors_read(path);
    AUTO(arena_done) struct arena *arena = arena_new(16U * 1024U * 1024U);
    struct tree tree;
    struct tree_fault fault;
    assert_ok(tree_of_json(text_bytes(&text), arena, &tree, &fault));
    size_t count = 0;
    size_t held = 0;
    for (const struct tree_node *at = tree_first(tree.nodes); at != NULL;
         at = tree_next(tree.nodes, at)) {
        count++;
        held += vector_holds(at);
    }
    printf("SLIP-39: %zu of %zu vectors hold\n", held, count);
    assert_int_equal(count, 45);
    assert_int_equal(held, count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_three_of_five_give_the_secret_and_no_two),
        cmocka_unit_test(groups_ask_for_members_of_their_own),
        cmocka_unit_test(the_passphrase_is_part_of_the_secret),
        cmocka_unit_test(shares_that_do_not_belong_together_say_why),
        cmocka_unit_test(refuses_plans_that_cannot_be),
        cmocka_unit_test(agrees_with_the_published_vectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
