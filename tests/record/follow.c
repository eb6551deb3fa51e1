#include "record/follow.h"

#include "check.h"

static void an_order_is_read_as_it_was_written(void **state)
{
    (void)state;
    const struct follow_order order = {.kind = FOLLOW_BYTES,
                                       .is_again = true,
                                       .offset_before = UINT64_C(5000000000),
                                       .lines_before = 77,
                                       .pause_ns = 3,
                                       .look_ns = 4,
                                       .bytes = BYTES_LITERAL("a line\n")};
    AUTO(text_done) struct text message = text_of_limit(1000);
    struct follow_order read;
    follow_order_write(&message, &order);
    assert_ok(follow_order_read(text_bytes(&message), &read));
    assert_int_equal(read.kind, FOLLOW_BYTES);
    assert_true(read.is_again);
    assert_true(read.offset_before == order.offset_before);
    assert_int_equal(read.lines_before, 77);
    assert_int_equal(read.pause_ns, 3);
    assert_int_equal(read.look_ns, 4);
    assert_bytes(read.bytes, "a line\n");
}

static void a_word_is_read_as_it_was_written(void **state)
{
    (void)state;
    const struct follow_word word = {.why = FOLLOW_PAUSED,
                                     .has_look = true,
                                     .is_full = true,
                                     .offset = 12,
                                     .now = moment_of_unix(1772503200, 5)};
    AUTO(text_done) struct text message = text_of_limit(1000);
    struct follow_word read;
    follow_word_write(&message, &word);
    assert_ok(follow_word_read(text_bytes(&message), &read));
    assert_int_equal(read.why, FOLLOW_PAUSED);
    assert_true(read.has_look && read.is_full);
    assert_int_equal(read.offset, 12);
    assert_int_equal(moment_compare(read.now, word.now), 0);
}

/* Every cut, and every kind and claim that there is not. */
static void what_was_not_written_so_is_refused(void **state)
{
    (void)state;
    AUTO(text_done) struct text order = text_of_limit(1000);
    AUTO(text_done) struct text word = text_of_limit(1000);
    struct follow_order read_order;
    struct follow_word read_word;
    follow_order_write(&order, &(struct follow_order){.kind = FOLLOW_END});
    follow_word_write(&word, &(struct follow_word){.why = FOLLOW_ENDED});
    for (size_t size = 0; size < order.size; size++) {
        assert_true(follow_order_read(bytes_part(text_bytes(&order), 0, size), &read_order) !=
                    STATUS_OK);
    }
    for (size_t size = 0; size < word.size; size++) {
        assert_true(follow_word_read(bytes_part(text_bytes(&word), 0, size), &read_word) !=
                    STATUS_OK);
    }
    order.data[0] = FOLLOW_KIND_COUNT;
    assert_status(follow_order_read(text_bytes(&order), &read_order), STATUS_MALFORMED);
    order.data[0] = FOLLOW_END;
    order.data[1] = 2;
    assert_status(follow_order_read(text_bytes(&order), &read_order), STATUS_MALFORMED);
    word.data[0] = FOLLOW_WHY_COUNT;
    assert_status(follow_word_read(text_bytes(&word), &read_word), STATUS_MALFORMED);
    word.data[0] = FOLLOW_ENDED;
    text_add(&word, "x");
    assert_status(follow_word_read(text_bytes(&word), &read_word), STATUS_MALFORMED);
}

static void more_bytes_than_an_order_may_hold_are_refused(void **state)
{
    (void)state;
    AUTO(text_done) struct text bytes = text_of_limit(FOLLOW_BYTES_MAX + 1);
    AUTO(text_done) struct text message = text_of_limit(2 * FOLLOW_BYTES_MAX);
    struct follow_order read;
    text_add_repeat(&bytes, "x", FOLLOW_BYTES_MAX + 1);
    follow_order_write(
        &message, &(struct follow_order){.kind = FOLLOW_BYTES, .bytes = text_bytes(&bytes)});
    assert_status(follow_order_read(text_bytes(&message), &read), STATUS_LIMIT);
}

static void a_look_is_two_examinations(void **state)
{
    (void)state;
    AUTO(text_done) struct text message = text_of_limit(1000);
    struct follow_look read;
    follow_look_write(&message,
                      &(struct follow_look){bytes_of_text("given"), bytes_of_text("standing")});
    assert_ok(follow_look_read(text_bytes(&message), &read));
    assert_bytes(read.given, "given");
    assert_bytes(read.standing, "standing");
    assert_true(follow_look_read(bytes_part(text_bytes(&message), 0, message.size - 1),
                                 &read) != STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_order_is_read_as_it_was_written),
        cmocka_unit_test(a_word_is_read_as_it_was_written),
        cmocka_unit_test(what_was_not_written_so_is_refused),
        cmocka_unit_test(more_bytes_than_an_order_may_hold_are_refused),
        cmocka_unit_test(a_look_is_two_examinations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
