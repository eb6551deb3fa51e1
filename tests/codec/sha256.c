#include "codec/sha256.h"

#include "check.h"
#include "walls.h"

#include <fcntl.h>
#include <string.h>

static void assert_hex(struct sha256 sha256, const char *hex)
{
    struct text text = text_of_limit(100);
    sha256_add_hex(&text, &sha256);
    assert_string_equal(text_terminated(&text), hex);
    text_done(&text);
}

static void agrees_with_the_standard(void **state)
{
    (void)state;
    assert_hex(sha256_of(BYTES_NONE),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_hex(sha256_of(bytes_of_text("abc")),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void gives_the_same_in_parts(void **state)
{
    (void)state;
    struct bytes whole =
        bytes_of_text("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    for (size_t cut = 0; cut <= whole.size; cut++) {
        struct sha256_state parts;
        sha256_init(&parts);
        sha256_add(&parts, bytes_part(whole, 0, cut));
        sha256_add(&parts, bytes_from(whole, cut));
        assert_hex(sha256_finish(&parts),
                   "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }
}

static void reads_a_file_without_moving_it(void **state)
{
    (void)state;
    int fd = memfd_create("sha256", MFD_CLOEXEC);
    assert_true(fd >= 0);
    static const uint8_t window[SHA256_WINDOW_SIZE];
    struct sha256_state whole;
    sha256_init(&whole);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(write(fd, window, sizeof window - 1), sizeof window - 1);
        sha256_add(&whole, (struct bytes){window, sizeof window - 1});
    }
    struct sha256 want = sha256_finish(&whole);
    assert_int_equal(lseek(fd, 5, SEEK_SET), 5);
    struct sha256 got;
    uint64_t size = 0;
    assert_ok(sha256_of_fd(fd, &size, &got));
    assert_int_equal(size, 3 * (sizeof window - 1));
    assert_true(sha256_equal(&got, &want));
    assert_int_equal(lseek(fd, 0, SEEK_CUR), 5);
    close(fd);
    assert_status(sha256_of_fd(-1, &size, &got), STATUS_IO);
}

static void reads_back_its_digits(void **state)
{
    (void)state;
    struct sha256 want = sha256_of(bytes_of_text("abc"));
    struct text hex = text_of_limit(100);
    sha256_add_hex(&hex, &want);
    struct sha256 got;
    assert_ok(sha256_read_hex(text_bytes(&hex), &got));
    assert_true(sha256_equal(&got, &want));
    got.bytes[31] ^= 1;
    assert_false(sha256_equal(&got, &want));
    assert_status(sha256_read_hex(bytes_part(text_bytes(&hex), 0, 62), &got), STATUS_MALFORMED);
    text_done(&hex);
}

static bool digest_is_right(void)
{
    struct sha256 digest = sha256_of(bytes_of_text("abc"));
    return digest.bytes[0] == 0xba && digest.bytes[31] == 0xad;
}

static bool a_file_can_be_opened(void)
{
    return open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0;
}

static void works_behind_walls(void **state)
{
    (void)state;
    assert_true(walls_hold(digest_is_right));
    assert_false(walls_hold(a_file_can_be_opened));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_the_standard),
        cmocka_unit_test(gives_the_same_in_parts),
        cmocka_unit_test(reads_a_file_without_moving_it),
        cmocka_unit_test(reads_back_its_digits),
        cmocka_unit_test(works_behind_walls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
