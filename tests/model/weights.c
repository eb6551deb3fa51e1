#include "model/weights.h"

#include "check.h"

#include <string.h>

#include "base/text.h"

static const uint8_t numbers[] = {1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};

static struct tensor tensor_of(const char *name, enum tensor_kind kind, struct bytes content)
{
    return (struct tensor){bytes_of_text(name), kind, content};
}

static void write_two(struct text *out)
{
    const struct tensor tensors[] = {
        tensor_of("a.numbers", TENSOR_I32, (struct bytes){numbers, sizeof numbers}),
        tensor_of("b.text", TENSOR_BYTES, bytes_of_text("made from nothing")),
    };
    assert_ok(weights_write(out, tensors, 2));
}

static void reads_back_what_it_wrote(void **state)
{
    (void)state;
    struct text AUTO(text_done) file = text_of_limit(WEIGHTS_SIZE_MAX);
    struct weights weights;
    struct fault fault = {0};
    struct bytes found;
    write_two(&file);
    assert_ok(weights_read(text_bytes(&file), &weights, &fault));
    assert_int_equal(weights.count, 2);
    assert_ok(weights_find(&weights, "b.text", TENSOR_BYTES, &found));
    assert_bytes(found, "made from nothing");
    assert_ok(weights_find(&weights, "a.numbers", TENSOR_I32, &found));
    assert_int_equal(found.size, sizeof numbers);
    assert_memory_equal(found.data, numbers, sizeof numbers);
    assert_int_equal((found.data - (const uint8_t *)file.data) % WEIGHTS_ALIGNMENT, 0);
    assert_status(weights_find(&weights, "b.text", TENSOR_I8, &found), STATUS_NOT_FOUND);
    assert_status(weights_find(&weights, "c", TENSOR_I8, &found), STATUS_NOT_FOUND);
}

static void refuses_a_file_in_which_any_bit_was_turned(void **state)
{
    (void)state;
    struct text AUTO(text_done) file = text_of_limit(WEIGHTS_SIZE_MAX);
    write_two(&file);
    for (size_t i = 0; i < file.size; i++) {
        struct weights weights;
        struct fault fault = {0};
        file.data[i] = (char)(file.data[i] ^ 4);
        assert_true(weights_read(text_bytes(&file), &weights, &fault) != STATUS_OK);
        assert_non_null(fault.what);
        file.data[i] = (char)(file.data[i] ^ 4);
    }
}

static void refuses_every_shorter_file_and_a_longer_one(void **state)
{
    (void)state;
    struct text AUTO(text_done) file = text_of_limit(WEIGHTS_SIZE_MAX);
    struct weights weights;
    struct fault fault;
    write_two(&file);
    for (size_t size = 0; size < file.size; size++) {
        struct bytes part = bytes_part(text_bytes(&file), 0, size);
        assert_true(weights_read(part, &weights, &fault) != STATUS_OK);
    }
    text_add_byte(&file, 0);
    assert_status(weights_read(text_bytes(&file), &weights, &fault), STATUS_TRUNCATED);
}

/* Writes the digest anew, as whoever forges a file would. */
static void sign_again(struct text *file)
{
    struct sha256 digest = sha256_of(bytes_from(text_bytes(file), 48));
    memcpy(file->data + 16, digest.bytes, sizeof digest.bytes);
}

static void refuses_tensors_that_lie_outside_or_are_of_no_kind(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        uint8_t value;
    } forgeries[] = {
        {48 + 32, 9},    /* kind */
        {48 + 36, 1},    /* what must be zero */
        {48 + 40, 1},    /* offset that is not aligned */
        {48 + 43, 0x7f}, /* offset far outside */
        {48 + 48, 0xff}, /* more items than there are */
        {48 + 55, 0xff}, /* so many that their size wraps */
        {48, 0},         /* no name */
        {48, 'z'},       /* names out of order */
        {48 + 20, 'x'},  /* something after the name's zeros */
        {4, 200},        /* more tensors than there are */
    };
    for (size_t i = 0; i < sizeof forgeries / sizeof *forgeries; i++) {
        struct text AUTO(text_done) file = text_of_limit(WEIGHTS_SIZE_MAX);
        struct weights weights;
        struct fault fault = {0};
        write_two(&file);
        file.data[forgeries[i].at] = (char)forgeries[i].value;
        sign_again(&file);
        assert_true(weights_read(text_bytes(&file), &weights, &fault) != STATUS_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_back_what_it_wrote),
        cmocka_unit_test(refuses_a_file_in_which_any_bit_was_turned),
        cmocka_unit_test(refuses_every_shorter_file_and_a_longer_one),
        cmocka_unit_test(refuses_tensors_that_lie_outside_or_are_of_no_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
