#include "codec/hkdf.h"

#include "check.h"
#include "codec/hex.h"
#include "walls.h"

#include <string.h>

static void assert_hex(struct bytes bytes, const char *hex)
{
    struct text text = text_of_limit(200);
    text_add_hex(&text, bytes);
    assert_string_equal(text_terminated(&text), hex);
    text_done(&text);
}

static void assert_digest(struct sha256 digest, const char *hex)
{
    assert_hex((struct bytes){digest.bytes, sizeof digest.bytes}, hex);
}

/* RFC 4231, cases 1, 2 and 6. */
static void hmac_agrees_with_the_standard(void **state)
{
    (void)state;
    uint8_t key[131];
    memset(key, 0x0b, 20);
    assert_digest(hmac_sha256((struct bytes){key, 20}, bytes_of_text("Hi There")),
                  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    assert_digest(
        hmac_sha256(bytes_of_text("Jefe"), bytes_of_text("what do ya want for nothing?")),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    assert_digest(
        hmac_sha256((struct bytes){key, sizeof key},
                    bytes_of_text("Test Using Larger Than Block-Size Key - Hash Key First")),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 5869, case 1; its output is two blocks, of which the first is asked for. */
static void hkdf_agrees_with_the_standard(void **state)
{
    (void)state;
    uint8_t secret[22];
    uint8_t out[HKDF_SIZE_MAX];
    memset(secret, 0x0b, sizeof secret);
    struct sha256 key =
        hkdf_extract((struct bytes)BYTES_LITERAL("\0\1\2\3\4\5\6\7\10\11\12\13\14"),
                     (struct bytes){secret, sizeof secret});
    assert_digest(key, "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    hkdf_expand(&key, (struct bytes)BYTES_LITERAL("\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9"),
                out, sizeof out);
    assert_hex((struct bytes){out, sizeof out},
               "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
}

static bool key_is_right(void)
{
    struct sha256 digest =
        hmac_sha256(bytes_of_text("Jefe"), bytes_of_text("what do ya want for nothing?"));
    return digest.bytes[0] == 0x5b && digest.bytes[31] == 0x43;
}

static void works_behind_walls(void **state)
{
    (void)state;
    assert_true(walls_hold(key_is_right));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hmac_agrees_with_the_standard),
        cmocka_unit_test(hkdf_agrees_with_the_standard),
        cmocka_unit_test(works_behind_walls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
