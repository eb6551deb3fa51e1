#include "access/grant/token.h"

#include "access/grant/grants.h"
#include "access/grant/proto.h"
#include "access/grant/token_fields.h"

static void opens_what_was_made_and_nothing_else(void **state)
{
    (void)state;
    AUTO(grants_done) struct grants grants = grants_of(GRANT_ED25519);
    AUTO(text_done) struct text token = grant_of(&grants, "right(\"report\", \"read\");");
    AUTO(text_done)
    struct text longer =
        narrowed(&grants, &token, "check if want(\"read\"), [1].length() == 1;");
    struct grant_token grant = opened(&grants, &longer);
    assert_int_equal(grant.part_count, 2);
    assert_int_equal(grant.parts[0].version, 0);
    assert_int_equal(grant.parts[1].version, 1); /* because of what the block says */
    /* Any byte that is changed is noticed: as no token, or as one that was not signed. */
    for (size_t i = 0; i < longer.size; i++) {
        struct fault fault = {NULL, 0};
        longer.data[i] ^= 0x20;
        assert_int_not_equal(
            grant_token_open(text_bytes(&longer), &grants.root, &grant, &fault), STATUS_OK);
        assert_non_null(fault.what);
        longer.data[i] ^= 0x20;
    }
    for (size_t i = 0; i < longer.size; i++) {
        struct fault fault = {NULL, 0};
        assert_int_not_equal(grant_token_open(bytes_part(text_bytes(&longer), 0, i),
                                              &grants.root, &grant, &fault),
                             STATUS_OK);
    }
}

static void a_stranger_s_root_opens_nothing(void **state)
{
    (void)state;
    AUTO(grants_done) struct grants grants = grants_of(GRANT_SECP256R1);
    AUTO(grants_done) struct grants other = grants_of(GRANT_SECP256R1);
    AUTO(text_done) struct text token = grant_of(&grants, "right(\"report\", \"read\");");
    struct grant_token grant = opened(&grants, &token);
    struct fault fault = {NULL, 0};
    assert_int_equal(grant.parts[0].version, 1); /* because of the algorithm */
    assert_status(grant_token_open(text_bytes(&token), &other.root, &grant, &fault),
                  STATUS_DENIED);
}

/* The token without its last block, which is not the same token. */
static void a_block_cannot_be_taken_away(void **state)
{
    (void)state;
    AUTO(grants_done) struct grants grants = grants_of(GRANT_ED25519);
    AUTO(text_done) struct text token = grant_of(&grants, "right(\"report\", \"read\");");
    AUTO(text_done) struct text longer = narrowed(&grants, &token, "check if want(\"read\");");
    struct grant_token grant = opened(&grants, &longer);
    struct fault fault = {NULL, 0};
    grant.part_count = 1;
    assert_status(grant_token_verify(&grant, &grants.root, &fault), STATUS_DENIED);
}

static void refuses_external_signatures_of_version_0(void **state)
{
    (void)state;
    AUTO(grants_done) struct grants grants = grants_of(GRANT_ED25519);
    AUTO(text_done) struct text token = grant_of(&grants, "right(\"report\", \"read\");");
    struct grant_token grant = opened(&grants, &token);
    AUTO(text_done) struct text key = text_of_limit(256);
    AUTO(text_done) struct text external = text_of_limit(256);
    AUTO(text_done) struct text part = text_of_limit(1024);
    AUTO(text_done) struct text whole = text_of_limit(2048);
    proto_add_number(&key, KEY_FIELD_ALGORITHM, GRANT_ED25519);
    proto_add_bytes(&key, KEY_FIELD_BYTES, (struct bytes){grants.root.bytes, 32});
    proto_add_bytes(&external, EXTERNAL_SIGNATURE, grant.parts[0].signature);
    proto_add_bytes(&external, EXTERNAL_KEY, text_bytes(&key));
    proto_add_bytes(&part, SIGNED_BLOCK, grant.parts[0].block);
    proto_add_bytes(&part, SIGNED_NEXT_KEY, text_bytes(&key));
    proto_add_bytes(&part, SIGNED_SIGNATURE, grant.parts[0].signature);
    proto_add_bytes(&part, SIGNED_EXTERNAL, text_bytes(&external));
    text_add_raw(&whole, text_bytes(&token));
    proto_add_bytes(&whole, TOKEN_BLOCKS, text_bytes(&part));
    struct fault fault = {NULL, 0};
    assert_status(grant_token_read(text_bytes(&whole), &grant, &fault), STATUS_MALFORMED);
    assert_string_equal(fault.what, "an external signature of version 0 is not accepted");
}

static void refuses_a_part_that_stands_twice(void **state)
{
    (void)state;
    AUTO(grants_done) struct grants grants = grants_of(GRANT_ED25519);
    AUTO(text_done) struct text token = grant_of(&grants, "right(\"report\", \"read\");");
    AUTO(text_done) struct text twice = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    text_add_raw(&twice, text_bytes(&token));
    text_add_raw(&twice, text_bytes(&token));
    struct grant_token grant;
    struct fault fault = {NULL, 0};
    assert_status(grant_token_read(text_bytes(&twice), &grant, &fault), STATUS_MALFORMED);
    assert_string_equal(fault.what, "a part of the token stands twice");
}

static void counts_blocks_and_bytes(void **state)
{
    (void)state;
    AUTO(grants_done) struct grants grants = grants_of(GRANT_ED25519);
    struct text token = grant_of(&grants, "right(\"report\", \"read\");");
    for (unsigned i = 1; i < GRANT_BLOCKS_MAX; i++) {
        struct text longer = narrowed(&grants, &token, "check if true;");
        text_done(&token);
        token = longer;
    }
    struct grant_token grant = opened(&grants, &token);
    struct datalog_block block = block_of(grants.arena, "check if true;");
    AUTO(text_done) struct text longer = text_of_limit(GRANT_TOKEN_SIZE_MAX);
    struct fault fault = {NULL, 0};
    assert_int_equal(grant.part_count, GRANT_BLOCKS_MAX);
    assert_status(grant_append(&grant, &block, grants.arena, &longer, &fault), STATUS_LIMIT);
    text_done(&token);
    static const uint8_t large[GRANT_TOKEN_SIZE_MAX + 1];
    assert_status(grant_token_read((struct bytes){large, sizeof large}, &grant, &fault),
                  STATUS_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_what_was_made_and_nothing_else),
        cmocka_unit_test(a_stranger_s_root_opens_nothing),
        cmocka_unit_test(a_block_cannot_be_taken_away),
        cmocka_unit_test(refuses_external_signatures_of_version_0),
        cmocka_unit_test(refuses_a_part_that_stands_twice),
        cmocka_unit_test(counts_blocks_and_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
