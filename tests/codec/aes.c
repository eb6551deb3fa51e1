#include "codec/aes.h"

#include "check.h"
#include "walls.h"

#include <string.h>

/* FIPS 197, appendix C.1. */
static void a_block_agrees_with_the_standard(void **state)
{
    (void)state;
    static const uint8_t expected[] = {0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30,
                                       0xd8, 0xcd, 0xb7, 0x80, 0x70, 0xb4, 0xc5, 0x5a};
    uint8_t key[AES_KEY_BYTES];
    uint8_t block[AES_BLOCK_BYTES];
    struct aes aes;
    for (uint8_t i = 0; i < 16; i++) {
        key[i] = i;
        block[i] = (uint8_t)(i * 0x11);
    }
    aes_init(&aes, key);
    aes_block(&aes, block, block);
    assert_memory_equal(block, expected, sizeof expected);
}

/* Case 2 of the description of GCM that was given to NIST: zeros under a key of zeros. */
static const uint8_t SEALED[] = {0x03, 0x88, 0xda, 0xce, 0x60, 0xb6, 0xa3, 0x92,
                                 0xf3, 0x28, 0xc2, 0xb9, 0x71, 0xb2, 0xfe, 0x78,
                                 0xab, 0x6e, 0x47, 0xd4, 0x2c, 0xec, 0x13, 0xbd,
                                 0xf5, 0x3a, 0x67, 0xb2, 0x12, 0x57, 0xbd, 0xdf};

static enum status open_sealed(struct bytes beside, struct bytes sealed, uint8_t *out)
{
    static const uint8_t zeros[AES_KEY_BYTES];
    struct aes aes;
    aes_init(&aes, zeros);
    return aes_open(&aes, zeros, beside, sealed, out);
}

static void opens_what_was_sealed(void **state)
{
    (void)state;
    static const uint8_t zeros[AES_BLOCK_BYTES];
    uint8_t out[AES_BLOCK_BYTES];
    memset(out, 1, sizeof out);
    assert_ok(open_sealed(BYTES_NONE, (struct bytes){SEALED, sizeof SEALED}, out));
    assert_memory_equal(out, zeros, sizeof zeros);
}

static void refuses_what_was_changed(void **state)
{
    (void)state;
    uint8_t out[AES_BLOCK_BYTES];
    uint8_t sealed[sizeof SEALED];
    for (size_t i = 0; i < sizeof sealed; i++) {
        memcpy(sealed, SEALED, sizeof sealed);
        sealed[i] ^= 0x40;
        assert_status(open_sealed(BYTES_NONE, (struct bytes){sealed, sizeof sealed}, out),
                      STATUS_MALFORMED);
    }
    struct bytes whole = {SEALED, sizeof SEALED};
    assert_status(open_sealed(bytes_of_text("x"), whole, out), STATUS_MALFORMED);
    assert_status(open_sealed(BYTES_NONE, bytes_part(whole, 0, AES_TAG_BYTES - 1), out),
                  STATUS_MALFORMED);
    assert_status(open_sealed(BYTES_NONE, BYTES_NONE, out), STATUS_MALFORMED);
}

/* Case 1: nothing but the tag. */
static void opens_a_tag_alone(void **state)
{
    (void)state;
    static const uint8_t tag[] = {0x58, 0xe2, 0xfc, 0xce, 0xfa, 0x7e, 0x30, 0x61,
                                  0x36, 0x7f, 0x1d, 0x57, 0xa4, 0xe7, 0x45, 0x5a};
    uint8_t out[1];
    assert_ok(open_sealed(BYTES_NONE, (struct bytes){tag, sizeof tag}, out));
}

static bool sealed_can_be_opened(void)
{
    uint8_t out[AES_BLOCK_BYTES];
    return open_sealed(BYTES_NONE, (struct bytes){SEALED, sizeof SEALED}, out) == STATUS_OK &&
           out[0] == 0;
}

static void works_behind_walls(void **state)
{
    (void)state;
    assert_true(walls_hold(sealed_can_be_opened));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_block_agrees_with_the_standard),
        cmocka_unit_test(opens_what_was_sealed),
        cmocka_unit_test(refuses_what_was_changed),
        cmocka_unit_test(opens_a_tag_alone),
        cmocka_unit_test(works_behind_walls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
